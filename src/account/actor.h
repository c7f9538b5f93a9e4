/* The actor: who acts, what they may do and whose customers they may see (REQ: L2, INV: I16, I18).
 *
 * One is made for every call: the owner at the console by the command line, a user by session_find, an API key by
 * key_find, the system for its own jobs. actor_bind puts it into the context; action/action.c refuses what its
 * capabilities lack, and the queries' @seen leaves out the customers its scope does not reach. Nobody bound = nothing
 * allowed and nobody's customers seen. */
#ifndef ACCOUNT_ACTOR_H
#define ACCOUNT_ACTOR_H

#include "base/ctx.h"

/* What one must be allowed to do; an action without one does not build (INV: I18). The roles that have each stand in
 * role.c and docs/ref/roles.md. */
enum capability {
    CAP_UNDECLARED,
    CAP_PUBLIC,         /* anybody: help, signing in */
    CAP_INSTALL,        /* init, restore, migrate: whoever owns the data directory, no role */
    CAP_SELF,           /* every person who is signed in: own name, password, sessions */
    CAP_CUSTOMER_READ,  /* customers, contacts, cases, timeline */
    CAP_CUSTOMER_WRITE, /* change and import customers */
    CAP_MONEY_READ,     /* invoices, payments, statements */
    CAP_MONEY_WRITE,    /* import and record them */
    CAP_CASE_WRITE,     /* notes, promises, tasks, disputes, holds */
    CAP_STRATEGY_READ,
    CAP_STRATEGY_WRITE,
    CAP_MESSAGE_READ,
    CAP_MESSAGE_SEND, /* confirm, cancel and settle messages */
    CAP_REPORT_READ,
    CAP_RUN,        /* a round of the whole company, the kill switch */
    CAP_WRITE_OFF,  /* propose a write-off or a refund */
    CAP_BANK_WRITE, /* propose other bank data */
    CAP_APPROVE,    /* be the second person (INV: I18) */
    CAP_AUDIT_READ, /* access log and audit */
    CAP_USER_ADMIN, /* users, roles, keys */
    CAP_ADMIN,      /* the company's settings */
    CAP_COUNT
};

/* "customer.read", as API keys name their scopes; NULL for CAP_UNDECLARED. */
const char *capability_name(enum capability capability);
bool capability_find(Str name, enum capability *out_capability);
/* What it allows, in a few words. */
const char *capability_summary(enum capability capability);

enum role { ROLE_ADMIN, ROLE_MANAGER, ROLE_SUPERVISOR, ROLE_COLLECTOR, ROLE_SELLER, ROLE_LEGAL, ROLE_READ_ONLY, ROLE_COUNT };
#define ROLE_CHOICES "admin|manager|supervisor|collector|seller|legal|read-only"

/* Whose customers: those of the person's own code, of the team's codes, of all. */
enum scope { SCOPE_OWN, SCOPE_TEAM, SCOPE_ALL };
#define SCOPE_CHOICES "own|team|all"

const char *role_name(enum role role);
bool role_find(Str name, enum role *out_role);
/* One bit for each capability: 1 << CAP_…. */
uint64_t role_capabilities(enum role role);
/* The scope of a role when none is given. */
enum scope role_scope(enum role role);
const char *scope_name(enum scope scope);
bool scope_find(Str name, enum scope *out_scope);

enum actor_kind {
    ACTOR_NOBODY,  /* not signed in */
    ACTOR_CONSOLE, /* whoever owns the data directory, at the command line */
    ACTOR_USER,
    ACTOR_KEY,
    ACTOR_SYSTEM /* jobs of aldia itself */
};

struct actor {
    enum actor_kind kind;
    int64_t user_id; /* of a key: who made it; 0 = none */
    int64_t key_id;
    int64_t company_id;
    enum role role; /* of a user */
    uint64_t capabilities;
    enum scope scope;
    int64_t team_id;      /* 0 = in no team */
    int companies;        /* of a user: how many they work for */
    char language[3];     /* empty: the company's */
    char theme[8];        /* auto, light, dark */
    char name[120];       /* to be shown */
    char login[80];       /* of a user */
    char label[96];       /* for the timeline: "user:ana", "key:erp", "cli:root" */
    char company[40];       /* code of the company a session or key is for; empty without */
    char address[64];       /* of the network; empty at the console */
    int64_t session_id;     /* 0 = none */
    unsigned char csrf[32]; /* of the session; zero without */
    bool must_change_password; /* until then only CAP_SELF is left */
};

struct actor actor_nobody(void);
/* The owner of the data directory: everything. `os_user` may be NULL. */
struct actor actor_console(const char *os_user);
/* A job of aldia: everything but what belongs to the installation. `label` as the timeline shall have it. */
struct actor actor_system(const char *label);

bool actor_may(const struct actor *actor, enum capability capability);
/* True when both are, or act for, the same human being: a key is whoever made it, the console is one person. */
bool actor_is_person(const struct actor *actor, enum actor_kind kind, int64_t user_id);

/* From here on the context acts for this actor: label, language and what it sees. The actor must outlive the context's
 * use; its company is the context's unless the context has one already. */
void actor_bind(struct ctx *cx, const struct actor *actor);

#endif
