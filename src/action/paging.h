/* Pages of a list: a cursor names the last row shown by what the list is ordered by, so that it stays good whatever is
 * added or taken away meanwhile. Without --limit a list is complete.
 *
 *     struct page page;
 *     TRY(page_begin(cx, call, &page));           PAGE_PARAMS among the parameters
 *     … the query asks `id > :after` …
 *         if (!more || !page_takes(&page, row.id)) break;
 *     page_end(w, &page);
 */
#ifndef ACTION_PAGING_H
#define ACTION_PAGING_H

#include "action/action.h"
#include "store/stmt.h"

/* Of lists ordered by a number; of lists ordered by a name. */
#define PAGE_PARAMS                                                                                                    \
    {"limit", P_INT, OPTIONAL, "at most so many", NULL}, { "after", P_INT, OPTIONAL, "go on after this cursor", NULL }
#define PAGE_PARAMS_NAMED                                                                                              \
    {"limit", P_INT, OPTIONAL, "at most so many", NULL}, { "after", P_TEXT, OPTIONAL, "go on after this cursor", NULL }
#define PAGE_CURSOR 1024

struct page {
    int64_t after, limit, count, last;
    Str head, rest; /* of a cursor "HEAD.REST"; both empty on the first page */
    bool is_cut;    /* the limit was reached, and there is more */
    bool is_sought; /* a list that is no query: the cursor's row has not been met yet */
    char cursor[PAGE_CURSOR];
};

/* Ordered by a rising number, from 1: `after` is 0 on the first page. INVALID: a limit or cursor that is none. */
MUST_USE enum rc page_begin(struct ctx *cx, const struct call *call, struct page *out_page);
/* Ordered by a falling number: `after` is INT64_MAX on the first page. */
MUST_USE enum rc page_begin_falling(struct ctx *cx, const struct call *call, struct page *out_page);
/* Ordered by a name, or by a number or word without dots and then a name. With `numbered` the head is a number, in `after` too. */
MUST_USE enum rc page_begin_named(struct ctx *cx, const struct call *call, bool numbered, struct page *out_page);
/* For a query's LIMIT: one more than is shown tells whether there is more. */
int64_t page_most(const struct page *page);
/* False when the page is full and the row belongs to the next. */
bool page_takes(struct page *page, int64_t id);
bool page_takes_named(struct page *page, Str head, Str rest);
/* Lists that are no query, such as the shipped texts: true for the rows up to the cursor's. page_met at the end: INVALID when it was none of
 * them. */
bool page_skips(struct page *page, Str name);
MUST_USE enum rc page_met(struct ctx *cx, const struct page *page);
/* The member "next", null on the last page. */
void page_put_next(struct json_writer *w, const struct page *page);
/* Ends what items_begin began. */
void page_end(struct json_writer *w, const struct page *page);

/* put_rows (rows.h), a page of it: `key` is the column the list is ordered by, a number or a text. */
MUST_USE enum rc put_page(struct ctx *cx, struct json_writer *w, const struct stmt_def *def, const void *params, const char *members,
                          struct page *page, const char *key);

#endif
