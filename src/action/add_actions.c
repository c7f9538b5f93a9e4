/* A customer, an invoice added by hand or by a program, one at a time: the import of one row, with the same checks. */
#include "action/app.h"
#include "action/import.h"
#include "action/lookup.h"
#include "adding_sql.h"

static enum rc customer_add_run(struct ctx *cx, struct call *call) {
    struct adding_code_taken_row row;
    Str code = str_trim(arg_text(call, "code"));
    TRY(adding_code_taken(cx, &(struct adding_code_taken_params){.code = code}, &row));
    if (row.taken)
        return fail_field(cx, CONFLICT, "code", "choose another, or import the customer again to change it", "the code %.*s is taken",
                          (int)(code.n < 80 ? code.n : 80), code.p);
    TRY(import_one_customer(cx, call));
    json_object(call->out);
    json_put_str(call->out, "code", code);
    json_put_bool(call->out, "added", true);
    json_object_end(call->out);
    return OK;
}

const struct action customer_add_action = {
    .verb = "customer add",
    .path = "POST /customers",
    .summary = "Add one customer",
    .details = "The fields are those of customer import, and so are the checks. E-mail, telephone and the contact's name make its first "
               "contact.",
    .needs = CAP_CUSTOMER_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "its code in the company, given once", NULL},
                     {"name", P_TEXT, REQUIRED, "name or company name", NULL},
                     {"tax-id", P_TEXT, OPTIONAL, "tax number", NULL},
                     {"kind", P_CHOICE, OPTIONAL, "natural persons are better protected (company)", "company|person"},
                     {"email", P_TEXT, OPTIONAL, "one address for reminders", NULL},
                     {"phone", P_TEXT, OPTIONAL, "telephone", NULL},
                     {"whatsapp", P_TEXT, OPTIONAL, "number for WhatsApp", NULL},
                     {"contact-name", P_TEXT, OPTIONAL, "whom to write to", NULL},
                     {"contact-role", P_TEXT, OPTIONAL, "what that person does (payables)", NULL},
                     {"country", P_TEXT, OPTIONAL, "ISO 3166 code; the company's if empty", NULL},
                     {"region", P_TEXT, OPTIONAL, "for regional holidays", NULL},
                     {"language", P_TEXT, OPTIONAL, "es, en or pt; the country's if empty", NULL},
                     {"zone", P_TEXT, OPTIONAL, "time zone; the country's if empty", NULL},
                     {"segment", P_TEXT, OPTIONAL, "group that strategies and holds may name", NULL},
                     {"sector", P_TEXT, OPTIONAL, "sector: texts may differ", NULL},
                     {"profile", P_TEXT, OPTIONAL, "profile: new, strategic, risky or key", NULL},
                     {"currency", P_CURRENCY, OPTIONAL, "of the credit limit", NULL},
                     {"credit-limit", P_AMOUNT, OPTIONAL, "credit limit", NULL},
                     {"payment-terms", P_TEXT, OPTIONAL, "terms agreed, such as 30 days", NULL},
                     {"collector", P_TEXT, OPTIONAL, "code of the collector", NULL},
                     {"seller", P_TEXT, OPTIONAL, "code of the seller", NULL}),
    .run = customer_add_run,
    .then = "/customers/{code}",
    .form = "customer new",
};

static enum rc invoice_add_run(struct ctx *cx, struct call *call) {
    int64_t customer_id;
    Str number = str_trim(arg_text(call, "number"));
    TRY(look_up_customer(cx, call, "customer", &customer_id));
    TRY(import_one_invoice(cx, call));
    json_object(call->out);
    json_put_str(call->out, "number", number);
    json_put_str(call->out, "customer", str_trim(arg_text(call, "customer")));
    json_put_bool(call->out, "added", true);
    json_object_end(call->out);
    return OK;
}

const struct action invoice_add_action = {
    .verb = "invoice add",
    .path = "POST /invoices",
    .summary = "Add one invoice, note or instalment",
    .details = "The fields are those of invoice import, and so are the checks. A number that is there already takes a further instalment; the same "
               "again is a conflict.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the document", NULL},
                     {"customer", P_TEXT, REQUIRED, "code of the customer", NULL},
                     {"issue-date", P_DATE, REQUIRED, "day it was issued", NULL},
                     {"due-date", P_DATE, REQUIRED, "day it falls due", NULL},
                     {"currency", P_CURRENCY, REQUIRED, "ISO 4217 code", NULL},
                     {"amount", P_AMOUNT, REQUIRED, "amount, such as 1234.50", NULL},
                     {"open-amount", P_AMOUNT, OPTIONAL, "what is left of it, when part was paid before", NULL},
                     {"type", P_CHOICE, OPTIONAL, "kind of document (invoice)", "invoice|debit_note|credit_note|advance"},
                     {"instalment", P_INT, OPTIONAL, "number of the instalment (1)", NULL},
                     {"reference", P_TEXT, OPTIONAL, "reference the payer knows", NULL},
                     {"description", P_TEXT, OPTIONAL, "what it is for", NULL},
                     {"applies-to", P_TEXT, OPTIONAL, "of a credit note: the invoice it settles", NULL}),
    .run = invoice_add_run,
    .then = "/invoices/{number}",
    .form = "invoice new",
};

/* The pages that hold the forms. */
static enum rc customer_new_run(struct ctx *cx, struct call *call) {
    (void)cx;
    json_object(call->out);
    json_object_end(call->out);
    return OK;
}

const struct action customer_new_action = {
    .verb = "customer new",
    .path = "GET /add/customer",
    .summary = "The form for one customer",
    .needs = CAP_CUSTOMER_WRITE,
    .tx = TX_NONE,
    .params = NO_PARAMS,
    .run = customer_new_run,
    .view = "customer_new",
};

static enum rc invoice_new_run(struct ctx *cx, struct call *call) {
    int64_t id;
    if (arg_has(call, "customer")) TRY(look_up_customer(cx, call, "customer", &id));
    json_object(call->out);
    json_put_str(call->out, "customer", arg_text(call, "customer"));
    put_currency(call->out, "currency", call->app->company.currency);
    json_object_end(call->out);
    return OK;
}

const struct action invoice_new_action = {
    .verb = "invoice new",
    .path = "GET /add/invoice",
    .summary = "The form for one invoice",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_READ,
    .params = PARAMS({"customer", P_TEXT, OPTIONAL, "code of the customer", NULL}),
    .run = invoice_new_run,
    .view = "invoice_new",
};
