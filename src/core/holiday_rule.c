/* The little language of days ("easter - 2", "tuesday after first monday of november") and what its sentences mean in a
 * year. Knows nothing of files, countries or names. */
#include "core/holiday_rule.h"

#include "base/civil.h"

static const char *const weekday_names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                            "friday", "saturday", "sunday"};
static const char *const month_names[] = {"january", "february", "march",     "april",   "may",      "june",
                                          "july",    "august",   "september", "october", "november", "december"};

static bool name_index(Str text, const char *const *names, size_t count, size_t *out_index) {
    for (size_t i = 0; i < count; i++)
        if (str_is(text, names[i])) {
            *out_index = i;
            return true;
        }
    return false;
}

bool holiday_weekday_parse(Str text, enum weekday *out_weekday) {
    size_t index;
    if (!name_index(text, weekday_names, COUNT_OF(weekday_names), &index)) return false;
    *out_weekday = (enum weekday)index;
    return true;
}

/* Cuts the next word; empty at the end. */
static Str next_word(Str *rest) {
    Str trimmed = str_trim(*rest);
    size_t n = str_index(trimmed, ' ');
    *rest = (Str){trimmed.p + n, trimmed.n - n};
    return (Str){trimmed.p, n};
}

static bool small_number(Str digits, size_t length, int max, int *out_number) {
    int64_t value;
    if ((length && digits.n != length) || digits.n == 0 || digits.n > 4 || digits.p[0] == '-') return false;
    if (!str_to_i64(digits, &value) || value > max) return false;
    *out_number = (int)value;
    return true;
}

/* MM-DD; 29 February is a day some years have. */
static bool parse_fixed(Str text, struct holiday_day *d) {
    Str rest = text;
    Date leap_year_day;
    d->anchor = HOLIDAY_FIXED;
    if (!small_number(str_cut(&rest, '-'), 2, 12, &d->month) || !rest.p || !small_number(rest, 2, 31, &d->day))
        return false;
    return date_make(2000, d->month, d->day, &leap_year_day);
}

static bool parse_easter(Str rest, struct holiday_day *d) {
    d->anchor = HOLIDAY_EASTER;
    Str sign = next_word(&rest);
    if (sign.n == 0) return true;
    bool before = str_is(sign, "-");
    if ((!before && !str_is(sign, "+")) || !small_number(next_word(&rest), 0, 100, &d->offset)) return false;
    if (before) d->offset = -d->offset;
    return str_trim(rest).n == 0;
}

static bool parse_nth(Str first, Str rest, struct holiday_day *d) {
    static const char *const ordinals[] = {"first", "second", "third", "fourth", "last"};
    size_t ordinal, month;
    d->anchor = HOLIDAY_NTH;
    if (!name_index(first, ordinals, COUNT_OF(ordinals), &ordinal)) return false;
    if (!holiday_weekday_parse(next_word(&rest), &d->weekday) || !str_is(next_word(&rest), "of")) return false;
    if (!name_index(next_word(&rest), month_names, COUNT_OF(month_names), &month)) return false;
    d->nth = ordinal == 4 ? -1 : (int)ordinal + 1;
    d->month = (int)month + 1;
    return str_trim(rest).n == 0;
}

static bool parse_anchor(Str text, struct holiday_day *d) {
    Str rest = text;
    Str first = next_word(&rest);
    if (str_is(first, "easter")) return parse_easter(rest, d);
    if (parse_nth(first, rest, d)) return true;
    if (str_trim(rest).n) return false;
    if (date_parse_iso(first, &d->once)) {
        d->anchor = HOLIDAY_ONCE;
        return true;
    }
    return parse_fixed(first, d);
}

bool holiday_day_parse(Str text, struct holiday_day *out_day) {
    struct holiday_day d = {0};
    Str rest = str_trim(text);
    Str anchor = rest;
    if (holiday_weekday_parse(next_word(&rest), &d.step_weekday)) {
        Str direction = next_word(&rest);
        d.step = str_is(direction, "after") ? 1 : -1;
        if (d.step < 0 && !str_is(direction, "before")) return false;
        anchor = str_trim(rest);
    }
    if (!parse_anchor(anchor, &d)) return false;
    *out_day = d;
    return true;
}

static Date nth_weekday(const struct holiday_day *d, int year) {
    Date end = DATE_NONE; /* of the month, or its beginning */
    bool last = d->nth < 0;
    if (!date_make(year, d->month, last ? civil_month_days(year, d->month) : 1, &end)) return DATE_NONE;
    int ahead = ((int)d->weekday - (int)date_weekday(end) + 7) % 7;
    if (last) return date_add(end, ahead ? ahead - 7 : 0);
    return date_add(end, ahead + 7 * (d->nth - 1));
}

bool holiday_day_in(const struct holiday_day *d, int year, Date *out_date) {
    Date day = DATE_NONE;
    switch (d->anchor) {
    case HOLIDAY_ONCE:
        if (date_year(d->once) == year) day = d->once;
        break;
    case HOLIDAY_FIXED: (void)date_make(year, d->month, d->day, &day); break;
    case HOLIDAY_EASTER: day = date_add(date_easter(year), d->offset); break;
    case HOLIDAY_NTH: day = nth_weekday(d, year); break;
    }
    if (date_is_none(day)) return false;
    if (d->step) {
        int apart = d->step * ((int)d->step_weekday - (int)date_weekday(day));
        int days = (apart % 7 + 7) % 7;
        day = date_add(day, d->step * (days ? days : 7));
    }
    *out_date = day;
    return true;
}

static bool holds_in(const struct holiday_rule *r, int year) {
    if (year < r->from || year > r->to) return false;
    if (r->every && (year - r->from) % r->every != 0) return false;
    if (r->except_every && year >= r->except_from && (year - r->except_from) % r->except_every == 0) return false;
    for (size_t i = 0; i < r->except_count; i++)
        if (r->except[i] == year) return false;
    return true;
}

size_t holiday_rule_days(const struct holiday_rule *r, int year, Date *out_two) {
    Date day;
    if (!holds_in(r, year) || !holiday_day_in(&r->on, year, &day)) return 0;
    enum weekday weekday = date_weekday(day);
    if (!(r->weekdays >> weekday & 1)) return 0;
    out_two[0] = date_add(day, r->move[weekday]);
    out_two[1] = date_add(day, r->also[weekday]);
    return r->also[weekday] ? 2 : 1;
}
