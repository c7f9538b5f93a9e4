/* Prefixes compared bit by bit over the sixteen bytes. */
#include "core/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(Ip ip) { return memcmp(ip.bytes, mapped, sizeof mapped) == 0; }

bool ip_parse(Str text, Ip *out) {
    char copy[IP_TEXT];
    Ip ip;
    if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']') text = (Str){text.p + 1, text.n - 2};
    if (text.n == 0 || text.n >= sizeof copy) return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    if (strlen(copy) != text.n) return false;
    memcpy(ip.bytes, mapped, sizeof mapped);
    if (inet_pton(AF_INET, copy, ip.bytes + 12) != 1 && inet_pton(AF_INET6, copy, ip.bytes) != 1) return false;
    *out = ip;
    return true;
}

bool ip_of_sockaddr(const struct sockaddr *from, Ip *out) {
    if (from && from->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof in);
        memcpy(out->bytes, mapped, sizeof mapped);
        memcpy(out->bytes + 12, &in.sin_addr, 4);
        return true;
    }
    if (from && from->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, from, sizeof in);
        memcpy(out->bytes, &in.sin6_addr, sizeof out->bytes);
        return true;
    }
    return false;
}

Str ip_text(Ip ip, char text[IP_TEXT]) {
    if (is_v4(ip))
        inet_ntop(AF_INET, ip.bytes + 12, text, IP_TEXT);
    else
        inet_ntop(AF_INET6, ip.bytes, text, IP_TEXT);
    return str_from(text);
}

static bool has_prefix(Ip ip, const unsigned char *prefix, unsigned bits) {
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(ip.bytes, prefix, whole) != 0) return false;
    if (rest == 0) return true;
    unsigned mask = 0xffu << (8 - rest) & 0xffu;
    return (ip.bytes[whole] & mask) == (prefix[whole] & mask);
}

/* "10.0.0.0/8" or an address alone; `out_bits` counts in the sixteen bytes. */
static bool network_parse(Str text, Ip *out, unsigned *out_bits) {
    Str bits = text, address = str_cut(&bits, '/');
    int64_t n = 128;
    if (!ip_parse(address, out)) return false;
    if (bits.p) {
        bool short_form = is_v4(*out) && str_index(address, ':') == address.n;
        if (!str_to_i64(bits, &n) || n < 0 || n > (short_form ? 32 : 128)) return false;
        if (short_form) n += 96;
    }
    *out_bits = (unsigned)n;
    return true;
}

bool ip_in_list(Str list, Ip ip) {
    for (Str rest = list; rest.p && rest.n;) {
        Ip network;
        unsigned bits;
        if (network_parse(str_trim(str_cut(&rest, ',')), &network, &bits) && has_prefix(ip, network.bytes, bits)) return true;
    }
    return false;
}

bool ip_list_fault(Str list, Str *out_entry) {
    for (Str rest = list; rest.p && rest.n;) {
        Ip network;
        unsigned bits;
        Str entry = str_trim(str_cut(&rest, ','));
        if (entry.n == 0 || network_parse(entry, &network, &bits)) continue;
        *out_entry = entry;
        return true;
    }
    return false;
}

bool ip_is_loopback(Ip ip) { return ip_in_list(S("127.0.0.0/8, ::1"), ip); }

bool ip_is_public(Ip ip) {
    /* https://www.iana.org/assignments/iana-ipv4-special-registry and …ipv6-special-registry */
    static const char *const not_v4 =
        "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, "
        "192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4";
    static const char *const not_v6 = "2001::/23, 2001:db8::/32, 2002::/16, 3fff::/20";
    if (is_v4(ip)) return !ip_in_list(str_from(not_v4), ip);
    return ip_in_list(S("2000::/3"), ip) && !ip_in_list(str_from(not_v6), ip);
}
