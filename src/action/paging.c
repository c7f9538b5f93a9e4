#include "action/paging.h"

#include <stdio.h>

#include "action/rows.h"

static enum rc no_cursor(struct ctx *cx, Str given) {
    return fail_field(cx, INVALID, "after", "give the \"next\" of the page before", "\"%.*s\" is no cursor",
                      (int)(given.n < 80 ? given.n : 80), given.p);
}

static enum rc read_limit(struct ctx *cx, const struct call *call, struct page *out) {
    *out = (struct page){.limit = arg_int(call, "limit", INT64_MAX)};
    if (out->limit < 1) return fail_field(cx, INVALID, "limit", "give a number from 1", "limit must be positive");
    return OK;
}

static enum rc begin(struct ctx *cx, const struct call *call, int64_t first, struct page *out) {
    TRY(read_limit(cx, call, out));
    out->after = arg_int(call, "after", first);
    return out->after >= 0 ? OK : no_cursor(cx, arg_text(call, "after"));
}

enum rc page_begin(struct ctx *cx, const struct call *call, struct page *out) { return begin(cx, call, 0, out); }

enum rc page_begin_falling(struct ctx *cx, const struct call *call, struct page *out) {
    return begin(cx, call, INT64_MAX, out);
}

enum rc page_begin_named(struct ctx *cx, const struct call *call, bool numbered, struct page *out) {
    TRY(read_limit(cx, call, out));
    if (!arg_has(call, "after")) return OK;
    Str given = arg_text(call, "after"), rest = given;
    size_t dot = str_index(given, '.');
    out->head = str_cut(&rest, '.');
    out->rest = rest;
    out->is_sought = true;
    bool good = dot < given.n && out->rest.n > 0 && (!numbered || (str_to_i64(out->head, &out->after) && out->after >= 0));
    return good ? OK : no_cursor(cx, given);
}

int64_t page_most(const struct page *page) { return page->limit < INT64_MAX ? page->limit + 1 : page->limit; }

static bool take(struct page *page) {
    page->is_cut = page->count >= page->limit;
    if (page->is_cut) return false;
    page->count++;
    return true;
}

bool page_takes(struct page *page, int64_t id) {
    if (page->count > 0 && id == page->last) return true; /* another line of the same */
    if (!take(page)) return false;
    page->last = id;
    snprintf(page->cursor, sizeof page->cursor, "%lld", (long long)id);
    return true;
}

bool page_takes_named(struct page *page, Str head, Str rest) {
    if (!take(page)) return false;
    int n = snprintf(page->cursor, sizeof page->cursor, "%.*s.%.*s", STR_ARG(head), STR_ARG(rest));
    MUST(n > 0 && (size_t)n < sizeof page->cursor);
    return true;
}

bool page_skips(struct page *page, Str name) {
    if (!page->is_sought) return false;
    page->is_sought = !str_equal(page->rest, name);
    return true;
}

enum rc page_met(struct ctx *cx, const struct page *page) { return page->is_sought ? no_cursor(cx, page->rest) : OK; }

void page_put_next(struct json_writer *w, const struct page *page) { json_put_text(w, "next", page->is_cut ? page->cursor : NULL); }

void page_end(struct json_writer *w, const struct page *page) {
    json_array_end(w);
    page_put_next(w, page);
    json_object_end(w);
}

static bool take_row(void *self, const struct sql_value *column, const void *value) {
    MUST(column->kind == SQL_INT || column->kind == SQL_TEXT);
    if (column->kind == SQL_TEXT) return page_takes_named(self, S(""), *(const Str *)value);
    return page_takes(self, *(const int64_t *)value);
}

enum rc put_page(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *params, const char *members, struct page *page,
                 const char *key) {
    return put_rows_while(cx, w, def, params, members, key, take_row, page);
}
