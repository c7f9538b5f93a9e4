/* The simulated mail server: accepts, refuses, hangs, cuts; and what happens meanwhile. */
#include <stdio.h>
#include <string.h>

#include "channel/channel.h"
#include "sim.h"

#define MINUTES(n) ((n) * MS_PER_MINUTE)

static struct channel_connection *sim_open(const void *config) {
    struct channel_connection *c; /* the process itself */
    memcpy(&c, &config, sizeof c);
    return c;
}

static void sim_close(struct channel_connection *c) { (void)c; }

static void answer(struct handoff_result *r, enum handoff_outcome outcome, int code, const char *reply) {
    r->outcome = outcome;
    r->code = code;
    snprintf(r->reply, sizeof r->reply, "%s", reply);
}

static int customer_at(const struct sim *s, Str address) {
    for (size_t i = 0; i < s->model.customers.count; i++)
        if (str_is(address, s->model.customers.items[i].email)) return (int)i;
    return -1;
}

/* Another worker looks, some time later. */
static void other_worker_runs(struct process *p, int64_t wait_ms) {
    struct sim *s = p->sim;
    struct process *other = p == &s->worker[0] ? &s->worker[1] : &s->worker[0];
    if (s->nested > 1 || other->running) return;
    s->now.ms += wait_ms;
    sim_log(s, "  %s is frozen, %s runs", p->name, other->name);
    life_run(s, other);
}

/* Between connecting and T. */
static void before_t(struct process *p, int customer) {
    struct sim *s = p->sim;
    if (s->quiet) return;
    uint64_t what = sim_dice(s, 100);
    if (what < 12) {
        if (customer >= 0) life_meanwhile(s, customer);
    } else if (what < 14) {
        s->now.ms += MINUTES(30 + (int64_t)sim_dice(s, 900));
        sim_mark(s, MARK_HOUR_PASSED_BEFORE_T);
    } else if (what < 16) {
        other_worker_runs(p, MINUTES(2));
        sim_mark(s, MARK_TAKEN_OVER_BEFORE_T);
    } else if (what < 17) {
        sim_mark(s, MARK_CRASH_BEFORE_T);
        process_kill(p, s->nested <= 1 && sim_dice(s, 2));
    }
}

/* Between T and the bytes. While another message of the commit waits for its turn the world stands still, so that it is
 * judged as of its T. */
static void after_t(struct process *p, int customer, bool *out_taken_over) {
    struct sim *s = p->sim;
    if (s->quiet) return;
    uint64_t what = sim_dice(s, 100);
    bool alone = p->open == 1;
    if (what < 3 && alone) {
        if (customer >= 0) life_meanwhile(s, customer);
    } else if (what < 6 && alone) {
        process_cut(p);
        *out_taken_over = true;
        other_worker_runs(p, MINUTES(3));
        sim_mark(s, MARK_TAKEN_OVER_AFTER_T);
    } else if (what >= 6 && what < 8) {
        sim_mark(s, MARK_CRASH_AFTER_T);
        process_kill(p, s->nested <= 1 && sim_dice(s, 2));
    }
}

/* Trouble before the server asks for the body. */
static bool refuses_early(struct process *p, int customer, struct handoff_result *r) {
    struct sim *s = p->sim;
    if (s->quiet) return false;
    uint64_t what = sim_dice(s, 200);
    if (what < 6) {
        r->unreachable = true;
        answer(r, HANDOFF_DEFERRED, 0, "connection refused");
        sim_mark(s, MARK_UNREACHABLE);
    } else if (what < 10) {
        answer(r, HANDOFF_DEFERRED, 450, "450 try later");
    } else if (what < 11) {
        answer(r, HANDOFF_FAILED, 550, "550 no such user");
        r->bad_address = true;
        if (customer >= 0) s->model.customers.items[customer].bouncing = true;
        sim_mark(s, MARK_BAD_ADDRESS);
    } else if (what < 12) {
        answer(r, HANDOFF_FAILED, 554, "554 no mail today");
    } else {
        return false;
    }
    return true;
}

/* The body leaves: how does it end? */
static void deliver(struct process *p, size_t handed, bool taken_over, struct handoff_result *r) {
    struct sim *s = p->sim;
    uint64_t what = s->quiet ? 199 : sim_dice(s, taken_over ? 40 : 200);
    if (what < 6) {
        sim_mark(s, MARK_CUT_BEFORE_DOT);
        answer(r, HANDOFF_NOT_SENT, 0, "connection reset");
    } else if (what < 14) {
        sim_mark(s, MARK_DEFERRED_AT_DOT);
        answer(r, HANDOFF_DEFERRED, 451, "451 greylisted");
    } else if (what < 16) {
        sim_mark(s, MARK_REJECTED_AT_DOT);
        answer(r, HANDOFF_FAILED, 554, "554 refused");
    } else if (what < 19) {
        s->cuts++;
        if (p->open == 1) s->now.ms += MINUTES(10);
        sim_mark(s, MARK_NOT_ACCEPTED_UNANSWERED);
        answer(r, HANDOFF_AMBIGUOUS, 0, "timeout");
    } else {
        check_delivery(s, handed);
        answer(r, HANDOFF_SENT, 250, "250 kept");
        if (what < 24) {
            s->cuts++;
            sim_mark(s, MARK_ACCEPTED_UNANSWERED);
            answer(r, HANDOFF_AMBIGUOUS, 0, "connection closed");
        } else if (what < 29) {
            sim_mark(s, MARK_CRASH_AFTER_BYTES);
            process_kill(p, s->nested <= 1 && sim_dice(s, 2));
        } else if (what < 33 && p->open == 1) {
            s->now.ms += MINUTES(9); /* late: the lease has run out */
            if (what < 31) {
                process_cut(p);
                other_worker_runs(p, 0);
            }
        }
    }
}

/* The process goes on: what it waited for is recorded. */
static void lives(struct process *p) {
    if (p->told) p->left = 0;
    p->told = false;
}

/* Asks for T. Nobody asked after the one who brought all to their commit, and what was accepted before is in it. */
static bool ask_for_t(struct process *p, const struct handoff *m, Str *out_body) {
    struct sim *s = p->sim;
    struct process *writer_before = s->handing;
    int mine = ++p->asked;
    s->handing = p;
    p->open++;
    bool granted = m->ready(m->self, out_body);
    s->handing = writer_before;
    if (p->owner.dead) return granted;
    lives(p);
    if (p->asked == mine) p->left = 0;
    if (p->asked != mine) sim_mark(s, granted ? MARK_SHARED_COMMIT : MARK_SHARED_AND_REFUSED);
    return granted;
}

/* After T. */
static void talk(struct process *p, const struct handoff *m, int customer, Str body, struct handoff_result *r) {
    struct sim *s = p->sim;
    size_t at = check_t(p, m->to, body);
    bool taken_over = false;
    s->nested++;
    after_t(p, customer, &taken_over);
    if (!p->owner.dead) deliver(p, at, taken_over, r);
    s->nested--;
}

static void sim_hand_off(struct channel_connection *c, const struct handoff *m, struct handoff_result *r) {
    struct process *p = (struct process *)(void *)c;
    struct sim *s = p->sim;
    *r = (struct handoff_result){.outcome = HANDOFF_NOT_SENT};
    lives(p);
    int customer = customer_at(s, m->to);
    p->told = refuses_early(p, customer, r);
    if (p->told) return;
    s->nested++;
    before_t(p, customer);
    s->nested--;
    if (p->owner.dead) return;
    Str body = {0};
    bool granted = ask_for_t(p, m, &body);
    if (granted && !p->owner.dead) talk(p, m, customer, body, r);
    if (p->owner.dead) {
        if (!granted) r->outcome = HANDOFF_REFUSED;
        return;
    }
    p->open--;
    if (granted) {
        p->left++;
        p->told = r->outcome != HANDOFF_SENT;
        return;
    }
    sim_mark(s, MARK_REFUSED_AT_T);
    sim_log(s, "  %s: T refused for %.*s", p->name, STR_ARG(m->to));
    r->outcome = HANDOFF_REFUSED;
}

const struct channel_driver sim_driver = {"simulated", sim_open, sim_hand_off, sim_close};
