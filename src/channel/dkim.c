/* DKIM signatures on GnuTLS: RFC 6376, Ed25519 by RFC 8463.
 *
 * Owns the keys and the canonical forms; knows nothing of MIME. The one idea: everything that is signed is first
 * brought into the form of section 3.4 ("relaxed"), in which what relays change on the way (folding, runs of blanks,
 * blank lines at the end) does not show. */
#include "channel/dkim.h"

#include <ctype.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

enum {
    MAX_KEY_FILE = 1 << 16,
    MIN_RSA_BITS = 2048,
    SHA256_SIZE = 32,
    FOLD_AT = 76,
    MAX_HEADERS = 256,
    MAX_SIGNED_BYTES = 1 << 20
};

struct dkim_key {
    gnutls_privkey_t key;
    bool ed25519;
    char *domain, *selector;
};

/* What is signed when it is there; the last one of a name first, as section 5.4.2 wants it. "from" comes once more than
 * there are: a second From added on the way breaks the signature. */
static const char *const signed_names[] = {
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
};

/* --- keys */

/* The characters of a host name; an underscore occurs in selectors. */
static bool is_dns_name(Str s) {
    if (s.n == 0 || s.n > 253 || s.p[0] == '.' || s.p[s.n - 1] == '.') return false;
    for (size_t i = 0; i < s.n; i++)
        if (!isalnum((unsigned char)s.p[i]) && !memchr("-_.", s.p[i], 3)) return false;
    return true;
}

static char *copy_cstr(Str s) {
    char *copy = mem_alloc(s.n + 1);
    memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return copy;
}

void dkim_key_free(struct dkim_key *key) {
    if (!key) return;
    gnutls_privkey_deinit(key->key);
    mem_free(key->domain);
    mem_free(key->selector);
    mem_free(key);
}

static enum rc check_strength(struct ctx *cx, const char *path, gnutls_privkey_t key, bool *out_ed25519) {
    unsigned bits = 0;
    int algorithm = gnutls_privkey_get_pk_algorithm(key, &bits);
    *out_ed25519 = algorithm == GNUTLS_PK_EDDSA_ED25519;
    if (*out_ed25519 || (algorithm == GNUTLS_PK_RSA && bits >= MIN_RSA_BITS)) return OK;
    if (algorithm == GNUTLS_PK_RSA)
        return fail_field(cx, INVALID, "dkim_key_file",
                          "make a new one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                          "the key in %s has %u bits, fewer than %d", path, bits, MIN_RSA_BITS);
    return fail_field(cx, INVALID, "dkim_key_file", "use RSA (2048 bits or more) or Ed25519",
                      "the key in %s is of a kind DKIM does not know", path);
}

enum rc dkim_key_load(struct ctx *cx, const char *path, Str domain, Str selector, struct dkim_key **out_key) {
    if (!is_dns_name(domain))
        return fail_field(cx, INVALID, "dkim_domain", "like example.com", "the DKIM domain is no domain name");
    if (!is_dns_name(selector))
        return fail_field(cx, INVALID, "dkim_selector", "letters, digits, hyphens", "the DKIM selector is no DNS name");
    Str pem;
    TRY(file_read(cx, path, MAX_KEY_FILE, &pem));
    gnutls_privkey_t key;
    MUST(gnutls_privkey_init(&key) == GNUTLS_E_SUCCESS);
    unsigned char *bytes = (unsigned char *)(uintptr_t)pem.p;
    gnutls_datum_t data = {.data = bytes, .size = (unsigned)pem.n};
    int status = gnutls_privkey_import_x509_raw(key, &data, GNUTLS_X509_FMT_PEM, NULL, 0);
    explicit_bzero(bytes, pem.n);
    enum rc rc = OK;
    bool ed25519 = false;
    if (status < 0)
        rc = fail_field(cx, INVALID, "dkim_key_file", "a private key in PEM without a passphrase is needed",
                        "cannot read a private key in %s: %s", path, gnutls_strerror(status));
    else
        rc = check_strength(cx, path, key, &ed25519);
    if (rc != OK) {
        gnutls_privkey_deinit(key);
        return rc;
    }
    struct dkim_key *k = mem_alloc(sizeof *k);
    *k =
        (struct dkim_key){.key = key, .ed25519 = ed25519, .domain = copy_cstr(domain), .selector = copy_cstr(selector)};
    *out_key = k;
    return OK;
}

/* --- canonical forms (RFC 6376, 3.4.2 and 3.4.4) */

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* Runs of blanks become one space, those at the end go. */
static void add_relaxed(struct buf *out, Str line) {
    bool blank = false;
    for (size_t i = 0; i < line.n; i++) {
        if (is_blank(line.p[i])) {
            blank = true;
            continue;
        }
        if (blank) buf_add_char(out, ' ');
        blank = false;
        buf_add_char(out, line.p[i]);
    }
}

/* One field, unfolded, without a line end. `field` has a colon. */
static void add_relaxed_field(struct ctx *cx, struct buf *out, Str field) {
    size_t colon = str_index(field, ':');
    Str name = str_trim((Str){field.p, colon});
    for (size_t i = 0; i < name.n; i++) buf_add_char(out, (char)tolower((unsigned char)name.p[i]));
    buf_add_char(out, ':');
    char *flat = arena_alloc(cx->arena, field.n + 1);
    size_t n = 0;
    for (size_t i = colon + 1; i < field.n; i++)
        if (field.p[i] != '\r' && field.p[i] != '\n') flat[n++] = field.p[i];
    Str value = {flat, n};
    while (value.n && is_blank(value.p[0])) value = (Str){value.p + 1, value.n - 1};
    add_relaxed(out, value);
}

static void hash_body(Str body, unsigned char *out_digest) {
    gnutls_hash_hd_t hash;
    MUST(gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) == GNUTLS_E_SUCCESS);
    struct buf line = buf_make(SIZE_MAX / 2);
    size_t empty_lines = 0;
    for (Str rest = body; rest.p && rest.n;) {
        Str raw = str_cut(&rest, '\n');
        if (raw.n && raw.p[raw.n - 1] == '\r') raw.n--;
        buf_clear(&line);
        add_relaxed(&line, raw);
        /* Blank lines count once something follows them. */
        if (line.n == 0) {
            empty_lines++;
            continue;
        }
        for (; empty_lines > 0; empty_lines--) gnutls_hash(hash, "\r\n", 2);
        buf_add(&line, S("\r\n"));
        gnutls_hash(hash, line.p, line.n);
    }
    buf_done(&line);
    gnutls_hash_deinit(hash, out_digest);
}

/* --- the header of a message */

struct header_fields {
    Str field[MAX_HEADERS]; /* with its folded lines, without the last CRLF */
    Str name[MAX_HEADERS];
    size_t count;
};

/* Every LF after a CR: a relay would mend the others, after we have signed. */
static bool has_bare_line_feed(Str text) {
    const char *end = text.p + text.n;
    for (const char *at = text.p; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        if (at == text.p || at[-1] != '\r') return true;
    return false;
}

static enum rc split_message(struct ctx *cx, Str message, struct header_fields *h, Str *out_body) {
    if (has_bare_line_feed(message))
        return fail(cx, INVALID, "the message to sign has a line that does not end in CRLF");
    h->count = 0;
    Str rest = message;
    while (rest.p && rest.n) {
        Str line = str_cut(&rest, '\n');
        if (line.n && line.p[line.n - 1] == '\r') line.n--;
        if (line.n == 0) break;
        if (is_blank(line.p[0]) && h->count) {
            Str *last = &h->field[h->count - 1];
            last->n = (size_t)(line.p + line.n - last->p);
            continue;
        }
        size_t colon = str_index(line, ':');
        if (colon == line.n || colon == 0)
            return fail(cx, INVALID, "the message to sign has a header line without a name");
        if (h->count == MAX_HEADERS)
            return fail(cx, INVALID, "the message to sign has more than %d headers", MAX_HEADERS);
        h->field[h->count] = line;
        h->name[h->count] = str_trim((Str){line.p, colon});
        h->count++;
    }
    *out_body = rest.p ? rest : S("");
    return OK;
}

static size_t count_named(const struct header_fields *h, const char *name) {
    size_t n = 0;
    for (size_t i = 0; i < h->count; i++) n += str_equal_nocase(h->name[i], str_from(name));
    return n;
}

/* --- the signature's own header */

struct folder {
    struct buf *out;
    size_t column;
};

/* Text that is not broken up; a new line before it when it does not fit. */
static void fold_add(struct folder *f, Str text) {
    if (f->column + text.n > FOLD_AT) {
        buf_add(f->out, S("\r\n\t"));
        f->column = 8;
    }
    buf_add(f->out, text);
    f->column += text.n;
}

static void fold_tag(struct folder *f, const char *tag, Str value) {
    char text[320];
    int n = snprintf(text, sizeof text, " %s=%.*s;", tag, STR_ARG(value));
    MUST(n > 0 && (size_t)n < sizeof text);
    fold_add(f, (Str){text, (size_t)n});
}

/* The names, each as often as it is signed, and their canonical fields into `signed_part`. */
static void add_signed_headers(struct ctx *cx, struct folder *f, struct header_fields *h, struct buf *signed_part) {
    fold_add(f, S(" h="));
    bool first = true;
    for (size_t s = 0; s < COUNT_OF(signed_names); s++) {
        Str name = str_from(signed_names[s]);
        for (size_t i = h->count; i-- > 0;) {
            if (!str_equal_nocase(h->name[i], name)) continue;
            fold_add(f, arena_printf(cx->arena, "%s%s", first ? "" : ":", signed_names[s]));
            first = false;
            add_relaxed_field(cx, signed_part, h->field[i]);
            buf_add(signed_part, S("\r\n"));
        }
        if (s == 0) fold_add(f, S(":from"));
    }
    fold_add(f, S(";"));
}

static enum rc sign_bytes(struct ctx *cx, const struct dkim_key *key, Str text, struct buf *out_signature) {
    unsigned char digest[SHA256_SIZE];
    MUST(gnutls_hash_fast(GNUTLS_DIG_SHA256, text.p, text.n, digest) == GNUTLS_E_SUCCESS);
    gnutls_datum_t hashed = {.data = digest, .size = sizeof digest}, signature = {0};
    /* RFC 8463, 3: Ed25519 signs the hash as its message. */
    int status = key->ed25519 ? gnutls_privkey_sign_data2(key->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &hashed, &signature)
                              : gnutls_privkey_sign_hash2(key->key, GNUTLS_SIGN_RSA_SHA256, 0, &hashed, &signature);
    if (status < 0) return fail(cx, INTERNAL, "could not sign with the DKIM key: %s", gnutls_strerror(status));
    buf_add_base64(out_signature, signature.data, signature.size);
    gnutls_free(signature.data);
    return OK;
}

enum rc dkim_sign(struct ctx *cx, const struct dkim_key *key, Str message, Instant now, struct buf *out_header) {
    struct header_fields *h = ARENA_NEW(cx->arena, struct header_fields);
    Str body = {0};
    TRY(split_message(cx, message, h, &body));
    if (count_named(h, "from") != 1) return fail(cx, INVALID, "the message to sign needs exactly one From");
    unsigned char body_hash[SHA256_SIZE];
    hash_body(body, body_hash);

    AUTO(buf_done)
    struct buf header = buf_make(MAX_SIGNED_BYTES),
               signed_part = buf_make(MAX_SIGNED_BYTES), coded = buf_make(4096);
    struct folder f = {&header, 0};
    fold_add(&f, S("DKIM-Signature: v=1;"));
    fold_tag(&f, "a", key->ed25519 ? S("ed25519-sha256") : S("rsa-sha256"));
    fold_tag(&f, "c", S("relaxed/relaxed"));
    fold_tag(&f, "d", str_from(key->domain));
    fold_tag(&f, "s", str_from(key->selector));
    fold_tag(&f, "t", arena_printf(cx->arena, "%lld", (long long)(now.ms / MS_PER_SECOND)));
    add_signed_headers(cx, &f, h, &signed_part);
    buf_add_base64(&coded, body_hash, sizeof body_hash);
    fold_tag(&f, "bh", buf_str(&coded));
    fold_add(&f, S(" b="));
    /* The signature covers its own header with an empty b=, without the line end (3.7). */
    add_relaxed_field(cx, &signed_part, buf_str(&header));
    if (!buf_ok(&header) || !buf_ok(&signed_part))
        return fail(cx, INVALID, "the header of the message to sign is too long");

    buf_clear(&coded);
    TRY(sign_bytes(cx, key, buf_str(&signed_part), &coded));
    for (size_t i = 0; i < coded.n; i++) fold_add(&f, (Str){coded.p + i, 1});
    buf_add(&header, S("\r\n"));
    buf_add(out_header, buf_str(&header));
    return buf_ok(out_header) ? OK : fail(cx, INVALID, "the message to sign is too long");
}

/* --- the record */

/* RSA: the SubjectPublicKeyInfo; Ed25519: the 32 bytes alone (RFC 8463, 4). */
static enum rc add_public_key(struct ctx *cx, const struct dkim_key *key, struct buf *out) {
    gnutls_pubkey_t public;
    gnutls_datum_t data = {0};
    MUST(gnutls_pubkey_init(&public) == GNUTLS_E_SUCCESS);
    int status = gnutls_pubkey_import_privkey(public, key->key, 0, 0);
    if (status >= 0)
        status = key->ed25519 ? gnutls_pubkey_export_ecc_raw2(public, NULL, &data, NULL, 0)
                              : gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &data);
    gnutls_pubkey_deinit(public);
    if (status < 0) return fail(cx, INTERNAL, "could not read the public part of the DKIM key: %s", gnutls_strerror(status));
    buf_add_base64(out, data.data, data.size);
    gnutls_free(data.data);
    return OK;
}

enum rc dkim_record(struct ctx *cx, const struct dkim_key *key, Str *out_name, Str *out_text) {
    AUTO(buf_done) struct buf coded = buf_make(8192);
    TRY(add_public_key(cx, key, &coded));
    *out_name = arena_printf(cx->arena, "%s._domainkey.%s", key->selector, key->domain);
    *out_text = arena_printf(cx->arena, "v=DKIM1; k=%s; p=%.*s", key->ed25519 ? "ed25519" : "rsa", STR_ARG(buf_str(&coded)));
    return OK;
}
