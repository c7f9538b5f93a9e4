/* Whom to write to at a customer: persons, their addresses, and what each of them wishes (REQ: A1 C10).
 *
 * An import keeps the first contact; the others are kept here. The one idea: a wish belongs to the person and the channel,
 * not to the address, so it outlives a new address, and the hand-over asks for it anew (INV: I6). */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "casework_sql.h"
#include "customer_sql.h"
#include "message/mime.h"
#include "portfolio/finding.h"
#include "timeline/timeline.h"

#define ADDRESS_HINT "such as pagos@empresa.example, or leave it out"
#define CHANNELS "email|sms|whatsapp|call|letter"

static void put_list(struct json_writer *w, const char *key, Str list) {
    json_key(w, key);
    json_array(w);
    while (list.n) json_str(w, str_trim(str_cut(&list, ',')));
    json_array_end(w);
}

static void put_contact(struct json_writer *w, const struct contact_get_row *c) {
    json_object(w);
    json_put_i64(w, "id", c->id);
    json_put_str(w, "customer", c->customer_code);
    json_put_str(w, "name", c->name);
    json_put_str(w, "role", c->role);
    json_put_str(w, "email", c->email);
    json_put_str(w, "email_state", c->email_state);
    json_put_str(w, "phone", c->phone);
    json_put_str(w, "phone_state", c->phone_state);
    json_put_str(w, "whatsapp", c->whatsapp);
    json_put_str(w, "whatsapp_state", c->whatsapp_state);
    json_put_str(w, "language", c->language);
    put_list(w, "opt_outs", c->opt_outs);
    put_list(w, "consents", c->consents);
    json_put_str(w, "preferred", c->preferred);
    json_put_str(w, "hours", c->hours);
    json_object_end(w);
}

static enum rc put_contact_page(struct ctx *cx, struct json_writer *w, int64_t customer_id, struct page *page) {
    AUTO(contact_list_close) struct contact_list_cursor cursor;
    TRY(contact_list_open(cx, &(struct contact_list_params){.customer_id = customer_id, .after = page->after}, &cursor));
    json_array(w);
    for (;;) {
        struct contact_get_row r;
        bool more;
        TRY(contact_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(page, r.id)) break;
        put_contact(w, &r);
    }
    json_array_end(w);
    return OK;
}

enum rc put_contacts(struct ctx *cx, struct json_writer *w, int64_t customer_id) {
    return put_contact_page(cx, w, customer_id, &(struct page){.limit = INT64_MAX});
}

static enum rc look_up_contact(struct ctx *cx, const struct call *call, struct contact_get_row *out_contact) {
    int64_t id = arg_int(call, "id", 0);
    bool found;
    TRY(contact_get(cx, &(struct contact_get_params){.id = id}, out_contact, &found));
    if (found) return OK;
    return fail_field(cx, NOT_FOUND, "id", "aldia contact list CUSTOMER shows the ids", "there is no contact %lld",
                      (long long)id);
}

static enum rc contact_list_run(struct ctx *cx, struct call *call) {
    struct page page;
    int64_t customer_id;
    TRY(page_begin(cx, call, &page));
    TRY(look_up_customer(cx, call, "customer", &customer_id));
    json_object(call->out);
    json_key(call->out, "items");
    TRY(put_contact_page(cx, call->out, customer_id, &page));
    page_put_next(call->out, &page);
    json_object_end(call->out);
    return OK;
}

const struct action contact_list_action = {
    .verb = "contact list",
    .path = "GET /customers/{customer}/contacts",
    .summary = "List whom to write to at a customer, and what they wish",
    .details = "The first one that can be reached by the channel of a step gets the message.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"customer", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL}, PAGE_PARAMS),
    .run = contact_list_run,
    .columns = "id name role email email_state phone whatsapp opt_outs preferred hours",
};

/* What was given replaces what was there; an empty text takes it away. */
static Str given(const struct call *call, const char *name, Str old) {
    return arg_has(call, name) ? arg_text(call, name) : old;
}

static enum rc read_contact(struct ctx *cx, const struct call *call, struct contact_get_row *c) {
    int32_t from_s, to_s;
    c->name = given(call, "name", c->name);
    c->role = given(call, "role", c->role);
    c->email = given(call, "email", c->email);
    c->phone = given(call, "phone", c->phone);
    c->whatsapp = given(call, "whatsapp", c->whatsapp);
    c->language = given(call, "language", c->language);
    c->preferred = given(call, "preferred", c->preferred);
    c->hours = given(call, "hours", c->hours);
    if (c->email.n && !mime_address_valid(c->email))
        return fail_field(cx, INVALID, "email", ADDRESS_HINT, "\"%.*s\" is not one e-mail address",
                          (int)(c->email.n < 80 ? c->email.n : 80), c->email.p);
    if (!contact_hours_parse(c->hours, &from_s, &to_s))
        return fail_field(cx, INVALID, "hours", "write from and to, such as 09:00-12:00; leave it empty for any hour",
                          "\"%.*s\" are no hours of a day", (int)(c->hours.n < 40 ? c->hours.n : 40), c->hours.p);
    if (!c->email.n && !c->phone.n && !c->whatsapp.n && !c->name.n)
        return fail_field(cx, INVALID, "email", "give an address, a telephone number or a name",
                          "the contact would be empty");
    return OK;
}

static enum rc save_wishes(struct ctx *cx, const struct contact_get_row *c) {
    return contact_set_wishes(cx, &(struct contact_set_wishes_params){.id = c->id,
                                                                      .opt_outs = c->opt_outs,
                                                                      .consents = c->consents,
                                                                      .preferred = c->preferred,
                                                                      .hours = c->hours});
}

static enum rc note_contact(struct ctx *cx, const char *kind, const struct contact_get_row *c, const char *channel,
                            Str evidence) {
    AUTO(buf_done) struct buf data = buf_make(64 * 1024);
    buf_printf(&data, "{\"contact\":%lld", (long long)c->id);
    if (channel) buf_printf(&data, ",\"channel\":\"%s\"", channel);
    if (evidence.n) {
        buf_add(&data, S(",\"evidence\":\""));
        buf_add_json(&data, evidence);
        buf_add_char(&data, '"');
    }
    buf_add_char(&data, '}');
    if (!buf_ok(&data)) return fail_field(cx, INVALID, "evidence", "shorten it", "the text is too long");
    return event_note(cx, kind, c->customer_id, c->customer_code, buf_str(&data));
}

/* What it is found by. NULL for none. */
static enum rc find_contact_anew(struct ctx *cx, const struct contact_get_row *old, const struct contact_get_row *c) {
    struct find_words before = {0}, after = {0};
    if (old) find_gather_contact(cx, &before, old->id, old->customer_id, old->name, old->email, old->phone, old->whatsapp);
    if (c) find_gather_contact(cx, &after, c->id, c->customer_id, c->name, c->email, c->phone, c->whatsapp);
    return find_replace(cx, &before, &after);
}

static enum rc contact_add_run(struct ctx *cx, struct call *call) {
    struct contact_get_row c = {.role = S("payables"), .customer_code = arg_text(call, "customer")};
    struct contact_next_id_row next;
    struct contact_next_position_row position;
    Str *const texts[] = {&c.name, &c.email, &c.phone, &c.whatsapp, &c.language, &c.opt_outs, &c.consents, &c.preferred, &c.hours};
    for (size_t i = 0; i < COUNT_OF(texts); i++) *texts[i] = S("");
    c.email_state = c.phone_state = c.whatsapp_state = S("ok");
    TRY(look_up_customer(cx, call, "customer", &c.customer_id));
    TRY(read_contact(cx, call, &c));
    TRY(contact_next_id(cx, &next));
    TRY(contact_next_position(cx, &(struct contact_next_position_params){.customer_id = c.customer_id}, &position));
    c.id = next.id;
    TRY(contact_insert(cx, &(struct contact_insert_params){.id = c.id,
                                                           .customer_id = c.customer_id,
                                                           .name = c.name,
                                                           .role = c.role,
                                                           .email = c.email,
                                                           .phone = c.phone,
                                                           .whatsapp = c.whatsapp,
                                                           .language = c.language,
                                                           .position = position.position}));
    TRY(save_wishes(cx, &c));
    TRY(find_contact_anew(cx, NULL, &c));
    TRY(note_contact(cx, "contact.added", &c, NULL, S("")));
    put_contact(call->out, &c);
    return OK;
}

#define CONTACT_PARAMS                                                                                                 \
    {"name", P_TEXT, OPTIONAL, "of the person", NULL},                                                                 \
        {"role", P_CHOICE, OPTIONAL, "what the person does there; a seller is never sent debts",                       \
         "payables|owner|legal|seller|other"},                                                                         \
        {"email", P_TEXT, OPTIONAL, "one address", NULL}, {"phone", P_TEXT, OPTIONAL, "for calls and SMS", NULL},      \
        {"whatsapp", P_TEXT, OPTIONAL, "number on WhatsApp", NULL},                                                    \
        {"language", P_CHOICE, OPTIONAL, "of the person; empty: the customer's", "|es|en|pt"},                          \
        {"preferred", P_CHOICE, OPTIONAL, "channel the person prefers", "|" CHANNELS}, {                               \
        "hours", P_TEXT, OPTIONAL, "when the person wants to be contacted, as 09:00-12:00 in their own time", NULL     \
    }

const struct action contact_add_action = {
    .verb = "contact add",
    .path = "POST /customers/{customer}/contacts",
    .summary = "Add a person to write to at a customer",
    .details = "The preferred channel goes first among those of a step, and no message goes out outside the hours, "
               "unless no rule leaves room for them.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"customer", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL}, CONTACT_PARAMS),
    .run = contact_add_run,
    .then = "/customers/{customer}",
    .form = "customer show",
};

static enum rc contact_change_run(struct ctx *cx, struct call *call) {
    struct contact_get_row old, c;
    TRY(look_up_contact(cx, call, &old));
    c = old;
    TRY(read_contact(cx, call, &c));
    bool email = !str_equal(old.email, c.email), phone = !str_equal(old.phone, c.phone),
         whatsapp = !str_equal(old.whatsapp, c.whatsapp);
    TRY(contact_update(cx, &(struct contact_update_params){.id = c.id,
                                                           .name = c.name,
                                                           .role = c.role,
                                                           .email = c.email,
                                                           .phone = c.phone,
                                                           .whatsapp = c.whatsapp,
                                                           .language = c.language,
                                                           .email_changed = email,
                                                           .phone_changed = phone,
                                                           .whatsapp_changed = whatsapp}));
    TRY(save_wishes(cx, &c));
    TRY(find_contact_anew(cx, &old, &c));
    TRY(note_contact(cx, "contact.changed", &c, NULL, S("")));
    TRY(look_up_contact(cx, call, &c));
    put_contact(call->out, &c);
    return OK;
}

const struct action contact_change_action = {
    .verb = "contact change",
    .path = "POST /contacts/{id}",
    .summary = "Change a contact's data or wishes",
    .details = "What is not given stays. A new address starts afresh: that the old one bounced is forgotten. A message "
               "planned to the old address goes to the new one.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "of the contact", NULL}, CONTACT_PARAMS),
    .run = contact_change_run,
    .then = "/customers/{customer}",
    .form = "customer show",
    .edits = true,
};

/* The list with the channel or without it. */
static Str list_with(struct ctx *cx, Str list, Str channel, bool wanted) {
    struct buf b = buf_make(200);
    while (list.n) {
        Str one = str_trim(str_cut(&list, ','));
        if (str_equal(one, channel)) continue;
        buf_printf(&b, "%s%.*s", b.n ? "," : "", STR_ARG(one));
    }
    if (wanted) buf_printf(&b, "%s%.*s", b.n ? "," : "", STR_ARG(channel));
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static enum rc contact_consent_run(struct ctx *cx, struct call *call) {
    struct contact_get_row c;
    Str channel = arg_text(call, "channel"), answer = arg_text(call, "answer");
    TRY(look_up_contact(cx, call, &c));
    c.opt_outs = list_with(cx, c.opt_outs, channel, str_is(answer, "withdrawn"));
    c.consents = list_with(cx, c.consents, channel, str_is(answer, "given"));
    TRY(save_wishes(cx, &c));
    const char *kind = str_is(answer, "given")       ? "contact.consented"
                       : str_is(answer, "withdrawn") ? "contact.opted_out"
                                                     : "contact.consent_cleared";
    TRY(note_contact(cx, kind, &c, arena_cstr(cx->arena, channel), arg_text(call, "evidence")));
    put_contact(call->out, &c);
    return OK;
}

const struct action contact_consent_action = {
    .verb = "contact consent",
    .path = "POST /contacts/{id}/consent",
    .summary = "Record that a contact agreed to a channel, or asked not to be contacted by it",
    .details = "Withdrawn: nothing more goes to this person by this channel, planned messages included; the debt stays and "
               "other channels remain. Unknown takes the record back.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "of the contact", NULL},
                     {"channel", P_CHOICE, REQUIRED, "which", CHANNELS},
                     {"answer", P_CHOICE, REQUIRED, "what the person said", "given|withdrawn|unknown"},
                     {"evidence", P_TEXT, OPTIONAL, "where it was said: a letter, a call, a form", NULL}),
    .run = contact_consent_run,
    .then = "/customers/{customer}",
    .form = "customer show",
};

static enum rc contact_remove_run(struct ctx *cx, struct call *call) {
    struct contact_get_row c;
    TRY(look_up_contact(cx, call, &c));
    TRY(contact_remove(cx, &(struct contact_remove_params){.id = c.id}));
    TRY(find_contact_anew(cx, &c, NULL));
    TRY(note_contact(cx, "contact.removed", &c, NULL, S("")));
    put_contact(call->out, &c);
    return OK;
}

const struct action contact_remove_action = {
    .verb = "contact remove",
    .path = "POST /contacts/{id}/remove",
    .summary = "Remove a contact; what was sent to it stays on record",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "of the contact", NULL}),
    .run = contact_remove_run,
    .then = "/customers/{customer}",
    .form = "customer show",
};

static enum rc contact_record_run(struct ctx *cx, struct call *call) {
    int64_t customer_id;
    struct manual_contact_next_id_row next;
    Instant at = cx->now;
    bool answered = arg_flag(call, "answered");
    TRY(look_up_customer(cx, call, "customer", &customer_id));
    if (arg_has(call, "at") && !instant_parse(arg_text(call, "at"), &at))
        return fail_field(cx, INVALID, "at", "write it as 2026-11-20T15:30:00-05:00", "\"%.*s\" is no instant",
                          (int)(arg_text(call, "at").n < 40 ? arg_text(call, "at").n : 40), arg_text(call, "at").p);
    if (at.ms > cx->now.ms)
        return fail_field(cx, INVALID, "at", "give a moment that has passed", "the contact has not happened yet");
    TRY(manual_contact_next_id(cx, &next));
    TRY(manual_contact_insert(cx, &(struct manual_contact_insert_params){.id = next.id,
                                                                         .customer_id = customer_id,
                                                                         .channel = arg_text(call, "channel"),
                                                                         .at = at,
                                                                         .conversation = answered,
                                                                         .actor = str_from(cx->actor)}));
    AUTO(buf_done) struct buf data = buf_make(64 * 1024);
    buf_printf(&data, "{\"channel\":\"%.*s\",\"answered\":%s,\"note\":\"", STR_ARG(arg_text(call, "channel")),
               answered ? "true" : "false");
    buf_add_json(&data, arg_text(call, "note"));
    buf_add_char(&data, '"');
    if (arg_has(call, "outcome")) buf_printf(&data, ",\"outcome\":\"%.*s\"", STR_ARG(arg_text(call, "outcome")));
    buf_add_char(&data, '}');
    if (!buf_ok(&data)) return fail_field(cx, INVALID, "note", "shorten it", "the note is too long");
    TRY(find_note(cx, "contact.made", customer_id, arg_text(call, "customer"), buf_str(&data), arg_text(call, "note")));
    json_object(call->out);
    json_put_i64(call->out, "id", next.id);
    json_put_str(call->out, "customer", arg_text(call, "customer"));
    json_put_str(call->out, "channel", arg_text(call, "channel"));
    put_instant(call->out, "at", at);
    json_put_bool(call->out, "answered", answered);
    json_object_end(call->out);
    return OK;
}

const struct action contact_record_action = {
    .verb = "contact record",
    .path = "POST /customers/{customer}/contacted",
    .summary = "Record a contact made outside aldia: a call, a mail by hand, an answer",
    .details = "It counts towards the limits of law and house. With --answered the customer has replied: steps that wait for "
               "silence, such as the call of the default strategy, do not come.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"customer", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"channel", P_CHOICE, REQUIRED, "by which it was made", CHANNELS},
                     {"at", P_TEXT, OPTIONAL, "the instant, such as 2026-11-20T15:30:00-05:00; now", NULL},
                     {"answered", P_FLAG, OPTIONAL, "the customer answered", NULL},
                     {"outcome", P_CHOICE, OPTIONAL, "how it ended", "promised|paid|disputed|no-answer|later|wrong-number"},
                     {"note", P_TEXT, OPTIONAL | MULTILINE, "what was said", NULL}),
    .run = contact_record_run,
};
