/* Hours and limits of a rule: windows, caps and gaps, read and checked.
 *
 * What they mean is contact_rules.c's; here only nonsense is kept out: windows that overlap or are empty, limits of
 * nothing. */
#include "strategy/contact_rules_read.h"

/* "hh:mm", up to 24:00. */
static bool parse_hour(Str text, int32_t *out_second) {
    int64_t hour, minute;
    if (text.n != 5 || text.p[2] != ':') return false;
    if (!str_to_i64((Str){text.p, 2}, &hour) || !str_to_i64((Str){text.p + 3, 2}, &minute)) return false;
    if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60) return false;
    *out_second = (int32_t)(hour * 3600 + minute * 60);
    return true;
}

static const char *const weekday_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static bool parse_weekday(Str text, int *out_day) {
    for (int i = 0; i < 7; i++)
        if (str_is(text, weekday_names[i])) {
            *out_day = i;
            return true;
        }
    return false;
}

/* "mon", "mon-fri" or "daily". */
static bool parse_days(Str text, int *out_first, int *out_last) {
    *out_first = 0;
    *out_last = 6;
    if (str_is(text, "daily")) return true;
    Str rest = text;
    Str first = str_cut(&rest, '-');
    if (!parse_weekday(first, out_first)) return false;
    *out_last = *out_first;
    return !rest.p || (parse_weekday(rest, out_last) && *out_last > *out_first);
}

struct day_windows {
    struct rule_window items[RULE_WINDOWS_MAX];
    size_t count;
};

static enum rc read_day_windows(struct rule_reading *r, const struct yaml_node *node, struct day_windows *day) {
    static const char *const hint = PHRASE("write 08:00-12:00, or several in order with commas");
    if (node->kind != YAML_SCALAR) return yaml_fail(r->cx, r->name, node, hint, "a window must be plain text");
    Str rest = node->scalar;
    while (rest.p) {
        Str text = str_trim(str_cut(&rest, ','));
        Str to = text;
        Str from = str_cut(&to, '-');
        struct rule_window w;
        if (!to.p || !parse_hour(str_trim(from), &w.from) || !parse_hour(str_trim(to), &w.to) || w.from >= w.to)
            return yaml_fail(r->cx, r->name, node, hint, "\"%.*s\" is no window", STR_ARG(text));
        if (day->count > 0 && day->items[day->count - 1].to >= w.from)
            return yaml_fail(r->cx, r->name, node, hint, "window %.*s touches or precedes the one before",
                             STR_ARG(text));
        if (day->count == RULE_WINDOWS_MAX / 7)
            return yaml_fail(r->cx, r->name, node, NULL, "more than %d windows on one day", RULE_WINDOWS_MAX / 7);
        day->items[day->count++] = w;
    }
    return OK;
}

static enum rc read_windows(struct rule_reading *r, const struct yaml_node *parent, struct rule *rule) {
    const struct yaml_node *node = yaml_get(parent, "windows");
    if (!node) return OK;
    if (node->kind != YAML_MAPPING || node->count == 0)
        return yaml_fail(r->cx, r->name, node, "write for instance mon-fri: 08:00-19:00", "windows must name days");
    struct day_windows days[7] = {0};
    for (const struct yaml_node *entry = node->child; entry; entry = entry->next) {
        int first, last;
        if (!parse_days(entry->key, &first, &last))
            return yaml_fail(r->cx, r->name, entry, "write mon … sun, mon-fri or daily", "\"%.*s\" names no days",
                             STR_ARG(entry->key));
        for (int d = first; d <= last; d++) {
            if (days[d].count > 0)
                return yaml_fail(r->cx, r->name, entry, "name each day once", "%s has its windows already",
                                 weekday_names[d]);
            TRY(read_day_windows(r, entry, &days[d]));
        }
    }
    rule->has_windows = true;
    uint8_t at = 0;
    for (int d = 0; d < 7; d++) {
        rule->window_start[d] = at;
        for (size_t i = 0; i < days[d].count; i++) rule->windows[at++] = days[d].items[i];
    }
    rule->window_start[7] = at;
    return OK;
}

/* day | week | 36h */
static enum rc read_period(struct rule_reading *r, const struct yaml_node *parent, int64_t *out_ms) {
    static const char *const hint = PHRASE("write day, week or a number of hours: 36h");
    const struct yaml_node *node = yaml_get(parent, "period");
    if (!node) return yaml_fail(r->cx, r->name, parent, hint, "period is missing");
    Str text = node->scalar;
    int64_t hours;
    if (node->kind == YAML_SCALAR && str_is(text, "day"))
        *out_ms = 0;
    else if (node->kind == YAML_SCALAR && str_is(text, "week"))
        *out_ms = 7 * MS_PER_DAY;
    else if (text.n > 1 && text.p[text.n - 1] == 'h' && str_to_i64((Str){text.p, text.n - 1}, &hours) && hours >= 1 &&
             hours <= 14 * 24)
        *out_ms = hours * MS_PER_HOUR;
    else
        return yaml_fail(r->cx, r->name, node, hint, "period cannot be \"%.*s\"", STR_ARG(text));
    return OK;
}

static enum rc read_cap(struct rule_reading *r, const struct yaml_node *node, struct rule_cap *cap) {
    static const char *const keys[] = {"channels", "n", "max_channels", "period", "per", "counts", NULL};
    static const char *const pers[] = {"debtor", "debt", NULL};
    static const char *const counts[] = {"attempt", "delivered", "conversation", NULL};
    size_t per, counted;
    TRY(yaml_only(r->cx, r->name, node, keys));
    TRY(rule_read_channels(r, node, "channels", &cap->channels));
    TRY(rule_read_i32(r, node, "n", CAP_N_MAX, &cap->n));
    TRY(rule_read_i32(r, node, "max_channels", CHANNEL_COUNT, &cap->max_channels));
    TRY(read_period(r, node, &cap->period_ms));
    TRY(rule_read_word(r, node, "per", pers, &per));
    TRY(rule_read_word(r, node, "counts", counts, &counted));
    cap->per_debt = per == 1;
    cap->counts = (enum cap_counts)counted;
    if ((cap->n == 0) == (cap->max_channels == 0))
        return yaml_fail(r->cx, r->name, node, "write two caps instead of one with both",
                         "a cap needs either n or max_channels");
    return OK;
}

static enum rc read_gap(struct rule_reading *r, const struct yaml_node *node, struct rule_gap *gap) {
    static const char *const keys[] = {"channels", "minutes", "hours", "days", NULL};
    int32_t minutes = 0, hours = 0;
    TRY(yaml_only(r->cx, r->name, node, keys));
    TRY(rule_read_channels(r, node, "channels", &gap->channels));
    TRY(rule_read_i32(r, node, "minutes", GAP_DAYS_MAX * 24 * 60, &minutes));
    TRY(rule_read_i32(r, node, "hours", GAP_DAYS_MAX * 24, &hours));
    TRY(rule_read_i32(r, node, "days", GAP_DAYS_MAX, &gap->days));
    gap->ms = minutes * MS_PER_MINUTE + hours * MS_PER_HOUR;
    if ((minutes > 0) + (hours > 0) + (gap->days > 0) != 1)
        return yaml_fail(r->cx, r->name, node, NULL, "a gap needs just one of minutes, hours and days");
    return OK;
}

static enum rc read_caps_and_gaps(struct rule_reading *r, const struct yaml_node *parent, struct rule *rule) {
    const struct yaml_node *caps = yaml_get(parent, "caps");
    if (caps) {
        TRY(rule_want_list(r, caps));
        struct rule_cap *items = ARENA_ARRAY(r->cx->arena, struct rule_cap, caps->count);
        for (const struct yaml_node *node = caps->child; node; node = node->next)
            TRY(read_cap(r, node, &items[rule->cap_count++]));
        rule->caps = items;
    }
    const struct yaml_node *gaps = yaml_get(parent, "min_gap");
    if (gaps) {
        TRY(rule_want_list(r, gaps));
        struct rule_gap *items = ARENA_ARRAY(r->cx->arena, struct rule_gap, gaps->count);
        for (const struct yaml_node *node = gaps->child; node; node = node->next)
            TRY(read_gap(r, node, &items[rule->gap_count++]));
        rule->gaps = items;
    }
    return OK;
}

enum rc rule_read_figures(struct rule_reading *r, const struct yaml_node *parent, struct rule *rule) {
    TRY(read_windows(r, parent, rule));
    return read_caps_and_gaps(r, parent, rule);
}
