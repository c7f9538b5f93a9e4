/* Who works at the demo's company: an administrator, a manager and two collectors with customers of their own, all with
 * one password made for this demo, kept in its folder so that it can be told again. */
#include <stdio.h>

#include "account/password.h"
#include "account/user.h"
#include "action/demo.h"
#include "base/file.h"
#include "user_sql.h"

#define PASSWORD_FILE "demo-password.txt"

static const struct {
    const char *login, *name;
    enum role role;
    enum scope scope;
    const char *code;
} people[] = {
    {"marta", "Marta Gil", ROLE_MANAGER, SCOPE_ALL, ""},
    {"tomas", "Tomás Rueda", ROLE_COLLECTOR, SCOPE_OWN, "tomas"},
    {"lucia", "Lucía Peña", ROLE_COLLECTOR, SCOPE_OWN, "lucia"},
};

const char *demo_collector(int customer) { return customer % 2 ? "lucia" : "tomas"; }

static enum rc add_people(struct ctx *cx, const char *hash) {
    struct user_anywhere_row admin;
    bool found;
    TRY(user_anywhere(cx, &(struct user_anywhere_params){.login = S("admin")}, &admin, &found));
    if (found) TRY(user_change_password(cx, admin.id, hash, true));
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        int64_t id;
        TRY(user_create(cx,
                        &(struct user_new){.login = str_from(people[i].login),
                                           .name = str_from(people[i].name),
                                           .email = S(""),
                                           .language = S("es"),
                                           .password_hash = hash,
                                           .password_is_own = true},
                        &id));
        TRY(user_place(cx, id,
                       &(struct member){.role = people[i].role,
                                        .scope = people[i].scope,
                                        .team = S(""),
                                        .code = str_from(people[i].code)}));
    }
    return OK;
}

enum rc demo_people(struct demo *d) {
    struct ctx *cx = d->cx;
    char password[PASSWORD_MADE], hash[PASSWORD_HASH];
    password_make(password);
    TRY(password_hash(cx, str_from(password), hash));
    {
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(cx, d->app->db, TX_WRITE));
        TRY(add_people(cx, hash));
        TRY(tx_commit(scope));
    }
    return file_write(cx, app_path(cx, d->app, PASSWORD_FILE), arena_printf(cx->arena, "%s\n", password), 0600);
}

void demo_say_people(struct demo *d, struct buf *b) {
    Str password;
    const char *path = app_path(d->cx, d->app, PASSWORD_FILE);
    if (!file_exists(path) || file_read(d->cx, path, 256, &password) != OK) return;
    password = str_trim(password);
    buf_printf(b, "    sign in as admin, marta (manager), tomas or lucia (collectors); the password of all is %.*s\n",
               STR_ARG(password));
}
