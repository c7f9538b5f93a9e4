/* The promises of domain.md 6, checked against the second model. */
#include <stdio.h>
#include <string.h>

#include "action/action.h"
#include "inspect_sql.h"
#include "sim.h"

#define WEEK_MS (7 * MS_PER_DAY)
#define PATIENCE_MS (11 * MS_PER_DAY) /* no hour, cap or holiday keeps a message longer */

int64_t count_events(struct sim *s) {
    struct ctx *cx = inspect_begin(s);
    struct inspect_events_row row;
    MUST(inspect_events(cx, &row) == OK);
    inspect_end();
    return row.events;
}

/* ---- at T ---- */

static int customer_of(const struct sim *s, Str code) {
    for (size_t i = 0; i < s->model.customers.count; i++)
        if (str_is(code, s->model.customers.items[i].code)) return (int)i;
    return -1;
}

static void read_pairs(struct sim *s, struct ctx *cx, int64_t action, struct handed *h) {
    struct inspect_pairs_cursor cursor;
    MUST(inspect_pairs_open(cx, &(struct inspect_pairs_params){.action_id = action}, &cursor) == OK);
    for (;;) {
        struct inspect_pairs_row row;
        bool more;
        MUST(inspect_pairs_next(cx, &cursor, &row, &more) == OK);
        if (!more) break;
        MUST(h->pair_count < (int)COUNT_OF(h->pairs));
        struct handed_pair *p = &h->pairs[h->pair_count++];
        p->instalment = model_instalment(&s->model, row.number, row.position);
        p->occurrence = (int)row.occurrence;
        snprintf(p->step, sizeof p->step, "%.*s", STR_ARG(row.step));
        if (p->instalment < 0) sim_violation(s, "I10", "a message is about %.*s, which was never imported", STR_ARG(row.number));
    }
    inspect_pairs_close(&cursor);
}

/* INV: I7. What the books say a mail stated is what stands in it, row by row. */
static void check_stated(struct sim *s, struct ctx *cx, int64_t action, const struct letter *l) {
    size_t stated = 0, demanded = 0;
    struct inspect_stated_cursor cursor;
    MUST(inspect_stated_open(cx, &(struct inspect_stated_params){.action_id = action}, &cursor) == OK);
    for (;;) {
        struct inspect_stated_row row;
        bool more, same = false;
        MUST(inspect_stated_next(cx, &cursor, &row, &more) == OK);
        if (!more) break;
        stated++;
        for (size_t i = 0; i < l->row_count && !same; i++)
            same = str_equal(l->rows[i].number, row.number) && l->rows[i].position == row.position && l->rows[i].amount == row.open_then;
        if (!same)
            sim_violation(s, "I7", "the books say that %.*s was stated with %lld, the mail says otherwise", STR_ARG(row.number),
                          (long long)row.open_then);
    }
    inspect_stated_close(&cursor);
    for (size_t i = 0; i < l->row_count; i++) demanded += !l->rows[i].apart;
    if (stated < demanded)
        sim_violation(s, "I7", "the mail demands %zu items, the books say that it stated %zu", demanded, stated);
}

static void check_rows(struct sim *s, int customer, const struct letter *l) {
    const struct model *m = &s->model;
    int32_t today = sim_today(s).day;
    for (size_t i = 0; i < l->row_count; i++) {
        const struct letter_row *row = &l->rows[i];
        int at = model_instalment(m, row->number, row->position);
        if (at < 0) sim_violation(s, "I7", "the mail names %.*s, which is unknown", STR_ARG(row->number));
        const struct m_instalment *x = &m->instalments.items[at];
        if (m->documents.items[x->document].customer != customer)
            sim_violation(s, "I16", "the mail names %.*s of another customer", STR_ARG(row->number));
        if (x->open == 0) sim_violation(s, "I5", "the mail names %.*s, which is settled", STR_ARG(row->number));
        if (row->amount != x->open)
            sim_violation(s, "I7", "the mail says %lld is open of %.*s, the books say %lld", (long long)row->amount,
                          STR_ARG(row->number), (long long)x->open);
        if (!row->apart && model_demand(m, at, today) == DEMAND_NO)
            sim_violation(s, "I6", "the mail demands %.*s, which is disputed, promised or not issued", STR_ARG(row->number));
    }
    for (size_t i = 0; i < m->instalments.count; i++) {
        const struct m_instalment *x = &m->instalments.items[i];
        const struct m_document *d = &m->documents.items[x->document];
        if (d->customer != customer || !x->is_claim || x->open == 0 || x->issue > today) continue;
        if (model_demand(m, (int)i, today) != DEMAND_YES) continue;
        bool named = false;
        for (size_t k = 0; k < l->row_count; k++)
            named |= !l->rows[k].apart && str_is(l->rows[k].number, d->number) && l->rows[k].position == x->position;
        if (!named) sim_violation(s, "I7", "the mail leaves out %s instalment %d, which is open", d->number, x->position);
    }
}

static const struct zone *zone_of(struct sim *s, const struct m_customer *c) {
    struct ctx cx = {.arena = s->model.arena};
    const struct zone *zone = s->zone;
    if (c->zone[0]) MUST(zone_find(&cx, str_from(c->zone), &zone) == OK);
    return zone;
}

static void check_hour(struct sim *s, const struct m_customer *c) {
    bool has_law = c->is_person && strcmp(s->country, "ES") != 0;
    if (s->no_profile && !has_law) return;
    struct local_time t = zone_local(zone_of(s, c), s->now);
    enum weekday day = date_weekday(t.date);
    int32_t hour = t.second / 3600;
    bool house = !c->is_person && (day == SATURDAY || day == SUNDAY || hour < 8 || hour >= 19);
    bool person = c->is_person && (day == SUNDAY || hour < 7 || hour >= 21);
    if (house || person) sim_violation(s, "I14", "a mail to %s at %d h on weekday %d of its zone", c->code, (int)hour, (int)day);
}

static void check_pace(struct sim *s, const struct m_customer *c) {
    const struct zone *there = zone_of(s, c);
    Date today = sim_today(s), today_there = zone_date(there, s->now);
    int within_week = 0;
    for (size_t i = c->received.count; i-- > 0;) {
        Instant at = c->received.items[i];
        if (s->now.ms - at.ms < WEEK_MS) within_week++;
        if (zone_date(s->zone, at).day == today.day) sim_violation(s, "I14", "a second mail to %s on one day", c->code);
        if (zone_date(there, at).day + 1 >= today_there.day && !c->is_person && !s->no_profile)
            sim_violation(s, "the house profile", "mails to %s on two days running", c->code);
    }
    if (within_week >= 2 && !c->is_person && !s->no_profile) sim_violation(s, "the house profile", "a third mail to %s within a week", c->code);
}

/* INV: I1. Steps of the promise's own may come again; nothing else. */
static void check_once(struct sim *s, const struct handed_pair *p) {
    const struct m_instalment *x = &s->model.instalments.items[p->instalment];
    for (int k = 0; k < x->done_count; k++)
        if (strcmp(x->done[k].step, p->step) == 0 && x->done[k].occurrence == p->occurrence)
            sim_violation(s, "I1", "step %s of %s was handed over already", p->step,
                          s->model.documents.items[x->document].number);
}

static void check_pairs(struct sim *s, const struct handed *h) {
    bool owes = model_net(&s->model, h->customer, sim_today(s).day) > 0;
    for (int i = 0; i < h->pair_count; i++) {
        const struct handed_pair *p = &h->pairs[i];
        check_once(s, p);
        if (!owes && strcmp(p->step, "issue") != 0)
            sim_violation(s, "the net", "step %s is taken though the customer owes nothing net", p->step);
    }
}

size_t check_t(struct process *p, Str to, Str body) {
    struct sim *s = p->sim;
    struct ctx *cx = inspect_begin(s);
    struct letter l;
    if (!letter_read(cx->arena, body, s->currency, &l) || l.row_count == 0)
        sim_violation(s, "I7", "a mail that cannot be read:\n%.*s", (int)(body.n < 3000 ? body.n : 3000), body.p);
    struct inspect_message_row row;
    bool found;
    MUST(inspect_message(cx, &(struct inspect_message_params){.message_id = l.message_id}, &row, &found) == OK);
    if (!found || !str_is(row.status, "handing"))
        sim_violation(s, "T", "the body may leave, but T of <%.*s> is not committed", STR_ARG(l.message_id));
    struct handed h = {.customer = customer_of(s, row.customer_code), .at = s->now};
    snprintf(h.message_id, sizeof h.message_id, "%.*s", STR_ARG(l.message_id));
    read_pairs(s, cx, row.id, &h);
    const struct m_customer *c = &s->model.customers.items[h.customer];
    if (!str_is(to, c->email) || !str_contains(l.to, to))
        sim_violation(s, "the recipient", "a mail of %s goes to %.*s", c->code, STR_ARG(to));
    if (c->bounced) sim_violation(s, "I20", "a mail to %s, whose address bounced", c->code);
    if (model_held(&s->model, h.customer, sim_today(s).day)) sim_violation(s, "I6", "a mail to %s, who is on hold", c->code);
    if (s->now.ms < s->highest_run.ms) sim_violation(s, "I13", "T while the clock lies before the last run");
    check_rows(s, h.customer, &l);
    check_stated(s, cx, row.id, &l);
    check_hour(s, c);
    check_pace(s, c);
    check_pairs(s, &h);
    inspect_end();
    sim_log(s, "  %s: T for %s, %zu rows, %d steps from %s", p->name, c->code, l.row_count, h.pair_count,
            h.pair_count ? h.pairs[0].step : "-");
    *VEC_PUSH(s->model.arena, &s->handed) = h;
    return s->handed.count - 1;
}

/* ---- at the receiver ---- */

/* INV: I15. The journal knows of it, and would after a power failure. */
static void check_journal_has(struct sim *s, const struct handed *h) {
    static char tail[65536];
    char path[300];
    snprintf(path, sizeof path, "%s/handoff.journal", s->data_dir);
    FILE *f = fopen(path, "r");
    int64_t from = s->journal_synced > (int64_t)sizeof tail ? s->journal_synced - (int64_t)sizeof tail : 0;
    size_t n = 0;
    if (f && fseek(f, from, SEEK_SET) == 0) n = fread(tail, 1, (size_t)(s->journal_synced - from), f);
    if (f) fclose(f);
    if (!memmem(tail, n, h->message_id, strlen(h->message_id)))
        sim_violation(s, "I15", "<%s> left, and the journal has not kept it", h->message_id);
}

/* Sequences rise; a restore would otherwise leave out what stands behind a lower one. */
static void check_journal_order(struct sim *s) {
    char path[300], line[4096];
    long long seq, last = 0;
    snprintf(path, sizeof path, "%s/handoff.journal", s->data_dir);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "%*c %lld", &seq) != 1) continue;
        if (seq <= last) sim_violation(s, "I15", "the journal has %lld after %lld", seq, last);
        last = seq;
    }
    if (f) fclose(f);
}

void check_delivery(struct sim *s, size_t at) {
    struct handed *h = &s->handed.items[at];
    struct m_customer *c = &s->model.customers.items[h->customer];
    h->delivered = true;
    s->delivered++;
    sim_mark(s, MARK_MESSAGE_SENT);
    sim_log(s, "  the mail server has it: %s", c->code);
    check_journal_has(s, h);
    for (int i = 0; i < h->pair_count; i++) check_once(s, &h->pairs[i]);
    *VEC_PUSH(s->model.arena, &c->received) = h->at;
    for (int i = 0; i < h->pair_count; i++) {
        struct m_instalment *x = &s->model.instalments.items[h->pairs[i].instalment];
        MUST(x->done_count < MAX_DONE);
        struct m_done *done = &x->done[x->done_count++];
        snprintf(done->step, sizeof done->step, "%s", h->pairs[i].step);
        done->occurrence = h->pairs[i].occurrence;
    }
}

/* ---- what the books say of messages ---- */

/* INV: I3. */
void check_messages(struct sim *s) {
    struct ctx *cx = inspect_begin(s);
    for (size_t i = s->settled; i < s->handed.count; i++) {
        const struct handed *h = &s->handed.items[i];
        struct inspect_message_row row;
        bool found, final = true;
        struct inspect_message_params p = {.message_id = str_from(h->message_id)};
        MUST(inspect_message(cx, &p, &row, &found) == OK);
        if (h->delivered) {
            bool known = found && (str_is(row.status, "sent") || str_is(row.status, "ambiguous"));
            if (found && str_is(row.status, "handing")) {
                final = false;
            } else if (!known) {
                sim_violation(s, "I3", "the receiver has <%s>, the books say %.*s", h->message_id, found ? (int)row.status.n : 7,
                              found ? row.status.p : "nothing");
            }
        } else if (found && str_is(row.status, "sent")) {
            sim_violation(s, "I3", "<%s> counts as sent, the receiver does not have it", h->message_id);
        } else if (found && str_is(row.status, "handing")) {
            final = false;
        }
        if (final && i == s->settled) s->settled++;
    }
    inspect_end();
}

/* ---- the ledger ---- */

/* INV: I4 I8 I10 I11. */
void check_customer(struct sim *s, int customer) {
    const struct model *m = &s->model;
    const struct m_customer *c = &m->customers.items[customer];
    struct ctx *cx = inspect_begin(s);
    struct inspect_instalments_cursor cursor;
    MUST(inspect_instalments_open(cx, &(struct inspect_instalments_params){.code = str_from(c->code)}, &cursor) == OK);
    size_t expected = 0, seen = 0;
    for (size_t i = 0; i < m->instalments.count; i++)
        expected += m->documents.items[m->instalments.items[i].document].customer == customer;
    for (;;) {
        struct inspect_instalments_row row;
        bool more;
        MUST(inspect_instalments_next(cx, &cursor, &row, &more) == OK);
        if (!more) break;
        int at = model_instalment(m, row.number, row.position);
        if (at < 0) sim_violation(s, "I10", "%.*s instalment %lld was never imported", STR_ARG(row.number), (long long)row.position);
        const struct m_instalment *x = &m->instalments.items[at];
        seen++;
        if (row.open != x->open || row.ledger != x->open || row.amount != x->amount)
            sim_violation(s, "I8", "%.*s instalment %lld: open %lld, ledger %lld, expected %lld of %lld", STR_ARG(row.number),
                          (long long)row.position, (long long)row.open, (long long)row.ledger, (long long)x->open,
                          (long long)x->amount);
    }
    inspect_instalments_close(&cursor);
    if (seen != expected) sim_violation(s, "I4", "%s has %zu instalments, expected %zu", c->code, seen, expected);
    struct inspect_spare_row spare;
    MUST(inspect_spare(cx, &(struct inspect_spare_params){.code = str_from(c->code)}, &spare) == OK);
    int64_t payments = 0;
    for (size_t i = 0; i < m->payments.count; i++) payments += m->payments.items[i].customer == customer;
    if (spare.unapplied != model_spare(m, customer) || spare.payments != payments)
        sim_violation(s, "I8", "%s has %lld unapplied of %lld payments, expected %lld of %lld", c->code,
                      (long long)spare.unapplied, (long long)spare.payments, (long long)model_spare(m, customer),
                      (long long)payments);
    struct inspect_address_row address;
    bool found;
    MUST(inspect_address(cx, &(struct inspect_address_params){.code = str_from(c->code)}, &address, &found) == OK);
    if (!found || !str_is(address.email, c->email))
        sim_violation(s, "I4", "%s has address %.*s, expected %s", c->code, found ? (int)address.email.n : 0,
                      found ? address.email.p : "", c->email);
    inspect_end();
}

void check_everything(struct sim *s) {
    for (size_t i = 0; i < s->model.customers.count; i++) check_customer(s, (int)i);
    check_messages(s);
    check_journal_order(s);
    struct ctx *cx = inspect_begin(s);
    struct inspect_counts_row n;
    MUST(inspect_counts(cx, &(struct inspect_counts_params){.long_ago = {s->now.ms - PATIENCE_MS}}, &n) == OK);
    if (n.breaches) sim_violation(s, "I1", "%lld pairs are live twice", (long long)n.breaches);
    if (n.ambiguous > s->cuts)
        sim_violation(s, "I3", "%lld messages are ambiguous, only %lld connections were cut after T", (long long)n.ambiguous,
                      (long long)s->cuts);
    if (n.ambiguous) sim_mark(s, MARK_AMBIGUOUS);
    struct inspect_sent_cursor cursor;
    int64_t sent = 0;
    MUST(inspect_sent_open(cx, &cursor) == OK);
    for (;;) {
        struct inspect_sent_row row;
        bool more;
        MUST(inspect_sent_next(cx, &cursor, &row, &more) == OK);
        if (!more) break;
        sent++;
    }
    inspect_sent_close(&cursor);
    inspect_end();
    if (sent + n.ambiguous + n.handing < s->delivered || sent > s->delivered)
        sim_violation(s, "I3", "%lld messages count as sent, the receiver has %lld", (long long)sent, (long long)s->delivered);
    if (action_find(S("verify"))) {
        struct told told;
        enum rc rc = process_call(&s->desk, &told, "verify", (const char *const[]){NULL});
        if (rc != OK || told.exit_status) sim_violation(s, "I9", "aldia verify finds a difference: %s", told.difference);
    }
}

/* ---- the end ---- */

/* INV: I2. */
void check_end(struct sim *s) {
    check_everything(s);
    struct ctx *cx = inspect_begin(s);
    struct inspect_counts_row n;
    MUST(inspect_counts(cx, &(struct inspect_counts_params){.long_ago = {s->now.ms - PATIENCE_MS}}, &n) == OK);
    if (n.pending || n.handing)
        sim_violation(s, "I2", "faults stopped long ago; %lld messages are planned since long, %lld are being handed over", (long long)n.pending,
                      (long long)n.handing);
    struct inspect_silent_cursor cursor;
    struct inspect_silent_params p = {.until = date_add(sim_today(s), -50), .watermark = {s->first_day}};
    MUST(inspect_silent_open(cx, &p, &cursor) == OK);
    for (;;) {
        struct inspect_silent_row row;
        bool more;
        MUST(inspect_silent_next(cx, &cursor, &row, &more) == OK);
        if (!more) break;
        int customer = customer_of(s, row.code);
        int at = model_instalment(&s->model, row.number, row.position);
        if (model_net(&s->model, customer, sim_today(s).day) <= 0) continue;
        if (model_demand(&s->model, at, sim_today(s).day) != DEMAND_YES) continue;
        sim_violation(s, "I2", "%.*s instalment %lld is open and old, the last claim was never made", STR_ARG(row.number),
                      (long long)row.position);
    }
    inspect_silent_close(&cursor);
    inspect_end();
}
