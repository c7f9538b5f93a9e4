/* Charts: rows of the value an action wrote, drawn as SVG; words are HTML around it, so that they never stretch (ui.md, Charts).
 *
 * A chart is declared once (charts.c): which list of the value it draws, which fields are its series, in which colours and under which names.
 * {{chart.NAME}} in a view draws it with axes, a title and a description for screen readers, and a key; {{unit.NAME}} tells in what its axis
 * counts. The figures beneath stand in the view's own table, made of the same rows. No style, no script: everything is attributes and classes.
 *
 * Here is only the drawing, pure of pages: helpers.c finds rows and texts. Null is no figure, and leaves a gap. */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include "base/mustache.h"
#include "core/locale.h"
#include "core/money.h"

#define CHART_SERIES_MAX 8

enum chart_unit { CHART_COUNT, CHART_MONEY };

struct chart_series {
    const char *field; /* of a row */
    const char *look;  /* class of its shapes and of its mark in the key (aldia.css) */
    const char *text;  /* key of its name: TEXT_KEY("ageing.not_due") */
};

struct chart {
    const char *name;
    const char *rows; /* the list; its rows have "date" and, where one is not over yet, a true "partial" */
    enum chart_unit unit;
    bool is_level; /* how things stood, not what was done: the last one is no less complete than the others */
    struct chart_series series[CHART_SERIES_MAX]; /* stacked from below */
};

/* charts.c. NULL: there is none of that name. */
const struct chart *chart_find(Str name);

/* ---- scales ---- */

/* An axis from zero in `ticks` steps of 1, 2 or 5 times a power of ten, to the first that `max` does not pass; at most five. */
struct chart_scale {
    int64_t step, top;
    int ticks;
};
struct chart_scale chart_scale_to(int64_t max);
/* Tenths of a unit from the upper edge of a drawing so many units high. */
int64_t chart_height(const struct chart_scale *s, int64_t value, int units);
/* Every so many slots have a label, an odd number so that it stands under the middle one of them; at most `most` labels. */
size_t chart_label_every(size_t slots, size_t most);
/* By what amounts on an axis to this top are divided: 0, 3 or 6 digits. */
int chart_digits(int64_t top, Currency currency);

/* ---- drawing ---- */

struct chart_words {
    Str lang;
    const struct locale *locale;
    Currency currency; /* of amounts */
    Str title, description;
    enum { CHART_BY_DAY, CHART_BY_MONTH } labels;
};
/* Plot and key. `rows` is a list or NULL; without a single figure nothing is written. */
void chart_draw(const struct chart *c, const struct value *rows, const struct chart_words *words, struct arena *arena, struct buf *out);
/* The key of the text that tells the unit: "unit.millions"; NULL for plain counts. */
const char *chart_unit_key(const struct chart *c, const struct value *rows, Currency currency);

#endif
