/* The company's choices out of the database, into a policy. */
#include "action/contact_choice.h"

#include "action/env.h"
#include "contact_choice_sql.h"

static enum rc load_days(struct ctx *cx, struct contact_choice *choice) {
    AUTO(closed_day_list_close) struct closed_day_list_cursor cursor = {0};
    TRY(closed_day_list_open(cx, &cursor));
    for (;;) {
        struct closed_day_list_row r;
        bool more;
        TRY(closed_day_list_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, &choice->days) =
            (struct closed_day){.date = r.date, .every_year = r.every_year, .name = arena_str(cx->arena, r.name)};
    }
}

enum rc contact_choice_load(struct ctx *cx, const struct app *app, struct contact_choice *out) {
    struct contact_choice choice = {.profile = S(""), .region = S("")};
    struct contact_choice_get_row r;
    bool found;
    (void)app;
    TRY(contact_choice_get(cx, &r, &found));
    if (found) {
        choice.profile = arena_str(cx->arena, r.profile);
        choice.region = arena_str(cx->arena, r.region);
        choice.keeps_holidays = r.keeps_holidays;
    }
    TRY(load_days(cx, &choice));
    *out = choice;
    return OK;
}

Str contact_choice_profile(const struct app *app, const struct contact_choice *choice) {
    return choice->profile.n ? choice->profile : setting_text(&app->settings, &contact_profile_setting);
}

enum rc contact_choice_apply(struct ctx *cx, const struct app *app, const struct contact_choice *choice, struct policy *policy) {
    Str profile = contact_choice_profile(app, choice), country = app->company.country;
    struct company_days *days = ARENA_NEW(cx->arena, struct company_days);
    *days = (struct company_days){.days = choice->days.items, .count = choice->days.count};
    if (choice->keeps_holidays) {
        Str place = choice->region.n ? arena_printf(cx->arena, "%.*s-%.*s", STR_ARG(country), STR_ARG(choice->region)) : country;
        TRY(calendar_find(cx, place, &days->holidays));
    }
    policy->closed = days->holidays || days->count ? days : NULL;
    policy->contact_profile = str_is(profile, "none") ? PROFILE_NONE : str_is(profile, "hours") ? PROFILE_HOURS : PROFILE_HOUSE;
    return OK;
}

enum rc contact_choice_keep(struct ctx *cx, const struct contact_choice *choice) {
    return contact_choice_put(cx, &(struct contact_choice_put_params){.profile = choice->profile,
                                                                       .region = choice->region,
                                                                       .keeps_holidays = choice->keeps_holidays,
                                                                       .actor = str_from(cx->actor)});
}
