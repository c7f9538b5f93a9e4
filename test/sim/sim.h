/* One simulated company: its world, its processes, its second model. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "action/app.h"
#include "core/zone.h"
#include "disk.h"
#include "model.h"

/* Rare situations that must have been visited (a test without them proves nothing). */
#define MARK_LIST(X)                                                                                                   \
    X(MESSAGE_SENT, "a message was sent")                                                                              \
    X(CRASH_IN_RUN, "a run was killed while writing")                                                                  \
    X(CRASH_IN_IMPORT, "an import was killed while writing")                                                           \
    X(CRASH_BEFORE_T, "killed between connecting and T")                                                               \
    X(CRASH_AFTER_T, "killed after T, before the bytes left")                                                          \
    X(CRASH_AFTER_BYTES, "killed after the bytes left, before the outcome")                                            \
    X(CRASH_BEFORE_JOURNAL, "killed between commit and journal")                                                       \
    X(POWER_LOST, "the power failed")                                                                                  \
    X(COMMIT_SURVIVED_CRASH, "what a killed command did was found done")                                               \
    X(COMMIT_LOST_IN_CRASH, "what a killed command did was found undone")                                              \
    X(PAID_BEFORE_T, "paid between preparing and T")                                                                   \
    X(SETTLED_BEFORE_T, "everything demanded was settled between preparing and T")                                     \
    X(HELD_BEFORE_T, "held between preparing and T")                                                                   \
    X(DISPUTED_BEFORE_T, "disputed between preparing and T")                                                           \
    X(PROMISED_BEFORE_T, "promised between preparing and T")                                                           \
    X(CREDITED_BEFORE_T, "credited between preparing and T")                                                           \
    X(ADDRESS_CHANGED_BEFORE_T, "address changed between preparing and T")                                             \
    X(HOUR_PASSED_BEFORE_T, "hours passed between preparing and T")                                                    \
    X(REFUSED_AT_T, "the gate refused at T")                                                                           \
    X(SHARED_COMMIT, "several T's shared a commit")                                                                    \
    X(SHARED_AND_REFUSED, "of several T's of a commit one was refused")                                                \
    X(CRASH_SHARED, "killed with several messages after T")                                                            \
    X(CRASH_LEFT, "killed before what was accepted was recorded")                                                      \
    X(TAKEN_OVER_BEFORE_T, "a frozen worker woke before T, its claim taken over")                                      \
    X(TAKEN_OVER_AFTER_T, "a frozen worker woke after T, its message called ambiguous")                                \
    X(ACCEPTED_UNANSWERED, "accepted, and no answer came")                                                             \
    X(NOT_ACCEPTED_UNANSWERED, "not accepted, and no answer came")                                                     \
    X(DEFERRED_AT_DOT, "4xx to the dot")                                                                               \
    X(REJECTED_AT_DOT, "5xx to the dot")                                                                               \
    X(CUT_BEFORE_DOT, "cut before the dot")                                                                            \
    X(BAD_ADDRESS, "5xx to the recipient")                                                                             \
    X(UNREACHABLE, "the channel was unreachable")                                                                      \
    X(CLOCK_WENT_BACK, "a run found the clock set back")                                                               \
    X(CLOCK_LEAPT, "the clock leapt over days")                                                                        \
    X(RUN_AT_NIGHT, "a run at night")                                                                                  \
    X(RUN_AT_WEEKEND, "a run at the weekend")                                                                          \
    X(SECOND_RUN, "a second run within a day")                                                                         \
    X(NET_CREDIT, "a customer owed nothing net though items were open")                                                \
    X(PROMISE_BROKEN, "a promise was broken")                                                                          \
    X(PROMISE_KEPT, "a promise was kept")                                                                              \
    X(PAYMENT_REVERSED, "a payment was reversed")                                                                      \
    X(PAYMENT_REPLAYED, "a payment was told twice")                                                                    \
    X(IMPORT_REPEATED, "a file was imported twice")                                                                    \
    X(IMPORT_REFUSED, "a file with a bad line was refused")                                                            \
    X(CAP_DEFERRAL, "a message waited for a cap or gap")                                                               \
    X(WINDOW_DEFERRAL, "a message waited for an allowed hour")                                                         \
    X(AMBIGUOUS, "a message stayed ambiguous")                                                                         \
    X(BOUNCED_SKIPPED, "a customer without a good address was due")                                                    \
    X(STRATEGY_CHANGED, "the strategy got a new version")                                                              \
    X(DST, "the zone changed its offset")
enum mark {
#define X(name, text) MARK_##name,
    MARK_LIST(X)
#undef X
        MARK_COUNT
};

struct sim;

/* A simulated operating-system process with aldia in it. */
struct process {
    struct sim *sim;
    const char *name;
    struct disk_owner owner;
    bool is_open, running; /* running: its code is on the stack */
    struct arena *arena, *scratch;
    struct app app;
    struct mail_double mail;
    char claimer[64];
    /* Of what would be ambiguous if it died now: connections that asked for T and are not through yet; accepted messages
     * whose outcome goes into the commit of the next T's. */
    int open, left;
    bool told; /* what ended last was waited for: by the next sign of life all is recorded */
    int asked; /* T's so far */
};

struct handed_pair {
    int instalment;
    char step[STEP_TEXT];
    int occurrence;
};

/* One T, as seen at the channel. */
struct handed {
    char message_id[96];
    int customer;
    Instant at;
    bool delivered;
    struct handed_pair pairs[40];
    int pair_count;
};

#define LOG_LINES 60
#define LOG_WIDTH 200

struct sim {
    uint64_t seed;
    int days, day;
    int32_t first_day;
    struct seeded_random life, disk_random;
    Instant now, highest_run;
    const struct zone *zone;
    const char *country, *currency_name, *data_dir;
    Currency currency;
    const struct rule_pack *rules;
    const struct message_library *library;
    struct process desk, worker[2], inspector;
    int starts; /* of processes */
    int nested;
    bool quiet; /* no faults any more */
    bool power_off;
    bool no_profile;  /* contact_profile = none: companies may be written to at any hour, once a day */
    bool loses_power; /* the next death of a process by a disk operation is a power failure */
    struct model model;
    VEC_OF(struct handed) handed;
    size_t settled; /* so many of them, from the first, need no further look */
    struct process *handing; /* within T */
    int64_t cuts; /* after T: so many may be ambiguous */
    int64_t delivered;
    int64_t *marks;
    int next_invoice, next_payment, next_file, next_customer;
    int64_t journal_synced;
    char log[LOG_LINES][LOG_WIDTH];
    int log_count;
};

/* ---- sim.c ---- */
void sim_log(struct sim *s, const char *format, ...) PRINTF_LIKE(2, 3);
/* A promise is broken: prints seed, day and what happened before, and ends the program. */
NORETURN void sim_violation(struct sim *s, const char *invariant, const char *format, ...) PRINTF_LIKE(3, 4);
static inline void sim_mark(struct sim *s, enum mark mark) { s->marks[mark]++; }
uint64_t sim_dice(struct sim *s, uint64_t sides);
bool sim_chance(struct sim *s, int in_thousand);
Date sim_today(const struct sim *s);

/* ---- process.c ---- */
/* Starts it if it does not run. */
void process_start(struct process *p);
void process_stop(struct process *p);
/* From now on nothing it does has any effect. With loses_power the other processes die too. */
void process_kill(struct process *p, bool loses_power);
/* Whatever it has on the way is cut off. */
void process_cut(struct process *p);
/* Buries the dead: closes, drops what was not synced if the power failed. */
void processes_bury(struct sim *s);

#define MAX_ARGS 12
struct told { /* picked out of an action's JSON */
    int64_t id, sent, ambiguous, duplicate, exit_status;
    char held[100], difference[160];
    bool clock_back, capped, outside_window, bad_address;
};
/* Runs an action as the command line would; arguments: name, value, …, NULL. A flag's value is "". */
enum rc process_call(struct process *p, struct told *out_told, const char *verb, const char *const *arguments);
/* A read-only look from outside; do not nest. */
struct ctx *inspect_begin(struct sim *s);
void inspect_end(void);

/* ---- channel.c ---- */
extern const struct channel_driver sim_driver;

/* ---- letter.c ---- */
struct letter_row {
    Str number;
    int position;
    int64_t amount;
    bool apart; /* in review or promised: not demanded */
};
struct letter {
    Str message_id, to;
    struct letter_row *rows;
    size_t row_count;
};
/* False when it does not read as one of our mails. */
bool letter_read(struct arena *arena, Str bytes, Currency currency, struct letter *out_letter);

/* ---- check.c ---- */
/* At T: may this mail leave? Remembers it, and says where. */
size_t check_t(struct process *p, Str to, Str body);
/* The channel has it now. */
void check_delivery(struct sim *s, size_t handed);
void check_customer(struct sim *s, int customer);
void check_messages(struct sim *s);
void check_everything(struct sim *s);
void check_end(struct sim *s);
int64_t count_events(struct sim *s);

/* ---- life.c ---- */
void life_begin(struct sim *s);
void life_day(struct sim *s);
/* What people do while a worker talks to the mail server: something about this customer. */
void life_meanwhile(struct sim *s, int customer);
void life_run(struct sim *s, struct process *worker);
/* Before the last days: nothing stands in the way any more. */
void life_settle(struct sim *s);

#endif
