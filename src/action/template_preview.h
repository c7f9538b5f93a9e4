/* A text made for a real customer from what is known of it now (REQ: D6). Needs a transaction. */
#ifndef ACTION_TEMPLATE_PREVIEW_H
#define ACTION_TEMPLATE_PREVIEW_H

#include "action/action.h"
#include "action/env.h"

/* By the parameters of PREVIEW_PARAMS. *out_example: something the kind speaks of is invented, as the customer has none. */
MUST_USE enum rc template_preview(struct ctx *cx, struct call *call, const struct plan_env *env,
                                  struct message_text *out_text, bool *out_example);

/* What a claim says to this customer, by everything else the company has chosen. */
MUST_USE enum rc template_preview_claim(struct ctx *cx, struct app *app, const struct plan_env *env, Str customer, struct message_text *out_text);

/* The same for a text that is not stored: `path` is its place in the library. `customer` among the call's parameters. */
MUST_USE enum rc template_preview_draft(struct ctx *cx, struct call *call, const struct plan_env *env, Str path, Str draft,
                                        struct message_text *out_text, bool *out_example);

#define PREVIEW_PARAMS                                                                                                 \
    {"customer", P_TEXT, REQUIRED, "code of the customer it is made for", NULL},                                       \
        {"kind", P_TEXT, OPTIONAL, "claim if not given; docs/ref/messages.md lists the kinds", NULL},                  \
        {"form", P_CHOICE, OPTIONAL, "email if not given", "email|sms|whatsapp|voice|voicemail|letter|call"},          \
        {"language", P_CHOICE, OPTIONAL, "the customer's if not given", "es|en|pt"},                                   \
        {"tone", P_CHOICE, OPTIONAL, "friendly if not given", "friendly|concern|firm"},                                \
        {"variant", P_TEXT, OPTIONAL, "the first if not given", NULL},                                                 \
        {"file", P_FILE, OPTIONAL, "a text that is not stored yet; its path says kind, form, tone and variant", NULL}

#endif
