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
        BULK_FILTER
#define BULK_FILTER                                                                                                    \
    {"matching", P_FLAG, OPTIONAL, "instead of codes: everybody the filter shows", NULL},                              \
        {"sort", P_CHOICE, OPTIONAL, "the portfolio's order: by name it shows those who owe nothing too", "overdue|open|oldest|name"}, \
        {"state", P_CHOICE, OPTIONAL, "of the filter", "overdue|promised|disputed|held"},                              \
        {"segment", P_TEXT, OPTIONAL, "of the filter", NULL}, {"collector", P_TEXT, OPTIONAL, "of the filter", NULL}, { \
        "currency", P_CURRENCY, OPTIONAL, "of the filter", NULL                                                        \
    }

/* Parameters of what is done. */
#define BULK_DEED                                                                                                      \
    {"reason", P_TEXT, OPTIONAL, "why; hold needs it", NULL}, {"until", P_DATE, OPTIONAL, "last day of the hold", NULL}, \
        {"to", P_TEXT, OPTIONAL, "code of the collector", NULL}, {                                                     \
        "strategy", P_TEXT, OPTIONAL, "code of the strategy; * to follow the segment again", NULL                      \
    }

#define BULK_SET 100  /* customers of one transaction */
#define BULK_TOLD 500 /* told one by one, of each verdict; the rest is counted */

struct bulk_choice {
    const int64_t *ids;
    size_t count;
    const Str *unknown; /* codes of no customer the caller may see */
    size_t unknown_count;
};
/* In cx->arena. Opens and ends a transaction of its own. INVALID when nothing was chosen. */
MUST_USE enum rc bulk_choose(struct ctx *cx, const struct call *call, struct bulk_choice *out);
/* Of those a filter shows, by rising id, the first `most` behind `after_id`. In cx->arena; needs a transaction. */
MUST_USE enum rc bulk_matching(struct ctx *cx, const struct call *call, int64_t after_id, int64_t most, const int64_t **out_ids, size_t *out_count);

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

/* ---- what became of each (bulk_do.c) ---- */

struct bulk_told {
    int64_t id;
    Str code, name;
    const char *why;
    Str message; /* of a refusal nobody foresaw */
};
struct bulk_report {
    struct arena *arena;
    size_t most; /* told one by one, of each verdict */
    int64_t counts[BULK_VERDICTS];
    VEC_OF(struct bulk_told) told[BULK_VERDICTS];
};
/* Copies the texts, but `why`. */
void bulk_tell(struct bulk_report *report, enum bulk_verdict verdict, const struct bulk_told *one);
/* "customers","changed","unchanged","refused","results":[ … ],"more"; before it is done a change is to come. */
void bulk_put_report(struct json_writer *w, const struct bulk_report *report, bool is_done);

/* ---- doing it (bulk_do.c) ---- */

struct bulk_doing {
    const struct call *call;
    const struct bulk_deed *deed;
    int64_t strategy_id;
    Date today;
    struct bulk_report *report;
    /* Within every transaction, before it commits: keeps how far it is; a failure undoes it, and BUSY ends all. NULL: nothing is kept. */
    enum rc (*keep)(struct ctx *cx, void *self, int64_t last_id, const struct bulk_report *of_these);
    void *self;
};
/* Reads the deed and what doing it needs; `report`, `keep` and `self` are left. INVALID, DENIED; needs a transaction. */
MUST_USE enum rc bulk_doing_begin(struct ctx *cx, const struct call *call, struct bulk_deed *deed, struct bulk_doing *out);
/* Does it to a set, all at once or, where one is refused, one by one: opens and ends its transactions. */
MUST_USE enum rc bulk_do(struct ctx *cx, const struct bulk_doing *doing, const int64_t *ids, size_t count);
/* Between two sets: lets those write who wait for it, as people do who work beside this. */
void bulk_let_others(void);

#endif
