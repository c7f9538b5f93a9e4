/* The claims of an ID token: each one wrong, by itself. */
#include "account/oidc.h"

#include <string.h>

#include "base/test.h"

/* The test's clock stands at 1795269600. */
#define HEAD "{\"iss\":\"https://id.example\",\"sub\":\"7\","
#define TIMES "\"exp\":1795269900,\"iat\":1795269590,"
#define MAIL "\"email\":\"ana@uno.example\",\"email_verified\":true}"

static void each_claim_counts(void **state) {
    (void)state;
    static const struct {
        const char *name, *claims;
        bool good;
    } cases[] = {
        {"all right", HEAD "\"aud\":\"aldia\"," TIMES "\"nonce\":\"n1\"," MAIL, true},
        {"audience in a list", HEAD "\"aud\":[\"aldia\"]," TIMES "\"nonce\":\"n1\"," MAIL, true},
        {"several audiences, we are the party", HEAD "\"aud\":[\"x\",\"aldia\"],\"azp\":\"aldia\"," TIMES "\"nonce\":\"n1\"," MAIL, true},
        {"several audiences, nobody the party", HEAD "\"aud\":[\"x\",\"aldia\"]," TIMES "\"nonce\":\"n1\"," MAIL, false},
        {"several audiences, another the party", HEAD "\"aud\":[\"x\",\"aldia\"],\"azp\":\"x\"," TIMES "\"nonce\":\"n1\"," MAIL, false},
        {"another audience", HEAD "\"aud\":\"other\"," TIMES "\"nonce\":\"n1\"," MAIL, false},
        {"no audience", HEAD TIMES "\"nonce\":\"n1\"," MAIL, false},
        {"another issuer", "{\"iss\":\"https://id.example.evil\",\"aud\":\"aldia\"," TIMES "\"nonce\":\"n1\"," MAIL, false},
        {"no issuer", "{\"aud\":\"aldia\"," TIMES "\"nonce\":\"n1\"," MAIL, false},
        {"expired", HEAD "\"aud\":\"aldia\",\"exp\":1795269540,\"iat\":1795269000,\"nonce\":\"n1\"," MAIL, false},
        {"expired within the clocks' difference", HEAD "\"aud\":\"aldia\",\"exp\":1795269541,\"iat\":1795269000,\"nonce\":\"n1\"," MAIL, true},
        {"no expiry", HEAD "\"aud\":\"aldia\",\"iat\":1795269590,\"nonce\":\"n1\"," MAIL, false},
        {"expiry as a text", HEAD "\"aud\":\"aldia\",\"exp\":\"1795269900\",\"iat\":1795269590,\"nonce\":\"n1\"," MAIL, false},
        {"from the future", HEAD "\"aud\":\"aldia\",\"exp\":1795279900,\"iat\":1795269661,\"nonce\":\"n1\"," MAIL, false},
        {"another nonce", HEAD "\"aud\":\"aldia\"," TIMES "\"nonce\":\"n2\"," MAIL, false},
        {"no nonce", HEAD "\"aud\":\"aldia\"," TIMES MAIL, false},
        {"address not verified", HEAD "\"aud\":\"aldia\"," TIMES "\"nonce\":\"n1\",\"email\":\"ana@uno.example\",\"email_verified\":false}", false},
        {"verified as a text", HEAD "\"aud\":\"aldia\"," TIMES "\"nonce\":\"n1\",\"email\":\"ana@uno.example\",\"email_verified\":\"true\"}", false},
        {"nothing said of it", HEAD "\"aud\":\"aldia\"," TIMES "\"nonce\":\"n1\",\"email\":\"ana@uno.example\"}", false},
        {"no address", HEAD "\"aud\":\"aldia\"," TIMES "\"nonce\":\"n1\",\"email_verified\":true}", false},
        {"no object", "[]", false},
    };
    AUTO(test_ctx_done) struct ctx cx = test_ctx();
    const struct oidc_provider provider = {.issuer = S("https://id.example"), .client_id = S("aldia")};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str email = S("");
        enum rc rc = oidc_check_claims(&cx, &provider, str_from(cases[i].claims), S("n1"), &email);
        if (rc != (cases[i].good ? OK : DENIED)) fail_msg("%s: %s", cases[i].name, rc_name(rc));
        if (cases[i].good) assert_str(email, "ana@uno.example");
    }
    Str email;
    assert_rc(&cx, DENIED, oidc_check_claims(&cx, &provider, str_from(cases[0].claims), S(""), &email));
}

static const struct CMUnitTest oidc_tests[] = {cmocka_unit_test(each_claim_counts)};
const struct test_suite oidc_suite = {"oidc", oidc_tests, COUNT_OF(oidc_tests)};
