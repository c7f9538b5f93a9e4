/* Holiday files: read into rules, then laid out once as one bit per day from 1900 to 2200, so that asking is free and
 * needs no lock. Owns the file's schema and the cache of the countries; what a rule means is holiday_rule.c's. */
#include "core/calendar.h"

#include <pthread.h>
#include <string.h>

#include "base/embed.h"
#include "base/yaml.h"
#include "core/holiday_rule.h"

#define FIRST_YEAR 1900
#define LAST_YEAR 2200
#define FIRST_DAY (-25567) /* 1900-01-01 */
#define DAYS 109938        /* to 2200-12-31 */
#define MAX_RULES 1000
#define MAX_CODE 8

/* A named table of moves, from the file's `moves`. */
struct holiday_shift {
    Str name;
    int8_t days[7];
};

typedef VEC_OF(struct holiday_rule) Rules;
typedef VEC_OF(struct holiday_shift) Shifts;

struct calendar {
    struct arena *arena; /* for those that live as long as the process */
    struct calendar *next;
    char code[MAX_CODE];
    struct holiday_rule *rules;
    size_t rule_count;
    const struct yaml_node *regions; /* of the file, for their codes */
    uint64_t bits[DAYS / 64 + 1];
};

struct reader {
    struct ctx *cx;
    const char *name;
    Shifts shifts;
    Rules rules;
};

/* `move` and `also`: {saturday: -1, sunday: +1}, or the name of such a table under `moves`. */
static enum rc read_shift(struct reader *r, const struct yaml_node *node, int8_t *out_days) {
    int8_t days[7] = {0};
    if (node->kind == YAML_SCALAR) {
        for (size_t i = 0; i < r->shifts.count; i++)
            if (str_equal(r->shifts.items[i].name, node->scalar)) {
                memcpy(out_days, r->shifts.items[i].days, sizeof(days));
                return OK;
            }
        return yaml_fail(r->cx, r->name, node, "name a table that stands under moves, or write {sunday: +1}",
                         "there is no move \"%.*s\"", STR_ARG(node->scalar));
    }
    if (node->kind != YAML_MAPPING)
        return yaml_fail(r->cx, r->name, node, "write {sunday: +1}", "a move is a table of weekdays and days");
    for (const struct yaml_node *entry = node->child; entry; entry = entry->next) {
        enum weekday weekday;
        int64_t shift = 0;
        char key[16] = "";
        if (!holiday_weekday_parse(entry->key, &weekday))
            return yaml_fail(r->cx, r->name, entry, "use monday to sunday", "\"%.*s\" is no weekday",
                             STR_ARG(entry->key));
        memcpy(key, entry->key.p, entry->key.n); /* a weekday, so it fits */
        TRY(yaml_int(r->cx, r->name, node, key, -31, 31, &shift));
        days[weekday] = (int8_t)shift;
    }
    memcpy(out_days, days, sizeof(days));
    return OK;
}

static enum rc read_shifts(struct reader *r, const struct yaml_node *moves) {
    if (!moves) return OK;
    if (moves->kind != YAML_MAPPING)
        return yaml_fail(r->cx, r->name, moves, "write NAME: {sunday: +1}", "moves is a table of named moves");
    for (const struct yaml_node *entry = moves->child; entry; entry = entry->next) {
        struct holiday_shift shift = {.name = entry->key};
        TRY(read_shift(r, entry, shift.days));
        *VEC_PUSH(r->cx->arena, &r->shifts) = shift;
    }
    return OK;
}

static enum rc read_weekdays(struct reader *r, const struct yaml_node *node, uint8_t *out_set) {
    uint8_t set = 0;
    if (node->kind != YAML_SEQUENCE || node->count == 0)
        return yaml_fail(r->cx, r->name, node, "write [monday, friday]", "a list of weekdays is expected here");
    for (const struct yaml_node *entry = node->child; entry; entry = entry->next) {
        enum weekday weekday;
        if (entry->kind != YAML_SCALAR || !holiday_weekday_parse(entry->scalar, &weekday))
            return yaml_fail(r->cx, r->name, entry, "use monday to sunday", "\"%.*s\" is no weekday",
                             STR_ARG(entry->scalar));
        set = (uint8_t)(set | 1U << weekday);
    }
    *out_set = set;
    return OK;
}

/* `except`: [2015, 2020], or {from: 2012, every: 4}. */
static enum rc read_except(struct reader *r, const struct yaml_node *node, struct holiday_rule *rule) {
    static const char *const keys[] = {"from", "every", NULL};
    if (!node) return OK;
    if (node->kind == YAML_MAPPING) {
        int64_t from = 0, every = 0;
        TRY(yaml_only(r->cx, r->name, node, keys));
        TRY(yaml_int(r->cx, r->name, node, "from", FIRST_YEAR, LAST_YEAR, &from));
        TRY(yaml_int(r->cx, r->name, node, "every", 1, 100, &every));
        if (!from || !every)
            return yaml_fail(r->cx, r->name, node, "write {from: 2012, every: 4}", "from and every belong together");
        rule->except_from = (int)from;
        rule->except_every = (int)every;
        return OK;
    }
    if (node->kind != YAML_SEQUENCE)
        return yaml_fail(r->cx, r->name, node, "write [2015, 2020]", "except is a list of years");
    int *years = ARENA_ARRAY(r->cx->arena, int, node->count + 1);
    for (const struct yaml_node *entry = node->child; entry; entry = entry->next) {
        int64_t year;
        if (entry->kind != YAML_SCALAR || !str_to_i64(entry->scalar, &year) || year < FIRST_YEAR || year > LAST_YEAR)
            return yaml_fail(r->cx, r->name, entry, "write [2015, 2020]", "\"%.*s\" is no year",
                             STR_ARG(entry->scalar));
        years[rule->except_count++] = (int)year;
    }
    rule->except = years;
    return OK;
}

static enum rc read_years(struct reader *r, const struct yaml_node *node, struct holiday_rule *rule) {
    int64_t from = FIRST_YEAR, to = LAST_YEAR, every = 0;
    TRY(yaml_int(r->cx, r->name, node, "from", FIRST_YEAR, LAST_YEAR, &from));
    TRY(yaml_int(r->cx, r->name, node, "to", FIRST_YEAR, LAST_YEAR, &to));
    TRY(yaml_int(r->cx, r->name, node, "every", 1, 100, &every));
    if (from > to) return yaml_fail(r->cx, r->name, node, NULL, "from lies after to");
    if (every && !yaml_get(node, "from"))
        return yaml_fail(r->cx, r->name, node, "add from: the first such year", "every needs a year to count from");
    rule->from = (int)from;
    rule->to = (int)to;
    rule->every = (int)every;
    return read_except(r, yaml_get(node, "except"), rule);
}

static enum rc read_rule(struct reader *r, const struct yaml_node *node) {
    static const char *const keys[] = {"name",   "on",   "move", "also", "from", "to", "every",
                                       "except", "only", "skip", "law",  "note", NULL};
    struct holiday_rule rule = {.weekdays = 0x7F};
    if (r->rules.count >= MAX_RULES) return yaml_fail(r->cx, r->name, node, NULL, "more than %d days", MAX_RULES);
    TRY(yaml_only(r->cx, r->name, node, keys));
    rule.name = yaml_text(node, "name");
    if (rule.name.n == 0 || rule.name.n > 200 || str_has_control(rule.name))
        return yaml_fail(r->cx, r->name, node, "add name: what the day is called", "the day has no proper name");
    const struct yaml_node *on = yaml_get(node, "on");
    if (!on || on->kind != YAML_SCALAR || !holiday_day_parse(on->scalar, &rule.on))
        return yaml_fail(r->cx, r->name, on ? on : node,
                         "write 12-25, easter - 2, third monday of november, monday before 05-25 or 2022-12-20",
                         "%.*s: it is not clear which day is meant", (int)(rule.name.n < 80 ? rule.name.n : 80),
                         rule.name.p);
    const struct yaml_node *part;
    if ((part = yaml_get(node, "move"))) TRY(read_shift(r, part, rule.move));
    if ((part = yaml_get(node, "also"))) TRY(read_shift(r, part, rule.also));
    if ((part = yaml_get(node, "only"))) TRY(read_weekdays(r, part, &rule.weekdays));
    if ((part = yaml_get(node, "skip"))) {
        uint8_t skipped;
        TRY(read_weekdays(r, part, &skipped));
        rule.weekdays = (uint8_t)(rule.weekdays & ~skipped);
    }
    TRY(read_years(r, node, &rule));
    *VEC_PUSH(r->cx->arena, &r->rules) = rule;
    return OK;
}

static enum rc read_days(struct reader *r, const struct yaml_node *days) {
    if (!days) return OK;
    if (days->kind != YAML_SEQUENCE)
        return yaml_fail(r->cx, r->name, days, "write - {name: …, on: …} for each", "days is a list of days");
    for (const struct yaml_node *node = days->child; node; node = node->next) TRY(read_rule(r, node));
    return OK;
}

/* The days of all regions are checked, those of the wanted one kept. */
static enum rc read_regions(struct reader *r, const struct yaml_node *regions, Str wanted) {
    static const char *const keys[] = {"name", "days", NULL};
    if (!regions) return OK;
    if (regions->kind != YAML_MAPPING)
        return yaml_fail(r->cx, r->name, regions, "write MD: {name: …, days: […]}", "regions is a table of codes");
    for (const struct yaml_node *region = regions->child; region; region = region->next) {
        size_t before = r->rules.count;
        TRY(yaml_only(r->cx, r->name, region, keys));
        TRY(read_days(r, yaml_get(region, "days")));
        if (!str_equal(region->key, wanted)) r->rules.count = before;
    }
    return OK;
}

static bool day_index(Date d, size_t *out_index) {
    if (d.day < FIRST_DAY || d.day >= FIRST_DAY + DAYS) return false;
    *out_index = (size_t)(d.day - FIRST_DAY);
    return true;
}

static void lay_out(struct calendar *c) {
    for (size_t i = 0; i < c->rule_count; i++) {
        const struct holiday_rule *rule = &c->rules[i];
        int to = rule->to < LAST_YEAR ? rule->to : LAST_YEAR;
        for (int year = rule->from; year <= to; year++) {
            Date days[2];
            size_t count = holiday_rule_days(rule, year, days);
            for (size_t k = 0; k < count; k++) {
                size_t at;
                if (day_index(days[k], &at)) c->bits[at / 64] |= (uint64_t)1 << at % 64;
            }
        }
    }
}

static enum rc parse(struct ctx *cx, Str text, const char *name, Str region, struct calendar **out_calendar) {
    static const char *const keys[] = {"country", "name", "language", "sources", "note",
                                       "moves",   "days", "regions",  NULL};
    struct reader r = {.cx = cx, .name = name};
    const struct yaml_node *root;
    TRY(yaml_parse(cx, text, name, &root));
    TRY(yaml_only(cx, name, root, keys));
    if (!yaml_get(root, "days"))
        return yaml_fail(cx, name, root, "add days: with an entry for each holiday", "the file has no days");
    TRY(read_shifts(&r, yaml_get(root, "moves")));
    TRY(read_days(&r, yaml_get(root, "days")));
    TRY(read_regions(&r, yaml_get(root, "regions"), region));
    struct calendar *c = ARENA_NEW(cx->arena, struct calendar);
    c->rules = r.rules.items;
    c->rule_count = r.rules.count;
    c->regions = yaml_get(root, "regions");
    lay_out(c);
    *out_calendar = c;
    return OK;
}

enum rc calendar_parse(struct ctx *cx, Str text, const char *name, const struct calendar **out_calendar) {
    struct calendar *c;
    TRY(parse(cx, text, name, S(""), &c));
    *out_calendar = c;
    return OK;
}

bool calendar_is_holiday(const struct calendar *c, Date d) {
    size_t at;
    return day_index(d, &at) && (c->bits[at / 64] >> at % 64 & 1);
}

Str calendar_holiday(const struct calendar *c, Date d) {
    if (!calendar_is_holiday(c, d)) return S("");
    int year = date_year(d);
    for (size_t i = 0; i < c->rule_count; i++)
        for (int y = year - 1; y <= year + 1; y++) { /* a move may cross New Year */
            Date days[2];
            size_t count = holiday_rule_days(&c->rules[i], y, days);
            for (size_t k = 0; k < count; k++)
                if (date_compare(days[k], d) == 0) return c->rules[i].name;
        }
    return S("");
}

/* The shipped calendars, each read when first asked for. */
static struct {
    pthread_mutex_t lock;
    struct calendar *first;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct calendar *cache_look(Str code) {
    struct calendar *c = cache.first;
    while (c && !str_is(code, c->code)) c = c->next;
    return c;
}

/* "CC" or "CC-R…": two capitals, then up to three capitals or digits. */
static bool code_is_well_formed(Str code) {
    if (code.n < 2 || code.n == 3 || code.n > 6) return false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        bool capital = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
        if (i == 2 ? c != '-' : !capital && !(i > 2 && digit)) return false;
    }
    return true;
}

/* Reads the country's file in an arena of its own, which stays. */
static enum rc load(struct ctx *cx, Str code, struct calendar **out_calendar) {
    Str text, region = code.n > 2 ? (Str){code.p + 3, code.n - 3} : S("");
    char path[] = "calendars/CC.yaml";
    memcpy(path + 10, code.p, 2);
    if (!embedded_find(path, &text))
        return fail_field(cx, NOT_FOUND, "calendar", "give a calendar file of your own",
                          "there are no holidays for country %.2s", code.p);
    struct ctx own = *cx;
    own.arena = arena_new();
    struct calendar *c;
    enum rc rc = parse(&own, text, arena_cstr(own.arena, str_from(path)), region, &c);
    if (rc != OK) {
        cx->fault = own.fault;
        arena_free(own.arena);
        return rc;
    }
    c->arena = own.arena;
    memcpy(c->code, code.p, code.n);
    c->next = cache.first;
    cache.first = c;
    *out_calendar = c;
    return OK;
}

static enum rc look_or_load(struct ctx *cx, Str code, struct calendar **out_calendar) {
    *out_calendar = cache_look(code);
    return *out_calendar ? OK : load(cx, code, out_calendar);
}

/* A region the file does not name is answered by the country's own calendar, so that codes from outside cannot fill the
 * cache. */
static enum rc find_locked(struct ctx *cx, Str code, struct calendar **out_calendar) {
    struct calendar *country;
    char region[MAX_CODE] = "";
    TRY(look_or_load(cx, (Str){code.p, 2}, &country));
    *out_calendar = country;
    if (code.n == 2) return OK;
    memcpy(region, code.p + 3, code.n - 3);
    return yaml_get(country->regions, region) ? look_or_load(cx, code, out_calendar) : OK;
}

enum rc calendar_find(struct ctx *cx, Str code, const struct calendar **out_calendar) {
    if (!code_is_well_formed(code))
        return fail_field(cx, NOT_FOUND, "calendar", "write a country such as CO, or country and region such as ES-MD",
                          "\"%.*s\" is not the code of a calendar", (int)(code.n < 20 ? code.n : 20), code.p);
    struct calendar *c = NULL;
    pthread_mutex_lock(&cache.lock);
    enum rc rc = find_locked(cx, code, &c);
    pthread_mutex_unlock(&cache.lock);
    TRY(rc);
    *out_calendar = c;
    return OK;
}
