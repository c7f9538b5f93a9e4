/* Where a customer's letters go (REQ: C6). */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "customer_sql.h"
#include "letter_sql.h"
#include "timeline/timeline.h"

/* "\n" as typed begins a new line. */
static Str lines_of(struct ctx *cx, Str text) {
    struct buf b = buf_make(4096);
    for (size_t i = 0; i < text.n; i++) {
        bool newline = text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == 'n';
        buf_add_char(&b, newline ? '\n' : text.p[i]);
        i += newline;
    }
    Str lines = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return lines;
}

static enum rc show(struct ctx *cx, struct call *call, int64_t customer_id) {
    struct postal_address_get_row r;
    bool found;
    TRY(postal_address_get(cx, &(struct postal_address_get_params){.customer_id = customer_id}, &r, &found));
    json_object(call->out);
    json_put_str(call->out, "customer", arg_text(call, "code"));
    json_put_str(call->out, "street", found ? r.street : S(""));
    json_put_str(call->out, "postal_code", found ? r.postal_code : S(""));
    json_put_str(call->out, "city", found ? r.city : S(""));
    json_put_str(call->out, "region", found ? r.region : S(""));
    json_put_str(call->out, "country", found ? r.country : S(""));
    json_put_str(call->out, "state", found ? r.state : S("none"));
    json_object_end(call->out);
    return OK;
}

static enum rc address_run(struct ctx *cx, struct call *call) {
    int64_t customer_id;
    TRY(look_up_customer(cx, call, "code", &customer_id));
    struct postal_address_put_params p = {.customer_id = customer_id,
                                          .street = lines_of(cx, arg_text(call, "street")),
                                          .postal_code = arg_text(call, "postal-code"),
                                          .city = arg_text(call, "city"),
                                          .region = arg_text(call, "region"),
                                          .country = arg_text(call, "country")};
    const Str texts[] = {p.postal_code, p.city, p.region, p.country};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].n > 100 || str_has_control(texts[i]))
            return fail_field(cx, INVALID, "city", NULL, "a part of the address is too long or has control characters");
    if (str_trim(p.street).n == 0 || p.street.n > 300)
        return fail_field(cx, INVALID, "street", "street and number; \\n begins a new line", "the street is empty or too long");
    TRY(postal_address_put(cx, &p));
    TRY(event_note(cx, "customer.address", customer_id, arg_text(call, "code"), S("{}")));
    return show(cx, call, customer_id);
}

const struct action customer_address_action = {
    .verb = "customer address",
    .summary = "Set where a customer's letters go",
    .details = "In --street \\n begins a new line. The name above is the customer's, then the contact's. The country is printed when it "
               "is another than the company's.",
    .needs = CAP_CUSTOMER_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"street", P_TEXT, REQUIRED, "street and number, further lines", NULL},
                     {"postal-code", P_TEXT, OPTIONAL, "postal code", NULL}, {"city", P_TEXT, OPTIONAL, "city", NULL},
                     {"region", P_TEXT, OPTIONAL, "region, province or state", NULL},
                     {"country", P_TEXT, OPTIONAL, "country, when it is another", NULL}),
    .run = address_run,
};
