/* Stacked bars over time. Coordinates are whole tenths of a unit: no floating point, the same bytes everywhere. */
#include "web/chart.h"

#include "base/wide.h"
#include "web/text.h"

#define WIDTH 600
#define HEIGHT 200
#define BAR_MAX 400    /* tenths: few slots do not make bars as wide as walls */
#define FEW_LABELS 6   /* have room on a phone too */
#define SLOTS_TOLD 120 /* more are too narrow to point at */

/* ---- scales ---- */

struct chart_scale chart_scale_to(int64_t max) {
    static const int64_t steps[] = {1, 2, 5};
    if (max < 1) max = 1;
    for (int64_t power = 1;; power *= 10)
        for (size_t i = 0; i < COUNT_OF(steps); i++) {
            int64_t step = steps[i] * power, ticks = max / step + (max % step != 0);
            if (ticks <= 5 || power > INT64_MAX / 50) return (struct chart_scale){step, step * ticks, (int)ticks};
        }
}

int64_t chart_height(const struct chart_scale *s, int64_t value, int units) {
    int64_t all = (int64_t)units * 10;
    return all - (int64_t)(((Wide)value * all + s->top / 2) / s->top);
}

size_t chart_label_every(size_t slots, size_t most) {
    size_t every = 1;
    while (most && (slots + every - 1) / every > most) every += 2;
    return every;
}

int chart_digits(int64_t top, Currency currency) {
    int64_t major = top;
    for (int i = currency_exponent(currency); i > 0; i--) major /= 10;
    return major >= 5000000 ? 6 : major >= 5000 ? 3 : 0;
}

/* ---- figures ---- */

/* What a row has of each series; false without any. */
struct slot {
    const struct value *row;
    Date date;
    bool is_known, is_partial;
    int64_t values[CHART_SERIES_MAX], sum;
};

struct drawing {
    const struct chart *chart;
    const struct chart_words *words;
    struct slot *slots;
    size_t count, series_count;
    struct chart_scale scale;
    int64_t totals[CHART_SERIES_MAX];
    bool has_partial;
    struct buf *out;
};

static const struct value *member(const struct value *object, const char *name) {
    const struct value *v = object->kind == VALUE_OBJECT ? object->child : NULL;
    while (v && !str_is(v->key, name)) v = v->next;
    return v;
}

static bool read_figure(const struct value *v, enum chart_unit unit, Currency currency, int64_t *out) {
    Money money;
    if (!v || (v->kind != VALUE_TEXT && v->kind != VALUE_NUMBER)) return false;
    if (unit == CHART_COUNT) return str_to_i64(v->text, out) && *out >= 0;
    if (money_parse(v->text, currency, '.', 0, &money) != MONEY_OK || money.minor < 0) return false;
    *out = money.minor;
    return true;
}

static struct slot read_slot(const struct chart *c, const struct value *row, Currency currency) {
    struct slot s = {.row = row, .date = DATE_NONE};
    const struct value *date = member(row, "date"), *partial = member(row, "partial");
    if (date && date->kind == VALUE_TEXT && !date_parse_iso(date->text, &s.date)) s.date = DATE_NONE;
    s.is_partial = !c->is_level && partial && partial->kind == VALUE_TRUE;
    for (size_t i = 0; i < CHART_SERIES_MAX && c->series[i].field; i++) {
        if (!read_figure(member(row, c->series[i].field), c->unit, currency, &s.values[i])) continue;
        s.is_known = true;
        s.sum += s.values[i];
    }
    return s;
}

/* From the first row with a figure on. */
static void read_slots(struct drawing *d, const struct value *rows, Currency currency, struct arena *arena) {
    size_t count = 0;
    int64_t max = 0;
    if (!rows || rows->kind != VALUE_LIST) return;
    for (const struct value *row = rows->child; row; row = row->next) count++;
    d->slots = ARENA_ARRAY(arena, struct slot, count);
    for (const struct value *row = rows->child; row; row = row->next) {
        struct slot s = read_slot(d->chart, row, currency);
        if (!s.is_known && d->count == 0) continue;
        d->slots[d->count++] = s;
        if (s.sum > max) max = s.sum;
        d->has_partial = d->has_partial || (s.is_partial && s.sum);
        for (size_t i = 0; i < CHART_SERIES_MAX; i++) d->totals[i] += s.values[i];
    }
    while (d->series_count < CHART_SERIES_MAX && d->chart->series[d->series_count].field) d->series_count++;
    d->scale = chart_scale_to(max);
}

/* ---- words ---- */

static Str series_name(const struct drawing *d, size_t i) {
    Str text = S("");
    text_find(d->words->lang, str_from(d->chart->series[i].text), &text);
    return text;
}

static int64_t power_of_ten(int n) {
    int64_t p = 1;
    while (n-- > 0) p *= 10;
    return p;
}

/* A tick in the axis' unit, with as many decimals as its steps have. */
static void put_tick(struct drawing *d, int64_t value) {
    struct buf *out = d->out;
    if (d->chart->unit == CHART_COUNT) {
        locale_integer(d->words->locale, value, out);
        return;
    }
    Currency currency = d->words->currency;
    int64_t unit = power_of_ten(currency_exponent(currency) + chart_digits(d->scale.top, currency));
    int decimals = 0;
    while (decimals < 3 && (Wide)d->scale.step * power_of_ten(decimals) % unit) decimals++;
    locale_integer(d->words->locale, value / unit, out);
    if (!decimals) return;
    int64_t rest = (int64_t)((Wide)(value % unit) * power_of_ten(decimals) / unit);
    buf_printf(out, "%c%0*lld", locale_decimal_mark(d->words->locale), decimals, (long long)rest);
}

static void put_label(struct drawing *d, Date date) {
    AUTO(buf_done) struct buf text = buf_make(100);
    (d->words->labels == CHART_BY_MONTH ? locale_month : locale_day)(d->words->locale, date, &text);
    buf_add_html(d->out, buf_str(&text));
}

static void put_figure(struct drawing *d, int64_t value) {
    AUTO(buf_done) struct buf text = buf_make(200);
    if (d->chart->unit == CHART_MONEY)
        locale_money(d->words->locale, money_make(value, d->words->currency), &text);
    else
        locale_integer(d->words->locale, value, &text);
    buf_add_html(d->out, buf_str(&text));
}

/* What the mouse is told of a slot, a line each. */
static void put_hint(struct drawing *d, const struct slot *s) {
    buf_add(d->out, S("<title>"));
    put_label(d, s->date);
    for (size_t i = 0; i < d->series_count; i++) {
        if (!s->values[i]) continue;
        buf_add_char(d->out, '\n');
        buf_add_html(d->out, series_name(d, i));
        buf_add(d->out, S(": "));
        put_figure(d, s->values[i]);
    }
    buf_add(d->out, S("</title>"));
}

/* ---- shapes ---- */

static void put_tenths(struct buf *out, const char *name, int64_t tenths) {
    buf_printf(out, " %s=\"%lld", name, (long long)(tenths / 10));
    if (tenths % 10) buf_printf(out, ".%lld", (long long)(tenths % 10));
    buf_add_char(out, '"');
}

static void put_rect(struct buf *out, const char *look, int64_t x, int64_t y, int64_t width, int64_t height) {
    buf_printf(out, "<rect class=\"%s\"", look);
    put_tenths(out, "x", x);
    put_tenths(out, "y", y);
    put_tenths(out, "width", width);
    put_tenths(out, "height", height);
    buf_add(out, S("/>"));
}

/* Stacked from below; what there is at all is seen, and one unit lies between the parts. */
static void put_bars(struct drawing *d, const struct slot *s, int64_t x, int64_t width) {
    int64_t below = 0;
    for (size_t i = 0; i < d->series_count; i++) {
        if (!s->values[i]) continue;
        int64_t from = chart_height(&d->scale, below, HEIGHT), to = chart_height(&d->scale, below + s->values[i], HEIGHT);
        int64_t gap = below && from - to > 15 ? 10 : 0, height = from - to - gap;
        put_rect(d->out, d->chart->series[i].look, x, to, width, height < 5 ? 5 : height);
        below += s->values[i];
    }
}

static void put_slots(struct drawing *d) {
    int64_t all = WIDTH * 10, n = (int64_t)d->count;
    for (int64_t i = 0; i < n; i++) {
        const struct slot *s = &d->slots[i];
        int64_t left = all * i / n, right = all * (i + 1) / n, width = (right - left) * 64 / 100;
        if (width > BAR_MAX) width = BAR_MAX;
        if (!s->is_known) continue;
        buf_add_cstr(d->out, s->is_partial ? "<g class=\"part\">" : "<g>");
        if (n <= SLOTS_TOLD) {
            put_hint(d, s);
            put_rect(d->out, "hit", left, 0, right - left, HEIGHT * 10);
        }
        put_bars(d, s, left + (right - left - width) / 2, width);
        buf_add(d->out, S("</g>"));
    }
}

static void put_axis(struct drawing *d) {
    buf_add(d->out, S("<div class=\"plot\"><div class=\"y\" aria-hidden=\"true\">"));
    for (int i = d->scale.ticks; i >= 0; i--) {
        buf_add(d->out, S("<span>"));
        put_tick(d, d->scale.step * i);
        buf_add(d->out, S("</span>"));
    }
    buf_add(d->out, S("</div>"));
}

static void put_drawing(struct drawing *d) {
    struct buf *out = d->out;
    const char *name = d->chart->name;
    buf_printf(out, "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">", WIDTH,
               HEIGHT, name, name, name);
    buf_add_html(out, d->words->title);
    buf_printf(out, "</title><desc id=\"%s-d\">", name);
    buf_add_html(out, d->words->description);
    buf_add(out, S("</desc>"));
    for (int i = 0; i <= d->scale.ticks; i++) {
        buf_printf(out, "<line class=\"%s\" x1=\"0\" x2=\"%d\"", i ? "grid" : "zero", WIDTH);
        put_tenths(out, "y1", chart_height(&d->scale, d->scale.step * i, HEIGHT));
        put_tenths(out, "y2", chart_height(&d->scale, d->scale.step * i, HEIGHT));
        buf_add(out, S("/>"));
    }
    put_slots(d);
    buf_add(out, S("</svg>"));
}

static void put_labels(struct drawing *d) {
    size_t every = chart_label_every(d->count, d->words->labels == CHART_BY_MONTH ? 13 : 7);
    bool few = d->count / every <= FEW_LABELS;
    buf_printf(d->out, "<div class=\"x%s\" aria-hidden=\"true\">", few ? " few" : "");
    for (size_t i = 0; i < d->count; i++) {
        buf_add(d->out, S("<span>"));
        if (i % every == every / 2) put_label(d, d->slots[i].date);
        buf_add(d->out, S("</span>"));
    }
    buf_add(d->out, S("</div></div>"));
}

/* What occurs; a single series is named by the chart. */
static void put_key(struct drawing *d) {
    Str partial;
    bool many = d->series_count > 1;
    if (!many && !d->has_partial) return;
    buf_add(d->out, S("<ul class=\"legend\">"));
    for (size_t i = 0; many && i < d->series_count; i++) {
        if (!d->totals[i]) continue;
        buf_printf(d->out, "<li><span class=\"sw %s\"></span>", d->chart->series[i].look);
        buf_add_html(d->out, series_name(d, i));
        buf_add(d->out, S("</li>"));
    }
    if (d->has_partial && text_find(d->words->lang, S("figures.partial"), &partial)) {
        buf_printf(d->out, "<li><span class=\"sw part %s\"></span>", d->chart->series[0].look);
        buf_add_html(d->out, partial);
        buf_add(d->out, S("</li>"));
    }
    buf_add(d->out, S("</ul>"));
}

void chart_draw(const struct chart *c, const struct value *rows, const struct chart_words *words, struct arena *arena, struct buf *out) {
    struct drawing d = {.chart = c, .words = words, .out = out};
    read_slots(&d, rows, words->currency, arena);
    if (!d.count) return;
    put_axis(&d);
    put_drawing(&d);
    put_labels(&d);
    put_key(&d);
}

const char *chart_unit_key(const struct chart *c, const struct value *rows, Currency currency) {
    int64_t max = 0;
    if (c->unit == CHART_COUNT || !rows || rows->kind != VALUE_LIST) return NULL;
    for (const struct value *row = rows->child; row; row = row->next) {
        struct slot s = read_slot(c, row, currency);
        if (s.sum > max) max = s.sum;
    }
    int digits = chart_digits(chart_scale_to(max).top, currency);
    return digits == 6 ? "unit.millions" : digits == 3 ? "unit.thousands" : "unit.ones";
}
