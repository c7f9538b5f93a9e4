/* Results for people: tables for lists, "key: value" lines for the rest, fed by the events of a JSON writer. Streams;
 * the first rows decide the widths of the columns. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "cli/word.h"

#define TABLE_MAX_COLUMNS 16
#define TABLE_SAMPLE 200

struct text_table {
    struct json_writer writer;
    FILE *out;
    struct word_place place;
    struct arena *sample_arena, *row_arena;
    Str lists; /* "NAME: COLUMN COLUMN; NAME: …" */
    Str columns[TABLE_MAX_COLUMNS];
    size_t column_count; /* of the list being shown */
    size_t width[TABLE_MAX_COLUMNS];
    bool numeric[TABLE_MAX_COLUMNS];
    bool seen[TABLE_MAX_COLUMNS], shown[TABLE_MAX_COLUMNS]; /* a column that no row knows is not shown */
    Str row[TABLE_MAX_COLUMNS];
    Str *sample; /* rows held back until the widths are known */
    size_t sample_count, rows;
    bool widths_known;
    int list_depth, row_depth;
    Str list_key; /* of the array whose plain values are being shown a line each */
};

/* `columns`: the columns of the list "items", separated by blanks; or those of several lists, "messages: date to;
 * tasks: date kind"; NULL: none. What is in no such list becomes key-value lines. `place`: whose words (cli/word.h). */
void text_table_init(struct text_table *t, const char *columns, const struct word_place *place, FILE *out);
void text_table_done(struct text_table *t);

#endif
