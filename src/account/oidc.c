/* Sign-on by another provider: the flow and the claims. */
#include "account/oidc.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "account/oidc_token.h"
#include "base/json_tree.h"
#include "oidc_sql.h"

#define CONNECT_S 5L
#define WHOLE_S 10L
#define BODY_MOST ((size_t)256 * 1024)
#define KEEP_MS MS_PER_HOUR
#define REFETCH_MS MS_PER_MINUTE
#define UNDER_WAY_MS (10 * MS_PER_MINUTE)
#define SKEW_S 60

/* ---- fetching ---- */

static bool is_loopback(Str url) {
    return str_starts(url, S("http://127.0.0.1:")) || str_starts(url, S("http://localhost:")) ||
           str_starts(url, S("http://[::1]:"));
}

static bool is_fetchable(Str url) { return str_starts(url, S("https://")) || is_loopback(url); }

static size_t take(char *bytes, size_t size, size_t n, void *self) {
    struct buf *b = self;
    buf_add(b, (Str){bytes, size * n});
    return buf_ok(b) ? size * n : 0;
}

struct fetch {
    const struct oidc_provider *provider;
    Str url;
    Str form;      /* POST; p NULL: GET */
    bool as_client; /* with our name and secret */
};

static enum rc set_up(struct ctx *cx, CURL *curl, const struct fetch *f, struct buf *body) {
    bool good = curl_easy_setopt(curl, CURLOPT_URL, arena_cstr(cx->arena, f->url)) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, is_loopback(f->url) ? "http" : "https") == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_TIMEOUT, WHOLE_S) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROXY, is_loopback(f->url) ? "" : NULL) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_WRITEDATA, body) == CURLE_OK;
    if (f->provider->ca_file) good = good && curl_easy_setopt(curl, CURLOPT_CAINFO, f->provider->ca_file) == CURLE_OK;
    if (f->form.p) good = good && curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, arena_cstr(cx->arena, f->form)) == CURLE_OK;
    if (f->as_client) {
        AUTO(buf_done) struct buf who = buf_make(4096);
        buf_add_url(&who, f->provider->client_id); /* RFC 6749 2.3.1 */
        buf_add_char(&who, ':');
        buf_add_url(&who, f->provider->client_secret);
        good = good && curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_USERPWD, arena_cstr(cx->arena, buf_str(&who))) == CURLE_OK;
    }
    return good ? OK : fail(cx, INTERNAL, "could not prepare a request to the sign-on provider");
}

static void curl_release(CURL **curl) { curl_easy_cleanup(*curl); }

static enum rc fetch(struct ctx *cx, const struct fetch *f, Str *out_body) {
    AUTO(buf_done) struct buf body = buf_make(BODY_MOST);
    AUTO(curl_release) CURL *curl = curl_easy_init();
    long status = 0;
    if (!is_fetchable(f->url)) return fail(cx, REMOTE, "the sign-on provider gives an address without HTTPS");
    if (!curl) return fail(cx, INTERNAL, "could not prepare a request to the sign-on provider");
    TRY(set_up(cx, curl, f, &body));
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK)
        return fail(cx, REMOTE, "the sign-on provider could not be reached: %s", curl_easy_strerror(code));
    if (status != 200) return fail(cx, REMOTE, "the sign-on provider answered with status %ld", status);
    *out_body = arena_str(cx->arena, buf_str(&body));
    return OK;
}

/* ---- what is known of the provider ---- */

static const struct value *member(const struct value *object, const char *key) {
    if (!object || object->kind != VALUE_OBJECT) return NULL;
    for (const struct value *v = object->child; v; v = v->next)
        if (str_is(v->key, key)) return v;
    return NULL;
}

static Str text_of(const struct value *object, const char *key) {
    const struct value *v = member(object, key);
    return v && v->kind == VALUE_TEXT ? v->text : S("");
}

/* One provider an installation; kept outside any request. */
static struct {
    pthread_mutex_t mutex;
    struct arena *arena;
    Str issuer, authorize, exchange, jwks_at, jwks;
    Instant read_at, keys_at;
} known = {.mutex = PTHREAD_MUTEX_INITIALIZER, .read_at = {INT64_MIN / 2}, .keys_at = {INT64_MIN / 2}};

struct endpoints {
    Str authorize, exchange, jwks_at, jwks;
};

static void remember(struct ctx *cx, const struct oidc_provider *p, const struct endpoints *e) {
    pthread_mutex_lock(&known.mutex);
    if (!known.arena) known.arena = arena_new();
    arena_reset(known.arena);
    known.issuer = arena_str(known.arena, p->issuer);
    known.authorize = arena_str(known.arena, e->authorize);
    known.exchange = arena_str(known.arena, e->exchange);
    known.jwks_at = arena_str(known.arena, e->jwks_at);
    known.jwks = arena_str(known.arena, e->jwks);
    known.read_at = known.keys_at = cx->now;
    pthread_mutex_unlock(&known.mutex);
}

static bool recall(struct ctx *cx, const struct oidc_provider *p, struct endpoints *out) {
    pthread_mutex_lock(&known.mutex);
    int64_t age = cx->now.ms - known.read_at.ms;
    bool good = known.arena && str_equal(known.issuer, p->issuer) && age >= 0 && age < KEEP_MS;
    if (good)
        *out = (struct endpoints){arena_str(cx->arena, known.authorize), arena_str(cx->arena, known.exchange),
                                  arena_str(cx->arena, known.jwks_at), arena_str(cx->arena, known.jwks)};
    pthread_mutex_unlock(&known.mutex);
    return good;
}

static enum rc discover(struct ctx *cx, const struct oidc_provider *p, struct endpoints *out) {
    const struct value *root;
    Str text;
    if (recall(cx, p, out)) return OK;
    Str base = p->issuer.n && p->issuer.p[p->issuer.n - 1] == '/' ? (Str){p->issuer.p, p->issuer.n - 1} : p->issuer;
    TRY(fetch(cx,
              &(struct fetch){.provider = p,
                              .url = arena_printf(cx->arena, "%.*s/.well-known/openid-configuration", STR_ARG(base))},
              &text));
    TRY(json_parse(cx, text, &root));
    if (!str_equal(text_of(root, "issuer"), p->issuer))
        return fail_field(cx, REMOTE, "oidc_issuer", "write it in aldia.conf as the provider does",
                          "the sign-on provider calls itself %.*s", (int)(text_of(root, "issuer").n < 200 ? text_of(root, "issuer").n : 200),
                          text_of(root, "issuer").p);
    *out = (struct endpoints){.authorize = text_of(root, "authorization_endpoint"),
                              .exchange = text_of(root, "token_endpoint"),
                              .jwks_at = text_of(root, "jwks_uri")};
    if (!is_fetchable(out->authorize)) return fail(cx, REMOTE, "the sign-on provider gives no address to sign on at");
    TRY(fetch(cx, &(struct fetch){.provider = p, .url = out->jwks_at}, &out->jwks));
    remember(cx, p, out);
    return OK;
}

/* The provider has changed its keys; asked at most once a minute, whatever tokens name. */
static enum rc fetch_keys_anew(struct ctx *cx, const struct oidc_provider *p, struct endpoints *e, bool *out_fetched) {
    pthread_mutex_lock(&known.mutex);
    *out_fetched = cx->now.ms - known.keys_at.ms >= REFETCH_MS;
    if (*out_fetched) known.keys_at = cx->now;
    pthread_mutex_unlock(&known.mutex);
    if (!*out_fetched) return OK;
    TRY(fetch(cx, &(struct fetch){.provider = p, .url = e->jwks_at}, &e->jwks));
    remember(cx, p, e);
    return OK;
}

/* ---- beginning ---- */

static Str challenge_of(struct ctx *cx, const char *verifier) {
    unsigned char hash[TOKEN_HASH];
    char *text = arena_alloc(cx->arena, TOKEN_TEXT);
    token_hash(str_from(verifier), hash);
    token_encode(hash, sizeof hash, text, TOKEN_TEXT);
    return str_from(text);
}

static void add_parameter(struct buf *b, const char *name, Str value) {
    buf_printf(b, "&%s=", name);
    buf_add_url(b, value);
}

static enum rc keep_sign_on(struct ctx *cx, struct db *db, const char *state, const char *browser, const char *nonce,
                            const char *verifier) {
    unsigned char state_hash[TOKEN_HASH], browser_hash[TOKEN_HASH];
    AUTO(tx_end) struct ctx *scope = cx;
    token_hash(str_from(state), state_hash);
    token_hash(str_from(browser), browser_hash);
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(sign_on_forget_old(cx, &(struct sign_on_forget_old_params){.before = {cx->now.ms - UNDER_WAY_MS}}));
    TRY(sign_on_insert(cx, &(struct sign_on_insert_params){.state_hash = token_bytes(state_hash),
                                                           .browser_hash = token_bytes(browser_hash),
                                                           .nonce = str_from(nonce),
                                                           .verifier = str_from(verifier)}));
    return tx_commit(cx);
}

enum rc oidc_begin(struct ctx *cx, struct db *db, const struct oidc_provider *p, Str *out_url, char out_browser[TOKEN_TEXT]) {
    struct endpoints e;
    char state[TOKEN_TEXT], nonce[TOKEN_TEXT], verifier[TOKEN_TEXT], browser[TOKEN_TEXT];
    AUTO(buf_done) struct buf url = buf_make(8192);
    TRY(discover(cx, p, &e));
    token_make(state);
    token_make(nonce);
    token_make(verifier);
    token_make(browser);
    TRY(keep_sign_on(cx, db, state, browser, nonce, verifier));
    buf_add(&url, e.authorize);
    buf_add_cstr(&url, str_index(e.authorize, '?') < e.authorize.n ? "&response_type=code" : "?response_type=code");
    add_parameter(&url, "client_id", p->client_id);
    add_parameter(&url, "redirect_uri", p->back);
    add_parameter(&url, "scope", S("openid email"));
    add_parameter(&url, "state", str_from(state));
    add_parameter(&url, "nonce", str_from(nonce));
    add_parameter(&url, "code_challenge", challenge_of(cx, verifier));
    add_parameter(&url, "code_challenge_method", S("S256"));
    if (!buf_ok(&url)) return fail(cx, REMOTE, "the sign-on provider gives an address that is too long");
    *out_url = arena_str(cx->arena, buf_str(&url));
    memcpy(out_browser, browser, TOKEN_TEXT);
    return OK;
}

/* ---- the claims ---- */

static enum rc refuse(struct ctx *cx, SAYS const char *why) {
    return fail(cx, DENIED, "the sign-on provider's answer is not good: %s", phrase(cx, why));
}

static bool is_for_us(const struct oidc_provider *p, const struct value *claims) {
    const struct value *aud = member(claims, "aud"), *azp = member(claims, "azp");
    bool found = false, alone = true;
    if (!aud) return false;
    if (aud->kind == VALUE_TEXT) {
        found = str_equal(aud->text, p->client_id);
    } else if (aud->kind == VALUE_LIST) {
        for (const struct value *v = aud->child; v; v = v->next) {
            found = found || (v->kind == VALUE_TEXT && str_equal(v->text, p->client_id));
            alone = alone && v == aud->child;
        }
    }
    if (azp) return found && azp->kind == VALUE_TEXT && str_equal(azp->text, p->client_id);
    return found && alone;
}

/* Whole seconds; a fraction is cut. */
static bool seconds_of(const struct value *claims, const char *key, int64_t *out) {
    const struct value *v = member(claims, key);
    if (!v || v->kind != VALUE_NUMBER) return false;
    return str_to_i64((Str){v->text.p, str_index(v->text, '.')}, out);
}

enum rc oidc_check_claims(struct ctx *cx, const struct oidc_provider *p, Str text, Str nonce, Str *out_email) {
    const struct value *claims;
    int64_t exp, iat, now = cx->now.ms / MS_PER_SECOND;
    TRY(json_parse(cx, text, &claims));
    if (!str_equal(text_of(claims, "iss"), p->issuer)) return refuse(cx, "it comes from another provider");
    if (!is_for_us(p, claims)) return refuse(cx, "it is meant for another program");
    if (!seconds_of(claims, "exp", &exp) || exp + SKEW_S <= now) return refuse(cx, "it has expired");
    if (!seconds_of(claims, "iat", &iat) || iat > now + SKEW_S) return refuse(cx, "it comes from the future");
    if (nonce.n == 0 || !token_same(text_of(claims, "nonce"), nonce)) return refuse(cx, "it belongs to another sign-on");
    const struct value *verified = member(claims, "email_verified");
    Str email = text_of(claims, "email");
    if (email.n == 0 || !verified || verified->kind != VALUE_TRUE) return refuse(cx, "it names no verified e-mail address");
    *out_email = arena_str(cx->arena, email);
    return OK;
}

/* ---- finishing ---- */

/* Takes the sign-on out of the table: it is good once. */
static enum rc take_sign_on(struct ctx *cx, struct db *db, Str state, Str browser, struct sign_on_get_row *out) {
    unsigned char hash[TOKEN_HASH];
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    token_hash(state, hash);
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(sign_on_get(cx, &(struct sign_on_get_params){.state_hash = token_bytes(hash)}, out, &found));
    TRY(sign_on_delete(cx, &(struct sign_on_delete_params){.state_hash = token_bytes(hash)}));
    TRY(tx_commit(cx));
    token_hash(browser, hash);
    if (!found || !token_same(out->browser_hash, token_bytes(hash)) || out->created_at.ms + UNDER_WAY_MS < cx->now.ms)
        return refuse(cx, "this browser did not ask for it");
    return OK;
}

static enum rc exchange_code(struct ctx *cx, const struct oidc_provider *p, const struct endpoints *e, Str code, Str verifier,
                             Str *out_token) {
    const struct value *root;
    Str body;
    AUTO(buf_done) struct buf form = buf_make(16384);
    buf_add_cstr(&form, "grant_type=authorization_code");
    add_parameter(&form, "code", code);
    add_parameter(&form, "redirect_uri", p->back);
    add_parameter(&form, "client_id", p->client_id);
    add_parameter(&form, "code_verifier", verifier);
    if (!buf_ok(&form)) return refuse(cx, "its code is too long");
    TRY(fetch(cx,
              &(struct fetch){.provider = p, .url = e->exchange, .form = buf_str(&form), .as_client = p->client_secret.n > 0},
              &body));
    TRY(json_parse(cx, body, &root));
    *out_token = text_of(root, "id_token");
    return out_token->n ? OK : refuse(cx, "it carries no ID token");
}

enum rc oidc_finish(struct ctx *cx, struct db *db, const struct oidc_provider *p, Str state, Str code, Str browser,
                    Str *out_email) {
    struct endpoints e;
    struct sign_on_get_row under_way;
    Str token, claims;
    bool unknown, fetched = false;
    if (state.n == 0 || code.n == 0 || browser.n == 0) return refuse(cx, "this browser did not ask for it");
    TRY(take_sign_on(cx, db, state, browser, &under_way));
    TRY(discover(cx, p, &e));
    TRY(exchange_code(cx, p, &e, code, under_way.verifier, &token));
    TRY(oidc_token_verify(cx, e.jwks, token, &claims, &unknown));
    if (unknown) TRY(fetch_keys_anew(cx, p, &e, &fetched));
    if (fetched) TRY(oidc_token_verify(cx, e.jwks, token, &claims, &unknown));
    if (!claims.p) return refuse(cx, "its signature is not the provider's");
    return oidc_check_claims(cx, p, claims, under_way.nonce, out_email);
}
