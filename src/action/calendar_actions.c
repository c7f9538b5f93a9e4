/* The calendar of the company: its place, its holidays, its closed days, the hours that follow from them and from contact law, and what a
 * change would move before it is made. */
#include <stdio.h>

#include "action/contact_choice.h"
#include "action/effect.h"
#include "action/env.h"
#include "action/lookup.h"
#include "action/weeks.h"
#include "base/embed.h"
#include "base/yaml.h"
#include "contact_choice_sql.h"
#include "strategy/contact_rules.h"
#include "timeline/timeline.h"

#define SHOWN_DAYS 91
#define EFFECT_DAYS 60
#define STEP_S (30 * 60)

/* ---- the regions of a country ---- */

static enum rc regions_of(struct ctx *cx, Str country, const struct yaml_node **out) {
    Str text;
    const struct yaml_node *root;
    const char *name = arena_cstr(cx->arena, arena_printf(cx->arena, "calendars/%.*s.yaml", STR_ARG(country)));
    *out = NULL;
    if (!embedded_find(name, &text)) return OK;
    TRY(yaml_parse(cx, text, name, &root));
    const struct yaml_node *regions = yaml_get(root, "regions");
    if (regions && regions->kind == YAML_MAPPING) *out = regions;
    return OK;
}

static enum rc put_regions(struct ctx *cx, struct json_writer *w, Str country, Str chosen) {
    const struct yaml_node *regions;
    TRY(regions_of(cx, country, &regions));
    json_key(w, "regions");
    json_array(w);
    for (const struct yaml_node *r = regions ? regions->child : NULL; r; r = r->next) {
        Str name = yaml_text(r, "name");
        json_object(w);
        json_put_str(w, "region", r->key);
        json_put_str(w, "name", name.n ? name : r->key);
        json_put_bool(w, "chosen", str_equal(r->key, chosen));
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

/* ---- the days to come ---- */

struct looking {
    const struct policy *policy;
    struct customer customer; /* somebody of the company's country */
    const struct calendar *holidays;
    Date today, last;
};

static struct contact_answer ask(const struct looking *l, Date day, int32_t second) {
    const struct contact_request request = {.customer = &l->customer,
                                            .creditor_country = l->policy->country,
                                            .channel = CHANNEL_EMAIL,
                                            .at = zone_instant(l->policy->zone, day, second),
                                            .item_count = 1,
                                            .is_reminder = true};
    return contact_check(l->policy, &request);
}

static void put_hour(struct json_writer *w, const char *key, int32_t second) {
    char text[24];
    snprintf(text, sizeof text, "%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
    json_put_text(w, key, text);
}

/* The first and the last half hour that are allowed; a break between them is left to the rules page. */
static void put_hours(struct json_writer *w, const struct looking *l, Date day) {
    int32_t first = -1, last = -1;
    for (int32_t s = 0; s < 24 * 3600; s += STEP_S) {
        if (!ask(l, day, s).allowed) continue;
        if (first < 0) first = s;
        last = s + STEP_S;
    }
    Str name = S("");
    if (first >= 0) {
        json_put_text(w, "open", "open");
        put_hour(w, "from", first);
        put_hour(w, "to", last);
        return;
    }
    bool closed = company_is_closed(l->policy->closed, day, &name);
    if (!closed && l->holidays) name = calendar_holiday(l->holidays, day);
    json_put_text(w, "open", closed ? "closed" : name.n ? "holiday" : "rest");
    json_put_str(w, "name", name);
}

static void put_day(struct json_writer *w, const void *self, Date day) {
    const struct looking *l = self;
    int year, month, of_month;
    if (date_compare(day, l->today) < 0 || date_compare(day, l->last) > 0) return;
    date_civil(day, &year, &month, &of_month);
    put_date(w, "day", day);
    json_put_i64(w, "number", of_month);
    put_hours(w, l, day);
}

static void put_closed(struct json_writer *w, const struct contact_choice *choice, Date today) {
    json_key(w, "closed");
    json_array(w);
    for (size_t i = 0; i < choice->days.count; i++) {
        const struct closed_day *d = &choice->days.items[i];
        json_object(w);
        put_date(w, "date", d->date);
        json_put_str(w, "name", d->name);
        json_put_bool(w, "every_year", d->every_year);
        json_put_bool(w, "past", !d->every_year && date_compare(d->date, today) < 0);
        json_object_end(w);
    }
    json_array_end(w);
}

/* Members of the page; the object is the caller's. */
static enum rc put_calendar(struct ctx *cx, struct call *call, const struct contact_choice *choice, const struct policy *policy) {
    struct json_writer *w = call->out;
    bool persons = str_is(arg_text(call, "who"), "person");
    struct looking l = {.policy = policy,
                        .today = policy->today,
                        .last = date_add(policy->today, SHOWN_DAYS - 1),
                        .customer = {.country = policy->country, .region = choice->region, .language = S("es"), .is_person = persons}};
    Str place = choice->region.n ? arena_printf(cx->arena, "%.*s-%.*s", STR_ARG(policy->country), STR_ARG(choice->region)) : policy->country;
    enum rc rc = calendar_find(cx, place, &l.holidays);
    if (rc != OK && rc != NOT_FOUND) return rc;
    json_put_str(w, "country", policy->country);
    json_put_str(w, "zone", call->app->company.zone_name);
    json_put_str(w, "region", choice->region);
    json_put_bool(w, "keeps_holidays", choice->keeps_holidays);
    json_put_bool(w, "has_calendar", l.holidays != NULL);
    json_put_text(w, "who", persons ? "person" : "company");
    TRY(put_regions(cx, w, policy->country, choice->region));
    put_closed(w, choice, policy->today);
    put_weeks(w, l.today, l.last, put_day, &l);
    return OK;
}

static enum rc show_run(struct ctx *cx, struct call *call) {
    struct plan_env env;
    struct contact_choice choice;
    TRY(env_build(cx, call->app, &env));
    TRY(contact_choice_load(cx, call->app, &choice));
    json_object(call->out);
    TRY(put_calendar(cx, call, &choice, &env.policy));
    json_object_end(call->out);
    return OK;
}

#define WHO_PARAM                                                                                                      \
    { "who", P_CHOICE, OPTIONAL, "hours for whom: a firm or a person of the company's country", "company|person" }

const struct action calendar_show_action = {
    .verb = "calendar show",
    .path = "GET /settings/calendar",
    .summary = "Show the company's calendar and the hours of the coming days",
    .details = "Country, region, whether public holidays are kept, days of its own on which nothing is sent; and for the next 13 weeks when a "
               "reminder by e-mail may leave, by contact law and calendar together.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(WHO_PARAM),
    .run = show_run,
    .view = "calendar",
    .columns = "closed: date name every_year",
};

/* ---- changing it ---- */

#define CHANGE_PARAMS                                                                                                  \
    {"region", P_TEXT, OPTIONAL | CLEARABLE, "region of the company's country: MD; empty: none", NULL},                \
        {"holidays", P_CHOICE, OPTIONAL, "whether nothing is sent on public holidays of that place", "on|off"},        \
        {"close", P_DATE, OPTIONAL, "a day on which nothing is sent", NULL},                                           \
        {"name", P_TEXT, OPTIONAL, "why: Aniversario", NULL},                                                          \
        {"every-year", P_FLAG, OPTIONAL, "the same day every year", NULL}, {                                           \
        "open", P_DATE, OPTIONAL, "a closed day that shall be none any more", NULL                                     \
    }

static enum rc check_region(struct ctx *cx, Str country, Str region) {
    const struct yaml_node *regions;
    if (region.n == 0) return OK;
    TRY(regions_of(cx, country, &regions));
    for (const struct yaml_node *r = regions ? regions->child : NULL; r; r = r->next)
        if (str_equal(r->key, region)) return OK;
    return fail_field(cx, INVALID, "region", "aldia calendar show lists them", "%.*s has no region %.*s in its calendar", STR_ARG(country),
                      (int)(region.n < 20 ? region.n : 20), region.p);
}

static enum rc open_day(struct ctx *cx, struct contact_choice *choice, Date day) {
    for (size_t i = 0; i < choice->days.count; i++) {
        if (date_compare(choice->days.items[i].date, day) != 0) continue;
        choice->days.items[i] = choice->days.items[--choice->days.count];
        return OK;
    }
    return fail_field(cx, NOT_FOUND, "open", "aldia calendar show lists them", "that day is not closed");
}

static enum rc close_day(struct ctx *cx, struct call *call, struct contact_choice *choice) {
    struct closed_day day = {
        .date = arg_date(call, "close"), .every_year = arg_flag(call, "every-year"), .name = str_trim(arg_text(call, "name"))};
    if (!day.every_year && date_compare(day.date, app_today(cx, call->app)) < 0)
        return fail_field(cx, INVALID, "close", "choose today or a later day", "that day is past");
    for (size_t i = 0; i < choice->days.count; i++)
        if (date_compare(choice->days.items[i].date, day.date) == 0) {
            choice->days.items[i] = day;
            return OK;
        }
    *VEC_PUSH(cx->arena, &choice->days) = day;
    return OK;
}

static bool asks_for_something(const struct call *call) {
    return arg_has(call, "region") || arg_has(call, "holidays") || arg_has(call, "close") || arg_has(call, "open");
}

/* What the call makes of the choice; keeps nothing. */
static enum rc change(struct ctx *cx, struct call *call, struct contact_choice *choice) {
    if (arg_has(call, "region")) {
        TRY(check_region(cx, call->app->company.country, arg_text(call, "region")));
        choice->region = arg_text(call, "region");
    }
    if (arg_has(call, "holidays")) choice->keeps_holidays = str_is(arg_text(call, "holidays"), "on");
    if (choice->keeps_holidays) {
        const struct calendar *calendar;
        if (calendar_find(cx, call->app->company.country, &calendar) != OK)
            return fail_field(cx, INVALID, "holidays", "close its days one by one", "there is no calendar for the company's country");
    }
    if (arg_has(call, "open")) TRY(open_day(cx, choice, arg_date(call, "open")));
    if (arg_has(call, "close")) TRY(close_day(cx, call, choice));
    return OK;
}

/* What was asked for, to ask for it again by a form. */
static void put_asked(struct json_writer *w, const struct call *call) {
    json_key(w, "asked");
    json_object(w);
    json_put_bool(w, "place", arg_has(call, "region") || arg_has(call, "holidays"));
    json_put_str(w, "region", arg_text(call, "region"));
    json_put_str(w, "holidays", arg_text(call, "holidays"));
    put_date(w, "close", arg_date(call, "close"));
    json_put_str(w, "name", arg_text(call, "name"));
    json_put_bool(w, "every_year", arg_flag(call, "every-year"));
    put_date(w, "open", arg_date(call, "open"));
    json_object_end(w);
}

static enum rc preview_run(struct ctx *cx, struct call *call) {
    struct plan_env env, changed;
    struct contact_choice choice;
    TRY(env_build(cx, call->app, &env));
    env.scope.for_viewer = true;
    TRY(contact_choice_load(cx, call->app, &choice));
    TRY(change(cx, call, &choice));
    changed = env;
    TRY(contact_choice_apply(cx, call->app, &choice, &changed.policy));
    json_object(call->out);
    json_put_bool(call->out, "preview", true);
    put_asked(call->out, call);
    TRY(effect_put(cx, call, &env, &changed, EFFECT_DAYS));
    TRY(put_calendar(cx, call, &choice, &changed.policy));
    json_object_end(call->out);
    return OK;
}

const struct action calendar_preview_action = {
    .verb = "calendar preview",
    .path = "GET /settings/calendar/preview",
    .summary = "Show what a change of the calendar would move, before it is made",
    .details = "Lives through the next 60 days twice, as aldia strategy preview does: which messages would leave on another day, and when. Nothing "
               "is stored.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(CHANGE_PARAMS, WHO_PARAM),
    .run = preview_run,
    .view = "calendar",
    .form = "calendar show",
    .edits = true,
    .is_slow = true,
    .columns = "effect: days messages moved dropped added customers",
};

static enum rc keep(struct ctx *cx, struct call *call, const struct contact_choice *choice) {
    char day[DATE_TEXT];
    if (arg_has(call, "region") || arg_has(call, "holidays")) {
        TRY(contact_choice_keep(cx, choice));
        Str data = arena_printf(cx->arena, "{\"region\":\"%.*s\",\"holidays\":\"%s\"}", STR_ARG(choice->region), choice->keeps_holidays ? "on" : "off");
        TRY(event_note(cx, "calendar.changed", 0, S(""), data));
    }
    if (arg_has(call, "open")) {
        TRY(closed_day_delete(cx, &(struct closed_day_delete_params){.date = arg_date(call, "open")}));
        TRY(event_note(cx, "calendar.opened", 0, arena_str(cx->arena, date_iso(arg_date(call, "open"), day)), S("{}")));
    }
    if (arg_has(call, "close")) {
        TRY(closed_day_put(cx, &(struct closed_day_put_params){.date = arg_date(call, "close"),
                                                               .every_year = arg_flag(call, "every-year"),
                                                               .name = str_trim(arg_text(call, "name")),
                                                               .actor = str_from(cx->actor)}));
        TRY(event_note(cx, "calendar.closed", 0, arena_str(cx->arena, date_iso(arg_date(call, "close"), day)), S("{}")));
    }
    return OK;
}

static enum rc set_run(struct ctx *cx, struct call *call) {
    struct contact_choice choice;
    if (!asks_for_something(call))
        return fail_field(cx, INVALID, "close", "aldia calendar set --help lists what can be set", "nothing to change was given");
    TRY(contact_choice_load(cx, call->app, &choice));
    TRY(change(cx, call, &choice));
    TRY(keep(cx, call, &choice));
    json_object(call->out);
    json_put_str(call->out, "country", call->app->company.country);
    json_put_str(call->out, "region", choice.region);
    json_put_bool(call->out, "keeps_holidays", choice.keeps_holidays);
    put_closed(call->out, &choice, app_today(cx, call->app));
    json_object_end(call->out);
    return OK;
}

const struct action calendar_set_action = {
    .verb = "calendar set",
    .path = "POST /settings/calendar",
    .summary = "Change the company's calendar: its region, its holidays, its closed days",
    .details = "On a closed day no reminder leaves, wherever the debtor is; what is planned moves to the next moment that law and calendar allow. "
               "aldia calendar preview shows the effect first.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(CHANGE_PARAMS),
    .run = set_run,
    .then = "/settings/calendar",
    .form = "calendar show",
    .edits = true,
};
