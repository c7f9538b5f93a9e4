/* Cursor, queue and outcomes. */
#include "hook/webhook.h"

#include <stdio.h>
#include <string.h>

#include "account/key.h"
#include "account/seal.h"
#include "account/token.h"
#include "hook/hook_kind.h"
#include "timeline/timeline.h"
#include "webhook_sql.h"

#define OPEN_MOST 10000  /* of one webhook: beyond, its cursor waits */
#define EVENTS_AT_ONCE 500
#define FAILURES_MOST 50 /* in a row: whatever they were about, the whole webhook pauses; one delivery alone has half of them in three days */

void hook_secret_make(char out[HOOK_SECRET_TEXT]) {
    char token[TOKEN_TEXT];
    token_make(token);
    snprintf(out, HOOK_SECRET_TEXT, "whsec_%s", token);
}

static Str owner_of(struct arena *arena, int64_t hook_id) { return arena_printf(arena, "webhook:%lld", (long long)hook_id); }

enum rc hook_secret_seal(struct ctx *cx, int64_t hook_id, const char *text, Str *out) {
    return seal_close(cx, owner_of(cx->arena, hook_id), str_from(text), out);
}

bool hook_secrets(struct arena *arena, const struct webhook_get_row *h, Instant now, Str *out_secret, Str *out_old) {
    Str owner = owner_of(arena, h->id);
    bool old_signs = h->old_secret.p && !instant_is_none(h->old_until) && now.ms < h->old_until.ms;
    *out_old = (Str){NULL, 0};
    if (old_signs && !seal_open(arena, owner, h->old_secret, out_old)) *out_old = (Str){NULL, 0};
    return seal_open(arena, owner, h->secret, out_secret);
}

void hook_keep(struct arena *arena, struct webhook_get_row *h) {
    Str *const texts[] = {&h->name,    &h->url,        &h->kinds,       &h->secret,     &h->capabilities, &h->state,
                          &h->off_why, &h->last_error, &h->maker_login, &h->maker_role, &h->maker_scope};
    for (size_t i = 0; i < COUNT_OF(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
    if (h->old_secret.p) h->old_secret = arena_str(arena, h->old_secret);
}

bool hook_actor(const struct webhook_get_row *h, int64_t company_id, struct actor *out) {
    struct ctx scratch = {0};
    struct actor a = {.kind = ACTOR_KEY, .company_id = company_id, .role = ROLE_READ_ONLY, .scope = SCOPE_ALL};
    if (key_scopes_parse(&scratch, h->capabilities, &a.capabilities) != OK) return false;
    if (h->has_user_id) {
        if (!instant_is_none(h->maker_disabled) || !role_find(h->maker_role, &a.role) || !scope_find(h->maker_scope, &a.scope)) return false;
        a.user_id = h->user_id;
        a.team_id = h->has_maker_team ? h->maker_team : 0;
        a.capabilities &= role_capabilities(a.role);
    }
    snprintf(a.name, sizeof a.name, "webhook %lld", (long long)h->id);
    snprintf(a.label, sizeof a.label, "webhook:%lld", (long long)h->id);
    *out = a;
    return a.capabilities != 0;
}

/* ---- from events to deliveries ---- */

struct fan_out {
    struct ctx *cx;
    const struct webhook_get_row *hook;
    const struct actor *actor;
    VEC_OF(struct webhook_delivery_insert_params) rows;
    int64_t seq, part; /* how far it is */
    bool is_cut;
};

static bool wants(const struct fan_out *f, Str kind) {
    const struct hook_kind *k = hook_kind_find(kind);
    return k && actor_may(f->actor, k->needs) && hook_kinds_have(f->hook->kinds, kind);
}

static void add(struct fan_out *f, int64_t seq, int64_t part, Str kind, int64_t customer_id, Str subject) {
    struct arena *arena = f->cx->arena;
    *VEC_PUSH(arena, &f->rows) = (struct webhook_delivery_insert_params){.webhook_id = f->hook->id,
                                                                         .event_seq = seq,
                                                                         .part = part,
                                                                         .kind = arena_str(arena, kind),
                                                                         .customer_id = customer_id,
                                                                         .subject = arena_str(arena, subject)};
}

/* The documents an import booked, from where the last piece ended. */
static enum rc add_invoices(struct fan_out *f, int64_t seq, int64_t after) {
    struct ctx *cx = f->cx;
    int64_t room = HOOK_PIECE - (int64_t)f->rows.count;
    AUTO(webhook_invoices_close) struct webhook_invoices_cursor cursor;
    TRY(webhook_invoices_open(cx, &(struct webhook_invoices_params){.event_seq = seq, .after = after, .limit = room + 1}, &cursor));
    for (int64_t n = 0;; n++) {
        struct webhook_invoices_row r;
        bool more;
        TRY(webhook_invoices_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        if (n == room) {
            f->is_cut = true;
            return OK;
        }
        add(f, seq, r.entry_id, S(KIND_INVOICE_BOOKED), r.customer_id, r.number);
        f->part = r.entry_id;
    }
}

static enum rc add_event(struct fan_out *f, const struct webhook_events_row *e) {
    bool books = str_is(e->kind, "invoices.imported") || str_is(e->kind, "invoices.snapshot");
    int64_t after = e->seq == f->hook->cursor_seq + 1 ? f->hook->cursor_part : 0;
    f->part = after;
    bool is_seen = e->has_customer_id || f->actor->scope == SCOPE_ALL;
    if (after == 0 && is_seen && wants(f, e->kind)) add(f, e->seq, 0, e->kind, e->has_customer_id ? e->customer_id : 0, e->subject);
    /* One of many customers': who sees only some is told of theirs, whatever they see of the import. */
    if (books && wants(f, S(KIND_INVOICE_BOOKED))) TRY(add_invoices(f, e->seq, after));
    if (f->is_cut) return OK;
    f->seq = e->seq;
    f->part = 0;
    return OK;
}

static enum rc read_events(struct fan_out *f, int64_t upto) {
    struct ctx *cx = f->cx;
    AUTO(webhook_events_close) struct webhook_events_cursor cursor;
    TRY(webhook_events_open(cx, &(struct webhook_events_params){.after = f->hook->cursor_seq, .upto = upto}, &cursor));
    while (!f->is_cut && f->rows.count < HOOK_PIECE) {
        struct webhook_events_row e;
        bool more;
        TRY(webhook_events_next(cx, &cursor, &e, &more));
        if (!more) {
            f->seq = upto;
            f->part = 0;
            return OK;
        }
        TRY(add_event(f, &e));
    }
    return OK;
}

/* Each customer once. */
static enum rc promote_all(const struct fan_out *f) {
    for (size_t i = 0; i < f->rows.count; i++) {
        bool known = false;
        for (size_t k = i; k > 0 && i - k < 16 && !known; k--) known = f->rows.items[k - 1].customer_id == f->rows.items[i].customer_id;
        if (known) continue;
        TRY(webhook_promote(f->cx, &(struct webhook_promote_params){.webhook_id = f->hook->id, .customer_id = f->rows.items[i].customer_id}));
    }
    return OK;
}

static enum rc fan_out(struct fan_out *f, bool *out_more) {
    struct ctx *cx = f->cx;
    struct webhook_head_row head;
    struct webhook_open_count_row open;
    TRY(webhook_head(cx, &head));
    TRY(webhook_open_count(cx, &(struct webhook_open_count_params){.webhook_id = f->hook->id, .most = OPEN_MOST}, &open));
    if (head.events <= f->hook->cursor_seq || open.open >= OPEN_MOST) return OK;
    int64_t upto = head.events - f->hook->cursor_seq > EVENTS_AT_ONCE ? f->hook->cursor_seq + EVENTS_AT_ONCE : head.events;
    f->seq = f->hook->cursor_seq;
    f->part = f->hook->cursor_part;
    TRY(read_events(f, upto));
    if (f->rows.count) TRY(webhook_delivery_insert_bulk(cx, f->rows.items, f->rows.count));
    TRY(promote_all(f));
    *out_more = f->is_cut || f->seq < head.events;
    return webhook_move(cx, &(struct webhook_move_params){.id = f->hook->id, .cursor_seq = f->seq, .cursor_part = f->part});
}

enum rc hook_fan_out(struct ctx *cx, const struct webhook_get_row *hook, bool *out_more) {
    struct actor actor;
    Str secret, old;
    *out_more = false;
    if (!hook_actor(hook, cx->company_id, &actor)) return hook_switch_off(cx, hook, "maker");
    if (!hook_secrets(cx->arena, hook, cx->now, &secret, &old)) return hook_switch_off(cx, hook, "secret");
    struct fan_out f = {.cx = cx, .hook = hook, .actor = &actor};
    struct view before = cx->view;
    cx->view = (struct view){.all = actor.scope == SCOPE_ALL,
                             .user_id = actor.user_id,
                             .team_id = actor.scope == SCOPE_TEAM ? actor.team_id : 0};
    enum rc rc = fan_out(&f, out_more);
    cx->view = before;
    return rc;
}

/* ---- outcomes ---- */

int64_t hook_pause_ms(int64_t attempts) {
    static const int64_t minutes[] = {1, 5, 15, 60};
    if (attempts < 1) return 0;
    return attempts <= (int64_t)COUNT_OF(minutes) ? minutes[attempts - 1] * MS_PER_MINUTE : 4 * MS_PER_HOUR;
}

/* The whole webhook waits half as long as it has been failing: a second outage of the day does not wait for the first. */
static int64_t hook_wait_ms(const struct ctx *cx, Instant failing_since) {
    int64_t half = (cx->now.ms - failing_since.ms) / 2;
    if (half < 15 * MS_PER_SECOND) return 15 * MS_PER_SECOND;
    return half < MS_PER_HOUR ? half : MS_PER_HOUR;
}

enum rc hook_switch_off(struct ctx *cx, const struct webhook_get_row *hook, const char *why) {
    AUTO(buf_done) struct buf data = buf_make(4096);
    buf_printf(&data, "{\"webhook\":%lld,\"name\":\"", (long long)hook->id);
    buf_add_json(&data, hook->name);
    buf_printf(&data, "\",\"why\":\"%s\"}", why);
    MUST(buf_ok(&data));
    TRY(webhook_switch(cx, &(struct webhook_switch_params){.id = hook->id, .state = S("off"), .off_why = str_from(why), .off_at = cx->now}));
    return event_note(cx, "webhook.off", 0, arena_printf(cx->arena, "%lld", (long long)hook->id), buf_str(&data));
}

struct settling {
    struct ctx *cx;
    struct webhook_get_row hook;
    struct webhook_outcome_params state; /* of the webhook after these */
    int64_t days;
    bool any_arrived, any_silent, is_gone, is_out_of_reach;
};

static bool arrived(const struct hook_outcome *o) { return o->status >= 200 && o->status < 300; }

static void judge_hook(struct settling *s, const struct hook_outcome *outcomes, size_t n) {
    const struct ctx *cx = s->cx;
    const struct webhook_get_row *h = &s->hook;
    struct webhook_outcome_params *p = &s->state;
    for (size_t i = 0; i < n; i++) {
        s->any_arrived = s->any_arrived || arrived(&outcomes[i]);
        s->any_silent = s->any_silent || outcomes[i].status == 0;
        s->is_gone = s->is_gone || outcomes[i].status == 410;
    }
    *p = (struct webhook_outcome_params){.id = h->id,
                                         .failures = s->any_arrived ? 0 : h->failures + (int64_t)n,
                                         .failing_since = s->any_arrived ? INSTANT_NONE : h->failing_since,
                                         .wait_until = INSTANT_NONE,
                                         .delivered_at = s->any_arrived ? cx->now : h->delivered_at,
                                         .last_error = h->last_error};
    for (size_t i = 0; i < n; i++)
        if (!arrived(&outcomes[i])) p->last_error = str_from(outcomes[i].answer);
    if (s->any_arrived) return;
    if (instant_is_none(p->failing_since)) p->failing_since = cx->now;
    bool is_whole = s->any_silent || p->failures >= FAILURES_MOST;
    if (is_whole) p->wait_until = (Instant){cx->now.ms + hook_wait_ms(cx, p->failing_since)};
    s->is_out_of_reach = is_whole && cx->now.ms - p->failing_since.ms >= s->days * MS_PER_DAY;
}

/* Given up: long enough, and it is not the whole webhook that cannot be reached. */
static bool is_hopeless(const struct settling *s, const struct hook_outcome *o) {
    if (s->is_out_of_reach || s->is_gone || instant_is_none(o->tried_from)) return false;
    if (s->cx->now.ms - o->tried_from.ms < s->days * MS_PER_DAY) return false;
    Instant last = s->state.delivered_at;
    return o->status != 0 || (!instant_is_none(last) && last.ms > o->tried_from.ms);
}

static enum rc settle_one(struct settling *s, const struct hook_outcome *o) {
    struct ctx *cx = s->cx;
    bool good = arrived(o), hopeless = !good && is_hopeless(s, o);
    struct webhook_tried_params p = {.webhook_id = s->hook.id,
                                     .event_seq = o->event_seq,
                                     .part = o->part,
                                     .state = good ? S("delivered") : hopeless ? S("failed") : S("due"),
                                     .next_at = INSTANT_NONE,
                                     .attempts = o->attempts + 1,
                                     .tried_from = instant_is_none(o->tried_from) ? cx->now : o->tried_from,
                                     .status = o->status,
                                     .answer = str_from(o->answer),
                                     .duration_ms = o->duration_ms,
                                     .closed_at = INSTANT_NONE};
    if (good || hopeless)
        p.closed_at = cx->now;
    else
        p.next_at = (Instant){cx->now.ms + hook_pause_ms(o->attempts + 1)};
    TRY(webhook_tried(cx, &p));
    if (!good && !hopeless) return OK;
    return webhook_promote(cx, &(struct webhook_promote_params){.webhook_id = s->hook.id, .customer_id = o->customer_id});
}

enum rc hook_settle(struct ctx *cx, int64_t hook_id, const struct hook_outcome *outcomes, size_t n, int64_t days) {
    struct settling s = {.cx = cx, .days = days};
    bool found;
    TRY(webhook_get(cx, &(struct webhook_get_params){.id = hook_id}, &s.hook, &found));
    if (!found || n == 0) return OK; /* removed meanwhile */
    hook_keep(cx->arena, &s.hook);
    judge_hook(&s, outcomes, n);
    for (size_t i = 0; i < n; i++) TRY(settle_one(&s, &outcomes[i]));
    if (!str_is(s.hook.state, "on")) return OK; /* switched off meanwhile: what was under way is kept, nothing more */
    TRY(webhook_outcome(cx, &s.state));
    if (s.is_gone) return hook_switch_off(cx, &s.hook, "gone");
    return s.is_out_of_reach ? hook_switch_off(cx, &s.hook, "failing") : OK;
}

/* ---- names ---- */

Str hook_delivery_text(int64_t hook_id, int64_t event_seq, int64_t part, char text[HOOK_DELIVERY_TEXT]) {
    snprintf(text, HOOK_DELIVERY_TEXT, "%lld-%lld-%s%lld", (long long)hook_id, (long long)event_seq, part < 0 ? "t" : "",
             (long long)(part < 0 ? -part : part));
    return str_from(text);
}

bool hook_delivery_parse(Str text, int64_t hook_id, int64_t *out_seq, int64_t *out_part) {
    Str rest = text, hook = str_cut(&rest, '-'), seq = str_cut(&rest, '-');
    int64_t id, sign = 1;
    if (!rest.p) return false;
    if (rest.n && rest.p[0] == 't') {
        sign = -1;
        rest = (Str){rest.p + 1, rest.n - 1};
    }
    if (!str_to_i64(hook, &id) || id != hook_id || !str_to_i64(seq, out_seq) || !str_to_i64(rest, out_part) || *out_part < 0) return false;
    *out_part *= sign;
    return true;
}
