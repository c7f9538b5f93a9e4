/* The naive books. */
#include "model.h"

#include <stdio.h>
#include <string.h>

int model_document(const struct model *m, Str number) {
    for (size_t i = m->documents.count; i-- > 0;)
        if (str_is(number, m->documents.items[i].number)) return (int)i;
    return -1;
}

int model_instalment(const struct model *m, Str number, int64_t position) {
    int d = model_document(m, number);
    for (size_t i = 0; d >= 0 && i < m->instalments.count; i++)
        if (m->instalments.items[i].document == d && m->instalments.items[i].position == position) return (int)i;
    return -1;
}

void model_invoice(struct model *m, int customer, Str number, int position, int32_t issue, int32_t due, int64_t amount,
                   bool is_claim) {
    int d = model_document(m, number);
    if (d < 0) {
        d = (int)m->documents.count;
        struct m_document *document = VEC_PUSH(m->arena, &m->documents);
        *document = (struct m_document){.customer = customer, .is_claim = is_claim};
        snprintf(document->number, sizeof document->number, "%.*s", STR_ARG(number));
    }
    *VEC_PUSH(m->arena, &m->instalments) = (struct m_instalment){.document = d,
                                                                  .position = position,
                                                                  .issue = issue,
                                                                  .due = due,
                                                                  .amount = amount,
                                                                  .open = amount,
                                                                  .is_claim = is_claim};
}

/* The open instalment that money takes next, or -1. */
static int next_target(const struct model *m, int customer, int document, int32_t today) {
    int best = -1;
    for (size_t i = 0; i < m->instalments.count; i++) {
        const struct m_instalment *x = &m->instalments.items[i];
        const struct m_document *d = &m->documents.items[x->document];
        if (d->customer != customer || !x->is_claim || x->open == 0) continue;
        if (document >= 0 ? x->document != document : x->issue > today) continue;
        if (best < 0) {
            best = (int)i;
            continue;
        }
        const struct m_instalment *b = &m->instalments.items[best];
        bool x_last = document < 0 && d->dispute == DISPUTED;
        bool b_last = document < 0 && m->documents.items[b->document].dispute == DISPUTED;
        if (x_last != b_last ? b_last : x->due < b->due) best = (int)i;
    }
    return best;
}

void model_apply_credit(struct model *m, Str credit, Str invoice) {
    int from = model_instalment(m, credit, 1), document = model_document(m, invoice);
    struct m_instalment *c = &m->instalments.items[from];
    for (;;) {
        int to = next_target(m, m->documents.items[document].customer, document, 0);
        if (to < 0 || c->open == 0) return;
        struct m_instalment *x = &m->instalments.items[to];
        int64_t part = c->open < x->open ? c->open : x->open;
        c->open -= part;
        x->open -= part;
        m->documents.items[document].credited = true;
    }
}

void model_pay(struct model *m, Str external_id, int64_t id, int customer, int document, int32_t date, int64_t amount,
               int32_t today) {
    struct m_payment p = {.id = id, .customer = customer, .document = document, .date = date, .amount = amount};
    snprintf(p.external_id, sizeof p.external_id, "%.*s", STR_ARG(external_id));
    VEC_OF(struct m_allocation) parts = {0};
    int64_t left = amount;
    while (left > 0) {
        int to = next_target(m, customer, document, today);
        if (to < 0) break;
        struct m_instalment *x = &m->instalments.items[to];
        int64_t part = left < x->open ? left : x->open;
        x->open -= part;
        left -= part;
        *VEC_PUSH(m->arena, &parts) = (struct m_allocation){to, part};
    }
    p.unapplied = left;
    p.allocations = parts.items;
    p.allocation_count = (int)parts.count;
    *VEC_PUSH(m->arena, &m->payments) = p;
}

void model_reverse(struct model *m, int payment) {
    struct m_payment *p = &m->payments.items[payment];
    for (int i = 0; i < p->allocation_count; i++)
        m->instalments.items[p->allocations[i].instalment].open += p->allocations[i].amount;
    p->reversed = true;
    p->unapplied = 0;
}

static int64_t paid_by(const struct model *m, int customer) {
    int64_t sum = 0;
    for (size_t i = 0; i < m->payments.count; i++)
        if (m->payments.items[i].customer == customer && !m->payments.items[i].reversed)
            sum += m->payments.items[i].amount;
    return sum;
}

static void cover(struct model *m, struct m_promise *p, int instalment) {
    p->instalments[p->count] = instalment;
    p->open_then[p->count++] = m->instalments.items[instalment].open;
}

void model_promise(struct model *m, int customer, int64_t amount, int32_t date, const int *documents, int document_count,
                   int32_t today) {
    struct m_promise p = {
        .customer = customer, .amount = amount, .date = date, .paid_before = paid_by(m, customer)};
    p.instalments = ARENA_ARRAY(m->arena, int, m->instalments.count);
    p.open_then = ARENA_ARRAY(m->arena, int64_t, m->instalments.count);
    for (int k = 0; k < document_count; k++)
        for (size_t i = 0; i < m->instalments.count; i++)
            if (m->instalments.items[i].document == documents[k] && m->instalments.items[i].open > 0)
                cover(m, &p, (int)i);
    int64_t sum = 0;
    while (document_count == 0 && sum < amount) { /* the oldest ones, as money would take them */
        int next = next_target(m, customer, -1, today);
        if (next < 0) break;
        cover(m, &p, next);
        sum += m->instalments.items[next].open;
        m->instalments.items[next].open = 0; /* out of the way for a moment */
    }
    for (int i = 0; i < p.count; i++) m->instalments.items[p.instalments[i]].open = p.open_then[i];
    *VEC_PUSH(m->arena, &m->promises) = p;
}

int64_t model_spare(const struct model *m, int customer) {
    int64_t sum = 0;
    for (size_t i = 0; i < m->payments.count; i++)
        if (m->payments.items[i].customer == customer) sum += m->payments.items[i].unapplied;
    return sum;
}

int64_t model_net(const struct model *m, int customer, int32_t today) {
    int64_t net = -model_spare(m, customer);
    for (size_t i = 0; i < m->instalments.count; i++) {
        const struct m_instalment *x = &m->instalments.items[i];
        if (m->documents.items[x->document].customer != customer) continue;
        if (!x->is_claim)
            net -= x->open;
        else if (x->issue <= today)
            net += x->open;
    }
    return net;
}

int64_t model_document_open(const struct model *m, int document) {
    int64_t sum = 0;
    for (size_t i = 0; i < m->instalments.count; i++)
        if (m->instalments.items[i].document == document) sum += m->instalments.items[i].open;
    return sum;
}

static enum m_demand under_promise(const struct model *m, const struct m_promise *p, int instalment, int32_t today) {
    if (p->date < today) return DEMAND_YES;
    int64_t came = 0;
    bool covers = false;
    for (int i = 0; i < p->count; i++) {
        came += p->open_then[i] - m->instalments.items[p->instalments[i]].open;
        covers |= p->instalments[i] == instalment;
    }
    if (!covers) return DEMAND_YES;
    bool kept_somehow = came > 0 || paid_by(m, p->customer) > p->paid_before;
    return kept_somehow ? DEMAND_MAYBE : DEMAND_NO;
}

enum m_demand model_demand(const struct model *m, int instalment, int32_t today) {
    const struct m_instalment *x = &m->instalments.items[instalment];
    const struct m_document *d = &m->documents.items[x->document];
    if (!x->is_claim || x->open == 0 || x->issue > today) return DEMAND_NO;
    if (d->dispute == DISPUTED || (d->dispute == ACCEPTED && !d->credited)) return DEMAND_NO;
    enum m_demand answer = DEMAND_YES;
    for (size_t i = 0; i < m->promises.count; i++) {
        enum m_demand one = under_promise(m, &m->promises.items[i], instalment, today);
        if (one < answer) answer = one;
    }
    return answer;
}

bool model_held(const struct model *m, int customer, int32_t today) {
    const struct m_customer *c = &m->customers.items[customer];
    return c->held && today <= c->held_until;
}
