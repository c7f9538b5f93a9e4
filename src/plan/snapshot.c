/* Ordered lists merged by customer: each reader below takes the rows of one query and hands them to the customer they
 * belong to. */
#include "plan/snapshot.h"

#include <string.h>

#include "base/buf.h"
#include "snapshot_sql.h"

#define HISTORY_DAYS 400
#define PAST_DAYS 15
#define VARIANTS_KEPT 12

/* Growing lists of the customer being filled, by position in the set. */
struct growing {
    VEC_OF(struct contact) contacts;
    VEC_OF(struct item) items;
    VEC_OF(int64_t) documents; /* beside items */
    VEC_OF(struct credit) credits;
    VEC_OF(struct past_contact) past;
    VEC_OF(struct pending_action) pending;
    VEC_OF(struct past_message) history;
    VEC_OF(struct promise_cover) promises;
};

struct loader {
    struct ctx *cx;
    const struct snapshot_scope *scope;
    struct planned_customer *customers;
    struct growing *lists;
    size_t count, at; /* rows come ordered by customer: `at` only moves forward within a query */
    Str ids;          /* of all customers, "1,2,3" */
};

/* The position of a customer, or false for one that is not in the set. */
static bool seek(struct loader *l, int64_t customer_id) {
    while (l->at < l->count && l->customers[l->at].snapshot.customer.id < customer_id) l->at++;
    return l->at < l->count && l->customers[l->at].snapshot.customer.id == customer_id;
}

static Str kept(struct arena *arena, Str s) { return s.n ? arena_str(arena, s) : S(""); }
static Str keep(struct loader *l, Str s) { return kept(l->cx->arena, s); }

static void set_way(struct contact *c, enum channel_kind channel, Str address, Str state, Str opt_outs) {
    c->address[channel] = address;
    c->state[channel] = !address.n                         ? ADDRESS_MISSING
                        : channel_listed(opt_outs, channel) ? ADDRESS_OPTED_OUT
                        : str_is(state, "bounced")          ? ADDRESS_BOUNCED
                                                            : ADDRESS_OK;
}

static enum rc load_contacts(struct loader *l) {
    AUTO(plan_contacts_close) struct plan_contacts_cursor cursor;
    TRY(plan_contacts_open(l->cx, &(struct plan_contacts_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_contacts_row r;
        bool more;
        TRY(plan_contacts_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        struct contact *c = VEC_PUSH(l->cx->arena, &l->lists[l->at].contacts);
        *c = (struct contact){
            .id = r.id, .name = keep(l, r.name), .role = keep(l, r.role), .language = keep(l, r.language)};
        Str email = keep(l, r.email), phone = keep(l, r.phone), whatsapp = keep(l, r.whatsapp);
        set_way(c, CHANNEL_EMAIL, email, r.email_state, r.opt_outs);
        set_way(c, CHANNEL_SMS, phone, r.phone_state, r.opt_outs);
        set_way(c, CHANNEL_CALL, phone, r.phone_state, r.opt_outs);
        set_way(c, CHANNEL_WHATSAPP, whatsapp, r.whatsapp_state, r.opt_outs);
        if (channel_listed(r.opt_outs, CHANNEL_LETTER)) c->state[CHANNEL_LETTER] = ADDRESS_OPTED_OUT;
        channel_kind_parse(r.preferred, &c->preferred);
        contact_hours_parse(r.hours, &c->hours_from_s, &c->hours_to_s);
    }
}

/* The lines below the name, as they are printed; the country when it is another than the company's. */
static Str address_of(struct loader *l, const struct plan_addresses_row *r) {
    struct buf b = buf_make(4096);
    buf_add(&b, str_trim(r->street));
    buf_printf(&b, "\n%.*s%s%.*s", STR_ARG(r->postal_code), r->postal_code.n ? " " : "", STR_ARG(r->city));
    if (r->region.n) buf_printf(&b, "%s%.*s", r->city.n ? ", " : "", STR_ARG(r->region));
    if (r->country.n && !str_equal(r->country, l->scope->country)) buf_printf(&b, "\n%.*s", STR_ARG(r->country));
    Str text = arena_str(l->cx->arena, str_trim(buf_str(&b)));
    buf_done(&b);
    return text;
}

static enum rc load_addresses(struct loader *l) {
    if (!l->scope->with_letters) return OK;
    AUTO(plan_addresses_close) struct plan_addresses_cursor cursor;
    TRY(plan_addresses_open(l->cx, &(struct plan_addresses_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_addresses_row r;
        bool more;
        TRY(plan_addresses_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        struct growing *g = &l->lists[l->at];
        Str address = address_of(l, &r);
        for (size_t i = 0; i < g->contacts.count; i++) {
            struct contact *c = &g->contacts.items[i];
            c->address[CHANNEL_LETTER] = address;
            if (c->state[CHANNEL_LETTER] != ADDRESS_OPTED_OUT)
                c->state[CHANNEL_LETTER] = str_is(r.state, "ok") ? ADDRESS_OK : ADDRESS_BOUNCED;
        }
    }
}

/* One sum per currency, as long as a sum can hold it. */
static void add_credit(struct loader *l, Money unapplied) {
    struct growing *g = &l->lists[l->at];
    for (size_t i = 0; i < g->credits.count; i++) {
        Money *sum = &g->credits.items[i].unapplied;
        if (currency_equal(sum->currency, unapplied.currency) && sum->minor <= INT64_MAX - unapplied.minor) {
            sum->minor += unapplied.minor;
            return;
        }
    }
    VEC_PUSH(l->cx->arena, &g->credits)->unapplied = unapplied;
}

static enum rc load_items(struct loader *l) {
    AUTO(plan_items_close) struct plan_items_cursor cursor;
    TRY(plan_items_open(l->cx, &(struct plan_items_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_items_row r;
        bool more;
        TRY(plan_items_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        if (!r.is_claim) {
            add_credit(l, money_make(r.open, r.currency));
            continue;
        }
        struct item *i = VEC_PUSH(l->cx->arena, &l->lists[l->at].items);
        *i = (struct item){.instalment_id = r.id,
                           .number = S(""),
                           .position = (int32_t)r.position,
                           .issue_date = r.issue_date,
                           .due_date = r.due_date,
                           .amount = money_make(r.amount, r.currency),
                           .open = money_make(r.open, r.currency),
                           .reference = S(""),
                           .description = S(""),
                           .held_until = DATE_NONE,
                           .promised_until = DATE_NONE,
                           .broken_promise = DATE_NONE};
        *VEC_PUSH(l->cx->arena, &l->lists[l->at].documents) = r.document_id;
    }
}

/* Both lists come in the same order, so that they are walked side by side. */
static enum rc load_item_texts(struct loader *l) {
    AUTO(plan_item_texts_close) struct plan_item_texts_cursor cursor;
    TRY(plan_item_texts_open(l->cx, &(struct plan_item_texts_params){.ids = l->ids}, &cursor));
    for (size_t c = 0; c < l->count; c++)
        for (size_t i = 0; i < l->lists[c].items.count; i++) {
            struct item *item = &l->lists[c].items.items[i];
            struct plan_item_texts_row r;
            bool more;
            TRY(plan_item_texts_next(l->cx, &cursor, &r, &more));
            if (!more || r.id != item->instalment_id) return fail(l->cx, INTERNAL, "instalments without documents");
            if (!document_type_parse(r.type, &item->type))
                return fail(l->cx, INTERNAL, "unknown document type in the database");
            item->number = keep(l, r.number);
            item->reference = keep(l, r.reference);
            item->description = keep(l, r.description);
        }
    return OK;
}

/* Instalments of a document that has several are told apart by their number. */
static void count_instalments(struct growing *g) {
    for (size_t i = 0; i < g->items.count; i++) {
        int32_t same = 0, highest = g->items.items[i].position;
        for (size_t k = 0; k < g->items.count && g->items.count < 200; k++)
            if (g->documents.items[k] == g->documents.items[i]) {
                same++;
                if (g->items.items[k].position > highest) highest = g->items.items[k].position;
            }
        g->items.items[i].instalment_count = highest > same ? highest : same;
        if (g->items.items[i].instalment_count == 0) g->items.items[i].instalment_count = 1;
    }
}

static enum rc load_credits(struct loader *l) {
    AUTO(plan_credits_close) struct plan_credits_cursor cursor;
    TRY(plan_credits_open(l->cx, &(struct plan_credits_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_credits_row r;
        bool more;
        TRY(plan_credits_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (seek(l, r.customer_id)) add_credit(l, money_make(r.unapplied, r.currency));
    }
}

static struct item *find_item(struct growing *g, int64_t instalment_id) {
    for (size_t i = 0; i < g->items.count; i++)
        if (g->items.items[i].instalment_id == instalment_id) return &g->items.items[i];
    return NULL;
}

/* Appends to the item's progress; rows of one instalment come one after the other, so the array grows at its end. */
static void add_progress(struct loader *l, struct item *item, Str step, const struct plan_progress_row *r,
                         bool skipped) {
    struct progress *grown = ARENA_ARRAY(l->cx->arena, struct progress, item->progress_count + 1);
    if (item->progress_count) memcpy(grown, item->progress, item->progress_count * sizeof *grown);
    grown[item->progress_count++] = (struct progress){.step = keep(l, step),
                                                      .occurrence = skipped ? 0 : (int32_t)r->occurrence,
                                                      .skipped = skipped,
                                                      .date = r->planned_date};
    item->progress = grown;
}

static enum rc load_progress(struct loader *l) {
    AUTO(plan_progress_close) struct plan_progress_cursor cursor;
    TRY(plan_progress_open(l->cx, &(struct plan_progress_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_progress_row r;
        bool more;
        TRY(plan_progress_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        struct item *item = seek(l, r.customer_id) ? find_item(&l->lists[l->at], r.instalment_id) : NULL;
        if (!item) continue;
        add_progress(l, item, r.step, &r, false);
        for (Str rest = r.skipped; rest.p && rest.n;) add_progress(l, item, str_cut(&rest, ','), &r, true);
    }
}

static enum rc load_pending(struct loader *l) {
    AUTO(plan_pending_close) struct plan_pending_cursor cursor;
    TRY(plan_pending_open(l->cx, &(struct plan_pending_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_pending_row r;
        bool more;
        TRY(plan_pending_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        enum ladder ladder = str_is(r.ladder, "message") ? LADDER_MESSAGE
                             : str_is(r.ladder, "task")  ? LADDER_TASK
                                                         : LADDER_STATE;
        *VEC_PUSH(l->cx->arena, &l->lists[l->at].pending) =
            (struct pending_action){.id = r.id,
                                    .ladder = ladder,
                                    .step = keep(l, r.step),
                                    .status = keep(l, r.status),
                                    .reason = keep(l, r.reason),
                                    .address = keep(l, r.address),
                                    .claimed_by = keep(l, r.claimed_by),
                                    .confirmed_step = keep(l, r.confirmed_step),
                                    .resend = r.resend,
                                    .handed_at = r.handed_at,
                                    .fence = r.fence,
                                    .attempts = r.attempts,
                                    .not_before = r.not_before,
                                    .lease_until = r.lease_until};
    }
}

/* Of several the one that lasts longest. */
static bool lasts_longer(bool held, Date held_until, Date until) {
    if (!held) return true;
    return !date_is_none(held_until) && (date_is_none(until) || date_compare(until, held_until) > 0);
}

static void hold_document(struct growing *g, int64_t document_id, Date until) {
    for (size_t i = 0; i < g->items.count; i++) {
        struct item *item = &g->items.items[i];
        if (g->documents.items[i] != document_id || !lasts_longer(item->held, item->held_until, until)) continue;
        item->held = true;
        item->held_until = until;
    }
}

static enum rc load_holds(struct loader *l) {
    AUTO(plan_holds_close) struct plan_holds_cursor cursor;
    struct plan_holds_params range = {.ids = l->ids, .today = l->scope->today};
    TRY(plan_holds_open(l->cx, &range, &cursor));
    for (l->at = 0;;) {
        struct plan_holds_row r;
        bool more;
        TRY(plan_holds_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        struct snapshot *s = &l->customers[l->at].snapshot;
        if (r.has_document_id) {
            hold_document(&l->lists[l->at], r.document_id, r.until_date);
            continue;
        }
        if (lasts_longer(s->held, s->held_until, r.until_date)) {
            s->held_until = r.until_date;
            s->hold_reason = keep(l, r.reason);
        }
        s->held = true;
    }
}

static enum rc load_disputes(struct loader *l) {
    AUTO(plan_disputes_close) struct plan_disputes_cursor cursor;
    TRY(plan_disputes_open(l->cx, &(struct plan_disputes_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_disputes_row r;
        bool more;
        TRY(plan_disputes_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        struct growing *g = &l->lists[l->at];
        for (size_t i = 0; i < g->items.count; i++)
            if (g->documents.items[i] == r.document_id) g->items.items[i].disputed = true;
    }
}

static enum rc load_promises(struct loader *l) {
    AUTO(plan_promises_close) struct plan_promises_cursor cursor;
    TRY(plan_promises_open(l->cx, &(struct plan_promises_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_promises_row r;
        bool more;
        TRY(plan_promises_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        struct growing *g = &l->lists[l->at];
        *VEC_PUSH(l->cx->arena, &g->promises) = (struct promise_cover){
            .promise_id = r.id, .item = find_item(g, r.instalment_id), .date = r.date, .amount = money_make(r.amount, r.currency), .kept = r.kept};
    }
}

static enum rc load_past(struct loader *l) {
    AUTO(plan_past_close) struct plan_past_cursor cursor;
    struct plan_past_params range = {.ids = l->ids, .since = {l->cx->now.ms - PAST_DAYS * MS_PER_DAY}};
    TRY(plan_past_open(l->cx, &range, &cursor));
    for (l->at = 0;;) {
        struct plan_past_row r;
        bool more;
        TRY(plan_past_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        enum channel_kind channel;
        if (!seek(l, r.customer_id) || !channel_kind_parse(r.channel, &channel)) continue;
        *VEC_PUSH(l->cx->arena, &l->lists[l->at].past) = (struct past_contact){
            .at = r.at, .channel = channel, .conversation = r.conversation, .item_count = (int32_t)r.item_count};
    }
}

static enum rc load_replies(struct loader *l) {
    AUTO(plan_replies_close) struct plan_replies_cursor cursor;
    TRY(plan_replies_open(l->cx, &(struct plan_replies_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_replies_row r;
        bool more;
        TRY(plan_replies_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (seek(l, r.customer_id)) l->customers[l->at].snapshot.last_reply_at = r.at;
    }
}

static enum rc load_history(struct loader *l) {
    AUTO(plan_history_close) struct plan_history_cursor cursor;
    struct plan_history_params range = {.ids = l->ids, .since = {l->cx->now.ms - HISTORY_DAYS * MS_PER_DAY}};
    TRY(plan_history_open(l->cx, &range, &cursor));
    for (l->at = 0;;) {
        struct plan_history_row r;
        bool more;
        TRY(plan_history_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!seek(l, r.customer_id)) continue;
        struct past_message *m = VEC_PUSH(l->cx->arena, &l->lists[l->at].history);
        *m = (struct past_message){.at = r.handed_at, .template = keep(l, r.template), .variant = keep(l, r.variant)};
        m->has_tone = tone_parse(r.tone, &m->tone);
        l->customers[l->at].thread_id = keep(l, r.thread_id);
    }
}

static enum rc load_last_payments(struct loader *l) {
    AUTO(plan_last_payments_close) struct plan_last_payments_cursor cursor;
    TRY(plan_last_payments_open(l->cx, &(struct plan_last_payments_params){.ids = l->ids}, &cursor));
    for (l->at = 0;;) {
        struct plan_last_payments_row r;
        bool more;
        TRY(plan_last_payments_next(l->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (seek(l, r.customer_id)) l->customers[l->at].last_payment = r.date;
    }
}

static void settle_promises(const struct snapshot_scope *scope, struct planned_customer *c) {
    for (size_t i = 0; i < c->snapshot.item_count; i++)
        c->items[i].promised_until = c->items[i].broken_promise = DATE_NONE;
    c->snapshot.broken_promises = 0;
    int64_t counted = 0;
    for (size_t i = 0; i < c->promise_count; i++) {
        const struct promise_cover *p = &c->promises[i];
        if (p->kept) continue;
        if (date_compare(p->date, scope->today) >= 0) {
            if (p->item &&
                (date_is_none(p->item->promised_until) || date_compare(p->date, p->item->promised_until) > 0))
                p->item->promised_until = p->date;
            continue;
        }
        if (p->item) p->item->broken_promise = p->date;
        if (p->promise_id != counted) c->snapshot.broken_promises++;
        counted = p->promise_id;
    }
}

/* Room for the longest list of wordings that is kept. */
#define WORDINGS_MAX 65536

static void settle_history(struct arena *arena, const struct snapshot_scope *scope, Instant now,
                           struct planned_customer *c) {
    struct snapshot *s = &c->snapshot;
    s->last_message_at = INSTANT_NONE;
    s->has_last_tone = false;
    s->silent_reminders = 0;
    s->used_variants = S("");
    if (c->history_count == 0) return;
    struct buf wordings = buf_make(WORDINGS_MAX);
    for (size_t i = 0; i < c->history_count; i++) {
        const struct past_message *m = &c->history[i];
        if (m->at.ms < now.ms - HISTORY_DAYS * MS_PER_DAY) break;
        if (instant_is_none(s->last_message_at)) {
            s->last_message_at = m->at;
            s->last_tone = m->tone;
            s->has_last_tone = m->has_tone;
        }
        if (s->silent_reminders < VARIANTS_KEPT)
            buf_printf(&wordings, "%s%.*s:%.*s", wordings.n ? "," : "", STR_ARG(m->template), STR_ARG(m->variant));
        bool answered =
            m->at.ms <= s->last_reply_at.ms ||
            (!date_is_none(c->last_payment) && date_compare(zone_date(scope->zone, m->at), c->last_payment) < 0);
        if (!answered) s->silent_reminders++;
    }
    s->used_variants = arena_str(arena, buf_str(&wordings));
    buf_done(&wordings);
}

void snapshot_settle(struct arena *arena, const struct snapshot_scope *scope, Instant now, struct planned_customer *c) {
    settle_promises(scope, c);
    settle_history(arena, scope, now, c);
    struct snapshot *s = &c->snapshot;
    while (s->past_count && s->past[s->past_count - 1].at.ms < now.ms - PAST_DAYS * MS_PER_DAY) s->past_count--;
}

static void finish(struct loader *l) {
    for (size_t i = 0; i < l->count; i++) {
        struct snapshot *s = &l->customers[i].snapshot;
        struct growing *g = &l->lists[i];
        count_instalments(g);
        s->contacts = g->contacts.items;
        s->contact_count = g->contacts.count;
        s->items = g->items.items;
        s->item_count = g->items.count;
        s->credits = g->credits.items;
        s->credit_count = g->credits.count;
        s->past = g->past.items;
        s->past_count = g->past.count;
        struct planned_customer *c = &l->customers[i];
        c->items = g->items.items;
        c->pending = g->pending.items;
        c->pending_count = g->pending.count;
        c->history = g->history.items;
        c->history_count = g->history.count;
        c->promises = g->promises.items;
        c->promise_count = g->promises.count;
        snapshot_settle(l->cx->arena, l->scope, l->cx->now, c);
    }
}

static enum rc load_all(struct loader *l) {
    l->lists = ARENA_ARRAY(l->cx->arena, struct growing, l->count);
    struct buf ids = buf_make(l->count * 24 + 1);
    for (size_t i = 0; i < l->count; i++) {
        if (i) buf_add_char(&ids, ',');
        buf_add_i64(&ids, l->customers[i].snapshot.customer.id);
    }
    l->ids = arena_str(l->cx->arena, buf_str(&ids));
    buf_done(&ids);
    TRY(load_contacts(l));
    TRY(load_addresses(l));
    TRY(load_items(l));
    if (!l->scope->without_texts) TRY(load_item_texts(l));
    TRY(load_credits(l));
    TRY(load_progress(l));
    TRY(load_pending(l));
    TRY(load_holds(l));
    TRY(load_disputes(l));
    TRY(load_promises(l));
    TRY(load_past(l));
    TRY(load_replies(l));
    TRY(load_last_payments(l));
    TRY(load_history(l));
    finish(l);
    return OK;
}

static void set_customer(struct ctx *cx, const struct snapshot_scope *scope, const struct plan_customers_row *r,
                         struct planned_customer *out) {
    struct arena *a = cx->arena;
    *out = (struct planned_customer){
        .strategy_id = r->has_strategy_id ? r->strategy_id : 0, .thread_id = S(""), .last_payment = DATE_NONE};
    out->snapshot = (struct snapshot){.held_until = DATE_NONE,
                                      .hold_reason = S(""),
                                      .last_message_at = INSTANT_NONE,
                                      .last_reply_at = INSTANT_NONE,
                                      .used_variants = S("")};
    out->snapshot.customer = (struct customer){.id = r->id,
                                               .code = arena_str(a, r->code),
                                               .name = arena_str(a, r->name),
                                               .is_person = str_is(r->kind, "person"),
                                               .country = r->country.n ? arena_str(a, r->country) : scope->country,
                                               .region = kept(a, r->region),
                                               .language = r->language.n ? arena_str(a, r->language) : scope->language,
                                               .zone = kept(a, r->zone),
                                               .segment = kept(a, r->segment),
                                               .sector = kept(a, r->sector),
                                               .tax_id = kept(a, r->tax_id),
                                               .profile = kept(a, r->profile)};
}

enum rc snapshot_load(struct ctx *cx, const struct snapshot_scope *scope, int64_t after, size_t limit,
                      struct snapshot_set *out_set) {
    struct loader l = {.cx = cx, .scope = scope, .customers = ARENA_ARRAY(cx->arena, struct planned_customer, limit)};
    {
        AUTO(plan_customers_close) struct plan_customers_cursor cursor;
        TRY(plan_customers_open(cx, &(struct plan_customers_params){
                .after = after, .limit = (int64_t)limit, .for_viewer = scope->for_viewer}, &cursor));
        for (;;) {
            struct plan_customers_row r;
            bool more;
            TRY(plan_customers_next(cx, &cursor, &r, &more));
            if (!more) break;
            set_customer(cx, scope, &r, &l.customers[l.count++]);
        }
    }
    if (l.count) TRY(load_all(&l));
    *out_set = (struct snapshot_set){.items = l.customers,
                                     .count = l.count,
                                     .last_id = l.count == limit ? l.customers[l.count - 1].snapshot.customer.id : 0};
    return OK;
}

enum rc snapshot_load_set(struct ctx *cx, const struct snapshot_scope *scope, const int64_t *ids, size_t count,
                          struct snapshot_set *out_set) {
    struct loader l = {
        .cx = cx, .scope = scope, .customers = ARENA_ARRAY(cx->arena, struct planned_customer, count + 1)};
    struct buf text = buf_make(count * 24 + 1);
    for (size_t i = 0; i < count; i++) buf_printf(&text, "%s%lld", i ? "," : "", (long long)ids[i]);
    Str set = arena_str(cx->arena, buf_str(&text));
    buf_done(&text);
    {
        AUTO(plan_customers_set_close) struct plan_customers_set_cursor cursor;
        TRY(plan_customers_set_open(cx, &(struct plan_customers_set_params){.ids = set}, &cursor));
        while (l.count < count) {
            struct plan_customers_row r;
            bool more;
            TRY(plan_customers_set_next(cx, &cursor, &r, &more));
            if (!more) break;
            set_customer(cx, scope, &r, &l.customers[l.count++]);
        }
    }
    if (l.count) TRY(load_all(&l));
    *out_set = (struct snapshot_set){.items = l.customers, .count = l.count};
    return OK;
}

enum rc snapshot_load_one(struct ctx *cx, const struct snapshot_scope *scope, int64_t customer_id,
                          struct planned_customer *out_customer) {
    struct snapshot_set set;
    TRY(snapshot_load_set(cx, scope, &customer_id, 1, &set));
    if (set.count == 0) return fail(cx, NOT_FOUND, "there is no customer %lld", (long long)customer_id);
    *out_customer = set.items[0];
    return OK;
}

const struct planned_customer *snapshot_of(const struct snapshot_set *set, int64_t customer_id) {
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].snapshot.customer.id == customer_id) return &set->items[i];
    return NULL;
}
