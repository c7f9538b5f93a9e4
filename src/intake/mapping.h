/* From a file's columns to the fields of an import: header names in Spanish, English and Portuguese, saved mappings, and the detection of
 * decimal mark and date order over the whole file (interfaces.md 4). */
#ifndef INTAKE_MAPPING_H
#define INTAKE_MAPPING_H

#include "core/date.h"
#include "core/money.h"
#include "intake/table.h"

enum field_type { FIELD_TEXT, FIELD_DATE, FIELD_MONEY, FIELD_INT, FIELD_CODE };

/* One field an import knows. */
struct import_field {
    const char *name;          /* "customer_code" */
    enum field_type type;
    bool required;
    size_t max;                /* code points */
    const char *aliases;       /* folded header names, comma list: "cliente,codigo cliente,customer" */
};

struct import_kind {
    const char *name;          /* "invoices" */
    const struct import_field *fields;
    size_t field_count;
};

extern const struct import_kind import_customers, import_invoices, import_payments;

enum date_order { DATE_ISO, DATE_DMY, DATE_MDY, DATE_UNKNOWN };

struct mapping {
    const struct import_kind *kind;
    int column[32];            /* by field: column number, −1 = absent */
    const Str *custom;         /* by column: name of the custom field, or empty (mapped or ignored) */
    size_t custom_count;
    char decimal_mark;         /* '.' or ','; 0 = not known (no row needed it) */
    char group_mark;           /* 0 = none */
    enum date_order dates;
};

struct mapping_options {
    const char *decimal;       /* NULL: detect; "." or "," */
    const char *dates;         /* NULL: detect; "iso" "dmy" "mdy" */
    const char *const *rename; /* "Header=field" pairs, NULL-terminated, or NULL */
    bool allow_unknown;        /* unknown columns become custom fields; else INVALID names them and how to confirm */
};

/* Maps the header, then reads the file once to settle decimal mark and date order. INVALID when a required column is missing (naming the known
 * names), or a mark or order stays ambiguous: the first ambiguous line, value and the option that settles it. */
MUST_USE enum rc mapping_detect(struct ctx *cx, const char *path, const struct table_options *table_options,
                                const struct import_kind *kind, const struct mapping_options *options, struct mapping *out_mapping);

/* Reads of one row; INVALID sets field and hint. An absent or empty cell gives an empty Str, DATE_NONE or has = false. */
Str mapping_text(const struct mapping *m, const struct table_row *row, int field);
MUST_USE enum rc mapping_checked_text(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field, Str *out);
MUST_USE enum rc mapping_date(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field, Date *out);
MUST_USE enum rc mapping_money(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field, Currency currency,
                               bool *out_has, Money *out);
MUST_USE enum rc mapping_int(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field, bool *out_has, int64_t *out);

#endif
