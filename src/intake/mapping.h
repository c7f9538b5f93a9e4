/* From a file's columns to the fields of an import: header names in Spanish, English and Portuguese, saved mappings,
 * and the detection of decimal mark and date order over the whole file (interfaces.md 4). */
#ifndef INTAKE_MAPPING_H
#define INTAKE_MAPPING_H

#include "core/date.h"
#include "core/money.h"
#include "intake/table.h"

enum field_type { FIELD_TEXT, FIELD_DATE, FIELD_MONEY, FIELD_INT, FIELD_CODE };

/* One field an import knows. */
struct import_field {
    const char *name; /* "customer_code" */
    enum field_type type;
    bool required;
    size_t max;          /* code points */
    const char *aliases; /* other header names, comma list: "cliente,codigo cliente,customer"; see header_key */
};

struct import_kind {
    const char *name; /* "invoices" */
    const struct import_field *fields;
    size_t field_count;
};

extern const struct import_kind import_customers, import_invoices, import_payments;

/* The `field` of the reads below, in the order of the kinds' tables. */
enum import_customer_field {
    IMPORT_CUSTOMER_CODE,
    IMPORT_CUSTOMER_NAME,
    IMPORT_CUSTOMER_TAX_ID,
    IMPORT_CUSTOMER_KIND,
    IMPORT_CUSTOMER_EMAIL,
    IMPORT_CUSTOMER_PHONE,
    IMPORT_CUSTOMER_WHATSAPP,
    IMPORT_CUSTOMER_CONTACT_NAME,
    IMPORT_CUSTOMER_CONTACT_ROLE,
    IMPORT_CUSTOMER_COUNTRY,
    IMPORT_CUSTOMER_REGION,
    IMPORT_CUSTOMER_LANGUAGE,
    IMPORT_CUSTOMER_ZONE,
    IMPORT_CUSTOMER_SEGMENT,
    IMPORT_CUSTOMER_SECTOR,
    IMPORT_CUSTOMER_CURRENCY,
    IMPORT_CUSTOMER_CREDIT_LIMIT,
    IMPORT_CUSTOMER_PAYMENT_TERMS,
    IMPORT_CUSTOMER_COLLECTOR,
    IMPORT_CUSTOMER_SELLER,
    IMPORT_CUSTOMER_PROFILE,
    IMPORT_CUSTOMER_STRATEGY,
    IMPORT_CUSTOMER_FIELDS
};

enum import_invoice_field {
    IMPORT_INVOICE_NUMBER,
    IMPORT_INVOICE_CUSTOMER_CODE,
    IMPORT_INVOICE_ISSUE_DATE,
    IMPORT_INVOICE_DUE_DATE,
    IMPORT_INVOICE_CURRENCY,
    IMPORT_INVOICE_AMOUNT,
    IMPORT_INVOICE_OPEN_AMOUNT,
    IMPORT_INVOICE_TYPE,
    IMPORT_INVOICE_REFERENCE,
    IMPORT_INVOICE_DESCRIPTION,
    IMPORT_INVOICE_INSTALMENT,
    IMPORT_INVOICE_FILE,
    IMPORT_INVOICE_APPLIES_TO,
    IMPORT_INVOICE_FIELDS
};

enum import_payment_field {
    IMPORT_PAYMENT_CUSTOMER_CODE,
    IMPORT_PAYMENT_DATE,
    IMPORT_PAYMENT_CURRENCY,
    IMPORT_PAYMENT_AMOUNT,
    IMPORT_PAYMENT_REFERENCE,
    IMPORT_PAYMENT_INVOICE_NUMBER,
    IMPORT_PAYMENT_METHOD,
    IMPORT_PAYMENT_BANK_ACCOUNT,
    IMPORT_PAYMENT_EXTERNAL_ID,
    IMPORT_PAYMENT_FIELDS
};

enum date_order { DATE_ISO, DATE_DMY, DATE_MDY, DATE_UNKNOWN };

/* What rows that were rejected carry behind their own columns. Left out when the file is brought again, mended. */
#define MAPPING_REJECT_COLUMNS "aldia_line,aldia_field,aldia_reason,aldia_hint"

struct mapping {
    const struct import_kind *kind;
    int column[32];        /* by field: column number, −1 = absent */
    const Str *custom;     /* by column: name of the custom field, or empty (mapped or ignored) */
    size_t custom_count;   /* columns of the table */
    bool is_returned;      /* rejected rows, mended: an apostrophe before = + - @ guards the cell and is no part of it */
    char decimal_mark;     /* '.' or ','; 0 = not known (no row needed it) */
    char group_mark;       /* 0 = none */
    bool decimal_declared; /* the user said so; else it was detected */
    enum date_order dates; /* DATE_ISO also when there was none; year-month-day is always read */
};

struct mapping_options {
    const char *decimal;       /* NULL: detect; "." or "," */
    const char *dates;         /* NULL: detect; "iso" "dmy" "mdy" */
    const char *const *rename; /* "Header=field" pairs, NULL-terminated, or NULL; "Header=" leaves the column out,
                                  "Header=*" makes it a custom field under its own name */
    bool allow_unknown;        /* unknown columns become custom fields; else INVALID names them and how to confirm */
};

/* What a column is read as, beside the numbers of the kind's fields. */
enum { COLUMN_FREE = -1, COLUMN_IGNORED = -2, COLUMN_CUSTOM = -3 };
/* Of every column of the header, in `out_use` (table_columns() of them), before anything is demanded of it: COLUMN_FREE is what nobody
 * knows yet. INVALID: a pair of options->rename that names no column or no field. */
MUST_USE enum rc mapping_columns(struct ctx *cx, const struct table *t, const struct import_kind *kind,
                                 const struct mapping_options *options, int *out_use);

/* Maps the header, then reads the file once to settle decimal mark and date order (no read when both are declared or no
 * column needs them). INVALID when a required column is missing (naming the known names), two columns claim one field,
 * or a mark or order stays ambiguous or contradicts itself: the line, the value and the option that settles it. Bad
 * rows are passed over here; the import meets them again. The line of a fault is in the fault (ctx.h). */
MUST_USE enum rc mapping_detect(struct ctx *cx, const char *path, const struct table_options *table_options,
                                const struct import_kind *kind, const struct mapping_options *options,
                                struct mapping *out_mapping);

/* Reads of one row, without the white space at both ends; INVALID sets field and hint. A cell of a required field must
 * not be empty (but for mapping_text, which checks nothing); any other absent or empty cell gives an empty Str,
 * DATE_NONE or has = false. */
Str mapping_text(const struct mapping *m, const struct table_row *row, int field);
/* At most the field's length, no control characters. */
MUST_USE enum rc mapping_checked_text(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field,
                                      Str *out);
/* Year first in any of the forms 2026-11-21, 2026/11/21, 20261121; the others in the mapping's order; a time of day may
 * follow. */
MUST_USE enum rc mapping_date(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field,
                              Date *out);
MUST_USE enum rc mapping_money(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field,
                               Currency currency, bool *out_has, Money *out);
MUST_USE enum rc mapping_int(struct ctx *cx, const struct mapping *m, const struct table_row *row, int field,
                             bool *out_has, int64_t *out);
/* The value of a custom column, checked like text of at most 1,000 code points. */
MUST_USE enum rc mapping_custom(struct ctx *cx, const struct mapping *m, const struct table_row *row, size_t column,
                                Str *out);

/* What decides whether two header names are the same: lower case, no accents, words only (capitals begin them), "no",
 * "nro", "n°" as "numero", without articles and prepositions: "Fecha de Emisión", "fecha_emision" and "FechaEmision"
 * are one. In the arena. */
Str header_key(struct arena *arena, Str name);

#endif
