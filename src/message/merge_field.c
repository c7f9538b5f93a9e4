/* The table of merge fields, the check of templates against it, and the page that documents it. */
#include "message/merge_field.h"

#define GROUP_MEANING " (a group; missing when there is none)"

const struct merge_field merge_fields[] = {
    {SCOPE_MESSAGE, "company", SCOPE_COMPANY, "the creditor"},
    {SCOPE_MESSAGE, "customer", SCOPE_CUSTOMER, "who owes"},
    {SCOPE_MESSAGE, "contact_name", SCOPE_NONE, "the person written to; may be empty"},
    {SCOPE_MESSAGE, "language", SCOPE_NONE, "language of the message, \"es\""},
    {SCOPE_MESSAGE, "today", SCOPE_NONE, "date of the message, \"21 nov 2026\""},
    {SCOPE_MESSAGE, "pay_by", SCOPE_NONE, "the day by which payment is asked, \"24 nov 2026\""},
    {SCOPE_MESSAGE, "pay_by_long", SCOPE_NONE, "the same with its weekday, \"martes 24 de noviembre de 2026\""},
    {SCOPE_MESSAGE, "broken_promise", SCOPE_NONE,
     "the day of the last promise that was not kept, with its weekday; empty when there is none"},
    {SCOPE_MESSAGE, "lead", SCOPE_GROUP,
     "what the message is about: the overdue items of a claim, the new ones of an issue notice"},
    {SCOPE_MESSAGE, "one_item", SCOPE_ITEM, "the lead's item when it is the only one; otherwise missing"},
    {SCOPE_MESSAGE, "several", SCOPE_GROUP, "the lead when it has more than one item; otherwise missing"},
    {SCOPE_MESSAGE, "overdue", SCOPE_GROUP, "everything overdue" GROUP_MEANING},
    {SCOPE_MESSAGE, "others", SCOPE_GROUP, "open items that are neither lead nor overdue" GROUP_MEANING},
    {SCOPE_MESSAGE, "promised", SCOPE_GROUP, "items with an open promise, in no total" GROUP_MEANING},
    {SCOPE_MESSAGE, "disputed", SCOPE_GROUP, "items under review, in no total" GROUP_MEANING},
    {SCOPE_MESSAGE, "groups", SCOPE_GROUP, "lead, overdue and others, as far as there are, for the lists"},
    {SCOPE_MESSAGE, "apart", SCOPE_GROUP, "promised and disputed, as far as there are"},
    {SCOPE_MESSAGE, "open_totals", SCOPE_AMOUNT,
     "all that is asked for and not yet due together, one per currency; empty with only one group"},
    {SCOPE_MESSAGE, "credits", SCOPE_AMOUNT, "unapplied credit, one per currency"},
    {SCOPE_MESSAGE, "credit_total", SCOPE_NONE, "the same in one text", true},
    {SCOPE_MESSAGE, "ways", SCOPE_WAY, "ways to pay"},
    {SCOPE_MESSAGE, "payment", SCOPE_PAYMENT, "the payment that came in; missing when the message is about none"},
    {SCOPE_MESSAGE, "reported", SCOPE_PAYMENT, "the payment the customer told us of; may be missing"},
    {SCOPE_MESSAGE, "promise", SCOPE_PROMISE, "the promise the message is about; may be missing"},
    {SCOPE_MESSAGE, "plan", SCOPE_PLAN, "the payment plan and its instalment; may be missing"},
    {SCOPE_MESSAGE, "dispute", SCOPE_DISPUTE, "the disagreement; may be missing"},
    {SCOPE_MESSAGE, "discount", SCOPE_DISCOUNT, "what is offered to close an old debt; may be missing"},
    {SCOPE_MESSAGE, "suspend_on", SCOPE_NONE,
     "the day the service stops if nothing happens, with its weekday; may be empty"},
    {SCOPE_MESSAGE, "missing", SCOPE_NONE, "the data that are missing, as one text; may be empty"},
    {SCOPE_MESSAGE, "sends", SCOPE_SEND, "forewarning: what will be sent, a list"},
    {SCOPE_MESSAGE, "send_count", SCOPE_COUNT_OF, "forewarning: how many; may be missing"},
    {SCOPE_MESSAGE, "send_day", SCOPE_NONE, "forewarning: the day, with its weekday"},
    {SCOPE_MESSAGE, "pays_company", SCOPE_NONE, "whether any of the accounts is the company's own"},
    {SCOPE_MESSAGE, "payment_reference", SCOPE_NONE,
     "what to write on the transfer: the customer's code; as \"RF18 5390 …\" (ISO 11649) when only accounts of the "
     "SEPA area are told"},
    {SCOPE_MESSAGE, "last_message", SCOPE_NONE,
     "the day of our last message, with its weekday; empty when there was none"},
    {SCOPE_MESSAGE, "last_reply", SCOPE_NONE,
     "the day of the customer's last answer, with its weekday; empty when there was none"},
    {SCOPE_MESSAGE, "last_promise", SCOPE_LAST_PROMISE, "the last promise to pay; missing when there was none"},
    {SCOPE_MESSAGE, "attachments_note", SCOPE_NONE,
     "a sentence that names the invoices whose copies are too much for one mail; mostly empty"},
    {SCOPE_MESSAGE, "page_url", SCOPE_NONE, "the customer's own page; may be empty"},
    {SCOPE_MESSAGE, "unsubscribe_url", SCOPE_NONE, "where these mails can be stopped; may be empty"},
    {SCOPE_MESSAGE, "subject", SCOPE_NONE, "layouts only: the subject"},
    {SCOPE_MESSAGE, "title", SCOPE_NONE, "layouts only: the heading"},
    {SCOPE_MESSAGE, "preview", SCOPE_NONE, "layouts only: the line that in-boxes show beside the subject"},
    {SCOPE_MESSAGE, "text_paragraphs", SCOPE_NONE, "layouts only: the paragraphs as plain text, a list"},
    {SCOPE_MESSAGE, "html_paragraphs", SCOPE_NONE, "layouts only: the paragraphs as HTML, a list, for {{{.}}}"},

    {SCOPE_COMPANY, "name", SCOPE_NONE, "name of the creditor"},
    {SCOPE_COMPANY, "tax_id", SCOPE_NONE, "tax number; may be empty"},
    {SCOPE_COMPANY, "tax_id_label", SCOPE_NONE, "what its country calls that number: NIT, RFC, CUIT …"},
    {SCOPE_COMPANY, "address", SCOPE_NONE, "postal address; may be empty"},
    {SCOPE_COMPANY, "has_person", SCOPE_NONE, "whether any of the following is known"},
    {SCOPE_COMPANY, "person_name", SCOPE_NONE, "whom to talk to"},
    {SCOPE_COMPANY, "person_phone", SCOPE_NONE, "phone as people read it"},
    {SCOPE_COMPANY, "person_tel", SCOPE_NONE, "phone for a tel: link"},
    {SCOPE_COMPANY, "person_email", SCOPE_NONE, "mail address"},
    {SCOPE_COMPANY, "person_hours", SCOPE_NONE, "when the person answers"},

    {SCOPE_CUSTOMER, "name", SCOPE_NONE, "name of the customer"},
    {SCOPE_CUSTOMER, "code", SCOPE_NONE, "code of the customer, the reference for payments"},
    {SCOPE_CUSTOMER, "is_person", SCOPE_NONE, "a person rather than a company"},
    {SCOPE_CUSTOMER, "tax_id", SCOPE_NONE, "tax number; may be empty"},
    {SCOPE_CUSTOMER, "tax_id_label", SCOPE_NONE, "what it is called in the customer's country, \"RFC\"; may be empty"},

    {SCOPE_GROUP, "n", SCOPE_NONE, "how many items"},
    {SCOPE_GROUP, "zero", SCOPE_NONE, "plural category of n (CLDR), exactly one of the six is true"},
    {SCOPE_GROUP, "one", SCOPE_NONE, "plural category"},
    {SCOPE_GROUP, "two", SCOPE_NONE, "plural category"},
    {SCOPE_GROUP, "few", SCOPE_NONE, "plural category"},
    {SCOPE_GROUP, "many", SCOPE_NONE, "plural category"},
    {SCOPE_GROUP, "other", SCOPE_NONE, "plural category"},
    {SCOPE_GROUP, "single", SCOPE_NONE, "whether there is just one item"},
    {SCOPE_GROUP, "invoices_only", SCOPE_NONE, "whether all are invoices (otherwise: documents)"},
    {SCOPE_GROUP, "total", SCOPE_NONE, "what is open, \"$ 29.675.000\"; several currencies in one text, never added",
     true},
    {SCOPE_GROUP, "totals", SCOPE_AMOUNT,
     "the same one by one, for a total line; empty for one item, promised and disputed ones"},
    {SCOPE_GROUP, "first", SCOPE_ITEM, "the item with the earliest due date"},
    {SCOPE_GROUP, "oldest_days", SCOPE_COUNT_OF, "days the first item is overdue, or days to go"},
    {SCOPE_GROUP, "items", SCOPE_ITEM, "all items, earliest due date first"},
    {SCOPE_GROUP, "is_overdue", SCOPE_NONE, "the group is the overdue one"},
    {SCOPE_GROUP, "is_today", SCOPE_NONE, "the group is the lead and falls due today"},
    {SCOPE_GROUP, "is_upcoming", SCOPE_NONE, "the group is the lead and falls due later"},
    {SCOPE_GROUP, "is_other", SCOPE_NONE, "the group is \"others\""},
    {SCOPE_GROUP, "is_promised", SCOPE_NONE, "the group is \"promised\""},
    {SCOPE_GROUP, "is_disputed", SCOPE_NONE, "the group is \"disputed\""},

    {SCOPE_ITEM, "number", SCOPE_NONE, "number of the document"},
    {SCOPE_ITEM, "reference", SCOPE_NONE, "reservation, policy, order …; may be empty"},
    {SCOPE_ITEM, "is_debit_note", SCOPE_NONE, "a debit note rather than an invoice"},
    {SCOPE_ITEM, "instalment", SCOPE_INSTALMENT, "which part of the document; missing when it has only one"},
    {SCOPE_ITEM, "issue_date", SCOPE_NONE, "\"3 ago 2026\"; may be empty"},
    {SCOPE_ITEM, "due_date", SCOPE_NONE, "\"2 sep 2026\""},
    {SCOPE_ITEM, "due_date_long", SCOPE_NONE, "\"miércoles 2 de septiembre de 2026\""},
    {SCOPE_ITEM, "open", SCOPE_NONE, "open amount, \"$ 9.280.000\"", true},
    {SCOPE_ITEM, "days", SCOPE_COUNT_OF, "days overdue, or days to go"},
    {SCOPE_ITEM, "is_overdue", SCOPE_NONE, "its due date has passed"},
    {SCOPE_ITEM, "is_today", SCOPE_NONE, "it is due today"},
    {SCOPE_ITEM, "is_upcoming", SCOPE_NONE, "it is due later"},
    {SCOPE_ITEM, "promised_until", SCOPE_NONE, "last day of the promise; may be empty"},
    {SCOPE_ITEM, "row", SCOPE_NONE, "text layout only: number, dates, days and amount as an aligned line", true},

    {SCOPE_COUNT_OF, "n", SCOPE_NONE, "the number"},
    {SCOPE_COUNT_OF, "zero", SCOPE_NONE, "plural category of n (CLDR), exactly one of the six is true"},
    {SCOPE_COUNT_OF, "one", SCOPE_NONE, "plural category"},
    {SCOPE_COUNT_OF, "two", SCOPE_NONE, "plural category"},
    {SCOPE_COUNT_OF, "few", SCOPE_NONE, "plural category"},
    {SCOPE_COUNT_OF, "many", SCOPE_NONE, "plural category"},
    {SCOPE_COUNT_OF, "other", SCOPE_NONE, "plural category"},

    {SCOPE_INSTALMENT, "position", SCOPE_NONE, "2 of \"2 de 3\""},
    {SCOPE_INSTALMENT, "count", SCOPE_NONE, "3 of \"2 de 3\""},

    {SCOPE_AMOUNT, "amount", SCOPE_NONE, "\"$ 850.000\"", true},

    {SCOPE_WAY, "label", SCOPE_NONE, "bank or kind, \"Banco Norandino\"; may be empty"},
    {SCOPE_WAY, "value", SCOPE_NONE, "account, link, instructions"},
    {SCOPE_WAY, "lead_words", SCOPE_NONE,
     "what stands before a short number at the end of the value, \"Corriente\"; may be empty"},
    {SCOPE_WAY, "number", SCOPE_NONE, "that number, to be kept in one piece; may be empty"},
    {SCOPE_WAY, "url", SCOPE_NONE, "the value when it is a link; otherwise empty"},
    {SCOPE_WAY, "holder", SCOPE_NONE, "in whose name the account is, when it is not the company's; otherwise empty"},
    {SCOPE_WAY, "note", SCOPE_NONE, "a line for the payer; may be empty"},
    {SCOPE_WAY, "copy_code", SCOPE_NONE, "the code people paste into their bank's app (PIX copia e cola); may be empty",
     true},
    {SCOPE_WAY, "copy_code_line", SCOPE_NONE, "text layout only: the same, never broken over lines", true},
    {SCOPE_WAY, "currency", SCOPE_NONE, "\"USD\" when the way is for debts in it only; otherwise empty"},

    {SCOPE_PAYMENT, "amount", SCOPE_NONE, "\"$ 850.000\"", true},
    {SCOPE_PAYMENT, "date", SCOPE_NONE, "\"19 nov 2026\"; may be empty"},
    {SCOPE_PAYMENT, "reference", SCOPE_NONE, "number of the transfer or deposit; may be empty"},

    {SCOPE_PROMISE, "amount", SCOPE_NONE, "may be empty: no amount was named", true},
    {SCOPE_PROMISE, "date", SCOPE_NONE, "\"27 nov 2026\""},
    {SCOPE_PROMISE, "date_long", SCOPE_NONE, "\"viernes 27 de noviembre de 2026\""},

    {SCOPE_PLAN, "position", SCOPE_NONE, "2 of \"2 de 6\""},
    {SCOPE_PLAN, "count", SCOPE_NONE, "6 of \"2 de 6\""},
    {SCOPE_PLAN, "amount", SCOPE_NONE, "of this instalment", true},
    {SCOPE_PLAN, "total", SCOPE_NONE, "of the whole plan", true},
    {SCOPE_PLAN, "date", SCOPE_NONE, "when this instalment falls due"},
    {SCOPE_PLAN, "date_long", SCOPE_NONE, "the same with its weekday"},

    {SCOPE_DISPUTE, "reason", SCOPE_NONE, "what the customer disagrees with; may be empty"},
    {SCOPE_DISPUTE, "answer", SCOPE_NONE, "what we answer; may be empty"},
    {SCOPE_DISPUTE, "is_answered", SCOPE_NONE, "it is closed"},
    {SCOPE_DISPUTE, "is_accepted", SCOPE_NONE, "the customer was right"},
    {SCOPE_DISPUTE, "date", SCOPE_NONE, "when it was noted"},

    {SCOPE_DISCOUNT, "percent", SCOPE_NONE, "\"20\""},
    {SCOPE_DISCOUNT, "amount", SCOPE_NONE, "what closes the debt; may be empty", true},
    {SCOPE_DISCOUNT, "until", SCOPE_NONE, "last day of the offer"},
    {SCOPE_DISCOUNT, "until_long", SCOPE_NONE, "the same with its weekday"},

    {SCOPE_SEND, "customer", SCOPE_NONE, "to whom"},
    {SCOPE_SEND, "channel", SCOPE_NONE, "by which channel"},
    {SCOPE_SEND, "what", SCOPE_NONE, "which step"},
    {SCOPE_SEND, "total", SCOPE_NONE, "what it asks for", true},

    {SCOPE_LAST_PROMISE, "date", SCOPE_NONE, "the day promised for, with its weekday"},
    {SCOPE_LAST_PROMISE, "amount", SCOPE_NONE, "the amount promised; may be empty", true},
    {SCOPE_LAST_PROMISE, "is_open", SCOPE_NONE, "its day has not passed"},
    {SCOPE_LAST_PROMISE, "is_kept", SCOPE_NONE, "it was paid"},
};
const size_t merge_field_count = COUNT_OF(merge_fields);

const struct merge_field *merge_field_find(enum field_scope scope, Str name) {
    for (size_t i = 0; i < merge_field_count; i++)
        if (merge_fields[i].scope == scope && str_is(name, merge_fields[i].name)) return &merge_fields[i];
    return NULL;
}

/* ---- checking ---- */

#define MAX_SCOPES 512 /* sections 32 deep in partials 16 deep */
#define MAX_PARTIALS 16

struct check {
    struct ctx *cx;
    mustache_partial *partial;
    void *self;
    const struct mustache *template; /* being read */
    enum field_scope scopes[MAX_SCOPES];
    size_t depth;
    int partials;
    bool is_public;
    enum rc rc;
};

/* NULL when the name means nothing here. Resolved as the renderer does: the first part outwards,
 * the others inside. */
static const struct merge_field *resolve(const struct check *c, Str name) {
    Str rest = name, part = str_cut(&rest, '.');
    const struct merge_field *field = NULL;
    for (size_t i = c->depth; i > 0 && !field; i--) field = merge_field_find(c->scopes[i - 1], part);
    while (field && rest.p) {
        part = str_cut(&rest, '.');
        field = merge_field_find(field->opens, part);
    }
    return field;
}

static void refuse(struct check *c, SAYS const char *what, Str name, int line) {
    c->rc = fail_field(c->cx, INVALID, "template", "docs/ref/merge-fields.md lists the names and where each may stand",
                       "%s:%d: %s%.*s", mustache_name(c->template), line, phrase(c->cx, what), STR_ARG(name));
}

static void check_name(void *self, enum mustache_use use, Str name, int line);

static void check_partial(struct check *c, Str name, int line) {
    const struct mustache *partial = c->partial(c->self, name);
    if (!partial || c->partials == MAX_PARTIALS) {
        refuse(c, partial ? "phrases call each other too deeply at " : "no such phrase here: ", name, line);
        return;
    }
    const struct mustache *caller = c->template;
    c->template = partial;
    c->partials++;
    mustache_names(partial, check_name, c);
    c->partials--;
    c->template = caller;
}

static void check_name(void *self, enum mustache_use use, Str name, int line) {
    struct check *c = self;
    if (c->rc != OK) return;
    if (use == MUSTACHE_PARTIAL) {
        check_partial(c, name, line);
    } else if (use == MUSTACHE_SECTION_END) {
        c->depth--;
    } else {
        static const struct merge_field itself = {.opens = SCOPE_NONE}; /* {{.}} */
        const struct merge_field *field = str_is(name, ".") ? &itself : resolve(c, name);
        if (!field || c->depth == MAX_SCOPES) {
            refuse(c, "no such field here: ", name, line);
            return;
        }
        if (c->is_public && field->is_amount) {
            c->rc = fail_field(c->cx, INVALID, "template", "amounts belong into the e-mail and the page",
                               "%s:%d: others may see or hear this text, so it cannot print an amount: %.*s",
                               mustache_name(c->template), line, STR_ARG(name));
            return;
        }
        if (use == MUSTACHE_SECTION) c->scopes[c->depth++] = field->opens;
    }
}

static enum rc check_template(struct ctx *cx, const struct mustache *template, mustache_partial *partial, void *self,
                              bool is_public) {
    struct check c = {.cx = cx,
                      .partial = partial,
                      .self = self,
                      .template = template,
                      .scopes = {SCOPE_MESSAGE},
                      .depth = 1,
                      .is_public = is_public};
    mustache_names(template, check_name, &c);
    return c.rc;
}

enum rc merge_fields_check(struct ctx *cx, const struct mustache *template, mustache_partial *partial, void *self) {
    return check_template(cx, template, partial, self, false);
}

enum rc merge_fields_check_public(struct ctx *cx, const struct mustache *template, mustache_partial *partial,
                                  void *self) {
    return check_template(cx, template, partial, self, true);
}

/* ---- documentation ---- */

static const char *const scope_titles[FIELD_SCOPES] = {
    [SCOPE_MESSAGE] = "Everywhere",
    [SCOPE_COMPANY] = "In `company`",
    [SCOPE_CUSTOMER] = "In `customer`",
    [SCOPE_GROUP] = "In a group",
    [SCOPE_ITEM] = "In an item",
    [SCOPE_COUNT_OF] = "In a count",
    [SCOPE_INSTALMENT] = "In `instalment`",
    [SCOPE_AMOUNT] = "In an amount",
    [SCOPE_WAY] = "In a way to pay",
    [SCOPE_PAYMENT] = "In a payment",
    [SCOPE_PROMISE] = "In `promise`",
    [SCOPE_PLAN] = "In `plan`",
    [SCOPE_DISPUTE] = "In `dispute`",
    [SCOPE_DISCOUNT] = "In `discount`",
    [SCOPE_SEND] = "In a send",
    [SCOPE_LAST_PROMISE] = "In `last_promise`",
};

static const char *const scope_nouns[FIELD_SCOPES] = {[SCOPE_NONE] = "",
                                                      [SCOPE_COMPANY] = "company",
                                                      [SCOPE_CUSTOMER] = "customer",
                                                      [SCOPE_GROUP] = "group",
                                                      [SCOPE_ITEM] = "item",
                                                      [SCOPE_COUNT_OF] = "count",
                                                      [SCOPE_INSTALMENT] = "instalment",
                                                      [SCOPE_AMOUNT] = "amount",
                                                      [SCOPE_WAY] = "way to pay",
                                                      [SCOPE_PAYMENT] = "payment",
                                                      [SCOPE_PROMISE] = "promise",
                                                      [SCOPE_PLAN] = "plan",
                                                      [SCOPE_DISPUTE] = "dispute",
                                                      [SCOPE_DISCOUNT] = "discount",
                                                      [SCOPE_SEND] = "send",
                                                      [SCOPE_LAST_PROMISE] = "promise"};

void merge_fields_document(struct buf *out) {
    buf_add_cstr(
        out, "# Merge fields\n\nWhat a message template may say. Written from the table in `src/message/merge_field.c` "
             "(`ACCEPT=1` with "
             "the unit\nsuite `merge_field`); a template that uses another name is refused with its file and line.\n\n"
             "`{{name}}` prints a field, `{{#name}}…{{/name}}` shows what is inside when it is there and true, once "
             "for each element of\na list, "
             "and `{{^name}}…{{/name}}` when it is not. A field that *opens* something gives its own fields to what is "
             "inside:\n"
             "`{{#lead}}{{total}}{{/lead}}` or `{{lead.total}}`. `{{>name}}` puts a phrase of `phrases.txt`.\n\n"
             "Fields marked *(an amount)* are refused in texts for SMS and answering machines, which others may see or "
             "hear.\n\n"
             "Ways to pay come from `aldia company way` ([ways-to-pay.md](ways-to-pay.md)), name, address and contact "
             "person from `aldia company\nset`. What to send to report a payment is the phrase `{{>report-note}}`.\n");
    enum field_scope scope = SCOPE_NONE;
    for (size_t i = 0; i < merge_field_count; i++) {
        const struct merge_field *f = &merge_fields[i];
        if (f->scope != scope)
            buf_printf(out, "\n## %s\n\n| Field | Opens | Meaning |\n|---|---|---|\n", scope_titles[f->scope]);
        scope = f->scope;
        buf_printf(out, "| `%s` | %s | %s%s |\n", f->name, scope_nouns[f->opens], f->meaning,
                   f->is_amount ? " (an amount)" : "");
    }
}
