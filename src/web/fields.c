/* Small grammars of HTTP (RFC 9110, RFC 3986, the urlencoded form). */
#include "web/fields.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "core/ip.h"
void fields_add(struct arena *arena, struct fields *fields, Str name, Str value) {
    *VEC_PUSH(arena, fields) = (struct field){name, value};
}

Str fields_get(const struct fields *fields, const char *name) {
    for (size_t i = 0; i < fields->count; i++)
        if (str_is(fields->items[i].name, name)) return fields->items[i].value;
    return (Str){NULL, 0};
}

Str fields_header(const struct fields *fields, const char *name) {
    for (size_t i = 0; i < fields->count; i++)
        if (str_equal_nocase(fields->items[i].name, str_from(name))) return fields->items[i].value;
    return (Str){NULL, 0};
}

bool url_decode(struct arena *arena, Str text, bool plus, Str *out) {
    char *to = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            int high = i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text.p[i + 2]) : -1;
            if (low < 0) return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0') return false;
        to[n++] = c;
    }
    *out = (Str){to, n};
    return str_is_utf8(*out);
}

enum rc fields_parse(struct ctx *cx, Str text, struct fields *out_fields) {
    for (Str rest = text; rest.p && rest.n;) {
        Str value = str_cut(&rest, '&'), name = str_cut(&value, '='), plain_name, plain_value = S("");
        if (name.n == 0 && !value.p) continue;
        bool good = url_decode(cx->arena, name, true, &plain_name) &&
                    (!value.p || url_decode(cx->arena, value, true, &plain_value));
        if (!good) return fail_field(cx, INVALID, arena_cstr(cx->arena, name), NULL, "the query or form is not well encoded");
        if (out_fields->count >= FIELDS_MAX) return fail(cx, INVALID, "more than %d fields", FIELDS_MAX);
        fields_add(cx->arena, out_fields, plain_name, plain_value);
    }
    return OK;
}

Str cookie_get(const struct fields *headers, const char *name) {
    for (size_t i = 0; i < headers->count; i++) {
        if (!str_equal_nocase(headers->items[i].name, S("Cookie"))) continue;
        for (Str rest = headers->items[i].value; rest.p;) {
            Str value = str_trim(str_cut(&rest, ';')), key = str_cut(&value, '=');
            if (value.p && str_is(key, name)) return value;
        }
    }
    return S("");
}

/* The weight of one element of a list header, in thousandths; 1000 without a parameter q. */
static int weight_of(Str element, Str *out_token) {
    Str rest = element;
    int weight = 1000;
    *out_token = str_trim(str_cut(&rest, ';'));
    while (rest.p) {
        Str value = str_trim(str_cut(&rest, ';')), key = str_trim(str_cut(&value, '='));
        if (!value.p || !str_equal_nocase(key, S("q"))) continue;
        value = str_trim(value);
        weight = value.n && value.p[0] == '1' ? 1000 : 0;
        int scale = 100;
        for (size_t i = 2; i < value.n && i < 5 && weight < 1000; i++, scale /= 10)
            if (value.p[i] >= '0' && value.p[i] <= '9') weight += (value.p[i] - '0') * scale;
    }
    return weight;
}

bool header_accepts(Str header, const char *token) {
    int any = 0;
    for (Str rest = header; rest.p && rest.n;) {
        Str name;
        int weight = weight_of(str_cut(&rest, ','), &name);
        if (str_equal_nocase(name, str_from(token))) return weight > 0;
        if (str_is(name, "*")) any = weight;
    }
    return any > 0;
}

/* The weight an Accept header gives a type: of the most exact of type/sub, type/asterisk and any. */
static int media_weight(Str header, Str type) {
    int best = 0, best_exact = -1;
    Str main_type = {type.p, str_index(type, '/') + 1};
    for (Str rest = header; rest.p && rest.n;) {
        Str name;
        int weight = weight_of(str_cut(&rest, ','), &name), exact = -1;
        if (str_equal_nocase(name, type))
            exact = 2;
        else if (name.n == main_type.n + 1 && name.p[name.n - 1] == '*' &&
                 str_equal_nocase((Str){name.p, name.n - 1}, main_type))
            exact = 1;
        else if (str_is(name, "*/*"))
            exact = 0;
        if (exact <= best_exact) continue;
        best_exact = exact;
        best = weight;
    }
    return best;
}

bool accept_prefers(Str header, const char *first, const char *second) {
    return media_weight(header, str_from(first)) >= media_weight(header, str_from(second));
}

bool address_in_list(Str list, Str address) {
    Ip ip;
    return ip_parse(address, &ip) && ip_in_list(list, ip);
}

/* "1.2.3.4", "1.2.3.4:5678", "::1", "[::1]:5678" */
static bool hop_parse(Str text, Ip *out) {
    if (ip_parse(text, out)) return true;
    size_t colon = text.n;
    while (colon > 0 && text.p[colon - 1] != ':') colon--;
    return colon > 1 && ip_parse((Str){text.p, colon - 1}, out);
}

Str forwarded_for(struct arena *arena, const struct fields *headers, Str proxies, Str nearest) {
    VEC_OF(Str) hops = {0};
    for (size_t i = 0; i < headers->count; i++) {
        if (!str_equal_nocase(headers->items[i].name, S("X-Forwarded-For"))) continue;
        for (Str rest = headers->items[i].value; rest.p;) *VEC_PUSH(arena, &hops) = str_trim(str_cut(&rest, ','));
    }
    Str address = nearest;
    for (size_t i = hops.count; i > 0 && address_in_list(proxies, address); i--) {
        char text[IP_TEXT];
        Ip ip;
        if (!hop_parse(hops.items[i - 1], &ip)) break; /* the proxy did not know: it is the nearest we know */
        address = arena_str(arena, ip_text(ip, text));
    }
    return address;
}

bool forwarded_by_tls(const struct fields *headers) {
    Str last = {NULL, 0};
    for (size_t i = 0; i < headers->count; i++)
        if (str_equal_nocase(headers->items[i].name, S("X-Forwarded-Proto")))
            for (Str rest = headers->items[i].value; rest.p;) last = str_trim(str_cut(&rest, ','));
    return str_equal_nocase(last, S("https"));
}

bool range_parse(Str header, size_t size, size_t *out_first, size_t *out_last, bool *out_bad) {
    *out_bad = false;
    if (!str_starts(header, S("bytes=")) || str_index(header, ',') < header.n) return false;
    Str last = {header.p + 6, header.n - 6}, first = str_cut(&last, '-');
    int64_t from = 0, to = (int64_t)size - 1;
    if (!last.p || (first.n == 0 && last.n == 0)) return false;
    if ((first.n && !str_to_i64(first, &from)) || (last.n && !str_to_i64(last, &to)) || from < 0 || to < 0) return false;
    if (first.n == 0) {
        from = to >= (int64_t)size ? 0 : (int64_t)size - to;
        *out_bad = to == 0;
        to = (int64_t)size - 1;
    }
    if (first.n && last.n && to < from) return false;
    if (to >= (int64_t)size) to = (int64_t)size - 1;
    if (from >= (int64_t)size) *out_bad = true;
    *out_first = (size_t)from;
    *out_last = (size_t)to;
    return true;
}

static bool is_address(Str host) {
    char text[64];
    unsigned char bytes[16];
    if (host.n >= sizeof text) return false;
    memcpy(text, host.p, host.n);
    text[host.n] = '\0';
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

bool host_is_ours(Str host, const char *known) {
    if (host.n == 0) return false;
    Str name = host;
    if (host.p[0] == '[') {
        size_t end = str_index(host, ']');
        if (end == host.n) return false;
        return is_address((Str){host.p + 1, end - 1});
    }
    name = str_cut(&host, ':');
    if (known && str_equal_nocase(name, str_from(known))) return true;
    return str_equal_nocase(name, S("localhost")) || is_address(name);
}
