/* What an import said, for a page: complaints with the file's own headings and without remedies of the command line (REQ: L10). */
#ifndef ACTION_IMPORT_SAID_H
#define ACTION_IMPORT_SAID_H

#include "action/import_columns.h"
#include "base/mustache.h"

/* A remedy as far as a page can offer it: what stands before the first option. */
Str import_page_hint(Str hint);
/* A number the import reported; 0 without. `said` may be NULL. */
int64_t import_count(const struct value *said, const char *key);
/* "result": the same members, with "import_field" beside each complaint's "field". */
void import_put_result(struct arena *arena, struct json_writer *w, const struct import_columns *columns, const struct value *said);

#endif
