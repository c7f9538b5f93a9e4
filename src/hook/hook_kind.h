/* What a webhook can be told of: the one list of kinds (docs/ref/webhooks.md).
 *
 * They are the kinds of the timeline's events, and one more: invoice.booked, for each document an import booked. */
#ifndef HOOK_HOOK_KIND_H
#define HOOK_HOOK_KIND_H

#include "account/actor.h"

enum hook_object { HOOK_NOTHING, HOOK_CUSTOMER, HOOK_INVOICE, HOOK_PAYMENT, HOOK_MESSAGE };

struct hook_kind {
    const char *name;
    enum capability needs;    /* what whoever made the webhook must be allowed to see */
    enum hook_object object;  /* what a delivery carries beside the event: the answer of GET /customers/{code} and so on */
    const char *summary; /* a phrase (base/phrase.h) */
};

extern const struct hook_kind hook_kinds[];
extern const size_t hook_kind_count;

#define KIND_INVOICE_BOOKED "invoice.booked"
#define KIND_TEST "webhook.test"

const struct hook_kind *hook_kind_find(Str name);
/* Whether a list as a webhook keeps it ("payment.* message.sent") names the kind. */
bool hook_kinds_have(Str list, Str kind);
/* Checks and normalises what was asked for: kinds, families ("payment.*") or "*", by blanks or commas; in the arena. INVALID names the
 * unknown one, DENIED the scope the context's actor lacks. */
MUST_USE enum rc hook_kinds_parse(struct ctx *cx, const Str *words, size_t n, Str *out_list);

#endif
