/* Webhooks: addresses of other programs that are told what happens, signed, in order, again and again until they take it.
 *
 * Nothing is written when something happens: what a webhook is to be told follows from the timeline, whose numbers have no gaps. A
 * webhook has a cursor; events behind it become rows of webhook_delivery in the transaction that moves it, so that none is lost and
 * none comes twice into the queue, whenever a process dies. Sending is at least once: the receiver knows a repetition by its id.
 *
 * Order holds for each customer (and for what is about the company): of the open deliveries about one customer only the first is due.
 * Who made a webhook decides what it hears of: their customers, what they may see, both as they are now.
 *
 * This folder keeps and sends; what a delivery says is written by action/webhook_body.h. */
#ifndef HOOK_WEBHOOK_H
#define HOOK_WEBHOOK_H

#include "account/actor.h"
#include "store/db.h"

struct webhook_get_row;

#define HOOK_SECRET_TEXT 64 /* "whsec_…" with its end */
void hook_secret_make(char out_text[HOOK_SECRET_TEXT]);
/* As it is kept: sealed for this webhook (account/seal.h); in cx->arena. CONFLICT without the installation's key. */
MUST_USE enum rc hook_secret_seal(struct ctx *cx, int64_t hook_id, const char *text, Str *out_sealed);
/* The secrets that sign at that moment, in the arena; out_old.p NULL: only one does. False when the key that sealed them is gone, as
 * in a restored backup: the webhook needs another secret. */
bool hook_secrets(struct arena *arena, const struct webhook_get_row *hook, Instant now, Str *out_secret, Str *out_old);

/* The row's texts outlive the next query. */
void hook_keep(struct arena *arena, struct webhook_get_row *hook);

/* What a webhook may see: its maker now, with no more than they could when they made it. False: the maker is gone, or has
 * nothing left to see. */
bool hook_actor(const struct webhook_get_row *hook, int64_t company_id, struct actor *out_actor);

/* Makes deliveries of what happened since, at most HOOK_PIECE of them; writing transaction. *out_more: there is more to do. */
#define HOOK_PIECE 500
MUST_USE enum rc hook_fan_out(struct ctx *cx, const struct webhook_get_row *hook, bool *out_more);

/* What became of an attempt. */
struct hook_outcome {
    int64_t event_seq, part, customer_id, attempts; /* attempts: before this one */
    Instant tried_from;                             /* INSTANT_NONE: this was the first */
    int status;                                     /* 0: no answer */
    char answer[200];
    int64_t duration_ms;
};
/* Keeps outcomes: what arrived is closed and the next about the same customer becomes due; the rest is tried again later, a
 * single delivery given up after `days` in which others arrived. A webhook without any success for that long, or whose address
 * answers 410, switches itself off and keeps its queue (event webhook.off). Writing transaction. */
MUST_USE enum rc hook_settle(struct ctx *cx, int64_t hook_id, const struct hook_outcome *outcomes, size_t n, int64_t days);
/* Switches it off and tells why: 'failing', 'gone', 'maker', 'secret'. Writing transaction. */
MUST_USE enum rc hook_switch_off(struct ctx *cx, const struct webhook_get_row *hook, const char *why);

/* How long after the n-th attempt (1, 2, …) the next one comes. */
int64_t hook_pause_ms(int64_t attempts);

/* The name of a delivery, the same at every attempt: "3-5821-0". */
#define HOOK_DELIVERY_TEXT 64
Str hook_delivery_text(int64_t hook_id, int64_t event_seq, int64_t part, char text[HOOK_DELIVERY_TEXT]);
/* False when it is none of this webhook's. */
bool hook_delivery_parse(Str text, int64_t hook_id, int64_t *out_event_seq, int64_t *out_part);

#endif
