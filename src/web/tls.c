/* Holds the present certificate. A replaced one stays until the server ends: a handshake may still be reading it, and they are few. */
#include "web/tls.h"

#include <gnutls/x509.h>
#include <pthread.h>

#include "base/arena.h"

#define CHAIN_MAX 16

struct identity {
    struct identity *before;
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned length;
    gnutls_privkey_t key;
};

static _Atomic(struct identity *) present;

static enum rc refuse(struct ctx *cx, SAYS const char *what, int code) {
    return fail_field(cx, INVALID, "tls_certificate", "both as PEM; the certificate first, then those above it",
                      "%s: %s", phrase(cx, what), gnutls_strerror(code));
}

/* That the key signs what the certificate says. */
static enum rc check_pair(struct ctx *cx, const struct identity *id) {
    gnutls_pubkey_t of_key;
    unsigned char a[64], b[64];
    size_t a_size = sizeof a, b_size = sizeof b;
    if (gnutls_pubkey_init(&of_key) < 0) return fail(cx, INTERNAL, "could not check the certificate");
    bool good = gnutls_pubkey_import_privkey(of_key, id->key, 0, 0) >= 0 &&
                gnutls_pubkey_get_key_id(of_key, GNUTLS_KEYID_USE_SHA256, a, &a_size) >= 0 &&
                gnutls_pubkey_get_key_id(id->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, b, &b_size) >= 0 &&
                str_equal((Str){(const char *)a, a_size}, (Str){(const char *)b, b_size});
    gnutls_pubkey_deinit(of_key);
    return good ? OK : refuse(cx, "the key is not the certificate's", GNUTLS_E_CERTIFICATE_KEY_MISMATCH);
}

static void identity_free(struct identity *id) {
    for (unsigned i = 0; i < id->length; i++) gnutls_pcert_deinit(&id->chain[i]);
    if (id->key) gnutls_privkey_deinit(id->key);
    mem_free(id);
}

static enum rc read_pair(struct ctx *cx, struct identity *id, Str certificate, Str key) {
    gnutls_datum_t pem = {(unsigned char *)mem_unconst(certificate.p), (unsigned)certificate.n};
    gnutls_datum_t pem_key = {(unsigned char *)mem_unconst(key.p), (unsigned)key.n};
    unsigned length = CHAIN_MAX;
    int code = gnutls_pcert_list_import_x509_raw(id->chain, &length, &pem, GNUTLS_X509_FMT_PEM, 0);
    if (code < 0 || length == 0) return refuse(cx, "cannot read the certificate", code);
    id->length = length;
    code = gnutls_privkey_init(&id->key);
    if (code >= 0) code = gnutls_privkey_import_x509_raw(id->key, &pem_key, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (code < 0) return refuse(cx, "cannot read the key", code);
    return check_pair(cx, id);
}

enum rc tls_set_certificate(struct ctx *cx, Str certificate, Str key) {
    struct identity *id = mem_alloc(sizeof *id);
    enum rc rc = read_pair(cx, id, certificate, key);
    if (rc != OK) {
        identity_free(id);
        return rc;
    }
    id->before = present; /* one thread at a time brings new ones */
    present = id;
    return OK;
}

void tls_done(void) {
    struct identity *id = present;
    present = NULL;
    while (id) {
        struct identity *before = id->before;
        identity_free(id);
        id = before;
    }
}

int tls_certificate(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
                    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **out_chain,
                    unsigned *out_length, gnutls_privkey_t *out_key) {
    (void)session, (void)authorities, (void)count, (void)algorithms, (void)algorithm_count;
    struct identity *id = present;
    if (!id) return -1;
    *out_chain = id->chain;
    *out_length = id->length;
    *out_key = id->key;
    return 0;
}
