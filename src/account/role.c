/* Roles: the one table of who may do what. docs/ref/roles.md is written from it. */
#include <string.h>

#include "account/actor.h"

static const char *const role_names[ROLE_COUNT] = {"admin", "manager", "supervisor", "collector", "seller", "legal", "read-only"};
static const enum scope role_scopes[ROLE_COUNT] = {SCOPE_ALL, SCOPE_ALL, SCOPE_TEAM, SCOPE_OWN, SCOPE_OWN, SCOPE_ALL, SCOPE_ALL};
static const char *const scope_names[] = {"own", "team", "all"};

/* One letter a role in the order of enum role: x = has it. */
static const struct {
    const char *name;
    const char *roles;
    const char *summary;
} grants[CAP_COUNT] = {
    /*                     admin, manager, supervisor, collector, seller, legal, read-only */
    [CAP_PUBLIC] = {"public", "xxxxxxx", PHRASE("sign in, see whether it is alive")},
    [CAP_INSTALL] = {"install", ".......", PHRASE("set up, restore and migrate: whoever owns the data directory, no role")},
    [CAP_SELF] = {"self", "xxxxxxx", PHRASE("own name, language, password, sessions")},
    [CAP_CUSTOMER_READ] = {"customer.read", "xxxxxxx", PHRASE("see customers, contacts, cases and what happened")},
    [CAP_CUSTOMER_WRITE] = {"customer.write", "xxx....", PHRASE("change and import customers")},
    [CAP_MONEY_READ] = {"money.read", "xxxxxxx", PHRASE("see invoices, payments and statements")},
    [CAP_MONEY_WRITE] = {"money.write", "xxx....", PHRASE("import and record invoices and payments")},
    [CAP_CASE_WRITE] = {"case.write", "xxxxxx.", PHRASE("notes, contacts, promises, tasks, disputes, holds")},
    [CAP_STRATEGY_READ] = {"strategy.read", "xxxxxxx", PHRASE("see strategies, rehearse, ask why")},
    [CAP_STRATEGY_WRITE] = {"strategy.write", "xx.....", PHRASE("change, assign and activate strategies")},
    [CAP_MESSAGE_READ] = {"message.read", "xxxxxxx", PHRASE("see messages")},
    [CAP_MESSAGE_SEND] = {"message.send", "xxxx.x.", PHRASE("confirm, cancel and settle messages")},
    [CAP_REPORT_READ] = {"report.read", "xxxxxxx", PHRASE("see reports")},
    [CAP_RUN] = {"run", "xxx....", PHRASE("start a round, stop and start sending")},
    [CAP_WRITE_OFF] = {"write_off", "xxx..x.", PHRASE("propose write-offs and refunds")},
    [CAP_BANK_WRITE] = {"bank.write", "xx.....", PHRASE("propose other bank data")},
    [CAP_APPROVE] = {"approve", "xxx....", PHRASE("decide what another person proposed")},
    [CAP_AUDIT_READ] = {"audit.read", "xx.....", PHRASE("see access log and audit")},
    [CAP_USER_ADMIN] = {"user.admin", "x......", PHRASE("users, roles, API keys")},
    [CAP_ADMIN] = {"admin", "x......", PHRASE("the company's settings")},
};

const char *capability_name(enum capability c) { return c < CAP_COUNT ? grants[c].name : NULL; }
const char *capability_summary(enum capability c) { return c < CAP_COUNT ? grants[c].summary : NULL; }

bool capability_find(Str name, enum capability *out) {
    for (int c = CAP_UNDECLARED + 1; c < CAP_COUNT; c++)
        if (str_is(name, grants[c].name)) {
            *out = (enum capability)c;
            return true;
        }
    return false;
}

const char *role_name(enum role role) { return role_names[role]; }

bool role_find(Str name, enum role *out) {
    for (int r = 0; r < ROLE_COUNT; r++)
        if (str_is(name, role_names[r])) {
            *out = (enum role)r;
            return true;
        }
    return false;
}

uint64_t role_capabilities(enum role role) {
    uint64_t set = 0;
    for (int c = CAP_UNDECLARED + 1; c < CAP_COUNT; c++)
        if (grants[c].roles[role] == 'x') set |= UINT64_C(1) << c;
    return set;
}

enum scope role_scope(enum role role) { return role_scopes[role]; }
const char *scope_name(enum scope scope) { return scope_names[scope]; }

bool scope_find(Str name, enum scope *out) {
    for (int s = SCOPE_OWN; s <= SCOPE_ALL; s++)
        if (str_is(name, scope_names[s])) {
            *out = (enum scope)s;
            return true;
        }
    return false;
}
