/* Words to calls, calls to output. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account/actor.h"
#include "action/action.h"
#include "action/app.h"
#include "base/log.h"
#include "cli/help.h"
#include "cli/table.h"

#define EXIT_USAGE 64

struct cli {
    struct ctx cx;
    struct app_options options;
    bool json, quiet, yes, help;
    const char *lang;
    int argc;
    char **argv;
    int next; /* argument being read */
    const struct action *action;
    int64_t started_ms, shown_ms;
    bool bar_shown;
};

/* Also when --json comes after the word that is wrong. */
static bool wants_json(const struct cli *c) {
    bool found = c->json;
    for (int i = c->next; i < c->argc && !found && strcmp(c->argv[i], "--") != 0; i++) found = strcmp(c->argv[i], "--json") == 0;
    return found;
}

static void put_error_object(const char *code, const char *message, const char *subject, const char *field, const char *hint) {
    struct buf b = buf_make(16384);
    buf_printf(&b, "{\"error\":{\"code\":\"%s\",\"message\":\"", code);
    buf_add_json(&b, str_from(message));
    buf_add_json(&b, str_from(subject));
    buf_add(&b, S("\",\"field\":\""));
    buf_add_json(&b, str_from(field));
    buf_add(&b, S("\",\"hint\":\""));
    buf_add_json(&b, str_from(hint));
    buf_add(&b, S("\"}}\n"));
    fwrite(b.p, 1, b.n, stderr);
    buf_done(&b);
}

static int usage_error(const struct cli *c, SAYS const char *message, const char *subject, SAYS const char *hint) {
    message = phrase(&c->cx, message);
    hint = hint ? phrase(&c->cx, hint) : "";
    if (wants_json(c)) {
        put_error_object("USAGE", message, subject, "", hint);
        return EXIT_USAGE;
    }
    fprintf(stderr, "aldia: %s%s\n", message, subject);
    if (*hint) fprintf(stderr, "  %s\n", hint);
    return EXIT_USAGE;
}

static int report_fault(const struct cli *c, enum rc rc) {
    const struct fault *f = &c->cx.fault;
    if (wants_json(c)) {
        put_error_object(rc_name(rc), f->message, "", f->field, f->hint);
    } else {
        fprintf(stderr, "aldia: %s\n", f->message[0] ? f->message : rc_name(rc));
        if (f->hint[0]) fprintf(stderr, "  %s\n", f->hint);
    }
    return rc_exit_status(rc);
}

/* ---- the language ---- */

/* --lang, else the environment; else nobody said one: faults are in English, texts about the data in the company's (ctx.h). */
static void say_language(struct cli *c, const char *text) {
    static const char *const known[] = {"es", "en", "pt"};
    for (size_t i = 0; text && i < COUNT_OF(known); i++) {
        if (strncmp(text, known[i], 2) != 0 || (text[2] >= 'a' && text[2] <= 'z')) continue;
        c->cx.lang = known[i];
        c->cx.lang_unsaid = false;
    }
}

/* Of the words around the data; NULL: nobody said one. */
static const char *language_said(const struct cli *c) { return c->cx.lang_unsaid ? NULL : c->cx.lang; }

/* As the C library chooses among them; C and POSIX say nothing. */
static const char *environment_language(void) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return value;
    }
    return NULL;
}

/* ---- reading the words ---- */

struct global_option {
    const char *name;
    const char **text;
    bool *flag;
};

/* True when the argument was a global option. A missing value is left for the caller: *out_missing. */
static bool take_global(struct cli *c, bool *out_missing) {
    const struct global_option globals[] = {{"--data", &c->options.data_dir, NULL},
                                            {"--db", &c->options.db_url, NULL},
                                            {"--company", &c->options.company_code, NULL},
                                            {"--lang", &c->lang, NULL},
                                            {"--clock-file", &c->options.clock_file, NULL},
                                            {"--json", NULL, &c->json},
                                            {"--quiet", NULL, &c->quiet},
                                            {"--yes", NULL, &c->yes},
                                            {"--help", NULL, &c->help}};
    const char *arg = c->argv[c->next];
    for (size_t i = 0; i < COUNT_OF(globals); i++) {
        size_t n = strlen(globals[i].name);
        if (strncmp(arg, globals[i].name, n) != 0 || (arg[n] != '\0' && arg[n] != '=')) continue;
        if (globals[i].flag) {
            if (arg[n] == '=') return false;
            *globals[i].flag = true;
            c->next++;
            return true;
        }
        if (arg[n] == '=') {
            *globals[i].text = arg + n + 1;
            c->next++;
            return true;
        }
        if (c->next + 1 >= c->argc) {
            *out_missing = true;
            return true;
        }
        *globals[i].text = c->argv[c->next + 1];
        c->next += 2;
        return true;
    }
    return false;
}

/* The action whose verb is the longest run of words from here on. */
static void take_verb(struct cli *c) {
    char verb[80] = "";
    int end = c->next;
    for (int i = c->next; i < c->argc && i < c->next + 3 && c->argv[i][0] != '-'; i++) {
        size_t n = strlen(verb);
        snprintf(verb + n, sizeof verb - n, "%s%s", n ? " " : "", c->argv[i]);
        const struct action *found = action_find(str_from(verb));
        if (found) {
            c->action = found;
            end = i + 1;
        }
    }
    c->next = end;
}

static const struct param *find_option(const struct action *a, const char *name, size_t n) {
    for (const struct param *p = a->params; p->name; p++)
        if (strlen(p->name) == n && strncmp(p->name, name, n) == 0) return p;
    return NULL;
}

static const struct param *next_positional(const struct call *call) {
    for (const struct param *p = call->action->params; p->name; p++)
        if ((p->flags & POSITIONAL) && (!call->counts[p - call->action->params] || (p->flags & REPEATED))) return p;
    return NULL;
}

/* One option or positional of the action. 0, or the exit status. */
static int take_argument(struct cli *c, struct call *call) {
    const char *arg = c->argv[c->next++];
    const struct param *p;
    Str value;
    if (strncmp(arg, "--", 2) == 0 && arg[2]) {
        const char *equals = strchr(arg, '=');
        p = find_option(c->action, arg + 2, equals ? (size_t)(equals - arg) - 2 : strlen(arg) - 2);
        if (!p) return usage_error(c, "unknown option ", arg, "see aldia help, or the same command with --help");
        if (p->type == P_FLAG) {
            if (equals) return usage_error(c, "this option takes no value: ", arg, "");
            value = S("1");
        } else if (equals) {
            value = str_from(equals + 1);
        } else {
            if (c->next >= c->argc) return usage_error(c, "a value is missing after ", arg, p->help);
            value = str_from(c->argv[c->next++]);
        }
    } else {
        p = next_positional(call);
        if (!p) return usage_error(c, "one word too many: ", arg, "see the same command with --help");
        value = str_from(arg);
    }
    enum rc rc = call_set(&c->cx, call, p, value);
    return rc == OK ? 0 : report_fault(c, rc);
}

/* ---- showing ---- */

static void write_stdout(void *self, Str piece) {
    (void)self;
    fwrite(piece.p, 1, piece.n, stdout);
}

static bool pour_stdout(void *self, Str piece) {
    write_stdout(self, piece);
    return !ferror(stdout);
}

static bool ask(void *self, const char *question) {
    if (!isatty(STDIN_FILENO)) return false;
    const struct cli *c = self;
    fprintf(stderr, "%s %s ", question, phrase(&c->cx, "[y/N]"));
    char answer[16];
    return fgets(answer, sizeof answer, stdin) &&
           (answer[0] == 'y' || answer[0] == 'Y' || answer[0] == 's' || answer[0] == 'S');
}

/* A bar on a terminal, for anything that takes more than two seconds. */
static void show_progress(void *self, const char *what, int64_t done, int64_t total) {
    struct cli *c = self;
    int64_t now = clock_monotonic_ms();
    if (now - c->started_ms < 2000 || now - c->shown_ms < 100) return;
    c->shown_ms = now;
    c->bar_shown = true;
    int filled = total > 0 ? (int)(done * 30 / total) : 0;
    if (filled > 30) filled = 30;
    Str word = word_of_key(&(struct word_place){.lang = language_said(c)}, str_from(what));
    fprintf(stderr, "\r%.*s%*s [%.*s%.*s] %3d %%", STR_ARG(word), (int)(str_codepoints(word) < 12 ? 12 - str_codepoints(word) : 0), "", filled, "##############################", 30 - filled,
            "..............................", total > 0 ? (int)(done * 100 / total) : 0);
}

static int run_action(struct cli *c, struct call *call) {
    struct json_text text;
    struct text_table table;
    if (c->json) {
        json_text_init(&text, write_stdout, NULL);
        call->out = &text.writer;
    } else {
        text_table_init(&table, c->action->columns, &(struct word_place){language_said(c), c->action->verb}, stdout);
        call->out = &table.writer;
    }
    enum rc rc = call_run(&c->cx, call);
    if (c->bar_shown) fputs("\r\033[K", stderr);
    bool wrote = call->out->has_items[0];
    if (c->json)
        json_text_done(&text);
    else
        text_table_done(&table);
    if (c->json && wrote) fputc('\n', stdout);
    if (fflush(stdout) != 0 && rc == OK) rc = fail(&c->cx, INTERNAL, "could not write the result to standard output");
    return rc == OK ? call->exit_status : report_fault(c, rc);
}

static enum rc prepare(struct cli *c, struct app *app) {
    TRY(app_prepare(&c->cx, &c->options, app));
    TRY(clock_now(&c->cx, &app->clock, &c->cx.now));
    app->of_installation = c->action->of_installation;
    if (c->action->without_company) return OK;
    TRY(app_open(&c->cx, app));
    if (c->cx.lang_unsaid && app->company.language.n) c->cx.lang = arena_cstr(c->cx.arena, app->company.language);
    return OK;
}

static int run_command(struct cli *c) {
    struct actor owner = actor_console(getenv("USER"));
    actor_bind(&c->cx, &owner);
    struct app app = {0};
    struct call call = {
        .app = &app, .action = c->action, .yes = c->yes, .confirm = ask, .raw = write_stdout, .pour = pour_stdout, .self = c};
    if (!c->json) call.say = write_stdout;
    if (!c->quiet && isatty(STDERR_FILENO)) call.progress = show_progress;
    bool missing = false;
    bool only_words = false;
    while (c->next < c->argc) {
        if (!only_words && strcmp(c->argv[c->next], "--") == 0) {
            only_words = true;
            c->next++;
            continue;
        }
        if (take_global(c, &missing)) {
            if (missing) return usage_error(c, "a value is missing after ", c->argv[c->next], "");
            continue;
        }
        int status = take_argument(c, &call);
        if (status) return status;
    }
    call.yes = c->yes;
    if (c->lang) {
        if (strcmp(c->lang, "es") != 0 && strcmp(c->lang, "en") != 0 && strcmp(c->lang, "pt") != 0)
            return usage_error(c, "unknown language ", c->lang, "--lang es, en or pt");
        say_language(c, c->lang);
    }
    if (c->help) {
        help_action(&c->cx, stdout, c->action);
        return 0;
    }
    for (const struct param *p = c->action->params; p->name; p++)
        if ((p->flags & REQUIRED) && !call.counts[p - c->action->params]) {
            char name[80];
            snprintf(name, sizeof name, "%s%s", p->flags & POSITIONAL ? "" : "--", p->name);
            return usage_error(c, "this is missing: ", name, p->help);
        }
    enum rc rc = prepare(c, &app);
    int status = rc == OK ? run_action(c, &call) : report_fault(c, rc);
    app_close(&app);
    return status;
}

static int dispatch(struct cli *c) {
    bool missing = false;
    while (c->next < c->argc && c->argv[c->next][0] == '-') {
        if (strcmp(c->argv[c->next], "--version") == 0) {
            puts("aldia " ALDIA_VERSION);
            return 0;
        }
        if (!take_global(c, &missing)) return usage_error(c, "unknown option ", c->argv[c->next], "see aldia help");
        if (missing) return usage_error(c, "a value is missing after ", c->argv[c->next], "");
    }
    if (c->next >= c->argc) {
        if (c->json && !c->help) return usage_error(c, "no command is given", "", "aldia help lists the commands");
        help_overview(&c->cx, c->help ? stdout : stderr);
        return c->help ? 0 : EXIT_USAGE;
    }
    if (strcmp(c->argv[c->next], "help") == 0) return help_command(&c->cx, c->argc - c->next - 1, c->argv + c->next + 1);
    const char *word = c->argv[c->next];
    take_verb(c);
    if (!c->action && wants_json(c)) return usage_error(c, "there is no such command: ", word, "aldia help lists the commands");
    if (!c->action) return help_unknown(&c->cx, word, c->next + 1 < c->argc ? c->argv[c->next + 1] : "");
    c->started_ms = clock_monotonic_ms();
    return run_command(c);
}

int cli_main(int argc, char **argv) {
    /* Whoever types the command reads its faults anyway; services and timers ask for the log. */
    enum log_level level = LOG_NOTHING;
    const char *wanted = getenv("ALDIA_LOG");
    bool level_known = !wanted || !*wanted || log_level_parse(wanted, &level);
    log_set_level(level);
    AUTO(arena_release) struct arena *arena = arena_new();
    struct cli c = {.cx = {.arena = arena, .actor = "cli", .lang = "es", .lang_unsaid = true}, .argc = argc, .argv = argv, .next = 1};
    say_language(&c, environment_language());
    for (int i = 1; i < argc; i++) { /* so that a usage error before them is told so too */
        if (strcmp(argv[i], "--json") == 0) c.json = true;
        if (strcmp(argv[i], "--lang") == 0) say_language(&c, argv[i + 1]);
        if (strncmp(argv[i], "--lang=", 7) == 0) say_language(&c, argv[i] + 7);
    }
    if (!level_known) {
        fputs("aldia: ", stderr);
        fprintf(stderr, phrase(&c.cx, "$ALDIA_LOG is \"%s\"; it can be nothing, error, warn, info or debug"), wanted);
        fputc('\n', stderr);
    }
    return dispatch(&c);
}
