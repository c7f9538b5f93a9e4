/* The only file that asks the time. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/civil.h"
#include "base/ctx.h"
#include "base/file.h"

static int64_t read_clock(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * MS_PER_SECOND + t.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void) { return read_clock(CLOCK_MONOTONIC); }

int64_t clock_monotonic_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

enum rc clock_now(struct ctx *cx, const struct clock *clock, Instant *out_now) {
    Instant now = {read_clock(CLOCK_REALTIME)};
    if (clock->at) {
        now = *clock->at;
    } else if (clock->file) {
        struct arena_mark mark = arena_mark(cx->arena);
        Str rest;
        TRY(file_read(cx, clock->file, 4096, &rest));
        Str line = str_trim(str_cut(&rest, '\n'));
        if (!instant_parse(line, &now))
            return fail_field(cx, INVALID, "clock-file", "write an instant such as 2026-11-21T09:00:00-05:00",
                              "the first line of clock file %s is not an RFC 3339 instant: \"%.*s\"", clock->file,
                              (int)(line.n < 40 ? line.n : 40), line.p);
        arena_rewind(cx->arena, mark);
    }
    *out_now = (Instant){now.ms + clock->skew_ms};
    return OK;
}

/* Exactly `count` digits at *at. */
static bool digits(Str s, size_t *at, int count, int *out) {
    if (s.n < *at + (size_t)count) return false;
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = s.p[(*at)++];
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    *out = value;
    return true;
}

static bool literal(Str s, size_t *at, const char *any_of) {
    if (*at >= s.n) return false;
    for (const char *c = any_of; *c; c++)
        if (s.p[*at] == *c) {
            (*at)++;
            return true;
        }
    return false;
}

static bool parse_offset(Str s, size_t *at, int *out_minutes) {
    if (literal(s, at, "Zz")) {
        *out_minutes = 0;
        return true;
    }
    bool west = *at < s.n && s.p[*at] == '-';
    int hours, minutes;
    if (!literal(s, at, "+-") || !digits(s, at, 2, &hours) || !literal(s, at, ":") || !digits(s, at, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59) return false;
    *out_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool instant_parse(Str s, Instant *out_instant) {
    size_t at = 0;
    int y, mo, d, h, mi, sec = 0, ms = 0, offset;
    if (!digits(s, &at, 4, &y) || !literal(s, &at, "-") || !digits(s, &at, 2, &mo) || !literal(s, &at, "-") ||
        !digits(s, &at, 2, &d) || !literal(s, &at, "Tt ") || !digits(s, &at, 2, &h) || !literal(s, &at, ":") ||
        !digits(s, &at, 2, &mi))
        return false;
    if (literal(s, &at, ":")) {
        if (!digits(s, &at, 2, &sec)) return false;
        if (literal(s, &at, ".")) {
            int scale = 100, digit, seen = 0;
            while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
                if (!digits(s, &at, 1, &digit)) return false;
                ms += digit * scale;
                scale /= 10;
                seen++;
            }
            if (!seen) return false;
        }
    }
    if (!parse_offset(s, &at, &offset) || at != s.n) return false;
    if (d < 1 || d > civil_month_days(y, mo) || h > 23 || mi > 59 || sec > 60) return false;
    int64_t minutes = civil_to_days(y, mo, d) * 1440 + h * 60 + mi - offset;
    *out_instant = (Instant){minutes * MS_PER_MINUTE + sec * MS_PER_SECOND + ms};
    return true;
}

Str instant_format_offset(Instant t, int offset_minutes, char *text) {
    int64_t local = t.ms + offset_minutes * MS_PER_MINUTE;
    int64_t day = local / MS_PER_DAY - (local % MS_PER_DAY < 0);
    int64_t rest = local - day * MS_PER_DAY;
    int y, m, d;
    civil_from_days(day, &y, &m, &d);
    int n = snprintf(text, INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", y % 10000, m, d, (int)(rest / MS_PER_HOUR),
                     (int)(rest / MS_PER_MINUTE % 60), (int)(rest / MS_PER_SECOND % 60));
    int ms = (int)(rest % MS_PER_SECOND);
    if (ms) n += snprintf(text + n, INSTANT_TEXT - (size_t)n, ".%03d", ms);
    if (offset_minutes == 0)
        n += snprintf(text + n, INSTANT_TEXT - (size_t)n, "Z");
    else {
        int o = offset_minutes < 0 ? -offset_minutes : offset_minutes;
        n += snprintf(text + n, INSTANT_TEXT - (size_t)n, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+', o / 60 % 100,
                      o % 60);
    }
    return (Str){text, (size_t)n};
}

Str instant_format(Instant t, char *text) { return instant_format_offset(t, 0, text); }
