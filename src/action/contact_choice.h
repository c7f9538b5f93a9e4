/* When a company reaches people, beyond contact law: its profile, its place and its closed days. */
#ifndef ACTION_CONTACT_CHOICE_H
#define ACTION_CONTACT_CHOICE_H

#include "action/app.h"
#include "strategy/company_days.h"

struct contact_choice {
    Str profile; /* house, hours, none; empty: as aldia.conf says */
    Str region;  /* of the company's country; empty: none */
    bool keeps_holidays;
    VEC_OF(struct closed_day) days;
};

/* As it is kept, in cx->arena. Needs a transaction. */
MUST_USE enum rc contact_choice_load(struct ctx *cx, const struct app *app, struct contact_choice *out_choice);
/* Puts it into a policy, which refers to it from then on. */
MUST_USE enum rc contact_choice_apply(struct ctx *cx, const struct app *app, const struct contact_choice *choice, struct policy *policy);
/* The profile in force, as aldia.conf writes it. */
Str contact_choice_profile(const struct app *app, const struct contact_choice *choice);
/* Keeps profile, region and holidays; writes no days. Writing transaction. */
MUST_USE enum rc contact_choice_keep(struct ctx *cx, const struct contact_choice *choice);

#endif
