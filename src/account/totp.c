/* RFC 6238 codes by liboath, their enrolment, and recovery codes. Secrets are sealed at rest (account/seal.h): who gets the database alone
 * makes no codes. */
#include "account/totp.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "account/seal.h"
#include "account/token.h"
#include "base/random.h"
#include "totp_sql.h"

#define DRIFT 1

void totp_code(Str secret, int64_t step, char out[TOTP_DIGITS + 1]) {
    int rc = oath_hotp_generate(secret.p, secret.n, (uint64_t)step, TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, out);
    MUST(rc == OATH_OK);
}

bool totp_match(Str secret, Str code, Instant now, int64_t after, int64_t *out_step) {
    int64_t present = now.ms / MS_PER_SECOND / TOTP_STEP_S;
    bool found = false;
    for (int64_t step = present - DRIFT; step <= present + DRIFT; step++) {
        char expected[TOTP_DIGITS + 1];
        if (step < 0) continue;
        totp_code(secret, step, expected);
        if (token_same(str_from(expected), code) && step > after && !found) {
            *out_step = step;
            found = true;
        }
    }
    return found;
}

void totp_secret_text(Str secret, struct buf *out) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned bits = 0, held = 0;
    for (size_t i = 0; i < secret.n; i++) {
        held = held << 8 | (unsigned char)secret.p[i];
        for (bits += 8; bits >= 5; bits -= 5) buf_add_char(out, letters[held >> (bits - 5) & 31]);
    }
    if (bits) buf_add_char(out, letters[held << (5 - bits) & 31]);
}

void totp_uri(Str secret, Str issuer, Str login, struct buf *out) {
    buf_add_cstr(out, "otpauth://totp/");
    buf_add_url(out, issuer);
    buf_add_char(out, ':');
    buf_add_url(out, login);
    buf_add_cstr(out, "?secret=");
    totp_secret_text(secret, out);
    buf_add_cstr(out, "&issuer=");
    buf_add_url(out, issuer);
    buf_printf(out, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP_S);
}

/* Whose it is, so that a secret copied into another person's row does not open. */
static Str owner_of(struct ctx *cx, int64_t user_id) { return arena_printf(cx->arena, "totp:%lld", (long long)user_id); }

enum rc totp_enrol(struct ctx *cx, int64_t user_id, Str *out_secret) {
    char *secret = arena_alloc(cx->arena, TOTP_SECRET);
    Str sealed;
    random_bytes(secret, TOTP_SECRET);
    TRY(seal_close(cx, owner_of(cx, user_id), (Str){secret, TOTP_SECRET}, &sealed));
    TRY(totp_set_pending(cx, &(struct totp_set_pending_params){.user_id = user_id, .secret = sealed}));
    *out_secret = (Str){secret, TOTP_SECRET};
    return OK;
}

enum rc totp_pending(struct ctx *cx, int64_t user_id, Str *out_secret) {
    struct totp_get_row row;
    Str plain = {NULL, 0};
    TRY(totp_get(cx, &(struct totp_get_params){.user_id = user_id}, &row));
    if (row.totp_pending.p && !seal_open(cx->arena, owner_of(cx, user_id), row.totp_pending, &plain)) plain = (Str){NULL, 0};
    *out_secret = plain;
    return OK;
}

enum rc totp_seal_old(struct ctx *cx, int64_t *out_sealed) {
    VEC_OF(struct totp_all_row) rows = {0};
    {
        AUTO(totp_all_close) struct totp_all_cursor cursor = {0};
        TRY(totp_all_open(cx, &cursor));
        for (;;) {
            struct totp_all_row r;
            bool more;
            TRY(totp_all_next(cx, &cursor, &r, &more));
            if (!more) break;
            if (r.totp_secret.p) r.totp_secret = arena_str(cx->arena, r.totp_secret);
            if (r.totp_pending.p) r.totp_pending = arena_str(cx->arena, r.totp_pending);
            *VEC_PUSH(cx->arena, &rows) = r;
        }
    }
    int64_t sealed = 0;
    for (size_t i = 0; i < rows.count; i++) {
        struct totp_all_row *r = &rows.items[i];
        bool old_secret = r->totp_secret.p && r->totp_secret.n == TOTP_SECRET;
        bool old_pending = r->totp_pending.p && r->totp_pending.n == TOTP_SECRET;
        if (!old_secret && !old_pending) continue;
        if (old_secret) TRY(seal_close(cx, owner_of(cx, r->user_id), r->totp_secret, &r->totp_secret));
        if (old_pending) TRY(seal_close(cx, owner_of(cx, r->user_id), r->totp_pending, &r->totp_pending));
        TRY(totp_set_both(cx, &(struct totp_set_both_params){
                                  .user_id = r->user_id, .secret = r->totp_secret, .pending = r->totp_pending}));
        sealed++;
    }
    *out_sealed = sealed;
    return OK;
}

/* Ten letters of 32, 50 bits: with the throttle of codes no one guesses them. */
static void recovery_make(char out[RECOVERY_TEXT]) {
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz234567890";
    unsigned char bytes[10];
    size_t n = 0;
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == 5) out[n++] = '-';
        out[n++] = letters[bytes[i] & 31];
    }
    out[n] = '\0';
}

/* Without spaces and dashes, in small letters: as people copy them from paper. */
static void recovery_hash(int64_t user_id, Str code, unsigned char out[TOKEN_HASH]) {
    char plain[32], id[24];
    size_t n = 0;
    for (size_t i = 0; i < code.n && n < sizeof plain; i++) {
        char c = code.p[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if (c != '-' && c != ' ') plain[n++] = c;
    }
    snprintf(id, sizeof id, "%lld", (long long)user_id);
    token_hash_pair(S("recovery"), str_from(id), (Str){plain, n}, out);
}

enum rc totp_recovery_make(struct ctx *cx, int64_t user_id, char out_codes[RECOVERY_CODES][RECOVERY_TEXT]) {
    TRY(recovery_clear(cx, &(struct recovery_clear_params){.user_id = user_id}));
    for (int i = 0; i < RECOVERY_CODES; i++) {
        unsigned char hash[TOKEN_HASH];
        recovery_make(out_codes[i]);
        recovery_hash(user_id, str_from(out_codes[i]), hash);
        TRY(recovery_insert(cx, &(struct recovery_insert_params){.user_id = user_id, .hash = token_bytes(hash)}));
    }
    return OK;
}

enum rc totp_confirm(struct ctx *cx, int64_t user_id, Str code, char out_codes[RECOVERY_CODES][RECOVERY_TEXT]) {
    Str secret;
    int64_t step;
    TRY(totp_pending(cx, user_id, &secret));
    if (!secret.p)
        return fail_field(cx, CONFLICT, "code", "begin anew and read the new QR code", "no second factor is being set up");
    if (!totp_match(secret, code, cx->now, 0, &step))
        return fail_field(cx, INVALID, "code", "check that the telephone's clock is right", "this is not the present code");
    TRY(totp_switch_on(cx, &(struct totp_switch_on_params){.user_id = user_id, .step = step}));
    return totp_recovery_make(cx, user_id, out_codes);
}

enum rc totp_switch_off(struct ctx *cx, int64_t user_id) {
    TRY(totp_clear(cx, &(struct totp_clear_params){.user_id = user_id}));
    return recovery_clear(cx, &(struct recovery_clear_params){.user_id = user_id});
}

enum rc totp_accept(struct ctx *cx, int64_t user_id, Str code, bool *out_good) {
    struct totp_get_row row;
    int64_t step, changed = 0;
    unsigned char hash[TOKEN_HASH];
    Str secret;
    TRY(totp_get(cx, &(struct totp_get_params){.user_id = user_id}, &row));
    *out_good = false;
    if (!row.totp_secret.p) return OK;
    bool opens = seal_open(cx->arena, owner_of(cx, user_id), row.totp_secret, &secret);
    if (opens && totp_match(secret, code, cx->now, row.totp_step, &step)) {
        TRY(totp_take_step_count(cx, &(struct totp_take_step_params){.user_id = user_id, .step = step}, &changed));
    } else {
        recovery_hash(user_id, code, hash);
        TRY(recovery_use_count(cx, &(struct recovery_use_params){.user_id = user_id, .hash = token_bytes(hash)}, &changed));
    }
    *out_good = changed == 1;
    return OK;
}
