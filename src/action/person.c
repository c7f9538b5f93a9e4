/* Looking up who a record speaks of. */
#include "action/person.h"

#include "key_sql.h"
#include "user_sql.h"

static Str rest_of(Str actor, size_t from) { return (Str){actor.p + from, actor.n - from}; }

static enum rc person_find(struct ctx *cx, Str actor, const char **out_by, Str *out_name) {
    int64_t id;
    bool found = false;
    *out_name = actor;
    *out_by = "aldia";
    if (str_starts(actor, S("user:"))) {
        struct user_called_row user;
        *out_by = "person";
        if (!str_to_i64(rest_of(actor, 5), &id)) return OK;
        TRY(user_called(cx, &(struct user_called_params){.id = id}, &user, &found));
        if (!found) return OK;
        bool erased = !instant_is_none(user.erased_at);
        if (erased) *out_by = "erased";
        *out_name = erased         ? (Str){NULL, 0}
                    : user.name.n ? user.name
                                  : user.login;
    } else if (str_starts(actor, S("key:"))) {
        struct key_get_row key;
        *out_by = "key";
        if (!str_to_i64(rest_of(actor, 4), &id)) return OK;
        TRY(key_get(cx, &(struct key_get_params){.id = id}, &key, &found));
        *out_name = found ? key.name : (Str){NULL, 0};
    } else if (str_starts(actor, S("cli:"))) {
        *out_by = "console";
        *out_name = rest_of(actor, 4);
    } else {
        *out_name = (Str){NULL, 0};
    }
    return OK;
}

enum rc put_actor(struct ctx *cx, struct json_writer *w, Str actor) {
    const char *by;
    Str name;
    TRY(person_find(cx, actor, &by, &name));
    json_put_str(w, "actor", actor);
    json_put_str(w, "actor_name", name);
    json_put_text(w, "by", by);
    return OK;
}

enum rc actor_text(struct ctx *cx, Str actor, Str *out_text) {
    const char *by;
    Str name;
    TRY(person_find(cx, actor, &by, &name));
    bool is_named = name.n && (str_is(str_from(by), "person") || str_is(str_from(by), "key"));
    *out_text = is_named && !str_equal(name, actor) ? arena_printf(cx->arena, "%.*s (%.*s)", STR_ARG(name), STR_ARG(actor)) : actor;
    return OK;
}
