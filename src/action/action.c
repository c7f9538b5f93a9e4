/* Reading parameters and running an action in its transaction. */
#include "action/action.h"

#include <stdio.h>
#include <string.h>

#include "account/access.h"
#include "action/app.h"
#include "action/proposal.h"
#include "base/file.h"
#include "base/log.h"
#include "portfolio/standing.h"
#include "user_sql.h"

static bool same_name(const char *param, Str given) {
    size_t n = strlen(param);
    if (n != given.n) return false;
    for (size_t i = 0; i < n; i++) {
        char a = param[i] == '-' ? '_' : param[i], b = given.p[i] == '-' ? '_' : given.p[i];
        if (a != b) return false;
    }
    return true;
}

const struct param *param_find(const struct action *a, Str name) {
    for (const struct param *p = a->params; p->name; p++)
        if (same_name(p->name, name)) return p;
    return NULL;
}

bool param_in_path(const struct action *a, const struct param *p) {
    Str rest = str_from(a->path);
    while (rest.p) {
        str_cut(&rest, '{');
        if (rest.p && same_name(p->name, str_cut(&rest, '}'))) return true;
    }
    return false;
}

bool param_is_needed(const struct action *a, const struct param *p) { return (p->flags & REQUIRED) || param_in_path(a, p); }

static size_t param_position(const struct call *c, const char *name) {
    for (size_t i = 0; c->action->params[i].name; i++)
        if (strcmp(c->action->params[i].name, name) == 0) return i;
    must_fail(c->action->verb, 0, name);
}

bool arg_has(const struct call *c, const char *name) { return c->counts[param_position(c, name)] > 0; }
size_t arg_count(const struct call *c, const char *name) { return c->counts[param_position(c, name)]; }
Str arg_nth(const struct call *c, const char *name, size_t i) { return c->values[param_position(c, name)][i]; }
bool arg_flag(const struct call *c, const char *name) { return arg_has(c, name); }

Str arg_text(const struct call *c, const char *name) {
    size_t at = param_position(c, name);
    return c->counts[at] ? c->values[at][c->counts[at] - 1] : S("");
}

int64_t arg_int(const struct call *c, const char *name, int64_t fallback) {
    int64_t value = fallback;
    if (arg_has(c, name)) MUST(str_to_i64(arg_text(c, name), &value));
    return value;
}

Date arg_date(const struct call *c, const char *name) {
    Date value = DATE_NONE;
    if (arg_has(c, name)) MUST(date_parse_iso(arg_text(c, name), &value));
    return value;
}

enum rc arg_money(struct ctx *cx, const struct call *c, const char *name, Currency currency, Money *out) {
    Str text = arg_text(c, name);
    char code[4];
    switch (money_parse(text, currency, '.', 0, out)) {
    case MONEY_OK: return OK;
    case MONEY_TOO_MANY_DECIMALS:
        return fail_field(cx, INVALID, name, "round it yourself: aldia never rounds what it is given",
                          "%.*s has more decimals than %.*s allows (%d)", STR_ARG(text),
                          STR_ARG(currency_code(currency, code)), currency_exponent(currency));
    case MONEY_TOO_LARGE: return fail_field(cx, INVALID, name, NULL, "%.*s is too large", STR_ARG(text));
    case MONEY_EMPTY:
    case MONEY_MALFORMED: break;
    }
    return fail_field(cx, INVALID, name, "write it with a point and no separators: 1234.50",
                      "\"%.*s\" is not an amount", STR_ARG(text));
}

static bool choice_known(const char *choices, Str text) {
    Str rest = str_from(choices);
    while (rest.p)
        if (str_equal(str_cut(&rest, '|'), text)) return true;
    return false;
}

/* Control characters besides line ends and tabs. */
static bool has_other_control(Str text) {
    for (Str rest = text; rest.p;) {
        Str line = str_cut(&rest, '\n');
        while (line.p) {
            Str piece = str_cut(&line, '\t');
            if (str_has_control(piece)) return true;
        }
    }
    return false;
}

static enum rc check_value(struct ctx *cx, const struct param *p, Str text) {
    int64_t number;
    Date date;
    Currency currency;
    switch (p->type) {
    case P_INT:
        if (str_to_i64(text, &number)) return OK;
        return fail_field(cx, INVALID, p->name, "write a whole number", "\"%.*s\" is not a number", STR_ARG(text));
    case P_DATE:
        if (date_parse_iso(text, &date)) return OK;
        return fail_field(cx, INVALID, p->name, "write it as 2026-11-21", "\"%.*s\" is not a date", STR_ARG(text));
    case P_CURRENCY:
        if (currency_parse(text, &currency)) return OK;
        return fail_field(cx, INVALID, p->name, "use an ISO 4217 code such as COP, MXN or EUR",
                          "\"%.*s\" is not a currency", STR_ARG(text));
    case P_CHOICE:
        if (choice_known(p->choices, text)) return OK;
        return fail_field(cx, INVALID, p->name, p->choices, "%s cannot be \"%.*s\"", p->name, STR_ARG(text));
    case P_TEXT:
        if (!str_is_utf8(text) || (p->flags & MULTILINE ? has_other_control(text) : str_has_control(text)))
            return fail_field(cx, INVALID, p->name, NULL, "%s is not plain UTF-8 text", p->name);
        if (text.n > (p->flags & LONG ? PARAM_LONG : PARAM_TEXT))
            return fail_field(cx, INVALID, p->name, NULL, "%s is longer than %zu bytes", p->name, p->flags & LONG ? PARAM_LONG : PARAM_TEXT);
        return OK;
    case P_FILE:
        if (p->flags & WRITTEN && !(p->flags & FOLDER)) return file_place(cx, p->name, arena_cstr(cx->arena, text));
        return OK;
    case P_AMOUNT:
    case P_FLAG: break;
    }
    return OK;
}

enum rc call_set(struct ctx *cx, struct call *c, const struct param *p, Str text) {
    TRY(check_value(cx, p, text));
    size_t at = (size_t)(p - c->action->params);
    MUST(at < MAX_PARAMS);
    if (c->counts[at] && !(p->flags & REPEATED))
        return fail_field(cx, INVALID, p->name, NULL, "%s is given twice", p->name);
    Str *bigger = ARENA_ARRAY(cx->arena, Str, c->counts[at] + 1);
    if (c->counts[at]) memcpy(bigger, c->values[at], c->counts[at] * sizeof(Str));
    bigger[c->counts[at]++] = text;
    c->values[at] = bigger;
    return OK;
}

/* One line a failure: what failed and its code. The sentence, which may hold names, only to those who ask for all. */
static void log_failure(const struct ctx *cx, const struct call *c, enum rc rc) {
    enum log_level level = rc == INTERNAL || rc == REMOTE || rc == BUSY ? LOG_ERROR : LOG_WARN;
    log_write(level, "action_failed", "verb=\"%s\" code=%s field=%s", c->action->verb, rc_name(rc), cx->fault.field);
    log_write(LOG_DEBUG, "action_reason", "message=\"%s\"", cx->fault.plain);
}

/* ---- audit ---- */

/* What it was done to: its first positional, or what names the thing. Never another text, which may be a secret. */
static Str object_of(const struct call *c) {
    static const char *const names[] = {"customer", "invoice", "name", "login", "code", "number"};
    const struct param *params = c->action->params;
    for (size_t i = 0; params[i].name; i++)
        if ((params[i].flags & POSITIONAL) && c->counts[i]) return c->values[i][0];
    for (size_t k = 0; k < COUNT_OF(names); k++)
        for (size_t i = 0; params[i].name; i++)
            if (strcmp(params[i].name, names[k]) == 0 && c->counts[i]) return c->values[i][0];
    return S("");
}

/* The object as the audit keeps it: a person by number, so that erasing them leaves no name behind (REQ: L8). Asked for
 * before the deed, which may erase them, and again after one that makes them. */
static enum rc name_object(struct ctx *cx, const struct call *c, Str *out) {
    struct user_anywhere_row user;
    bool found;
    Str object = object_of(c);
    const struct param *params = c->action->params;
    bool is_login = params[0].name && strcmp(params[0].name, "login") == 0;
    if (!is_login && object.n) *out = object;
    if (!is_login || out->n || !cx->tx) return OK;
    TRY(user_anywhere(cx, &(struct user_anywhere_params){.login = object}, &user, &found));
    if (found) *out = arena_printf(cx->arena, "user:%lld", (long long)user.id);
    return OK;
}

/* Readings are in the access log at most, and what belongs to the installation in no company's audit. */
static bool is_audited(const struct action *a) {
    if (a->needs == CAP_INSTALL || a->needs == CAP_PUBLIC || a->without_company) return false;
    return a->tx == TX_WRITE || (a->tx == TX_NONE && a->path && strncmp(a->path, "GET ", 4) != 0);
}

/* In a transaction of its own, behind what it tells of; failing, it says so in the log: the deed itself is done. */
static void audit_after(struct ctx *cx, const struct call *c, enum rc outcome) {
    struct fault kept = cx->fault;
    AUTO(tx_end) struct ctx *scope = cx;
    if (!c->app || !c->app->db || !cx->company_id || cx->tx) return;
    enum rc rc = tx_begin(scope, c->app->db, TX_WRITE);
    Str object = S("");
    if (rc == OK) rc = name_object(cx, c, &object);
    if (rc == OK) rc = audit_note(cx, c->action->verb, object, outcome);
    if (rc == OK) rc = tx_commit(cx);
    if (rc != OK) log_write(LOG_ERROR, "audit_failed", "verb=\"%s\" code=%s", c->action->verb, rc_name(rc));
    cx->fault = kept;
}

bool action_names_one(const struct call *call, const char *words) {
    const struct param *params = call->action->params;
    Str rest = str_from(words);
    while (rest.p) {
        Str word = str_cut(&rest, ' ');
        for (size_t i = 0; params[i].name; i++)
            if (str_is(word, params[i].name) && call->counts[i]) return true;
    }
    return false;
}

/* ---- what leaves as a file ---- */

/* The declaration with its places filled; empty: nothing left. */
static Str export_told(struct ctx *cx, const struct call *c) {
    const struct action *a = c->action;
    if (!a->exports || !a->exports[0] || c->proposal) return S("");
    if (a->exports_when && !action_names_one(c, a->exports_when)) return S("");
    AUTO(buf_done) struct buf told = buf_make((size_t)16 * 1024);
    for (const char *p = a->exports; *p; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (*p == '*' && !c->exported.n) return S("");
        if (*p == '*')
            buf_add(&told, c->exported);
        else if (end)
            buf_add(&told, arg_text(c, arena_cstr(cx->arena, (Str){p + 1, (size_t)(end - p) - 1})));
        else
            buf_add_char(&told, *p);
        if (end) p = end;
    }
    return buf_ok(&told) ? arena_str(cx->arena, buf_str(&told)) : str_from(a->verb);
}

/* It stands in the access log, also when the action itself only reads. A copy nobody can be named for is none: failing, the call
 * fails. */
static enum rc note_export(struct ctx *cx, const struct call *c) {
    Str told = export_told(cx, c);
    if (!told.n) return OK;
    if (cx->tx) return access_note_actor(cx, "export", told);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, c->app->db, TX_WRITE));
    TRY(access_note_actor(cx, "export", told));
    return tx_commit(scope);
}

/* ---- running ---- */

/* Within the transaction the action declares. */
static enum rc run_declared(struct ctx *cx, struct call *c, bool audited) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, c->app->db, c->action->tx));
    if (c->before) TRY(c->before(cx, c, c->hook_self));
    bool waits = false;
    Str object = S("");
    if (audited) TRY(name_object(cx, c, &object));
    if (c->action->second_person) TRY(proposal_wanted(cx, c, &waits));
    TRY(waits ? proposal_make(cx, c, object_of(c)) : c->action->run(cx, c));
    if (c->action->tx == TX_WRITE && c->app->company.id) TRY(standing_keep(cx, app_today(cx, c->app)));
    if (audited) TRY(name_object(cx, c, &object));
    if (audited) TRY(audit_note(cx, c->action->verb, object, OK));
    if (c->action->tx == TX_WRITE) TRY(note_export(cx, c));
    if (c->finish) TRY(c->finish(cx, c, c->hook_self));
    return tx_commit(scope);
}

static enum rc run_in_tx(struct ctx *cx, struct call *c) {
    bool audited = is_audited(c->action);
    if (c->action->tx == TX_NONE) {
        TRY(c->action->run(cx, c));
        if (audited) audit_after(cx, c, OK);
        return note_export(cx, c);
    }
    TRY(run_declared(cx, c, audited));
    return c->action->tx == TX_READ ? note_export(cx, c) : OK;
}

/* INV: I18: deny by default. */
static enum rc check_actor(struct ctx *cx, const struct call *c) {
    const struct action *a = c->action;
    if (actor_may(cx->who, a->needs)) return OK;
    if (!cx->who || cx->who->kind == ACTOR_NOBODY)
        return fail_field(cx, DENIED, NULL, "sign in first", "%s is not for everybody", a->verb);
    fail_field(cx, DENIED, NULL,
               cx->who->must_change_password ? "choose a password of your own first"
                                             : "an administrator of the company can change roles",
               "%s may not do this: %s", cx->who->name[0] ? cx->who->name : cx->who->label, a->verb);
    audit_after(cx, c, DENIED);
    return DENIED;
}

enum rc call_run(struct ctx *cx, struct call *c) {
    enum rc rc = check_actor(cx, c);
    if (rc != OK) {
        log_failure(cx, c, rc);
        return rc;
    }
    for (const struct param *p = c->action->params; p->name; p++)
        if ((p->flags & REQUIRED) && !c->counts[p - c->action->params])
            return fail_field(cx, INVALID, p->name, p->help, "%s is missing", p->name);
    int64_t begun = clock_monotonic_ms();
    if (!c->action->exports) {
        c->raw = NULL;
        c->pour = NULL;
    }
    rc = run_in_tx(cx, c);
    if (rc != OK) log_failure(cx, c, rc);
    log_write(LOG_DEBUG, "action_done", "verb=\"%s\" code=%s ms=%lld", c->action->verb, rc_name(rc),
              (long long)(clock_monotonic_ms() - begun));
    return rc;
}

const struct action *action_find(Str verb) {
    for (size_t i = 0; i < action_index_count; i++)
        if (str_is(verb, action_index[i]->verb)) return action_index[i];
    return NULL;
}
