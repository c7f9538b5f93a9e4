/* Values of XLSX cells. No floating point: numbers stay text from the file to money_parse. */
#include "intake/xlsx_value.h"

#include <string.h>

#include "base/buf.h"
#include "core/date.h"

#define SIGNIFICANT 15
#define LONGEST 64

/* 0.d1d2d3… × 10^point; the digits beyond those kept only ever matter through the first of them. */
struct decimal {
    bool negative, whole; /* written without point and exponent */
    char digits[LONGEST + 1];
    int count, point;
};

static bool read_exponent(Str s, size_t at, int *out_exponent) {
    bool negative = at < s.n && s.p[at] == '-';
    if (at < s.n && (s.p[at] == '-' || s.p[at] == '+')) at++;
    if (at == s.n || s.n - at > 4) return false;
    int value = 0;
    for (; at < s.n; at++) {
        if (!is_digit(s.p[at])) return false;
        value = value * 10 + (s.p[at] - '0');
    }
    *out_exponent = negative ? -value : value;
    return true;
}

static bool read_decimal(Str s, struct decimal *d) {
    size_t at = s.n && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    bool seen_point = false, seen_digit = false;
    int exponent = 0;
    *d = (struct decimal){.negative = s.n && s.p[0] == '-', .whole = true};
    if (s.n > 400) return false;
    for (; at < s.n; at++) {
        char c = s.p[at];
        if (c == '.' && !seen_point) {
            seen_point = true;
            d->whole = false;
        } else if (is_digit(c)) {
            seen_digit = true;
            if (d->count == 0 && c == '0') { /* leading zeros have no weight but behind the point */
                if (seen_point) d->point--;
                continue;
            }
            if (d->count == LONGEST && d->whole) return false;
            if (d->count < LONGEST) d->digits[d->count++] = c;
            if (!seen_point) d->point++;
        } else {
            break;
        }
    }
    if (at < s.n) {
        if ((s.p[at] != 'e' && s.p[at] != 'E') || !read_exponent(s, at + 1, &exponent)) return false;
        d->whole = false;
    }
    d->point += exponent;
    return seen_digit;
}

/* Half away from zero; a carry out of the first digit moves the point. */
static void round_decimal(struct decimal *d) {
    if (!d->whole && d->count > SIGNIFICANT) {
        bool up = d->digits[SIGNIFICANT] >= '5';
        d->count = SIGNIFICANT;
        for (int i = SIGNIFICANT - 1; up && i >= 0; i--) {
            up = d->digits[i] == '9';
            d->digits[i] = up ? '0' : (char)(d->digits[i] + 1);
        }
        if (up) {
            d->digits[0] = '1';
            d->count = 1;
            d->point++;
        }
    }
    while (d->count && d->digits[d->count - 1] == '0') d->count--;
}

bool xlsx_decimal(Str stored, char *text, Str *out_decimal) {
    struct decimal d;
    if (!read_decimal(stored, &d)) return false;
    round_decimal(&d);
    if (d.count == 0) d = (struct decimal){.digits = "0", .count = 1, .point = 1};
    int zeros = d.point < 0 ? -d.point : 0, whole = d.point > 0 ? d.point : 0;
    if ((whole > d.count ? whole : d.count) + zeros > LONGEST - 3) return false;
    size_t n = 0;
    if (d.negative) text[n++] = '-';
    for (int i = 0; i < whole; i++) text[n++] = i < d.count ? d.digits[i] : '0';
    if (whole == 0) text[n++] = '0';
    if (d.count > whole) text[n++] = '.';
    for (int i = 0; i < zeros; i++) text[n++] = '0';
    for (int i = whole; i < d.count; i++) text[n++] = d.digits[i];
    text[n] = '\0';
    *out_decimal = (Str){text, n};
    return true;
}

bool xlsx_format_id_is_date(int64_t id) {
    /* 27–36 and 50–58 are dates in the East Asian lists, unused elsewhere. */
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/* Elapsed time: "[h]", "[mm]", "[ss]"; other brackets hold colours, conditions and locales. */
static bool is_elapsed(Str inside) {
    if (inside.n == 0) return false;
    for (size_t i = 0; i < inside.n; i++)
        if (!strchr("hHmMsS", inside.p[i])) return false;
    return true;
}

bool xlsx_format_is_date(Str code) {
    if (str_equal_nocase(code, S("General")) || str_equal_nocase(code, S("Standard"))) return false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        Str rest = {code.p + i + 1, code.n - i - 1};
        if (c == ';') return false; /* the first section decides */
        if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == '"') {
            i += str_index(rest, '"') + 1;
        } else if (c == '[') {
            size_t n = str_index(rest, ']');
            if (is_elapsed((Str){rest.p, n})) return true;
            i += n + 1;
        } else if (c == '#' || c == '0' || c == '?') {
            return false; /* digits of a number; seconds with fractions come behind their "s" */
        } else if (c && strchr("yYmMdDhHsS", c)) {
            return true;
        }
    }
    return false;
}

/* Serial numbers count from 1900-01-01 as 1 with a 29 February 1900, or from 1904-01-01 as 0. */
static bool serial_day(int64_t serial, bool is_1904, Date *out_date) {
    Date first, last;
    if (serial < 0 || serial > 200000 || (!is_1904 && serial == 60)) return false;
    int64_t day = serial + (is_1904 ? -24107 : serial < 60 ? -25568 : -25569);
    if (!date_make(1900, 1, 1, &first) || !date_make(2200, 12, 31, &last)) return false;
    *out_date = (Date){(int32_t)day};
    return day >= first.day && day <= last.day;
}

bool xlsx_date(Str decimal, bool is_1904, char *text, Str *out_date) {
    size_t mark = str_index(decimal, '.');
    int64_t days, billionths = 0;
    if (decimal.p[0] == '-' || mark > 7 || !str_to_i64((Str){decimal.p, mark}, &days) || days < 0) return false;
    for (size_t i = 0; i < 9; i++) {
        size_t at = mark + 1 + i;
        billionths = billionths * 10 + (at < decimal.n ? decimal.p[at] - '0' : 0);
    }
    int seconds = (int)((billionths * 86400 + 500000000) / 1000000000);
    bool has_time = seconds > 0;
    days += seconds / 86400;
    seconds %= 86400;
    struct buf out = buf_make(XLSX_VALUE_TEXT - 1);
    Date date;
    char day[DATE_TEXT];
    if (days > 0) {
        if (!serial_day(days, is_1904, &date)) return false;
        buf_add(&out, date_iso(date, day));
        has_time = has_time && seconds > 0;
        if (has_time) buf_add_char(&out, 'T');
    } else {
        has_time = true;
    }
    if (has_time) buf_printf(&out, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    memcpy(text, out.p, out.n + 1);
    *out_date = (Str){text, out.n};
    buf_done(&out);
    return true;
}

/* The number in "_xHHHH_" at p, or −1. Halves of surrogate pairs stay as they are. */
static int escape_at(const char *p, const char *end) {
    if (end - p < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_') return -1;
    int value = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value >= 0xD800 && value < 0xE000 ? -1 : value;
}

size_t xlsx_unescape(char *text, size_t n) {
    char *out = memchr(text, '_', n), *end = text + n;
    if (!out) return n;
    for (const char *p = out; p < end;) {
        int value = escape_at(p, end);
        if (value < 0) {
            *out++ = *p++;
            continue;
        }
        p += 7;
        if (value >= 0x800) *out++ = (char)(0xE0 | value >> 12);
        if (value >= 0x80) *out++ = value >= 0x800 ? (char)(0x80 | (value >> 6 & 0x3F)) : (char)(0xC0 | value >> 6);
        *out++ = value >= 0x80 ? (char)(0x80 | (value & 0x3F)) : (char)value;
    }
    return (size_t)(out - text);
}

int xlsx_column(Str reference) {
    int column = 0;
    size_t at = 0;
    for (; at < reference.n && at < 4; at++) {
        char c = reference.p[at];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if (c < 'A' || c > 'Z') break;
        column = column * 26 + (c - 'A' + 1);
    }
    if (at == 0 || at > 3 || at == reference.n || !is_digit(reference.p[at])) return -1;
    return column - 1;
}
