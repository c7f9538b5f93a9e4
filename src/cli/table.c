/* Two sinks behind one: rows of the declared lists, or indented lines. */
#include "cli/table.h"

#include <string.h>

#include "base/phrase.h"

static bool is_number(Str s) {
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digit = true;
        else if (s.p[i] != '.' && !(s.p[i] == '-' && i == 0))
            return false;
    }
    return digit || s.n == 0;
}

static void pad(FILE *out, size_t n) {
    while (n--) fputc(' ', out);
}

static void print_row(struct text_table *t, const Str *row) {
    for (size_t i = 0, n = 0; i < t->column_count; i++) {
        if (!t->shown[i]) continue;
        size_t length = str_codepoints(row[i]), fill = t->width[i] > length ? t->width[i] - length : 0;
        if (n++) fputs("  ", t->out);
        if (t->numeric[i]) pad(t->out, fill);
        fwrite(row[i].p, 1, row[i].n, t->out);
        if (!t->numeric[i] && i + 1 < t->column_count) pad(t->out, fill);
    }
    fputc('\n', t->out);
}

static void settle_widths(struct text_table *t) {
    Str head[TABLE_MAX_COLUMNS];
    for (size_t i = 0; i < t->column_count; i++) {
        head[i] = word_of_key(&t->place, t->columns[i]);
        t->width[i] = str_codepoints(head[i]);
        t->numeric[i] = t->sample_count > 0;
        t->shown[i] = t->sample_count == 0 || t->seen[i];
        for (size_t k = 0; k < t->sample_count; k++) {
            Str cell = t->sample[k * TABLE_MAX_COLUMNS + i];
            size_t length = str_codepoints(cell);
            if (length > t->width[i]) t->width[i] = length < 60 ? length : 60;
            if (!is_number(cell)) t->numeric[i] = false;
        }
    }
    t->widths_known = true;
    print_row(t, head);
    for (size_t i = 0, n = 0; i < t->column_count; i++) {
        if (!t->shown[i]) continue;
        if (n++) fputs("  ", t->out);
        for (size_t k = 0; k < t->width[i]; k++) fputc('-', t->out);
    }
    fputc('\n', t->out);
    for (size_t k = 0; k < t->sample_count; k++) print_row(t, &t->sample[k * TABLE_MAX_COLUMNS]);
}

static void end_row(struct text_table *t) {
    t->rows++;
    if (t->widths_known) {
        print_row(t, t->row);
        arena_reset(t->row_arena);
        return;
    }
    memcpy(&t->sample[t->sample_count++ * TABLE_MAX_COLUMNS], t->row, sizeof t->row);
    if (t->sample_count == TABLE_SAMPLE) settle_widths(t);
}

static Str shown(const struct text_table *t, enum json_event event, Str key, Str text) {
    switch (event) {
    case JSON_TRUE: return str_from(phrase_in(t->place.lang, "yes"));
    case JSON_FALSE: return str_from(phrase_in(t->place.lang, "no"));
    case JSON_NULL: return S("");
    case JSON_STRING: return word_of_value(&t->place, key, text);
    case JSON_OBJECT:
    case JSON_OBJECT_END:
    case JSON_ARRAY:
    case JSON_ARRAY_END:
    case JSON_NUMBER: break;
    }
    return text;
}

static void list_event(struct text_table *t, struct json_writer *w, enum json_event event, Str key, Str text) {
    bool opens = event == JSON_OBJECT || event == JSON_ARRAY,
         closes = event == JSON_OBJECT_END || event == JSON_ARRAY_END;
    if (event == JSON_OBJECT && w->depth == t->list_depth) {
        for (size_t i = 0; i < t->column_count; i++) t->row[i] = S("");
        t->row_depth = w->depth + 1;
        return;
    }
    if (event == JSON_OBJECT_END && w->depth == t->list_depth) {
        end_row(t);
        t->row_depth = 0;
        return;
    }
    if (event == JSON_ARRAY_END && w->depth == t->list_depth - 1) t->list_depth = 0;
    if (opens || closes || w->depth != t->row_depth) return;
    for (size_t i = 0; i < t->column_count; i++)
        if (str_equal(key, t->columns[i])) {
            t->seen[i] = true;
            t->row[i] = arena_str(t->widths_known ? t->row_arena : t->sample_arena, shown(t, event, key, text));
        }
}

static void line_event(struct text_table *t, struct json_writer *w, enum json_event event, Str key, Str text) {
    if (event == JSON_OBJECT_END || event == JSON_ARRAY_END) return;
    bool opens = event == JSON_OBJECT || event == JSON_ARRAY;
    if (event == JSON_ARRAY) t->list_key = key;
    if (opens && key.n == 0) {
        if (w->depth > 1 && w->has_items[w->depth]) fputc('\n', t->out);
        return;
    }
    pad(t->out, w->depth > 1 ? (size_t)(w->depth - 1) * 2 : 0);
    if (key.n) {
        Str name = word_of_key(&t->place, key);
        fprintf(t->out, "%.*s:", STR_ARG(name));
    } else {
        fputc('-', t->out);
    }
    if (!opens) {
        Str value = shown(t, event, key.n ? key : t->list_key, text);
        fputc(' ', t->out);
        fwrite(value.p, 1, value.n, t->out);
    }
    fputc('\n', t->out);
}

/* Begins the list of this name when its columns were declared; "items" at the top only. */
static bool begin_list(struct text_table *t, Str name, int depth) {
    for (Str rest = t->lists; rest.p;) {
        Str columns = str_trim(str_cut(&rest, ';'));
        Str list = S("items");
        size_t colon = str_index(columns, ':');
        if (colon < columns.n) {
            list = (Str){columns.p, colon};
            columns = str_trim((Str){columns.p + colon + 1, columns.n - colon - 1});
        }
        if (!str_equal(list, name) || (depth != 1 && str_is(name, "items"))) continue;
        t->column_count = t->sample_count = t->rows = 0;
        t->widths_known = false;
        while (columns.p && t->column_count < TABLE_MAX_COLUMNS) t->columns[t->column_count++] = str_cut(&columns, ' ');
        t->list_depth = depth + 1;
        return true;
    }
    return false;
}

static void end_list(struct text_table *t, bool named) {
    if (!t->widths_known) settle_widths(t);
    if (named) fputc('\n', t->out);
}

static void table_sink(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    struct text_table *t = self;
    if (t->list_depth == 0 && event == JSON_ARRAY && begin_list(t, key, w->depth)) {
        Str name = word_of_key(&t->place, key);
        if (!str_is(key, "items")) fprintf(t->out, "\n%.*s:\n", STR_ARG(name));
        return;
    }
    if (t->list_depth) {
        list_event(t, w, event, key, text);
        if (t->list_depth == 0) end_list(t, str_index(t->lists, ':') < t->lists.n);
        return;
    }
    if (event == JSON_NULL && str_is(key, "next")) return;
    line_event(t, w, event, key, text);
}

void text_table_init(struct text_table *t, const char *columns, const struct word_place *place, FILE *out) {
    *t = (struct text_table){.out = out, .place = *place, .lists = {columns, columns ? str_from(columns).n : 0}};
    t->writer = (struct json_writer){.sink = table_sink, .self = t};
    t->sample_arena = arena_new();
    t->row_arena = arena_new();
    if (columns) t->sample = ARENA_ARRAY(t->sample_arena, Str, TABLE_SAMPLE * TABLE_MAX_COLUMNS);
}

void text_table_done(struct text_table *t) {
    arena_free(t->sample_arena);
    arena_free(t->row_arena);
    fflush(t->out);
}
