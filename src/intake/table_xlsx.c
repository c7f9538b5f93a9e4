/* One sheet of a workbook as a table (ECMA-376), streamed.
 *
 * Owns rows and cells; the parts around the sheet are xlsx_book.c's, the meaning of values xlsx_value.c's. The parser
 * is paused at the end of every row that holds something. Numbers stay text: they never become floating point. REQ: A6
 */
#include "intake/table_reader.h"
#include "intake/xlsx_book.h"
#include "intake/xlsx_value.h"

#define MAX_LINE ((int64_t)1 << 31)

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN, CELL_ERROR, CELL_DATE };

struct xlsx {
    struct table table; /* first, so that a table is an xlsx */
    struct xlsx_book book;
    struct xlsx_part *part;
    bool is_broken; /* the file itself is bad: told once, then there are no more rows */
    /* the row being read */
    int64_t line;
    bool in_row;
    Str cells[TABLE_MAX_COLUMNS]; /* p == NULL: in `text`, from `starts` on */
    size_t starts[TABLE_MAX_COLUMNS];
    bool typed[TABLE_MAX_COLUMNS];
    size_t count;
    bool has_content;
    struct buf text;
    /* the cell being read */
    bool in_cell, in_value, in_phonetic, has_formula;
    enum cell_type type;
    bool is_date;
    int column, next_column;
    size_t start;
    /* the first thing wrong with the row */
    bool is_bad;
    const char *bad_what, *bad_hint; /* phrases */
    char bad_cell[TABLE_CLIP_TEXT], bad_value[TABLE_CLIP_TEXT];
    int bad_column;
};

/* "B7" */
static const char *cell_name(const struct xlsx *x, char *name) {
    char letters[8];
    int n = 0;
    for (int c = x->column; c >= 0 && n < 7; c = c / 26 - 1) letters[n++] = (char)('A' + c % 26);
    struct buf b = buf_make(TABLE_CLIP_TEXT - 1);
    while (n > 0) buf_add_char(&b, letters[--n]);
    buf_add_i64(&b, x->line);
    for (size_t i = 0; i <= b.n; i++) name[i] = b.p[i];
    buf_done(&b);
    return name;
}

/* The first complaint of a row is kept until whoever reads the row can be told. */
static void bad_cell(struct xlsx *x, SAYS const char *hint, SAYS const char *what) {
    if (x->is_bad) return;
    x->is_bad = true;
    x->bad_what = what;
    x->bad_hint = hint;
    x->bad_value[0] = '\0';
    cell_name(x, x->bad_cell);
    x->bad_column = x->column;
}

enum element { OTHER, ROW, CELL, VALUE, TEXT, FORMULA, PHONETIC };

/* A million times a second: no comparing of names one after the other. */
static enum element element_of(Str name) {
    if (name.n == 1) {
        switch (name.p[0]) {
        case 'c': return CELL;
        case 'v': return VALUE;
        case 't': return TEXT;
        case 'f': return FORMULA;
        default: return OTHER;
        }
    }
    if (name.n != 3) return OTHER;
    return str_equal(name, S("row")) ? ROW : str_equal(name, S("rPh")) ? PHONETIC : OTHER;
}

static enum cell_type cell_type(const char *t) {
    static const struct {
        const char *name;
        enum cell_type type;
    } types[] = {{"s", CELL_SHARED},  {"inlineStr", CELL_TEXT}, {"str", CELL_TEXT},
                 {"b", CELL_BOOLEAN}, {"e", CELL_ERROR},        {"d", CELL_DATE}};
    for (size_t i = 0; t && i < COUNT_OF(types); i++)
        if (str_is(str_from(t), types[i].name)) return types[i].type;
    return CELL_NUMBER;
}

static void row_start(struct xlsx *x, struct xlsx_part *part, const char **attributes) {
    const char *r = xlsx_attribute(attributes, "r");
    int64_t line = x->line + 1;
    if (r && (!str_to_i64(str_from(r), &line) || line <= x->line || line > MAX_LINE)) {
        xlsx_part_stop(part,
                       fail_field(xlsx_part_ctx(part), INVALID, "file", "save it again with a spreadsheet program",
                                  "the rows of the sheet are out of order behind row %lld", (long long)x->line));
        return;
    }
    for (size_t i = 0; i < x->count; i++) {
        x->cells[i] = (Str){"", 0};
        x->typed[i] = false;
    }
    x->line = line;
    x->in_row = true;
    x->count = 0;
    x->has_content = x->is_bad = false;
    x->next_column = 0;
    buf_clear(&x->text);
}

static void cell_start(struct xlsx *x, const char **attributes) {
    const char *r = NULL, *s = NULL, *t = NULL;
    for (const char **a = attributes; a[0]; a += 2) {
        if (a[0][0] == 'r' && !a[0][1]) r = a[1];
        if (a[0][0] == 's' && !a[0][1]) s = a[1];
        if (a[0][0] == 't' && !a[0][1]) t = a[1];
    }
    int64_t style = 0;
    x->in_cell = true;
    x->in_value = x->in_phonetic = x->has_formula = false;
    x->column = r ? xlsx_column(str_from(r)) : x->next_column;
    if (x->column < x->next_column) {
        x->column = x->next_column;
        bad_cell(x, "save it again with a spreadsheet program", "is out of order in its row");
    }
    x->next_column = x->column + 1;
    x->type = cell_type(t);
    bool has_style = s && str_to_i64(str_from(s), &style) && style >= 0 && (uint64_t)style < x->book.style_count;
    x->is_date = has_style && x->book.is_date[style];
    if (!s && x->book.style_count) x->is_date = x->book.is_date[0];
    x->start = x->text.n;
}

static void sheet_start(void *self, struct xlsx_part *part, Str name, const char **attributes) {
    struct xlsx *x = self;
    enum element element = element_of(name);
    if (x->in_cell) {
        if (element == VALUE) x->in_value = true;
        if (element == TEXT) x->in_value = !x->in_phonetic;
        if (element == PHONETIC) x->in_phonetic = true;
        if (element == FORMULA) x->has_formula = true;
    } else if (x->in_row) {
        if (element == CELL) cell_start(x, attributes);
    } else if (element == ROW) {
        row_start(x, part, attributes);
    }
}

static void sheet_text(void *self, struct xlsx_part *part, Str text) {
    struct xlsx *x = self;
    (void)part;
    if (x->in_value) buf_add(&x->text, text);
}

/* Replaces what was gathered for the cell. */
static void put_value(struct xlsx *x, Str value, bool is_typed) {
    x->text.n = x->start;
    buf_add(&x->text, value);
    x->typed[x->column] = is_typed;
}

static void put_number(struct xlsx *x, Str stored) {
    char decimal_text[XLSX_VALUE_TEXT], date_text[XLSX_VALUE_TEXT];
    Str value;
    if (!xlsx_decimal(stored, decimal_text, &value)) {
        bad_cell(x, NULL, "holds a number that cannot be read");
    } else if (x->is_date && !xlsx_date(value, x->book.is_1904, date_text, &value)) {
        bad_cell(x, "correct it, or format it as a number", "is formatted as a date, but its number is none");
    } else {
        put_value(x, value, true);
    }
}

static void put_shared(struct xlsx *x, Str stored) {
    int64_t index;
    Str text;
    bool found = str_to_i64(stored, &index) && index >= 0 && xlsx_book_text(&x->book, (size_t)index, &text);
    x->text.n = x->start;
    if (found)
        x->cells[x->column] = text;
    else
        bad_cell(x, "save it again with a spreadsheet program", "refers to a text that is not there");
}

static void put_cell(struct xlsx *x) {
    Str stored = {x->text.p + x->start, x->text.n - x->start};
    size_t column = (size_t)x->column;
    x->cells[column] = (Str){NULL, 0};
    x->starts[column] = x->start;
    switch (x->type) {
    case CELL_NUMBER: put_number(x, stored); break;
    case CELL_SHARED: put_shared(x, stored); break;
    case CELL_TEXT: x->text.n = x->start + xlsx_unescape(x->text.p + x->start, stored.n); break;
    case CELL_BOOLEAN:
        put_value(x, str_is(stored, "0") || str_is(stored, "false") ? S("FALSE") : S("TRUE"), false);
        break;
    case CELL_DATE: x->typed[column] = true; break;
    case CELL_ERROR:
        if (x->is_bad) break;
        bad_cell(x, "correct the formula, or put the value in its place", "holds the error ");
        table_clip(stored, x->bad_value);
        break;
    }
    if (!x->cells[column].p) x->cells[column].n = x->text.n - x->start;
    if (x->cells[column].n > TABLE_MAX_CELL) bad_cell(x, NULL, "is longer than 65536 bytes");
    x->has_content |= x->cells[column].n > 0;
}

static void cell_end(struct xlsx *x) {
    x->in_cell = x->in_value = false;
    bool is_empty = x->text.n == x->start;
    if (is_empty && x->has_formula && x->type == CELL_NUMBER) /* never calculated by the program that wrote it */
        bad_cell(x, "open it in a spreadsheet program and save it", "has a formula without its result");
    if (is_empty) return;
    if ((size_t)x->column >= TABLE_MAX_COLUMNS) {
        x->text.n = x->start;
        bad_cell(x, NULL, "lies beyond the 500th column");
        return;
    }
    for (; x->count <= (size_t)x->column; x->count++) {
        x->cells[x->count] = (Str){"", 0};
        x->typed[x->count] = false;
    }
    put_cell(x);
    if (!buf_ok(&x->text)) bad_cell(x, NULL, "makes the row longer than 1048576 bytes");
}

static void sheet_end(void *self, struct xlsx_part *part, Str name) {
    struct xlsx *x = self;
    enum element element = element_of(name);
    if (x->in_cell) {
        if (element == VALUE || element == TEXT) x->in_value = false;
        if (element == PHONETIC) x->in_phonetic = false;
        if (element == CELL) cell_end(x);
    } else if (x->in_row && element == ROW) {
        x->in_row = false;
        if (x->has_content || x->is_bad) xlsx_part_pause(part);
    }
}

static const struct xlsx_handlers sheet_handlers = {sheet_start, sheet_end, sheet_text};

static enum rc xlsx_next(struct ctx *cx, struct table *t, struct raw_row *out_row, bool *out_more) {
    struct xlsx *x = (struct xlsx *)t;
    bool has_row = false;
    enum rc rc = x->is_broken ? OK : xlsx_part_read(cx, x->part, &has_row);
    if (rc != OK) {
        x->is_broken = true;
        t->line = x->line;
        return rc;
    }
    *out_more = has_row;
    if (!has_row) return OK;
    if (x->is_bad) {
        char field[TABLE_COLUMN_TEXT];
        t->line = x->line;
        return fail_field(cx, INVALID, table_column_name(t, (size_t)x->bad_column, field), x->bad_hint, "cell %s %s%s",
                          x->bad_cell, phrase(cx, x->bad_what), x->bad_value);
    }
    for (size_t i = 0; i < x->count; i++)
        if (!x->cells[i].p) x->cells[i].p = x->text.p + x->starts[i];
    *out_row = (struct raw_row){.line = x->line, .cells = x->cells, .typed = x->typed, .count = x->count};
    return OK;
}

static int xlsx_progress(const struct table *t) { return xlsx_part_progress(((const struct xlsx *)t)->part); }

static void xlsx_close(struct table *t) {
    struct xlsx *x = (struct xlsx *)t;
    xlsx_part_close(&x->part);
    xlsx_book_close(&x->book);
    buf_done(&x->text);
    mem_free(x);
}

static const struct table_reader xlsx_reader = {xlsx_next, xlsx_progress, xlsx_close};

enum rc table_xlsx_open(struct ctx *cx, const char *path, int fd, const struct table_options *options,
                        struct table **out_table) {
    struct xlsx *x = mem_alloc(sizeof *x);
    struct table *t = &x->table;
    t->reader = &xlsx_reader;
    t->arena = arena_new();
    t->format = (struct table_format){.kind = "xlsx", .encoding = "utf-8"};
    x->text = buf_make(TABLE_MAX_ROW);
    enum rc rc = xlsx_book_open(cx, path, fd, options->sheet, t->arena, &x->book);
    if (rc == OK) rc = xlsx_part_open(cx, &x->book.container, x->book.part, &sheet_handlers, x, &x->part);
    t->format.sheet = x->book.sheet;
    if (rc == OK)
        *out_table = t;
    else
        table_close(&t);
    return rc;
}
