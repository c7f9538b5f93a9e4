/* What a message is about besides items. */
#include "message/case_values.h"

#include "message/plain.h"

static Str line(struct composing *c, Str s) { return plain_line(c->cx->arena, s); }

static Str amount(struct composing *c, Money m) { return m.minor ? composing_money(c, m) : S(""); }

static Str number(struct composing *c, int64_t n) { return arena_printf(c->cx->arena, "%lld", (long long)n); }

static void add_payment(struct composing *c, struct value_builder *root, const char *key,
                        const struct message_payment *p) {
    if (!p) {
        value_add_bool(root, key, false);
        return;
    }
    struct value_builder b = value_add_object(root, key);
    value_add_text(&b, "amount", composing_money(c, p->amount));
    value_add_text(&b, "date", composing_date(c, p->date));
    value_add_text(&b, "reference", line(c, p->reference));
}

static void add_promise(struct composing *c, struct value_builder *root, const struct message_promise *p) {
    if (!p) {
        value_add_bool(root, "promise", false);
        return;
    }
    struct value_builder b = value_add_object(root, "promise");
    value_add_text(&b, "amount", amount(c, p->amount));
    value_add_text(&b, "date", composing_date(c, p->date));
    value_add_text(&b, "date_long", composing_date_long(c, p->date));
}

static void add_plan(struct composing *c, struct value_builder *root, const struct message_plan *p) {
    if (!p) {
        value_add_bool(root, "plan", false);
        return;
    }
    struct value_builder b = value_add_object(root, "plan");
    value_add_text(&b, "position", number(c, p->position));
    value_add_text(&b, "count", number(c, p->count));
    value_add_text(&b, "amount", composing_money(c, p->amount));
    value_add_text(&b, "total", composing_money(c, p->total));
    value_add_text(&b, "date", composing_date(c, p->date));
    value_add_text(&b, "date_long", composing_date_long(c, p->date));
}

static void add_dispute(struct composing *c, struct value_builder *root, const struct message_dispute *p) {
    if (!p) {
        value_add_bool(root, "dispute", false);
        return;
    }
    struct value_builder b = value_add_object(root, "dispute");
    value_add_text(&b, "reason", line(c, p->reason));
    value_add_text(&b, "answer", line(c, p->answer));
    value_add_bool(&b, "is_answered", p->is_answered);
    value_add_bool(&b, "is_accepted", p->is_accepted);
    value_add_text(&b, "date", composing_date(c, p->date));
}

static void add_discount(struct composing *c, struct value_builder *root, const struct message_discount *p) {
    if (!p) {
        value_add_bool(root, "discount", false);
        return;
    }
    struct value_builder b = value_add_object(root, "discount");
    value_add_text(&b, "percent", number(c, p->percent));
    value_add_text(&b, "amount", amount(c, p->amount));
    value_add_text(&b, "until", composing_date(c, p->until));
    value_add_text(&b, "until_long", composing_date_long(c, p->until));
}

static void add_sends(struct composing *c, struct value_builder *root) {
    const struct message_facts *f = c->facts;
    struct value_builder list = value_add_list(root, "sends");
    for (size_t i = 0; i < f->send_count; i++) {
        struct value_builder b = value_add_object(&list, NULL);
        value_add_text(&b, "customer", line(c, f->sends[i].customer));
        value_add_text(&b, "channel", line(c, f->sends[i].channel));
        value_add_text(&b, "what", line(c, f->sends[i].what));
        value_add_text(&b, "total", composing_money(c, f->sends[i].total));
    }
    if (f->send_count)
        composing_count(c, root, "send_count", (int64_t)f->send_count);
    else
        value_add_bool(root, "send_count", false);
}

/* DATE_NONE and what nobody set are no day. */
static Str long_day(struct composing *c, Date d) { return d.day > 0 ? composing_date_long(c, d) : S(""); }

enum rc case_values(struct composing *c, struct value_builder *root) {
    const struct message_facts *f = c->facts;
    add_payment(c, root, "payment", f->payment);
    add_payment(c, root, "reported", f->reported);
    add_promise(c, root, f->promise);
    add_plan(c, root, f->plan);
    add_dispute(c, root, f->dispute);
    add_discount(c, root, f->discount);
    add_sends(c, root);
    value_add_text(root, "send_day", long_day(c, f->send_day));
    value_add_text(root, "suspend_on", long_day(c, f->suspend_on));
    Str missing = S("");
    if (f->missing_count) TRY(composing_list(c, f->missing, f->missing_count, &missing));
    value_add_text(root, "missing", missing);
    return OK;
}
