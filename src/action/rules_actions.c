/* Contact law and house rules in force, in plain words with their sources; what they hold back today; which profile applies, and what another
 * would change before it is chosen. */
#include "action/contact_choice.h"
#include "action/effect.h"
#include "action/env.h"
#include "action/lookup.h"
#include "contact_choice_sql.h"
#include "plan/rehearse.h"
#include "strategy/contact_rules.h"
#include "timeline/timeline.h"

#define PLACES_MAX 20
#define RULES_MAX 16
#define EFFECT_DAYS 30

/* ---- what applies to whom ---- */

struct place {
    Str country, kind, countries; /* countries: of all groups with the same rules: "CO, MX" */
    int64_t customers;
    struct contact_rule_line lines[RULES_MAX];
    size_t count;
};

static void put_rules(struct json_writer *w, const struct contact_rule_line *lines, size_t n) {
    json_key(w, "rules");
    json_array(w);
    for (size_t i = 0; i < n; i++) {
        json_object(w);
        json_put_str(w, "rule", lines[i].id);
        json_put_str(w, "title", lines[i].title);
        json_put_str(w, "text", lines[i].text);
        json_put_str(w, "source", lines[i].source);
        json_put_str(w, "confidence", lines[i].confidence);
        json_put_str(w, "note", lines[i].note);
        json_object_end(w);
    }
    json_array_end(w);
}

struct group {
    Str country, kind;
    int64_t customers;
};
typedef VEC_OF(struct group) group_list;

/* An empty country is the company's own. */
static void add_group(struct ctx *cx, group_list *list, Str country, Str kind, int64_t customers) {
    for (size_t i = 0; i < list->count; i++) {
        if (!str_equal(list->items[i].country, country) || !str_equal(list->items[i].kind, kind)) continue;
        list->items[i].customers += customers;
        return;
    }
    if (list->count < PLACES_MAX)
        *VEC_PUSH(cx->arena, list) = (struct group){arena_str(cx->arena, country), arena_str(cx->arena, kind), customers};
}

static enum rc load_groups(struct ctx *cx, Str own_country, group_list *out) {
    AUTO(customer_places_close) struct customer_places_cursor cursor = {0};
    TRY(customer_places_open(cx, &cursor));
    for (;;) {
        struct customer_places_row r;
        bool more;
        TRY(customer_places_next(cx, &cursor, &r, &more));
        if (!more) break;
        add_group(cx, out, r.country.n ? r.country : own_country, r.kind, r.customers);
    }
    if (out->count == 0) add_group(cx, out, own_country, S("company"), 0);
    return OK;
}

static bool same_rules(const struct place *a, const struct place *b) {
    bool same = a->count == b->count && str_equal(a->kind, b->kind);
    for (size_t i = 0; i < a->count && same; i++) same = str_equal(a->lines[i].id, b->lines[i].id);
    return same;
}

/* Countries whose customers the same rules speak to are told together. */
static enum rc put_places(struct ctx *cx, struct json_writer *w, const struct policy *p) {
    group_list groups = {0};
    size_t count = 0;
    TRY(load_groups(cx, p->country, &groups));
    struct place *places = ARENA_ARRAY(cx->arena, struct place, groups.count);
    for (size_t i = 0; i < groups.count; i++) {
        const struct group *g = &groups.items[i];
        struct place *place = &places[count];
        struct customer who = {.country = g->country, .language = S("es"), .is_person = str_is(g->kind, "person")};
        *place = (struct place){.country = g->country, .kind = g->kind, .countries = g->country, .customers = g->customers};
        place->count = contact_rules_describe(cx->arena, cx->lang, p->rules, &who, p->country, p->now, place->lines, RULES_MAX);
        size_t k = 0;
        while (k < count && !same_rules(&places[k], place)) k++;
        if (k == count) {
            count++;
            continue;
        }
        places[k].customers += place->customers;
        places[k].countries = arena_printf(cx->arena, "%.*s, %.*s", STR_ARG(places[k].countries), STR_ARG(place->country));
    }
    json_key(w, "places");
    json_array(w);
    for (size_t i = 0; i < count; i++) {
        json_object(w);
        json_put_i64(w, "place", (int64_t)i);
        json_put_str(w, "countries", places[i].countries);
        json_put_str(w, "kind", places[i].kind);
        json_put_i64(w, "customers", places[i].customers);
        put_rules(w, places[i].lines, places[i].count);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

/* ---- what they hold back today ---- */

static void looked_at(void *self, int64_t customers) {
    const struct call *call = self;
    if (call->progress) call->progress(call->self, "rules", customers % 10000, 10000);
}

static enum rc put_today(struct ctx *cx, struct call *call, const struct plan_env *env) {
    struct json_writer *w = call->out;
    struct rehearsal r;
    struct rehearsal_span span = {.from = env->scope.today, .days = 1, .run_minute = call->app->company.run_minute};
    TRY(rehearse(cx, env, &span, call->app->data_dir, looked_at, call, &r));
    int64_t held = 0;
    json_key(w, "held_by");
    json_array(w);
    for (size_t i = 0; i < r.by_rule.count; i++) {
        const struct rule_count *n = &r.by_rule.items[i];
        held += n->messages;
        json_object(w);
        json_put_str(w, "rule", n->rule);
        json_put_str(w, "title", contact_rules_title(env->policy.rules, cx->lang, n->rule));
        json_put_text(w, "code", reason_code_name(n->code));
        json_put_i64(w, "messages", n->messages);
        put_instant(w, "next_allowed", n->next_allowed);
        json_object_end(w);
    }
    json_array_end(w);
    json_put_i64(w, "held", held);
    json_put_i64(w, "leave", r.messages);
    rehearsal_done(&r);
    return OK;
}

static void put_profiles(struct json_writer *w, Str in_force) {
    static const char *const names[] = {"house", "hours", "none"};
    json_key(w, "profiles");
    json_array(w);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        json_object(w);
        json_put_text(w, "profile", names[i]);
        json_put_bool(w, "chosen", str_is(in_force, names[i]));
        json_object_end(w);
    }
    json_array_end(w);
}

static enum rc put_rules_page(struct ctx *cx, struct call *call, const struct plan_env *env, const struct contact_choice *choice) {
    struct json_writer *w = call->out;
    Str profile = contact_choice_profile(call->app, choice);
    json_put_str(w, "country", env->policy.country);
    json_put_str(w, "profile", profile);
    json_put_text(w, "profile_from", choice->profile.n ? "company" : "aldia.conf");
    put_profiles(w, profile);
    TRY(put_places(cx, w, &env->policy));
    return put_today(cx, call, env);
}

static enum rc show_run(struct ctx *cx, struct call *call) {
    struct plan_env env;
    struct contact_choice choice;
    TRY(env_build(cx, call->app, &env));
    env.scope.for_viewer = true;
    TRY(contact_choice_load(cx, call->app, &choice));
    json_object(call->out);
    TRY(put_rules_page(cx, call, &env, &choice));
    json_object_end(call->out);
    return OK;
}

const struct action rules_show_action = {
    .verb = "rules show",
    .path = "GET /settings/rules",
    .summary = "Show the contact rules in force, in words, and what they hold back today",
    .details = "For every country the customers live in, firms and persons apart: hours, limits, what is required and forbidden, with the source and how "
               "sure it is (V official, S press or law firms, K general knowledge). And of today's messages how many each rule makes wait, and until when.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = show_run,
    .view = "rules",
    .is_slow = true,
    .columns = "held_by: rule code messages next_allowed",
};

/* ---- the profile ---- */

#define PROFILE_PARAM                                                                                                      { "profile", P_CHOICE, REQUIRED, "what applies where no contact law is found, and towards firms", "house|hours|none|as-configured" }

static Str profile_of(const struct call *call) {
    Str profile = arg_text(call, "profile");
    return str_is(profile, "as-configured") ? S("") : profile;
}

static enum rc preview_run(struct ctx *cx, struct call *call) {
    struct plan_env env, changed;
    struct contact_choice choice;
    TRY(env_build(cx, call->app, &env));
    env.scope.for_viewer = true;
    TRY(contact_choice_load(cx, call->app, &choice));
    choice.profile = profile_of(call);
    changed = env;
    TRY(contact_choice_apply(cx, call->app, &choice, &changed.policy));
    json_object(call->out);
    json_put_bool(call->out, "preview", true);
    json_put_str(call->out, "asked", arg_text(call, "profile"));
    TRY(effect_put(cx, call, &env, &changed, EFFECT_DAYS));
    TRY(put_rules_page(cx, call, &changed, &choice));
    json_object_end(call->out);
    return OK;
}

const struct action rules_preview_action = {
    .verb = "rules preview",
    .path = "GET /settings/rules/preview",
    .summary = "Show what another contact profile would move, before it is chosen",
    .details = "Lives through the next 30 days twice, as aldia strategy preview does. Nothing is stored.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(PROFILE_PARAM),
    .run = preview_run,
    .view = "rules",
    .form = "rules show",
    .edits = true,
    .is_slow = true,
    .columns = "effect: days messages moved dropped added customers",
};

static enum rc set_run(struct ctx *cx, struct call *call) {
    struct contact_choice choice;
    TRY(contact_choice_load(cx, call->app, &choice));
    choice.profile = profile_of(call);
    TRY(contact_choice_keep(cx, &choice));
    Str in_force = contact_choice_profile(call->app, &choice);
    TRY(event_note(cx, "rules.profile", 0, S(""), arena_printf(cx->arena, "{\"profile\":\"%.*s\"}", STR_ARG(in_force))));
    json_object(call->out);
    json_put_str(call->out, "profile", in_force);
    json_put_text(call->out, "profile_from", choice.profile.n ? "company" : "aldia.conf");
    json_object_end(call->out);
    return OK;
}

const struct action rules_set_action = {
    .verb = "rules set",
    .path = "POST /settings/rules",
    .summary = "Choose the company's contact profile",
    .details = "house: hours, holidays and limits of the house profile; hours: its hours and holidays only; none: nothing. Contact law applies whatever is "
               "chosen. as-configured goes back to contact_profile of aldia.conf.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(PROFILE_PARAM),
    .run = set_run,
    .then = "/settings/rules",
    .form = "rules show",
    .edits = true,
};
