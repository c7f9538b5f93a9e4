/* Idempotency keys whose call is under way in this process; between processes the database decides. */
#include "web/server.h"

bool claims_take(struct server *s, Str claim) {
    size_t room = COUNT_OF(s->claims);
    bool taken = false;
    pthread_mutex_lock(&s->claims_lock);
    for (size_t i = 0; i < COUNT_OF(s->claims); i++) {
        if (!s->claims[i].p)
            room = i;
        else if (str_equal(s->claims[i], claim))
            taken = true;
    }
    if (!taken && room < COUNT_OF(s->claims)) s->claims[room] = claim;
    pthread_mutex_unlock(&s->claims_lock);
    return !taken && room < COUNT_OF(s->claims);
}

void claims_drop(struct server *s, Str claim) {
    pthread_mutex_lock(&s->claims_lock);
    for (size_t i = 0; i < COUNT_OF(s->claims); i++)
        if (s->claims[i].p == claim.p) s->claims[i] = (Str){NULL, 0};
    pthread_mutex_unlock(&s->claims_lock);
}
