/* The table of roles, and docs/ref/roles.md, which is written from it (ALDIA_ACCEPT=1). */
#include <stdlib.h>
#include <string.h>

#include "account/actor.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/test.h"

#define REFERENCE ALDIA_SOURCE_DIR "/docs/ref/roles.md"

static void write_table(struct buf *out) {
    buf_add_cstr(out, "# Roles\n\nWho may do what; written from `src/account/role.c` by `ALDIA_ACCEPT=1 build-test/aldia-unit role`. An "
                      "API key names its scopes by\nthe words of the first column and never has more than whoever made "
                      "it. The owner of the data directory, at the command line, may\ndo everything.\n\n| Capability | Allows |");
    for (int r = 0; r < ROLE_COUNT; r++) buf_printf(out, " %s |", role_name((enum role)r));
    buf_add_cstr(out, "\n|---|---|");
    for (int r = 0; r < ROLE_COUNT; r++) buf_add_cstr(out, "---|");
    buf_add_char(out, '\n');
    for (int c = CAP_UNDECLARED + 1; c < CAP_COUNT; c++) {
        buf_printf(out, "| `%s` | %s |", capability_name((enum capability)c), capability_summary((enum capability)c));
        for (int r = 0; r < ROLE_COUNT; r++)
            buf_add_cstr(out, role_capabilities((enum role)r) >> c & 1 ? " yes |" : " |");
        buf_add_char(out, '\n');
    }
    buf_add_cstr(out, "| customers seen, unless set otherwise | |");
    for (int r = 0; r < ROLE_COUNT; r++) buf_printf(out, " %s |", scope_name(role_scope((enum role)r)));
    buf_add_cstr(out, "\n\n*own*: the customers whose `collector` or `seller` is the person's code (`aldia user edit --code`). "
                      "*team*: those of the codes of\neverybody in the person's team. *all*: every customer of the company.\n");
}

static void the_reference_is_current(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    AUTO(buf_done) struct buf made = buf_make(65536);
    Str kept = S("");
    write_table(&made);
    assert_true(buf_ok(&made));
    if (getenv("ALDIA_ACCEPT")) assert_ok(&cx, file_write(&cx, REFERENCE, buf_str(&made), 0644));
    assert_ok(&cx, file_read(&cx, REFERENCE, 65536, &kept));
    if (!str_equal(kept, buf_str(&made)))
        fail_msg("docs/ref/roles.md is out of date: run ALDIA_ACCEPT=1 build-test/aldia-unit role");
    test_ctx_done(&cx);
}

static void every_capability_has_a_name_and_every_role_a_row(void **state) {
    (void)state;
    for (int c = CAP_UNDECLARED + 1; c < CAP_COUNT; c++) {
        enum capability found = CAP_UNDECLARED;
        assert_non_null(capability_name((enum capability)c));
        assert_non_null(capability_summary((enum capability)c));
        assert_true(capability_find(str_from(capability_name((enum capability)c)), &found));
        assert_int_equal(found, c);
    }
    for (int r = 0; r < ROLE_COUNT; r++) {
        enum role found = ROLE_COUNT;
        assert_true(role_find(str_from(role_name((enum role)r)), &found));
        assert_int_equal(found, r);
        assert_true((role_capabilities((enum role)r) & UINT64_C(1) << CAP_SELF) != 0);
        assert_true((role_capabilities((enum role)r) & UINT64_C(1) << CAP_INSTALL) == 0);
    }
}

/* INV: I18: nothing by default. */
static void nobody_may_nothing(void **state) {
    (void)state;
    struct actor nobody = actor_nobody(), owner = actor_console("root"), job = actor_system("run");
    for (int c = CAP_UNDECLARED; c < CAP_COUNT; c++) {
        assert_int_equal(actor_may(&nobody, (enum capability)c), c == CAP_PUBLIC);
        assert_int_equal(actor_may(NULL, (enum capability)c), c == CAP_PUBLIC);
        assert_int_equal(actor_may(&owner, (enum capability)c), c != CAP_UNDECLARED);
        assert_int_equal(actor_may(&job, (enum capability)c), c != CAP_UNDECLARED && c != CAP_INSTALL);
    }
    assert_false(actor_may(&owner, CAP_COUNT));
}

/* The console is one person; a key is whoever made it. */
static void people_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct actor actor;
        enum actor_kind kind;
        int64_t user_id;
        bool same;
    } cases[] = {
        {"console and console", {.kind = ACTOR_CONSOLE}, ACTOR_CONSOLE, 0, true},
        {"console and a user", {.kind = ACTOR_CONSOLE}, ACTOR_USER, 3, false},
        {"a user and the same", {.kind = ACTOR_USER, .user_id = 3}, ACTOR_USER, 3, true},
        {"a user and another", {.kind = ACTOR_USER, .user_id = 3}, ACTOR_USER, 4, false},
        {"a user and a key of theirs", {.kind = ACTOR_USER, .user_id = 3}, ACTOR_KEY, 3, true},
        {"a key and its maker", {.kind = ACTOR_KEY, .user_id = 3, .key_id = 9}, ACTOR_USER, 3, true},
        {"the console as a user, and the console", {.kind = ACTOR_CONSOLE, .user_id = 0}, ACTOR_CONSOLE, 0, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (actor_is_person(&cases[i].actor, cases[i].kind, cases[i].user_id) != cases[i].same)
            fail_msg("%s", cases[i].name);
}

static const struct CMUnitTest role_tests[] = {
    cmocka_unit_test(the_reference_is_current),
    cmocka_unit_test(every_capability_has_a_name_and_every_role_a_row),
    cmocka_unit_test(nobody_may_nothing),
    cmocka_unit_test(people_are_told_apart),
};
const struct test_suite role_suite = {"role", role_tests, COUNT_OF(role_tests)};
