/* Who works at the demo's company: an administrator, a manager and two collectors with customers of their own, all with
 * one password made for this demo, kept in its folder so that it can be told again. */
#include <stdio.h>
#include <string.h>

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

const char *demo_collector_of(Str customer_code) {
    int64_t number = 1;
    (void)str_to_i64((Str){customer_code.p + 1, customer_code.n - 1}, &number);
    return demo_collector((int)number - 1);
}

enum rc demo_person(struct demo *d, const char *login, struct actor *out_actor) {
    struct user_anywhere_row user;
    bool found;
    size_t i = 0;
    while (strcmp(people[i].login, login) != 0) MUST(++i < COUNT_OF(people));
    {
        AUTO(tx_end) struct ctx *scope = d->cx;
        TRY(tx_begin(scope, d->app->db, TX_READ));
        TRY(user_anywhere(d->cx, &(struct user_anywhere_params){.login = str_from(login)}, &user, &found));
    }
    if (!found) return fail(d->cx, NOT_FOUND, "there is no such user");
    struct actor a = {.kind = ACTOR_USER,
                      .user_id = user.id,
                      .company_id = d->cx->company_id,
                      .role = people[i].role,
                      .capabilities = role_capabilities(people[i].role),
                      .scope = people[i].scope};
    str_copy(a.name, sizeof a.name, str_from(people[i].name));
    str_copy(a.login, sizeof a.login, str_from(login));
    snprintf(a.label, sizeof a.label, "user:%lld", (long long)user.id);
    *out_actor = a;
    return OK;
}

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
    buf_add(b, S("    "));
    buf_printf(b, phrase(d->cx, "sign in as admin, marta (manager), tomas or lucia (collectors); the password of all is %.*s"), STR_ARG(password));
    buf_add_char(b, '\n');
}
