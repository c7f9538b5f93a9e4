/* CSV (RFC 4180), streamed.
 *
 * Owns records, quotes, line numbers and the detection of the delimiter. One idea: a row is scanned where it lies in a
 * window on the file and its cells are slices of that window; a row that crosses the end of the window is moved to its
 * front and scanned again. Only cells with doubled quotes are rewritten, in place. REQ: A6 */
#include <string.h>
#include <unistd.h>

#include "intake/table_reader.h"
#include "intake/text_stream.h"

#define WINDOW ((size_t)256 * 1024)
#define SMALLEST_READ ((size_t)16)
#define SAMPLE_ROWS 50
static const char candidates[] = {',', ';', '\t', '|'};

enum problem { NONE, LONE_QUOTE, AFTER_QUOTE, OPEN_QUOTE, ZERO_BYTE, NOT_TEXT, LONG_CELL, LONG_ROW, MANY_COLUMNS };

enum scan { SCAN_ROW, SCAN_MORE, SCAN_PROBLEM };

struct csv {
    struct table table; /* first, so that a table is a csv */
    int fd;
    struct text_stream stream;
    char *window; /* capacity + 1 bytes: a line feed always stands behind the last one and stops the scanner */
    size_t capacity, at, n;
    bool ended;     /* nothing comes after the window */
    bool skipping;  /* the rest of a bad line is to be passed over */
    int64_t line;   /* of the byte at `at` */
    bool stop[256]; /* what ends the plain part of a cell */
    /* the row scanned last */
    Str cells[TABLE_MAX_COLUMNS];
    bool escaped[TABLE_MAX_COLUMNS]; /* holds doubled quotes */
    size_t count, next;              /* where the next row starts */
    int64_t breaks;                  /* line ends inside the row up to where the scan stopped */
    bool any_escaped;
    enum problem problem;
    size_t problem_column;
};

static const bool untyped[TABLE_MAX_COLUMNS];

static bool is_delimiter(char c) { return c && memchr(candidates, c, sizeof candidates); }

static void set_delimiter(struct csv *c, char delimiter) {
    memset(c->stop, 0, sizeof c->stop);
    c->stop['\n'] = c->stop['\r'] = c->stop['"'] = c->stop[0] = true;
    c->stop[(unsigned char)delimiter] = true;
    c->table.format.delimiter = delimiter;
}

/* Keeps what is not read yet, at the front, and reads until the window is full or the file ends. */
static enum rc refill(struct ctx *cx, struct csv *c) {
    if (c->at) memmove(c->window, c->window + c->at, c->n - c->at);
    c->n -= c->at;
    c->at = 0;
    if (c->capacity - c->n < SMALLEST_READ) {
        size_t bigger = c->capacity * 2;
        c->window = mem_resize(c->window, bigger + 1);
        c->capacity = bigger;
    }
    while (!c->ended && c->capacity - c->n >= SMALLEST_READ) {
        size_t got = 0;
        TRY(text_stream_read(cx, &c->stream, c->window + c->n, c->capacity - c->n, &got));
        c->n += got;
        c->ended = got == 0;
    }
    c->window[c->n] = '\n';
    return OK;
}

static void note_problem(struct csv *c, enum problem problem) {
    if (c->problem != NONE) return;
    c->problem = problem;
    c->problem_column = c->count;
}

/* The row cannot be cut from `at` on: this outranks what was wrong with its cells. */
static enum scan stop_scan(struct csv *c, enum problem problem, const char *at) {
    c->problem = problem;
    c->problem_column = c->count;
    c->next = (size_t)(at - c->window);
    return SCAN_PROBLEM;
}

/* Line ends and non-ASCII bytes of a quoted cell; CRLF is one end. */
static void count_breaks(struct csv *c, const char *p, const char *end, unsigned char *seen) {
    for (; p < end; p++) {
        *seen |= (unsigned char)*p;
        if (*p == '\n' || (*p == '\r' && p[1] != '\n')) c->breaks++;
        if (*p == 0) note_problem(c, ZERO_BYTE);
    }
}

/* From behind the opening quote; *p moves behind the closing one. */
static enum scan scan_quoted(struct csv *c, const char **p, const char *end, bool *escaped, unsigned char *seen) {
    const char *start = *p, *q = start;
    for (;;) {
        q = memchr(q, '"', (size_t)(end - q));
        if (!q || (q + 1 == end && !c->ended)) {
            return c->ended ? stop_scan(c, OPEN_QUOTE, start) : SCAN_MORE;
        }
        if (q + 1 == end || q[1] != '"') break;
        *escaped = true;
        q += 2;
    }
    count_breaks(c, start, q, seen);
    *p = q + 1;
    if (c->stop[(unsigned char)q[1]] && q[1] != '"' && q[1] != 0) return SCAN_ROW;
    return stop_scan(c, AFTER_QUOTE, q);
}

static void keep_cell(struct csv *c, Str cell, bool escaped, unsigned char seen) {
    if (cell.n > TABLE_MAX_CELL) note_problem(c, LONG_CELL);
    if (seen >= 0x80 && !str_is_utf8(cell)) note_problem(c, NOT_TEXT);
    if (c->count == TABLE_MAX_COLUMNS) {
        note_problem(c, MANY_COLUMNS);
        return;
    }
    c->cells[c->count] = cell;
    c->escaped[c->count] = escaped;
    c->any_escaped |= escaped;
    c->count++;
}

/* The row at `at`: its cells and where the next one starts. SCAN_MORE: it goes on behind the window. SCAN_PROBLEM: it
 * cannot be cut into cells from c->next on; a row with another problem is SCAN_ROW with c->problem set. */
static enum scan scan_row(struct csv *c) {
    const char *p = c->window + c->at, *end = c->window + c->n;
    const char delimiter = c->table.format.delimiter;
    c->count = 0;
    c->breaks = 0;
    c->any_escaped = false;
    c->problem = NONE;
    for (;;) {
        const char *start = p;
        unsigned char seen = 0;
        bool escaped = false;
        Str cell;
        if (*p == '"') {
            p++;
            enum scan quoted = scan_quoted(c, &p, end, &escaped, &seen);
            if (quoted != SCAN_ROW) return quoted;
            cell = (Str){start + 1, (size_t)(p - start) - 2};
        } else {
            while (!c->stop[(unsigned char)*p]) seen |= (unsigned char)*p++;
            cell = (Str){start, (size_t)(p - start)};
        }
        if (*p == delimiter) {
            keep_cell(c, cell, escaped, seen);
            p++;
            continue;
        }
        if (p == end && !c->ended) return SCAN_MORE;
        if (*p == '"' || *p == 0) return stop_scan(c, *p ? LONE_QUOTE : ZERO_BYTE, p);
        keep_cell(c, cell, escaped, seen);
        if (*p == '\r' && p + 1 == end && !c->ended) return SCAN_MORE; /* a line feed may follow */
        bool is_crlf = *p == '\r' && p + 1 < end && p[1] == '\n';
        c->next = p == end ? c->n : (size_t)(p - c->window) + (is_crlf ? 2 : 1);
        if (c->next - c->at > TABLE_MAX_ROW) note_problem(c, LONG_ROW);
        return SCAN_ROW;
    }
}

/* Moves behind the next line end. */
static enum rc skip_line(struct ctx *cx, struct csv *c) {
    for (;;) {
        const char *p = c->window + c->at, *end = c->window + c->n;
        while (p < end && *p != '\n' && *p != '\r') p++;
        c->at = (size_t)(p - c->window);
        if (p < end && (p + 1 < end || *p == '\n' || c->ended)) {
            c->at += *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
            c->line++;
            break;
        }
        if (c->ended) break;
        TRY(refill(cx, c));
    }
    c->skipping = false;
    return OK;
}

static void unescape(struct csv *c) {
    for (size_t i = 0; i < c->count; i++) {
        if (!c->escaped[i]) continue;
        char *out = c->window + (c->cells[i].p - c->window);
        const char *in = out, *end = in + c->cells[i].n;
        c->cells[i].n = 0;
        while (in < end) {
            out[c->cells[i].n++] = *in;
            in += *in == '"' ? 2 : 1;
        }
    }
}

static enum rc not_text(struct ctx *cx, const struct csv *c, const char *field) {
    const char *encoding = text_stream_encoding(&c->stream);
    if (str_is(str_from(encoding), "utf-8"))
        return fail_field(cx, INVALID, field, "--encoding windows-1252 if a Western Windows program wrote the file",
                          "the text is not UTF-8");
    return fail_field(cx, INVALID, field, "choose another --encoding", "the text is not %s", encoding);
}

static enum rc tell_problem(struct ctx *cx, const struct csv *c) {
    char field[TABLE_COLUMN_TEXT];
    table_column_name(&c->table, c->problem_column, field);
    switch (c->problem) {
    case LONE_QUOTE:
        return fail_field(cx, INVALID, field,
                          "put the whole value in double quotes and double each quote inside: \"6\"\" pipe\"",
                          "there is a double quote inside a value that does not begin with one");
    case AFTER_QUOTE:
        return fail_field(cx, INVALID, field, "double each quote inside a quoted value: \"6\"\" pipe\"",
                          "text follows the closing double quote");
    case OPEN_QUOTE:
        return fail_field(cx, INVALID, field, "close it, or double it if it belongs to the value",
                          "a double quote is never closed");
    case ZERO_BYTE:
        return fail_field(cx, INVALID, field, "--encoding utf-16le if the file is UTF-16 without byte order mark",
                          "there is a zero byte in the text");
    case LONG_CELL: return fail_field(cx, INVALID, field, NULL, "the value is longer than %zu bytes", TABLE_MAX_CELL);
    case LONG_ROW:
        return fail_field(cx, INVALID, field, "look for a double quote that is never closed",
                          "the row is longer than %zu bytes", TABLE_MAX_ROW);
    case MANY_COLUMNS:
        return fail_field(cx, INVALID, field, NULL, "the row has more than %zu columns", TABLE_MAX_COLUMNS);
    case NOT_TEXT: return not_text(cx, c, field);
    case NONE: break;
    }
    MUST(c->problem != NONE);
    return INTERNAL;
}

/* Where reading goes on after a row that could not be cut: behind the bad spot's line, or, when a quote swallowed what
 * follows, behind the line on which the row began. */
static void recover(struct csv *c) {
    bool swallowed = c->problem == OPEN_QUOTE || c->problem == LONG_ROW;
    if (!swallowed) {
        c->line += c->breaks;
        c->at = c->next;
    }
    c->table.line = c->line;
    c->skipping = true;
}

static enum rc csv_next(struct ctx *cx, struct table *t, struct raw_row *out_row, bool *out_more) {
    struct csv *c = (struct csv *)t;
    if (c->skipping) TRY(skip_line(cx, c));
    enum scan scan;
    for (;;) {
        if (c->at == c->n && c->ended) {
            *out_more = false;
            return OK;
        }
        scan = c->at == c->n ? SCAN_MORE : scan_row(c);
        if (scan != SCAN_MORE) break;
        if (c->n - c->at > TABLE_MAX_ROW) {
            scan = stop_scan(c, LONG_ROW, c->window + c->at);
            break;
        }
        TRY(refill(cx, c));
    }
    if (scan == SCAN_PROBLEM) {
        recover(c);
        return tell_problem(cx, c);
    }
    int64_t line = c->line;
    c->line += c->breaks + 1;
    c->at = c->next;
    if (c->problem != NONE) {
        t->line = line;
        return tell_problem(cx, c);
    }
    if (c->any_escaped) unescape(c);
    *out_row = (struct raw_row){.line = line, .cells = c->cells, .typed = untyped, .count = c->count};
    *out_more = true;
    return OK;
}

/* How the first rows look when cut by one delimiter. */
struct cut {
    size_t header; /* cells of the header */
    bool is_even;  /* every row has as many */
};

static struct cut try_delimiter(struct csv *c, char delimiter, bool pass_titles) {
    struct cut cut = {0, true};
    size_t start = c->at;
    set_delimiter(c, delimiter);
    for (int rows = 0; rows < SAMPLE_ROWS && c->at < c->n && scan_row(c) == SCAN_ROW; c->at = c->next) {
        if (c->count == 1 && ((pass_titles && cut.header < 2) || str_trim(c->cells[0]).n == 0)) continue; /* a title, or blank */
        if (rows++ == 0) cut.header = c->count;
        cut.is_even &= c->count == cut.header;
    }
    if (c->problem != NONE && c->problem != NOT_TEXT) cut.is_even = false;
    c->at = start;
    return cut;
}

/* The delimiters that cut the header, and those that cut all of the first rows evenly. */
struct fit {
    char even, present;
    int evens, presents;
};

static struct fit try_all(struct csv *c, bool pass_titles) {
    struct fit fit = {0};
    for (size_t i = 0; i < sizeof candidates; i++) {
        struct cut cut = try_delimiter(c, candidates[i], pass_titles);
        if (cut.header < 2) continue;
        fit.present = candidates[i];
        fit.presents++;
        if (!cut.is_even) continue;
        fit.even = candidates[i];
        fit.evens++;
    }
    return fit;
}

/* The only delimiter that cuts all of the first rows evenly; failing that, the only one in the header; else the user
 * says. A first row without any is a title, if others have one. */
static enum rc detect_delimiter(struct ctx *cx, struct csv *c) {
    struct fit fit = try_all(c, false);
    if (fit.presents == 0) fit = try_all(c, true);
    if (fit.evens > 1 || (fit.evens == 0 && fit.presents > 1)) {
        c->table.line = c->line;
        return fail_field(cx, INVALID, "delimiter", "--delimiter with ',' ';' '|' or tab",
                          "more than one delimiter fits the header and first rows");
    }
    set_delimiter(c, fit.evens ? fit.even : fit.presents ? fit.present : ',');
    return OK;
}

/* Excel's first line "sep=;" names the delimiter. */
static char take_sep_line(struct csv *c) {
    Str start = {c->window + c->at, c->n - c->at};
    if (start.n < 6 || !str_equal_nocase((Str){start.p, 4}, S("sep=")) || !is_delimiter(start.p[4])) return 0;
    if (start.p[5] != '\n' && start.p[5] != '\r') return 0;
    c->at += start.p[5] == '\r' && start.n > 6 && start.p[6] == '\n' ? 7 : 6;
    c->line++;
    return start.p[4];
}

static enum rc csv_start(struct ctx *cx, const char *path, struct csv *c, const struct table_options *options) {
    if (options->sheet)
        return fail_field(cx, INVALID, "sheet", "leave --sheet out", "%s is not a workbook, so it has no sheets", path);
    if (options->delimiter && !is_delimiter(options->delimiter))
        return fail_field(cx, INVALID, "delimiter", "use ',' ';' '|' or tab", "this delimiter cannot be used");
    TRY(text_stream_init(cx, &c->stream, c->fd, options->encoding));
    c->table.format.encoding = text_stream_encoding(&c->stream);
    TRY(refill(cx, c));
    char named = take_sep_line(c);
    if (options->delimiter)
        set_delimiter(c, options->delimiter);
    else if (named)
        set_delimiter(c, named);
    else
        TRY(detect_delimiter(cx, c));
    return OK;
}

static void csv_close(struct table *t) {
    struct csv *c = (struct csv *)t;
    close(c->fd);
    mem_free(c->window);
    mem_free(c);
}

static int csv_progress(const struct table *t) {
    const struct csv *c = (const struct csv *)t;
    if (t->format.bytes <= 0) return 1000;
    int64_t done = c->stream.consumed - (int64_t)(c->n - c->at) - (int64_t)(c->stream.n - c->stream.at);
    if (done < 0) done = 0; /* UTF-8 may be longer than what it was made from */
    return done >= t->format.bytes ? 1000 : (int)(done * 1000 / t->format.bytes);
}

static const struct table_reader csv_reader = {csv_next, csv_progress, csv_close};

enum rc table_csv_open(struct ctx *cx, const char *path, int fd, const struct table_options *options,
                       struct table **out_table) {
    struct csv *c = mem_alloc(sizeof *c);
    c->table.reader = &csv_reader;
    c->table.arena = arena_new();
    c->table.format.kind = "csv";
    c->table.line = c->line = 1;
    c->fd = fd;
    c->capacity = WINDOW;
    c->window = mem_alloc(WINDOW + 1);
    struct table *t = &c->table;
    enum rc rc = csv_start(cx, path, c, options);
    if (rc == OK)
        *out_table = t;
    else
        table_close(&t);
    return rc;
}
