/* Decimal mark and date order, settled by all of a file's rows.
 *
 * One value that can be read in one way only settles the file; one that contradicts it, or none at all where one is
 * needed, is refused. */
#include "intake/mapping_scan.h"
#include "intake/table_reader.h"

/* Where something was seen. */
struct sighting {
    int64_t line; /* 0 = never */
    const char *field;
    char value[TABLE_CLIP_TEXT];
};

struct evidence {
    bool wants_mark, wants_order;
    struct sighting point, comma, unclear_mark;
    struct sighting dmy, mdy, unclear_order, same_either_way;
};

static void note(struct sighting *s, int64_t line, const char *field, Str value) {
    if (s->line) return;
    s->line = line;
    s->field = field;
    table_clip(value, s->value);
}

static void observe_money(struct evidence *e, int64_t line, const char *field, Str value) {
    switch (mark_evidence(value)) {
    case MARK_SILENT: break;
    case MARK_POINT: note(&e->point, line, field, value); break;
    case MARK_COMMA: note(&e->comma, line, field, value); break;
    case MARK_AMBIGUOUS: note(&e->unclear_mark, line, field, value); break;
    }
}

static void observe_date(struct evidence *e, int64_t line, const char *field, Str value) {
    struct date_parts d = date_scan(value);
    if (d.shape != SHAPE_YEAR_LAST) return;
    bool may_dmy = d.first <= 31 && d.second <= 12, may_mdy = d.first <= 12 && d.second <= 31;
    if (may_dmy && may_mdy)
        note(d.first == d.second ? &e->same_either_way : &e->unclear_order, line, field, value);
    else if (may_dmy || may_mdy)
        note(may_dmy ? &e->dmy : &e->mdy, line, field, value);
}

static void observe(struct evidence *e, const struct mapping *m, const struct table_row *row) {
    for (size_t f = 0; f < m->kind->field_count; f++) {
        int column = m->column[f];
        const struct import_field *field = &m->kind->fields[f];
        if (column < 0 || row->typed[column] || row->cells[column].n == 0) continue;
        if (field->type == FIELD_MONEY && e->wants_mark)
            observe_money(e, row->line, field->name, cell_trim(row->cells[column]));
        if (field->type == FIELD_DATE && e->wants_order)
            observe_date(e, row->line, field->name, cell_trim(row->cells[column]));
    }
}

static enum rc at_line(struct ctx *cx, int64_t line) {
    cx->fault.line = line;
    return INVALID;
}

static enum rc contradiction(struct ctx *cx, const struct sighting *a, const struct sighting *b, SAYS const char *hint,
                             SAYS const char *what) {
    const struct sighting *first = a->line <= b->line ? a : b, *second = first == a ? b : a;
    fail_field(cx, INVALID, second->field, hint, "%s: %s \"%s\" on line %lld contradicts %s \"%s\" on line %lld", phrase(cx, what),
               second->field, second->value, (long long)second->line, first->field, first->value,
               (long long)first->line);
    return at_line(cx, second->line);
}

static enum rc settle_mark(struct ctx *cx, const struct evidence *e, struct mapping *m) {
    if (e->point.line && e->comma.line)
        return contradiction(cx, &e->point, &e->comma, "write all amounts with the same decimal mark",
                             "decimal point and decimal comma");
    if (e->unclear_mark.line && !e->point.line && !e->comma.line) {
        fail_field(cx, INVALID, e->unclear_mark.field, "--decimal . or --decimal ,",
                   "%s \"%s\" may have three decimals or be in thousands", e->unclear_mark.field,
                   e->unclear_mark.value);
        return at_line(cx, e->unclear_mark.line);
    }
    m->decimal_mark = e->point.line ? '.' : e->comma.line ? ',' : '\0';
    m->group_mark = e->point.line ? ',' : e->comma.line ? '.' : '\0';
    return OK;
}

static enum rc settle_order(struct ctx *cx, const struct evidence *e, struct mapping *m) {
    if (e->dmy.line && e->mdy.line)
        return contradiction(cx, &e->dmy, &e->mdy, "write all dates in the same order, best as 2026-11-21",
                             "day and month change places");
    if (e->unclear_order.line && !e->dmy.line && !e->mdy.line) {
        fail_field(cx, INVALID, e->unclear_order.field, "--dates dmy or --dates mdy",
                   "%s \"%s\" may begin with the day or with the month", e->unclear_order.field,
                   e->unclear_order.value);
        return at_line(cx, e->unclear_order.line);
    }
    m->dates = e->mdy.line ? DATE_MDY : e->dmy.line || e->same_either_way.line ? DATE_DMY : DATE_ISO;
    return OK;
}

static enum rc take_declared(struct ctx *cx, const struct mapping_options *options, struct evidence *e,
                             struct mapping *m) {
    if (options->decimal) {
        Str mark = str_from(options->decimal);
        if (!str_is(mark, ".") && !str_is(mark, ","))
            return fail_field(cx, INVALID, "decimal", "use . or ,", "\"%.20s\" is not a decimal mark",
                              options->decimal);
        m->decimal_mark = mark.p[0];
        m->group_mark = mark.p[0] == '.' ? ',' : '.';
        m->decimal_declared = true;
        e->wants_mark = false;
    }
    if (options->dates) {
        static const char *const orders[] = {[DATE_ISO] = "iso", [DATE_DMY] = "dmy", [DATE_MDY] = "mdy"};
        size_t i = 0;
        while (i < COUNT_OF(orders) && !str_is(str_from(options->dates), orders[i])) i++;
        if (i == COUNT_OF(orders))
            return fail_field(cx, INVALID, "dates", "use iso, dmy or mdy", "\"%.20s\" is not an order of dates",
                              options->dates);
        m->dates = (enum date_order)i;
        e->wants_order = false;
    }
    return OK;
}

static bool has_column_of(const struct mapping *m, enum field_type type) {
    for (size_t f = 0; f < m->kind->field_count; f++)
        if (m->column[f] >= 0 && m->kind->fields[f].type == type) return true;
    return false;
}

static enum rc read_all(struct ctx *cx, struct table *t, const struct mapping *m, struct evidence *e) {
    for (;;) {
        struct table_row row;
        bool more = false;
        enum rc rc = table_next(cx, t, &row, &more);
        if (rc == INVALID) continue; /* the import will meet and report it */
        if (rc != OK || !more) return rc;
        observe(e, m, &row);
    }
}

enum rc mapping_detect(struct ctx *cx, const char *path, const struct table_options *table_options,
                       const struct import_kind *kind, const struct mapping_options *options,
                       struct mapping *out_mapping) {
    static const struct mapping_options none = {0};
    struct mapping m = {0};
    struct evidence e = {.wants_mark = true, .wants_order = true};
    if (!options) options = &none;
    AUTO(table_close) struct table *t = NULL;
    TRY(table_open(cx, path, table_options, &t));
    enum rc rc = mapping_header(cx, t, kind, options, &m);
    if (rc == INVALID) cx->fault.line = table_line(t);
    TRY(rc);
    TRY(take_declared(cx, options, &e, &m));
    e.wants_mark = e.wants_mark && has_column_of(&m, FIELD_MONEY);
    e.wants_order = e.wants_order && has_column_of(&m, FIELD_DATE);
    if (e.wants_mark || e.wants_order) TRY(read_all(cx, t, &m, &e));
    if (e.wants_mark) TRY(settle_mark(cx, &e, &m));
    if (e.wants_order) TRY(settle_order(cx, &e, &m));
    *out_mapping = m;
    return OK;
}
