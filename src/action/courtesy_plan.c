/* Which courtesies are due: one thank-you per payment, one forewarning per day. */
#include "action/courtesy_parts.h"

#include "courtesy_sql.h"
#include "plan/facts.h"
#include "plan/rehearse.h"

#define THANKS_DAYS 5 /* a payment older than that is history */

static enum rc add(struct ctx *cx, struct courtesy_add_params *p, Date today) {
    struct courtesy_next_id_row next;
    TRY(courtesy_next_id(cx, &next));
    p->id = next.id;
    p->planned_date = today;
    return courtesy_add(cx, p);
}

/* The wording whose turn it is after the last one. */
static enum rc next_variant(struct ctx *cx, const struct plan_env *env, const struct customer *c, Str *out_variant) {
    struct courtesy_last_variant_row last;
    bool found;
    Str variants[8];
    struct wording_query query = {.language = c->language,
                                  .kind = S("thanks"),
                                  .country = c->country,
                                  .sector = c->sector,
                                  .profile = c->profile,
                                  .is_person = c->is_person};
    size_t count = message_variants(env->policy.library, &query, variants, COUNT_OF(variants)), turn = 0;
    TRY(courtesy_last_variant(cx, &(struct courtesy_last_variant_params){.customer_id = c->id}, &last, &found));
    if (count > COUNT_OF(variants)) count = COUNT_OF(variants);
    for (size_t i = 0; found && i < count; i++)
        if (str_equal(variants[i], last.variant)) turn = i + 1;
    *out_variant = count ? variants[turn % count] : S("a");
    return OK;
}

/* Booked while this was the confirmed installation: what a restored copy finds booked was thanked for elsewhere. */
static enum rc booked_since(struct ctx *cx, Instant *out_since) {
    struct courtesy_confirmed_row row;
    bool found;
    TRY(courtesy_confirmed(cx, &row, &found));
    int64_t earliest = cx->now.ms - THANKS_DAYS * MS_PER_DAY;
    bool later = found && !instant_is_none(row.confirmed_at) && row.confirmed_at.ms > earliest;
    *out_since = (Instant){later ? row.confirmed_at.ms : earliest};
    return OK;
}

static enum rc plan_one(struct ctx *cx, const struct plan_env *env, const struct thanks_due_row *r, bool is_first) {
    struct courtesy_add_params p = {.kind = S("thanks"),
                                    .subject = arena_printf(cx->arena, "%lld", (long long)r->payment_id),
                                    .customer_id = r->customer_id,
                                    .has_customer_id = true,
                                    .payment_id = r->payment_id,
                                    .has_payment_id = true,
                                    .status = S("covered"),
                                    .address = S(""),
                                    .variant = S("")};
    struct planned_customer customer;
    if (!is_first) return add(cx, &p, env->scope.today);
    TRY(snapshot_load_one(cx, &env->scope, r->customer_id, &customer));
    const struct strategy *s = strategy_book_for(&env->book, &customer.snapshot.customer, customer.strategy_id);
    const struct contact *contact = facts_contact(&customer.snapshot, CHANNEL_EMAIL);
    bool is_active = s && !date_is_none(s->watermark) && date_compare(r->date, s->watermark) >= 0;
    if (!is_active || customer.snapshot.held || !contact) {
        p.status = S("refused");
    } else {
        p.status = S("planned");
        p.address = contact->address[CHANNEL_EMAIL];
        TRY(next_variant(cx, env, &customer.snapshot.customer, &p.variant));
    }
    return add(cx, &p, env->scope.today);
}

enum rc thanks_plan(struct ctx *cx, const struct plan_env *env) {
    VEC_OF(struct thanks_due_row) due = {0};
    Instant since;
    TRY(booked_since(cx, &since));
    {
        AUTO(thanks_due_close) struct thanks_due_cursor cursor;
        struct thanks_due_params p = {
            .since = date_add(env->scope.today, -THANKS_DAYS), .today = env->scope.today, .booked_since = since};
        TRY(thanks_due_open(cx, &p, &cursor));
        for (;;) {
            struct thanks_due_row row;
            bool more;
            TRY(thanks_due_next(cx, &cursor, &row, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &due) = row; /* ids and days only are used */
        }
    }
    for (size_t i = 0; i < due.count; i++)
        TRY(plan_one(cx, env, &due.items[i], i == 0 || due.items[i - 1].customer_id != due.items[i].customer_id));
    return OK;
}

/* ---- forewarning ---- */

static enum rc take_send(struct ctx *cx, void *self, const struct rehearsed *what) {
    struct sends *sends = self;
    (void)cx;
    sends->total++;
    if (sends->list.count >= FOREWARNED_MAX) return OK;
    *VEC_PUSH(sends->arena, &sends->list) = (struct message_send){.customer = arena_str(sends->arena, what->customer),
                                                                  .channel = arena_str(sends->arena, what->channel),
                                                                  .what = arena_str(sends->arena, what->step),
                                                                  .total = what->total};
    return OK;
}

/* What is read from a rehearsal lasts a record: an arena of its own keeps it until it is all there. */
enum rc forewarning_sends(struct ctx *cx, struct call *call, const struct plan_env *env, struct sends *out) {
    struct rehearsal rehearsal;
    struct rehearsal_span span = {
        .from = date_add(env->scope.today, 1), .days = 1, .run_minute = call->app->company.run_minute};
    AUTO(arena_release) struct arena *own = arena_new();
    struct sends read = {.arena = own};
    TRY(rehearse(cx, env, &span, call->app->data_dir, NULL, NULL, &rehearsal));
    enum rc rc = rehearsal_read(cx, &rehearsal, REHEARSED_MESSAGES, take_send, &read);
    rehearsal_done(&rehearsal);
    *out = (struct sends){.arena = cx->arena, .total = read.total};
    for (size_t i = 0; i < read.list.count; i++) {
        const struct message_send *x = &read.list.items[i];
        *VEC_PUSH(cx->arena, &out->list) = (struct message_send){.customer = arena_str(cx->arena, x->customer),
                                                                 .channel = arena_str(cx->arena, x->channel),
                                                                 .what = arena_str(cx->arena, x->what),
                                                                 .total = x->total};
    }
    return rc;
}

enum rc forewarning_plan(struct ctx *cx, struct call *call, const struct plan_env *env) {
    Str to = env->company.person_email;
    char day[DATE_TEXT];
    if (!to.n) return OK;
    Str tomorrow = date_iso(date_add(env->scope.today, 1), day);
    Str subject = arena_printf(cx->arena, "%.*s %.*s", STR_ARG(tomorrow), STR_ARG(to));
    struct courtesy_known_row known;
    struct sends sends;
    TRY(courtesy_known(cx, &(struct courtesy_known_params){.kind = S("forewarning"), .subject = subject}, &known));
    if (known.known) return OK;
    TRY(forewarning_sends(cx, call, env, &sends));
    if (!sends.total) return OK;
    struct courtesy_add_params p = {
        .kind = S("forewarning"), .subject = subject, .status = S("planned"), .address = to, .variant = S("a")};
    return add(cx, &p, env->scope.today);
}
