/* Which items a message speaks of in what role, and everything a template may say about them.
 *
 * Roles follow the facts alone: what is under review or promised is listed apart and in no total; what is past its day
 * is overdue whatever the kind; the lead is what the kind is about. Nothing is ever added across currencies. */
#include "message/items.h"

#include <stdlib.h>

#include "message/kind.h"
#include "message/plain.h"

/* ---- grouping ---- */

static bool is_promised(const struct message_facts *facts, const struct message_item *item) {
    return !date_is_none(item->promised_until) && date_compare(item->promised_until, facts->today) >= 0;
}

struct tally {
    size_t overdue, today, later; /* that may be asked for */
    size_t demanded_today, demanded_later;
};

static struct tally count_items(const struct message_facts *facts) {
    struct tally t = {0};
    for (size_t i = 0; i < facts->item_count; i++) {
        const struct message_item *item = &facts->items[i];
        if (item->disputed || is_promised(facts, item)) continue;
        if (item->days_overdue > 0) {
            t.overdue++;
        } else if (item->days_overdue == 0) {
            t.today++;
            t.demanded_today += item->demanded;
        } else {
            t.later++;
            t.demanded_later += item->demanded;
        }
    }
    return t;
}

/* Kinds whose texts speak of what is overdue. */
static bool is_demand(Str kind) { return message_kind_about(kind) == ABOUT_OVERDUE; }

static bool is_notice(Str kind) { return message_kind_about(kind) == ABOUT_NOTICE; }

/* The kind that is true today; kinds of the user's own are left alone. */
static Str true_kind(Str kind, const struct tally *t) {
    Str notice = t->today ? S("due_today") : S("due_soon");
    if (is_demand(kind)) return t->overdue ? kind : notice;
    if (str_is(kind, "due_today")) return t->today ? kind : t->overdue ? S("claim") : S("due_soon");
    if (!is_notice(kind)) return kind;
    if (t->demanded_later) return kind;
    if (t->demanded_today) return str_is(kind, "due_soon") ? S("due_today") : kind;
    return t->overdue ? S("claim") : notice;
}

static enum item_group role(const struct message_facts *facts, Str kind, const struct tally *t,
                            const struct message_item *item) {
    if (item->disputed) return GROUP_DISPUTED;
    if (is_promised(facts, item)) return GROUP_PROMISED;
    if (item->days_overdue > 0) return is_notice(kind) ? GROUP_OVERDUE : GROUP_LEAD;
    if (str_is(kind, "due_today")) return item->days_overdue == 0 ? GROUP_LEAD : GROUP_OTHERS;
    if (is_notice(kind))
        return item->demanded || t->demanded_today + t->demanded_later == 0 ? GROUP_LEAD : GROUP_OTHERS;
    return t->overdue ? GROUP_OTHERS : GROUP_LEAD;
}

static int by_due_date(const void *a, const void *b) {
    const struct message_item *x = *(const struct message_item *const *)a, *y = *(const struct message_item *const *)b;
    int order = date_compare(x->due_date, y->due_date);
    /* Both lie in the caller's array, whose order decides then. */
    return order ? order : (x > y) - (x < y);
}

enum rc items_group(struct ctx *cx, const struct message_facts *facts, struct grouped_items *out_items) {
    struct tally t = count_items(facts);
    enum kind_about about = message_kind_about(facts->kind);
    if (t.overdue + t.today + t.later == 0 && about != ABOUT_CASE && about != ABOUT_OTHERS)
        return fail_field(cx, INVALID, "customer", NULL, "no open item is left that the message could ask for");
    struct grouped_items g = {.kind = true_kind(facts->kind, &t)};
    for (int k = 0; k < GROUPS; k++)
        g.groups[k].items = ARENA_ARRAY(cx->arena, const struct message_item *, facts->item_count);
    for (size_t i = 0; i < facts->item_count; i++) {
        enum item_group k = role(facts, g.kind, &t, &facts->items[i]);
        g.groups[k].items[g.groups[k].count++] = &facts->items[i];
    }
    for (int k = 0; k < GROUPS && facts->item_count; k++)
        qsort(g.groups[k].items, g.groups[k].count, sizeof *g.groups[k].items, by_due_date);
    g.is_claim = g.groups[GROUP_LEAD].count && g.groups[GROUP_LEAD].items[0]->days_overdue > 0;
    *out_items = g;
    return OK;
}

/* ---- formatting ---- */

static Str taken(struct composing *c) {
    Str text = arena_str(c->cx->arena, buf_str(&c->scratch));
    buf_clear(&c->scratch);
    return text;
}

Str composing_money(struct composing *c, Money m) {
    locale_money(c->locale, m, &c->scratch);
    return *VEC_PUSH(c->cx->arena, &c->amounts) = taken(c);
}

Str composing_date(struct composing *c, Date d) {
    if (date_is_none(d)) return S("");
    locale_date(c->locale, d, &c->scratch);
    return plain_unbroken(c->cx->arena, taken(c)); /* days are named in one piece */
}

Str composing_date_long(struct composing *c, Date d) {
    if (date_is_none(d)) return S("");
    locale_date_long(c->locale, d, &c->scratch);
    return taken(c);
}

enum rc composing_phrase(struct composing *c, enum own_phrase phrase, const struct value *data, Str *out_text) {
    struct phrase_finder finder = {c->library, c->language, MUSTACHE_PLAIN, c->reader};
    const struct mustache *template = phrase_find(&finder, str_from(own_phrases[phrase]));
    enum rc rc = mustache_render(c->cx, template, data, MUSTACHE_PLAIN, phrase_find, &finder, &c->scratch);
    *out_text = plain_line(c->cx->arena, taken(c));
    return rc;
}

enum rc composing_list(struct composing *c, const Str *texts, size_t count, Str *out_text) {
    if (count == 1) {
        *out_text = texts[0];
        return OK;
    }
    struct value_builder empty = value_object(c->cx->arena);
    Str and;
    TRY(composing_phrase(c, PHRASE_AND, empty.value, &and));
    for (size_t i = 0; i < count; i++) {
        if (i && i + 1 == count)
            buf_printf(&c->scratch, " %.*s ", STR_ARG(and));
        else if (i)
            buf_add(&c->scratch, S(", "));
        buf_add(&c->scratch, texts[i]);
    }
    *out_text = taken(c);
    return OK;
}

/* ---- values ---- */

static void add_plural(struct composing *c, struct value_builder *b, int64_t n) {
    static const char *const categories[] = {"zero", "one", "two", "few", "many", "other"};
    locale_integer(c->locale, n, &c->scratch);
    value_add_text(b, "n", taken(c));
    Str category = str_from(locale_plural(c->locale, n));
    for (size_t i = 0; i < COUNT_OF(categories); i++) value_add_bool(b, categories[i], str_is(category, categories[i]));
}

void composing_count(struct composing *c, struct value_builder *b, const char *key, int64_t n) {
    struct value_builder count = value_add_object(b, key);
    add_plural(c, &count, n < 0 ? -n : n);
}

static struct value_builder item_value(struct composing *c, struct value_builder *list, const struct message_item *item,
                                       Str open) {
    struct value_builder b = value_add_object(list, NULL);
    value_add_text(&b, "number", plain_line(c->cx->arena, item->number));
    value_add_text(&b, "open", open);
    value_add_text(&b, "due_date", composing_date(c, item->due_date));
    value_add_text(&b, "issue_date", composing_date(c, item->issue_date));
    value_add_text(&b, "due_date_long", composing_date_long(c, item->due_date));
    value_add_text(&b, "reference", plain_line(c->cx->arena, item->reference));
    composing_count(c, &b, "days", item->days_overdue);
    value_add_bool(&b, "is_overdue", item->days_overdue > 0);
    value_add_bool(&b, "is_today", item->days_overdue == 0);
    value_add_bool(&b, "is_upcoming", item->days_overdue < 0);
    value_add_bool(&b, "is_debit_note", item->type == DOCUMENT_DEBIT_NOTE);
    value_add_text(&b, "promised_until", is_promised(c->facts, item) ? composing_date(c, item->promised_until) : S(""));
    if (item->instalment_count > 1) {
        struct value_builder part = value_add_object(&b, "instalment");
        value_add_text(&part, "position", arena_printf(c->cx->arena, "%d", (int)item->position));
        value_add_text(&part, "count", arena_printf(c->cx->arena, "%d", (int)item->instalment_count));
    } else {
        value_add_bool(&b, "instalment", false);
    }
    return b;
}

/* One sum per currency, in the order in which currencies first appear. */
static Money *sum_items(struct arena *arena, const struct message_item *const *items, size_t count, Money *sums,
                        size_t *sum_count) {
    if (!sums) sums = ARENA_ARRAY(arena, Money, count);
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < *sum_count && !currency_equal(sums[k].currency, items[i]->open.currency)) k++;
        if (k == *sum_count) sums[(*sum_count)++] = money_zero(items[i]->open.currency);
        sums[k] = money_add(sums[k], items[i]->open);
    }
    return sums;
}

static void add_amounts(struct composing *c, struct value_builder *b, const char *key, const Money *amounts,
                        size_t count) {
    struct value_builder list = value_add_list(b, key);
    for (size_t i = 0; i < count; i++) {
        struct value_builder entry = value_add_object(&list, NULL);
        value_add_text(&entry, "amount", composing_money(c, amounts[i]));
    }
}

static enum rc add_rows(struct composing *c, struct value_builder *items, const Str *amounts, size_t count) {
    Str(*cells)[ROW_CELLS] = arena_calloc(c->cx->arena, count, sizeof *cells);
    Str *rows = ARENA_ARRAY(c->cx->arena, Str, count);
    for (size_t i = 0; i < count; i++) {
        for (int k = PHRASE_DOCUMENT; k <= PHRASE_STATE; k++)
            TRY(composing_phrase(c, (enum own_phrase)k, items[i].value, &cells[i][k]));
        cells[i][ROW_CELLS - 1] = amounts[i];
    }
    plain_rows(c->cx->arena, cells, count, rows);
    for (size_t i = 0; i < count; i++) value_add_text(&items[i], "row", rows[i]);
    return OK;
}

static void add_role(const struct grouped_items *g, struct value_builder *b, enum item_group k) {
    bool leads = k == GROUP_LEAD, is_today = true;
    for (size_t i = 0; i < g->groups[k].count; i++) is_today = is_today && g->groups[k].items[i]->days_overdue == 0;
    value_add_bool(b, "is_overdue", k == GROUP_OVERDUE || (leads && g->is_claim));
    value_add_bool(b, "is_today", leads && !g->is_claim && is_today);
    value_add_bool(b, "is_upcoming", leads && !g->is_claim && !is_today);
    value_add_bool(b, "is_other", k == GROUP_OTHERS);
    value_add_bool(b, "is_promised", k == GROUP_PROMISED);
    value_add_bool(b, "is_disputed", k == GROUP_DISPUTED);
}

static enum rc group_value(struct composing *c, const struct grouped_items *g, enum item_group k,
                           const struct value **out_value, const struct value **out_first) {
    const struct message_item *const *items = g->groups[k].items;
    size_t count = g->groups[k].count, sum_count = 0;
    struct value_builder b = value_object(c->cx->arena);
    add_plural(c, &b, (int64_t)count);
    value_add_bool(&b, "single", count == 1);
    bool invoices_only = true;
    for (size_t i = 0; i < count; i++) invoices_only = invoices_only && items[i]->type == DOCUMENT_INVOICE;
    value_add_bool(&b, "invoices_only", invoices_only);
    const Money *sums = sum_items(c->cx->arena, items, count, NULL, &sum_count);
    Str *texts = ARENA_ARRAY(c->cx->arena, Str, sum_count), total;
    for (size_t i = 0; i < sum_count; i++) texts[i] = composing_money(c, sums[i]);
    TRY(composing_list(c, texts, sum_count, &total));
    value_add_text(&b, "total", total);
    bool has_total = count > 1 && k != GROUP_PROMISED && k != GROUP_DISPUTED;
    add_amounts(c, &b, "totals", sums, has_total ? sum_count : 0);
    composing_count(c, &b, "oldest_days", items[0]->days_overdue);
    add_role(g, &b, k);
    struct value_builder list = value_add_list(&b, "items");
    struct value_builder *values = ARENA_ARRAY(c->cx->arena, struct value_builder, count);
    Str *amounts = ARENA_ARRAY(c->cx->arena, Str, count);
    for (size_t i = 0; i < count; i++) {
        amounts[i] = composing_money(c, items[i]->open);
        values[i] = item_value(c, &list, items[i], amounts[i]);
    }
    TRY(add_rows(c, values, amounts, count));
    value_add_same(&b, "first", values[0].value);
    *out_value = b.value;
    *out_first = values[0].value;
    return OK;
}

/* All that is asked for or will be, when it is more than the groups' own totals already say. */
static void add_open_totals(struct composing *c, const struct grouped_items *g, struct value_builder *root) {
    size_t count = 0, shown = 0;
    Money *sums = ARENA_ARRAY(c->cx->arena, Money, c->facts->item_count);
    for (int k = GROUP_LEAD; k <= GROUP_OTHERS; k++) {
        shown += g->groups[k].count > 0;
        sum_items(c->cx->arena, g->groups[k].items, g->groups[k].count, sums, &count);
    }
    add_amounts(c, root, "open_totals", sums, shown > 1 ? count : 0);
}

enum rc items_values(struct composing *c, const struct grouped_items *g, struct value_builder *root) {
    static const char *const names[GROUPS] = {"lead", "overdue", "others", "promised", "disputed"};
    const struct value *values[GROUPS] = {NULL}, *firsts[GROUPS] = {NULL};
    for (int k = 0; k < GROUPS; k++) {
        if (g->groups[k].count) TRY(group_value(c, g, (enum item_group)k, &values[k], &firsts[k]));
        if (values[k])
            value_add_same(root, names[k], values[k]);
        else if (k == GROUP_OVERDUE && g->is_claim)
            value_add_same(root, names[k], values[GROUP_LEAD]);
        else
            value_add_bool(root, names[k], false);
    }
    /* A text is either about one item or about several: two sections at hand spare its author the nesting. */
    static const struct value none = {.kind = VALUE_FALSE};
    bool alone = g->groups[GROUP_LEAD].count == 1;
    value_add_same(root, "one_item", alone ? firsts[GROUP_LEAD] : &none);
    value_add_same(root, "several", alone || !values[GROUP_LEAD] ? &none : values[GROUP_LEAD]);
    struct value_builder groups = value_add_list(root, "groups"), apart = value_add_list(root, "apart");
    for (int k = 0; k < GROUPS; k++)
        if (values[k]) value_add_same(k < GROUP_PROMISED ? &groups : &apart, NULL, values[k]);
    add_open_totals(c, g, root);
    return OK;
}
