/* The tree a writer's events build, and the parser that builds the same tree from text. */
#include "base/json_tree.h"

#include <string.h>

static struct value *append(struct json_tree *t, Str key, enum value_kind kind) {
    int depth = t->writer.depth;
    if (depth == 0) {
        struct value *root = ARENA_NEW(t->arena, struct value);
        root->kind = kind;
        t->root = root;
        return root;
    }
    return value_append(&t->open[depth], key, kind);
}

static void tree_sink(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    static const enum value_kind kinds[] = {
        [JSON_OBJECT] = VALUE_OBJECT, [JSON_ARRAY] = VALUE_LIST,  [JSON_STRING] = VALUE_TEXT, [JSON_NUMBER] = VALUE_NUMBER,
        [JSON_TRUE] = VALUE_TRUE,     [JSON_FALSE] = VALUE_FALSE, [JSON_NULL] = VALUE_MISSING};
    struct json_tree *t = self;
    if (event == JSON_OBJECT_END || event == JSON_ARRAY_END) return;
    struct value *v = append(t, key.n ? arena_str(t->arena, key) : key, kinds[event]);
    if (event == JSON_STRING || event == JSON_NUMBER) v->text = arena_str(t->arena, text);
    if (event == JSON_OBJECT || event == JSON_ARRAY)
        t->open[w->depth + 1] = (struct value_builder){.arena = t->arena, .value = v};
}

void json_tree_init(struct json_tree *t, struct arena *arena) {
    *t = (struct json_tree){.arena = arena};
    t->writer = (struct json_writer){.sink = tree_sink, .self = t};
}

/* ---- reading ---- */

#define MAX_MEMBERS 500 /* each is compared with the ones before it */

struct reader {
    struct ctx *cx;
    Str text;
    size_t at;
    int depth;
};

static enum rc malformed(const struct reader *r, SAYS const char *what) {
    return fail(r->cx, INVALID, "the JSON is malformed at byte %zu: %s", r->at, phrase(r->cx, what));
}

static void skip_space(struct reader *r) {
    while (r->at < r->text.n && strchr(" \t\r\n", r->text.p[r->at]) && r->text.p[r->at]) r->at++;
}

static bool take(struct reader *r, char c) {
    if (r->at >= r->text.n || r->text.p[r->at] != c) return false;
    r->at++;
    return true;
}

static bool take_hex4(struct reader *r, uint32_t *out) {
    uint32_t value = 0;
    if (r->text.n - r->at < 4) return false;
    for (int i = 0; i < 4; i++) {
        char c = r->text.p[r->at++];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 16;
        if (digit > 15) return false;
        value = value * 16 + digit;
    }
    *out = value;
    return true;
}

static bool take_codepoint(struct reader *r, uint32_t *out) {
    uint32_t high, low;
    if (!take_hex4(r, &high)) return false;
    *out = high;
    if (high < 0xD800 || high > 0xDFFF) return true;
    if (high > 0xDBFF || !take(r, '\\') || !take(r, 'u') || !take_hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
        return false;
    *out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

static bool take_escape(struct reader *r, struct buf *out) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (r->at >= r->text.n) return false;
    char c = r->text.p[r->at++];
    const char *hit = c ? strchr(letters, c) : NULL;
    uint32_t codepoint;
    if (hit) {
        buf_add_char(out, meanings[hit - letters]);
        return true;
    }
    if (c != 'u' || !take_codepoint(r, &codepoint)) return false;
    buf_add_codepoint(out, codepoint);
    return true;
}

static enum rc read_string(struct reader *r, Str *out) {
    if (!take(r, '"')) return malformed(r, "a text in quotes is expected");
    size_t start = r->at;
    while (r->at < r->text.n && r->text.p[r->at] != '"' && r->text.p[r->at] != '\\' &&
           (unsigned char)r->text.p[r->at] >= ' ')
        r->at++;
    *out = (Str){r->text.p + start, r->at - start};
    if (take(r, '"')) return OK;
    AUTO(buf_done) struct buf text = buf_make(r->text.n + 8);
    buf_add(&text, *out);
    for (;;) {
        if (r->at >= r->text.n) return malformed(r, "a text is never closed");
        if (take(r, '"')) break;
        char c = r->text.p[r->at++];
        if ((unsigned char)c < ' ') return malformed(r, "a control character stands in a text");
        if (c != '\\')
            buf_add_char(&text, c);
        else if (!take_escape(r, &text))
            return malformed(r, "no such escape");
    }
    *out = arena_str(r->cx->arena, buf_str(&text));
    return OK;
}

static size_t take_digits(struct reader *r) {
    size_t start = r->at;
    while (r->at < r->text.n && r->text.p[r->at] >= '0' && r->text.p[r->at] <= '9') r->at++;
    return r->at - start;
}

static enum rc read_number(struct reader *r, struct value *v) {
    size_t start = r->at;
    take(r, '-');
    bool leading_zero = r->at < r->text.n && r->text.p[r->at] == '0';
    size_t digits = take_digits(r);
    if (digits == 0 || (leading_zero && digits > 1)) return malformed(r, "not a value");
    if (take(r, '.') && take_digits(r) == 0) return malformed(r, "digits are missing after the point");
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '+')) take(r, '-');
        if (take_digits(r) == 0) return malformed(r, "an exponent has no digits");
    }
    v->kind = VALUE_NUMBER;
    v->text = (Str){r->text.p + start, r->at - start};
    return OK;
}

static enum rc read_value(struct reader *r, struct value *v);

static enum rc read_members(struct reader *r, struct value *object) {
    struct value_builder b = {.arena = r->cx->arena, .value = object};
    int members = 0;
    skip_space(r);
    if (take(r, '}')) return OK;
    do {
        Str key;
        if (++members > MAX_MEMBERS) return malformed(r, "an object has too many members");
        skip_space(r);
        TRY(read_string(r, &key));
        for (const struct value *known = object->child; known; known = known->next)
            if (str_equal(known->key, key)) return malformed(r, "a key stands twice in one object");
        skip_space(r);
        if (!take(r, ':')) return malformed(r, "a colon is expected");
        TRY(read_value(r, value_append(&b, key, VALUE_MISSING)));
        skip_space(r);
    } while (take(r, ','));
    return take(r, '}') ? OK : malformed(r, "a comma or } is expected");
}

static enum rc read_elements(struct reader *r, struct value *list) {
    struct value_builder b = {.arena = r->cx->arena, .value = list};
    skip_space(r);
    if (take(r, ']')) return OK;
    do {
        TRY(read_value(r, value_append(&b, S(""), VALUE_MISSING)));
        skip_space(r);
    } while (take(r, ','));
    return take(r, ']') ? OK : malformed(r, "a comma or ] is expected");
}

static bool take_word(struct reader *r, Str word) {
    if (!str_starts((Str){r->text.p + r->at, r->text.n - r->at}, word)) return false;
    r->at += word.n;
    return true;
}

static enum rc read_value(struct reader *r, struct value *v) {
    skip_space(r);
    char c = r->at < r->text.n ? r->text.p[r->at] : '\0';
    if (c == '"') {
        v->kind = VALUE_TEXT;
        return read_string(r, &v->text);
    }
    if (c == '{' || c == '[') {
        if (++r->depth >= JSON_MAX_DEPTH) return malformed(r, "it is nested too deeply");
        r->at++;
        v->kind = c == '{' ? VALUE_OBJECT : VALUE_LIST;
        TRY(c == '{' ? read_members(r, v) : read_elements(r, v));
        r->depth--;
        return OK;
    }
    v->kind = VALUE_MISSING;
    if (take_word(r, S("null"))) return OK;
    v->kind = VALUE_TRUE;
    if (take_word(r, S("true"))) return OK;
    v->kind = VALUE_FALSE;
    if (take_word(r, S("false"))) return OK;
    return read_number(r, v);
}

enum rc json_parse(struct ctx *cx, Str text, const struct value **out_value) {
    if (!str_is_utf8(text)) return fail(cx, INVALID, "the JSON is not UTF-8");
    struct reader r = {.cx = cx, .text = text};
    struct value *v = ARENA_NEW(cx->arena, struct value);
    TRY(read_value(&r, v));
    skip_space(&r);
    if (r.at < text.n) return malformed(&r, "something follows the value");
    *out_value = v;
    return OK;
}
