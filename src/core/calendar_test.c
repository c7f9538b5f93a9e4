/* calendar.h: the language of rules, the shipped countries against hand-checked days, and all of them day by day
 * against an independent source when the samples are at hand (ALDIA_SHARED). */
#include "core/calendar.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/random.h"
#include "base/test.h"
#include "core/holiday_rule.h"

static Date iso(const char *text) {
    Date d = DATE_NONE;
    if (!date_parse_iso(str_from(text), &d)) fail_msg("%s is no date", text);
    return d;
}

static void days_are_understood(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int year;
        const char *date; /* NULL: not understood; "": no such day */
    } cases[] = {
        {"01-06", 2026, "2026-01-06"},
        {"02-29", 2026, ""},
        {"02-29", 2028, "2028-02-29"},
        {"2022-12-20", 2022, "2022-12-20"},
        {"2022-12-20", 2023, ""},
        {"easter", 2026, "2026-04-05"},
        {"easter - 2", 2026, "2026-04-03"},
        {"easter + 60", 2026, "2026-06-04"},
        {"third monday of november", 2026, "2026-11-16"},
        {"first sunday of march", 2026, "2026-03-01"},
        {"last monday of may", 2026, "2026-05-25"},
        {"last sunday of february", 2026, "2026-02-22"},
        {"last thursday of december", 2200, "2200-12-25"},
        {"  fourth   thursday of november ", 2026, "2026-11-26"},
        {"monday before 05-25", 2026, "2026-05-18"},
        {"monday after 05-25", 2026, "2026-06-01"},
        {"friday before 05-25", 2026, "2026-05-22"},
        {"tuesday after first monday of november", 2026, "2026-11-03"},
        {"saturday after easter", 2026, "2026-04-11"},
        {"", 2026, NULL},
        {"13-01", 2026, NULL},
        {"02-30", 2026, NULL},
        {"1-6", 2026, NULL},
        {"01-06 x", 2026, NULL},
        {"2022-02-30", 2022, NULL},
        {"easter -", 2026, NULL},
        {"easter - x", 2026, NULL},
        {"easter - 2 days", 2026, NULL},
        {"easter + 101", 2026, NULL},
        {"fifth monday of may", 2026, NULL},
        {"first mondays of may", 2026, NULL},
        {"first monday in may", 2026, NULL},
        {"first monday of maio", 2026, NULL},
        {"monday 05-25", 2026, NULL},
        {"monday after", 2026, NULL},
        {"monday after tuesday after 05-25", 2026, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct holiday_day day;
        Date d;
        char text[DATE_TEXT] = "";
        bool understood = holiday_day_parse(str_from(cases[i].text), &day);
        if (understood != (cases[i].date != NULL)) fail_msg("\"%s\": understood: %d", cases[i].text, understood);
        if (!understood) continue;
        if (holiday_day_in(&day, cases[i].year, &d)) (void)date_iso(d, text);
        if (strcmp(text, cases[i].date) != 0)
            fail_msg("\"%s\" is \"%s\", wanted \"%s\"", cases[i].text, text, cases[i].date);
    }
}

static void rules_are_applied(void **state) {
    (void)state;
    static const struct {
        const char *rule;
        const char *days; /* all from 2024 to 2028 */
    } cases[] = {
        {"{name: x, on: 07-04, to: 2025}", "2024-07-04 2025-07-04 "},
        {"{name: x, on: 07-04, from: 2027}", "2027-07-04 2028-07-04 "},
        {"{name: x, on: 07-04, from: 2025, every: 2}", "2025-07-04 2027-07-04 "},
        {"{name: x, on: 07-04, except: [2024, 2026, 2027, 2028]}", "2025-07-04 "},
        {"{name: x, on: 07-04, except: {from: 2024, every: 2}}", "2025-07-04 2027-07-04 "},
        {"{name: x, on: 07-04, only: [saturday, sunday]}", "2026-07-04 2027-07-04 "},
        {"{name: x, on: 07-04, skip: [saturday, sunday]}", "2024-07-04 2025-07-04 2028-07-04 "},
        {"{name: x, on: 07-04, only: [sunday], move: {sunday: +1}}", "2027-07-05 "},
        {"{name: x, on: 07-04, only: [sunday], move: next}", "2027-07-05 "},
        {"{name: x, on: 07-04, only: [sunday], also: next}", "2027-07-04 2027-07-05 "},
        {"{name: x, on: 01-01, also: {saturday: -1}, from: 2027, only: [saturday]}", "2027-12-31 2028-01-01 "},
        {"{name: x, on: 2026-03-01, law: Ley 1, note: only once}", "2026-03-01 "},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct calendar *c = NULL;
        AUTO(buf_done) struct buf found = buf_make(1000);
        Str text = arena_printf(cx.arena, "moves: {next: {sunday: 1}}\ndays:\n  - %s\n", cases[i].rule);
        assert_ok(&cx, calendar_parse(&cx, text, "test.yaml", &c));
        for (Date d = iso("2024-01-01"); date_year(d) < 2029; d = date_add(d, 1)) {
            char day[DATE_TEXT];
            if (calendar_is_holiday(c, d)) buf_printf(&found, "%s ", date_iso(d, day).p);
            assert_int_equal(calendar_holiday(c, d).n, calendar_is_holiday(c, d));
        }
        if (!str_is(buf_str(&found), cases[i].days))
            fail_msg("%s gave \"%.*s\", wanted \"%s\"", cases[i].rule, STR_ARG(buf_str(&found)), cases[i].days);
    }
    test_ctx_done(&cx);
}

static void faults_name_line_and_remedy(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "test.yaml:1: the file is empty"},
        {"days: 3", "test.yaml:1: days is a list of days"},
        {"country: CO", "test.yaml:1: the file has no days"},
        {"days:\n  - {on: 01-01}", "test.yaml:2: the day has no proper name"},
        {"days:\n  - {name: x}", "test.yaml:2: x: it is not clear which day is meant"},
        {"days:\n  - {name: x, on: 02-30}", "test.yaml:2: x: it is not clear which day is meant"},
        {"days:\n  - {name: x, on: 01-01, form: 2020}", "test.yaml:2: unknown key \"form\""},
        {"days:\n  - name: x\n    on: 01-01\n    move: emiliani", "test.yaml:4: there is no move \"emiliani\""},
        {"days:\n  - {name: x, on: 01-01, move: {funday: 1}}", "test.yaml:2: \"funday\" is no weekday"},
        {"days:\n  - {name: x, on: 01-01, move: {sunday: 32}}", "test.yaml:2: sunday must lie between -31 and 31"},
        {"days:\n  - {name: x, on: 01-01, move: [sunday]}", "test.yaml:2: a move is a table of weekdays and days"},
        {"days:\n  - {name: x, on: 01-01, only: monday}", "test.yaml:2: a list of weekdays is expected here"},
        {"days:\n  - {name: x, on: 01-01, skip: [lunes]}", "test.yaml:2: \"lunes\" is no weekday"},
        {"days:\n  - {name: x, on: 01-01, from: 2020, to: 2019}", "test.yaml:2: from lies after to"},
        {"days:\n  - {name: x, on: 01-01, every: 4}", "test.yaml:2: every needs a year to count from"},
        {"days:\n  - {name: x, on: 01-01, from: 1800}", "test.yaml:2: from must lie between 1900 and 2200"},
        {"days:\n  - {name: x, on: 01-01, except: 2020}", "test.yaml:2: except is a list of years"},
        {"days:\n  - {name: x, on: 01-01, except: [abc]}", "test.yaml:2: \"abc\" is no year"},
        {"days:\n  - {name: x, on: 01-01, except: {from: 2020}}", "test.yaml:2: from and every belong together"},
        {"days: []\nmoves: []", "test.yaml:2: moves is a table of named moves"},
        {"days: []\nregions: []", "test.yaml:2: regions is a table of codes"},
        {"days: []\nregions: {A: {days: [{name: x}]}}", "test.yaml:2: x: it is not clear which day is meant"},
        {"days: []\nregion: {}", "test.yaml:2: unknown key \"region\""},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct calendar *c = NULL;
        assert_rc(&cx, INVALID, calendar_parse(&cx, str_from(cases[i].text), "test.yaml", &c));
        assert_string_equal(cx.fault.message, cases[i].message);
        assert_null(c);
    }
    test_ctx_done(&cx);
}

static const struct calendar *calendar(struct ctx *cx, const char *code) {
    const struct calendar *c = NULL;
    assert_ok(cx, calendar_find(cx, str_from(code), &c));
    return c;
}

/* From the laws and the official calendars; NULL: a working day. */
static void countries_rest_when_the_law_says(void **state) {
    (void)state;
    static const struct {
        const char *code, *date, *name;
    } cases[] = {
        {"CO", "2026-01-06", NULL}, /* Emiliani */
        {"CO", "2026-01-12", "Día de los Reyes Magos"},
        {"CO", "2026-03-23", "Día de San José"},
        {"CO", "2026-07-13", "Nuestra Señora del Rosario de Chiquinquirá"},
        {"CO", "2025-07-14", NULL},
        {"CO", "2025-06-30", "Sagrado Corazón de Jesús"},
        {"CO", "2026-07-20", "Día de la Independencia"},
        {"CO", "2026-11-21", NULL},
        {"MX", "2026-11-16", "Día de la Revolución"},
        {"MX", "2024-10-01", "Transmisión del Poder Ejecutivo Federal"},
        {"MX", "2026-10-01", NULL},
        {"AR", "2025-10-10", "Día del Respeto a la Diversidad Cultural"},
        {"AR", "2026-11-23", "Día de la Soberanía Nacional"},
        {"AR", "2026-11-20", NULL},
        {"AR-C", "2026-05-25", "Día de la Revolución de Mayo"},
        {"CL", "2027-09-17", "Fiestas Patrias"},
        {"CL", "2026-09-17", NULL},
        {"CL", "2023-10-27", "Día de las Iglesias Evangélicas y Protestantes"},
        {"CL", "2026-06-07", NULL},
        {"CL-AP", "2026-06-07", "Asalto y Toma del Morro de Arica"},
        {"CL-AP", "2026-06-29", "San Pedro y San Pablo"},
        {"CL-RM", "2026-06-07", NULL},
        {"DO", "2024-08-16", "Día de la Restauración"},
        {"DO", "2026-11-09", "Día de la Constitución"},
        {"DO", "2022-05-02", "Día del Trabajo"},
        {"EC", "2021-11-01", "Día de los Difuntos"},
        {"EC", "2021-11-02", "Independencia de Cuenca"},
        {"EC", "2021-11-03", NULL},
        {"EC", "2022-11-03", "Día de los Difuntos"},
        {"EC", "2022-11-04", "Independencia de Cuenca"},
        {"EC", "2018-11-01", "Día de los Difuntos"},
        {"EC", "2018-11-02", "Independencia de Cuenca"},
        {"EC", "2026-05-24", NULL},
        {"EC", "2026-05-25", "Batalla de Pichincha"},
        {"EC", "2021-12-31", "Año Nuevo"},
        {"PE", "2026-12-09", "Batalla de Ayacucho"},
        {"UY", "2026-04-19", "Desembarco de los 33 Orientales"},
        {"UY", "2024-04-22", "Desembarco de los 33 Orientales"},
        {"VE", "2026-12-31", "Fin de año"},
        {"ES", "2026-04-02", NULL},
        {"ES-MD", "2026-04-02", "Jueves Santo"},
        {"ES-MD", "2026-11-02", "Lunes siguiente a Todos los Santos"},
        {"ES-MD", "2027-05-03", "Fiesta de la Comunidad de Madrid"},
        {"ES-CT", "2026-04-06", "Lunes de Pascua Florida"},
        {"ES-CT", "2026-04-02", NULL},
        {"ES-XX", "2026-10-12", "Fiesta Nacional de España"},
        {"PT", "2014-10-05", NULL},
        {"PT", "2026-10-05", "Implantação da República"},
        {"PT-20", "2026-05-25", "Dia da Região Autónoma dos Açores"},
        {"BR", "2023-11-20", NULL},
        {"BR", "2026-11-20", "Dia Nacional de Zumbi e da Consciência Negra"},
        {"BR-RJ", "2023-11-20", "Dia da Consciência Negra"},
        {"BR-SP", "2026-07-09", "Revolução Constitucionalista"},
        {"US", "2026-07-03", "Independence Day"},
        {"US", "2021-12-31", "New Year's Day"},
        {"US-NY", "2026-11-03", "Election Day"},
        {"GB", "2021-12-28", "Boxing Day"},
        {"GB", "2020-05-04", NULL},
        {"GB", "2026-08-31", NULL},
        {"GB-ENG", "2026-08-31", "Summer bank holiday"},
        {"GB-SCT", "2023-01-03", "2 January"},
        {"GB-SCT", "2022-01-04", "2 January"},
        {"GB-NIR", "2026-07-14", NULL},
        {"GB-NIR", "2025-07-14", "Battle of the Boyne (Orangemen's Day)"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str name = calendar_holiday(calendar(&cx, cases[i].code), iso(cases[i].date));
        if (!str_is(name, cases[i].name ? cases[i].name : ""))
            fail_msg("%s %s is \"%.*s\"", cases[i].code, cases[i].date, STR_ARG(name));
    }
    test_ctx_done(&cx);
}

static void codes_are_found_once(void **state) {
    (void)state;
    static const char *const refused[] = {"", "C", "co", "ZZ", "CO-", "CO-abc", "CO-ABCD", "COL", "../CO", "C\xC3"};
    struct ctx cx = test_ctx();
    const struct calendar *c = NULL;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_rc(&cx, NOT_FOUND, calendar_find(&cx, str_from(refused[i]), &c));
    assert_null(c);
    assert_ptr_equal(calendar(&cx, "CO"), calendar(&cx, "CO"));
    assert_ptr_equal(calendar(&cx, "CO-ANT"), calendar(&cx, "CO"));
    assert_ptr_equal(calendar(&cx, "ES-MD"), calendar(&cx, "ES-MD"));
    assert_ptr_not_equal(calendar(&cx, "ES-MD"), calendar(&cx, "ES"));
    assert_false(calendar_is_holiday(calendar(&cx, "CO"), DATE_NONE));
    assert_false(calendar_is_holiday(calendar(&cx, "CO"), (Date){INT32_MAX}));
    assert_true(calendar_is_holiday(calendar(&cx, "CO"), iso("1900-01-01")));
    assert_true(calendar_is_holiday(calendar(&cx, "VE"), iso("2200-12-31")));
    test_ctx_done(&cx);
}

static void *find_some(void *unused) {
    static const char *const codes[] = {"AR", "BR-SP", "CL-AP", "GB-ENG", "PT", "US-NY", "ES-VC"};
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        const struct calendar *c;
        if (calendar_find(&cx, str_from(codes[i]), &c) != OK) abort();
        if (!calendar_is_holiday(c, (Date){20812})) abort(); /* 2026-12-25 */
    }
    test_ctx_done(&cx);
    return unused;
}

static void threads_share_calendars(void **state) {
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_some, NULL), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) pthread_join(threads[i], NULL);
}

/* Whatever is done to a file, it is read or refused with a line, and nothing breaks. */
static void mutated_files_never_crash(void **state) {
    (void)state;
    static const char *const names[] = {"calendars/CO.yaml", "calendars/EC.yaml", "calendars/GB.yaml"};
    static const char *const pieces[] = {"[",  "{",         "]",     "}",    ":",  "- ", "\n", "9999999999",
                                         "-1", "easter + ", "last ", "\xC3", "&a", "*a", "#"};
    struct ctx cx = test_ctx();
    struct seeded_random r = {4242};
    int accepted = 0, refused = 0;
    for (int round = 0; round < 1500; round++) {
        struct arena_mark mark = arena_mark(cx.arena);
        AUTO(buf_done) struct buf text = buf_make(1 << 20);
        const struct calendar *c = NULL;
        Str original;
        assert_true(embedded_find(names[round % 3], &original));
        size_t changes = 1 + (size_t)seeded_below(&r, 3), at = 0;
        while (changes-- && at < original.n) {
            size_t until = at + (size_t)seeded_below(&r, original.n - at);
            buf_add(&text, (Str){original.p + at, until - at});
            buf_add_cstr(&text, pieces[seeded_below(&r, COUNT_OF(pieces))]);
            at = until + (size_t)seeded_below(&r, 12);
        }
        if (at < original.n && round % 4) buf_add(&text, (Str){original.p + at, original.n - at});
        if (calendar_parse(&cx, buf_str(&text), "mutant.yaml", &c) == OK) {
            accepted++;
            (void)calendar_holiday(c, iso("2026-12-25"));
        } else {
            refused++;
            assert_true(str_starts(str_from(cx.fault.message), S("mutant.yaml")));
        }
        arena_rewind(cx.arena, mark);
    }
    assert_true(accepted > 50 && refused > 50);
    test_ctx_done(&cx);
}

/* Differences from the independent source, each with its reason. `file` is a prefix of the sample's name; `what` is the
 * name it gives to the day, a date, or a month and day. */
static const struct {
    const char *file, *what, *reason;
    int from;   /* first year excused; 0: all */
    bool moved; /* excused only where we have a holiday at most two days away */
} exceptions[] = {
    {"AR", "Pesach", "only for the faithful"},
    {"AR", "Rosh Hashanah", "only for the faithful"},
    {"AR", "Yom Kippur", "only for the faithful"},
    {"AR", "Eid al-Fitr", "only for the faithful"},
    {"AR", "Eid al-Fitr (estimated)", "only for the faithful"},
    {"AR", "Eid al-Adha", "only for the faithful"},
    {"AR", "Eid al-Adha (estimated)", "only for the faithful"},
    {"AR", "Islamic New Year", "only for the faithful"},
    {"AR", "Islamic New Year (estimated)", "only for the faithful"},
    {"AR", "Day of Action for Tolerance and Respect among Peoples", "only for the Armenian community"},
    {"AR", "Bankers' Day", "only banks"},
    {"AR", "Bank Holiday", "only banks"},
    {"AR", "State Worker's Day", "only public employees"},
    {"AR", "2025-10-10", "sample lacks Resolución JGM 139/2025, which moved 12 October"},
    {"AR", "2025-10-12", "sample lacks Resolución JGM 139/2025, which moved 12 October"},
    {"BR", "Ash Wednesday", "optional half-day"},
    {"BR", "Public Servant's Day", "only public employees"},
    {"BR", "Christmas Eve", "optional"},
    {"BR", "New Year's Eve", "optional"},
    {"CL", "Bank Holiday", "only banks"},
    {"CL", "2048-06-20", "our solstice cycle ends in 2047"},
    {"CL", "2049-06-20", "our solstice cycle ends in 2047"},
    {"CL", "2050-06-20", "our solstice cycle ends in 2047"},
    {"EC", "Labor Day", "a moved holiday's own date is worked", .moved = true},
    {"EC", "The Battle of Pichincha", "a moved holiday's own date is worked", .moved = true},
    {"EC", "Declaration of Independence of Quito", "a moved holiday's own date is worked", .moved = true},
    {"EC", "Independence of Guayaquil", "a moved holiday's own date is worked", .moved = true},
    {"EC", "Independence of Cuenca", "a moved holiday's own date is worked", .moved = true},
    {"EC", "All Souls' Day", "a moved holiday's own date is worked", .moved = true},
    {"EC", "New Year's Day", "a moved holiday's own date is worked", .moved = true},
    {"EC", "Christmas Day", "a moved holiday's own date is worked", .moved = true},
    {"EC", "11-01", "2 and 3 November on Friday and Saturday: Thursday and Friday are free (so in 2018)"},
    {"EC", "2018-12-31", "sample lacks Decreto 858"},
    {"ES_CT", "Pentecost Monday", "decided year by year, not yet for those after 2026", .from = 2027},
    {"ES_MD", "Saint Joseph's Day", "decided year by year, not yet for those after 2026", .from = 2027},
    {"ES_MD", "Saint James' Day", "decided year by year, not yet for those after 2026", .from = 2027},
    {"ES_MD", "Monday following Epiphany", "decided year by year, not yet for those after 2026", .from = 2027},
    {"ES_MD", "Monday following Saint Joseph's Day", "decided year by year, not yet for those after 2026",
     .from = 2027},
    {"ES_MD", "Monday following Christmas Day", "decided year by year, not yet for those after 2026", .from = 2027},
    {"ES_MD", "Monday following All Saints' Day", "decided year by year, not yet for those after 2026", .from = 2027},
    {"ES_MD", "Monday following Constitution Day", "decided year by year, not yet for those after 2026", .from = 2027},
    {"PE", "Easter Sunday", "a Sunday, not among the holidays of the law"},
    {"PT", "Carnival", "optional"},
    {"PT", "Saint Anthony's Day", "only Lisbon"},
    {"PT", "Christmas Eve", "optional"},
    {"PT", "Second Day of Christmas", "optional"},
    {"PT", "New Year's Eve", "optional"},
    {"US", "Groundhog Day", "no day off"},
    {"US", "Valentine's Day", "no day off"},
    {"US", "Saint Patrick's Day", "no day off"},
    {"US", "Good Friday", "not federal"},
    {"US", "Easter Sunday", "not federal"},
    {"US", "Mother's Day", "no day off"},
    {"US", "Father's Day", "no day off"},
    {"US", "Halloween", "no day off"},
    {"US", "Election Day", "not federal"},
    {"US", "Christmas Eve", "not federal"},
    {"US", "Christmas Eve (half-day closing)", "only federal employees"},
    {"US", "Day After Christmas", "only federal employees"},
    {"US", "New Year's Eve", "not federal"},
    {"US", "National Day of Mourning for former President George H. W. Bush", "only federal employees"},
    {"US", "National Day of Mourning for former President Jimmy Carter", "only federal employees"},
    {"US_NY", "Susan B. Anthony Day", "no day off"},
    {"US_NY", "2022-02-11", "New York moves only Sundays"},
    {"US_NY", "2028-02-11", "New York moves only Sundays"},
    {"US_NY", "2033-02-11", "New York moves only Sundays"},
    {"US_NY", "2039-02-11", "New York moves only Sundays"},
    {"US_NY", "2050-02-11", "New York moves only Sundays"},
    {"VE", "Family Day", "not among the holidays of the labour law"},
    {"VE", "National Holidays", "2016 and 2017: only the public sector"},
};

static bool exception_used[COUNT_OF(exceptions)];

struct difference {
    const struct calendar *calendar;
    Str file;
    Date date;
    char text[DATE_TEXT];
};

static bool has_neighbour(const struct difference *d) {
    for (int days = -2; days <= 2; days++)
        if (days && calendar_is_holiday(d->calendar, date_add(d->date, days))) return true;
    return false;
}

static bool is_excepted(const struct difference *d, Str what) {
    Str date = str_from(d->text);
    for (size_t i = 0; i < COUNT_OF(exceptions); i++) {
        Str wanted = str_from(exceptions[i].what);
        if (!str_starts(d->file, str_from(exceptions[i].file)) || date_year(d->date) < exceptions[i].from) continue;
        if (!str_equal(wanted, what) && !str_equal(wanted, date) && !(wanted.n == 5 && str_ends(date, wanted)))
            continue;
        if (exceptions[i].moved && !has_neighbour(d)) continue;
        return exception_used[i] = true;
    }
    return false;
}

/* The sample joins two names with "; ". */
static bool all_excepted(const struct difference *d, Str names) {
    while (names.p)
        if (!is_excepted(d, str_trim(str_cut(&names, ';')))) return false;
    return true;
}

static size_t compare_with_sample(struct ctx *cx, const char *path, Str file) {
    json_error_t error;
    json_t *sample = json_load_file(path, 0, &error);
    if (!sample) fail_msg("%s: %s", path, error.text);
    bool country = str_ends(file, S("_COMMON"));
    const struct calendar *c =
        calendar(cx, arena_printf(cx->arena, country ? "%.2s" : "%.2s-%s", file.p, file.p + 3).p);
    size_t differences = 0, holidays = 0;
    for (Date d = iso("2015-01-01"); date_year(d) <= 2050; d = date_add(d, 1)) {
        struct difference at = {.calendar = c, .file = file, .date = d};
        Str ours = calendar_holiday(c, d);
        const char *theirs = json_string_value(json_object_get(sample, date_iso(d, at.text).p));
        holidays += ours.n > 0;
        if ((theirs != NULL) == (ours.n > 0)) continue;
        if (theirs ? all_excepted(&at, str_from(theirs)) : is_excepted(&at, S("\n"))) continue;
        print_error("%s %s: ours \"%.*s\", sample \"%s\"\n", file.p, at.text, STR_ARG(ours), theirs ? theirs : "");
        differences++;
    }
    json_decref(sample);
    assert_true(holidays > 200);
    return differences;
}

static void samples_agree_day_by_day(void **state) {
    (void)state;
    static const char *const files[] = {"AR_COMMON", "AR_C",      "BR_COMMON", "BR_SP",     "CL_COMMON", "CL_AP",
                                        "CO_COMMON", "DO_COMMON", "EC_COMMON", "ES_COMMON", "ES_CT",     "ES_MD",
                                        "GB_COMMON", "GB_ENG",    "MX_COMMON", "PE_COMMON", "PT_COMMON", "US_COMMON",
                                        "US_NY",     "UY_COMMON", "VE_COMMON"};
    struct ctx cx = test_ctx();
    const char *shared = getenv("ALDIA_SHARED");
    if (!shared) shared = ALDIA_SOURCE_DIR "/../shared";
    const char *folder = arena_printf(cx.arena, "%s/samples/holidays/vacanza", shared).p;
    if (!file_exists(arena_printf(cx.arena, "%s/%s.json", folder, files[0]).p)) {
        print_message("no holiday samples in %s: skipped\n", folder);
        test_ctx_done(&cx);
        skip();
    }
    size_t differences = 0;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        differences +=
            compare_with_sample(&cx, arena_printf(cx.arena, "%s/%s.json", folder, files[i]).p, str_from(files[i]));
    assert_int_equal(differences, 0);
    for (size_t i = 0; i < COUNT_OF(exceptions); i++)
        if (!exception_used[i])
            fail_msg("exception %s \"%s\" (%s) excuses nothing", exceptions[i].file, exceptions[i].what,
                     exceptions[i].reason);
    test_ctx_done(&cx);
}

static const struct CMUnitTest calendar_tests[] = {
    cmocka_unit_test(days_are_understood),         cmocka_unit_test(rules_are_applied),
    cmocka_unit_test(faults_name_line_and_remedy), cmocka_unit_test(countries_rest_when_the_law_says),
    cmocka_unit_test(codes_are_found_once),        cmocka_unit_test(threads_share_calendars),
    cmocka_unit_test(mutated_files_never_crash),   cmocka_unit_test(samples_agree_day_by_day),
};
const struct test_suite calendar_suite = {"calendar", calendar_tests, COUNT_OF(calendar_tests)};
