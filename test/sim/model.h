/* The second model: what the ledger must be, kept with plain arrays and no knowledge of how aldia does it. */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "base/arena.h"
#include "base/clock.h"

#define STEP_TEXT 12
#define MAX_DONE 24

struct m_instalment {
    int document, position;
    int32_t issue, due;
    int64_t amount, open;
    bool is_claim;
    /* What the channel received about it. */
    struct m_done {
        char step[STEP_TEXT];
        int occurrence;
    } done[MAX_DONE];
    int done_count;
};

enum m_dispute { UNDISPUTED, DISPUTED, ACCEPTED };

struct m_document {
    char number[16];
    int customer;
    bool is_claim;
    enum m_dispute dispute;
    bool credited; /* a credit entry exists on one of its instalments */
};

struct m_allocation {
    int instalment;
    int64_t amount;
};

struct m_payment {
    char external_id[16];
    int64_t id; /* in the database; 0 when nobody told us */
    int customer, document; /* document: -1 none named */
    int32_t date;
    int64_t amount, unapplied;
    bool reversed;
    struct m_allocation *allocations;
    int allocation_count;
};

struct m_promise {
    int customer;
    int64_t amount, paid_before;
    int32_t date;
    int *instalments;
    int64_t *open_then;
    int count;
};

struct m_customer {
    char code[16], email[48], zone[32];
    bool is_person;
    bool held;
    int32_t held_until; /* INT32_MAX: until resumed */
    bool bounced, bouncing; /* the channel refused the address; the same, outcome not yet known to be recorded */
    VEC_OF(Instant) received;
};

struct model {
    struct arena *arena;
    VEC_OF(struct m_customer) customers;
    VEC_OF(struct m_document) documents;
    VEC_OF(struct m_instalment) instalments;
    VEC_OF(struct m_payment) payments;
    VEC_OF(struct m_promise) promises;
};

int model_document(const struct model *m, Str number); /* -1: unknown */
int model_instalment(const struct model *m, Str number, int64_t position);
/* Books an instalment of a (new or known) document. */
void model_invoice(struct model *m, int customer, Str number, int position, int32_t issue, int32_t due, int64_t amount,
                   bool is_claim);
void model_apply_credit(struct model *m, Str credit, Str invoice);
/* Allocates; `today` decides what is issued. */
void model_pay(struct model *m, Str external_id, int64_t id, int customer, int document, int32_t date, int64_t amount,
               int32_t today);
void model_reverse(struct model *m, int payment);
void model_promise(struct model *m, int customer, int64_t amount, int32_t date, const int *documents, int document_count,
                   int32_t today);
int64_t model_spare(const struct model *m, int customer);          /* unapplied payments */
int64_t model_net(const struct model *m, int customer, int32_t today); /* owed and issued, less payments and credits unapplied */
int64_t model_document_open(const struct model *m, int document);
enum m_demand { DEMAND_NO, DEMAND_MAYBE, DEMAND_YES };
/* May this instalment be demanded on that day? MAYBE where a partly kept promise leaves it open. */
enum m_demand model_demand(const struct model *m, int instalment, int32_t today);
bool model_held(const struct model *m, int customer, int32_t today);

#endif
