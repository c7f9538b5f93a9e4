/* The company's own calendar over the contact rules. */
#include "strategy/company_days.h"

#include "strategy/contact_rules.h"

#define SEARCH_DAYS 90
#define SEARCH_STEPS (3 * SEARCH_DAYS) /* each goes on by a window at least, and law has few a day */

static bool falls_on(const struct closed_day *c, Date day) {
    if (!c->every_year) return date_compare(c->date, day) == 0;
    int year, month, of_month, first_month, first_of_month;
    date_civil(day, &year, &month, &of_month);
    date_civil(c->date, &year, &first_month, &first_of_month);
    return date_compare(day, c->date) >= 0 && month == first_month && of_month == first_of_month;
}

bool company_is_closed(const struct company_days *days, Date day, Str *out_name) {
    if (!days) return false;
    for (size_t i = 0; i < days->count; i++) {
        if (!falls_on(&days->days[i], day)) continue;
        if (out_name) *out_name = days->days[i].name;
        return true;
    }
    if (!days->holidays || !calendar_is_holiday(days->holidays, day)) return false;
    if (out_name) *out_name = calendar_holiday(days->holidays, day);
    return true;
}

/* From `at` on, the first instant both allow. */
static Instant next_for_both(const struct policy *policy, const struct contact_request *request, Instant at) {
    struct contact_request later = *request;
    Date last = date_add(zone_date(policy->zone, request->at), SEARCH_DAYS);
    for (int i = 0; i < SEARCH_STEPS; i++) {
        Date day = zone_date(policy->zone, at);
        if (date_compare(day, last) > 0) break;
        if (company_is_closed(policy->closed, day, NULL)) {
            at = zone_instant(policy->zone, date_add(day, 1), 0);
            continue;
        }
        later.at = at;
        struct contact_answer answer = policy->check_contact(policy->rules, (int)policy->contact_profile, &later);
        if (answer.allowed) return at;
        if (instant_is_none(answer.next_allowed) || answer.next_allowed.ms <= at.ms) break;
        at = answer.next_allowed;
    }
    return INSTANT_NONE;
}

struct contact_answer contact_check(const struct policy *policy, const struct contact_request *request) {
    struct contact_answer answer = policy->check_contact(policy->rules, (int)policy->contact_profile, request);
    if (!policy->closed || !request->is_reminder) return answer;
    bool closed = company_is_closed(policy->closed, zone_date(policy->zone, request->at), NULL);
    if (answer.allowed && !closed) return answer;
    if (!answer.allowed && instant_is_none(answer.next_allowed)) return answer;
    if (answer.allowed) answer = (struct contact_answer){.code = REASON_HOLIDAY, .rule = S(COMPANY_CALENDAR_RULE), .next_allowed = request->at};
    answer.next_allowed = next_for_both(policy, request, answer.next_allowed);
    return answer;
}
