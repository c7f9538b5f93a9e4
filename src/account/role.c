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
    [CAP_PUBLIC] = {"public", "xxxxxxx", "sign in, see whether it is alive"},
    [CAP_INSTALL] = {"install", ".......", "set up, restore and migrate: whoever owns the data directory, no role"},
    [CAP_SELF] = {"self", "xxxxxxx", "own name, language, password, sessions"},
    [CAP_CUSTOMER_READ] = {"customer.read", "xxxxxxx", "see customers, contacts, cases and what happened"},
    [CAP_CUSTOMER_WRITE] = {"customer.write", "xxx....", "change and import customers"},
    [CAP_MONEY_READ] = {"money.read", "xxxxxxx", "see invoices, payments and statements"},
    [CAP_MONEY_WRITE] = {"money.write", "xxx....", "import and record invoices and payments"},
    [CAP_CASE_WRITE] = {"case.write", "xxxxxx.", "notes, contacts, promises, tasks, disputes, holds"},
    [CAP_STRATEGY_READ] = {"strategy.read", "xxxxxxx", "see strategies, rehearse, ask why"},
    [CAP_STRATEGY_WRITE] = {"strategy.write", "xx.....", "change, assign and activate strategies"},
    [CAP_MESSAGE_READ] = {"message.read", "xxxxxxx", "see messages"},
    [CAP_MESSAGE_SEND] = {"message.send", "xxxx.x.", "confirm, cancel and settle messages"},
    [CAP_REPORT_READ] = {"report.read", "xxxxxxx", "see reports"},
    [CAP_RUN] = {"run", "xxx....", "start a round, stop and start sending"},
    [CAP_WRITE_OFF] = {"write_off", "xxx..x.", "propose write-offs and refunds"},
    [CAP_BANK_WRITE] = {"bank.write", "xx.....", "propose other bank data"},
    [CAP_APPROVE] = {"approve", "xxx....", "decide what another person proposed"},
    [CAP_AUDIT_READ] = {"audit.read", "xx.....", "see access log and audit"},
    [CAP_USER_ADMIN] = {"user.admin", "x......", "users, roles, API keys"},
    [CAP_ADMIN] = {"admin", "x......", "the company's settings"},
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
