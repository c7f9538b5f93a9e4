/* The table of kinds. */
#include "message/kind.h"

const struct message_kind message_kinds[] = {
    {"new_invoice", ABOUT_NOTICE, 0, "an invoice was issued"},
    {"due_soon", ABOUT_NOTICE, 0, "something falls due in a few days"},
    {"due_today", ABOUT_NOTICE, 0, "something falls due today"},
    {"claim", ABOUT_OVERDUE, 0, "something is overdue"},
    {"promise_broken", ABOUT_OVERDUE, 0, "a promised payment did not come"},
    {"suspension", ABOUT_OVERDUE, 0, "what follows when nothing happens: the service stops, somebody else decides"},
    {"plan_broken", ABOUT_OVERDUE, 0, "an instalment of an agreed plan did not come"},
    {"campaign", ABOUT_OVERDUE, 0, "old debts, with a way to close them"},
    {"thanks", ABOUT_CASE, NEEDS_PAYMENT, "a payment came and nothing is overdue any more"},
    {"payment_partial", ABOUT_CASE, NEEDS_PAYMENT | NEEDS_ITEMS, "a payment came and something is still open"},
    {"payment_reported", ABOUT_CASE, NEEDS_REPORT, "the customer says a payment was made; we are looking for it"},
    {"promise_reminder", ABOUT_CASE, NEEDS_PROMISE, "the promised day is near"},
    {"plan_agreed", ABOUT_CASE, NEEDS_PLAN, "a payment plan was agreed"},
    {"plan_reminder", ABOUT_CASE, NEEDS_PLAN, "an instalment of a plan is near"},
    {"dispute_received", ABOUT_CASE, NEEDS_DISPUTE, "a disagreement was noted and is being looked into"},
    {"dispute_answered", ABOUT_CASE, NEEDS_DISPUTE, "the answer to a disagreement"},
    {"statement", ABOUT_CASE, 0, "the statement of account, attached"},
    {"missing_data", ABOUT_CASE, 0, "contact or tax data are missing"},
    {"third_party", ABOUT_OTHERS, NEEDS_ITEMS, "a request to the seller or a manager about one customer"},
    {"forewarning", ABOUT_OTHERS, NEEDS_SENDS, "to the collector: what will be sent next (B14)"},
    {"objections", ABOUT_CASE, 0, "answers to what people say on the phone, at the end of every call script"},
};
const size_t message_kind_count = COUNT_OF(message_kinds);

const struct message_kind *message_kind_find(Str name) {
    for (size_t i = 0; i < message_kind_count; i++)
        if (str_is(name, message_kinds[i].name)) return &message_kinds[i];
    return NULL;
}

enum kind_about message_kind_about(Str name) {
    const struct message_kind *kind = message_kind_find(name);
    return kind ? kind->about : ABOUT_OWN;
}

enum rc message_kind_check(struct ctx *cx, Str name, const struct message_facts *f) {
    const struct message_kind *kind = message_kind_find(name);
    const struct {
        int need;
        bool there;
        const char *what;
    } needs[] = {{NEEDS_PAYMENT, f->payment != NULL, "a payment"},
                 {NEEDS_PROMISE, f->promise != NULL, "a promise"},
                 {NEEDS_PLAN, f->plan != NULL, "a payment plan"},
                 {NEEDS_DISPUTE, f->dispute != NULL, "a dispute"},
                 {NEEDS_REPORT, f->reported != NULL, "a reported payment"},
                 {NEEDS_SENDS, f->send_count > 0, "something to be sent"},
                 {NEEDS_ITEMS, f->item_count > 0, "an open item"}};
    for (size_t i = 0; kind && i < COUNT_OF(needs); i++)
        if (kind->needs & needs[i].need && !needs[i].there)
            return fail_field(cx, INVALID, "kind", NULL, "a message of kind %s speaks of %s, and there is none",
                              kind->name, needs[i].what);
    return OK;
}
