/* Gathering, and the fingerprint that lets the gate see whether a text is still true. */
#include "plan/facts.h"

#include <nettle/sha2.h>
#include <stdio.h>

static struct message_item message_item_of(const struct item *i, Date today, bool demanded) {
    return (struct message_item){.number = i->number,
                                 .position = i->position,
                                 .instalment_count = i->instalment_count,
                                 .type = i->type,
                                 .issue_date = i->issue_date,
                                 .due_date = i->due_date,
                                 .amount = i->amount,
                                 .open = i->open,
                                 .days_overdue = date_diff(today, i->due_date),
                                 .demanded = demanded,
                                 .disputed = i->disputed,
                                 .promised_until = i->promised_until,
                                 .reference = i->reference};
}

static bool is_decided(const struct decision *d, const struct item *item) {
    for (size_t i = 0; i < d->item_count; i++)
        if (d->items[i].item == item) return true;
    return false;
}

/* What went before, for texts that answer it. */
static struct message_history history_of(const struct plan_env *env, const struct planned_customer *c) {
    const struct snapshot *s = &c->snapshot;
    struct message_history h = {.last_message = DATE_NONE, .last_reply = DATE_NONE, .last_promise = DATE_NONE};
    if (!instant_is_none(s->last_message_at)) h.last_message = zone_date(env->scope.zone, s->last_message_at);
    if (!instant_is_none(s->last_reply_at)) h.last_reply = zone_date(env->scope.zone, s->last_reply_at);
    if (c->promise_count == 0) return h;
    const struct promise_cover *last = &c->promises[c->promise_count - 1];
    h.last_promise = last->date;
    h.promised = last->amount;
    h.is_kept = last->kept;
    return h;
}

struct message_facts facts_of(struct arena *arena, const struct plan_env *env, const struct planned_customer *c,
                              const struct decision *d) {
    const struct snapshot *s = &c->snapshot;
    struct message_item *items = ARENA_ARRAY(arena, struct message_item, d->item_count + s->item_count);
    size_t n = 0;
    Date broken = DATE_NONE;
    for (size_t i = 0; i < d->item_count; i++) {
        const struct item *item = d->items[i].item;
        items[n++] = message_item_of(item, env->scope.today, d->items[i].step != NULL);
        if (!date_is_none(item->broken_promise) &&
            (date_is_none(broken) || date_compare(item->broken_promise, broken) > 0))
            broken = item->broken_promise;
    }
    for (size_t i = 0; i < s->item_count; i++) { /* what is in dispute or promised is told apart, never demanded */
        const struct item *item = &s->items[i];
        bool issued = date_compare(item->issue_date, env->scope.today) <= 0;
        bool apart = item->disputed || !date_is_none(item->promised_until);
        if (issued && apart && !is_decided(d, item)) items[n++] = message_item_of(item, env->scope.today, false);
    }
    return (struct message_facts){.company = env->company,
                                  .customer = s->customer,
                                  .contact_name = d->contact ? d->contact->name : S(""),
                                  .kind = d->template_kind,
                                  .form = message_form_of(d->channel),
                                  .tone = d->tone,
                                  .variant = d->variant,
                                  .language = d->contact && d->contact->language.n ? d->contact->language
                                                                                   : s->customer.language,
                                  .today = env->scope.today,
                                  .items = items,
                                  .item_count = n,
                                  .credits = s->credits,
                                  .credit_count = s->credit_count,
                                  .history = history_of(env, c),
                                  .broken_promise = broken};
}

const struct contact *facts_contact(const struct snapshot *s, enum channel_kind channel) {
    for (size_t i = 0; i < s->contact_count; i++)
        if (s->contacts[i].state[channel] == ADDRESS_OK && !str_is(s->contacts[i].role, "seller"))
            return &s->contacts[i];
    return NULL;
}

struct message_facts facts_about(struct arena *arena, const struct plan_env *env, const struct planned_customer *c,
                                 const struct contact *contact, Str kind) {
    const struct snapshot *s = &c->snapshot;
    struct decided_item *items = ARENA_ARRAY(arena, struct decided_item, s->item_count);
    size_t n = 0;
    for (size_t i = 0; i < s->item_count; i++) {
        const struct item *item = &s->items[i];
        if (date_compare(item->issue_date, env->scope.today) > 0 || item->disputed ||
            !date_is_none(item->promised_until))
            continue;
        items[n++] = (struct decided_item){.item = item};
    }
    struct decision d = {.items = items,
                         .item_count = n,
                         .contact = contact,
                         .channel = CHANNEL_EMAIL,
                         .template_kind = kind,
                         .variant = S("a")};
    return facts_of(arena, env, c, &d);
}

static void add_text(struct sha256_ctx *h, Str s) {
    uint64_t n = s.n;
    sha256_update(h, sizeof n, (const uint8_t *)&n);
    if (s.n) sha256_update(h, s.n, (const uint8_t *)s.p);
}

static void add_number(struct sha256_ctx *h, int64_t n) { sha256_update(h, sizeof n, (const uint8_t *)&n); }

static void add_money(struct sha256_ctx *h, Money m) {
    add_number(h, m.minor);
    add_number(h, m.currency.packed);
}

static void add_company(struct sha256_ctx *h, const struct message_company *c) {
    const Str texts[] = {c->name,         c->country,      c->tax_id,       c->address,    c->person_name,
                         c->person_phone, c->person_email, c->person_hours, c->ways_to_pay};
    for (size_t i = 0; i < COUNT_OF(texts); i++) add_text(h, texts[i]);
    for (size_t i = 0; i < c->way_count; i++) {
        const struct message_way *w = &c->ways[i];
        const Str way[] = {w->code,          w->bank, w->number, w->account_type, w->bic,     w->holder,
                           w->holder_tax_id, w->city, w->note,   w->country,      w->currency};
        add_number(h, w->scheme);
        for (size_t k = 0; k < COUNT_OF(way); k++) add_text(h, way[k]);
    }
}

static void add_payment(struct sha256_ctx *h, const struct message_payment *p) {
    add_number(h, p != NULL);
    if (!p) return;
    add_money(h, p->amount);
    add_number(h, p->date.day);
    add_text(h, p->reference);
}

static void add_case(struct sha256_ctx *h, const struct message_facts *f) {
    add_payment(h, f->payment);
    add_payment(h, f->reported);
    const int64_t there[] = {f->promise != NULL, f->plan != NULL, f->dispute != NULL, f->discount != NULL};
    for (size_t i = 0; i < COUNT_OF(there); i++) add_number(h, there[i]);
    if (f->promise) {
        add_money(h, f->promise->amount);
        add_number(h, f->promise->date.day);
    }
    if (f->plan) {
        const int64_t fields[] = {f->plan->position, f->plan->count, f->plan->date.day};
        for (size_t i = 0; i < COUNT_OF(fields); i++) add_number(h, fields[i]);
        add_money(h, f->plan->amount);
        add_money(h, f->plan->total);
    }
    if (f->dispute) {
        add_text(h, f->dispute->reason);
        add_text(h, f->dispute->answer);
        const int64_t fields[] = {f->dispute->is_answered, f->dispute->is_accepted, f->dispute->date.day};
        for (size_t i = 0; i < COUNT_OF(fields); i++) add_number(h, fields[i]);
    }
    if (f->discount) {
        add_number(h, f->discount->percent);
        add_money(h, f->discount->amount);
        add_number(h, f->discount->until.day);
    }
    add_number(h, f->with_statement);
    add_number(h, (int64_t)f->attachment_count);
    for (size_t i = 0; i < f->attachment_count; i++) {
        const struct message_attachment *a = &f->attachments[i];
        add_text(h, a->number);
        add_text(h, a->name);
        add_text(h, a->hash);
        add_number(h, a->is_left_out);
    }
    add_number(h, (int64_t)f->missing_count);
    for (size_t i = 0; i < f->missing_count; i++) add_text(h, f->missing[i]);
    add_number(h, f->suspend_on.day);
    add_number(h, f->form);
}

void facts_print(const struct message_facts *f, unsigned char out_print[FACTS_PRINT_SIZE]) {
    struct sha256_ctx h;
    sha256_init(&h);
    add_company(&h, &f->company);
    const Str texts[] = {f->customer.code,    f->customer.name,   f->customer.country, f->customer.sector,
                         f->customer.profile, f->customer.tax_id, f->contact_name,     f->kind,
                         f->variant,          f->language,        f->unsubscribe_url,  f->unsubscribe_mailto};
    for (size_t i = 0; i < COUNT_OF(texts); i++) add_text(&h, texts[i]);
    const int64_t numbers[] = {f->customer.is_person,
                               f->tone,
                               f->today.day,
                               f->broken_promise.day,
                               (int64_t)f->item_count,
                               (int64_t)f->credit_count,
                               f->history.last_message.day,
                               f->history.last_reply.day,
                               f->history.last_promise.day,
                               f->history.promised.minor,
                               (int64_t)f->history.promised.currency.packed,
                               f->history.is_kept,
                               (int64_t)f->company.way_count};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) add_number(&h, numbers[i]);
    for (size_t i = 0; i < f->item_count; i++) {
        const struct message_item *x = &f->items[i];
        const int64_t fields[] = {x->position,       x->instalment_count, x->type,
                                  x->issue_date.day, x->due_date.day,     x->days_overdue,
                                  x->demanded,       x->disputed,         x->promised_until.day};
        add_text(&h, x->number);
        add_text(&h, x->reference);
        add_money(&h, x->amount);
        add_money(&h, x->open);
        for (size_t k = 0; k < COUNT_OF(fields); k++) add_number(&h, fields[k]);
    }
    for (size_t i = 0; i < f->credit_count; i++) add_money(&h, f->credits[i].unapplied);
    add_case(&h, f);
    sha256_digest(&h, FACTS_PRINT_SIZE, out_print);
}
