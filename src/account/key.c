/* API keys. */
#include "account/key.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "account/access.h"
#include "key_sql.h"

#define START "aldia_"
#define TOUCH_MS MS_PER_MINUTE
#define LOG_MS MS_PER_HOUR
#define NAME_MOST 80

/* ---- scopes ---- */

enum rc key_scopes_parse(struct ctx *cx, Str text, uint64_t *out) {
    uint64_t set = 0;
    Str rest = text;
    while (rest.p) {
        enum capability c;
        Str word = str_trim(str_cut(&rest, str_index(text, ',') < text.n ? ',' : ' '));
        if (word.n == 0) continue;
        if (!capability_find(word, &c) || c == CAP_INSTALL || c == CAP_PUBLIC || c == CAP_SELF)
            return fail_field(cx, INVALID, "scope", "docs/ref/roles.md lists them: customer.read, money.read …",
                              "\"%.*s\" is no scope of a key", (int)(word.n < 60 ? word.n : 60), word.p);
        set |= UINT64_C(1) << c;
    }
    *out = set;
    return OK;
}

Str key_scopes_text(struct arena *arena, uint64_t set) {
    Str text = S("");
    for (int c = CAP_UNDECLARED + 1; c < CAP_COUNT; c++)
        if (set >> c & 1)
            text = arena_printf(arena, "%.*s%s%s", STR_ARG(text), text.n ? " " : "", capability_name((enum capability)c));
    return text;
}

/* ---- making ---- */

static void prefix_make(char out[KEY_PREFIX + 1]) {
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    for (size_t i = 0; i < KEY_PREFIX; i++) out[i] = letters[randombytes_uniform(sizeof letters - 1)];
    out[KEY_PREFIX] = '\0';
}

enum rc key_create(struct ctx *cx, const struct key_new *key, int64_t *out_id, char out_text[KEY_TEXT]) {
    char prefix[KEY_PREFIX + 1], secret[TOKEN_TEXT];
    unsigned char hash[TOKEN_HASH];
    struct key_next_id_row next;
    Str name = str_trim(key->name);
    if (name.n == 0 || name.n > NAME_MOST)
        return fail_field(cx, INVALID, "name", "say which program it is for", "the key needs a name of at most %d bytes",
                          NAME_MOST);
    if (key->capabilities == 0)
        return fail_field(cx, INVALID, "scope", "docs/ref/roles.md lists them: customer.read, money.read …",
                          "the key has no scope");
    uint64_t more = key->capabilities & ~cx->who->capabilities;
    if (more) {
        Str words = key_scopes_text(cx->arena, more);
        return fail_field(cx, DENIED, "scope", "a key never has more than whoever makes it", "you have no %.*s yourself",
                          (int)(words.n < 200 ? words.n : 200), words.p);
    }
    if (!instant_is_none(key->expires_at) && key->expires_at.ms <= cx->now.ms)
        return fail_field(cx, INVALID, "expires", "give a later day", "the key would have expired already");
    prefix_make(prefix);
    token_make(secret);
    token_hash(str_from(secret), hash);
    TRY(key_next_id(cx, &next));
    TRY(key_insert(cx, &(struct key_insert_params){.id = next.id,
                                                   .name = name,
                                                   .prefix = str_from(prefix),
                                                   .secret_hash = token_bytes(hash),
                                                   .capabilities = key_scopes_text(cx->arena, key->capabilities),
                                                   .has_user_id = cx->who->user_id != 0,
                                                   .user_id = cx->who->user_id,
                                                   .expires_at = key->expires_at}));
    snprintf(out_text, KEY_TEXT, START "%s_%s", prefix, secret);
    *out_id = next.id;
    return OK;
}

/* ---- finding ---- */

static bool is_alive(const struct ctx *cx, const struct key_by_prefix_row *r) {
    if (!instant_is_none(r->revoked_at)) return false;
    if (!instant_is_none(r->expires_at) && r->expires_at.ms <= cx->now.ms) return false;
    return !r->has_user_id || (r->maker_role.n > 0 && instant_is_none(r->maker_disabled));
}

static struct actor actor_of(struct ctx *cx, const struct key_by_prefix_row *r, Str address) {
    struct actor a = {.kind = ACTOR_KEY,
                      .user_id = r->has_user_id ? r->user_id : 0,
                      .key_id = r->id,
                      .company_id = r->company_id,
                      .role = ROLE_READ_ONLY,
                      .scope = SCOPE_ALL};
    MUST(key_scopes_parse(cx, r->capabilities, &a.capabilities) == OK);
    if (r->has_user_id) {
        MUST(role_find(r->maker_role, &a.role) && scope_find(r->maker_scope, &a.scope));
        a.capabilities &= role_capabilities(a.role);
        a.team_id = r->has_maker_team ? r->maker_team : 0;
    }
    str_copy(a.name, sizeof a.name, r->name);
    str_copy(a.company, sizeof a.company, r->company_code);
    str_copy(a.address, sizeof a.address, address);
    snprintf(a.label, sizeof a.label, "key:%lld", (long long)r->id);
    return a;
}

enum rc key_find(struct ctx *cx, Str text, Str address, struct key_found *out, bool *out_found) {
    unsigned char hash[TOKEN_HASH];
    struct key_by_prefix_row r;
    bool found;
    *out_found = false;
    if (text.n != KEY_TEXT - 1 || !str_starts(text, S(START)) || text.p[sizeof START - 1 + KEY_PREFIX] != '_') return OK;
    Str prefix = {text.p + sizeof START - 1, KEY_PREFIX};
    Str secret = {prefix.p + KEY_PREFIX + 1, TOKEN_TEXT - 1};
    if (!str_is_utf8(prefix)) return OK;
    TRY(key_by_prefix(cx, &(struct key_by_prefix_params){.prefix = prefix}, &r, &found));
    token_hash(secret, hash);
    if (!found || !token_same(r.secret_hash, token_bytes(hash)) || !is_alive(cx, &r)) return OK;
    bool is_new = instant_is_none(r.last_used_at) || !str_equal(r.last_address, address);
    *out = (struct key_found){.actor = actor_of(cx, &r, address),
                              .touch_due = is_new || r.last_used_at.ms + TOUCH_MS <= cx->now.ms,
                              .log_due = is_new || r.last_used_at.ms + LOG_MS <= cx->now.ms};
    *out_found = true;
    return OK;
}

enum rc key_touch(struct ctx *cx, const struct key_found *key) {
    Str address = str_from(key->actor.address);
    TRY(key_used(cx, &(struct key_used_params){.id = key->actor.key_id, .address = address}));
    if (!key->log_due) return OK;
    return access_note(cx, &(struct access_entry){.what = "key_used",
                                                  .user_id = key->actor.user_id,
                                                  .key_id = key->actor.key_id,
                                                  .who = str_from(key->actor.name),
                                                  .address = address});
}
