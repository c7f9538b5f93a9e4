/* Words of texts, what a query reads, what is marked; and on both engines that words kept row by row are those made anew. */
#include "portfolio/finding.h"

#include "company_sql.h"
#include "customer_sql.h"
#include "finding_sql.h"
#include "portfolio/booking.h"
#include "store/db_fixture.h"
#include "store/driver.h"

static void test_words_of_references(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *words;
    } cases[] = {
        {"a number with a series in front", "OC-004711", "4711 "},
        {"two numbers, one of them long", "4500123-07", "450012307 "},
        {"no number", "Obra/Norte", "obranorte "},
        {"short numbers do not count", "A-12", "a12 "},
        {"free text with a number", "Pedido 4711 de Niño", "pedido 4711 de nino 4711 "},
        {"nothing", "", ""},
        {"signs only", "--", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct find_words words = {0};
        struct buf b = buf_make(1000);
        find_gather_code(&cx, &words, FIND_DOCUMENT, 1, 1, str_from(cases[i].text));
        for (size_t k = 0; k < words.rows.count; k++) buf_printf(&b, "%.*s ", STR_ARG(words.rows.items[k].word));
        if (!str_is(buf_str(&b), cases[i].words))
            fail_msg("%s: \"%.*s\", wanted \"%s\"", cases[i].name, STR_ARG(buf_str(&b)), cases[i].words);
        buf_done(&b);
        test_ctx_done(&cx);
    }
}

static void test_marks(void **state) {
    (void)state;
    static const struct {
        const char *name, *query, *text, *marked;
        bool all;
    } cases[] = {
        {"beginnings of words, accents aside", "vALLE sereno", "Suministros Vallé Sereno", "Suministros [Vallé Sereno]", true},
        {"one word is missing", "valle norte", "Valle Sereno", "[Valle] Sereno", false},
        {"within a word when none begins so", "reno", "Valle Sereno", "Valle Se[reno]", true},
        {"a number without its marks", "9012345678", "901.234.567-8", "[901.234.567-8]", true},
        {"a reference written otherwise", "oc4711", "OC-4711/2", "[OC-4711]/2", true},
        {"the end of a telephone number", "+57 310 555 1234", "3105551234", "[3105551234]", true},
        {"every place", "sol", "Sol y sol", "[Sol] y [sol]", true},
        {"nothing of it", "zz", "Valle", "Valle", false},
        {"letters that fold to two", "strasse", "Straße 1", "[Straße] 1", true},
        {"markup stays text", "b", "<b>x</b>", "<[b]>x</[b]>", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct find_query q;
        struct find_piece *pieces;
        bool all;
        struct buf b = buf_make(1000);
        find_query_read(&cx, str_from(cases[i].query), &q);
        size_t n = find_mark(&cx, &q, str_from(cases[i].text), &pieces, &all);
        for (size_t k = 0; k < n; k++) buf_printf(&b, pieces[k].is_hit ? "[%.*s]" : "%.*s", STR_ARG(pieces[k].text));
        if (!str_is(buf_str(&b), cases[i].marked) || all != cases[i].all)
            fail_msg("%s: \"%.*s\", wanted \"%s\"; all is %d", cases[i].name, STR_ARG(buf_str(&b)), cases[i].marked, all);
        buf_done(&b);
        test_ctx_done(&cx);
    }
}

/* ---- kept beside the rows ---- */

static void import_customers_of(struct ctx *cx, const struct customer_row *rows, size_t n) {
    struct booking b;
    struct row_result results[8];
    int64_t settled;
    assert_true(n <= COUNT_OF(results));
    assert_ok(cx, booking_customers_begin(cx, &b));
    assert_ok(cx, booking_customers(cx, &b, rows, n, results));
    assert_ok(cx, booking_end(cx, &b, S("\"rows\":1"), &settled));
    booking_done(&b);
}

/* How many rows a word leads to. */
static int64_t spread(struct ctx *cx, enum find_kind kind, const char *word) {
    struct search_word_spread_row row;
    Str from = str_from(word), until = arena_printf(cx->arena, "%s\xf4\x8f\xbf\xbf", word);
    assert_ok(cx, search_word_spread(cx, &(struct search_word_spread_params){.kind = kind, .from = from, .until = until, .limit = 100}, &row));
    return row.count;
}

static void check_words(struct ctx *cx) {
    assert_int_equal(spread(cx, FIND_NAME, "sereno"), 1);
    assert_int_equal(spread(cx, FIND_NAME, "suministros"), 0); /* the first word: by the name itself */
    assert_int_equal(spread(cx, FIND_NAME, "norte"), 0);
    assert_int_equal(spread(cx, FIND_NAME, "nand"), 1);
    assert_int_equal(spread(cx, FIND_TAX_ID, "9012345678"), 1);
    assert_int_equal(spread(cx, FIND_TAX_ID, "900"), 0);
    assert_int_equal(spread(cx, FIND_EMAIL, "pagos@valle"), 1);
    assert_int_equal(spread(cx, FIND_EMAIL, "valle.example"), 1);
    assert_int_equal(spread(cx, FIND_EMAIL, "caja@"), 0);
    assert_int_equal(spread(cx, FIND_PHONE, "4321555013"), 1);
    assert_int_equal(spread(cx, FIND_NOTE, "tesorera"), 1);
}

static void test_kept(void **state) {
    static const char zeros[32];
    struct ctx cx = test_ctx();
    struct test_db t;
    Currency cop;
    bool ready;
    assert_true(currency_parse(S("COP"), &cop));
    test_db_migrated(&cx, test_engine(state), &t);
    assert_ok(&cx, tx_begin(&cx, t.db, TX_WRITE));
    assert_ok(&cx, company_insert(&cx, &(struct company_insert_params){.id = 1, .code = S("main"), .name = S("A"), .country = S("CO"),
                                                                       .currency = cop, .zone = S("America/Bogota"), .language = S("es"),
                                                                       .event_hash = {zeros, sizeof zeros}}));
    assert_ok(&cx, find_is_ready(&cx, &ready));
    assert_false(ready);
    const struct customer_row before[] = {
        {.code = S("C1"), .name = S("Suministros Norte"), .tax_id = S("900.1"), .email = S("caja@norte.example"), .phone = S("1"), .custom = S("{}")},
        {.code = S("C2"), .name = S("Los Ñandúes"), .custom = S("{}")}};
    import_customers_of(&cx, before, COUNT_OF(before));
    const struct customer_row after[] = {{.code = S("C1"), .name = S("Suministros Valle Sereno"), .tax_id = S("901.234.567-8"),
                                          .email = S("pagos@valle.example"), .phone = S("+57 310 555 1234"), .custom = S("{}")}};
    import_customers_of(&cx, after, COUNT_OF(after));
    assert_ok(&cx, find_note(&cx, "note.added", 1, S("C1"), S("{\"text\":\"Habl\\u00f3 la tesorera\"}"), S("Habló la tesorera")));
    check_words(&cx);
    assert_ok(&cx, find_make(&cx));
    check_words(&cx);
    assert_ok(&cx, find_is_ready(&cx, &ready));
    assert_true(ready);
    assert_ok(&cx, tx_commit(&cx));
    test_db_done(&cx, &t);
    test_ctx_done(&cx);
}

static const struct CMUnitTest finding_tests[] = {
    cmocka_unit_test(test_words_of_references),
    cmocka_unit_test(test_marks),
    ON_BOTH(test_kept),
};
const struct test_suite finding_suite = {"finding", finding_tests, COUNT_OF(finding_tests)};
