/* Sealed values open for their owner under their key alone; secrets kept open by versions before are sealed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "account/seal.h"
#include "account/totp.h"
#include "account/user.h"
#include "account_test_sql.h"
#include "base/file.h"
#include "store/db_fixture.h"
#include "totp_sql.h"

#define SECRET "12345678901234567890"

static const unsigned char first_key[SEAL_KEY] = "first", second_key[SEAL_KEY] = "second";

static void only_the_owner_opens(void **state) {
    struct ctx cx = test_ctx();
    Str sealed, again, plain;
    (void)state;
    seal_key_use(first_key);
    assert_ok(&cx, seal_close(&cx, S("totp:7"), S(SECRET), &sealed));
    assert_ok(&cx, seal_close(&cx, S("totp:7"), S(SECRET), &again));
    assert_int_equal(sealed.n, strlen(SECRET) + SEAL_MORE);
    assert_false(str_equal(sealed, again)); /* another nonce each time */
    assert_null(memmem(sealed.p, sealed.n, SECRET, 8));
    assert_true(seal_open(cx.arena, S("totp:7"), sealed, &plain));
    assert_str(plain, SECRET);
    assert_false(seal_open(cx.arena, S("totp:8"), sealed, &plain));
    char *bent = arena_cstr(cx.arena, sealed);
    memcpy(bent, sealed.p, sealed.n);
    bent[sealed.n / 2] = (char)(bent[sealed.n / 2] ^ 1);
    assert_false(seal_open(cx.arena, S("totp:7"), (Str){bent, sealed.n}, &plain));
    assert_false(seal_open(cx.arena, S("totp:7"), (Str){sealed.p, SEAL_MORE - 1}, &plain));
    seal_key_use(second_key);
    assert_false(seal_open(cx.arena, S("totp:7"), sealed, &plain));
    seal_key_use(NULL);
    assert_false(seal_open(cx.arena, S("totp:7"), sealed, &plain));
    assert_rc(&cx, CONFLICT, seal_close(&cx, S("totp:7"), S(SECRET), &sealed));
    test_ctx_done(&cx);
}

static void the_key_lies_in_a_file_of_its_owner(void **state) {
    struct ctx cx = test_ctx();
    char folder[] = "/tmp/aldia-seal-test-XXXXXX", path[80];
    struct stat st;
    Str sealed, plain, text;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/secret.key", folder);
    seal_key_use(NULL);
    assert_ok(&cx, seal_key_load(&cx, path)); /* none there: none */
    assert_rc(&cx, CONFLICT, seal_close(&cx, S("x"), S("y"), &sealed));
    assert_ok(&cx, seal_key_make(&cx, path));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(&cx, seal_close(&cx, S("x"), S("y"), &sealed));
    seal_key_use(NULL);
    assert_ok(&cx, seal_key_make(&cx, path)); /* it stays the same */
    assert_true(seal_open(cx.arena, S("x"), sealed, &plain));
    assert_ok(&cx, file_read(&cx, path, 1000, &text));
    assert_int_equal(text.n, 2 * SEAL_KEY + 1);
    assert_ok(&cx, file_write(&cx, path, S("not a key"), 0600));
    assert_rc(&cx, INVALID, seal_key_load(&cx, path));
    unlink(path);
    rmdir(folder);
    test_ctx_done(&cx);
}

static int64_t add_user(struct ctx *cx, const char *login) {
    int64_t id;
    assert_ok(cx, user_create(cx, &(struct user_new){.login = str_from(login), .password_hash = ""}, &id));
    return id;
}

static bool accepts(struct ctx *cx, int64_t user_id) {
    char code[TOTP_DIGITS + 1];
    bool good;
    totp_code(S(SECRET), cx->now.ms / 30000, code);
    assert_ok(cx, totp_accept(cx, user_id, str_from(code), &good));
    return good;
}

static void secrets_of_before_are_sealed(void **state) {
    struct ctx cx = test_ctx();
    struct test_db test;
    struct actor owner = actor_console("root");
    int64_t sealed;
    test_db_migrated(&cx, test_engine(state), &test);
    actor_bind(&cx, &owner);
    seal_key_use(first_key);
    assert_ok(&cx, tx_begin(&cx, test.db, TX_WRITE));
    int64_t ana = add_user(&cx, "ana"), beto = add_user(&cx, "beto"), carla = add_user(&cx, "carla");
    assert_ok(&cx, account_test_open_secrets(&cx, &(struct account_test_open_secrets_params){.user_id = ana, .secret = S(SECRET)}));
    assert_ok(&cx, account_test_open_secrets(&cx, &(struct account_test_open_secrets_params){.user_id = beto, .pending = S(SECRET)}));
    assert_false(accepts(&cx, ana)); /* what is not sealed is not believed */
    assert_ok(&cx, totp_seal_old(&cx, &sealed));
    assert_int_equal(sealed, 2);
    assert_ok(&cx, totp_seal_old(&cx, &sealed));
    assert_int_equal(sealed, 0);
    struct totp_get_row row;
    assert_ok(&cx, totp_get(&cx, &(struct totp_get_params){.user_id = ana}, &row));
    assert_int_equal(row.totp_secret.n, TOTP_SECRET + SEAL_MORE);
    assert_null(row.totp_pending.p);
    /* Put into Carla's row it opens nothing. */
    Str theirs = arena_str(cx.arena, row.totp_secret);
    assert_ok(&cx, account_test_open_secrets(&cx, &(struct account_test_open_secrets_params){.user_id = carla, .secret = theirs}));
    assert_false(accepts(&cx, carla));
    seal_key_use(second_key);
    assert_false(accepts(&cx, ana));
    seal_key_use(first_key);
    assert_true(accepts(&cx, ana));
    Str pending;
    assert_ok(&cx, totp_pending(&cx, beto, &pending));
    assert_str(pending, SECRET);
    tx_rollback(&cx);
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

static const struct CMUnitTest seal_tests[] = {
    cmocka_unit_test(only_the_owner_opens),
    cmocka_unit_test(the_key_lies_in_a_file_of_its_owner),
    ON_BOTH(secrets_of_before_are_sealed),
};
const struct test_suite seal_suite = {"seal", seal_tests, COUNT_OF(seal_tests)};
