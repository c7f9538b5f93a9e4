/* Actors that are not read from the database, and binding one to a context. */
#include "account/actor.h"

#include <stdio.h>
#include <string.h>

#define EVERYTHING (~(UINT64_C(1) << CAP_UNDECLARED))

struct actor actor_nobody(void) {
    return (struct actor){.kind = ACTOR_NOBODY, .capabilities = UINT64_C(1) << CAP_PUBLIC, .label = "nobody"};
}

struct actor actor_console(const char *os_user) {
    struct actor a = {.kind = ACTOR_CONSOLE, .capabilities = EVERYTHING, .scope = SCOPE_ALL};
    const char *name = os_user && *os_user ? os_user : "local";
    snprintf(a.name, sizeof a.name, "%.79s", name);
    snprintf(a.label, sizeof a.label, "cli:%.79s", name);
    return a;
}

struct actor actor_system(const char *label) {
    struct actor a = {
        .kind = ACTOR_SYSTEM, .capabilities = EVERYTHING & ~(UINT64_C(1) << CAP_INSTALL), .scope = SCOPE_ALL};
    snprintf(a.name, sizeof a.name, "aldia");
    snprintf(a.label, sizeof a.label, "%s", label);
    return a;
}

bool actor_may(const struct actor *actor, enum capability capability) {
    if (capability == CAP_PUBLIC) return true;
    if (!actor || capability == CAP_UNDECLARED || capability >= CAP_COUNT) return false;
    return (actor->capabilities >> capability & 1) != 0;
}

bool actor_is_person(const struct actor *actor, enum actor_kind kind, int64_t user_id) {
    if (actor->user_id != 0) return actor->user_id == user_id;
    return user_id == 0 && actor->kind == kind;
}

void actor_bind(struct ctx *cx, const struct actor *actor) {
    cx->who = actor;
    cx->actor = actor->label;
    if (actor->company_id && !cx->company_id) cx->company_id = actor->company_id;
    if (actor->language[0]) cx->lang = actor->language;
    cx->view = (struct view){.all = actor->scope == SCOPE_ALL && actor->kind != ACTOR_NOBODY,
                             .user_id = actor->user_id,
                             .team_id = actor->scope == SCOPE_TEAM ? actor->team_id : 0};
}
