/* One change to many customers: which they are, and what it would do to each.
 *
 * The choice is read whole before anything is done, as ids: 200,000 of them are 1.6 MB, and a change that takes customers out of the filter
 * they were chosen by skips nobody. The preview and the deed judge with the same function. */
#ifndef ACTION_BULK_H
#define ACTION_BULK_H

#include "action/action.h"
#include "standing_sql.h"

/* Parameters of the choice: codes, or everybody a filter of the portfolio shows. */
#define BULK_CHOICE                                                                                                    \
    {"code", P_TEXT, REPEATED, "codes of the customers", NULL},                                                        \
        {"matching", P_FLAG, OPTIONAL, "instead of codes: everybody the filter shows", NULL},                          \
        {"sort", P_CHOICE, OPTIONAL, "the portfolio's order: by name it shows those who owe nothing too", "overdue|open|oldest|name"}, \
        {"state", P_CHOICE, OPTIONAL, "of the filter", "overdue|promised|disputed|held"},                              \
        {"segment", P_TEXT, OPTIONAL, "of the filter", NULL}, {"collector", P_TEXT, OPTIONAL, "of the filter", NULL}, { \
        "currency", P_CURRENCY, OPTIONAL, "of the filter", NULL                                                        \
    }

struct bulk_choice {
    const int64_t *ids;
    size_t count;
    const Str *unknown; /* codes of no customer the caller may see */
    size_t unknown_count;
};
/* In cx->arena. Opens and ends a transaction of its own. INVALID when nothing was chosen. */
MUST_USE enum rc bulk_choose(struct ctx *cx, const struct call *call, struct bulk_choice *out);

enum bulk_verdict { BULK_DONE, BULK_UNCHANGED, BULK_REFUSED, BULK_VERDICTS };
const char *bulk_verdict_name(enum bulk_verdict verdict);

/* What is to be done, checked as far as it does not depend on the customer. */
struct bulk_deed {
    Str what;     /* hold resume assign strategy */
    Str to;       /* assign: code of the collector; strategy: code, empty: by segment again */
    Str reason;
    bool is_full; /* all it needs is given */
};
/* INVALID or DENIED; needs a transaction. With `needs_all` what is missing is a fault. */
MUST_USE enum rc bulk_deed_read(struct ctx *cx, const struct call *call, bool needs_all, struct bulk_deed *out);
/* What the deed does to the customer, and in one word why not: "" for BULK_DONE. */
enum bulk_verdict bulk_judge(const struct bulk_deed *deed, const struct standing_chosen_row *customer, const char **out_why);

#endif
