/* Tables: which reader a file needs, the header, and what is a row.
 *
 * Owns what CSV and XLSX have in common: recognising the file by its first bytes, the header's rules, blank rows and
 * the width of rows. The readers (table_csv.c, table_xlsx.c) deliver raw rows. */
#include "intake/table.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/table_reader.h"

/* First bytes of what is not a table, and what to do about it. */
static const struct {
    const char *bytes;
    size_t n;
    const char *what, *hint;
} foreign[] = {
    {"%PDF", 4, PHRASE("a PDF document"), PHRASE("export the data as CSV or XLSX")},
    {"\x1F\x8B", 2, PHRASE("a compressed file"), PHRASE("decompress it first")},
    {"7z\xBC\xAF", 4, PHRASE("a compressed file"), PHRASE("decompress it first")},
    {"Rar!", 4, PHRASE("a compressed file"), PHRASE("decompress it first")},
    {"<", 1, PHRASE("a web page or XML, whatever its name says"),
     PHRASE("open it in a spreadsheet program and save it as XLSX or CSV")},
    {"{\\rtf", 5, PHRASE("a text document"), PHRASE("export the data as CSV or XLSX")},
    {"SQLite format 3", 15, PHRASE("a database"), PHRASE("export the data as CSV or XLSX")},
};

#define TITLE_ROWS 20 /* above the header, at most */
#define PIECE ((size_t)64 * 1024)

static const char ole_magic[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/* An OLE container is an old .xls, or an .xlsx with a password, whose folder names "EncryptedPackage". */
static enum rc refuse_ole(struct ctx *cx, const char *name, int fd) {
    static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g";
    unsigned char head[512], folder[4096];
    if (pread(fd, head, sizeof head, 0) == (ssize_t)sizeof head) {
        int64_t sector = (int64_t)head[48] | (int64_t)head[49] << 8 | (int64_t)head[50] << 16 | (int64_t)head[51] << 24;
        int64_t size = head[30] == 12 ? 4096 : 512;
        ssize_t got = pread(fd, folder, sizeof folder, (sector + 1) * size);
        if (got > 0 && memmem(folder, (size_t)got, encrypted, sizeof encrypted - 1))
            return fail_field(cx, INVALID, "file", "save it without a password and import that",
                              "%s is protected by a password", name);
    }
    return fail_field(cx, INVALID, "file", "open it in a spreadsheet program and save it as XLSX or CSV",
                      "%s is a workbook of the old .xls kind, which cannot be read", name);
}

static enum rc refuse_foreign(struct ctx *cx, const char *name, Str head) {
    Str text = head;
    if (str_starts(text, S("\xEF\xBB\xBF"))) text = (Str){text.p + 3, text.n - 3};
    text = str_trim(text);
    for (size_t i = 0; i < COUNT_OF(foreign); i++)
        if (str_starts(text, (Str){foreign[i].bytes, foreign[i].n}))
            return fail_field(cx, INVALID, "file", foreign[i].hint, "%s is %s, not a table", name, phrase(cx, foreign[i].what));
    return OK;
}

static enum rc file_open(struct ctx *cx, const char *path, int *out_fd, int64_t *out_bytes) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not block before it is refused */
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail_field(cx, NOT_FOUND, "file", NULL, "there is no file %s", path);
    if (fd < 0) return fail_field(cx, INVALID, "file", NULL, "cannot read %s: %s", path, strerror(errno));
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return fail_field(cx, INVALID, "file", "give the path of a file", "%s is not a file", path);
    }
    *out_fd = fd;
    *out_bytes = st.st_size;
    return OK;
}

static enum rc reader_open(struct ctx *cx, const char *path, const struct table_options *options,
                           struct table **out_table) {
    int fd = -1;
    int64_t bytes = 0;
    TRY(file_open(cx, path, &fd, &bytes));
    const char *name = file_name(path);
    char head[512];
    ssize_t got = pread(fd, head, sizeof head, 0);
    Str start = {head, got > 0 ? (size_t)got : 0};
    enum rc rc;
    if (str_starts(start, S("PK\3\4"))) {
        rc = table_xlsx_open(cx, name, fd, options, out_table);
    } else {
        bool is_ole = str_starts(start, (Str){ole_magic, 8});
        rc = is_ole ? refuse_ole(cx, name, fd) : refuse_foreign(cx, name, start);
        if (rc == OK)
            rc = table_csv_open(cx, name, fd, options, out_table);
        else
            close(fd);
    }
    if (rc == OK) (*out_table)->format.bytes = bytes;
    return rc;
}

static bool is_blank(const struct raw_row *row) {
    for (size_t i = 0; i < row->count; i++)
        if (str_trim(row->cells[i]).n) return false;
    return true;
}

/* The next row that is not blank, without the empty cells at its end. */
static enum rc next_filled(struct ctx *cx, struct table *t, struct raw_row *out_row, bool *out_more) {
    do {
        TRY(t->reader->next(cx, t, out_row, out_more));
    } while (*out_more && is_blank(out_row));
    return OK;
}

static enum rc check_header(struct ctx *cx, const struct table *t) {
    struct arena_mark mark = arena_mark(cx->arena);
    Str *folded = ARENA_ARRAY(cx->arena, Str, t->columns);
    size_t first = 0, second = 0;
    for (size_t i = 0; i < t->columns; i++) {
        folded[i] = str_fold(cx->arena, t->header[i]);
        for (size_t k = 0; k < i && !second; k++)
            if (folded[i].n && str_equal(folded[i], folded[k])) {
                first = k;
                second = i;
            }
    }
    arena_rewind(cx->arena, mark);
    if (!second) return OK;
    char name[TABLE_COLUMN_TEXT];
    return fail_field(cx, INVALID, table_column_name(t, second, name), "rename or delete one of them",
                      "the header names \"%s\" twice, in columns %zu and %zu", name, first + 1, second + 1);
}

static enum rc take_header(struct ctx *cx, struct table *t, struct raw_row row) {
    while (row.count && str_trim(row.cells[row.count - 1]).n == 0) row.count--;
    Str *header = ARENA_ARRAY(t->arena, Str, row.count);
    for (size_t i = 0; i < row.count; i++) header[i] = arena_str(t->arena, str_trim(row.cells[i]));
    t->header = header;
    t->columns = row.count;
    t->line = row.line;
    return check_header(cx, t);
}

static enum rc read_header(struct ctx *cx, const char *name, struct table *t) {
    struct raw_row row;
    bool more;
    TRY(next_filled(cx, t, &row, &more));
    if (!more) return fail_field(cx, INVALID, "file", "the first row must name the columns", "%s is empty", name);
    return take_header(cx, t, row);
}

static size_t cells_filled(const Str *cells, size_t count) {
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) filled += str_trim(cells[i]).n > 0;
    return filled;
}

/* From a first row with a single filled cell to the header beneath it; OK with the header unchanged when there is none, the rows read
 * until then being lost. */
static enum rc pass_titles(struct ctx *cx, struct table *t, bool *out_passed) {
    struct fault before = cx->fault;
    struct raw_row row;
    bool more = true;
    *out_passed = false;
    for (int i = 0; i < TITLE_ROWS && more; i++) {
        if (next_filled(cx, t, &row, &more) != OK) break;
        if (!more || cells_filled(row.cells, row.count) < 2) continue;
        *out_passed = true;
        return take_header(cx, t, row);
    }
    cx->fault = before;
    return OK;
}

/* Reports carry their title above the header, alone in its row: no table aldia reads has a single column. Where nothing wider follows,
 * the first row is the header after all. */
static enum rc open_at_header(struct ctx *cx, const char *path, const struct table_options *options, struct table **t) {
    bool passed = false;
    TRY(reader_open(cx, path, options, t));
    TRY(read_header(cx, file_name(path), *t));
    if (cells_filled((*t)->header, (*t)->columns) > 1) return OK;
    TRY(pass_titles(cx, *t, &passed));
    if (passed) return OK;
    table_close(t);
    TRY(reader_open(cx, path, options, t));
    return read_header(cx, file_name(path), *t);
}

enum rc table_open(struct ctx *cx, const char *path, const struct table_options *options, struct table **out_table) {
    static const struct table_options none = {0};
    struct table *t = NULL;
    enum rc rc = open_at_header(cx, path, options ? options : &none, &t);
    if (rc == OK) {
        *out_table = t;
        return OK;
    }
    if (rc == INVALID && t) cx->fault.line = t->line;
    table_close(&t);
    return rc;
}

void table_close(struct table **table) {
    struct table *t = *table;
    *table = NULL;
    if (!t) return;
    arena_free(t->arena);
    t->reader->close(t);
}

const struct table_format *table_format(const struct table *t) { return &t->format; }
size_t table_columns(const struct table *t) { return t->columns; }

Str table_header(const struct table *t, size_t column) {
    MUST(column < t->columns);
    return t->header[column];
}

static enum rc next_row(struct ctx *cx, struct table *t, struct table_row *out_row, bool *out_more) {
    struct raw_row row;
    bool more;
    TRY(next_filled(cx, t, &row, &more));
    if (!more) {
        *out_more = false;
        return OK;
    }
    while (row.count > t->columns && str_trim(row.cells[row.count - 1]).n == 0) row.count--;
    if (row.count > t->columns) {
        t->line = row.line;
        char name[TABLE_COLUMN_TEXT], value[TABLE_CLIP_TEXT];
        return fail_field(cx, INVALID, table_column_name(t, t->columns, name),
                          "quote values that contain the delimiter",
                          "the row has %zu cells, the header %zu; the first too many is \"%s\"", row.count, t->columns,
                          table_clip(row.cells[t->columns], value));
    }
    for (size_t i = row.count; i < t->columns; i++) row.cells[i] = (Str){"", 0};
    *out_row = (struct table_row){.line = row.line, .cells = row.cells, .typed = row.typed};
    *out_more = true;
    return OK;
}

enum rc table_next(struct ctx *cx, struct table *t, struct table_row *out_row, bool *out_more) {
    enum rc rc = next_row(cx, t, out_row, out_more);
    if (rc == INVALID) cx->fault.line = t->line;
    return rc;
}

int64_t table_line(const struct table *t) { return t->line; }
int table_progress(const struct table *t) { return t->reader->progress(t); }

const char *table_clip(Str value, char *text) {
    struct buf b = buf_make(TABLE_CLIP_TEXT);
    size_t at = 0;
    while (at < value.n && b.n < TABLE_CLIP_TEXT - 12) {
        uint32_t c = str_next_codepoint(value, &at);
        buf_add_codepoint(&b, c < 0x20 || (c >= 0x7F && c < 0xA0) ? '?' : c);
    }
    if (at < value.n) buf_add_cstr(&b, "…");
    memcpy(text, b.p, b.n + 1);
    buf_done(&b);
    return text;
}

const char *table_column_name(const struct table *t, size_t column, char *text) {
    if (t->header && column < t->columns && t->header[column].n) return table_clip(t->header[column], text);
    struct buf b = buf_make(TABLE_COLUMN_TEXT);
    buf_printf(&b, "column %zu", column + 1);
    memcpy(text, b.p, b.n + 1);
    buf_done(&b);
    return text;
}

/* How many of the first bytes are whole characters, if they are UTF-8 at all: what is cut at the end of a piece waits for the next. */
static size_t whole_characters(const char *bytes, size_t n) {
    size_t end = n;
    while (end > 0 && n - end < 3 && ((unsigned char)bytes[end - 1] & 0xC0) == 0x80) end--;
    bool is_lead = end > 0 && (unsigned char)bytes[end - 1] >= 0xC0;
    return is_lead ? end - 1 : n;
}

bool table_is_western(const char *path) {
    char bytes[PIECE];
    size_t kept = 0;
    bool is_utf8 = true, is_text = true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (ssize_t got = fd < 0 ? 0 : 1; got > 0 && is_utf8 && is_text;) {
        got = read(fd, bytes + kept, sizeof bytes - kept);
        size_t n = kept + (got > 0 ? (size_t)got : 0), whole = got > 0 ? whole_characters(bytes, n) : n;
        is_text = !memchr(bytes, 0, n);
        is_utf8 = str_is_utf8((Str){bytes, whole});
        kept = n - whole;
        memmove(bytes, bytes + whole, kept);
    }
    if (fd >= 0) close(fd);
    return is_text && !is_utf8;
}
