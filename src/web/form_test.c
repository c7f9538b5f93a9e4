/* Forms read out of pages, compared and marked. */
#include "web/form.h"

#include <string.h>

#include "base/test.h"

static const char page[] =
    "<details class=\"more\"><summary>x</summary><form method=\"post\" action=\"/contacts/7?x=1\"><input type=\"hidden\" name=\"csrf\" value=\"c\">"
    "<input type=\"text\" id=\"n\" name=\"name\" value=\"Ana &amp; &#39;Luz&#39;\" aria-describedby=\"n-hint\"><select id=\"r\" name=\"role\"><option value=\"a\">Uno</option>"
    "<option value=\"b\" selected>Dos</option></select><textarea name=\"note\">un\ntexto</textarea><label><input type=\"checkbox\" name=\"kind\" value=\"k1\" checked>k</label>"
    "<input name=\"kind\" id=\"k\"><input type=\"password\" name=\"secret\"><button formaction=\"/contacts/7/remove\">x</button></form></details><b data-refused>falta</b>";

static void first_form(struct arena *arena, Str html, struct html_form *out) {
    size_t at = 0;
    assert_true(form_next(arena, html, &at, out));
    form_read(arena, html, out);
}

static void test_read(void **state) {
    (void)state;
    AUTO(arena_release) struct arena *arena = arena_new();
    struct html_form f;
    first_form(arena, S(page), &f);
    assert_str(f.action, "/contacts/7");
    assert_true(!f.is_get);
    assert_int_equal(f.controls.count, 7);
    assert_str(f.controls.items[1].value, "Ana & 'Luz'");
    assert_str(f.controls.items[2].value, "b");
    assert_str(f.controls.items[2].says, "Dos");
    assert_str(f.controls.items[3].value, "un\ntexto");
    assert_true(f.controls.items[4].ticked);
    assert_int_equal(f.others.count, 1);
}

static void sent_as(struct arena *arena, struct fields *f, const char *name, const char *role) {
    *f = (struct fields){0};
    fields_add(arena, f, S("name"), str_from(name));
    fields_add(arena, f, S("role"), str_from(role));
    fields_add(arena, f, S("note"), S("un\r\ntexto"));
    fields_add(arena, f, S("kind"), S("k1"));
    fields_add(arena, f, S("kind"), S(""));
}

static void test_compare(void **state) {
    (void)state;
    static const struct {
        const char *what, *from, *to, *name, *role;
        size_t changes;
        bool is_touched;
    } rows[] = {
        {"nobody changed anything", NULL, NULL, "Berta", "b", 0, false},
        {"the same field", "Ana &amp;", "Eva &amp;", "Berta", "b", 1, true},
        {"the same change twice", "Ana &amp; &#39;Luz&#39;", "Berta", "Berta", "b", 0, false},
        {"another field than one's own", "<option value=\"b\" selected>", "<option value=\"b\">", "Berta", "b", 1, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        AUTO(arena_release) struct arena *arena = arena_new();
        struct html_form f;
        struct fields sent;
        struct form_changes changes;
        Str now = S(page);
        first_form(arena, now, &f);
        Str tag = form_tag(arena, &f);
        const char *at = rows[i].from ? strstr(page, rows[i].from) : NULL;
        if (at) {
            const char *rest = at + strlen(rows[i].from);
            now = arena_printf(arena, "%.*s%s%s", (int)(at - page), page, rows[i].to, rest);
        }
        sent_as(arena, &sent, rows[i].name, rows[i].role);
        form_compare(arena, now, tag, &sent, &changes);
        assert_true(!changes.is_gone);
        if (changes.items.count != rows[i].changes) fail_msg("%s: %zu changes", rows[i].what, changes.items.count);
        if (rows[i].changes) assert_true(changes.items.items[0].is_touched == rows[i].is_touched);
        form_compare(arena, S("<p>nothing</p>"), tag, &sent, &changes);
        assert_true(changes.is_gone);
    }
}

static void test_mark(void **state) {
    (void)state;
    AUTO(arena_release) struct arena *arena = arena_new();
    AUTO(buf_done) struct buf out = buf_make(65536);
    struct html_form f;
    struct fields sent;
    struct splices splices = {0};
    sent_as(arena, &sent, "<Eva>", "a");
    const struct form_refused r = {.path = S("/contacts/7"), .sent = &sent, .field = S("name"), .message = S("no sirve")};
    assert_true(form_find_refused(arena, S(page), &r, &f));
    form_mark(arena, &(struct form_words){.lang = S("es"), .may_focus = true}, S(page), &r, &f, &splices);
    splices_apply(&splices, S(page), &out);
    static const char *const parts[] = {
        "<details class=\"more\" open=\"\">",
        "value=\"&lt;Eva&gt;\" aria-describedby=\"n-hint n-fault\" aria-invalid=\"true\" autofocus=\"\"><div class=\"beside late\" id=\"n-fault\">no sirve</div>",
        "<option value=\"a\" selected=\"\">Uno</option><option value=\"b\">Dos</option>",
        "<a href=\"#n\">falta</a>",
        "name=\"secret\">",
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) 
        if (!str_contains(buf_str(&out), str_from(parts[i]))) fail_msg("no %s in %.*s", parts[i], STR_ARG(buf_str(&out)));
}

static const struct CMUnitTest form_tests[] = {cmocka_unit_test(test_read), cmocka_unit_test(test_compare), cmocka_unit_test(test_mark)};
const struct test_suite form_suite = {"form", form_tests, COUNT_OF(form_tests)};
