/* Look-up in the compiled texts, and their placeholders. */
#include "web/text.h"

#include <string.h>

#define MAX_VALUE 4000

static size_t column(Str lang) {
    if (str_starts(lang, S("en"))) return 1;
    return str_starts(lang, S("pt")) ? 2 : 0;
}

/* As str_compare, without asking for the row's length first. */
static int compare(Str key, const char *row) {
    int order = strncmp(key.p, row, key.n);
    return order || row[key.n] == '\0' ? order : -1;
}

bool text_find(Str lang, Str key, Str *out_text) {
    size_t low = 0, high = text_row_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare(key, text_rows[middle].key);
        if (order == 0) {
            *out_text = str_from(text_rows[middle].text[column(lang)]);
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool text_has_places(Str text) { return str_index(text, '{') < text.n; }

/* CLDR: Portuguese counts nought as one; "1.250" and "2,5" are many. */
static bool is_one(Str lang, Str number) {
    return str_is(number, "1") || (str_starts(lang, S("pt")) && str_is(number, "0"));
}

/* The part of "one {# factura} other {# facturas}" for that number. */
static Str plural_form(Str lang, Str forms, Str number) {
    Str chosen = {NULL, 0};
    bool one = is_one(lang, number);
    for (;;) {
        size_t open = str_index(forms, '{');
        if (open == forms.n) return chosen;
        Str name = str_trim((Str){forms.p, open});
        Str rest = {forms.p + open + 1, forms.n - open - 1};
        size_t close = str_index(rest, '}');
        if (str_is(name, one ? "one" : "other") || chosen.p == NULL) chosen = (Str){rest.p, close};
        if (str_is(name, "one") && one) return chosen;
        if (close == rest.n) return chosen;
        forms = (Str){rest.p + close + 1, rest.n - close - 1};
    }
}

static void put_plural(Str form, Str number, struct buf *out) {
    for (size_t i = 0; i < form.n; i++) {
        if (form.p[i] == '#')
            buf_add(out, number);
        else
            buf_add(out, (Str){form.p + i, 1});
    }
}

/* The length of "{…}" with what is nested in it. */
static size_t braces(Str text) {
    int depth = 0;
    for (size_t i = 0; i < text.n; i++) {
        depth += (text.p[i] == '{') - (text.p[i] == '}');
        if (depth == 0) return i + 1;
    }
    return text.n;
}

void text_fill(Str lang, Str text, text_value *value, void *self, struct buf *out) {
    while (text.n) {
        size_t open = str_index(text, '{');
        buf_add(out, (Str){text.p, open});
        if (open == text.n) return;
        text = (Str){text.p + open, text.n - open};
        size_t length = braces(text);
        Str inner = {text.p + 1, length - 2};
        size_t comma = str_index(inner, ',');
        struct buf filled = buf_make(MAX_VALUE);
        value(self, str_trim((Str){inner.p, comma}), &filled);
        if (comma == inner.n) {
            buf_add(out, buf_str(&filled));
        } else {
            Str forms = {inner.p + comma + 1, inner.n - comma - 1};
            size_t second = str_index(forms, ',');
            put_plural(plural_form(lang, (Str){forms.p + second + 1, forms.n - second - 1}, buf_str(&filled)),
                       buf_str(&filled), out);
        }
        buf_done(&filled);
        text = (Str){text.p + length, text.n - length};
    }
}
