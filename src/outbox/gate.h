/* The gate: the one function between a planned message and its channel (domain.md 4, REQ: B10, INV: I5 I6 I20).
 *
 * It decides anew, in the writing transaction, with everything that is committed by then. Private to the outbox. */
#ifndef OUTBOX_GATE_H
#define OUTBOX_GATE_H

#include "outbox/outbox.h"
#include "plan/facts.h"

/* A message on its way, owned by its sender. */
struct outgoing {
    struct arena *arena; /* of its own: a message passes from thread to thread */
    int64_t action_id, customer_id, fence;
    Str address; /* as claimed */
    Str message_id, thread_id;
    bool resend; /* the kept bytes, under the same Message-ID, or nothing */
    unsigned char print[FACTS_PRINT_SIZE];
    bool is_prepared; /* print and body hold */
    bool has_failed;  /* it could not be prepared: `fault` says why */
    char fault[256];
    struct buf body;   /* the final bytes */
    struct buf packed; /* the same, deflated */
};

struct gate_answer {
    bool allowed;
    enum reason_code code; /* when not */
    bool is_final;         /* refused for good (its pairs are freed); else it waits */
    Instant not_before;    /* when it waits for a moment */
    const struct planned_customer *customer;
    const struct decision *decision;
    struct message_facts facts;
};

/* The env of a moment: the same with another now. */
struct plan_env env_at(const struct plan_env *env, Instant now);
/* What holds for all messages: kill switch, instance, freshness. */
MUST_USE enum rc gate_open(struct ctx *cx, const struct outbox_config *config, bool *out_open,
                           enum reason_code *out_code);
/* The decision about a customer, as read in this transaction, compared with what is to be sent. Needs the transaction
 * for a resend: what it stated is compared too. */
MUST_USE enum rc gate_check(struct ctx *cx, const struct plan_env *env, const struct planned_customer *customer,
                            int64_t action_id, Str address, struct gate_answer *out_answer);

/* What would be sent to a customer now, for people to read before they approve. *out_any false: nothing would. */
MUST_USE enum rc gate_preview(struct ctx *cx, const struct plan_env *env, int64_t customer_id, bool *out_any,
                              struct message_text *out_text);

/* Text, MIME, signature and the packed copy, from the facts. */
MUST_USE enum rc prepare_body(struct ctx *cx, const struct outbox_config *config, const struct message_facts *facts,
                              Str contact_name, struct outgoing *message);

/* For one that is resent: the bytes as they are kept, checked against their hash. */
MUST_USE enum rc prepare_kept(struct ctx *cx, struct outgoing *message);

#endif
