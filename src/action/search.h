/* Inside search: what was found, by group. */
#ifndef ACTION_SEARCH_H
#define ACTION_SEARCH_H

#include "action/app.h"
#include "portfolio/finding.h"

#define SEARCH_COUNTED 50 /* of a group; further ones are "more" */

struct search_hit {
    int64_t id;
    Str code, name;    /* the customer */
    Str title, detail; /* what it is called, and what else matched */
    Str state, actor;
    Currency currency;
    int64_t amount;
    Date date;
    Instant at;
};

struct search_hits {
    VEC_OF(struct search_hit) found; /* at most SEARCH_COUNTED + 1 */
};

/* Each looks through one group; what stands in it already is not taken twice. Need a transaction. */
MUST_USE enum rc search_customers(struct ctx *cx, const struct find_query *q, struct search_hits *out);
/* Anywhere in the names: through all of them. */
MUST_USE enum rc search_within_names(struct ctx *cx, const struct find_query *q, struct search_hits *out);
MUST_USE enum rc search_documents(struct ctx *cx, const struct find_query *q, struct search_hits *out);
MUST_USE enum rc search_payments(struct ctx *cx, const struct find_query *q, struct search_hits *out);
MUST_USE enum rc search_notes(struct ctx *cx, const struct find_query *q, struct search_hits *out);
MUST_USE enum rc search_cases(struct ctx *cx, const struct find_query *q, struct search_hits *out);
MUST_USE enum rc search_messages(struct ctx *cx, const struct find_query *q, struct search_hits *out);

#endif
