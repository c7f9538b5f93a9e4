/* Addresses of the network as values: reading them, lists of them, and which belong to the public internet. */
#ifndef CORE_IP_H
#define CORE_IP_H

#include "base/str.h"

/* 16 bytes; an IPv4 address is kept as ::ffff:a.b.c.d, so that the two ways of writing it are one address. */
typedef struct {
    unsigned char bytes[16];
} Ip;

/* "10.0.0.1", "::1", "[::1]"; no port, no zone. */
bool ip_parse(Str text, Ip *out_ip);
/* Of accept() or getaddrinfo(); false for anything but IPv4 and IPv6. */
struct sockaddr;
bool ip_of_sockaddr(const struct sockaddr *from, Ip *out_ip);
#define IP_TEXT 46
/* As people write it: IPv4 without ::ffff:. */
Str ip_text(Ip ip, char text[IP_TEXT]);

/* A list by commas of addresses and networks: "127.0.0.1, 10.0.0.0/8, fd00::/8". What is neither is passed over. */
bool ip_in_list(Str list, Ip ip);
/* The first entry that is neither address nor network; false when all are. An empty list has none. */
bool ip_list_fault(Str list, Str *out_entry);

bool ip_is_loopback(Ip ip);
/* Globally reachable unicast, by the registries of special addresses (RFC 6890 and its successors): not this host, private,
 * shared, link-local, unique local, multicast, reserved, documentation, benchmarking, nor an address that carries an IPv4 one (NAT64,
 * 6to4, Teredo). */
bool ip_is_public(Ip ip);

#endif
