/* The company's own calendar: days on which it reaches nobody, because nobody would be there to answer.
 *
 * It comes on top of contact law, which judges by the debtor's place: a reminder leaves only when both allow it. Pure. */
#ifndef STRATEGY_COMPANY_DAYS_H
#define STRATEGY_COMPANY_DAYS_H

#include "core/calendar.h"
#include "strategy/strategy_types.h"

struct closed_day {
    Date date;
    bool every_year; /* the same day and month from then on; 29 February: in leap years */
    Str name;
};

struct company_days {
    const struct calendar *holidays; /* of the company's place; NULL: it works through them */
    const struct closed_day *days;
    size_t count;
};

/* What refuses for this calendar, in the place of a rule's id. */
#define COMPANY_CALENDAR_RULE "COMPANY"

/* NULL `days`: never closed. *out_name (may be NULL) tells why when it is. */
bool company_is_closed(const struct company_days *days, Date day, Str *out_name);

/* policy->check_contact and the company's calendar together; what everybody asks. A refusal by law goes before one by the calendar;
 * next_allowed is allowed by both, INSTANT_NONE when there is no such instant within 90 days. What is no reminder is not held. */
struct contact_answer contact_check(const struct policy *policy, const struct contact_request *request);

#endif
