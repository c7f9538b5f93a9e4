/* Names and values as HTTP carries them: query, form, headers, cookies; decoded, checked, bounded. */
#ifndef WEB_FIELDS_H
#define WEB_FIELDS_H

#include "base/arena.h"
#include "base/ctx.h"

struct field {
    Str name, value;
};
struct fields {
    struct field *items;
    size_t count, capacity;
};
#define FIELDS_MAX 200

void fields_add(struct arena *arena, struct fields *fields, Str name, Str value);
/* The first of that name, exactly; p == NULL without. */
Str fields_get(const struct fields *fields, const char *name);
/* The same for names of headers, in any case. */
Str fields_header(const struct fields *fields, const char *name);

/* Percent-decoding; `plus`: + is a blank, as in forms. False for broken escapes, a zero byte, or what is not UTF-8. */
bool url_decode(struct arena *arena, Str text, bool plus, Str *out);
/* "a=1&b=2" of a query or an urlencoded body. INVALID when malformed or more than FIELDS_MAX. */
MUST_USE enum rc fields_parse(struct ctx *cx, Str text, struct fields *out_fields);
/* One cookie of the Cookie header; empty without. */
Str cookie_get(const struct fields *headers, const char *name);
/* Whether a list header ("gzip, br;q=0.5, *;q=0") accepts a token with a weight above zero. */
bool header_accepts(Str header, const char *token);
/* Which of two media types an Accept header prefers: true for the first; ties and silence too. */
bool accept_prefers(Str header, const char *first, const char *second);

/* A comma list of addresses and networks ("127.0.0.1, 10.0.0.0/8, ::1"); an address in any spelling. */
bool address_in_list(Str list, Str address);
/* Who asked, by X-Forwarded-For as the trusted proxies wrote it: from the `nearest` outwards, the first that is none of them. What
 * stands before that anybody may have written. `nearest` when it is no proxy, or its header tells no address. */
Str forwarded_for(struct arena *arena, const struct fields *headers, Str proxies, Str nearest);
/* Whether the nearest proxy was asked by TLS: the last word of the last X-Forwarded-Proto. */
bool forwarded_by_tls(const struct fields *headers);
/* "bytes=5-9" of a body of `size`: true with the first and last byte; *out_bad when it cannot be satisfied. Several ranges
 * and other units give false: the whole is sent. */
bool range_parse(Str header, size_t size, size_t *out_first, size_t *out_last, bool *out_bad);
/* Whether a Host header names this server: `known` (NULL: none set), localhost, or a literal address; with any port. */
bool host_is_ours(Str host, const char *known);

#endif
