/* `aldia webhook deliver`: what waits for webhooks is sent now. The serving process calls it every second while something waits
 * (work/deliverer.h); a timer may, beside `aldia run`.
 *
 * One process at a time delivers, by a lock the kernel drops when it dies; what was under way then is sent again under the same id.
 * Attempts go on side by side: a receiver that is slow or dead holds up nothing but itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "action/instance.h"
#include "action/webhook_body.h"
#include "action/action.h"
#include "base/log.h"
#include "hook/hook_wire.h"

#define OF_ONE 16         /* attempts of one webhook at a time */
#define AT_ONCE 128       /* of all */
#define LOOK_MS 1000      /* without anything done */
#define KEEP_MS (30 * MS_PER_DAY) /* closed deliveries stay to be looked at */

struct job {
    struct arena *arena; /* of this and all its texts */
    int64_t hook_id;
    struct hook_outcome outcome;
    struct hook_post post;
};

struct delivering {
    struct ctx *cx;
    struct call *call;
    struct hook_wire *wire;
    struct job *jobs[AT_ONCE]; /* under way */
    size_t busy;
    int64_t until_ms, looked_ms; /* monotonic */
    int64_t delivered, failed;
    bool more;
};

static bool is_ending(const struct delivering *d) {
    return (d->call->stop && *d->call->stop) || clock_monotonic_ms() >= d->until_ms;
}

/* Without its maker or its secret it is switched off with the next piece. */
static bool is_able(const struct ctx *cx, const struct webhook_get_row *hook) {
    struct actor maker;
    Str secret, old;
    return hook_actor(hook, cx->company_id, &maker) && hook_secrets(cx->arena, hook, cx->now, &secret, &old);
}

/* ---- making deliveries ---- */

struct hooks {
    struct webhook_get_row *items;
    size_t count;
};

static enum rc list_hooks(struct ctx *cx, struct hooks *out, int64_t *out_head) {
    VEC_OF(struct webhook_get_row) list = {0};
    struct webhook_head_row head;
    AUTO(webhook_all_close) struct webhook_all_cursor cursor;
    TRY(webhook_head(cx, &head));
    TRY(webhook_all_open(cx, &cursor));
    for (;;) {
        struct webhook_get_row row;
        bool more;
        TRY(webhook_all_next(cx, &cursor, &row, &more));
        if (!more) break;
        if (!str_is(row.state, "on")) continue;
        hook_keep(cx->arena, &row);
        *VEC_PUSH(cx->arena, &list) = row;
    }
    *out = (struct hooks){list.items, list.count};
    *out_head = head.events;
    return OK;
}

static enum rc find_hooks(struct delivering *d, struct hooks *out, bool *out_news) {
    struct ctx *cx = d->cx;
    int64_t head;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, d->call->app->db, TX_READ));
    TRY(list_hooks(cx, out, &head));
    *out_news = false;
    for (size_t i = 0; i < out->count; i++)
        *out_news = *out_news || out->items[i].cursor_seq < head || !is_able(cx, &out->items[i]);
    return tx_commit(scope);
}

/* The hooks are read again: between a look and a writing transaction others write. */
static enum rc make_deliveries(struct delivering *d) {
    struct ctx *cx = d->cx;
    struct hooks hooks;
    int64_t head;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, d->call->app->db, TX_WRITE));
    TRY(list_hooks(cx, &hooks, &head));
    d->more = false;
    for (size_t i = 0; i < hooks.count; i++) {
        bool more;
        TRY(hook_fan_out(cx, &hooks.items[i], &more));
        d->more = d->more || more;
    }
    TRY(webhook_forget(cx, &(struct webhook_forget_params){.before = (Instant){cx->now.ms - KEEP_MS}}));
    return tx_commit(scope);
}

/* ---- beginning attempts ---- */

static bool is_under_way(const struct delivering *d, int64_t hook_id, const struct webhook_due_row *row) {
    for (size_t i = 0; i < d->busy; i++) {
        const struct job *j = d->jobs[i];
        if (j->hook_id == hook_id && j->outcome.event_seq == row->event_seq && j->outcome.part == row->part) return true;
    }
    return false;
}

static size_t under_way_of(const struct delivering *d, int64_t hook_id) {
    size_t n = 0;
    for (size_t i = 0; i < d->busy; i++) n += d->jobs[i]->hook_id == hook_id;
    return n;
}

static enum rc write_post(struct ctx *cx, struct app *app, const struct webhook_get_row *hook, const struct webhook_due_row *row,
                          struct hook_post *out) {
    char id[HOOK_DELIVERY_TEXT];
    Str secret, old;
    if (!hook_secrets(cx->arena, hook, cx->now, &secret, &old)) return fail(cx, CONFLICT, "the secret of webhook %lld cannot be read", (long long)hook->id);
    TRY(webhook_body(cx, app, hook, row, &out->body));
    out->url = arena_cstr(cx->arena, hook->url);
    out->id = arena_cstr(cx->arena, hook_delivery_text(hook->id, row->event_seq, row->part, id));
    out->event = arena_cstr(cx->arena, row->kind);
    out->signature = hook_signature(cx->arena, secret, old, cx->now, out->body);
    return OK;
}

static enum rc begin_one(struct delivering *d, const struct webhook_get_row *hook, const struct webhook_due_row *row) {
    struct arena *arena = arena_new();
    struct job *j = ARENA_NEW(arena, struct job);
    struct ctx own = *d->cx;
    *j = (struct job){.arena = arena,
                      .hook_id = hook->id,
                      .outcome = {.event_seq = row->event_seq,
                                  .part = row->part,
                                  .customer_id = row->customer_id,
                                  .attempts = row->attempts,
                                  .tried_from = row->tried_from}};
    own.arena = arena;
    enum rc rc = write_post(&own, d->call->app, hook, row, &j->post);
    d->cx->fault = own.fault;
    if (rc != OK) {
        arena_free(arena);
        return rc;
    }
    j->post.self = j;
    d->jobs[d->busy++] = j;
    hook_wire_send(d->wire, &j->post);
    return OK;
}

static enum rc begin_of(struct delivering *d, const struct webhook_get_row *hook) {
    struct ctx *cx = d->cx;
    size_t room = OF_ONE - under_way_of(d, hook->id);
    if (!is_able(cx, hook)) return OK;
    if (!instant_is_none(hook->wait_until) && cx->now.ms < hook->wait_until.ms) return OK;
    struct webhook_due_row rows[2 * OF_ONE];
    size_t n = 0;
    {
        AUTO(webhook_due_close) struct webhook_due_cursor cursor;
        TRY(webhook_due_open(cx, &(struct webhook_due_params){.webhook_id = hook->id, .limit = COUNT_OF(rows)}, &cursor));
        while (n < COUNT_OF(rows)) {
            bool more;
            TRY(webhook_due_next(cx, &cursor, &rows[n], &more));
            if (!more) break;
            rows[n].kind = arena_str(cx->arena, rows[n].kind);
            rows[n].subject = arena_str(cx->arena, rows[n].subject);
            n++;
        }
    }
    for (size_t i = 0; i < n && room > 0 && d->busy < AT_ONCE; i++) {
        if (is_under_way(d, hook->id, &rows[i])) continue;
        TRY(begin_one(d, hook, &rows[i]));
        room--;
    }
    return OK;
}

static enum rc begin_attempts(struct delivering *d) {
    struct ctx *cx = d->cx;
    struct hooks hooks;
    int64_t head;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, d->call->app->db, TX_READ));
    TRY(list_hooks(cx, &hooks, &head));
    for (size_t i = 0; i < hooks.count && d->busy < AT_ONCE; i++) TRY(begin_of(d, &hooks.items[i]));
    return tx_commit(scope);
}

/* ---- outcomes ---- */

static void count(struct delivering *d, const struct job *j) {
    bool good = j->post.status >= 200 && j->post.status < 300;
    d->delivered += good;
    d->failed += !good;
    log_write(good ? LOG_DEBUG : LOG_WARN, "webhook", "webhook=%lld delivery=%s status=%d ms=%lld", (long long)j->hook_id, j->post.id,
              j->post.status, (long long)j->post.duration_ms);
}

static void take_out(struct delivering *d, const struct job *j) {
    for (size_t i = 0; i < d->busy; i++)
        if (d->jobs[i] == j) {
            d->jobs[i] = d->jobs[--d->busy];
            return;
        }
}

static enum rc settle_of(struct delivering *d, struct job *const *done, size_t n, size_t first) {
    struct hook_outcome outcomes[AT_ONCE];
    size_t count_of = 0;
    for (size_t i = 0; i < first; i++)
        if (done[i]->hook_id == done[first]->hook_id) return OK; /* with those before */
    for (size_t i = first; i < n; i++)
        if (done[i]->hook_id == done[first]->hook_id) outcomes[count_of++] = done[i]->outcome;
    return hook_settle(d->cx, done[first]->hook_id, outcomes, count_of, webhook_days(d->call->app));
}

static enum rc write_outcomes(struct delivering *d, struct job *const *done, size_t n) {
    struct ctx *cx = d->cx;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, d->call->app->db, TX_WRITE));
    for (size_t i = 0; i < n; i++) TRY(settle_of(d, done, n, i));
    return tx_commit(scope);
}

static enum rc settle(struct delivering *d) {
    struct job *done[AT_ONCE];
    size_t n = 0;
    for (struct hook_post *p; n < AT_ONCE && (p = hook_wire_done(d->wire));) {
        struct job *j = p->self;
        j->outcome.status = p->status;
        j->outcome.duration_ms = p->duration_ms;
        memcpy(j->outcome.answer, p->answer, sizeof j->outcome.answer);
        take_out(d, j);
        count(d, j);
        done[n++] = j;
    }
    enum rc rc = n ? write_outcomes(d, done, n) : OK;
    for (size_t i = 0; i < n; i++) arena_free(done[i]->arena);
    if (n) d->looked_ms = 0;
    return rc;
}

/* ---- the whole ---- */

/* Looks for work, at most every LOOK_MS unless something was done. */
static enum rc look(struct delivering *d) {
    struct hooks hooks;
    bool news;
    int64_t now = clock_monotonic_ms();
    if (now - d->looked_ms < LOOK_MS || is_ending(d)) return OK;
    d->looked_ms = now;
    struct arena_mark mark = arena_mark(d->cx->arena);
    enum rc rc = clock_now(d->cx, &d->call->app->clock, &d->cx->now);
    if (rc == OK) rc = find_hooks(d, &hooks, &news);
    if (rc == OK && news) rc = make_deliveries(d);
    if (rc == OK) rc = begin_attempts(d);
    if (d->more) d->looked_ms = 0;
    arena_rewind(d->cx->arena, mark);
    return rc;
}

static enum rc deliver(struct delivering *d) {
    d->looked_ms = -LOOK_MS;
    for (;;) {
        TRY(look(d));
        if (d->busy == 0 && (!d->more || is_ending(d))) return OK;
        bool hurried = d->call->stop && *d->call->stop;
        if (hurried) return OK; /* cut off: sent again under the same id */
        hook_wire_work(d->wire, d->more ? 0 : 200);
        struct arena_mark mark = arena_mark(d->cx->arena);
        enum rc rc = clock_now(d->cx, &d->call->app->clock, &d->cx->now);
        if (rc == OK) rc = settle(d);
        arena_rewind(d->cx->arena, mark);
        TRY(rc);
    }
}

/* -1: another process has it. */
static enum rc take_lock(struct ctx *cx, struct app *app, int *out_fd) {
    int fd = open(app_path(cx, app, "webhook.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return fail(cx, INTERNAL, "could not open webhook.lock: %s", strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        fd = -1;
    }
    *out_fd = fd;
    return OK;
}

static void report(struct json_writer *w, const struct delivering *d, const char *held) {
    json_object(w);
    json_put_i64(w, "delivered", d->delivered);
    json_put_i64(w, "failed", d->failed);
    json_put_text(w, "held", held);
    json_object_end(w);
}

static enum rc run_locked(struct ctx *cx, struct call *call, struct delivering *d) {
    struct hook_rules rules;
    TRY(webhook_rules(cx, call->app, &rules));
    TRY(hook_wire_open(cx, &rules, &d->wire));
    enum rc rc = deliver(d);
    hook_wire_close(d->wire);
    for (size_t i = 0; i < d->busy; i++) arena_free(d->jobs[i]->arena);
    d->busy = 0;
    return rc;
}

static enum rc deliver_run(struct ctx *cx, struct call *call) {
    int64_t seconds = arg_int(call, "seconds", 3600);
    struct delivering *d = ARENA_NEW(cx->arena, struct delivering);
    bool genuine;
    int fd;
    *d = (struct delivering){.cx = cx, .call = call, .until_ms = clock_monotonic_ms() + seconds * 1000};
    TRY(instance_check(cx, call->app, &genuine));
    if (!genuine) {
        report(call->out, d, "INSTANCE_UNCONFIRMED"); /* INV: I15 */
        return OK;
    }
    TRY(take_lock(cx, call->app, &fd));
    if (fd < 0) {
        report(call->out, d, "BUSY");
        return OK;
    }
    enum rc rc = run_locked(cx, call, d);
    close(fd);
    TRY(rc);
    report(call->out, d, NULL);
    return OK;
}

const struct action webhook_deliver_action = {
    .verb = "webhook deliver",
    .summary = "Send now what waits for webhooks",
    .details = "`aldia serve` does it all the time; beside a timer that calls `aldia run` another may call this. Prints how many "
               "deliveries arrived and how many attempts failed; those are tried again when their time has come. A copy or an "
               "unconfirmed installation sends nothing (held: INSTANCE_UNCONFIRMED); held: BUSY means that another process is at it.",
    .needs = CAP_RUN,
    .tx = TX_NONE,
    .params = PARAMS({"seconds", P_INT, OPTIONAL, "begin nothing new after so many", NULL}),
    .run = deliver_run,
};
