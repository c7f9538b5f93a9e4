/* Rows of a query as JSON: for the lists that say no more than their query does.
 *
 *     TRY(put_rows(cx, w, &session_list_def, &params, "company=company_code address agent created_at"));
 *
 * `members` names what is shown, in order: "name" where member and column are called alike, else "name=column". Texts,
 * numbers and truth values are written as they are, dates and instants as ISO, money in the currency of the row's column
 * `currency`, no value as null. A name the query does not know is a bug and stops the program. */
#ifndef ACTION_ROWS_H
#define ACTION_ROWS_H

#include "base/json.h"
#include "store/stmt.h"

/* Runs the query and writes an object for each row into the open array. Needs a transaction. */
MUST_USE enum rc put_rows(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *params, const char *members);
/* The same as a member `key` of the open object: "key":[ … ]. */
MUST_USE enum rc put_row_array(struct ctx *cx, struct json_writer *w, const char *key, const struct stmt_def *def,
                               const void *params, const char *members);
/* put_rows for as long as `take` says yes; `column` is the row's value of the column `key`. */
typedef bool row_take(void *self, const struct sql_value *column, const void *value);
MUST_USE enum rc put_rows_while(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *params, const char *members,
                                const char *key, row_take *take, void *self);
/* The members of one row that was read already, into the open object. */
void put_row(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *row, const char *members);

#endif
