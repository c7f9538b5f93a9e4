/* What each column of a file is read as, by its name or by hand. */
#include "action/import_columns.h"

#include "intake/table_reader.h"

#define SHOWN 60

struct column {
    Str header, example; /* of the first row; p NULL: there is none */
    int use;             /* mapping_columns */
    bool by_hand;
};
struct import_columns {
    const struct import_kind *kind;
    struct column *items;
    size_t count;
};

/* A pair "Header=field" that says something of this column. */
static bool is_given(struct ctx *cx, const struct call *import, Str header) {
    Str folded = str_fold(cx->arena, str_trim(header));
    for (size_t i = 0; i < arg_count(import, "map"); i++) {
        Str pair = arg_nth(import, "map", i);
        size_t sign = pair.n;
        while (sign > 0 && pair.p[sign - 1] != '=') sign--;
        if (sign && str_equal(str_fold(cx->arena, str_trim((Str){pair.p, sign - 1})), folded)) return true;
    }
    return false;
}

static enum rc read_table(struct ctx *cx, const struct call *import, const char *path, struct import_columns *c) {
    struct table_options options = {0};
    struct mapping_options mapping = {0};
    struct table_row row;
    char clip[TABLE_CLIP_TEXT];
    bool more = false;
    AUTO(table_close) struct table *table = NULL;
    TRY(import_options(cx, import, c->kind->name, &options, &mapping));
    TRY(table_open(cx, path, &options, &table));
    size_t n = table_columns(table);
    int *use = ARENA_ARRAY(cx->arena, int, n);
    TRY(mapping_columns(cx, table, c->kind, &mapping, use));
    c->items = ARENA_ARRAY(cx->arena, struct column, n);
    c->count = n;
    for (size_t i = 0; i < n; i++)
        c->items[i] = (struct column){.header = arena_str(cx->arena, table_header(table, i)),
                                      .use = use[i] == COLUMN_FREE && mapping.allow_unknown ? COLUMN_CUSTOM : use[i],
                                      .by_hand = is_given(cx, import, table_header(table, i))};
    if (table_next(cx, table, &row, &more) != OK || !more) return OK;
    for (size_t i = 0; i < n; i++) c->items[i].example = arena_str(cx->arena, str_from(table_clip(row.cells[i], clip)));
    return OK;
}

enum rc import_columns_read(struct ctx *cx, const struct call *import, const struct import_kind *kind, const char *path,
                            struct import_columns **out) {
    struct fault before = cx->fault;
    struct import_columns *c = ARENA_NEW(cx->arena, struct import_columns);
    *c = (struct import_columns){.kind = kind};
    *out = c;
    enum rc rc = read_table(cx, import, path, c);
    if (rc == OK || rc == INVALID) cx->fault = before; /* the import itself says what is wrong */
    return rc == INVALID ? OK : rc;
}

Str import_columns_header(const struct import_columns *c, Str field) {
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].use >= 0 && str_is(field, c->kind->fields[c->items[i].use].name)) return c->items[i].header;
    return S("");
}

static void put_options(struct json_writer *w, const struct import_columns *c, const struct column *column) {
    json_key(w, "options");
    json_array(w);
    for (size_t f = 0; f < c->kind->field_count; f++) {
        json_object(w);
        json_put_text(w, "import_field", c->kind->fields[f].name);
        json_put_bool(w, "required", c->kind->fields[f].required);
        json_put_bool(w, "chosen", column->by_hand && column->use == (int)f);
        json_object_end(w);
    }
    json_array_end(w);
}

static size_t columns_of(const struct import_columns *c, int field) {
    size_t n = 0;
    for (size_t i = 0; i < c->count; i++) n += c->items[i].use == field;
    return n;
}

static void put_column(struct json_writer *w, const struct import_columns *c, size_t place) {
    const struct column *column = &c->items[place];
    int use = column->use;
    json_object(w);
    json_put_i64(w, "place", (int64_t)place);
    json_put_str(w, "header", column->header);
    json_put_str(w, "example", column->example);
    json_put_text(w, "import_field", use >= 0 ? c->kind->fields[use].name : NULL);
    json_put_bool(w, "by_name", use >= 0 && !column->by_hand);
    json_put_bool(w, "unknown", use == COLUMN_FREE);
    json_put_bool(w, "again", use >= 0 && columns_of(c, use) > 1);
    json_put_bool(w, "kept", use == COLUMN_CUSTOM);
    json_put_bool(w, "left_out", use == COLUMN_IGNORED);
    put_options(w, c, column);
    json_object_end(w);
}

static void put_twice(struct json_writer *w, const struct import_columns *c) {
    json_key(w, "twice");
    json_array(w);
    for (size_t f = 0; f < c->kind->field_count; f++) {
        if (columns_of(c, (int)f) < 2) continue;
        json_object(w);
        json_put_text(w, "import_field", c->kind->fields[f].name);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_missing(struct json_writer *w, const struct import_columns *c) {
    json_key(w, "missing");
    json_array(w);
    for (size_t f = 0; f < c->kind->field_count && c->count; f++) {
        bool there = !c->kind->fields[f].required;
        for (size_t i = 0; i < c->count; i++) there = there || c->items[i].use == (int)f;
        if (there) continue;
        json_object(w);
        json_put_text(w, "import_field", c->kind->fields[f].name);
        json_object_end(w);
    }
    json_array_end(w);
}

void import_columns_put(const struct import_columns *c, struct json_writer *w) {
    int64_t unknown = 0;
    json_key(w, "columns");
    json_array(w);
    for (size_t i = 0; i < c->count && i < SHOWN; i++) put_column(w, c, i);
    json_array_end(w);
    for (size_t i = 0; i < c->count; i++) unknown += c->items[i].use == COLUMN_FREE;
    json_put_i64(w, "unknown", unknown);
    json_key(w, "fields");
    json_array(w);
    for (size_t f = 0; f < c->kind->field_count; f++) {
        json_object(w);
        json_put_text(w, "field", c->kind->fields[f].name);
        json_put_bool(w, "required", c->kind->fields[f].required);
        json_object_end(w);
    }
    json_array_end(w);
    put_missing(w, c);
    put_twice(w, c);
}
