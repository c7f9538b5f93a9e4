/* Money and ISO 4217. Owns the list of currencies, exact arithmetic and the plain decimal form; how people of a country
 * write an amount is locale.c's. */
#include "core/money.h"

#include "base/wide.h"

/* List one of ISO 4217 (amendments to 2026), sorted, without metals, test codes and units that have no decimals
 * defined. Codes withdrawn since 2016 stay, because open documents still carry them: ANG BGN BYR CUC HRK LTL MRO SLL
 * STD VEF VES ZWL. */
static const char codes[] = "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBOVBRLBSDBTNBWPBYNBYRBZDCADCDFCHE"
                            "CHFCHWCLFCLPCNYCOPCOUCRCCUCCUP"
                            "CVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHRKHTGHUFIDRILSINRIQDIRR"
                            "ISKJMDJODJPYKESKGSKHRKMFKPWKRW"
                            "KWDKYDKZTLAKLBPLKRLRDLSLLTLLYDMADMDLMGAMKDMMKMNTMOPMROMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOK"
                            "NPRNZDOMRPABPENPGKPHPPKRPLNPYG"
                            "QARRONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESLLSOSSRDSSPSTDSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWD"
                            "TZSUAHUGXUSDUSNUYIUYUUYWUZSVED"
                            "VEFVESVNDVUVWSTXADXAFXCDXCGXOFXPFYERZARZMWZWGZWL";

#define PACK(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

static uint32_t packed_at(size_t index) {
    const char *p = codes + 3 * index;
    return PACK((unsigned char)p[0], (unsigned char)p[1], (unsigned char)p[2]);
}

bool currency_parse(Str code, Currency *out_currency) {
    if (code.n != 3) return false;
    uint32_t wanted = PACK((unsigned char)code.p[0], (unsigned char)code.p[1], (unsigned char)code.p[2]);
    size_t low = 0, high = (sizeof(codes) - 1) / 3;
    while (low < high) {
        size_t middle = (low + high) / 2;
        uint32_t found = packed_at(middle);
        if (found == wanted) {
            out_currency->packed = wanted;
            return true;
        }
        if (found < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool currency_written(Str text, Currency *out_currency) {
    static const struct {
        const char *written, *code;
    } names[] = {
        {"M.N.", "MXN"}, {"MN", "MXN"},  {"US$", "USD"}, {"U$S", "USD"}, {"DLLS", "USD"}, {"DLS", "USD"},
        {"S/", "PEN"},   {"S/.", "PEN"}, {"R$", "BRL"},  {"RD$", "DOP"}, {"\xE2\x82\xAC", "EUR"},
    };
    if (currency_parse(text, out_currency)) return true;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_equal_nocase(text, str_from(names[i].written))) return currency_parse(str_from(names[i].code), out_currency);
    return false;
}

bool currency_equal(Currency a, Currency b) { return a.packed == b.packed; }

Str currency_code(Currency c, char *text) {
    text[0] = (char)(c.packed >> 16 & 0x7F);
    text[1] = (char)(c.packed >> 8 & 0x7F);
    text[2] = (char)(c.packed & 0x7F);
    text[3] = '\0';
    return (Str){text, c.packed ? 3 : 0};
}

int currency_exponent(Currency c) {
    switch (c.packed) {
    case PACK('B', 'I', 'F'):
    case PACK('B', 'Y', 'R'):
    case PACK('C', 'L', 'P'):
    case PACK('D', 'J', 'F'):
    case PACK('G', 'N', 'F'):
    case PACK('I', 'S', 'K'):
    case PACK('J', 'P', 'Y'):
    case PACK('K', 'M', 'F'):
    case PACK('K', 'R', 'W'):
    case PACK('P', 'Y', 'G'):
    case PACK('R', 'W', 'F'):
    case PACK('U', 'G', 'X'):
    case PACK('U', 'Y', 'I'):
    case PACK('V', 'N', 'D'):
    case PACK('V', 'U', 'V'):
    case PACK('X', 'A', 'F'):
    case PACK('X', 'O', 'F'):
    case PACK('X', 'P', 'F'): return 0;
    case PACK('B', 'H', 'D'):
    case PACK('I', 'Q', 'D'):
    case PACK('J', 'O', 'D'):
    case PACK('K', 'W', 'D'):
    case PACK('L', 'Y', 'D'):
    case PACK('O', 'M', 'R'):
    case PACK('T', 'N', 'D'): return 3;
    case PACK('C', 'L', 'F'):
    case PACK('U', 'Y', 'W'): return 4;
    default: return 2;
    }
}

Money money_make(int64_t minor, Currency c) { return (Money){minor, c}; }

Money money_zero(Currency c) { return (Money){0, c}; }

Money money_add(Money a, Money b) {
    int64_t sum = 0;
    MUST(currency_equal(a.currency, b.currency));
    bool overflow = __builtin_add_overflow(a.minor, b.minor, &sum);
    MUST(!overflow);
    return (Money){sum, a.currency};
}

Money money_sub(Money a, Money b) {
    int64_t difference = 0;
    MUST(currency_equal(a.currency, b.currency));
    bool overflow = __builtin_sub_overflow(a.minor, b.minor, &difference);
    MUST(!overflow);
    return (Money){difference, a.currency};
}

Money money_negate(Money a) { return money_sub(money_zero(a.currency), a); }

int money_compare(Money a, Money b) {
    MUST(currency_equal(a.currency, b.currency));
    return (a.minor > b.minor) - (a.minor < b.minor);
}

Money money_min(Money a, Money b) { return money_compare(a, b) <= 0 ? a : b; }

Money money_scale(Money a, int64_t numerator, int64_t denominator) {
    MUST(denominator != 0);
    Wide product = (Wide)a.minor * numerator;
    bool negative = (product < 0) != (denominator < 0);
    UWide dividend = product < 0 ? -(UWide)product : (UWide)product;
    UWide divisor = denominator < 0 ? -(UWide)denominator : (UWide)denominator;
    UWide quotient = dividend / divisor;
    UWide twice_rest = dividend % divisor * 2;
    if (twice_rest > divisor || (twice_rest == divisor && quotient % 2 == 1)) quotient++;
    MUST(quotient <= INT64_MAX);
    return (Money){negative ? -(int64_t)quotient : (int64_t)quotient, a.currency};
}

#define MAX_WHOLE_DIGITS 15

/* The digits before the decimal mark, from *at on; a group mark once used must stand before every three digits. */
static enum money_problem parse_whole(Str text, size_t *at, char group_mark, int64_t *out_value) {
    int64_t value = 0;
    int digits = 0, in_group = 0;
    bool grouped = false;
    for (; *at < text.n; (*at)++) {
        char c = text.p[*at];
        if (is_digit(c)) {
            in_group++;
            if (++digits <= MAX_WHOLE_DIGITS) value = value * 10 + (c - '0');
        } else if (group_mark && c == group_mark) {
            if (grouped ? in_group != 3 : in_group < 1 || in_group > 3) return MONEY_MALFORMED;
            grouped = true;
            in_group = 0;
        } else {
            break;
        }
    }
    if (digits == 0 || (grouped && in_group != 3)) return MONEY_MALFORMED;
    *out_value = value;
    return digits > MAX_WHOLE_DIGITS ? MONEY_TOO_LARGE : MONEY_OK;
}

/* The digits behind the decimal mark, as minor units; only zeros may stand beyond the currency's decimals. */
static enum money_problem parse_fraction(Str digits, int exponent, int64_t *out_value) {
    int64_t value = 0;
    bool too_many = false;
    if (digits.n == 0) return MONEY_MALFORMED;
    for (size_t i = 0; i < digits.n; i++) {
        if (!is_digit(digits.p[i])) return MONEY_MALFORMED;
        if (i < (size_t)exponent)
            value = value * 10 + (digits.p[i] - '0');
        else
            too_many = too_many || digits.p[i] != '0';
    }
    for (size_t i = digits.n; i < (size_t)exponent; i++) value *= 10;
    *out_value = value;
    return too_many ? MONEY_TOO_MANY_DECIMALS : MONEY_OK;
}

enum money_problem money_parse(Str text, Currency c, char decimal_mark, char group_mark, Money *out_money) {
    int exponent = currency_exponent(c);
    int64_t minor = 0, fraction = 0;
    size_t at = 0;
    if (text.n == 0) return MONEY_EMPTY;
    bool negative = text.p[0] == '-';
    at += negative;
    enum money_problem whole_problem = parse_whole(text, &at, group_mark, &minor), fraction_problem = MONEY_OK;
    if (whole_problem == MONEY_MALFORMED) return MONEY_MALFORMED;
    if (at < text.n) {
        if (text.p[at] != decimal_mark) return MONEY_MALFORMED;
        fraction_problem = parse_fraction((Str){text.p + at + 1, text.n - at - 1}, exponent, &fraction);
        if (fraction_problem == MONEY_MALFORMED) return MONEY_MALFORMED;
    }
    if (whole_problem != MONEY_OK) return whole_problem;
    if (fraction_problem != MONEY_OK) return fraction_problem;
    for (int i = 0; i < exponent; i++)
        if (__builtin_mul_overflow(minor, 10, &minor)) return MONEY_TOO_LARGE;
    if (__builtin_add_overflow(minor, fraction, &minor)) return MONEY_TOO_LARGE;
    *out_money = (Money){negative ? -minor : minor, c};
    return MONEY_OK;
}

Str money_text(Money m, char *text) {
    int exponent = currency_exponent(m.currency);
    uint64_t rest = m.minor < 0 ? -(uint64_t)m.minor : (uint64_t)m.minor;
    char reversed[MONEY_TEXT];
    size_t n = 0;
    /* At least one digit stands before the point. */
    for (int digits = 0; rest > 0 || digits <= exponent; digits++) {
        if (digits == exponent && exponent > 0) reversed[n++] = '.';
        reversed[n++] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (m.minor < 0) reversed[n++] = '-';
    for (size_t i = 0; i < n; i++) text[i] = reversed[n - 1 - i];
    text[n] = '\0';
    return (Str){text, n};
}

void money_decimal(Money m, struct buf *out) {
    char text[MONEY_TEXT];
    buf_add(out, money_text(m, text));
}
