/* What the generated definition of a query knows of its columns, used once more: to write them. */
#include "action/rows.h"

#include <string.h>

#include "action/desk.h"

struct member {
    const char *key;
    const struct sql_value *column;
};

struct members {
    const struct member *items;
    size_t count;
    const struct sql_value *currency; /* of the money in the row; NULL: it has none */
};

static const struct sql_value *find_column(const struct stmt_def *def, Str name) {
    for (size_t i = 0; i < def->column_count; i++)
        if (str_is(name, def->columns[i].name)) return &def->columns[i];
    return NULL;
}

static struct members resolve(struct arena *arena, const struct stmt_def *def, const char *text) {
    VEC_OF(struct member) list = {0};
    Str rest = str_from(text);
    while (rest.n) {
        Str column = str_cut(&rest, ' '), key = str_cut(&column, '=');
        if (column.n == 0) column = key;
        const struct sql_value *found = find_column(def, column);
        MUST(found != NULL);
        *VEC_PUSH(arena, &list) = (struct member){arena_cstr(arena, key), found};
    }
    return (struct members){list.items, list.count, find_column(def, S("currency"))};
}

static void put_number(struct json_writer *w, const struct members *m, const struct member *member, const char *row) {
    int64_t number = *(const int64_t *)(const void *)(row + member->column->offset);
    if (!member->column->is_money) {
        json_put_i64(w, member->key, number);
        return;
    }
    MUST(m->currency != NULL);
    const void *currency = row + m->currency->offset;
    if (m->currency->kind == SQL_TEXT) /* of an outer join: it may be empty */
        put_sum(w, member->key, number, *(const Str *)currency);
    else
        put_money(w, member->key, number, *(const Currency *)currency);
}

static void put_member(struct json_writer *w, const struct members *m, const struct member *member, const char *row) {
    const struct sql_value *column = member->column;
    const void *at = row + column->offset;
    if (column->flag != SQL_NO_FLAG && !*(const bool *)(row + column->flag)) {
        json_put_null(w, member->key);
        return;
    }
    switch (column->kind) {
    case SQL_INT: put_number(w, m, member, row); return;
    case SQL_BOOL: json_put_bool(w, member->key, *(const bool *)at); return;
    case SQL_DATE: put_date(w, member->key, *(const Date *)at); return;
    case SQL_STAMP: put_instant(w, member->key, *(const Instant *)at); return;
    case SQL_TEXT: json_put_str(w, member->key, *(const Str *)at); return;
    case SQL_CURRENCY: put_currency(w, member->key, *(const Currency *)at); return;
    case SQL_BLOB:
    case SQL_REAL:
    case SQL_COMPANY:
    case SQL_NOW:
    case SQL_VIEWER:
    case SQL_VIEWER_TEAM: break;
    }
    MUST(false); /* bytes and statistics have no form in JSON, the others are no columns */
}

static void put_members(struct json_writer *w, const struct members *m, const void *row) {
    for (size_t i = 0; i < m->count; i++) put_member(w, m, &m->items[i], row);
}

void put_row(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *row, const char *members) {
    struct members m = resolve(cx->arena, def, members);
    put_members(w, &m, row);
}

enum rc put_rows_while(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *params, const char *members, const char *key,
                       row_take *take, void *self) {
    struct members m = resolve(cx->arena, def, members);
    const struct sql_value *column = key ? find_column(def, str_from(key)) : NULL;
    char *row = arena_alloc(cx->arena, def->row_size);
    MUST(column || !key);
    AUTO(query_close) struct stmt *rows = NULL;
    TRY(query_open(cx, def, params, &rows));
    for (;;) {
        bool more;
        TRY(query_next(cx, rows, row, &more));
        if (!more || (column && !take(self, column, row + column->offset))) return OK;
        json_object(w);
        put_members(w, &m, row);
        json_object_end(w);
    }
}

enum rc put_rows(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *params, const char *members) {
    return put_rows_while(cx, w, def, params, members, NULL, NULL, NULL);
}

enum rc put_row_array(struct ctx *cx, struct json_writer *w, const char *key, const struct stmt_def *def, const void *params,
                      const char *members) {
    json_key(w, key);
    json_array(w);
    TRY(put_rows(cx, w, def, params, members));
    json_array_end(w);
    return OK;
}
