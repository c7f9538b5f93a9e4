/* The shipped contact rules at their boundaries, one table a law, and the ways of the judge. */
#include "base/test.h"
#include "strategy/contact_rules_pack.h"

struct fixture {
    struct ctx cx;
    const struct rule_pack *pack;
};

static int set_up(void **state) {
    struct fixture *f = mem_alloc(sizeof *f);
    *f = (struct fixture){.cx = test_ctx()};
    *state = f;
    return rule_pack_load(&f->cx, NULL, &f->pack) == OK ? 0 : -1;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    test_ctx_done(&f->cx);
    mem_free(f);
    return 0;
}

static Instant instant(const char *text) {
    Instant t;
    if (!instant_parse(str_from(text), &t)) fail_msg("\"%s\" is no instant", text);
    return t;
}

#define PAST_MAX 16

/* "email 2026-11-20T09:00:00-05:00, call! …": the mark says that it was a conversation. */
static size_t parse_past(const char *text, struct past_contact *out) {
    size_t count = 0;
    Str rest = str_from(text);
    while (rest.p && rest.n > 0) {
        Str at = str_trim(str_cut(&rest, ','));
        Str channel = str_cut(&at, ' ');
        struct past_contact *past = &out[count++];
        *past = (struct past_contact){.item_count = 1};
        if (str_ends(channel, S("!"))) {
            past->conversation = true;
            channel.n--;
        }
        if (!str_is(channel, "visit")) assert_true(channel_kind_parse(channel, &past->channel));
        assert_true(instant_parse(at, &past->at));
    }
    return count;
}

enum who { PERSON, FIRM };

struct rule_case {
    const char *name;
    const char *at;
    enum channel_kind channel;
    const char *past;
    const char *rule; /* NULL: allowed */
    enum reason_code code;
    const char *next; /* NULL: never within 90 days */
};

struct debtor {
    const char *country, *region, *zone;
    enum who who;
    const char *creditor;
    int profile;
};

static struct contact_answer ask(const struct rule_pack *pack, const struct debtor *d, const struct rule_case *c) {
    struct past_contact past[PAST_MAX];
    struct customer customer = {.country = str_from(d->country),
                                .region = str_from(d->region),
                                .zone = str_from(d->zone),
                                .is_person = d->who == PERSON};
    struct contact_request request = {.customer = &customer,
                                      .creditor_country = str_from(d->creditor ? d->creditor : d->country),
                                      .channel = c->channel,
                                      .at = instant(c->at),
                                      .past = past,
                                      .past_count = parse_past(c->past, past),
                                      .item_count = 1,
                                      .is_reminder = true};
    return contact_rules_check(pack, d->profile, &request);
}

static void check_case(const struct rule_pack *pack, const struct debtor *d, const struct rule_case *c) {
    struct contact_answer a = ask(pack, d, c);
    char got[INSTANT_TEXT], wanted[INSTANT_TEXT];
    if (a.allowed != !c->rule)
        fail_msg("%s: %s by %.*s %s", c->name, a.allowed ? "allowed" : "refused", STR_ARG(a.rule),
                 a.allowed ? "" : reason_code_name(a.code));
    Instant next = c->rule ? INSTANT_NONE : instant(c->at);
    if (c->rule && c->next) next = instant(c->next);
    if (a.next_allowed.ms != next.ms) {
        Str n = instant_is_none(a.next_allowed) ? S("never") : instant_format(a.next_allowed, got);
        Str w = instant_is_none(next) ? S("never") : instant_format(next, wanted);
        fail_msg("%s: next %.*s, wanted %.*s", c->name, STR_ARG(n), STR_ARG(w));
    }
    if (!c->rule) return;
    if (!str_is(a.rule, c->rule) || a.code != c->code)
        fail_msg("%s: refused by %.*s %s, wanted %s %s", c->name, STR_ARG(a.rule), reason_code_name(a.code), c->rule,
                 reason_code_name(c->code));
}

static void check_cases(void **state, const struct debtor *d, const struct rule_case *cases, size_t count) {
    const struct fixture *f = *state;
    for (size_t i = 0; i < count; i++) check_case(f->pack, d, &cases[i]);
}

#define EMAIL CHANNEL_EMAIL
#define SMS CHANNEL_SMS
#define CALL CHANNEL_CALL
#define LETTER CHANNEL_LETTER
#define WHATSAPP CHANNEL_WHATSAPP

/* RULE: CO-2300. 2026-11-21 is a Saturday; 2 and 16 November and 8 December are holidays. */
static void colombia_keeps_ley_2300(void **state) {
    static const struct debtor d = {"CO", "", "America/Bogota", PERSON, NULL, PROFILE_HOUSE};
    static const struct rule_case cases[] = {
        {"saturday before 15", "2026-11-21T14:59:59-05:00", EMAIL, "", NULL, 0, NULL},
        {"saturday just before 15", "2026-11-21T14:59:59.999-05:00", EMAIL, "", NULL, 0, NULL},
        {"saturday at 15", "2026-11-21T15:00:00-05:00", EMAIL, "", "CO-2300", REASON_WINDOW,
         "2026-11-23T07:00:00-05:00"},
        {"saturday at 8", "2026-11-21T08:00:00-05:00", EMAIL, "", NULL, 0, NULL},
        {"saturday before 8", "2026-11-21T07:59:59-05:00", EMAIL, "", "CO-2300", REASON_WINDOW,
         "2026-11-21T08:00:00-05:00"},
        {"sunday", "2026-11-22T10:00:00-05:00", CALL, "", "CO-2300", REASON_WINDOW, "2026-11-23T07:00:00-05:00"},
        {"weekday before 7", "2026-11-23T06:59:59-05:00", SMS, "", "CO-2300", REASON_WINDOW,
         "2026-11-23T07:00:00-05:00"},
        {"weekday at 7", "2026-11-23T07:00:00-05:00", SMS, "", NULL, 0, NULL},
        {"weekday before 19", "2026-11-23T18:59:59-05:00", SMS, "", NULL, 0, NULL},
        {"weekday at 19", "2026-11-23T19:00:00-05:00", SMS, "", "CO-2300", REASON_WINDOW, "2026-11-24T07:00:00-05:00"},
        {"friday evening leads to saturday 8", "2026-11-20T19:00:00-05:00", SMS, "", "CO-2300", REASON_WINDOW,
         "2026-11-21T08:00:00-05:00"},
        {"holiday in the week", "2026-12-08T10:00:00-05:00", EMAIL, "", "CO-2300", REASON_HOLIDAY,
         "2026-12-09T07:00:00-05:00"},
        {"saturday before a monday holiday", "2026-11-14T15:00:00-05:00", EMAIL, "", "CO-2300", REASON_WINDOW,
         "2026-11-17T07:00:00-05:00"},
        {"second contact of the day", "2026-11-24T15:00:00-05:00", EMAIL, "email 2026-11-24T08:00:00-05:00", "CO-2300",
         REASON_CAP, "2026-11-25T07:00:00-05:00"},
        {"the next day again, same channel", "2026-11-25T07:00:00-05:00", EMAIL, "email 2026-11-24T18:59:00-05:00",
         NULL, 0, NULL},
        {"the day is the debtor's", "2026-11-24T23:30:00Z", EMAIL, "email 2026-11-24T13:00:00Z", "CO-2300", REASON_CAP,
         "2026-11-25T07:00:00-05:00"},
        {"yesterday by the debtor's clock", "2026-11-24T13:00:00Z", EMAIL, "email 2026-11-24T00:30:00Z", NULL, 0, NULL},
        {"another channel in the week", "2026-11-25T10:00:00-05:00", CALL, "email 2026-11-24T10:00:00-05:00", "CO-2300",
         REASON_CAP, "2026-12-01T10:00:00-05:00"},
        {"another channel a second before the week is over", "2026-12-01T09:59:59-05:00", CALL,
         "email 2026-11-24T10:00:00-05:00", "CO-2300", REASON_CAP, "2026-12-01T10:00:00-05:00"},
        {"another channel exactly 168 hours later", "2026-12-01T10:00:00-05:00", CALL,
         "email 2026-11-24T10:00:00-05:00", NULL, 0, NULL},
        {"two channels mix already", "2026-11-26T10:00:00-05:00", CALL,
         "call 2026-11-25T10:00:00-05:00, email 2026-11-24T10:00:00-05:00", "CO-2300", REASON_CAP,
         "2026-12-01T10:00:00-05:00"},
        {"a visit is a channel too", "2026-11-26T10:00:00-05:00", CALL, "visit 2026-11-25T10:00:00-05:00", "CO-2300",
         REASON_CAP, "2026-12-02T10:00:00-05:00"},
        {"every weekday by the same channel", "2026-11-27T07:00:00-05:00", EMAIL,
         "email 2026-11-26T10:00:00-05:00, email 2026-11-25T10:00:00-05:00, email 2026-11-24T10:00:00-05:00", NULL, 0,
         NULL},
        {"before the law the house speaks", "2023-10-07T10:00:00-05:00", EMAIL, "", "HOUSE-1", REASON_WINDOW,
         "2023-10-09T08:00:00-05:00"},
        {"the law begins", "2023-10-09T19:30:00-05:00", EMAIL, "", "HOUSE-1", REASON_WINDOW,
         "2023-10-10T07:00:00-05:00"},
    };
    check_cases(state, &d, cases, COUNT_OF(cases));
}

/* RULE: CL-37. Chile is at UTC-3 in November. */
static void chile_keeps_article_37(void **state) {
    static const struct debtor d = {"CL", "", "America/Santiago", PERSON, NULL, PROFILE_HOUSE};
    static const struct rule_case cases[] = {
        {"at 8", "2026-11-23T08:00:00-03:00", CALL, "", NULL, 0, NULL},
        {"before 8", "2026-11-23T07:59:59-03:00", CALL, "", "CL-37", REASON_WINDOW, "2026-11-23T08:00:00-03:00"},
        {"saturday before 20", "2026-11-21T19:59:59-03:00", EMAIL, "", NULL, 0, NULL},
        {"saturday at 20", "2026-11-21T20:00:00-03:00", EMAIL, "", "CL-37", REASON_WINDOW, "2026-11-23T08:00:00-03:00"},
        {"holiday", "2026-12-08T12:00:00-03:00", EMAIL, "", "CL-37", REASON_HOLIDAY, "2026-12-09T08:00:00-03:00"},
        {"second call in a week", "2026-11-27T12:00:00-03:00", CALL, "call 2026-11-23T12:00:00-03:00", "CL-37",
         REASON_CAP, "2026-11-30T12:00:00-03:00"},
        {"a visit counts with calls", "2026-11-27T12:00:00-03:00", CALL, "visit 2026-11-23T12:00:00-03:00", "CL-37",
         REASON_CAP, "2026-11-30T12:00:00-03:00"},
        {"a call exactly a week later", "2026-11-30T12:00:00-03:00", CALL, "call 2026-11-23T12:00:00-03:00", NULL, 0,
         NULL},
        {"calls do not count with mail", "2026-11-24T12:00:00-03:00", EMAIL, "call 2026-11-23T12:00:00-03:00", NULL, 0,
         NULL},
        {"written the next day", "2026-11-24T18:00:00-03:00", SMS, "email 2026-11-23T09:00:00-03:00", "CL-37",
         REASON_GAP, "2026-11-25T08:00:00-03:00"},
        {"written two dates later", "2026-11-25T08:00:00-03:00", SMS, "email 2026-11-23T19:59:00-03:00", NULL, 0, NULL},
        {"third written in a week", "2026-11-27T12:00:00-03:00", WHATSAPP,
         "sms 2026-11-25T12:00:00-03:00, email 2026-11-23T12:00:00-03:00", "CL-37", REASON_CAP,
         "2026-11-30T12:00:00-03:00"},
        {"letters are written", "2026-11-24T12:00:00-03:00", LETTER, "email 2026-11-23T09:00:00-03:00", "CL-37",
         REASON_GAP, "2026-11-25T08:00:00-03:00"},
    };
    check_cases(state, &d, cases, COUNT_OF(cases));
}

/* RULE: MX-CONDUSEF; MX-PROFECO binds agencies and must not narrow Saturdays. */
static void mexico_keeps_its_hours_in_every_zone(void **state) {
    static const struct debtor known = {"MX", "", "America/Mexico_City", PERSON, NULL, PROFILE_HOUSE};
    static const struct rule_case cases[] = {
        {"sunday", "2026-11-22T07:00:00-06:00", CALL, "", NULL, 0, NULL},
        {"before 7", "2026-11-22T06:59:59-06:00", CALL, "", "MX-CONDUSEF", REASON_WINDOW, "2026-11-22T07:00:00-06:00"},
        {"before 22", "2026-11-21T21:59:59-06:00", EMAIL, "", NULL, 0, NULL},
        {"at 22", "2026-11-21T22:00:00-06:00", EMAIL, "", "MX-CONDUSEF", REASON_WINDOW, "2026-11-22T07:00:00-06:00"},
    };
    check_cases(state, &known, cases, COUNT_OF(cases));
    /* Cancún is at UTC-5, Tijuana at UTC-8 in November: 10:00 in the east is the first moment, 21:59 there the last. */
    static const struct debtor unknown = {"MX", "", "", PERSON, NULL, PROFILE_HOUSE};
    static const struct rule_case unknown_cases[] = {
        {"too early in Tijuana", "2026-11-23T06:59:59-08:00", EMAIL, "", "MX-CONDUSEF", REASON_WINDOW,
         "2026-11-23T07:00:00-08:00"},
        {"early enough everywhere", "2026-11-23T07:00:00-08:00", EMAIL, "", NULL, 0, NULL},
        {"still early enough in Cancún", "2026-11-23T21:59:59-05:00", EMAIL, "", NULL, 0, NULL},
        {"too late in Cancún", "2026-11-23T22:00:00-05:00", EMAIL, "", "MX-CONDUSEF", REASON_WINDOW,
         "2026-11-24T07:00:00-08:00"},
    };
    check_cases(state, &unknown, unknown_cases, COUNT_OF(unknown_cases));
}

/* RULE: PE-62. */
static void peru_keeps_article_62(void **state) {
    static const struct debtor d = {"PE", "", "America/Lima", PERSON, NULL, PROFILE_HOUSE};
    static const struct rule_case cases[] = {
        {"at 7", "2026-11-23T07:00:00-05:00", CALL, "", NULL, 0, NULL},
        {"before 20", "2026-11-23T19:59:59-05:00", EMAIL, "", NULL, 0, NULL},
        {"at 20", "2026-11-23T20:00:00-05:00", EMAIL, "", "PE-62", REASON_WINDOW, "2026-11-24T07:00:00-05:00"},
        {"saturday", "2026-11-21T10:00:00-05:00", EMAIL, "", "PE-62", REASON_WINDOW, "2026-11-23T07:00:00-05:00"},
        {"two holidays in a row", "2026-12-08T10:00:00-05:00", CALL, "", "PE-62", REASON_HOLIDAY,
         "2026-12-10T07:00:00-05:00"},
        {"no law on how often", "2026-11-24T10:00:00-05:00", EMAIL,
         "email 2026-11-24T08:00:00-05:00, email 2026-11-23T08:00:00-05:00", NULL, 0, NULL},
    };
    check_cases(state, &d, cases, COUNT_OF(cases));
}

/* RULE: DO-019-16, which binds towards companies too; those have the house profile besides. */
static void dominicans_keep_resolution_019_16(void **state) {
    static const struct debtor person = {"DO", "", "America/Santo_Domingo", PERSON, NULL, PROFILE_HOUSE};
    static const struct rule_case cases[] = {
        {"at 7", "2026-11-23T07:00:00-04:00", CALL, "", NULL, 0, NULL},
        {"at 20", "2026-11-23T20:00:00-04:00", SMS, "", "DO-019-16", REASON_WINDOW, "2026-11-24T07:00:00-04:00"},
        {"saturday at 9", "2026-11-21T09:00:00-04:00", SMS, "", NULL, 0, NULL},
        {"saturday at 13", "2026-11-21T13:00:00-04:00", SMS, "", "DO-019-16", REASON_WINDOW,
         "2026-11-23T07:00:00-04:00"},
        {"29 minutes 59 after", "2026-11-23T10:29:59-04:00", SMS, "call 2026-11-23T10:00:00-04:00", "DO-019-16",
         REASON_GAP, "2026-11-23T10:30:00-04:00"},
        {"30 minutes after", "2026-11-23T10:30:00-04:00", SMS, "call 2026-11-23T10:00:00-04:00", NULL, 0, NULL},
        {"fifth of the day", "2026-11-23T15:00:00-04:00", EMAIL,
         "sms 2026-11-23T11:00:00-04:00, sms 2026-11-23T10:00:00-04:00, call 2026-11-23T09:00:00-04:00, email "
         "2026-11-23T08:00:00-04:00",
         NULL, 0, NULL},
        {"sixth of the day", "2026-11-23T15:00:00-04:00", EMAIL,
         "sms 2026-11-23T12:00:00-04:00, sms 2026-11-23T11:00:00-04:00, sms 2026-11-23T10:00:00-04:00, call "
         "2026-11-23T09:00:00-04:00, email 2026-11-23T08:00:00-04:00",
         "DO-019-16", REASON_CAP, "2026-11-24T07:00:00-04:00"},
        {"letters: the house", "2026-11-23T07:30:00-04:00", LETTER, "", "HOUSE-1", REASON_WINDOW,
         "2026-11-23T08:00:00-04:00"},
    };
    check_cases(state, &person, cases, COUNT_OF(cases));
    static const struct debtor firm = {"DO", "", "America/Santo_Domingo", FIRM, NULL, PROFILE_HOUSE};
    static const struct rule_case firm_cases[] = {
        {"saturday morning", "2026-11-21T10:00:00-04:00", EMAIL, "", "HOUSE-1", REASON_WINDOW,
         "2026-11-23T08:00:00-04:00"},
        {"saturday evening: the house is stricter", "2026-11-21T14:00:00-04:00", EMAIL, "", "HOUSE-1", REASON_WINDOW,
         "2026-11-23T08:00:00-04:00"},
    };
    check_cases(state, &firm, firm_cases, COUNT_OF(firm_cases));
    static const struct debtor bare = {"DO", "", "America/Santo_Domingo", FIRM, NULL, PROFILE_NONE};
    static const struct rule_case bare_cases[] = {
        {"the law holds without the house", "2026-11-21T14:00:00-04:00", EMAIL, "", "DO-019-16", REASON_WINDOW,
         "2026-11-23T07:00:00-04:00"},
    };
    check_cases(state, &bare, bare_cases, COUNT_OF(bare_cases));
}

/* RULE: HOUSE-1, for companies, and wherever law has no figures: AR-8bis UY-17250 VE ES GB-CONC BR-42, or binds
 * agencies only: EC-49 AR-C-6171 US-REGF. */
static void the_house_holds_where_no_law_has_figures(void **state) {
    static const struct debtor firm = {"CO", "", "America/Bogota", FIRM, NULL, PROFILE_HOUSE};
    static const struct rule_case cases[] = {
        {"at 8", "2026-11-23T08:00:00-05:00", EMAIL, "", NULL, 0, NULL},
        {"before 8", "2026-11-23T07:59:59-05:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00-05:00"},
        {"before 19", "2026-11-23T18:59:59-05:00", EMAIL, "", NULL, 0, NULL},
        {"at 19", "2026-11-23T19:00:00-05:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-24T08:00:00-05:00"},
        {"saturday", "2026-11-21T10:00:00-05:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00-05:00"},
        {"holiday", "2026-12-08T10:00:00-05:00", EMAIL, "", "HOUSE-1", REASON_HOLIDAY, "2026-12-09T08:00:00-05:00"},
        {"second call of the day", "2026-11-23T15:00:00-05:00", CALL, "call 2026-11-23T09:00:00-05:00", "HOUSE-1",
         REASON_CAP, "2026-11-24T08:00:00-05:00"},
        {"call the day after", "2026-11-24T09:00:00-05:00", CALL, "call 2026-11-23T18:00:00-05:00", NULL, 0, NULL},
        {"third call of the week", "2026-11-26T15:00:00-05:00", CALL,
         "call 2026-11-24T09:30:00-05:00, call 2026-11-23T09:00:00-05:00", "HOUSE-1", REASON_CAP,
         "2026-11-30T09:00:00-05:00"},
        {"written on the next date", "2026-11-24T18:00:00-05:00", SMS, "email 2026-11-23T08:00:00-05:00", "HOUSE-1",
         REASON_GAP, "2026-11-25T08:00:00-05:00"},
        {"written two dates later", "2026-11-25T08:00:00-05:00", SMS, "email 2026-11-23T18:00:00-05:00", NULL, 0, NULL},
        {"third written of the week", "2026-11-27T10:00:00-05:00", EMAIL,
         "email 2026-11-25T10:00:00-05:00, email 2026-11-23T10:00:00-05:00", "HOUSE-1", REASON_CAP,
         "2026-11-30T10:00:00-05:00"},
        {"a second before 168 hours", "2026-11-30T09:59:59-05:00", EMAIL,
         "email 2026-11-25T10:00:00-05:00, email 2026-11-23T10:00:00-05:00", "HOUSE-1", REASON_CAP,
         "2026-11-30T10:00:00-05:00"},
        {"exactly 168 hours", "2026-11-30T10:00:00-05:00", EMAIL,
         "email 2026-11-25T10:00:00-05:00, email 2026-11-23T10:00:00-05:00", NULL, 0, NULL},
        {"calls and mail do not count together", "2026-11-24T10:00:00-05:00", EMAIL, "call 2026-11-24T09:00:00-05:00",
         NULL, 0, NULL},
    };
    check_cases(state, &firm, cases, COUNT_OF(cases));
    static const struct {
        struct debtor d;
        struct rule_case c;
    } persons[] = {
        {{"AR", "C", "America/Argentina/Buenos_Aires", PERSON, NULL, PROFILE_HOUSE},
         {"AR", "2026-11-23T19:00:00-03:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-24T08:00:00-03:00"}},
        {{"UY", "", "America/Montevideo", PERSON, NULL, PROFILE_HOUSE},
         {"UY", "2026-11-21T10:00:00-03:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00-03:00"}},
        {{"VE", "", "America/Caracas", PERSON, NULL, PROFILE_HOUSE},
         {"VE", "2026-11-21T10:00:00-04:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00-04:00"}},
        {{"ES", "MD", "Europe/Madrid", PERSON, NULL, PROFILE_HOUSE},
         {"ES", "2026-11-21T10:00:00+01:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00+01:00"}},
        {{"GB", "", "Europe/London", PERSON, NULL, PROFILE_HOUSE},
         {"GB", "2026-11-23T19:00:00Z", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-24T08:00:00Z"}},
        {{"BR", "", "America/Sao_Paulo", PERSON, NULL, PROFILE_HOUSE},
         {"BR", "2026-11-21T10:00:00-03:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00-03:00"}},
        {{"EC", "", "America/Guayaquil", PERSON, NULL, PROFILE_HOUSE},
         {"EC", "2026-11-23T07:30:00-05:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00-05:00"}},
        {{"EC", "", "America/Guayaquil", PERSON, NULL, PROFILE_HOUSE},
         {"EC: a mail after a call", "2026-11-23T10:00:00-05:00", EMAIL, "call 2026-11-23T09:00:00-05:00", NULL, 0,
          NULL}},
        {{"US", "NY", "America/New_York", PERSON, NULL, PROFILE_HOUSE},
         {"US", "2026-11-21T10:00:00-05:00", EMAIL, "", "HOUSE-1", REASON_WINDOW, "2026-11-23T08:00:00-05:00"}},
        {{"US", "NY", "America/New_York", PERSON, NULL, PROFILE_NONE},
         {"US-TCPA", "2026-11-21T21:00:00-05:00", SMS, "", "US-TCPA", REASON_WINDOW, "2026-11-22T08:00:00-05:00"}},
        {{"ES", "MD", "Europe/Madrid", PERSON, NULL, PROFILE_NONE},
         {"nothing holds", "2026-11-22T03:00:00+01:00", EMAIL, "", NULL, 0, NULL}},
        {{"ES", "MD", "Europe/Madrid", PERSON, NULL, PROFILE_HOURS},
         {"hours alone: window", "2026-11-23T19:00:00+01:00", EMAIL, "", "HOUSE-1", REASON_WINDOW,
          "2026-11-24T08:00:00+01:00"}},
        {{"ES", "MD", "Europe/Madrid", PERSON, NULL, PROFILE_HOURS},
         {"hours alone: no caps, no gaps", "2026-11-23T10:00:00+01:00", EMAIL,
          "email 2026-11-23T09:00:00+01:00, email 2026-11-20T09:00:00+01:00", NULL, 0, NULL}},
        {{"ES", "MD", "Europe/Madrid", PERSON, "CO", PROFILE_HOUSE},
         {"the creditor's law comes on top", "2026-11-24T10:00:00+01:00", EMAIL, "call 2026-11-23T10:00:00+01:00",
          "CO-2300", REASON_CAP, "2026-11-30T10:00:00+01:00"}},
        {{"ES", "MD", "Europe/Madrid", PERSON, "CO", PROFILE_HOUSE},
         {"but does not replace the house", "2026-11-21T10:00:00+01:00", EMAIL, "", "HOUSE-1", REASON_WINDOW,
          "2026-11-23T08:00:00+01:00"}},
        {{"PE", "", "America/Lima", PERSON, "CL", PROFILE_HOUSE},
         {"strictest of two laws: theirs", "2026-11-23T20:00:00-05:00", CALL, "", "CL-37", REASON_WINDOW,
          "2026-11-24T08:00:00-05:00"}},
        {{"PE", "", "America/Lima", PERSON, "CL", PROFILE_HOUSE},
         {"strictest of two laws: ours", "2026-11-21T10:00:00-05:00", CALL, "", "PE-62", REASON_WINDOW,
          "2026-11-23T08:00:00-05:00"}},
    };
    for (size_t i = 0; i < COUNT_OF(persons); i++) check_cases(state, &persons[i].d, &persons[i].c, 1);
}

static void receipts_and_answers_are_no_contacts(void **state) {
    const struct fixture *f = *state;
    struct customer customer = {.country = S("CO"), .region = S(""), .zone = S("America/Bogota"), .is_person = true};
    struct contact_request request = {.customer = &customer,
                                      .creditor_country = S("CO"),
                                      .channel = EMAIL,
                                      .at = instant("2026-11-22T03:00:00-05:00"),
                                      .is_reminder = false};
    assert_true(contact_rules_check(f->pack, PROFILE_HOUSE, &request).allowed);
    request.is_reminder = true;
    assert_false(contact_rules_check(f->pack, PROFILE_HOUSE, &request).allowed);
}

/* The clocks of Madrid, Santiago and Lord Howe change on Sundays; these windows are open then. */
static const char clock_rules[] =
    "country: ES\n"
    "rules:\n"
    "  - {id: NIGHT, party: ALL, channels: [email], source: test, windows: {daily: '02:30-04:00'}}\n"
    "  - {id: DAY, party: ALL, channels: [call], source: test, windows: {daily: '01:45-02:15'},\n"
    "     caps: [{channels: [call], n: 1, period: day}]}\n"
    "  - {id: MIDNIGHT, party: ALL, channels: [sms], source: test, windows: {daily: '00:00-00:30, 23:30-24:00'}}\n"
    "  - {id: ODD, party: ALL, channels: [letter], source: test, valid_to: 2026-11-24,\n"
    "     windows: {mon: '08:00-09:00'}}\n"
    "  - {id: NEVER, party: ALL, channels: [whatsapp], source: test,\n"
    "     forbidden: [{kind: channel, channels: [whatsapp], text: chat}]}\n";

static const struct rule_pack *pack_of(struct ctx *cx, const char *text) {
    RuleVec rules = {0};
    const struct rule_pack *pack = NULL;
    assert_ok(cx, rule_file_read(cx, str_from(text), "test.yaml", &rules));
    assert_ok(cx, rule_pack_make(cx, &rules, &pack));
    return pack;
}

static void windows_follow_the_clock_through_its_changes(void **state) {
    struct fixture *f = *state;
    const struct rule_pack *pack = pack_of(&f->cx, clock_rules);
    static const struct {
        const char *zone;
        struct rule_case c;
    } cases[] = {
        {"Europe/Madrid",
         {"the gap swallows the opening", "2026-03-29T01:59:59+01:00", EMAIL, "", "NIGHT", REASON_WINDOW,
          "2026-03-29T03:00:00+02:00"}},
        {"Europe/Madrid", {"the gap swallows the closing", "2026-03-29T01:50:00+01:00", CALL, "", NULL, 0, NULL}},
        {"Europe/Madrid",
         {"closed right after the gap", "2026-03-29T03:00:00+02:00", CALL, "", "DAY", REASON_WINDOW,
          "2026-03-30T01:45:00+02:00"}},
        {"Europe/Madrid", {"first pass of the fold", "2026-10-25T02:30:00+02:00", EMAIL, "", NULL, 0, NULL}},
        {"Europe/Madrid",
         {"second pass opens again", "2026-10-25T02:00:00+01:00", EMAIL, "", "NIGHT", REASON_WINDOW,
          "2026-10-25T02:30:00+01:00"}},
        {"Europe/Madrid",
         {"closed in the first pass, open in the second", "2026-10-25T02:15:00+02:00", CALL, "", "DAY", REASON_WINDOW,
          "2026-10-25T02:00:00+01:00"}},
        {"Europe/Madrid",
         {"one civil day of 25 hours", "2026-10-25T02:00:00+01:00", CALL, "call 2026-10-25T00:00:00+02:00", "DAY",
          REASON_CAP, "2026-10-26T01:45:00+01:00"}},
        {"America/Santiago",
         {"midnight does not exist", "2026-09-05T23:00:00-04:00", SMS, "", "MIDNIGHT", REASON_WINDOW,
          "2026-09-05T23:30:00-04:00"}},
        {"America/Santiago",
         {"nor the first half hour", "2026-09-06T01:00:00-03:00", SMS, "", "MIDNIGHT", REASON_WINDOW,
          "2026-09-06T23:30:00-03:00"}},
        {"America/Santiago",
         {"23:00 comes twice", "2026-04-04T23:00:00-04:00", SMS, "", "MIDNIGHT", REASON_WINDOW,
          "2026-04-04T23:30:00-04:00"}},
        {"Australia/Lord_Howe",
         {"half an hour of gap", "2026-10-04T01:59:59+10:30", EMAIL, "", "NIGHT", REASON_WINDOW,
          "2026-10-04T02:30:00+11:00"}},
        {"Australia/Lord_Howe", {"half an hour of fold", "2026-04-05T01:45:00+10:30", CALL, "", NULL, 0, NULL}},
        {"Europe/Madrid",
         {"a rule that ends frees the day after", "2026-11-24T10:00:00+01:00", LETTER, "", "ODD", REASON_WINDOW,
          "2026-11-25T00:00:00+01:00"}},
        {"Europe/Madrid",
         {"a forbidden channel has no next moment", "2026-11-24T10:00:00+01:00", WHATSAPP, "", "NEVER",
          REASON_FORBIDDEN, NULL}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct debtor d = {"ES", "", cases[i].zone, PERSON, NULL, PROFILE_HOUSE};
        check_case(pack, &d, &cases[i].c);
    }
}

/* REQ: A1. A person's hours narrow what the law allows, and give way where nothing would be left. */
static void wished_hours_narrow_and_yield(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *name, *at;
        int32_t from_s, to_s;
        const char *rule, *next;
    } cases[] = {
        {"within", "2026-11-20T10:00:00-05:00", 9 * 3600, 12 * 3600, NULL, "2026-11-20T10:00:00-05:00"},
        {"before", "2026-11-20T08:00:00-05:00", 9 * 3600, 12 * 3600, "CONTACT-HOURS", "2026-11-20T09:00:00-05:00"},
        {"at its end", "2026-11-20T12:00:00-05:00", 9 * 3600, 12 * 3600, "CONTACT-HOURS",
         "2026-11-21T09:00:00-05:00"},
        {"the law first on Saturday", "2026-11-21T15:00:00-05:00", 14 * 3600, 16 * 3600, "CO-2300",
         "2026-11-23T14:00:00-05:00"},
        {"only at night: the law alone counts", "2026-11-20T10:00:00-05:00", 22 * 3600, 24 * 3600, NULL,
         "2026-11-20T10:00:00-05:00"},
        {"only at night, and the law refuses", "2026-11-20T20:00:00-05:00", 22 * 3600, 24 * 3600, "CO-2300",
         "2026-11-21T08:00:00-05:00"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct customer customer = {.country = S("CO"), .region = S(""), .zone = S(""), .is_person = true};
        struct contact_request request = {.customer = &customer,
                                          .creditor_country = S("CO"),
                                          .channel = EMAIL,
                                          .at = instant(cases[i].at),
                                          .is_reminder = true,
                                          .hours_from_s = cases[i].from_s,
                                          .hours_to_s = cases[i].to_s};
        struct contact_answer a = contact_rules_check(f->pack, PROFILE_HOUSE, &request);
        print_message("%s\n", cases[i].name);
        assert_int_equal(a.allowed, !cases[i].rule);
        assert_str(a.rule, cases[i].rule ? cases[i].rule : "");
        assert_int_equal(a.next_allowed.ms, instant(cases[i].next).ms);
    }
}

static void rules_are_told_in_words(void **state) {
    struct fixture *f = *state;
    struct customer customer = {.country = S("CL"), .region = S(""), .zone = S(""), .is_person = true};
    struct contact_rule_line lines[8];
    Instant at = instant("2026-11-23T12:00:00Z");
    assert_int_equal(contact_rules_describe(f->cx.arena, "en", f->pack, &customer, S("CL"), at, lines, 8), 1);
    assert_str(lines[0].id, "CL-37");
    assert_str(lines[0].confidence, "V");
    assert_true(str_starts(
        lines[0].text,
        S("Mon-Sat 08:00-20:00, no holidays; calls and visits at most 1 in 7 days; written messages at most 2 in "
          "7 days; written messages on dates at least 2 days apart; forbidden: ")));
    assert_int_equal(contact_rules_describe(f->cx.arena, "es", f->pack, &customer, S("CL"), at, lines, 8), 1);
    assert_str(lines[0].text, "lun-sáb 08:00-20:00, sin feriados; llamadas y visitas máximo 1 en 7 días; mensajes escritos máximo 2 en 7 días; "
                              "mensajes escritos en fechas con 2 días de separación como mínimo; "
                              "prohibido: documentos que parezcan judiciales; prohibido: informar de la deuda a terceros; prohibido: todo lo que afecte "
                              "la vida familiar o el empleo del deudor; requerido: una gestión útil sin costo dentro de los 15 días de cada vencimiento; "
                              "si falta, el tope de los gastos de cobranza baja 0,2 UF; sin gastos antes del día 21");
    assert_str(lines[0].title, "Ley 19.496, art. 37 (Chile)");
    assert_true(str_starts(lines[0].note, S("Dos días de separación ")));
    assert_str(contact_rules_title(f->pack, "pt", S("HOUSE-1")), "Perfil da casa");
    assert_str(contact_rules_title(f->pack, "es", S("COMPANY")), "El calendario de la empresa");
    assert_str(contact_rules_title(f->pack, "en", S("GONE-1")), "GONE-1");
    customer.is_person = false;
    assert_int_equal(contact_rules_describe(f->cx.arena, "pt", f->pack, &customer, S("CL"), at, lines, 8), 1);
    assert_str(lines[0].id, "HOUSE-1");
    assert_true(str_starts(lines[0].text, S("seg-sex 08:00-19:00, sem feriados; ligações no máximo 1 por dia; ")));
    customer.country = S("DO"); /* letters are left to the house */
    customer.is_person = true;
    assert_int_equal(contact_rules_describe(f->cx.arena, "en", f->pack, &customer, S("CO"), at, lines, 8), 3);
    assert_str(lines[0].id, "DO-019-16");
    assert_str(lines[1].id, "CO-2300");
    assert_str(lines[2].id, "HOUSE-1");
    struct contact_text texts[32];
    customer.country = S("CO");
    size_t count = contact_rules_texts(f->pack, &customer, S("CO"), at, texts, 32);
    bool question = false;
    for (size_t i = 0; i < count; i++)
        question = question || (str_is(texts[i].kind, "question") && texts[i].phrase_count > 0 && !texts[i].required);
    assert_true(question);
}

#define RULES_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
static const struct CMUnitTest contact_rules_tests[] = {
    RULES_TEST(colombia_keeps_ley_2300),
    RULES_TEST(chile_keeps_article_37),
    RULES_TEST(mexico_keeps_its_hours_in_every_zone),
    RULES_TEST(peru_keeps_article_62),
    RULES_TEST(dominicans_keep_resolution_019_16),
    RULES_TEST(the_house_holds_where_no_law_has_figures),
    RULES_TEST(receipts_and_answers_are_no_contacts),
    RULES_TEST(windows_follow_the_clock_through_its_changes),
    RULES_TEST(wished_hours_narrow_and_yield),
    RULES_TEST(rules_are_told_in_words),
};
const struct test_suite contact_rules_suite = {"contact_rules", contact_rules_tests, COUNT_OF(contact_rules_tests)};
