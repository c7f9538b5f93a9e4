/* The columns of a file to be imported, for whoever says what they are (REQ: L10). */
#ifndef ACTION_IMPORT_COLUMNS_H
#define ACTION_IMPORT_COLUMNS_H

#include "action/app.h"
#include "action/import.h"

struct import_columns;

/* `import` is a call of that kind's import with its options. A file that cannot be read has no columns. In cx->arena. */
MUST_USE enum rc import_columns_read(struct ctx *cx, const struct call *import, const struct import_kind *kind, const char *path,
                                     struct import_columns **out_columns);
/* What the file calls a field; empty when no column is it. */
Str import_columns_header(const struct import_columns *columns, Str field);
/* "columns": each with an example and what it is read as, all it may be read as; "fields" of such a file; "missing": required ones no column is; "twice": those several
 * columns are; "unknown": how many columns nobody knows. */
void import_columns_put(const struct import_columns *columns, struct json_writer *w);

#endif
