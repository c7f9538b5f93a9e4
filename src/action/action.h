/* Actions: every use case, declared once, with three faces (house.md 2): page, API route and CLI verb.
 *
 *     const struct action customer_list_action = {
 *         .verb = "customer list", .path = "GET /customers", .summary = "List customers by what they owe",
 *         .needs = CAP_CUSTOMER_READ, .tx = TX_READ,
 *         .params = PARAMS({"overdue", P_INT, OPTIONAL, "only at least this many days late"}),
 *         .run = customer_list,
 *         .columns = "code name currency open overdue oldest_days",
 *     };
 *
 * tools/mkindex.py collects them. Dispatch, validation, usage, man page, completion and (with the desk) permission and
 * OpenAPI derive from the declaration. `run` writes exactly one JSON value. */
#ifndef ACTION_ACTION_H
#define ACTION_ACTION_H

#include "account/actor.h"
#include "account/token.h"
#include "base/json.h"
#include "core/date.h"
#include "core/money.h"
#include "store/db.h"

enum param_type { P_TEXT, P_INT, P_DATE, P_AMOUNT, P_CURRENCY, P_FLAG, P_FILE, P_CHOICE };
/* CLEARABLE: an empty text is a value, it clears; elsewhere an empty field of a form counts as not given. MULTILINE: may hold line ends.
 * WRITTEN: a file the action writes, not one it reads; its folder must be there. FOLDER: a folder, which is made. LONG: as much as a text of messages wants, PARAM_LONG bytes instead of PARAM_TEXT. */
enum param_flags { OPTIONAL = 0, REQUIRED = 1, POSITIONAL = 2, REPEATED = 4, CLEARABLE = 8, MULTILINE = 16, WRITTEN = 32, LONG = 64, FOLDER = 128 };
#define PARAM_TEXT ((size_t)4000)
#define PARAM_LONG ((size_t)64 * 1024)

struct param {
    const char *name; /* long option without dashes, and the JSON key; a positional's name in capitals in usage */
    enum param_type type;
    int flags;
    const char *help;    /* a phrase (texts/help.txt), also the remedy when it is missing or wrong */
    const char *choices; /* P_CHOICE: "sent|not-sent|resend" */
};
/* NULL name ends the list. */
#define PARAMS(...) ((const struct param[]){__VA_ARGS__, {0}})
#define NO_PARAMS ((const struct param[]){{0}})
#define MAX_PARAMS 32

struct app;

/* One call of an action. */
struct call {
    struct app *app;
    const struct action *action;
    Str *values[MAX_PARAMS]; /* by parameter: the texts given, already checked against the type */
    size_t counts[MAX_PARAMS];
    struct json_writer *out;
    bool yes; /* --yes: confirmations are given */
    /* Asks a person; NULL = nobody to ask. */
    bool (*confirm)(void *self, const char *question);
    /* Long work: `what` (a word of texts/commands.txt), done of total. NULL = nobody looks. */
    void (*progress)(void *self, const char *what, int64_t done, int64_t total);
    /* Bytes as they are instead of a JSON value (message show --raw); NULL: this face cannot, or the action does not say what it `exports`. */
    void (*raw)(void *self, Str bytes);
    /* Bytes of any length, which leave as they come, from the first piece on: raw_type and raw_name are set before it. False: nobody takes them
     * any more. NULL: this face cannot. */
    bool (*pour)(void *self, Str bytes);
    const char *rejects_path; /* imports: where rows that were rejected go, whatever the options say; NULL: as they say */
    Str import_name;          /* imports: what the file was called before it was put aside; empty: as it is */
    const char *raw_type, *raw_name; /* set by the action: media type, file name */
    bool raw_inline;                 /* to be shown rather than saved */
    /* The same with words for a person; NULL: the reader wants the value (--json, the API). */
    void (*say)(void *self, Str text);
    void *self;
    /* Within the action's own transaction, before it runs and before it commits; a failure undoes all. Not for actions that open
     * theirs (TX_NONE). */
    enum rc (*before)(struct ctx *cx, struct call *call, void *hook_self);
    enum rc (*finish)(struct ctx *cx, struct call *call, void *hook_self);
    void *hook_self;
    volatile int *stop; /* not 0: end early, leaving the rest for later; NULL: signals tell (a command) */
    int64_t proposal;    /* set when it waits for a second person instead of being done: the proposal's number */
    Str exported;                 /* set by an action that exports "…:*": what left; empty: nothing did */
    char new_session[TOKEN_TEXT]; /* an action that renewed the caller's session: the token for the cookie; else empty */
    int exit_status; /* an action with something to say beyond OK (verify: 1 with differences) */
};

struct action {
    const char *verb;    /* "customer list" */
    const char *path;    /* "GET /customers"; NULL: no page and no route */
    const char *summary; /* one line, capital letter, no full stop; a phrase (texts/help.txt) */
    const char *details; /* paragraphs for the man page; a phrase too; may be NULL */
    enum capability needs;
    enum tx_mode tx;      /* opened and committed by the dispatcher; TX_NONE: the action does it itself or needs none */
    bool without_company; /* works without an open data directory (init, restore, help) */
    bool of_installation; /* for all companies at once (serve, backup): none is chosen where there are several */
    const struct param *params;
    enum rc (*run)(struct ctx *cx, struct call *call);
    const char *view;    /* GET: the page's view, src/web/views/VIEW.mustache; NULL: no page, only a route. POST: the view of a
                            result that is shown once (a new password) instead of going on to `then` */
    const char *then;    /* POST: where a form goes when all went well, "/customers/{code}": {NAME} is a parameter, else a
                            member of the result; NULL: back to the page of `form` */
    const char *form;    /* verb of the page that holds the form, shown again when the input is refused (422); GET, NULL: its own page */
    bool edits;          /* POST: its form shows what is there, to be changed; GET: the look at it beforehand. Told (412) instead of done
                            when another person changed a field of the form since it was read */
    bool is_slow;        /* takes long by nature (imports, reports, PDF): waits in the slow lane, never before pages */
    const char *second_person; /* another must approve it (INV: I18): "*" always, else when one of these parameters is given:
                                  "ways-to-pay ways"; NULL: no. Only with TX_WRITE. */
    const char *exports; /* gives a person's data away as a file or as bytes: what the access log says of it (REQ: L2 L8), "statement:{code}";
                            {NAME} is a parameter, * what the action says in `exported`. NULL: gives no files; EXPORTS_NOBODY: files, but of
                            nobody, or shown within a page. Without it no WRITTEN parameter and no raw bytes */
    const char *exports_when; /* only when one of these parameters is given: "pdf csv"; NULL: always */
    const char *columns; /* of the CLI table: keys of the items, in order, or "LIST: KEY KEY; LIST: …" (table.h); NULL:
                            key-value lines */
};

#define EXPORTS_NOBODY ""

extern const struct action *const action_index[];
extern const size_t action_index_count;

/* Values by name; the name must be declared (a bug otherwise). Absent: empty, DATE_NONE, the fallback, false. */
bool arg_has(const struct call *c, const char *name);
/* Whether one of these parameters, apart by a space, was given. */
bool action_names_one(const struct call *c, const char *names);
Str arg_text(const struct call *c, const char *name);
int64_t arg_int(const struct call *c, const char *name, int64_t fallback);
Date arg_date(const struct call *c, const char *name);
bool arg_flag(const struct call *c, const char *name);
size_t arg_count(const struct call *c, const char *name);
Str arg_nth(const struct call *c, const char *name, size_t i);
/* A decimal with a point in that currency; INVALID with field and remedy. */
MUST_USE enum rc arg_money(struct ctx *cx, const struct call *c, const char *name, Currency currency, Money *out);

/* Adds a text for a parameter, checking it against its type. INVALID names field and remedy. */
MUST_USE enum rc call_set(struct ctx *cx, struct call *c, const struct param *p, Str text);
/* Refuses what the context's actor may not do (DENIED; INV: I18), checks that what is required is there, opens the transaction, runs, commits. */
MUST_USE enum rc call_run(struct ctx *cx, struct call *c);
const struct action *action_find(Str verb);

/* The parameter of that name, - and _ being the same; NULL without. */
const struct param *param_find(const struct action *a, Str name);
/* A part of the action's path: "/customers/{code}". */
bool param_in_path(const struct action *a, const struct param *p);
/* Without it there is nothing to answer: required, or in the path. */
bool param_is_needed(const struct action *a, const struct param *p);
/* The action of a method and a path below /api/v1 or of a page; the values of {NAME} in `out_names` and `out_values`
 * (PATH_PARAMS_MAX each), still percent-encoded. A literal segment goes before a {NAME}. NULL: none; then
 * *out_methods says which methods (bits: 1 GET, 2 POST, 4 PUT, 8 DELETE) the path knows. */
#define PATH_PARAMS_MAX 4
struct path_match {
    Str names[PATH_PARAMS_MAX], values[PATH_PARAMS_MAX];
    size_t count;
    unsigned methods;
};
const struct action *action_route(Str method, Str path, struct path_match *out_match);

#endif
