/* The list of connections and their deadlines.
 *
 * libmicrohttpd's own timeout counts idle time only, so that a client sending one byte every few seconds would stay for ever; here
 * each phase has an end whatever arrives. An overdue socket is shut down, which libmicrohttpd then sees as a closed one. */
#include "web/peer.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

static void address_text(const struct sockaddr *from, char out[INET6_ADDRSTRLEN]) {
    out[0] = '\0';
    if (from && from->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof in);
        inet_ntop(AF_INET, &in.sin_addr, out, INET6_ADDRSTRLEN);
    } else if (from && from->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, from, sizeof in);
        inet_ntop(AF_INET6, &in.sin6_addr, out, INET6_ADDRSTRLEN);
        if (strncmp(out, "::ffff:", 7) == 0 && strchr(out, '.')) memmove(out, out + 7, strlen(out + 7) + 1);
    }
}

bool peer_welcome(struct server *s, const struct sockaddr *from) {
    char address[INET6_ADDRSTRLEN];
    address_text(from, address);
    if (s->limits.per_address == 0 || address_in_list(s->trusted_proxies, str_from(address))) return true;
    unsigned same = 0;
    pthread_mutex_lock(&s->peers_lock);
    for (const struct peer *p = s->peers; p; p = p->after) same += strcmp(p->address, address) == 0;
    pthread_mutex_unlock(&s->peers_lock);
    if (same < s->limits.per_address) return true;
    s->counters.refused_connections++;
    return false;
}

void peer_allow(struct peer *p, int64_t ms) { p->deadline_ms = clock_monotonic_ms() + ms; }
void peer_allow_ever(struct peer *p) { p->deadline_ms = INT64_MAX; }

struct peer *peer_open(struct server *s, int fd, const struct sockaddr *from) {
    struct peer *p = mem_alloc(sizeof *p);
    p->server = s;
    p->fd = fd;
    address_text(from, p->address);
    peer_allow(p, s->limits.headers_ms);
    pthread_mutex_lock(&s->peers_lock);
    p->after = s->peers;
    if (p->after) p->after->before = p;
    s->peers = p;
    pthread_mutex_unlock(&s->peers_lock);
    s->peer_count++;
    return p;
}

void peer_close(struct peer *p) {
    struct server *s = p->server;
    pthread_mutex_lock(&s->peers_lock);
    if (p->before)
        p->before->after = p->after;
    else
        s->peers = p->after;
    if (p->after) p->after->before = p->before;
    pthread_mutex_unlock(&s->peers_lock);
    s->peer_count--;
    mem_free(p);
}

void peers_sweep(struct server *s) {
    int64_t now = clock_monotonic_ms();
    pthread_mutex_lock(&s->peers_lock);
    for (struct peer *p = s->peers; p; p = p->after) {
        if (p->deadline_ms > now) continue;
        p->deadline_ms = INT64_MAX;
        s->counters.overdue_connections++;
        shutdown(p->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&s->peers_lock);
}

void peers_end_idle(struct server *s) {
    pthread_mutex_lock(&s->peers_lock);
    for (struct peer *p = s->peers; p; p = p->after)
        if (!p->request) shutdown(p->fd, SHUT_RDWR);
    pthread_mutex_unlock(&s->peers_lock);
}
