/* Shapes of amounts and dates. */
#include "intake/mapping_scan.h"

Str cell_trim(Str cell) {
    for (;;) {
        Str t = str_trim(cell);
        if (str_starts(t, S("\xC2\xA0"))) t = (Str){t.p + 2, t.n - 2};
        if (str_ends(t, S("\xC2\xA0"))) t.n -= 2;
        if (t.n == cell.n) return t;
        cell = t;
    }
}

Str amount_without_sign(Str amount, Str *out_sign) {
    static const char *const signs[] = {"$", "\xE2\x82\xAC"};
    *out_sign = (Str){"", 0};
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        Str sign = str_from(signs[i]);
        bool before = str_starts(amount, sign);
        if (!before && !str_ends(amount, sign)) continue;
        *out_sign = sign;
        return cell_trim((Str){amount.p + (before ? sign.n : 0), amount.n - sign.n});
    }
    return amount;
}

/* One kind of mark, once: a decimal mark unless it could as well stand before thousands. */
static enum mark_evidence single_mark(char mark, Str digits, size_t before, size_t behind) {
    if (behind == 0) return MARK_SILENT;
    bool may_group = behind == 3 && before >= 1 && before <= 3 && digits.p[0] != '0';
    if (may_group) return MARK_AMBIGUOUS;
    return mark == '.' ? MARK_POINT : MARK_COMMA;
}

enum mark_evidence mark_evidence(Str amount) {
    Str sign;
    if (amount.n && amount.p[0] == '-') amount = (Str){amount.p + 1, amount.n - 1};
    amount = amount_without_sign(amount, &sign);
    size_t points = 0, commas = 0, last = 0;
    for (size_t i = 0; i < amount.n; i++) {
        if (is_digit(amount.p[i])) continue;
        if (amount.p[i] == '.')
            points++;
        else if (amount.p[i] == ',')
            commas++;
        else
            return MARK_SILENT;
        last = i;
    }
    if (points + commas == 0) return MARK_SILENT;
    char mark = amount.p[last];
    if (points && commas) { /* the last one is the decimal mark, and stands alone */
        if ((mark == '.' ? points : commas) > 1) return MARK_SILENT;
        return mark == '.' ? MARK_POINT : MARK_COMMA;
    }
    if (points + commas > 1) return mark == '.' ? MARK_COMMA : MARK_POINT; /* a mark that repeats groups thousands */
    return single_mark(mark, amount, last, amount.n - last - 1);
}

/* Up to `most` digits from *at on; returns how many. */
static size_t take_digits(Str s, size_t *at, size_t most, int *out_value) {
    size_t n = 0;
    int value = 0;
    while (*at < s.n && n < most && is_digit(s.p[*at])) {
        value = value * 10 + (s.p[(*at)++] - '0');
        n++;
    }
    *out_value = value;
    return n;
}

/* "T14:05", " 14:05:00", "T14:05:00.000" or nothing; no zone, which could move the day. */
static bool is_time_of_day(Str s) {
    size_t at = 1;
    int hour, minute, second = 0;
    if (s.n == 0) return true;
    if (s.p[0] != 'T' && s.p[0] != ' ') return false;
    if (take_digits(s, &at, 2, &hour) == 0 || at >= s.n || s.p[at++] != ':') return false;
    if (take_digits(s, &at, 2, &minute) != 2) return false;
    if (at < s.n && s.p[at] == ':') {
        at++;
        if (take_digits(s, &at, 2, &second) != 2) return false;
        if (at < s.n && s.p[at] == '.')
            for (at++; at < s.n && is_digit(s.p[at]);) at++;
    }
    return at == s.n && hour < 24 && minute < 60 && second < 61;
}

static struct date_parts compact_date(int value, Str rest) {
    if (!is_time_of_day(rest)) return (struct date_parts){0};
    return (struct date_parts){SHAPE_YEAR_FIRST, value / 100 % 100, value % 100, value / 10000};
}

struct date_parts date_scan(Str text) {
    static const struct date_parts none = {0};
    size_t at = 0;
    int number[3];
    size_t digits[3];
    digits[0] = take_digits(text, &at, 8, &number[0]);
    if (digits[0] == 8) return compact_date(number[0], (Str){text.p + at, text.n - at});
    char mark = at < text.n ? text.p[at] : 0;
    if (mark != '-' && mark != '/' && mark != '.') return none;
    at++;
    digits[1] = take_digits(text, &at, 4, &number[1]);
    if (at >= text.n || text.p[at++] != mark) return none;
    digits[2] = take_digits(text, &at, 4, &number[2]);
    if (!is_time_of_day((Str){text.p + at, text.n - at})) return none;
    bool middle_fits = digits[1] == 1 || digits[1] == 2;
    bool first_fits = digits[0] == 1 || digits[0] == 2, last_fits = digits[2] == 1 || digits[2] == 2;
    if (!middle_fits) return none;
    if (digits[0] == 4 && last_fits) return (struct date_parts){SHAPE_YEAR_FIRST, number[1], number[2], number[0]};
    if (first_fits && digits[2] == 4) return (struct date_parts){SHAPE_YEAR_LAST, number[0], number[1], number[2]};
    if (first_fits && digits[2] == 2) return (struct date_parts){SHAPE_SHORT_YEAR, number[0], number[1], number[2]};
    return none;
}
