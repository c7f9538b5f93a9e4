/* Expansion of migrations: a scanner that respects strings and comments, and the table of words. */
#include "store/ddl.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define LARGEST_STATEMENT ((size_t)256 * 1024)

static const struct {
    const char *word, *sqlite, *postgres;
} types[] = {
    {"id", "INTEGER", "BIGINT"},
    {"int", "INTEGER", "BIGINT"},
    {"money", "INTEGER", "BIGINT"},
    {"date", "INTEGER", "BIGINT"},
    {"stamp", "INTEGER", "BIGINT"},
    {"bool", "INTEGER", "SMALLINT"},
    {"text", "TEXT", "TEXT COLLATE \"C\""},
    {"json", "TEXT", "TEXT"},
    {"blob", "BLOB", "BYTEA"},
    {"real", "REAL", "DOUBLE PRECISION"},
    {"inline", "", "WITH (toast_tuple_target = 8160)"}, /* rows of a few kilobytes stay in one piece, as they are */
};

/* One statement being copied. */
struct statement {
    const char *file;
    enum db_engine engine;
    struct buf sql;
    size_t words;       /* code words seen so far */
    bool creates_table; /* CREATE TABLE … */
    bool first_is_create;
    size_t last_paren;  /* behind the last ')' outside strings and comments; 0 when there was none */
    Str append_only;    /* the table of @append_only */
    bool expects_table; /* @append_only was read, its table was not */
    bool is_clustered;  /* @clustered: the rows lie in the primary key itself */
    Str last_word;      /* what @one_of speaks of */
};

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Length of the comment or string at the start of `s`, or 0. An unclosed one reaches to the end. */
static size_t skip_quoted(Str s) {
    char c = s.p[0];
    if (s.n > 1 && c == '-' && s.p[1] == '-') return str_index(s, '\n');
    if (c != '\'' && c != '"') return 0;
    size_t i = 1;
    while (i < s.n && s.p[i] != c) i++;
    return i < s.n ? i + 1 : s.n;
}

static size_t word_length(Str s) {
    size_t n = 0;
    while (n < s.n && is_word(s.p[n])) n++;
    return n;
}

static enum rc add_type(struct ctx *cx, struct statement *st, Str word) {
    if (str_is(word, "append_only")) {
        st->expects_table = true;
        return OK;
    }
    if (str_is(word, "clustered")) {
        st->is_clustered = true;
        return OK;
    }
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_is(word, types[i].word)) {
            buf_add_cstr(&st->sql, st->engine == DB_SQLITE ? types[i].sqlite : types[i].postgres);
            return OK;
        }
    return fail(cx, INVALID, "%s: unknown word @%.*s", st->file, STR_ARG(word));
}

static Str skip_space(Str s) {
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\n')) s = (Str){s.p + 1, s.n - 1};
    return s;
}

/* `x @one_of ('a', 'b', 'c')`. SQLite would build a temporary tree for a longer list of IN, anew for every row it
 * checks; lists of one are plain comparisons to it. */
static enum rc add_one_of(struct ctx *cx, struct statement *st, Str *rest) {
    bool single = st->engine == DB_SQLITE;
    *rest = skip_space(*rest);
    if (!str_starts(*rest, S("("))) return fail(cx, INVALID, "%s: @one_of needs a list in parentheses", st->file);
    buf_add_cstr(&st->sql, "IN (");
    for (bool first = true;; first = false) {
        *rest = skip_space((Str){rest->p + 1, rest->n - 1});
        size_t n = rest->n && rest->p[0] == '\'' ? skip_quoted(*rest) : 0;
        if (!n) return fail(cx, INVALID, "%s: @one_of takes a list of texts", st->file);
        if (!first && single) buf_printf(&st->sql, ") OR %.*s IN (", STR_ARG(st->last_word));
        if (!first && !single) buf_add_cstr(&st->sql, ", ");
        buf_add(&st->sql, (Str){rest->p, n});
        *rest = skip_space((Str){rest->p + n, rest->n - n});
        if (str_starts(*rest, S(")"))) break;
        if (!str_starts(*rest, S(","))) return fail(cx, INVALID, "%s: the list of @one_of has no end", st->file);
    }
    *rest = (Str){rest->p + 1, rest->n - 1};
    buf_add_char(&st->sql, ')');
    return OK;
}

static void add_word(struct statement *st, Str word) {
    st->words++;
    st->last_word = word;
    if (st->expects_table) {
        st->append_only = word;
        st->expects_table = false;
        return;
    }
    if (st->words == 1) st->first_is_create = str_equal_nocase(word, S("create"));
    if (st->words == 2) st->creates_table = st->first_is_create && str_equal_nocase(word, S("table"));
    buf_add(&st->sql, word);
}

static void add_append_only(struct statement *st) {
    if (st->engine == DB_SQLITE) {
        static const char *const deeds[] = {"UPDATE", "DELETE"};
        for (size_t i = 0; i < COUNT_OF(deeds); i++)
            buf_printf(
                &st->sql,
                "CREATE TRIGGER %.*s_no_%s BEFORE %s ON %.*s BEGIN SELECT RAISE(ABORT, '%.*s is append-only'); END;\n",
                STR_ARG(st->append_only), i == 0 ? "update" : "delete", deeds[i], STR_ARG(st->append_only),
                STR_ARG(st->append_only));
        return;
    }
    buf_printf(&st->sql,
               "CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
               "RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;\n"
               "CREATE TRIGGER %.*s_append_only BEFORE UPDATE OR DELETE ON %.*s FOR EACH ROW EXECUTE FUNCTION "
               "append_only_refuse();\n"
               "CREATE TRIGGER %.*s_no_truncate BEFORE TRUNCATE ON %.*s FOR EACH STATEMENT EXECUTE FUNCTION "
               "append_only_refuse();\n",
               STR_ARG(st->append_only), STR_ARG(st->append_only), STR_ARG(st->append_only), STR_ARG(st->append_only));
}

/* Copies code up to the ';' or the end; *rest is cut behind it. */
static enum rc read_statement(struct ctx *cx, struct statement *st, Str *rest) {
    while (rest->n) {
        size_t quoted = skip_quoted(*rest), n = quoted ? quoted : word_length(*rest);
        Str piece = {rest->p, n ? n : 1};
        *rest = (Str){rest->p + piece.n, rest->n - piece.n};
        if (quoted) {
            buf_add(&st->sql, piece);
        } else if (n) {
            add_word(st, piece);
        } else if (piece.p[0] == ';') {
            return OK;
        } else if (piece.p[0] == '@') {
            Str word = {rest->p, word_length(*rest)};
            *rest = (Str){rest->p + word.n, rest->n - word.n};
            TRY(str_is(word, "one_of") ? add_one_of(cx, st, rest) : add_type(cx, st, word));
        } else {
            buf_add(&st->sql, piece);
            if (piece.p[0] == ')') st->last_paren = st->sql.n;
        }
    }
    return st->words ? fail(cx, INVALID, "%s does not end with ';'", st->file) : OK;
}

/* The finished text in cx->arena, or NULL for nothing but comments. */
static const char *finished(struct ctx *cx, struct statement *st) {
    if (st->append_only.p) add_append_only(st);
    if (!st->words) return NULL;
    Str all = buf_str(&st->sql);
    if (st->engine != DB_SQLITE || !st->creates_table) return arena_cstr(cx->arena, all);
    return arena_printf(cx->arena, "%.*s STRICT%s%.*s", (int)st->last_paren, all.p,
                        st->is_clustered ? ", WITHOUT ROWID" : "", (int)(all.n - st->last_paren),
                        all.p + st->last_paren)
        .p;
}

static enum rc next_statement(struct ctx *cx, struct statement *st, Str *rest, const char **out_sql) {
    TRY(read_statement(cx, st, rest));
    if (!buf_ok(&st->sql)) return fail(cx, INVALID, "%s: a statement is over %zu bytes", st->file, LARGEST_STATEMENT);
    *out_sql = finished(cx, st);
    return OK;
}

enum rc ddl_each(struct ctx *cx, const char *name, Str text, enum db_engine engine,
                 enum rc (*run)(struct ctx *cx, void *self, const char *sql), void *self) {
    enum rc rc = OK;
    while (text.n && rc == OK) {
        struct statement st = {.file = name, .engine = engine, .sql = buf_make(LARGEST_STATEMENT)};
        const char *sql = NULL;
        rc = next_statement(cx, &st, &text, &sql);
        buf_done(&st.sql);
        if (rc == OK && sql) rc = run(cx, self, sql);
    }
    return rc;
}
