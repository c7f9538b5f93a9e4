/* Composing: what every message must contain, the golden mails, and facts that overrule the kind.
 *
 * test/golden/mail/ holds whole messages made from fixed facts; ACCEPT=1 writes them anew. */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "message/compose.h"
#include "message/mime.h"

static Money money(int64_t minor, const char *code) {
    Currency c = {0};
    assert_true(currency_parse(str_from(code), &c));
    return money_make(minor, c);
}

static Date day(int year, int month, int month_day) {
    Date d = DATE_NONE;
    assert_true(date_make(year, month, month_day, &d));
    return d;
}

/* Facts to start from; a case changes what it is about. */
struct fixture {
    struct ctx cx;
    const struct message_library *library;
    struct message_item items[12];
    struct credit credits[2];
    struct message_facts facts;
};

static void add_item(struct fixture *f, const char *number, int64_t minor, const char *currency, int32_t days_overdue) {
    Date due = date_add(f->facts.today, -days_overdue);
    f->items[f->facts.item_count++] = (struct message_item){.number = str_from(number),
                                                            .position = 1,
                                                            .instalment_count = 1,
                                                            .type = DOCUMENT_INVOICE,
                                                            .issue_date = date_add(due, -30),
                                                            .due_date = due,
                                                            .open = money(minor, currency),
                                                            .days_overdue = days_overdue,
                                                            .promised_until = DATE_NONE};
}

static struct fixture *fixture_new(const char *kind, enum tone tone, const char *variant) {
    struct ctx cx = test_ctx();
    struct fixture *f = ARENA_NEW(cx.arena, struct fixture);
    f->cx = cx;
    assert_ok(&f->cx, message_library_load(&f->cx, NULL, NULL, 0, &f->library));
    f->facts = (struct message_facts){
        .company = {.name = S("Insumos Altuvera S.A.S."),
                    .country = S("CO"),
                    .tax_id = S("999.876.543-2"),
                    .address = S("Calle 10 # 4-20, Bogotá"),
                    .person_name = S("Marcela Ríos, cartera"),
                    .person_phone = S("601 555 01 10"),
                    .person_email = S("marcela@altuvera.example"),
                    .person_hours = S("Lunes a viernes, 8:00 a 17:00"),
                    .ways_to_pay = S("Banco Norandino: Corriente 000-128843-07\nBanco Solmarino: Ahorros "
                                     "000-771205-3\nhttps://pagos.altuvera.example")},
        .customer = {.name = S("Textiles Ovaluna S.A."),
                     .code = S("OVA-0418"),
                     .country = S("CO"),
                     .language = S("es")},
        .contact_name = S("Adriana Gómez"),
        .kind = str_from(kind),
        .tone = tone,
        .variant = str_from(variant),
        .language = S("es"),
        .today = day(2026, 11, 19),
        .items = f->items,
        .credits = f->credits,
        .broken_promise = DATE_NONE,
        .pay_by = DATE_NONE,
        .unsubscribe_url = S("https://pagos.altuvera.example/baja/9QX4"),
        .unsubscribe_mailto = S("baja@altuvera.example"),
    };
    return f;
}

static void fixture_done(struct fixture *f) {
    struct ctx cx = f->cx;
    test_ctx_done(&cx);
}

static struct message_text compose(struct fixture *f) {
    struct message_text text = {0};
    assert_ok(&f->cx, message_compose(&f->cx, f->library, &f->facts, &text));
    return text;
}

static size_t variants_of(struct fixture *f, const char *language, Str kind, enum tone tone, Str *out, size_t max) {
    struct wording_query query = {.language = str_from(language),
                                  .kind = kind,
                                  .tone = tone,
                                  .country = S("CO"),
                                  .sector = S(""),
                                  .profile = S("")};
    return message_variants(f->library, &query, out, max);
}

static bool has(Str text, const char *part) { return str_contains(text, str_from(part)); }

static void expect_part(Str text, const char *part) {
    if (!has(text, part)) fail_msg("\"%s\" is missing in:\n%.*s", part, STR_ARG(text));
}

static void expect_none(Str text, const char *part) {
    if (has(text, part)) fail_msg("\"%s\" should not be in:\n%.*s", part, STR_ARG(text));
}

/* A rich claim: everything a message can hold. */
static struct fixture *rich_claim(enum tone tone, const char *variant) {
    struct fixture *f = fixture_new("claim", tone, variant);
    add_item(f, "FV-20871", 928000000, "COP", 78);
    add_item(f, "FV-21044", 1193500000, "COP", 43);
    add_item(f, "FV-21190", 846000050, "COP", 15);
    add_item(f, "FV-21233", 612550000, "COP", 0);
    add_item(f, "FV-21307", 1274000000, "COP", -14);
    add_item(f, "FV-20998", 77700000, "COP", 60);
    add_item(f, "FV-21100", 55500000, "COP", 30);
    add_item(f, "EXP-7", 125000, "USD", 9);
    f->items[1].position = 2;
    f->items[1].instalment_count = 3;
    f->items[2].reference = S("OC 4471");
    f->items[5].disputed = true;
    f->items[6].promised_until = day(2026, 11, 27);
    f->credits[f->facts.credit_count++] = (struct credit){money(85000000, "COP")};
    f->facts.broken_promise = day(2026, 11, 17);
    f->facts.page_url = S("https://pagos.altuvera.example/p/9QX4");
    return f;
}

static void every_open_item_is_a_line_and_totals_are_apart(void **state) {
    (void)state;
    struct fixture *f = rich_claim(TONE_CONCERN, "a");
    struct message_text m = compose(f);
    static const char *const lines[] = {
        "FV-20871", "FV-21044, cuota 2 de 3", "FV-21190 (OC 4471)", "FV-21233", "FV-21307", "FV-20998", "FV-21100",
        "EXP-7"};
    static const char *const amounts[] = {"$ 9.280.000",  "$ 11.935.000", "$ 8.460.000,50", "$ 6.125.500",
                                          "$ 12.740.000", "$ 777.000",    "$ 555.000",      "USD 1.250,00"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        int rows = 0;
        for (Str rest = m.text; rest.p;) {
            Str line = str_cut(&rest, '\n');
            if (!str_starts(line, str_from(lines[i]))) continue;
            rows++;
            assert_true(str_ends(line, str_from(amounts[i])));
        }
        assert_int_equal(rows, 1);
    }
    expect_part(m.subject, "4 facturas vencidas por $ 29.675.000,50 y USD 1.250,00");
    expect_part(m.subject, "Insumos Altuvera S.A.S.");
    expect_part(m.text, "Total vencido: $ 29.675.000,50\nTotal vencido: USD 1.250,00\n");
    expect_part(m.text, "Total abierto: $ 48.540.500,50\nTotal abierto: USD 1.250,00\n");
    expect_part(m.text, "promesa para el 27 nov 2026");
    expect_part(m.text, "En revisión\nFV-20998");
    expect_part(m.text, "Tiene $ 850.000 a su favor, sin aplicar.");
    expect_part(m.text, "martes 17 de noviembre de 2026");
    expect_part(m.html, "FV-20998");
    expect_none(m.text, "\xC2\xA0");
    expect_none(m.subject, "\xC2\xA0");
    fixture_done(f);
}

static void lines_fit_and_amounts_stay_whole(void **state) {
    (void)state;
    struct fixture *f = rich_claim(TONE_FIRM, "a");
    struct message_text m = compose(f);
    for (Str rest = m.text; rest.p;) {
        Str line = str_cut(&rest, '\n');
        bool row = has(line, "venc") && has(line, "emitida");
        if (!row && str_codepoints(line) > 78 && str_index(line, ' ') < line.n)
            fail_msg("too long: %.*s", STR_ARG(line));
        assert_false(str_ends(line, S(" ")) || str_ends(line, S("$")));
    }
    expect_none(m.text, "\n\n\n");
    fixture_done(f);
}

static void equal_facts_give_equal_bytes(void **state) {
    (void)state;
    struct fixture *f = rich_claim(TONE_CONCERN, "b"), *g = rich_claim(TONE_CONCERN, "b");
    struct message_text one = compose(f), two = compose(g), three = compose(f);
    assert_true(str_equal(one.html, two.html) && str_equal(one.text, two.text) && str_equal(one.subject, two.subject));
    assert_true(str_equal(one.html, three.html));
    fixture_done(f);
    fixture_done(g);
}

static void the_facts_overrule_the_kind(void **state) {
    (void)state;
    static const struct {
        const char *kind;
        int32_t days;
        bool demanded;
        const char *subject;
    } cases[] = {
        {"claim", 7, true, "vencida hace 7 días"},
        {"claim", 1, false, "vencida hace 1 día,"},
        {"claim", 0, true, "Vence hoy"},
        {"claim", -3, true, "vence el 22 nov 2026"},
        {"due_today", 0, true, "Vence hoy"},
        {"due_today", 3, true, "vencida hace 3 días"},
        {"due_today", -1, true, "vence el 20 nov 2026"},
        {"due_soon", -7, true, "vence el 26 nov 2026"},
        {"due_soon", 0, true, "Vence hoy"},
        {"due_soon", 2, true, "vencida hace 2 días"},
        {"new_invoice", -30, true, "Nueva factura"},
        {"new_invoice", 0, true, "Nueva factura"},
        {"new_invoice", 5, true, "vencida hace 5 días"},
        {"new_invoice", -4, false, "vence el 23 nov 2026"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture *f = fixture_new(cases[i].kind, TONE_FRIENDLY, "a");
        add_item(f, "F-1", 100000, "COP", cases[i].days);
        f->items[0].demanded = cases[i].demanded;
        expect_part(compose(f).subject, cases[i].subject);
        fixture_done(f);
    }
}

static void what_is_not_owed_now_is_not_asked_for(void **state) {
    (void)state;
    struct fixture *f = fixture_new("claim", TONE_FRIENDLY, "a");
    struct message_text m;
    assert_rc(&f->cx, INVALID, message_compose(&f->cx, f->library, &f->facts, &m));
    add_item(f, "F-1", 100000, "COP", 9);
    f->items[0].disputed = true;
    add_item(f, "F-2", 100000, "COP", 9);
    f->items[1].promised_until = f->facts.today;
    assert_rc(&f->cx, INVALID, message_compose(&f->cx, f->library, &f->facts, &m));
    f->items[1].promised_until = date_add(f->facts.today, -1);
    expect_part(compose(f).subject, "factura F-2 vencida");
    f->facts.kind = S("love_letter");
    assert_rc(&f->cx, INVALID, message_compose(&f->cx, f->library, &f->facts, &m));
    fixture_done(f);
}

static void a_notice_shows_overdue_items_apart(void **state) {
    (void)state;
    struct fixture *f = fixture_new("due_soon", TONE_FRIENDLY, "a");
    add_item(f, "F-9", 900, "EUR", -7);
    f->items[0].demanded = true;
    add_item(f, "F-1", 100000, "EUR", 4);
    add_item(f, "F-2", 5000, "EUR", -20);
    f->facts.company.country = S("ES");
    struct message_text m = compose(f);
    expect_part(m.subject, "factura F-9 por 9,00 € vence el 26 nov 2026");
    expect_part(m.text, "tiene además la factura F-1 vencida, por 1.000,00 €");
    expect_part(m.text, "Por vencer\nF-9");
    expect_part(m.text, "Factura vencida\nF-1");
    expect_part(m.text, "Otra factura abierta\nF-2");
    expect_part(m.text, "Total abierto: 1.059,00 €");
    fixture_done(f);
}

static void greetings_and_gaps(void **state) {
    (void)state;
    struct fixture *f = fixture_new("claim", TONE_FRIENDLY, "a");
    add_item(f, "F-1", 100000, "COP", 1);
    expect_part(compose(f).text, "\nAdriana Gómez, buen día:\n");
    f->facts.contact_name = S("");
    f->facts.company = (struct message_company){.name = S("Insumos\r\nAltuvera <b>"), .country = S("MX")};
    f->facts.customer.code = S("");
    f->facts.unsubscribe_url = S("");
    struct message_text m = compose(f);
    expect_part(m.text, "\nBuen día:\n");
    expect_part(m.text, "hace 1 día,");
    expect_part(m.text, "Insumos Altuvera <b>");
    expect_part(m.html, "Insumos Altuvera &lt;b&gt;");
    expect_part(m.text, "Si necesita los datos para pagar");
    expect_none(m.text, "Identificación");
    expect_none(m.html, "href");
    fixture_done(f);
}

static void the_day_asked_for_is_a_working_one(void **state) {
    (void)state;
    struct fixture *f = fixture_new("claim", TONE_CONCERN, "b");
    add_item(f, "F-1", 100000, "COP", 20);
    /* Thursday + 3 = Sunday, so Monday. */
    expect_part(compose(f).subject, "23 nov 2026");
    f->facts.pay_by = day(2026, 12, 2);
    expect_part(compose(f).subject, "2 dic 2026");
    expect_part(compose(f).text, "miércoles 2 de diciembre de 2026");
    fixture_done(f);
}

static void language_falls_back_as_a_whole(void **state) {
    (void)state;
    struct fixture *f = fixture_new("claim", TONE_FIRM, "zz");
    add_item(f, "F-1", 100000, "COP", 20);
    f->facts.language = S("fr");
    struct message_text m = compose(f);
    expect_part(m.subject, "Pague a más tardar");
    expect_part(m.html, "<html lang=\"es\">");
    assert_str(m.language, "es");
    Str variants[8];
    assert_int_equal(variants_of(f, "fr", S("claim"), TONE_FIRM, variants, 8), 3);
    assert_str(variants[0], "a");
    assert_str(variants[1], "b");
    assert_int_equal(variants_of(f, "es", S("claim"), TONE_FIRM, variants, 1), 3);
    assert_int_equal(variants_of(f, "es", S("nothing"), TONE_FIRM, variants, 8), 0);
    fixture_done(f);
}

/* Words that have no place in any message, in any kind, tone, variant, with one item and with several (REQ: D5). */
static void no_text_blames_threatens_or_shouts(void **state) {
    (void)state;
    static const char *const banned[] = {"moros",
                                         "Moros",
                                         "deudor",
                                         "!",
                                         "¡",
                                         "demanda",
                                         "judicial",
                                         "legal",
                                         "abogad",
                                         "embargo",
                                         "central de riesgo",
                                         "reporta",
                                         "por qué",
                                         "Por qué",
                                         "motivo",
                                         "razón",
                                         "culpa",
                                         "{{",
                                         "}}",
                                         "suspend",
                                         "cancelaremos",
                                         "procederemos",
                                         "últim"};
    static const char *const kinds[] = {"new_invoice", "due_soon", "due_today", "claim", "promise_broken", "campaign"};
    static const int32_t days[] = {-30, -7, 0, 21, 21, 200};
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        for (int tone = TONE_FRIENDLY; tone <= TONE_FIRM; tone++) {
            struct fixture *f = fixture_new(kinds[k], (enum tone)tone, "a");
            f->facts.broken_promise = day(2026, 11, 17);
            Str variants[8];
            size_t count = variants_of(f, "es", f->facts.kind, (enum tone)tone, variants, 8);
            assert_true(count >= 2);
            for (size_t v = 0; v < count; v++) {
                f->facts.variant = variants[v];
                for (size_t n = 1; n <= 2; n++) {
                    f->facts.item_count = 0;
                    for (size_t i = 0; i < n; i++) {
                        add_item(f, i ? "F-2" : "F-1", 100000, "COP", days[k]);
                        f->items[i].demanded = true;
                    }
                    struct message_text m = compose(f);
                    for (size_t i = 0; i < COUNT_OF(banned); i++) {
                        expect_none(m.text, banned[i]);
                        expect_none(m.subject, banned[i]);
                    }
                    expect_none(m.text, ".. ");
                    expect_none(m.text, "..\n");
                    /* The eight principles, as far as words can show them. */
                    expect_part(m.subject, "Insumos Altuvera");
                    expect_part(m.subject, n == 1 ? "F-1" : "2 facturas");
                    expect_part(m.subject, n == 1 ? "$ 1.000" : "$ 2.000");
                    expect_part(m.text, "Banco Norandino: Corriente 000-128843-07");
                    expect_part(m.text, "Referencia: OVA-0418");
                    expect_part(m.text, "Si ya pagó, responda a este correo con:");
                    expect_part(m.text, "Marcela Ríos");
                    if (k == 3 || k == 4) expect_part(m.html, "martes 17 de noviembre de 2026");
                }
            }
            fixture_done(f);
        }
    }
}

/* What the shipped strategies ask for is there. */
static void every_kind_of_the_strategies_has_wordings(void **state) {
    (void)state;
    struct fixture *f = fixture_new("claim", TONE_FRIENDLY, "a");
    size_t seen = 0;
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (!str_starts(str_from(embedded_files[i].name), S("strategies/"))) continue;
        for (Str rest = embedded_files[i].bytes; rest.p;) {
            Str line = str_trim(str_cut(&rest, '\n')), variants[8];
            if (!str_starts(line, S("message: "))) continue;
            Str kind = str_trim((Str){line.p + 9, line.n - 9});
            seen++;
            if (variants_of(f, "es", kind, TONE_FRIENDLY, variants, 8) < 2)
                fail_msg("%s: too few wordings of %.*s", embedded_files[i].name, STR_ARG(kind));
        }
    }
    assert_true(seen > 0);
    fixture_done(f);
}

/* ---- golden mails ---- */

static void compare_golden(struct ctx *cx, const char *name, Str text) {
    Str path = arena_printf(cx->arena, "%s/test/golden/mail/%s", ALDIA_SOURCE_DIR, name), kept = S("");
    const char *accept = getenv("ACCEPT");
    if (accept && strcmp(accept, "1") == 0) {
        assert_ok(cx, file_write(cx, path.p, text, 0644));
        return;
    }
    assert_ok(cx, file_read(cx, path.p, 1 << 20, &kept));
    if (!str_equal(kept, text))
        fail_msg("%s differs from what is composed now; look at it and run again with ACCEPT=1", path.p);
}

static void golden(struct fixture *f, const char *name) {
    struct message_text m = compose(f);
    struct message_envelope envelope = {.from_name = f->facts.company.name,
                                        .from_address = S("cartera@altuvera.example"),
                                        .reply_to = S("pagos@altuvera.example"),
                                        .to_name = f->facts.contact_name,
                                        .to_address = S("adriana@ovaluna.example"),
                                        .message_id = S("1.42.9QX4@altuvera.example"),
                                        .language = S("es"),
                                        .date = {INT64_C(1795096800000)},
                                        .zone_offset_minutes = -300,
                                        .unsubscribe_url = f->facts.unsubscribe_url,
                                        .unsubscribe_mailto = f->facts.unsubscribe_mailto,
                                        .is_reminder = true};
    struct buf mail = buf_make(1 << 20);
    assert_ok(&f->cx, mime_build(&f->cx, &envelope, &m, &mail));
    compare_golden(&f->cx, arena_printf(f->cx.arena, "%s.txt", name).p,
                   arena_printf(f->cx.arena, "%.*s\n\n%.*s", STR_ARG(m.subject), STR_ARG(m.text)));
    compare_golden(&f->cx, arena_printf(f->cx.arena, "%s.html", name).p, m.html);
    compare_golden(&f->cx, arena_printf(f->cx.arena, "%s.eml", name).p, buf_str(&mail));
    buf_done(&mail);
    fixture_done(f);
}

/* Recorded ways of every sort, long ones among them. */
static void golden_ways(void) {
    static const struct message_way ways[] = {
        {.code = {"uno", 3},
         .scheme = BANK_IBAN,
         .bank = {"Banco Uno", 9},
         .number = {"ES9121000418450200051332", 24},
         .bic = {"CAIXESBBXXX", 11}},
        {.code = {"dos", 3},
         .scheme = BANK_PLAIN,
         .bank = {"Banco Norandino", 15},
         .account_type = {"Corriente", 9},
         .number = {"000-128843-07", 13},
         .holder = {"Altuvera Servicios S.A.S.", 25},
         .holder_tax_id = {"NIT 999.111.222-3", 17}},
        {.code = {"pix", 3},
         .scheme = BANK_PIX,
         .number = {"123e4567-e12b-12d1-a456-426655440000", 36},
         .city = {"Bogota", 6},
         .note = {"Se acredita en el momento.", 26}},
        {.code = {"web", 3}, .scheme = BANK_LINK, .number = {"https://pagos.altuvera.example/ova", 34}}};
    struct fixture *f = fixture_new("claim", TONE_FRIENDLY, "b");
    f->facts.company.ways = ways;
    f->facts.company.way_count = COUNT_OF(ways);
    f->facts.company.ways_to_pay = S("");
    add_item(f, "FV-20871", 928000000, "COP", 7);
    add_item(f, "FV-20880", 100000000, "COP", 3);
    golden(f, "claim-ways");
}

/* The other two layouts: what asks for nothing, and what goes to a colleague. */
static void golden_layouts(void) {
    struct message_payment payment = {money(928000000, "COP"), day(2026, 11, 18), S("TRX-8841")};
    struct fixture *f = fixture_new("thanks", TONE_FRIENDLY, "a");
    f->facts.payment = &payment;
    golden(f, "thanks");
    f = fixture_new("third_party", TONE_FRIENDLY, "a");
    f->facts.contact_name = S("Julián");
    add_item(f, "FV-20871", 928000000, "COP", 47);
    golden(f, "third-party");
}

/* The other languages, with what makes lines long. */
static void golden_languages(void) {
    static const char *const languages[] = {"en", "pt"};
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        struct fixture *f = rich_claim(TONE_FIRM, "b");
        f->facts.language = str_from(languages[i]);
        golden(f, arena_printf(f->cx.arena, "claim-%s", languages[i]).p);
    }
}

static void golden_mails(void **state) {
    (void)state;
    golden_languages();
    golden_ways();
    golden_layouts();
    golden(rich_claim(TONE_CONCERN, "a"), "claim-rich");
    struct fixture *f = fixture_new("claim", TONE_FRIENDLY, "a");
    add_item(f, "FV-20871", 928000000, "COP", 7);
    golden(f, "claim-one");
    f = fixture_new("claim", TONE_FIRM, "a");
    add_item(f, "FV-20871", 928000000, "COP", 30);
    add_item(f, "ND-12", 5000000, "COP", 21);
    f->items[1].type = DOCUMENT_DEBIT_NOTE;
    f->facts.broken_promise = day(2026, 11, 17);
    golden(f, "claim-firm");
    f = fixture_new("due_soon", TONE_FRIENDLY, "a");
    add_item(f, "FV-21307", 1274000000, "COP", -7);
    f->items[0].demanded = true;
    add_item(f, "FV-21233", 612550000, "COP", 2);
    golden(f, "due-soon");
    f = fixture_new("due_today", TONE_FRIENDLY, "b");
    add_item(f, "FV-21233", 612550000, "COP", 0);
    golden(f, "due-today");
    f = fixture_new("new_invoice", TONE_FRIENDLY, "a");
    add_item(f, "FV-21400", 500000000, "COP", -30);
    add_item(f, "FV-21401", 70000000, "COP", -45);
    f->items[0].demanded = f->items[1].demanded = true;
    f->facts.contact_name = S("");
    golden(f, "new-invoice");
}

/* ---- a library of the user's ---- */

static void write_override(struct ctx *cx, const char *folder, const char *path, const char *text) {
    Str full = arena_printf(cx->arena, "%s/%s", folder, path);
    char *parent = arena_cstr(cx->arena, full);
    *strrchr(parent, '/') = '\0';
    assert_ok(cx, dir_make(cx, parent, 0755));
    assert_ok(cx, file_write(cx, full.p, str_from(text), 0644));
}

#define HEAD "Asunto: A {{company.name}}\nTítulo: T\nVista previa: V\n"

static void overrides_replace_and_mistakes_are_named(void **state) {
    (void)state;
    static const struct {
        const char *path, *text, *message; /* NULL: good */
    } cases[] = {
        {"es/claim/friendly-a.txt", HEAD "\nHola *{{customer.name}} & Cía*.\n", NULL},
        {"es/saludo_local/friendly-a.txt", HEAD "\nHola\n", NULL},
        {"es/claim/friendly-a.txt", HEAD "\nHola {{nombre}}\n",
         "es/claim/friendly-a.txt:5: no such field here: nombre"},
        {"es/claim/friendly-a.txt", HEAD "\nHola\n\n\notra\n{{number}}\n",
         "friendly-a.txt:9: no such field here: number"},
        {"es/claim/friendly-a.txt", HEAD "\n{{#lead}}{{#items}}{{open}}{{/items}}{{/lead}}{{open}}\n",
         "friendly-a.txt:5: no such field here: open"},
        {"es/claim/friendly-a.txt", HEAD "\n{{>nada}}\n", "friendly-a.txt:5: no such phrase here: nada"},
        {"es/claim/friendly-a.txt", HEAD "\n\n{{#lead}}a\n\nb{{/lead}}\n",
         "friendly-a.txt:6: a section is never closed: lead"},
        {"es/claim/friendly-a.txt", HEAD "\n{{{company.name}}}\n",
         "friendly-a.txt:5: texts have no tags of this kind: {{{"},
        {"es/claim/friendly-a.txt", "Asunto: A\nTítulo: T\n\nHola\n",
         "friendly-a.txt:1: a part is missing: Vista previa"},
        {"es/claim/friendly-a.txt", HEAD "Hola\n", "friendly-a.txt:4: not a part of a message: Hola"},
        {"es/claim/friendly-a.txt", HEAD, "a message has at least one paragraph"},
        {"es/claim/angry-a.txt", HEAD "\nHola\n", "not the name of a wording"},
        {"es/phrases.txt", "dias: {{n}} {{#uno}}d{{/uno}}\n", "es/phrases.txt:1: no such field here: uno"},
        {"es/phrases.txt", "sin dos puntos\n", "es/phrases.txt:1: not a phrase"},
        {"es/claim/x.doc", "x", "not a file of the message library"},
        {"es/claim/friendly-a.txt", HEAD "\nHola \xFF\n", "not UTF-8"},
        {"layout.txt", "{{subjet}}\n", "layout.txt:1: no such field here: subjet"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture *f = fixture_new("claim", TONE_FRIENDLY, "a");
        add_item(f, "F-1", 100000, "COP", 1);
        char folder[] = "/tmp/aldia-messages-XXXXXX";
        assert_non_null(mkdtemp(folder));
        write_override(&f->cx, folder, cases[i].path, cases[i].text);
        if (cases[i].message) {
            assert_rc(&f->cx, INVALID, message_library_load(&f->cx, folder, NULL, 0, &f->library));
            if (!strstr(f->cx.fault.message, cases[i].message))
                fail_msg("%s: not \"%s\"", f->cx.fault.message, cases[i].message);
        } else {
            assert_ok(&f->cx, message_library_load(&f->cx, folder, NULL, 0, &f->library));
        }
        if (i == 0) {
            expect_part(compose(f).html, "Hola <b>Textiles Ovaluna S.A. &amp; Cía</b>.");
            expect_part(compose(f).text, "Hola Textiles Ovaluna S.A. & Cía.");
        }
        Str remove = arena_printf(f->cx.arena, "rm -rf %s", folder);
        assert_int_equal(system(remove.p), 0);
        fixture_done(f);
    }
}

static const struct CMUnitTest compose_tests[] = {
    cmocka_unit_test(every_open_item_is_a_line_and_totals_are_apart),
    cmocka_unit_test(lines_fit_and_amounts_stay_whole),
    cmocka_unit_test(equal_facts_give_equal_bytes),
    cmocka_unit_test(the_facts_overrule_the_kind),
    cmocka_unit_test(what_is_not_owed_now_is_not_asked_for),
    cmocka_unit_test(a_notice_shows_overdue_items_apart),
    cmocka_unit_test(greetings_and_gaps),
    cmocka_unit_test(the_day_asked_for_is_a_working_one),
    cmocka_unit_test(language_falls_back_as_a_whole),
    cmocka_unit_test(no_text_blames_threatens_or_shouts),
    cmocka_unit_test(every_kind_of_the_strategies_has_wordings),
    cmocka_unit_test(golden_mails),
    cmocka_unit_test(overrides_replace_and_mistakes_are_named),
};
const struct test_suite compose_suite = {"compose", compose_tests, COUNT_OF(compose_tests)};
