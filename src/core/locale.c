/* Conventions are read from ICU once per language and country into plain bytes; formatting is done here, on the stack,
 * which is an order of magnitude faster than ICU's formatters and needs no object per thread. Owns how amounts and
 * dates look; the words of messages are data elsewhere. */
#include "core/locale.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#define NBSP "\xC2\xA0"
#define MAX_MARK 24
#define MAX_NUMBER 160 /* 19 digits, a mark of MAX_MARK bytes between every few, a sign */

/* A short piece of UTF-8. */
struct mark {
    char text[MAX_MARK];
    size_t n;
};

struct locale {
    enum { SPANISH, ENGLISH, PORTUGUESE, LANGUAGES } language;
    bool month_first;
    bool symbol_behind, symbol_spaced;
    size_t group, next_group; /* digits in the last group and in those before it (12,34,567) */
    struct mark number_group, money_group, money_decimal;
    Currency own;
    struct mark symbol; /* of the own currency */
    struct mark months[12], months_short[12], weekdays[7];
    UPluralRules *plurals;
};

static const char *const language_codes[LANGUAGES] = {"es", "en", "pt"};

/* Symbols where practice has left CLDR 42 behind. */
static const struct { const char *currency, *symbol; } own_symbols[] = {{"VES", "Bs."}};

/* Currencies written without decimals when there are none to show. */
static const char *const whole_currencies[] = {"COP"};

/* U+00A0 stands for every sort of space, so that a channel has one to replace; marks of direction are dropped. */
static bool mark_set(struct mark *m, const UChar *text, int32_t length) {
    UChar kept[MAX_MARK];
    int32_t n = 0, bytes = 0;
    UErrorCode error = U_ZERO_ERROR;
    for (int32_t i = 0; i < length && n < MAX_MARK; i++) {
        UChar c = text[i];
        if (c == 0x200E || c == 0x200F || c == 0x061C) continue;
        kept[n++] = c == ' ' || c == 0x202F || c == 0x2009 ? 0xA0 : c;
    }
    u_strToUTF8(m->text, MAX_MARK, &bytes, kept, n, &error);
    if (U_FAILURE(error) || bytes >= MAX_MARK) return false;
    m->n = (size_t)bytes;
    return true;
}

static bool read_symbol(const UNumberFormat *format, UNumberFormatSymbol which, struct mark *out) {
    UChar text[MAX_MARK];
    UErrorCode error = U_ZERO_ERROR;
    int32_t n = unum_getSymbol(format, which, text, MAX_MARK, &error);
    return U_SUCCESS(error) && n < MAX_MARK && mark_set(out, text, n);
}

/* Where ¤ stands in the pattern, and whether the country leaves a space beside it. */
static bool read_pattern(const UNumberFormat *format, const char *number_locale, struct locale *l) {
    UChar pattern[128];
    UErrorCode error = U_ZERO_ERROR;
    int32_t n = unum_toPattern(format, false, pattern, COUNT_OF(pattern), &error), symbol = -1, digits = -1;
    if (U_FAILURE(error) || n > (int32_t)COUNT_OF(pattern)) return false;
    for (int32_t i = 0; i < n && pattern[i] != ';'; i++) {
        if (pattern[i] == 0xA4) symbol = i;
        if ((pattern[i] == '#' || pattern[i] == '0') && digits < 0) digits = i;
    }
    if (symbol < 0 || digits < 0) return false;
    l->symbol_behind = symbol > digits;
    /* Spanish and Portuguese set a space always, also where CLDR has none (ui.md: "$ 29,675.00"). */
    bool latin = strncmp(number_locale, "es", 2) == 0 || strncmp(number_locale, "pt", 2) == 0;
    int32_t beside = l->symbol_behind ? symbol - 1 : symbol + 1;
    l->symbol_spaced = latin || pattern[beside] == ' ' || pattern[beside] == 0xA0;
    return true;
}

static bool read_numbers(const char *number_locale, struct locale *l) {
    UErrorCode error = U_ZERO_ERROR;
    UNumberFormat *format = unum_open(UNUM_CURRENCY, NULL, 0, number_locale, NULL, &error);
    if (U_FAILURE(error)) return false;
    int32_t group = unum_getAttribute(format, UNUM_GROUPING_SIZE);
    int32_t next_group = unum_getAttribute(format, UNUM_SECONDARY_GROUPING_SIZE);
    l->group = group > 0 ? (size_t)group : 3;
    l->next_group = next_group > 0 ? (size_t)next_group : l->group;
    bool read = read_pattern(format, number_locale, l) &&
                read_symbol(format, UNUM_GROUPING_SEPARATOR_SYMBOL, &l->number_group) &&
                read_symbol(format, UNUM_MONETARY_GROUPING_SEPARATOR_SYMBOL, &l->money_group) &&
                read_symbol(format, UNUM_MONETARY_SEPARATOR_SYMBOL, &l->money_decimal);
    unum_close(format);
    return read;
}

/* Hebrew or Arabic letters: they would turn the line around them, so such countries get the code. */
static bool runs_leftwards(const UChar *text, int32_t length) {
    for (int32_t i = 0; i < length; i++)
        if (text[i] >= 0x590 && text[i] <= 0x8FF) return true;
    return false;
}

static bool read_own_currency(Str country, const char *number_locale, struct locale *l) {
    char place[4] = {'_', country.p[0], country.p[1], '\0'}, code[4];
    UChar wide[4];
    UErrorCode error = U_ZERO_ERROR;
    ucurr_forLocale(place, wide, COUNT_OF(wide), &error);
    if (U_FAILURE(error)) return false;
    u_UCharsToChars(wide, code, 4);
    if (!currency_parse(str_from(code), &l->own)) return false;
    for (size_t i = 0; i < COUNT_OF(own_symbols); i++)
        if (strcmp(code, own_symbols[i].currency) == 0) {
            l->symbol.n = strlen(own_symbols[i].symbol);
            memcpy(l->symbol.text, own_symbols[i].symbol, l->symbol.n);
            return true;
        }
    int32_t n = 0;
    const UChar *symbol = ucurr_getName(wide, number_locale, UCURR_SYMBOL_NAME, NULL, &n, &error);
    return U_SUCCESS(error) && !runs_leftwards(symbol, n) && mark_set(&l->symbol, symbol, n);
}

static bool read_names(UDateFormat *format, UDateFormatSymbolType type, int32_t first, size_t count, struct mark *out) {
    for (size_t i = 0; i < count; i++) {
        UChar text[MAX_MARK];
        UErrorCode error = U_ZERO_ERROR;
        int32_t n = udat_getSymbols(format, type, first + (int32_t)i, text, MAX_MARK, &error);
        if (U_FAILURE(error) || n >= MAX_MARK) return false;
        if (n > 0 && text[n - 1] == '.') n--; /* "nov", not "nov." */
        if (!mark_set(&out[i], text, n)) return false;
    }
    return true;
}

static bool read_words(const char *word_locale, const char *number_locale, struct locale *l) {
    UErrorCode error = U_ZERO_ERROR;
    UDateFormat *format = udat_open(UDAT_NONE, UDAT_FULL, word_locale, NULL, 0, NULL, 0, &error);
    if (U_FAILURE(error)) return false;
    struct mark sunday_first[7];
    bool read = read_names(format, UDAT_MONTHS, 0, 12, l->months) &&
                read_names(format, UDAT_SHORT_MONTHS, 0, 12, l->months_short) &&
                read_names(format, UDAT_WEEKDAYS, UCAL_SUNDAY, 7, sunday_first);
    udat_close(format);
    if (!read) return false;
    for (size_t i = 0; i < 7; i++) l->weekdays[i] = sunday_first[(i + 1) % 7];
    UChar pattern[128];
    format = udat_open(UDAT_NONE, UDAT_LONG, number_locale, NULL, 0, NULL, 0, &error);
    int32_t n = U_SUCCESS(error) ? udat_toPattern(format, false, pattern, COUNT_OF(pattern) - 1, &error) : 0;
    if (format) udat_close(format);
    if (U_FAILURE(error)) return false;
    pattern[n] = 0;
    const UChar *month = u_strchr(pattern, 'M'), *day = u_strchr(pattern, 'd');
    l->month_first = l->language == ENGLISH && month && day && month < day;
    return true;
}

/* The locale of most people of a country, digits 0 to 9; false when ICU does not know the country. */
static bool main_locale(Str country, char *out, int32_t size) {
    char place[8];
    /* Most Paraguayans speak Guarani, for which CLDR has no formats. */
    snprintf(place, sizeof(place), "%s_%.2s", str_is(country, "PY") ? "es" : "und", country.p);
    UChar currency[4];
    char full[ULOC_FULLNAME_CAPACITY];
    UErrorCode error = U_ZERO_ERROR;
    ucurr_forLocale(strchr(place, '_'), currency, COUNT_OF(currency), &error);
    uloc_addLikelySubtags(place, full, sizeof(full), &error);
    uloc_setKeywordValue("numbers", "latn", full, sizeof(full), &error);
    if (U_FAILURE(error) || error == U_STRING_NOT_TERMINATED_WARNING) return false;
    return snprintf(out, (size_t)size, "%s", full) < size;
}

/* Slots: language × (no country + 676 pairs of letters). */
static _Atomic(struct locale *) locales[LANGUAGES][1 + 26 * 26];
static pthread_mutex_t locales_lock = PTHREAD_MUTEX_INITIALIZER;

/* Country: two capitals known to ICU, or empty. */
static bool locale_read(size_t language, Str country, struct locale *l) {
    char numbers[ULOC_FULLNAME_CAPACITY], words[40];
    UErrorCode error = U_ZERO_ERROR;
    memset(l, 0, sizeof(*l));
    l->language = language == 0 ? SPANISH : language == 1 ? ENGLISH : PORTUGUESE;
    const char *code = language_codes[language];
    /* Some countries reckon by another calendar, whose months CLDR would name. */
    snprintf(words, sizeof(words), "%s%s%.*s@calendar=gregorian", code, country.n ? "_" : "", STR_ARG(country));
    snprintf(numbers, sizeof(numbers), "%s", code);
    if (country.n && !main_locale(country, numbers, sizeof(numbers))) return false;
    /* A country whose money is not in our list has no symbol; codes are written then. */
    if (country.n && !read_own_currency(country, numbers, l)) l->own = (Currency){0};
    if (!read_numbers(numbers, l) || !read_words(words, numbers, l)) return false;
    l->plurals = uplrules_open(code, &error);
    return U_SUCCESS(error);
}

static enum rc locale_add(struct ctx *cx, size_t language, Str country, size_t place) {
    _Atomic(struct locale *) *slot = &locales[language][place];
    struct locale read;
    if (country.n && !locale_read(language, country, &read)) {
        /* An unknown country: the language alone answers for it. */
        if (!atomic_load(&locales[language][0])) TRY(locale_add(cx, language, S(""), 0));
        atomic_store(slot, atomic_load(&locales[language][0]));
        return OK;
    }
    if (!country.n && !locale_read(language, country, &read))
        return fail(cx, INTERNAL, "cannot read the number and date formats of language %s from ICU",
                    language_codes[language]);
    struct locale *kept = mem_alloc(sizeof(*kept));
    *kept = read;
    atomic_store(slot, kept);
    return OK;
}

enum rc locale_find(struct ctx *cx, Str language, Str country, const struct locale **out_locale) {
    size_t index = 0, place = 0;
    while (index < LANGUAGES && !str_is(language, language_codes[index])) index++;
    if (index == LANGUAGES)
        return fail_field(cx, INVALID, "language", "use es, en or pt", "language \"%.*s\" is not supported",
                          (int)(language.n < 20 ? language.n : 20), language.p);
    bool two_capitals =
        country.n == 2 && country.p[0] >= 'A' && country.p[0] <= 'Z' && country.p[1] >= 'A' && country.p[1] <= 'Z';
    if (two_capitals) place = (size_t)(1 + (country.p[0] - 'A') * 26 + (country.p[1] - 'A'));
    _Atomic(struct locale *) *slot = &locales[index][place];
    const struct locale *found = atomic_load_explicit(slot, memory_order_acquire);
    if (!found) {
        pthread_mutex_lock(&locales_lock);
        enum rc rc = atomic_load(slot) ? OK : locale_add(cx, index, two_capitals ? country : S(""), place);
        pthread_mutex_unlock(&locales_lock);
        TRY(rc);
        found = atomic_load(slot);
    }
    *out_locale = found;
    return OK;
}

/* Text written from the end backwards: numbers give their last digit first. */
struct tail {
    char text[MAX_NUMBER];
    size_t at;
};

static void tail_text(struct tail *t, const char *text, size_t n) {
    MUST(n <= t->at);
    t->at -= n;
    memcpy(t->text + t->at, text, n);
}

static void tail_mark(struct tail *t, const struct mark *m) { tail_text(t, m->text, m->n); }

static void tail_char(struct tail *t, char c) { tail_text(t, &c, 1); }

static void tail_grouped(struct tail *t, const struct locale *l, uint64_t n, const struct mark *group) {
    size_t in_group = 0, size = l->group;
    do {
        if (in_group == size) {
            tail_mark(t, group);
            in_group = 0;
            size = l->next_group;
        }
        tail_char(t, (char)('0' + n % 10));
        n /= 10;
        in_group++;
    } while (n);
}

static void tail_send(const struct tail *t, struct buf *out) {
    buf_add(out, (Str){t->text + t->at, sizeof(t->text) - t->at});
}

static uint64_t magnitude(int64_t n) { return n < 0 ? -(uint64_t)n : (uint64_t)n; }

void locale_integer(const struct locale *l, int64_t n, struct buf *out) {
    struct tail t = {.at = sizeof(t.text)};
    tail_grouped(&t, l, magnitude(n), &l->number_group);
    if (n < 0) tail_char(&t, '-');
    tail_send(&t, out);
}

static bool is_written_whole(Currency c) {
    char code[4];
    for (size_t i = 0; i < COUNT_OF(whole_currencies); i++)
        if (str_is(currency_code(c, code), whole_currencies[i])) return true;
    return false;
}

static void tail_amount(struct tail *t, const struct locale *l, Money m) {
    int exponent = currency_exponent(m.currency);
    uint64_t rest = magnitude(m.minor), fraction = 0, scale = 1;
    for (int i = 0; i < exponent; i++) scale *= 10;
    fraction = rest % scale;
    rest /= scale;
    if (exponent && (fraction || !is_written_whole(m.currency))) {
        for (int i = 0; i < exponent; i++) {
            tail_char(t, (char)('0' + fraction % 10));
            fraction /= 10;
        }
        tail_mark(t, &l->money_decimal);
    }
    tail_grouped(t, l, rest, &l->money_group);
}

char locale_decimal_mark(const struct locale *l) { return l->money_decimal.n == 1 && l->money_decimal.text[0] == ',' ? ',' : '.'; }

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void locale_money(const struct locale *l, Money m, struct buf *out) {
    struct tail t = {.at = sizeof(t.text)};
    struct mark sign = l->symbol;
    bool own = l->symbol.n > 0 && currency_equal(m.currency, l->own);
    if (!own) sign.n = currency_code(m.currency, sign.text).n;
    /* A sign that is a word never touches the digits. */
    bool spaced = sign.n > 0 && (l->symbol_spaced || is_letter(sign.text[l->symbol_behind ? 0 : sign.n - 1]));
    if (l->symbol_behind) {
        tail_mark(&t, &sign);
        if (spaced) tail_text(&t, NBSP, 2);
        tail_amount(&t, l, m);
    } else {
        tail_amount(&t, l, m);
        if (spaced) tail_text(&t, NBSP, 2);
        tail_mark(&t, &sign);
    }
    if (m.minor < 0) tail_char(&t, '-');
    tail_send(&t, out);
}

static void add_mark(struct buf *out, const struct mark *m) { buf_add(out, (Str){m->text, m->n}); }

void locale_month(const struct locale *l, Date d, struct buf *out) {
    int year, month, day;
    if (date_is_none(d)) return;
    date_civil(d, &year, &month, &day);
    add_mark(out, &l->months_short[month - 1]);
}

void locale_day(const struct locale *l, Date d, struct buf *out) {
    int year, month, day;
    if (date_is_none(d)) return;
    date_civil(d, &year, &month, &day);
    if (l->month_first)
        buf_printf(out, "%.*s %d", (int)l->months_short[month - 1].n, l->months_short[month - 1].text, day);
    else
        buf_printf(out, "%d %.*s", day, (int)l->months_short[month - 1].n, l->months_short[month - 1].text);
}

void locale_date(const struct locale *l, Date d, struct buf *out) {
    if (date_is_none(d)) return;
    locale_day(l, d, out);
    buf_printf(out, l->month_first ? ", %d" : " %d", date_year(d));
}

void locale_date_long(const struct locale *l, Date d, struct buf *out) {
    int year, month, day;
    if (date_is_none(d)) return;
    date_civil(d, &year, &month, &day);
    const struct mark *name = &l->months[month - 1];
    add_mark(out, &l->weekdays[date_weekday(d)]);
    if (l->month_first)
        buf_printf(out, ", %.*s %d, %d", (int)name->n, name->text, day, year);
    else if (l->language == ENGLISH)
        buf_printf(out, " %d %.*s %d", day, (int)name->n, name->text, year);
    else
        buf_printf(out, "%s %d de %.*s de %d", l->language == PORTUGUESE ? "," : "", day, (int)name->n, name->text,
                   year);
}

const char *locale_plural(const struct locale *l, int64_t n) {
    static const char *const categories[] = {"zero", "one", "two", "few", "many"};
    UChar wide[16];
    char keyword[16];
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = uplrules_select(l->plurals, (double)n, wide, COUNT_OF(wide), &error);
    if (U_FAILURE(error) || length >= (int32_t)COUNT_OF(wide)) return "other";
    u_UCharsToChars(wide, keyword, length);
    for (size_t i = 0; i < COUNT_OF(categories); i++)
        if (str_is((Str){keyword, (size_t)length}, categories[i])) return categories[i];
    return "other";
}
