/* The creditor's own data and the kill switch. */
#include <string.h>

#include "action/action.h"
#include "action/app.h"
#include "action/company_fields.h"
#include "action/lookup.h"
#include "company_sql.h"
#include "timeline/timeline.h"

#define MINUTES_A_DAY 1440

static enum rc show(struct ctx *cx, struct json_writer *w) {
    struct company_get_row c;
    TRY(company_get(cx, &c));
    json_object(w);
    json_put_str(w, "code", c.code);
    json_put_str(w, "name", c.name);
    json_put_str(w, "country", c.country);
    put_currency(w, "currency", c.currency);
    json_put_str(w, "zone", c.zone);
    json_put_str(w, "language", c.language);
    json_put_str(w, "tax_id", c.tax_id);
    json_put_str(w, "address", c.address);
    json_put_str(w, "person_name", c.person_name);
    json_put_str(w, "person_phone", c.person_phone);
    json_put_str(w, "person_email", c.person_email);
    json_put_str(w, "person_hours", c.person_hours);
    json_put_str(w, "ways_to_pay", c.ways_to_pay);
    json_put_str(
        w, "run_at",
        arena_printf(cx->arena, "%02lld:%02lld", (long long)(c.run_minute / 60), (long long)(c.run_minute % 60)));
    json_put_str(w, "sending", c.sending);
    put_instant(w, "last_run_at", c.last_run_at);
    json_put_i64(w, "events", c.events);
    json_object_end(w);
    return OK;
}

static enum rc show_run(struct ctx *cx, struct call *call) { return show(cx, call->out); }

const struct action company_show_action = {
    .verb = "company show",
    .path = "GET /company",
    .summary = "Show the company in whose name messages go out",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = show_run,
    .view = "company",
};

enum rc company_read_run_at(struct ctx *cx, Str text, int64_t *out) {
    Str rest = text;
    int64_t hour, minute;
    Str hours = str_cut(&rest, ':');
    bool good = rest.p && hours.n == 2 && rest.n == 2 && str_to_i64(hours, &hour) && str_to_i64(rest, &minute) &&
                hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
    if (!good)
        return fail_field(cx, INVALID, "run-at", "write it as 09:00", "\"%.*s\" is not a time of day", STR_ARG(text));
    *out = hour * 60 + minute;
    return OK;
}

Str company_lines(struct arena *arena, Str text) {
    char *out = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool line_end = text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == 'n';
        out[n++] = line_end ? '\n' : text.p[i];
        if (line_end) i++;
    }
    return (Str){out, n};
}

struct change {
    const char *param;
    Str *value;
};

static void add_member(struct buf *data, const char *name, Str value) {
    if (data->n > 1) buf_add_char(data, ',');
    buf_printf(data, "\"%s\":\"", name);
    buf_add_json(data, value);
    buf_add_char(data, '"');
}

static enum rc set_run(struct ctx *cx, struct call *call) {
    struct company_get_row c;
    TRY(company_get(cx, &c));
    struct company_set_profile_params p = {.name = c.name,
                                           .tax_id = c.tax_id,
                                           .address = c.address,
                                           .person_name = c.person_name,
                                           .person_phone = c.person_phone,
                                           .person_email = c.person_email,
                                           .person_hours = c.person_hours,
                                           .ways_to_pay = c.ways_to_pay,
                                           .run_minute = c.run_minute};
    const struct change changes[] = {{"name", &p.name},
                                     {"tax-id", &p.tax_id},
                                     {"address", &p.address},
                                     {"person-name", &p.person_name},
                                     {"person-phone", &p.person_phone},
                                     {"person-email", &p.person_email},
                                     {"person-hours", &p.person_hours},
                                     {"ways-to-pay", &p.ways_to_pay}};
    AUTO(buf_done) struct buf data = buf_make(65536);
    buf_add_char(&data, '{');
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        if (!arg_has(call, changes[i].param)) continue;
        *changes[i].value = company_lines(cx->arena, arg_text(call, changes[i].param));
        add_member(&data, changes[i].param, *changes[i].value);
    }
    if (arg_has(call, "run-at")) {
        TRY(company_read_run_at(cx, arg_text(call, "run-at"), &p.run_minute));
        add_member(&data, "run-at", arg_text(call, "run-at"));
    }
    if (p.name.n == 0) return fail_field(cx, INVALID, "name", NULL, "the company needs a name");
    if (data.n == 1)
        return fail_field(cx, INVALID, "name", "aldia company set --help lists what can be set",
                          "nothing to set was given");
    buf_add_char(&data, '}');
    MUST(buf_ok(&data));
    TRY(company_set_profile(cx, &p));
    TRY(event_note(cx, "company.changed", 0, c.code, buf_str(&data)));
    return show(cx, call->out);
}

const struct action company_set_action = {
    .verb = "company set",
    .path = "POST /company",
    .summary = "Change what debtors read about the company, and when the daily run is",
    .details =
        "Only what is given changes; an empty value clears. In --ways-to-pay and --address \\n begins a new line.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .second_person = "ways-to-pay",
    .params = PARAMS(COMPANY_FIELDS),
    .run = set_run,
    .then = "/company",
    .form = "company show",
    .edits = true,
};

/* ---- the kill switch ---- */

static enum rc switch_sending(struct ctx *cx, struct call *call, Str state, const char *kind, Str reason) {
    struct company_get_row c;
    TRY(company_get(cx, &c));
    if (str_equal(c.sending, state))
        return fail(cx, CONFLICT, str_is(state, "on") ? "sending is on already" : "sending is stopped already");
    TRY(company_set_sending(cx, &(struct company_set_sending_params){.sending = state}));
    AUTO(buf_done) struct buf data = buf_make(32768);
    buf_add_char(&data, '{');
    if (reason.n) add_member(&data, "reason", reason);
    buf_add_char(&data, '}');
    MUST(buf_ok(&data));
    TRY(event_note(cx, kind, 0, c.code, buf_str(&data)));
    json_object(call->out);
    json_put_str(call->out, "sending", state);
    json_object_end(call->out);
    return OK;
}

static enum rc stop_run(struct ctx *cx, struct call *call) {
    return switch_sending(cx, call, S("stopped"), "sending.stopped", arg_text(call, "reason"));
}

const struct action sending_stop_action = {
    .verb = "sending stop",
    .path = "POST /sending/stop",
    .summary = "Stop every message at once, until sending start",
    .details = "It is read again before every single message: a run that is under way stops too.",
    .needs = CAP_RUN,
    .tx = TX_WRITE,
    .params = PARAMS({"reason", P_TEXT, REQUIRED, "why", NULL}),
    .run = stop_run,
    .then = "/today",
    .form = "sending show",
};

static enum rc start_run(struct ctx *cx, struct call *call) {
    return switch_sending(cx, call, S("on"), "sending.started", S(""));
}

const struct action sending_start_action = {
    .verb = "sending start",
    .path = "POST /sending/start",
    .summary = "Let messages go out again",
    .needs = CAP_RUN,
    .tx = TX_WRITE,
    .params = NO_PARAMS,
    .run = start_run,
    .then = "/today",
    .form = "sending show",
};
