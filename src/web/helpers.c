/* Values as people read them. Each helper writes its markup, or the same as plain text where it stands inside a text. */
#include "web/helpers.h"

#include <stdio.h>
#include <string.h>

#include "account/actor.h"
#include "action/action.h"
#include "core/locale.h"
#include "core/zone.h"
#include "web/agent.h"
#include "web/asset.h"
#include "web/chart.h"
#include "web/text.h"

#define PIECE_MAX ((size_t)1024 * 1024) /* a chart of many slots */
#define KEY_BYTES 200

struct use {
    struct page_terms *terms;
    struct ctx *cx;
    const struct mustache_scope *scope;
    Str field;               /* what follows the helper's name */
    const struct value *at;  /* what the field is; NULL: nothing */
    bool is_plain;
    struct buf *out;
};

static bool text_of(const struct use *u, Str *out) {
    if (!u->at || (u->at->kind != VALUE_TEXT && u->at->kind != VALUE_NUMBER) || u->at->text.n == 0) return false;
    *out = u->at->text;
    return true;
}

/* ---- numbers ---- */

/* The currency beside the field, or the nearest one outwards. */
static bool find_currency(const struct use *u, Currency *out) {
    size_t dot = u->field.n;
    while (dot > 0 && u->field.p[dot - 1] != '.') dot--;
    const struct value *v = NULL;
    if (dot) {
        Str beside = arena_printf(u->cx->arena, "%.*scurrency", (int)dot, u->field.p);
        v = mustache_scope_find(u->scope, beside);
    }
    if (!v) v = mustache_scope_find(u->scope, S("currency"));
    if (!v || v->kind != VALUE_TEXT) v = mustache_scope_find(u->scope, S("company.currency"));
    return v && v->kind == VALUE_TEXT && currency_parse(v->text, out);
}

/* The number and its sign or code apart: what stands before the first or after the last digit is the currency's. */
static void put_money_markup(struct buf *out, Str text) {
    size_t first = 0, last = text.n;
    while (first < text.n && (text.p[first] < '0' || text.p[first] > '9')) first++;
    while (last > first && (text.p[last - 1] < '0' || text.p[last - 1] > '9')) last--;
    buf_add(out, S("<span class=\"money\">"));
    if (first) {
        buf_add(out, S("<span class=\"cur\">"));
        buf_add_html(out, (Str){text.p, first});
        buf_add(out, S("</span>"));
    }
    buf_add_html(out, (Str){text.p + first, last - first});
    if (last < text.n) {
        buf_add(out, S("<span class=\"cur\">"));
        buf_add_html(out, (Str){text.p + last, text.n - last});
        buf_add(out, S("</span>"));
    }
    buf_add(out, S("</span>"));
}

static bool put_money_field(struct use *u) {
    Str digits;
    Currency currency;
    Money money;
    if (!text_of(u, &digits) || !find_currency(u, &currency) || money_parse(digits, currency, '.', 0, &money) != MONEY_OK)
        return true;
    AUTO(buf_done) struct buf text = buf_make(200);
    locale_money(u->terms->locale, money, &text);
    /* The minus of typography, not the hyphen. */
    if (text.n && text.p[0] == '-') {
        AUTO(buf_done) struct buf better = buf_make(200);
        buf_add(&better, S("\xe2\x88\x92"));
        buf_add(&better, (Str){text.p + 1, text.n - 1});
        if (u->is_plain)
            buf_add(u->out, buf_str(&better));
        else
            put_money_markup(u->out, buf_str(&better));
    } else if (u->is_plain) {
        buf_add(u->out, buf_str(&text));
    } else {
        put_money_markup(u->out, buf_str(&text));
    }
    return true;
}

static bool put_number(struct use *u) {
    Str digits;
    int64_t n;
    if (!text_of(u, &digits)) return true;
    if (str_to_i64(digits, &n))
        locale_integer(u->terms->locale, n, u->out);
    else
        buf_add_html(u->out, digits);
    return true;
}

/* A fraction of one, as digits: "0.125" gives "12,5 %". */
static bool put_percent(struct use *u) {
    Str digits;
    if (!text_of(u, &digits)) return true;
    Str fraction = digits, whole = str_cut(&fraction, '.');
    int64_t a = 0, thousandths = 0;
    bool negative = whole.n && whole.p[0] == '-';
    if (!str_to_i64(whole, &a)) return true;
    for (size_t i = 0; i < 3; i++)
        thousandths = thousandths * 10 + (fraction.p && i < fraction.n && fraction.p[i] >= '0' && fraction.p[i] <= '9' ? fraction.p[i] - '0' : 0);
    int64_t tenths = (a < 0 ? -a : a) * 1000 + thousandths;
    if (negative) buf_add(u->out, S("\xe2\x88\x92"));
    locale_integer(u->terms->locale, tenths / 10, u->out);
    if (tenths % 10) {
        buf_add(u->out, str_is(u->terms->lang, "en") ? S(".") : S(","));
        buf_add_i64(u->out, tenths % 10);
    }
    buf_add(u->out, S("\xc2\xa0%"));
    return true;
}

/* ---- time ---- */

static void put_day(struct use *u, Date d, bool is_long) {
    AUTO(buf_done) struct buf text = buf_make(200);
    if (is_long)
        locale_date_long(u->terms->locale, d, &text);
    else
        locale_date(u->terms->locale, d, &text);
    /* The year goes without saying when it is this one. */
    if (!is_long && date_year(d) == date_year((Date){u->terms->today})) {
        char year[16];
        int n = snprintf(year, sizeof year, " %d", date_year(d));
        if (str_ends(buf_str(&text), (Str){year, (size_t)n})) text.n -= (size_t)n;
    }
    buf_add(u->out, buf_str(&text));
}

static void begin_time(struct use *u, Str iso) {
    if (u->is_plain) return;
    buf_add(u->out, S("<time datetime=\""));
    buf_add(u->out, iso);
    buf_add(u->out, S("\">"));
}

static bool put_date_field(struct use *u, bool is_long) {
    Str iso;
    Date d;
    if (!text_of(u, &iso)) return true;
    if (iso.n > 10) iso.n = 10; /* an instant's civil day as it was written */
    if (!date_parse_iso(iso, &d)) return true;
    begin_time(u, iso);
    put_day(u, d, is_long);
    if (!u->is_plain) buf_add(u->out, S("</time>"));
    return true;
}

static bool put_short_date(struct use *u) { return put_date_field(u, false); }
static bool put_long_date(struct use *u) { return put_date_field(u, true); }

static bool put_when(struct use *u) {
    Str text;
    Instant t;
    if (!text_of(u, &text) || !instant_parse(text, &t)) return true;
    struct local_time local = zone_local(u->terms->zone, t);
    char iso[INSTANT_TEXT];
    begin_time(u, instant_format(t, iso));
    put_day(u, local.date, false);
    buf_printf(u->out, ", %02d:%02d", local.second / 3600, local.second / 60 % 60);
    if (!u->is_plain) buf_add(u->out, S("</time>"));
    return true;
}

/* ---- words ---- */

static void put_placeholder(void *self, Str name, struct buf *out) {
    const struct use *u = self;
    struct value v = {0};
    const struct value *data = mustache_scope_find(u->scope, name);
    if (data && (data->kind == VALUE_TEXT || data->kind == VALUE_NUMBER)) {
        buf_add(out, data->text);
        return;
    }
    struct page_terms plain = *u->terms;
    plain.is_plain = true;
    if (page_helper(&plain, u->cx, u->scope, name, &v)) buf_add(out, v.text);
}

static void put_text(struct use *u, Str text) {
    if (!text_has_places(text)) {
        buf_add(u->out, text);
        return;
    }
    text_fill(u->terms->lang, text, put_placeholder, u, u->out);
}

static bool put_catalogue(struct use *u) {
    Str text;
    if (!text_find(u->terms->lang, u->field, &text)) return false;
    put_text(u, text);
    return true;
}

struct number_here {
    Str digits;
};

static void put_n(void *self, Str name, struct buf *out) {
    const struct number_here *n = self;
    if (str_is(name, "n")) buf_add(out, n->digits);
}

static bool put_days(struct use *u) {
    struct number_here n;
    Str text;
    if (!text_of(u, &n.digits)) return true;
    if (text_find(u->terms->lang, S("days"), &text)) text_fill(u->terms->lang, text, put_n, &n, u->out);
    return true;
}

/* "PREFIX.FIELD.VALUE", else "PREFIX.VALUE". What is longer than any key is in no catalogue. */
static bool state_text(const struct use *u, Str prefix, Str value, Str *out) {
    char key[KEY_BYTES];
    Str field = u->field;
    for (Str rest = field; rest.p;) field = str_cut(&rest, '.');
    if (prefix.n + field.n + value.n + 2 > sizeof key) return false;
    memcpy(key, prefix.p, prefix.n);
    char *end = key + prefix.n;
    *end++ = '.';
    memcpy(end, field.p, field.n);
    end[field.n] = '.';
    memcpy(end + field.n + 1, value.p, value.n);
    if (text_find(u->terms->lang, (Str){key, prefix.n + field.n + value.n + 2}, out)) return true;
    memcpy(end, value.p, value.n);
    return text_find(u->terms->lang, (Str){key, prefix.n + 1 + value.n}, out);
}

static bool put_word(struct use *u) {
    Str value, word;
    if (!text_of(u, &value)) return true;
    put_text(u, state_text(u, S("label"), value, &word) ? word : value);
    return true;
}

/* A sentence of the program at the beginning of one's own: with a capital, unless it begins with something quoted. */
static bool put_says(struct use *u) {
    Str text;
    char first[2];
    if (!text_of(u, &text)) return true;
    memcpy(first, text.p, text.n > 1 ? 2 : 1);
    size_t n = 1;
    if (first[0] >= 'a' && first[0] <= 'z') first[0] = (char)(first[0] - 'a' + 'A');
    bool is_latin = text.n > 1 && (unsigned char)first[0] == 0xC3 && (unsigned char)first[1] >= 0xA0 && (unsigned char)first[1] < 0xBF;
    if (is_latin && (unsigned char)first[1] != 0xB7) {
        first[1] = (char)((unsigned char)first[1] - 0x20);
        n = 2;
    }
    buf_add(u->out, (Str){first, n});
    buf_add(u->out, (Str){text.p + n, text.n - n});
    return true;
}

static void put_icon_named(struct buf *out, Str name) {
    const struct asset *sprite = asset_by_name(S("icons.svg"));
    buf_add(out, S("<svg class=\"i\" aria-hidden=\"true\"><use href=\""));
    if (sprite) buf_add_cstr(out, sprite->path);
    buf_add_char(out, '#');
    buf_add(out, name);
    buf_add(out, S("\"/></svg>"));
}

static bool put_label(struct use *u) {
    Str value, word, badge;
    if (!text_of(u, &value)) return true;
    if (!state_text(u, S("label"), value, &word)) word = value;
    if (u->is_plain) {
        put_text(u, word);
        return true;
    }
    Str icon = {NULL, 0}, class = S("");
    if (state_text(u, S("badge"), value, &badge)) {
        icon = badge;
        class = str_cut(&icon, ' ');
    }
    buf_add(u->out, S("<span class=\"badge "));
    if (class.n > 1) buf_add(u->out, class);
    buf_add(u->out, S("\">"));
    if (icon.p) put_icon_named(u->out, str_trim(icon));
    if (text_has_places(word)) {
        AUTO(buf_done) struct buf text = buf_make(PIECE_MAX);
        struct use inner = *u;
        inner.out = &text;
        put_text(&inner, word);
        buf_add_html(u->out, buf_str(&text));
    } else {
        buf_add_html(u->out, word);
    }
    buf_add(u->out, S("</span>"));
    return true;
}

static bool put_icon(struct use *u) {
    for (size_t i = 0; i < u->field.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", u->field.p[i])) return false;
    if (!u->is_plain) put_icon_named(u->out, u->field);
    return true;
}

static bool put_asset(struct use *u) {
    const struct asset *a = asset_by_name(u->field);
    if (a) buf_add_cstr(u->out, a->path);
    return true;
}

static bool put_url(struct use *u) {
    Str text;
    if (text_of(u, &text)) buf_add_url(u->out, text);
    return true;
}

/* ---- browsers ---- */

static void put_agent_part(void *self, Str name, struct buf *out) {
    const struct agent *a = self;
    buf_add_cstr(out, str_is(name, "browser") ? a->browser : a->system);
}

/* "Firefox en Linux"; a program by the name it gives itself. */
static bool put_agent(struct use *u) {
    Str text, pattern;
    if (!text_of(u, &text)) return false;
    struct agent a = agent_read(text);
    const char *key = a.browser && a.system ? TEXT_KEY("agent.on") : TEXT_KEY("agent.unknown");
    if (a.browser && !a.system)
        buf_add_cstr(u->out, a.browser);
    else if (a.program.n)
        buf_add(u->out, a.program);
    else if (text_find(u->terms->lang, str_from(key), &pattern))
        text_fill(u->terms->lang, pattern, put_agent_part, &a, u->out);
    return true;
}

/* ---- charts ---- */

static Str chart_text(struct use *u, const struct chart *c, const char *what) {
    Str text;
    AUTO(buf_done) struct buf filled = buf_make(4096);
    struct use inner = *u;
    inner.out = &filled;
    if (text_find(u->terms->lang, arena_printf(u->cx->arena, "chart.%s.%s", c->name, what), &text)) put_text(&inner, text);
    return arena_str(u->cx->arena, buf_str(&filled));
}

static bool put_chart(struct use *u) {
    const struct chart *c = chart_find(u->field);
    if (!c || u->is_plain) return c != NULL;
    struct use at = *u;
    at.field = S("");
    const struct value *by = mustache_scope_find(u->scope, S("by"));
    struct chart_words words = {.lang = u->terms->lang, .locale = u->terms->locale, .title = chart_text(u, c, "title"),
                                .description = chart_text(u, c, "desc"),
                                .labels = by && str_is(by->text, "month") ? CHART_BY_MONTH : CHART_BY_DAY};
    if (c->unit == CHART_MONEY && !find_currency(&at, &words.currency)) return true;
    chart_draw(c, mustache_scope_find(u->scope, str_from(c->rows)), &words, u->cx->arena, u->out);
    return true;
}

static bool put_unit(struct use *u) {
    const struct chart *c = chart_find(u->field);
    Currency currency;
    Str text;
    struct use at = *u;
    at.field = S("");
    if (!c || c->unit != CHART_MONEY || !find_currency(&at, &currency)) return c != NULL;
    const char *key = chart_unit_key(c, mustache_scope_find(u->scope, str_from(c->rows)), currency);
    if (key && text_find(u->terms->lang, str_from(key), &text)) put_text(u, text);
    return true;
}

/* ---- conditions ---- */

static bool is_condition(struct use *u) {
    size_t dot = u->field.n;
    while (dot > 0 && u->field.p[dot - 1] != '.') dot--;
    if (dot < 2) return false;
    Str wanted = {u->field.p + dot, u->field.n - dot};
    const struct value *v = mustache_scope_find(u->scope, (Str){u->field.p, dot - 1});
    return v && (v->kind == VALUE_TEXT || v->kind == VALUE_NUMBER) && str_equal(v->text, wanted);
}

/* "strategy step-set" is strategy_step_set in a view. */
static bool is_verb(const char *verb, Str name) {
    for (size_t i = 0; i < name.n; i++, verb++)
        if (*verb != name.p[i] && !((*verb == ' ' || *verb == '-') && name.p[i] == '_')) return false;
    return *verb == '\0';
}

static bool may_condition(const struct use *u) {
    for (size_t i = 0; i < action_index_count; i++)
        if (is_verb(action_index[i]->verb, u->field)) return actor_may(u->cx->who, action_index[i]->needs);
    return false;
}

static const struct {
    const char *name;
    bool (*put)(struct use *u); /* false: no such thing */
    bool is_markup;             /* already escaped */
} helpers[] = {{"t", put_catalogue, false},    {"money", put_money_field, true}, {"number", put_number, true},
               {"percent", put_percent, true}, {"date", put_short_date, true},   {"long", put_long_date, true},
               {"when", put_when, true},       {"days", put_days, false},        {"label", put_label, true},
               {"word", put_word, false},      {"url", put_url, true},           {"icon", put_icon, true},
               {"says", put_says, false},      {"agent", put_agent, false},      {"asset", put_asset, true},     {"chart", put_chart, true},       {"unit", put_unit, false}};

bool page_helper(void *self, struct ctx *cx, const struct mustache_scope *scope, Str name, struct value *out_value) {
    struct page_terms *terms = self;
    Str field = name, helper = str_cut(&field, '.');
    if (!field.p) return false;
    struct use u = {.terms = terms, .cx = cx, .scope = scope, .field = field, .is_plain = terms->is_plain};
    if (str_is(helper, "is") || str_is(helper, "may") || str_is(helper, "has")) {
        bool truth = str_is(helper, "is")    ? is_condition(&u)
                     : str_is(helper, "may") ? may_condition(&u)
                                             : value_is_true(mustache_scope_find(scope, field));
        *out_value = (struct value){.kind = truth ? VALUE_TRUE : VALUE_FALSE};
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(helpers); i++) {
        if (helper.n == 0 || helpers[i].name[0] != helper.p[0] || !str_is(helper, helpers[i].name)) continue;
        AUTO(buf_done) struct buf out = buf_make(PIECE_MAX);
        u.out = &out;
        u.at = mustache_scope_find(scope, field);
        if (!helpers[i].put(&u)) return false;
        bool is_markup = helpers[i].is_markup && !terms->is_plain;
        *out_value = (struct value){.kind = is_markup ? VALUE_MARKUP : VALUE_TEXT, .text = arena_str(cx->arena, buf_str(&out))};
        return true;
    }
    return false;
}
