/* The shipped texts themselves: complete in every language, true to their form, different from one another (REQ: D1
 * D4).
 *
 * Every wording is composed for every reader it is meant for, with one item and with several. */
#include "base/test.h"

#include <string.h>

#include "message/kind.h"
#include "message/library.h"
#include "message/sms_text.h"

static const char *const languages[] = {"es", "en", "pt"};

static Currency cop(void) {
    Currency c = {0};
    assert_true(currency_parse(S("COP"), &c));
    return c;
}

/* What a kind speaks of, all there; the items by the kind: overdue for demands, to come for notices. */
struct world {
    struct message_item items[2];
    struct message_payment payment;
    struct message_promise promise;
    struct message_plan plan;
    struct message_dispute dispute;
    struct message_discount discount;
    struct message_send sends[2];
    Str missing[2];
    struct message_facts facts;
};

static void make_item(struct message_item *item, const char *number, int32_t days, Date today) {
    *item = (struct message_item){.number = str_from(number),
                                  .position = 1,
                                  .instalment_count = 1,
                                  .issue_date = date_add(today, -days - 30),
                                  .due_date = date_add(today, -days),
                                  .open = money_make(98765400, cop()),
                                  .days_overdue = days,
                                  .demanded = true,
                                  .promised_until = DATE_NONE};
}

static struct world *world_new(struct arena *arena, const struct wording_info *info, size_t item_count) {
    struct world *w = ARENA_NEW(arena, struct world);
    Date today = {20776};
    enum kind_about about = message_kind_about(info->kind);
    int32_t days = str_is(info->kind, "due_today") ? 0 : about == ABOUT_NOTICE ? -7 : 21;
    make_item(&w->items[0], "FV-4471", days, today);
    make_item(&w->items[1], "FV-4472", days, today);
    w->payment = (struct message_payment){money_make(98765400, cop()), date_add(today, -1), S("TRX-881")};
    w->promise = (struct message_promise){money_make(98765400, cop()), date_add(today, 2)};
    w->plan =
        (struct message_plan){2, 6, money_make(98765400, cop()), money_make(592592400, cop()), date_add(today, 3)};
    w->dispute =
        (struct message_dispute){S("dos cajas no llegaron"), S("llegaron el 3 de noviembre"), true, false, today};
    w->discount = (struct message_discount){20, money_make(79012300, cop()), date_add(today, 10)};
    w->sends[0] =
        (struct message_send){S("Textiles Ovaluna S.A."), S("email"), S("claim-1"), money_make(98765400, cop())};
    w->sends[1] = w->sends[0];
    w->missing[0] = S("NIT");
    w->missing[1] = S("e-mail");
    w->facts = (struct message_facts){.company = {.name = S("Insumos Altuvera S.A.S."),
                                                  .country = S("CO"),
                                                  .tax_id = S("999.876.543-2"),
                                                  .person_name = S("Marcela Ríos"),
                                                  .person_phone = S("601 555 01 10"),
                                                  .person_email = S("marcela@altuvera.example"),
                                                  .person_hours = S("8:00-17:00"),
                                                  .ways_to_pay = S("Banco Norandino: 000-128843-07")},
                                      .customer = {.name = S("Textiles Ovaluna S.A."),
                                                   .code = S("OVA-0418"),
                                                   .country = info->country.n ? info->country : S("CO"),
                                                   .sector = info->sector,
                                                   .profile = info->profile},
                                      .contact_name = S("Adriana Gómez"),
                                      .kind = info->kind,
                                      .form = info->form,
                                      .tone = info->tone,
                                      .variant = info->variant,
                                      .language = info->language,
                                      .today = today,
                                      .items = w->items,
                                      .item_count = item_count,
                                      .broken_promise = date_add(today, -3),
                                      .pay_by = DATE_NONE,
                                      .payment = &w->payment,
                                      .reported = &w->payment,
                                      .promise = &w->promise,
                                      .plan = &w->plan,
                                      .dispute = &w->dispute,
                                      .discount = &w->discount,
                                      .sends = w->sends,
                                      .send_count = 2,
                                      .send_day = date_add(today, 1),
                                      .missing = w->missing,
                                      .missing_count = 2,
                                      .suspend_on = date_add(today, 9),
                                      .page_url = S("https://pagos.altuvera.example/p/9QX4")};
    /* "any" is no kind of its own: it speaks for one that has none of the form. */
    if (str_is(info->kind, "any")) w->facts.kind = S("third_party");
    return w;
}

static const struct message_library *load(struct ctx *cx) {
    const struct message_library *l = NULL;
    assert_ok(cx, message_library_load(cx, NULL, NULL, 0, &l));
    return l;
}

typedef void check_text(const struct wording_info *info, const struct world *w, const struct message_text *m);

static void each_text(check_text *check) {
    struct ctx cx = test_ctx();
    const struct message_library *l = load(&cx);
    for (size_t i = 0; i < message_wording_count(l); i++) {
        struct wording_info info = message_wording_at(l, i);
        for (size_t items = 1; items <= 2; items++) {
            struct world *w = world_new(cx.arena, &info, items);
            struct message_text m;
            if (message_compose(&cx, l, &w->facts, &m) != OK)
                fail_msg("%.*s: %s", STR_ARG(info.path), cx.fault.message);
            if (!str_equal(m.wording, info.path))
                fail_msg("%.*s was asked for, %.*s was taken", STR_ARG(info.path), STR_ARG(m.wording));
            check(&info, w, &m);
        }
    }
    test_ctx_done(&cx);
}

static void expect_none(const struct wording_info *info, Str text, const char *part) {
    if (str_contains(text, str_from(part)))
        fail_msg("%.*s should not say \"%s\":\n%.*s", STR_ARG(info->path), part, STR_ARG(text));
}

static void check_plain(const struct wording_info *info, const struct world *w, const struct message_text *m) {
    (void)w;
    static const char *const never[] = {"{{", "}}", "!", "¡", " ,", " .\n", "..\n", ",,", "()"};
    const Str texts[] = {m->subject, m->title, m->text};
    for (size_t t = 0; t < COUNT_OF(texts); t++)
        for (size_t i = 0; i < COUNT_OF(never); i++) expect_none(info, texts[t], never[i]);
    if (m->text.n < 20) fail_msg("%.*s says next to nothing", STR_ARG(info->path));
    if (info->form == FORM_EMAIL && (!m->subject.n || !m->html.n || str_codepoints(m->subject) > 160))
        fail_msg("%.*s: subject of %zu characters", STR_ARG(info->path), str_codepoints(m->subject));
}

static void every_text_composes_for_its_readers(void **state) {
    (void)state;
    each_text(check_plain);
}

static const char *const telling[] = {"987",     "FV-",  "factura", "fatura", "invoice", "vencid",
                                      "overdue", "deud", "debt",    "dívida", "divida",  "TRX"};

static void check_discreet(const struct wording_info *info, const struct world *w, const struct message_text *m) {
    (void)w;
    if (info->form != FORM_SMS && info->form != FORM_VOICEMAIL) return;
    for (size_t i = 0; i < COUNT_OF(telling); i++) expect_none(info, m->text, telling[i]);
    if (info->form == FORM_VOICEMAIL) {
        expect_none(info, m->text, "pago");
        expect_none(info, m->text, "pagamento");
        expect_none(info, m->text, "payment");
        return;
    }
    struct sms_size size = sms_measure(m->text);
    if (!size.is_gsm7 || size.parts != 1)
        fail_msg("%.*s: %zu units, %zu parts: %.*s", STR_ARG(info->path), size.units, size.parts, STR_ARG(m->text));
}

/* REQ: D2. */
static void what_others_may_see_or_hear_tells_nothing(void **state) {
    (void)state;
    each_text(check_discreet);
}

static bool has_path(const struct message_library *l, const char *language, Str rest) {
    for (size_t i = 0; i < message_wording_count(l); i++) {
        Str path = message_wording_at(l, i).path;
        if (str_starts(path, str_from(language)) && str_equal((Str){path.p + 2, path.n - 2}, rest)) return true;
    }
    return false;
}

/* A country's own text is needed only where that country's language is spoken. */
static void languages_are_complete_alike(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct message_library *l = load(&cx);
    for (size_t i = 0; i < message_wording_count(l); i++) {
        struct wording_info info = message_wording_at(l, i);
        for (size_t k = 0; k < COUNT_OF(languages) && !info.country.n; k++)
            if (!has_path(l, languages[k], (Str){info.path.p + 2, info.path.n - 2}))
                fail_msg("%s lacks what there is of %.*s", languages[k], STR_ARG(info.path));
    }
    for (size_t i = 0; i < l->language_count; i++)
        for (size_t k = 0; k < l->languages[i].phrase_count; k++) {
            const struct phrase *p = &l->languages[i].phrases[k];
            for (size_t other = 0; other < l->language_count && !p->meant_for.country.n; other++) {
                bool found = false;
                for (size_t x = 0; x < l->languages[other].phrase_count && !found; x++)
                    found = str_equal(l->languages[other].phrases[x].name, p->name) &&
                            audience_equal(&l->languages[other].phrases[x].meant_for, &p->meant_for);
                if (!found)
                    fail_msg("%.*s lacks the phrase %.*s of %.*s", STR_ARG(l->languages[other].code), STR_ARG(p->name),
                             STR_ARG(l->languages[i].code));
            }
        }
    test_ctx_done(&cx);
}

/* REQ: E3: open, understand, solve, commit, and the answers to objections. */
static void check_script(const struct wording_info *info, const struct world *w, const struct message_text *m) {
    (void)w;
    size_t headings = 0, after = 0;
    if (info->form != FORM_CALL) return;
    for (size_t i = 0; i < m->paragraph_count; i++) {
        if (m->paragraphs[i].is_heading && i + 1 < m->paragraph_count) after += !m->paragraphs[i + 1].is_heading;
        headings += m->paragraphs[i].is_heading;
    }
    size_t wanted = str_is(info->kind, "objections") ? 1 : 5;
    if (headings != wanted || after != wanted)
        fail_msg("%.*s has %zu parts, %zu with something in them", STR_ARG(info->path), headings, after);
}

static void call_scripts_have_their_five_parts(void **state) {
    (void)state;
    each_text(check_script);
}

static void what_is_sent_repeatedly_has_three_wordings(void **state) {
    (void)state;
    static const char *const kinds[] = {"due_soon", "due_today", "claim"};
    static const enum message_form forms[] = {FORM_EMAIL, FORM_SMS, FORM_WHATSAPP};
    struct ctx cx = test_ctx();
    const struct message_library *l = load(&cx);
    for (size_t a = 0; a < COUNT_OF(languages); a++)
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            for (size_t f = 0; f < COUNT_OF(forms); f++)
                for (int tone = TONE_FRIENDLY; tone <= TONE_FIRM; tone++) {
                    struct wording_query q = {.language = str_from(languages[a]),
                                              .kind = str_from(kinds[k]),
                                              .form = forms[f],
                                              .tone = (enum tone)tone};
                    Str variants[8];
                    if (message_variants(l, &q, variants, 8) < 3)
                        fail_msg("%s %s %s %s: too few wordings", languages[a], kinds[k], message_form_name(forms[f]),
                                 tone_name((enum tone)tone));
                }
    test_ctx_done(&cx);
}

/* ---- variants differ ---- */

/* Words of a text, folded. */
struct words {
    Str items[400];
    size_t count;
};

static void cut_words(struct arena *arena, Str text, struct words *out) {
    Str folded = str_fold(arena, text);
    size_t start = 0;
    out->count = 0;
    for (size_t i = 0; i <= folded.n; i++) {
        char c = i < folded.n ? folded.p[i] : ' ';
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        if (letter) continue;
        if (i > start && out->count < COUNT_OF(out->items))
            out->items[out->count++] = (Str){folded.p + start, i - start};
        start = i + 1;
    }
}

/* Per cent of a's groups of three words that b has too. */
static int shared(const struct words *a, const struct words *b) {
    size_t same = 0, all = a->count > 2 ? a->count - 2 : 0;
    for (size_t i = 0; i < all; i++) {
        bool found = false;
        for (size_t k = 0; k + 2 < b->count && !found; k++)
            found = str_equal(a->items[i], b->items[k]) && str_equal(a->items[i + 1], b->items[k + 1]) &&
                    str_equal(a->items[i + 2], b->items[k + 2]);
        same += found;
    }
    return all ? (int)(100 * same / all) : 0;
}

/* What the wording itself says: the layout and its lists are the same for all. */
static Str own_words(struct ctx *cx, const struct message_library *l, const struct wording_info *info) {
    struct world *w = world_new(cx->arena, info, 1);
    struct message_text m;
    /* Names and amounts that all share would count as likeness. */
    w->facts.contact_name = S("Z");
    w->items[0].number = S("N");
    w->items[0].open = w->payment.amount = w->promise.amount = w->plan.amount = w->plan.total = w->discount.amount =
        money_make(500, cop());
    w->facts.company.name = S("X");
    w->facts.customer.name = S("Y");
    w->facts.page_url = S("");
    w->facts.company.person_phone = S("");
    assert_ok(cx, message_compose(cx, l, &w->facts, &m));
    if (!m.paragraph_count) return m.text;
    Str all = m.subject;
    for (size_t i = 0; i < m.paragraph_count; i++)
        all = arena_printf(cx->arena, "%.*s\n%.*s", STR_ARG(all), STR_ARG(m.paragraphs[i].text));
    return all;
}

/* Not by a synonym: at most two of five groups of three words are the same. */
static void variants_really_differ(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct message_library *l = load(&cx);
    size_t pairs = 0;
    for (size_t i = 0; i < message_wording_count(l); i++) {
        struct wording_info a = message_wording_at(l, i);
        if (a.form == FORM_SMS || a.form == FORM_CALL) continue; /* one is a line, the other a script of fixed steps */
        struct arena_mark mark = arena_mark(cx.arena);
        struct words *wa = ARENA_NEW(cx.arena, struct words), *wb = ARENA_NEW(cx.arena, struct words);
        cut_words(cx.arena, own_words(&cx, l, &a), wa);
        for (size_t k = i + 1; k < message_wording_count(l); k++) {
            struct wording_info b = message_wording_at(l, k);
            bool alike = str_equal(a.kind, b.kind) && a.form == b.form && a.tone == b.tone &&
                         str_equal(a.language, b.language) && !str_equal(a.variant, b.variant);
            if (!alike) continue;
            pairs++;
            cut_words(cx.arena, own_words(&cx, l, &b), wb);
            int percent = shared(wa, wb);
            if (percent > 40)
                fail_msg("%.*s and %.*s share %d %% of their words", STR_ARG(a.path), STR_ARG(b.path), percent);
        }
        arena_rewind(cx.arena, mark);
    }
    assert_true(pairs > 200);
    test_ctx_done(&cx);
}

static const struct CMUnitTest library_texts_tests[] = {
    cmocka_unit_test(every_text_composes_for_its_readers),
    cmocka_unit_test(what_others_may_see_or_hear_tells_nothing),
    cmocka_unit_test(languages_are_complete_alike),
    cmocka_unit_test(call_scripts_have_their_five_parts),
    cmocka_unit_test(what_is_sent_repeatedly_has_three_wordings),
    cmocka_unit_test(variants_really_differ),
};
const struct test_suite library_texts_suite = {"library_texts", library_texts_tests, COUNT_OF(library_texts_tests)};
