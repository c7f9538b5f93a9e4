/* The table of merge fields against the values made, both ways, and the page written from it. */
#include "base/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "message/items.h"
#include "message/merge_field.h"

struct seen {
    bool *fields;
};

static const char *const scope_names[FIELD_SCOPES] = {
    "none", "message", "company", "customer", "group",   "item",     "count", "instalment",  "amount",
    "way",  "payment", "promise", "plan",     "dispute", "discount", "send",  "last promise"};

static bool is_layout_only(const struct merge_field *field) {
    return str_starts(str_from(field->meaning), S("layouts only"));
}

/* Every object has just the fields of its scope: a missing one would be looked up outside, where the same name may mean
 * something else. */
static void check_object(const struct value *object, enum field_scope scope, struct seen *seen) {
    for (const struct value *entry = object->child; entry; entry = entry->next) {
        const struct merge_field *field = merge_field_find(scope, entry->key);
        if (!field) fail_msg("%s has a value that is no merge field: %.*s", scope_names[scope], STR_ARG(entry->key));
        seen->fields[field - merge_fields] = true;
        if (entry->kind == VALUE_OBJECT) check_object(entry, field->opens, seen);
        for (const struct value *e = entry->kind == VALUE_LIST ? entry->child : NULL; e; e = e->next)
            check_object(e, field->opens, seen);
    }
    for (size_t i = 0; i < merge_field_count; i++) {
        if (merge_fields[i].scope != scope || is_layout_only(&merge_fields[i])) continue;
        const struct value *entry = object->child;
        while (entry && !str_is(entry->key, merge_fields[i].name)) entry = entry->next;
        if (!entry) fail_msg("%s is missing in a value of %s", merge_fields[i].name, scope_names[scope]);
    }
}

static void values_have_the_fields_of_the_table(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    Currency cop = {0};
    assert_true(currency_parse(S("COP"), &cop));
    struct message_item items[6];
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        items[i] = (struct message_item){.number = S("F"),
                                         .position = 1,
                                         .instalment_count = i ? 1 : 2,
                                         .issue_date = {20000},
                                         .due_date = {20770 - (int32_t)i},
                                         .open = money_make(100, cop),
                                         .days_overdue = (int32_t)i,
                                         .demanded = true,
                                         .promised_until = DATE_NONE};
    }
    items[1].days_overdue = -5;
    items[1].demanded = false;
    items[2].disputed = true;
    items[3].promised_until = (Date){30000};
    struct credit credit = {money_make(5, cop)};
    const struct message_way ways[] = {
        {.code = S("x"), .scheme = BANK_PIX, .number = S("a@b.example"), .city = S("C")}};
    struct message_facts facts = {.company = {.name = S("A"),
                                              .country = S("CO"),
                                              .ways = ways,
                                              .way_count = COUNT_OF(ways),
                                              .ways_to_pay = S("B: 1")},
                                  .history = {.last_message = {20700}, .last_promise = {20800}},
                                  .kind = S("due_today"),
                                  .language = S("es"),
                                  .today = {20770},
                                  .items = items,
                                  .item_count = COUNT_OF(items),
                                  .credits = &credit,
                                  .credit_count = 1,
                                  .broken_promise = DATE_NONE,
                                  .pay_by = DATE_NONE};
    Str missing[] = {S("el correo"), S("el teléfono")};
    struct message_payment payment = {money_make(5, cop), {20700}, S("R-1")};
    struct message_promise promise = {money_make(5, cop), {20800}};
    struct message_plan plan = {2, 6, money_make(5, cop), money_make(30, cop), {20800}};
    struct message_dispute dispute = {S("x"), S("y"), true, true, {20700}};
    struct message_discount discount = {20, money_make(5, cop), {20800}};
    struct message_send send = {S("C"), S("email"), S("claim"), money_make(5, cop)};
    facts.payment = facts.reported = &payment;
    facts.promise = &promise;
    facts.plan = &plan;
    facts.dispute = &dispute;
    facts.discount = &discount;
    facts.sends = &send;
    facts.send_count = 1;
    facts.missing = missing;
    facts.missing_count = 2;
    struct composing c = {.cx = &cx, .facts = &facts, .scratch = buf_make(10000)};
    assert_ok(&cx, message_library_load(&cx, NULL, NULL, 0, &c.library));
    c.language = library_language(c.library, S("es"), S("claim"));
    assert_ok(&cx, locale_find(&cx, S("es"), S("CO"), &c.locale));
    struct seen seen = {.fields = ARENA_ARRAY(cx.arena, bool, merge_field_count)};
    static const char *const kinds[] = {"due_today", "claim", "new_invoice"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        facts.kind = str_from(kinds[i]);
        struct grouped_items grouped;
        assert_ok(&cx, items_group(&cx, &facts, &grouped));
        struct value_builder root = value_object(cx.arena);
        assert_ok(&cx, composing_values(&c, &grouped, &root));
        check_object(root.value, SCOPE_MESSAGE, &seen);
    }
    for (size_t i = 0; i < merge_field_count; i++)
        if (!seen.fields[i] && !is_layout_only(&merge_fields[i]))
            fail_msg("no value was ever made for %s", merge_fields[i].name);
    buf_done(&c.scratch);
    test_ctx_done(&cx);
}

static void the_reference_page_is_the_table(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct buf page = buf_make(100000);
    merge_fields_document(&page);
    const char *path = ALDIA_SOURCE_DIR "/docs/ref/merge-fields.md", *accept = getenv("ACCEPT");
    if (accept && strcmp(accept, "1") == 0) assert_ok(&cx, file_write(&cx, path, buf_str(&page), 0644));
    Str kept;
    assert_ok(&cx, file_read(&cx, path, 100000, &kept));
    if (!str_equal(kept, buf_str(&page))) fail_msg("%s is not what the table says; write it with ACCEPT=1", path);
    buf_done(&page);
    test_ctx_done(&cx);
}

static void names_are_resolved_as_the_renderer_does(void **state) {
    (void)state;
    static const struct {
        const char *template;
        bool good;
    } cases[] = {
        {"{{company.name}}", true},
        {"{{#company}}{{name}}{{/company}}", true},
        {"{{#customer}}{{company.name}}{{/customer}}", true},
        {"{{#groups}}{{#items}}{{#days}}{{n}}{{total}}{{/days}}{{/items}}{{/groups}}", true},
        {"{{#contact_name}}{{.}}{{/contact_name}}", true},
        {"{{name}}", false},
        {"{{company.code}}", false},
        {"{{company.name.x}}", false},
        {"{{#company}}{{name}}{{/company}}{{name}}", false},
        {"{{^nothing}}x{{/nothing}}", false},
        {"{{.}}", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const struct mustache *t = NULL;
        assert_ok(&cx, mustache_parse(&cx, str_from(cases[i].template), "t", &t));
        enum rc rc = merge_fields_check(&cx, t, NULL, NULL);
        if ((rc == OK) != cases[i].good) fail_msg("%s: %s", cases[i].template, cx.fault.message);
        test_ctx_done(&cx);
    }
}

static void texts_others_may_see_print_no_amount(void **state) {
    (void)state;
    static const struct {
        const char *template;
        bool good;
    } cases[] = {
        {"{{company.name}}: {{#lead}}{{n}}{{/lead}}", true},
        {"{{#lead}}{{total}}{{/lead}}", false},
        {"{{lead.total}}", false},
        {"{{#one_item}}{{open}}{{/one_item}}", false},
        {"{{#one_item}}{{number}}{{/one_item}}", true},
        {"{{#credit_total}}{{.}}{{/credit_total}}", false},
        {"{{#payment}}{{date}}{{/payment}}", true},
        {"{{payment.amount}}", false},
        {"{{#open_totals}}{{amount}}{{/open_totals}}", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const struct mustache *t = NULL;
        assert_ok(&cx, mustache_parse(&cx, str_from(cases[i].template), "t", &t));
        assert_ok(&cx, merge_fields_check(&cx, t, NULL, NULL));
        enum rc rc = merge_fields_check_public(&cx, t, NULL, NULL);
        if ((rc == OK) != cases[i].good) fail_msg("%s: %s", cases[i].template, cx.fault.message);
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest merge_field_tests[] = {
    cmocka_unit_test(texts_others_may_see_print_no_amount),
    cmocka_unit_test(values_have_the_fields_of_the_table),
    cmocka_unit_test(the_reference_page_is_the_table),
    cmocka_unit_test(names_are_resolved_as_the_renderer_does),
};
const struct test_suite merge_field_suite = {"merge_field", merge_field_tests, COUNT_OF(merge_field_tests)};
