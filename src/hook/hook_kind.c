/* The list, and how webhooks choose from it. */
#include "hook/hook_kind.h"

#include "base/buf.h"

#define C CAP_CUSTOMER_READ
#define M CAP_MONEY_READ
#define S_ CAP_STRATEGY_READ
#define L CAP_MESSAGE_READ

const struct hook_kind hook_kinds[] = {
    {KIND_INVOICE_BOOKED, M, HOOK_INVOICE, PHRASE("an invoice, note or advance was booked; one delivery each")},
    {"invoices.imported", M, HOOK_NOTHING, PHRASE("a file of invoices was imported")},
    {"invoices.snapshot", M, HOOK_NOTHING, PHRASE("a file of all open invoices was imported")},
    {"payment.recorded", M, HOOK_PAYMENT, PHRASE("a payment was booked and applied")},
    {"payment.reversed", M, HOOK_PAYMENT, PHRASE("a payment was taken back")},
    {"payment.refunded", M, HOOK_PAYMENT, PHRASE("what of a payment was not used was paid back")},
    {"credit.refunded", M, HOOK_INVOICE, PHRASE("what was left of a credit note or advance was paid back")},
    {"payments.imported", M, HOOK_NOTHING, PHRASE("a file of payments was imported")},
    {"debt.written_off", M, HOOK_INVOICE, PHRASE("what was open of an invoice was written off")},
    {"debt.reinstated", M, HOOK_INVOICE, PHRASE("a write-off was undone")},
    {"document.attached", M, HOOK_INVOICE, PHRASE("a copy was attached to an invoice")},
    {"customers.imported", C, HOOK_NOTHING, PHRASE("a file of customers was imported")},
    {"customer.held", C, HOOK_CUSTOMER, PHRASE("reminders of a customer were stopped")},
    {"invoice.held", C, HOOK_INVOICE, PHRASE("… of an invoice")},
    {"segment.held", C, HOOK_NOTHING, PHRASE("… of a segment")},
    {"customer.resumed", C, HOOK_CUSTOMER, PHRASE("reminders of a customer go on")},
    {"customer.assigned", C, HOOK_CUSTOMER, PHRASE("a customer has another collector")},
    {"customer.address", C, HOOK_CUSTOMER, PHRASE("the postal address was changed")},
    {"hold.ended", C, HOOK_CUSTOMER, PHRASE("a hold was ended")},
    {"note.added", C, HOOK_CUSTOMER, PHRASE("somebody noted something")},
    {"contact.added", C, HOOK_CUSTOMER, PHRASE("a contact was added")},
    {"contact.changed", C, HOOK_CUSTOMER, PHRASE("a contact was changed")},
    {"contact.removed", C, HOOK_CUSTOMER, PHRASE("a contact was removed")},
    {"contact.consented", C, HOOK_CUSTOMER, PHRASE("a contact agreed to a channel")},
    {"contact.opted_out", C, HOOK_CUSTOMER, PHRASE("a contact wants no messages by a channel")},
    {"contact.consent_cleared", C, HOOK_CUSTOMER, PHRASE("neither is known any more")},
    {"contact.made", C, HOOK_CUSTOMER, PHRASE("somebody spoke with the customer")},
    {"recourse.changed", C, HOOK_CUSTOMER, PHRASE("a claim was given to somebody else")},
    {"recourse.ended", C, HOOK_CUSTOMER, PHRASE("… and came back")},
    {"promise.made", C, HOOK_CUSTOMER, PHRASE("a payment was promised")},
    {"promise.settled", C, HOOK_CUSTOMER, PHRASE("a promise was kept, partly kept or broken")},
    {"promise.cancelled", C, HOOK_CUSTOMER, PHRASE("a promise was taken back")},
    {"agreement.written", C, HOOK_CUSTOMER, PHRASE("a payment agreement was drawn up")},
    {"case_file.made", C, HOOK_CUSTOMER, PHRASE("a case file was put together")},
    {"dispute.opened", C, HOOK_INVOICE, PHRASE("an invoice is disputed")},
    {"dispute.closed", C, HOOK_INVOICE, PHRASE("a dispute was accepted or rejected")},
    {"message.confirmed", L, HOOK_MESSAGE, PHRASE("a message that waited may be sent")},
    {"message.cancelled", L, HOOK_MESSAGE, PHRASE("a message will not be sent")},
    {"message.kept_back", L, HOOK_MESSAGE, PHRASE("a message did not follow any more when its time came")},
    {"message.handing", L, HOOK_MESSAGE, PHRASE("a message is being handed over")},
    {"message.sent", L, HOOK_MESSAGE, PHRASE("the mail server took a message")},
    {"message.deferred", L, HOOK_MESSAGE, PHRASE("… will be tried again")},
    {"message.failed", L, HOOK_MESSAGE, PHRASE("… refused it")},
    {"message.ambiguous", L, HOOK_MESSAGE, PHRASE("nobody knows whether it took it")},
    {"message.settled", L, HOOK_MESSAGE, PHRASE("a person decided what became of it")},
    {"thanks.handing", L, HOOK_CUSTOMER, PHRASE("thanks for a payment are being handed over")},
    {"thanks.sent", L, HOOK_CUSTOMER, PHRASE("… were sent")},
    {"thanks.failed", L, HOOK_CUSTOMER, PHRASE("… were refused")},
    {"thanks.ambiguous", L, HOOK_CUSTOMER, PHRASE("… nobody knows")},
    {"forewarning.handing", L, HOOK_CUSTOMER, PHRASE("a collector's forewarning is being handed over")},
    {"forewarning.sent", L, HOOK_CUSTOMER, PHRASE("… was sent")},
    {"forewarning.failed", L, HOOK_CUSTOMER, PHRASE("… was refused")},
    {"forewarning.ambiguous", L, HOOK_CUSTOMER, PHRASE("… nobody knows")},
    {"letters.printed", L, HOOK_NOTHING, PHRASE("letters were printed")},
    {"letters.printed_again", L, HOOK_NOTHING, PHRASE("… printed once more")},
    {"letter.posted", L, HOOK_MESSAGE, PHRASE("a letter was posted")},
    {"letter.delivered", L, HOOK_MESSAGE, PHRASE("a letter arrived")},
    {"template.set", L, HOOK_NOTHING, PHRASE("a message text was changed")},
    {"template.reset", L, HOOK_NOTHING, PHRASE("… was put back")},
    {"template.tested", L, HOOK_NOTHING, PHRASE("a message was sent to oneself")},
    {"proposal.made", CAP_APPROVE, HOOK_NOTHING, PHRASE("something waits for a second person")},
    {"proposal.approved", CAP_APPROVE, HOOK_NOTHING, PHRASE("a second person approved it")},
    {"proposal.rejected", CAP_APPROVE, HOOK_NOTHING, PHRASE("… rejected it")},
    {"proposal.withdrawn", CAP_APPROVE, HOOK_NOTHING, PHRASE("whoever proposed it took it back")},
    {"strategy.applied", S_, HOOK_NOTHING, PHRASE("a strategy has a new version")},
    {"strategy.renamed", S_, HOOK_NOTHING, PHRASE("a strategy is called otherwise")},
    {"strategy.archived", S_, HOOK_NOTHING, PHRASE("a strategy was put away")},
    {"strategy.unarchived", S_, HOOK_NOTHING, PHRASE("… and is used again")},
    {"strategy.assigned", S_, HOOK_NOTHING, PHRASE("a customer or segment follows another strategy")},
    {"strategy.activated", S_, HOOK_NOTHING, PHRASE("sending begins")},
    {"sending.stopped", CAP_RUN, HOOK_NOTHING, PHRASE("somebody stopped all messages")},
    {"sending.started", CAP_RUN, HOOK_NOTHING, PHRASE("… let them go on")},
    {"company.created", CAP_ADMIN, HOOK_NOTHING, PHRASE("the company was set up")},
    {"company.changed", CAP_ADMIN, HOOK_NOTHING, PHRASE("its data were changed")},
    {"sender.changed", CAP_ADMIN, HOOK_NOTHING, PHRASE("who writes the company's mails was changed")},
    {"sender.logo", CAP_ADMIN, HOOK_NOTHING, PHRASE("the logo was changed or taken away")},
    {"company.way_added", CAP_ADMIN, HOOK_NOTHING, PHRASE("there is another way to pay")},
    {"company.way_changed", CAP_ADMIN, HOOK_NOTHING, PHRASE("a way to pay was changed")},
    {"company.way_removed", CAP_ADMIN, HOOK_NOTHING, PHRASE("… was removed")},
    {"instance.confirmed", CAP_ADMIN, HOOK_NOTHING, PHRASE("a restored or moved installation was confirmed")},
    {"webhook.off", CAP_ADMIN, HOOK_NOTHING, PHRASE("a webhook switched itself off")},
};
const size_t hook_kind_count = COUNT_OF(hook_kinds);

const struct hook_kind *hook_kind_find(Str name) {
    for (size_t i = 0; i < hook_kind_count; i++)
        if (str_is(name, hook_kinds[i].name)) return &hook_kinds[i];
    return NULL;
}

static bool covers(Str word, Str kind) {
    if (word.n && word.p[word.n - 1] == '*') return str_starts(kind, (Str){word.p, word.n - 1});
    return str_equal(word, kind);
}

bool hook_kinds_have(Str list, Str kind) {
    for (Str rest = list; rest.p;)
        if (covers(str_cut(&rest, ' '), kind)) return true;
    return false;
}

/* "x.*" and "*"; a star anywhere else belongs to no family. */
static bool is_pattern(Str word) {
    return str_is(word, "*") || (word.n > 2 && str_ends(word, S(".*")) && str_index(word, '*') == word.n - 1);
}

static enum rc check_word(struct ctx *cx, Str word) {
    bool known = false;
    bool well_formed = str_index(word, '*') == word.n || is_pattern(word);
    for (size_t i = 0; i < hook_kind_count && well_formed; i++) {
        if (!covers(word, str_from(hook_kinds[i].name))) continue;
        known = true;
        if (actor_may(cx->who, hook_kinds[i].needs)) continue;
        return fail_field(cx, DENIED, "kind", "a webhook is never told more than whoever makes it may see", "%s needs %s",
                          hook_kinds[i].name, capability_name(hook_kinds[i].needs));
    }
    if (known) return OK;
    return fail_field(cx, INVALID, "kind", "aldia webhook kinds lists them; payment.* is all of a family, * is everything",
                      "there is no kind of event \"%.*s\"", (int)(word.n < 60 ? word.n : 60), word.p);
}

enum rc hook_kinds_parse(struct ctx *cx, const Str *words, size_t n, Str *out) {
    AUTO(buf_done) struct buf list = buf_make(8192);
    for (size_t i = 0; i < n; i++) {
        for (Str rest = words[i]; rest.p;) {
            Str part = str_cut(&rest, ',');
            while (part.p) {
                Str word = str_trim(str_cut(&part, ' '));
                if (word.n == 0 || (list.n && hook_kinds_have(buf_str(&list), word))) continue;
                TRY(check_word(cx, word));
                if (list.n) buf_add_char(&list, ' ');
                buf_add(&list, word);
            }
        }
    }
    if (list.n == 0 || !buf_ok(&list))
        return fail_field(cx, INVALID, "kind", "aldia webhook kinds lists them; * is everything", "no kind of event was chosen");
    *out = arena_str(cx->arena, buf_str(&list));
    return OK;
}
