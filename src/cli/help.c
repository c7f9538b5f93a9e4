/* Everything here is derived from the action and setting tables. */
#include "cli/help.h"

#include <string.h>

#include "action/setting.h"

#define EXIT_USAGE 64

static const struct {
    const char *usage, *help;
} global_options[] = {
    {"--data DIR", PHRASE("data directory (else $ALDIA_DATA, $XDG_DATA_HOME/aldia, ~/.local/share/aldia)")},
    {"--db URL", PHRASE("sqlite:PATH or postgresql://…")},
    {"--company CODE", PHRASE("which company, when there are several")},
    {"--lang es|en|pt", PHRASE("language")},
    {"--json", PHRASE("results and errors as JSON")},
    {"--quiet", PHRASE("no progress bars")},
    {"--yes", PHRASE("answer every confirmation with yes")},
    {"--clock-file FILE", PHRASE("the instant in FILE instead of the clock; only with loopback channels")},
    {"--help", PHRASE("about a command")},
};

static void add_global_options(const struct ctx *cx, struct buf *out) {
    for (size_t i = 0; i < COUNT_OF(global_options); i++)
        buf_printf(out, "  %-18s %s\n", global_options[i].usage, phrase(cx, global_options[i].help));
}

static void print_global_options(const struct ctx *cx, FILE *out) {
    AUTO(buf_done) struct buf b = buf_make(8192);
    add_global_options(cx, &b);
    fwrite(b.p, 1, b.n, out);
}

void help_overview(const struct ctx *cx, FILE *out) {
    fprintf(out, "%s\n\n%s\n\n%s\n", phrase(cx, "aldia: collections that never remind twice, and never after payment"),
            phrase(cx, "Usage: aldia [OPTIONS] COMMAND …"), phrase(cx, "Commands:"));
    for (size_t i = 0; i < action_index_count; i++)
        fprintf(out, "  %-20s %s\n", action_index[i]->verb, phrase(cx, action_index[i]->summary));
    fprintf(out, "\n%s\n", phrase(cx, "Options:"));
    print_global_options(cx, out);
    fprintf(out, "\n%s\n", phrase(cx, "aldia COMMAND --help says more; aldia help settings lists aldia.conf."));
}

static void print_usage(FILE *out, const struct action *a) {
    fprintf(out, "aldia %s", a->verb);
    for (const struct param *p = a->params; p->name; p++) {
        bool positional = p->flags & POSITIONAL, required = p->flags & REQUIRED;
        fputs(required ? " " : " [", out);
        if (!positional) fprintf(out, "--%s", p->name);
        if (positional || p->type != P_FLAG) {
            if (!positional) fputc(' ', out);
            for (const char *c = p->name; *c; c++) fputc(*c >= 'a' && *c <= 'z' ? *c - 32 : *c, out);
        }
        if (!required) fputc(']', out);
        if (p->flags & REPEATED) fputs("…", out);
    }
    fputc('\n', out);
}

void help_action(const struct ctx *cx, FILE *out, const struct action *a) {
    fprintf(out, "%s\n\n%s ", phrase(cx, a->summary), phrase(cx, "Usage:"));
    print_usage(out, a);
    if (a->details) fprintf(out, "\n%s\n", phrase(cx, a->details));
    if (a->params->name) fputs("\n", out);
    for (const struct param *p = a->params; p->name; p++) {
        char name[48];
        snprintf(name, sizeof name, "%s%s", p->flags & POSITIONAL ? "" : "--", p->name);
        fprintf(out, "  %-18s %s%s%s%s\n", name, phrase(cx, p->help), p->choices ? " (" : "", p->choices ? p->choices : "",
                p->choices ? ")" : "");
    }
    fprintf(out, "\n%s\n", phrase(cx, "Options of every command:"));
    print_global_options(cx, out);
}

static void print_settings(const struct ctx *cx, FILE *out) {
    AUTO(buf_done) struct buf b = buf_make(65536);
    settings_template(cx, &b);
    fwrite(b.p, 1, b.n, out);
}

/* Text of a manual page: backslashes and leading points and quotes are protected. */
static void roff(FILE *out, const char *text) {
    for (const char *c = text; *c; c++) {
        if ((c == text || c[-1] == '\n') && (*c == '.' || *c == '\'')) fputs("\\&", out);
        if (*c == '\\')
            fputs("\\e", out);
        else if (*c == '-')
            fputs("\\-", out);
        else
            fputc(*c, out);
    }
}

static void man_heading(const struct ctx *cx, FILE *out, SAYS const char *title) {
    fputs(".SH ", out);
    roff(out, phrase(cx, title));
    fputc('\n', out);
}

static void man_text(const struct ctx *cx, FILE *out, SAYS const char *text) {
    roff(out, phrase(cx, text));
    fputc('\n', out);
}

/* A term and what it means. */
static void man_term(const struct ctx *cx, FILE *out, const char *term, SAYS const char *text) {
    fputs(".TP\n.B ", out);
    roff(out, term);
    fputc('\n', out);
    man_text(cx, out, text);
}

static void man_action(const struct ctx *cx, FILE *out, const struct action *a) {
    fputs(".SS ", out);
    roff(out, a->verb);
    fputc('\n', out);
    roff(out, phrase(cx, a->summary));
    fputs(".\n", out);
    if (a->details) {
        fputs(".PP\n", out);
        roff(out, phrase(cx, a->details));
        fputc('\n', out);
    }
    for (const struct param *p = a->params; p->name; p++) {
        fputs(".TP\n.B ", out);
        roff(out, p->flags & POSITIONAL ? "" : "--");
        roff(out, p->name);
        fputc('\n', out);
        roff(out, phrase(cx, p->help));
        if (p->choices) {
            fputs(" (", out);
            roff(out, p->choices);
            fputs(")", out);
        }
        fputc('\n', out);
    }
}

static void print_man(const struct ctx *cx, FILE *out) {
    AUTO(buf_done) struct buf b = buf_make(65536);
    fputs(".TH ALDIA 1 \"November 21, 2026\" \"aldia " ALDIA_VERSION "\" \"", out);
    roff(out, phrase(cx, "User Commands"));
    fputs("\"\n", out);
    man_heading(cx, out, "NAME");
    fputs("aldia \\- ", out);
    man_text(cx, out, "self-hosted collections");
    man_heading(cx, out, "SYNOPSIS");
    fputs(".B aldia\n", out);
    man_text(cx, out, "[OPTIONS] COMMAND …");
    man_heading(cx, out, "DESCRIPTION");
    man_text(cx, out,
             "A company gives aldia its open invoices; every day it works out who should hear what, by which channel and in which tone, hands it over, "
             "matches the money and stops the moment a debt is settled.");
    man_heading(cx, out, "OPTIONS");
    fputs(".nf\n", out);
    add_global_options(cx, &b);
    roff(out, b.p);
    fputs(".fi\n", out);
    man_heading(cx, out, "COMMANDS");
    for (size_t i = 0; i < action_index_count; i++) man_action(cx, out, action_index[i]);
    man_heading(cx, out, "FILES");
    man_text(cx, out, "aldia.conf in the data directory:");
    fputs(".nf\n", out);
    b.n = 0;
    settings_template(cx, &b);
    roff(out, b.p);
    fputs(".fi\n", out);
    man_heading(cx, out, "ENVIRONMENT");
    man_term(cx, out, "ALDIA_DATA", "the data directory, if --data does not name it");
    man_term(cx, out, "ALDIA_LOG",
             "log lines (logfmt) on standard error: error, warn, info or debug; without it there are none. They hold no secrets, and no names or addresses "
             "below debug");
    man_term(cx, out, "ALDIA_SMTP_PASSWORD", "a secret may be given this way instead of by a file");
    man_term(cx, out, "LC_ALL, LC_MESSAGES, LANG", "the language of what commands say, if --lang does not name it: es, en or pt");
    man_heading(cx, out, "SIGNALS");
    man_text(cx, out,
             "SIGTERM and SIGINT let a run finish what is under way; it then exits with status 75. Every other command they end at once, with nothing of it "
             "booked.");
    man_heading(cx, out, "EXIT STATUS");
    man_text(cx, out,
             "0 done; 1 health or verify found something; 64 usage; 65 invalid input; 66 not found; 69 another system failed; 70 internal; 75 busy, in "
             "conflict or stopped by a signal; 77 not allowed.");
}

/* The script skips the global options to find the words of the command, offers what may follow them, then options. */
static const char completion_head[] = "# bash completion for aldia: source it, or put it in bash-completion's folder\n"
                                      "_aldia() {\n"
                                      "    local words=\"\" cur=\"${COMP_WORDS[COMP_CWORD]}\" list=\"\" verb word i\n"
                                      "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                                      "        word=\"${COMP_WORDS[i]}\"\n"
                                      "        case \"$word\" in\n"
                                      "        --data | --db | --company | --lang | --clock-file) ((i++)) ;;\n"
                                      "        -*) ;;\n"
                                      "        *) words+=\"${words:+ }$word\" ;;\n"
                                      "        esac\n"
                                      "    done\n"
                                      "    case \"$words \" in\n";
static const char completion_middle[] =
    "    esac\n"
    "    if [ -z \"$list\" ]; then\n"
    "        while read -r verb; do\n"
    "            case \"$verb\" in\n"
    "            \"${words:+$words }\"*) verb=\"${verb#\"${words:+$words }\"}\" list+=\" ${verb%% *}\" ;;\n"
    "            esac\n"
    "        done <<'VERBS'\n";
static const char completion_tail[] = "VERBS\n"
                                      "        list=\"$(printf '%s\\n' $list | sort -u)\"\n"
                                      "    fi\n"
                                      "    case \"$cur\" in -*) list+=\" --data --db --company --lang --json --quiet "
                                      "--yes --clock-file --help\" ;; esac\n"
                                      "    COMPREPLY=($(compgen -W \"$list\" -- \"$cur\"))\n"
                                      "    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
                                      "}\n"
                                      "complete -F _aldia aldia\n";

static void print_completion(FILE *out) {
    fputs(completion_head, out);
    for (size_t i = 0; i < action_index_count; i++) {
        fprintf(out, "    \"%s \"*) list=\"", action_index[i]->verb);
        for (const struct param *p = action_index[i]->params; p->name; p++)
            if (!(p->flags & POSITIONAL)) fprintf(out, "--%s ", p->name);
        fputs("--help\" ;;\n", out);
    }
    fputs(completion_middle, out);
    for (size_t i = 0; i < action_index_count; i++) fprintf(out, "%s\n", action_index[i]->verb);
    fputs("help\n", out);
    fputs(completion_tail, out);
}

int help_command(const struct ctx *cx, int argc, char **argv) {
    if (argc == 0) {
        help_overview(cx, stdout);
        return 0;
    }
    if (strcmp(argv[0], "settings") == 0) {
        print_settings(cx, stdout);
        return 0;
    }
    if (strcmp(argv[0], "actions") == 0) {
        help_actions(stdout);
        return 0;
    }
    if (strcmp(argv[0], "man") == 0) {
        print_man(cx, stdout);
        return 0;
    }
    if (strcmp(argv[0], "completion") == 0) {
        print_completion(stdout);
        return 0;
    }
    char verb[80] = "";
    for (int i = 0; i < argc; i++) {
        size_t n = strlen(verb);
        snprintf(verb + n, sizeof verb - n, "%s%s", n ? " " : "", argv[i]);
    }
    bool any = false;
    for (size_t i = 0; i < action_index_count; i++) {
        Str name = str_from(action_index[i]->verb);
        if (str_is(name, verb)) {
            help_action(cx, stdout, action_index[i]);
            return 0;
        }
        if (str_starts(name, str_from(verb)) && name.p[strlen(verb)] == ' ') {
            printf("  %-20s %s\n", action_index[i]->verb, phrase(cx, action_index[i]->summary));
            any = true;
        }
    }
    return any ? 0 : help_unknown(cx, argv[0], argc > 1 ? argv[1] : "");
}

int help_unknown(const struct ctx *cx, const char *word, const char *next) {
    fputs("aldia: ", stderr);
    fprintf(stderr, phrase(cx, "there is no command \"%s%s%s\""), word, next[0] && next[0] != '-' ? " " : "",
            next[0] == '-' ? "" : next);
    fputc('\n', stderr);
    bool any = false;
    for (size_t i = 0; i < action_index_count; i++) {
        Str verb = str_from(action_index[i]->verb);
        if (!str_starts(verb, str_from(word)) && strncmp(verb.p, word, 3) != 0) continue;
        if (!any) fprintf(stderr, "  %s\n", phrase(cx, "perhaps one of these:"));
        fprintf(stderr, "    aldia %-20s %s\n", action_index[i]->verb, phrase(cx, action_index[i]->summary));
        any = true;
    }
    if (!any) fprintf(stderr, "  %s\n", phrase(cx, "aldia help lists the commands"));
    return EXIT_USAGE;
}
