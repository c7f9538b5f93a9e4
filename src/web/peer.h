/* Connections: how many there may be, and how long each may take. */
#ifndef WEB_PEER_H
#define WEB_PEER_H

#include "web/server.h"

/* Whether another connection from there is welcome. */
bool peer_welcome(struct server *s, const struct sockaddr *from);
struct peer *peer_open(struct server *s, int fd, const struct sockaddr *from);
void peer_close(struct peer *p);
/* So many milliseconds from now on, or the socket is shut. */
void peer_allow(struct peer *p, int64_t ms);
void peer_allow_ever(struct peer *p);
/* Ends what is overdue; called every half second. */
void peers_sweep(struct server *s);
/* Ends connections without a request; when the server stops. */
void peers_end_idle(struct server *s);

#endif
