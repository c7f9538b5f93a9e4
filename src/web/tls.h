/* The server's certificate, replaceable while it runs. */
#ifndef WEB_TLS_H
#define WEB_TLS_H

#include <gnutls/abstract.h>

#include "base/ctx.h"

/* PEM; connections from now on get it. INVALID when they are no pair; then the old one stays. */
MUST_USE enum rc tls_set_certificate(struct ctx *cx, Str certificate, Str key);
/* When nobody shakes hands any more. */
void tls_done(void);
/* What libmicrohttpd asks at each handshake. */
int tls_certificate(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
                    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **out_chain,
                    unsigned *out_length, gnutls_privkey_t *out_key);

#endif
