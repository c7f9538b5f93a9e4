/* Reads the 64-bit block of a TZif file and rolls out the rule that stands behind it. Knows nothing of names or
 * folders. */
#include "core/tzif.h"

#include "base/civil.h"

#define LAST_YEAR 2200
#define HEADER_SIZE 44
#define SECONDS_PER_DAY 86400
/* RFC 9636 3.2: offsets beyond 25 and 26 hours are not to be expected. */
#define MAX_OFFSET (26 * 3600)

struct header {
    uint32_t is_ut_count, is_standard_count, leap_count, time_count, type_count, char_count;
};

static uint32_t read_u32(const char *p) {
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t read_i64(const char *p) { return (int64_t)((uint64_t)read_u32(p) << 32 | read_u32(p + 4)); }

static bool read_header(Str bytes, struct header *out) {
    if (bytes.n < HEADER_SIZE || !str_starts(bytes, S("TZif")) || bytes.p[4] < '2') return false;
    const char *p = bytes.p + 20;
    *out = (struct header){read_u32(p),      read_u32(p + 4),  read_u32(p + 8),
                           read_u32(p + 12), read_u32(p + 16), read_u32(p + 20)};
    /* Far above what exists; keeps every size below in range. */
    return out->time_count < 10000 && out->type_count < 256 && out->char_count < 10000 && out->leap_count < 1000 &&
           out->is_ut_count < 256 && out->is_standard_count < 256;
}

static size_t block_size(const struct header *h, size_t time_size) {
    return h->time_count * (time_size + 1) + h->type_count * 6 + h->char_count + h->leap_count * (time_size + 4) +
           h->is_standard_count + h->is_ut_count;
}

static void add_span(struct ctx *cx, struct tz_table *t, int64_t start, int32_t offset) {
    if (t->count && t->items[t->count - 1].offset == offset) return;
    *VEC_PUSH(cx->arena, t) = (struct tz_span){start, offset};
}

/* A rule such as EST5EDT,M3.2.0,M11.1.0: read character by character. */
struct scanner {
    Str text;
    size_t at;
    bool bad;
};

static bool accept(struct scanner *s, char c) {
    if (s->at >= s->text.n || s->text.p[s->at] != c) return false;
    s->at++;
    return true;
}

static void expect(struct scanner *s, char c) {
    if (!accept(s, c)) s->bad = true;
}

static int32_t number(struct scanner *s, int32_t max) {
    int32_t value = 0;
    size_t begin = s->at;
    while (s->at < s->text.n && s->text.p[s->at] >= '0' && s->text.p[s->at] <= '9' && value <= max)
        value = value * 10 + (s->text.p[s->at++] - '0');
    if (s->at == begin || value > max) s->bad = true;
    return value;
}

static void abbreviation(struct scanner *s) {
    size_t begin = s->at;
    if (accept(s, '<')) {
        while (s->at < s->text.n && s->text.p[s->at] != '>') s->at++;
        expect(s, '>');
        return;
    }
    while (s->at < s->text.n && ((s->text.p[s->at] | 0x20) >= 'a' && (s->text.p[s->at] | 0x20) <= 'z')) s->at++;
    if (s->at - begin < 3) s->bad = true;
}

/* [+-]h[h[h]][:mm[:ss]] in seconds. */
static int32_t clock_time(struct scanner *s) {
    bool negative = accept(s, '-');
    if (!negative) (void)accept(s, '+');
    int32_t seconds = number(s, 167) * 3600;
    if (accept(s, ':')) {
        seconds += number(s, 59) * 60;
        if (accept(s, ':')) seconds += number(s, 59);
    }
    return negative ? -seconds : seconds;
}

/* When a rule changes: Mm.w.d, Jn (29 February not counted) or n, each with the local time of the change. */
struct change {
    char form;
    int32_t month, week, weekday, day, second;
};

static struct change read_change(struct scanner *s) {
    struct change c = {.second = 2 * 3600};
    expect(s, ',');
    if (accept(s, 'M')) {
        c.form = 'M';
        c.month = number(s, 12);
        expect(s, '.');
        c.week = number(s, 5);
        expect(s, '.');
        c.weekday = number(s, 6);
        s->bad = s->bad || c.month < 1 || c.week < 1;
    } else {
        c.form = accept(s, 'J') ? 'J' : 'n';
        c.day = number(s, 365);
    }
    if (accept(s, '/')) c.second = clock_time(s);
    return c;
}

/* The change as seconds since 1970 in local time. */
static int64_t change_in_year(const struct change *c, int year) {
    int64_t day = 0;
    if (c->form == 'M') {
        int64_t first = civil_to_days(year, c->month, 1);
        int32_t first_weekday = (int32_t)((first % 7 + 7 + 4) % 7); /* 1970-01-01 was a Thursday, 4; Sunday is 0 */
        int32_t in_month = (c->weekday - first_weekday + 7) % 7 + 7 * (c->week - 1);
        if (in_month >= civil_month_days(year, c->month)) in_month -= 7;
        day = first + in_month;
    } else {
        day = civil_to_days(year, 1, 1) + c->day;
        if (c->form == 'J' && (c->day < 60 || civil_month_days(year, 2) == 28)) day--;
    }
    return day * SECONDS_PER_DAY + c->second;
}

/* Adds what the closing rule says after the last transition written out. */
static bool roll_out(struct ctx *cx, Str rule, struct tz_table *t) {
    struct scanner s = {.text = rule};
    abbreviation(&s);
    int32_t standard = -clock_time(&s);
    if (s.bad) return false;
    int64_t last = t->items[t->count - 1].start;
    if (s.at == rule.n) {
        if (t->count == 1) t->items[0].offset = standard;
        return true;
    }
    abbreviation(&s);
    int32_t summer = standard + 3600;
    if (s.at < rule.n && rule.p[s.at] != ',') summer = -clock_time(&s);
    struct change to_summer = read_change(&s), to_standard = read_change(&s);
    if (s.bad || s.at != rule.n) return false;
    int first_year = 1970, month = 0, day = 0;
    if (last != INT64_MIN) civil_from_days(last / SECONDS_PER_DAY, &first_year, &month, &day);
    for (int year = first_year; year <= LAST_YEAR; year++) {
        int64_t up = change_in_year(&to_summer, year) - standard, down = change_in_year(&to_standard, year) - summer;
        bool up_first = up < down;
        int64_t earlier = up_first ? up : down, later = up_first ? down : up;
        if (earlier > last) add_span(cx, t, earlier, up_first ? summer : standard);
        if (later > last) add_span(cx, t, later, up_first ? standard : summer);
    }
    return true;
}

static bool read_block(struct ctx *cx, Str bytes, const struct header *h, struct tz_table *t) {
    const char *times = bytes.p, *indexes = times + h->time_count * 8, *types = indexes + h->time_count;
    if (h->type_count == 0) return false;
    for (uint32_t i = 0; i <= h->time_count; i++) {
        unsigned type = i ? (unsigned char)indexes[i - 1] : 0;
        int64_t start = i ? read_i64(times + (i - 1) * 8) : INT64_MIN;
        if (type >= h->type_count) return false;
        int32_t offset = (int32_t)read_u32(types + (size_t)type * 6);
        if (offset < -MAX_OFFSET || offset > MAX_OFFSET) return false;
        /* Year 0; older entries are zic's "beginning of time". */
        if (i && start < -INT64_C(62167219200)) {
            t->items[t->count - 1].offset = offset;
            continue;
        }
        if (i > 1 && start <= read_i64(times + (i - 2) * 8)) return false;
        add_span(cx, t, start, offset);
    }
    return true;
}

static bool local_ends_ascend(const struct tz_table *t) {
    for (size_t i = 1; i + 1 < t->count; i++)
        if (t->items[i].start + t->items[i - 1].offset >= t->items[i + 1].start + t->items[i].offset) return false;
    return true;
}

static bool parse(struct ctx *cx, Str bytes, struct tz_table *t) {
    struct header h;
    if (!read_header(bytes, &h)) return false;
    size_t skip = HEADER_SIZE + block_size(&h, 4);
    if (skip > bytes.n) return false;
    bytes = (Str){bytes.p + skip, bytes.n - skip};
    if (!read_header(bytes, &h)) return false;
    bytes = (Str){bytes.p + HEADER_SIZE, bytes.n - HEADER_SIZE};
    size_t size = block_size(&h, 8);
    if (size + 2 > bytes.n || bytes.p[size] != '\n' || bytes.p[bytes.n - 1] != '\n') return false;
    Str rule = {bytes.p + size + 1, bytes.n - size - 2};
    return read_block(cx, bytes, &h, t) && (rule.n == 0 || roll_out(cx, rule, t)) && local_ends_ascend(t);
}

enum rc tzif_parse(struct ctx *cx, Str bytes, const char *name, struct tz_table *out_table) {
    struct tz_table table = {0};
    if (!parse(cx, bytes, &table)) return fail(cx, INVALID, "time zone file %s is damaged", name);
    *out_table = table;
    return OK;
}
