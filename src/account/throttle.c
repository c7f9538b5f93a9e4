/* Counting failures and the waits that follow from them. */
#include "account/throttle.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "account/token.h"
#include "throttle_sql.h"

struct limit {
    Str kind;
    int64_t free, longest_s, forget_ms;
};
static const struct limit pair_limit = {{"pair", 4}, 5, 900, MS_PER_DAY};
static const struct limit address_limit = {{"address", 7}, 20, 300, MS_PER_HOUR};
static const struct limit login_limit = {{"login", 5}, 10, 60, MS_PER_HOUR};
static const struct limit code_limit = {{"code", 4}, 5, 900, MS_PER_DAY};

#define KEPT_MS (2 * MS_PER_DAY)

/* What counts as one address: IPv4 whole, IPv6 its /64. */
static Str network_of(struct ctx *cx, Str address) {
    unsigned char bytes[16];
    char text[INET6_ADDRSTRLEN];
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (inet_pton(AF_INET6, arena_cstr(cx->arena, address), bytes) != 1) return address;
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        return arena_printf(cx->arena, "%d.%d.%d.%d", bytes[12], bytes[13], bytes[14], bytes[15]);
    memset(bytes + 8, 0, 8);
    if (!inet_ntop(AF_INET6, bytes, text, sizeof text)) return address;
    return arena_str(cx->arena, str_from(text));
}

struct count {
    unsigned char subject[TOKEN_HASH];
    int64_t failures;
    Instant blocked_until;
    const struct limit *limit;
};

static enum rc count_read(struct ctx *cx, const struct limit *limit, Str a, Str b, struct count *out) {
    struct throttle_get_row row;
    bool found;
    *out = (struct count){.limit = limit};
    token_hash_pair(limit->kind, a, b, out->subject);
    TRY(throttle_get(cx, &(struct throttle_get_params){.subject = token_bytes(out->subject)}, &row, &found));
    if (!found || row.last_at.ms + limit->forget_ms < cx->now.ms) return OK;
    out->failures = row.failures;
    out->blocked_until = row.blocked_until;
    return OK;
}

static int64_t wait_s(const struct ctx *cx, const struct count *c) {
    int64_t ms = c->blocked_until.ms - cx->now.ms;
    return ms > 0 ? (ms + MS_PER_SECOND - 1) / MS_PER_SECOND : 0;
}

static enum rc count_one(struct ctx *cx, const struct count *c) {
    int64_t failures = c->failures + 1, over = failures - c->limit->free, wait = 0;
    if (over > 0) wait = over < 20 ? INT64_C(1) << over : c->limit->longest_s;
    if (wait > c->limit->longest_s) wait = c->limit->longest_s;
    return throttle_put(cx, &(struct throttle_put_params){.subject = token_bytes(c->subject),
                                                          .failures = failures,
                                                          .blocked_until = {cx->now.ms + wait * MS_PER_SECOND}});
}

static void address_hash(struct ctx *cx, Str address, unsigned char out[TOKEN_HASH]) {
    token_hash_pair(S("known"), network_of(cx, address), S(""), out);
}

static enum rc is_known(struct ctx *cx, const struct attempt *a, bool *out) {
    unsigned char hash[TOKEN_HASH];
    struct known_address_get_row row;
    *out = false;
    if (a->user_id == 0) return OK;
    address_hash(cx, a->address, hash);
    return known_address_get(
        cx, &(struct known_address_get_params){.user_id = a->user_id, .address_hash = token_bytes(hash)}, &row, out);
}

enum rc throttle_begin(struct ctx *cx, const struct attempt *a, int64_t *out_wait_s) {
    struct count counts[3];
    bool known;
    int64_t longest = 0;
    Str network = network_of(cx, a->address);
    TRY(throttle_forget_old(cx, &(struct throttle_forget_old_params){.before = {cx->now.ms - KEPT_MS}}));
    TRY(is_known(cx, a, &known));
    TRY(count_read(cx, &pair_limit, a->login, network, &counts[0]));
    TRY(count_read(cx, &address_limit, network, S(""), &counts[1]));
    TRY(count_read(cx, &login_limit, a->login, S(""), &counts[2]));
    size_t n = known ? 1 : COUNT_OF(counts);
    for (size_t i = 0; i < n; i++)
        if (wait_s(cx, &counts[i]) > longest) longest = wait_s(cx, &counts[i]);
    *out_wait_s = longest;
    if (longest > 0) return OK;
    for (size_t i = 0; i < n; i++) TRY(count_one(cx, &counts[i]));
    return OK;
}

/* This attempt was none, the others stay, and the wait for them: an account of one's own does not buy guesses. */
static enum rc take_back(struct ctx *cx, const struct limit *limit, Str subject) {
    struct count c;
    TRY(count_read(cx, limit, subject, S(""), &c));
    if (c.failures == 0) return OK;
    return throttle_put(cx, &(struct throttle_put_params){
                                .subject = token_bytes(c.subject), .failures = c.failures - 1, .blocked_until = c.blocked_until});
}

enum rc throttle_succeeded(struct ctx *cx, const struct attempt *a) {
    unsigned char hash[TOKEN_HASH];
    struct count c;
    bool known;
    Str network = network_of(cx, a->address);
    TRY(is_known(cx, a, &known));
    TRY(count_read(cx, &pair_limit, a->login, network, &c));
    TRY(throttle_forget(cx, &(struct throttle_forget_params){.subject = token_bytes(c.subject)}));
    if (!known) {
        TRY(take_back(cx, &address_limit, network));
        TRY(take_back(cx, &login_limit, a->login));
    }
    address_hash(cx, a->address, hash);
    return known_address_put(
        cx, &(struct known_address_put_params){.user_id = a->user_id, .address_hash = token_bytes(hash)});
}

static enum rc code_count(struct ctx *cx, int64_t user_id, struct count *out) {
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)user_id);
    return count_read(cx, &code_limit, str_from(id), S(""), out);
}

enum rc throttle_begin_code(struct ctx *cx, int64_t user_id, int64_t *out_wait_s) {
    struct count c;
    TRY(code_count(cx, user_id, &c));
    *out_wait_s = wait_s(cx, &c);
    return *out_wait_s > 0 ? OK : count_one(cx, &c);
}

enum rc throttle_succeeded_code(struct ctx *cx, int64_t user_id) {
    struct count c;
    TRY(code_count(cx, user_id, &c));
    return throttle_forget(cx, &(struct throttle_forget_params){.subject = token_bytes(c.subject)});
}
