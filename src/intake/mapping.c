/* Reads of single cells by a settled mapping. Finding the mapping is mapping_header.c's and mapping_detect.c's. REQ: A6
 */
#include "intake/mapping.h"

#include <string.h>

#include "intake/mapping_scan.h"
#include "intake/table_reader.h"

#define MAX_CUSTOM ((size_t)1000)

Str mapping_text(const struct mapping *m, const struct table_row *row, int field) {
    int column = m->column[field];
    Str text = column < 0 ? (Str){"", 0} : cell_trim(row->cells[column]);
    bool is_guarded = m->is_returned && text.n > 1 && text.p[0] == '\'' && strchr("=+-@\t\r", text.p[1]);
    return is_guarded ? (Str){text.p + 1, text.n - 1} : text;
}

static bool is_typed(const struct mapping *m, const struct table_row *row, int field) {
    return m->column[field] >= 0 && row->typed[m->column[field]];
}

static enum rc missing(struct ctx *cx, const struct import_field *f) {
    return fail_field(cx, INVALID, f->name, NULL, "%s is missing", f->name);
}

static enum rc check_text(struct ctx *cx, const char *field, size_t max, Str text) {
    char clip[TABLE_CLIP_TEXT];
    if (text.n > max && str_codepoints(text) > max)
        return fail_field(cx, INVALID, field, "shorten it", "%s is longer than %zu characters: \"%s\"", field, max,
                          table_clip(text, clip));
    if (str_has_control(text))
        return fail_field(cx, INVALID, field, "remove line ends, tabs and other control characters",
                          "%s contains a control character: \"%s\"", field, table_clip(text, clip));
    return OK;
}

enum rc mapping_checked_text(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field,
                             Str *out) {
    const struct import_field *f = &m->kind->fields[field];
    Str text = mapping_text(m, row, field);
    if (f->required && text.n == 0) return missing(cx, f);
    TRY(check_text(cx, f->name, f->max, text));
    *out = text;
    return OK;
}

enum rc mapping_custom(struct ctx *cx, const struct mapping *m, const struct table_row *row, size_t column, Str *out) {
    MUST(column < m->custom_count);
    char name[TABLE_CLIP_TEXT];
    Str text = cell_trim(row->cells[column]);
    TRY(check_text(cx, table_clip(m->custom[column], name), MAX_CUSTOM, text));
    *out = text;
    return OK;
}

static enum rc not_a_date(struct ctx *cx, const char *field, Str text, SAYS const char *hint) {
    char clip[TABLE_CLIP_TEXT];
    return fail_field(cx, INVALID, field, hint, "%s \"%s\" is not a date", field, table_clip(text, clip));
}

enum rc mapping_date(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field, Date *out) {
    const struct import_field *f = &m->kind->fields[field];
    Str text = mapping_text(m, row, field);
    if (text.n == 0) {
        if (f->required) return missing(cx, f);
        *out = DATE_NONE;
        return OK;
    }
    struct date_parts d = date_scan(text);
    int month = d.first, day = d.second;
    bool is_last = d.shape == SHAPE_YEAR_LAST;
    if (d.shape == SHAPE_SHORT_YEAR) return not_a_date(cx, f->name, text, "write the year with four digits");
    if (d.shape == SHAPE_NONE && is_typed(m, row, field))
        return not_a_date(cx, f->name, text, "format the column as a date in the workbook");
    if (is_last && m->dates != DATE_DMY && m->dates != DATE_MDY)
        return not_a_date(cx, f->name, text, "write it as 2026-11-21, or say --dates dmy or --dates mdy");
    if (is_last && m->dates == DATE_DMY) {
        month = d.second;
        day = d.first;
    }
    if (d.shape == SHAPE_NONE || !date_make(d.year, month, day, out))
        return not_a_date(cx, f->name, text,
                          is_last ? "see that day and month exist, in the order of --dates" : "write it as 2026-11-21");
    return OK;
}

static enum rc ambiguous_amount(struct ctx *cx, const char *field, Str text) {
    char clip[TABLE_CLIP_TEXT];
    return fail_field(cx, INVALID, field, "--decimal . or --decimal ,",
                      "%s \"%s\" may have three decimals or be in thousands", field, table_clip(text, clip));
}

static enum rc tell_money(struct ctx *cx, enum money_problem problem, const char *field, Str text, Currency currency) {
    char clip[TABLE_CLIP_TEXT], code[4];
    table_clip(text, clip);
    currency_code(currency, code);
    if (problem == MONEY_TOO_MANY_DECIMALS)
        return fail_field(cx, INVALID, field, "amounts are not rounded: correct it",
                          "%s \"%s\" has more decimals than %s, which has %d", field, clip, code,
                          currency_exponent(currency));
    if (problem == MONEY_TOO_LARGE) return fail_field(cx, INVALID, field, NULL, "%s \"%s\" is too large", field, clip);
    return fail_field(cx, INVALID, field, "write digits with at most one decimal mark, as 1234.50",
                      "%s \"%s\" is not an amount", field, clip);
}

/* Thousands never begin with a zero: 0.500 is not 500, whatever the marks. */
static bool groups_from_zero(Str text, char group_mark) {
    size_t first = text.n && text.p[0] == '-' ? 1 : 0;
    return group_mark && first < text.n && text.p[first] == '0' && str_index(text, group_mark) < text.n;
}

/* The sign must be one of the row's currency: "$" belongs to many, never to the euro. */
static bool take_sign(struct ctx *cx, Str *text, Currency currency) {
    char code[4];
    Str sign, written = *text;
    bool is_negative = written.p[0] == '-';
    Str figures = amount_without_sign(is_negative ? (Str){written.p + 1, written.n - 1} : written, &sign);
    if (sign.n == 0) return true;
    if (str_is(currency_code(currency, code), "EUR") != (sign.p[0] != '$')) return false;
    *text = is_negative ? arena_printf(cx->arena, "-%.*s", STR_ARG(figures)) : figures;
    return true;
}

enum rc mapping_money(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field,
                      Currency currency, bool *out_has, Money *out) {
    const struct import_field *f = &m->kind->fields[field];
    Str text = mapping_text(m, row, field);
    if (text.n == 0) {
        if (f->required) return missing(cx, f);
        *out_has = false;
        return OK;
    }
    if (!take_sign(cx, &text, currency)) return tell_money(cx, MONEY_MALFORMED, f->name, text, currency);
    bool plain = is_typed(m, row, field) || !m->decimal_mark;
    char decimal = plain ? '.' : m->decimal_mark, group = plain ? '\0' : m->group_mark;
    if (!is_typed(m, row, field) && !m->decimal_declared && mark_evidence(text) == MARK_AMBIGUOUS) {
        /* Detected elsewhere in the file: in thousands it is the only reading left; as three decimals only where the
         * currency has them. */
        bool has_three = str_index(text, decimal) < text.n;
        if (!m->decimal_mark || (has_three && currency_exponent(currency) < 3))
            return ambiguous_amount(cx, f->name, text);
    }
    if (groups_from_zero(text, group)) return tell_money(cx, MONEY_MALFORMED, f->name, text, currency);
    Money money = {0};
    enum money_problem problem = money_parse(text, currency, decimal, group, &money);
    if (problem != MONEY_OK) return tell_money(cx, problem, f->name, text, currency);
    *out_has = true;
    *out = money;
    return OK;
}

enum rc mapping_int(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field, bool *out_has,
                    int64_t *out) {
    const struct import_field *f = &m->kind->fields[field];
    Str text = mapping_text(m, row, field);
    if (text.n == 0) {
        if (f->required) return missing(cx, f);
        *out_has = false;
        return OK;
    }
    int64_t value = 0;
    if (!str_to_i64(text, &value)) {
        char clip[TABLE_CLIP_TEXT];
        return fail_field(cx, INVALID, f->name, "write digits only", "%s \"%s\" is not a whole number", f->name,
                          table_clip(text, clip));
    }
    *out_has = true;
    *out = value;
    return OK;
}
