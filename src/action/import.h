/* The road every import takes: file → mapping → checked rows → a batch at a time into the booking → commit, or nothing
 * (REQ: A6, INV: I10 I11).
 *
 * A kind of import gives three functions; reading, batching, rejecting, counting, --dry-run, --partial, progress and
 * the report are here. */
#ifndef ACTION_IMPORT_H
#define ACTION_IMPORT_H

#include "action/action.h"
#include "intake/mapping.h"
#include "portfolio/booking.h"

struct import {
    struct call *call;
    const struct import_kind *kind;
    struct mapping mapping;
    struct booking booking;
    Date today;
    void *own; /* of the kind */
};

struct import_driver {
    const struct import_kind *kind;
    size_t row_size;
    enum rc (*begin)(struct ctx *cx, struct import *im);
    /* Fills a row; texts must be copied to cx->arena. INVALID with field and hint rejects the row. */
    enum rc (*read)(struct ctx *cx, struct import *im, const struct table_row *from, void *out_row);
    enum rc (*book)(struct ctx *cx, struct import *im, const void *rows, size_t n, struct row_result *out_results);
    /* Closes the event; data as in booking_end. */
    enum rc (*end)(struct ctx *cx, struct import *im, Str data, int64_t *out_settled);
    /* When all is booked and committed: what else the rows ask for, told as further members of the report. NULL: none */
    enum rc (*after)(struct ctx *cx, struct import *im, struct json_writer *out);
};

/* The options all imports share. */
#define IMPORT_PARAMS                                                                                                  \
    {"file", P_FILE, REQUIRED | POSITIONAL, "CSV or XLSX file", NULL},                                                 \
        {"dry-run", P_FLAG, OPTIONAL, "check everything, book nothing", NULL},                                         \
        {"partial", P_FLAG, OPTIONAL, "book the good rows; the others go to FILE.rejected.csv with their reasons",     \
         NULL},                                                                                                        \
        {"map", P_TEXT, REPEATED, "read a column as a field: \"Header=field\"", NULL},                                 \
        {"custom", P_FLAG, OPTIONAL, "keep unknown columns as custom fields", NULL},                                   \
        {"mapping", P_TEXT, OPTIONAL, "use the options saved under this name; with others given, save them", NULL},    \
        {"decimal", P_CHOICE, OPTIONAL, "decimal mark of amounts", ".|,"},                                             \
        {"dates", P_CHOICE, OPTIONAL, "order of dates", "iso|dmy|mdy"},                                                \
        {"encoding", P_TEXT, OPTIONAL, "encoding of a file that is not UTF-8, such as windows-1252", NULL},            \
        {"delimiter", P_TEXT, OPTIONAL, "column separator: , ; | or tab", NULL}, {                                     \
        "sheet", P_TEXT, OPTIONAL, "sheet of a workbook, by name or number", NULL                                      \
    }

MUST_USE enum rc import_file(struct ctx *cx, struct call *call, const struct import_driver *driver, void *own);
/* One row given as parameters instead of a file, each called like its field ("tax-id"; "customer" for customer_code); checked and booked by
 * the same functions, within the action's own writing transaction. INVALID names the field; CONFLICT, with the sentence `exists`: nothing new. */
MUST_USE enum rc import_one(struct ctx *cx, struct call *call, const struct import_driver *driver, void *own, SAYS const char *exists);
MUST_USE enum rc import_one_customer(struct ctx *cx, struct call *call);
MUST_USE enum rc import_one_invoice(struct ctx *cx, struct call *call);

/* Position of a field of the kind; the name must exist (a bug otherwise). */
int import_field(const struct import_kind *kind, const char *name);
/* A checked text, copied to cx->arena. */
MUST_USE enum rc import_text(struct ctx *cx, const struct import *im, const struct table_row *from, int field,
                             Str *out);
/* The same, and it must not be empty. */
MUST_USE enum rc import_required(struct ctx *cx, const struct import *im, const struct table_row *from, int field,
                                 Str *out);
MUST_USE enum rc import_currency(struct ctx *cx, const struct import *im, const struct table_row *from, int field,
                                 Currency *out);

/* Unknown columns of a row as a JSON object, in cx->arena. INVALID for control characters or too much text. */
MUST_USE enum rc import_custom(struct ctx *cx, const struct import *im, const struct table_row *from, Str *out);

/* Reading options from the call, or those saved under --mapping NAME when nothing else is given. Needs no transaction.
 */
MUST_USE enum rc import_options(struct ctx *cx, const struct call *call, const char *kind,
                                struct table_options *out_table, struct mapping_options *out_mapping);
/* Saves the options of this call under --mapping NAME, if one is given. Within the import's transaction. */
MUST_USE enum rc import_save_options(struct ctx *cx, const struct call *call, const char *kind);

#endif
