/* What a reader of one file format gives to table.c, which makes a table of it. Private to the table*.c files. */
#ifndef INTAKE_TABLE_READER_H
#define INTAKE_TABLE_READER_H

#include "base/buf.h"
#include "intake/table.h"

#define TABLE_MAX_COLUMNS ((size_t)500)
#define TABLE_MAX_CELL ((size_t)64 * 1024)
#define TABLE_MAX_ROW ((size_t)1024 * 1024)

/* A row as it stands in the file, blank or not. */
struct raw_row {
    int64_t line;
    Str *cells; /* room for TABLE_MAX_COLUMNS */
    const bool *typed;
    size_t count;
};

struct table_reader {
    /* As table_next; the line of a fault goes to t->line. */
    enum rc (*next)(struct ctx *cx, struct table *t, struct raw_row *out_row, bool *out_more);
    int (*progress)(const struct table *t);
    void (*close)(struct table *t); /* frees the table too */
};

/* The head of every reader's own struct. */
struct table {
    const struct table_reader *reader;
    struct table_format format;
    struct arena *arena; /* the table's own: header, names */
    Str *header;         /* NULL until the header is read */
    size_t columns;
    int64_t line;
};

/* Both take the descriptor over, also when they fail; `path`, the name alone, is for messages. */
MUST_USE enum rc table_csv_open(struct ctx *cx, const char *path, int fd, const struct table_options *options,
                                struct table **out_table);
MUST_USE enum rc table_xlsx_open(struct ctx *cx, const char *path, int fd, const struct table_options *options,
                                 struct table **out_table);

#define TABLE_COLUMN_TEXT 64
/* The header of a column, cut to fit, or "column 7". */
const char *table_column_name(const struct table *t, size_t column, char *text);

#define TABLE_CLIP_TEXT 64
/* A value for a message: cut to fit between code points, control characters as "?". */
const char *table_clip(Str value, char *text);

#endif
