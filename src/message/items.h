/* The listed items sorted into groups, and these as values for templates. Private to message/. */
#ifndef MESSAGE_ITEMS_H
#define MESSAGE_ITEMS_H

#include "core/locale.h"
#include "message/library.h"

enum item_group { GROUP_LEAD, GROUP_OVERDUE, GROUP_OTHERS, GROUP_PROMISED, GROUP_DISPUTED, GROUPS };

struct grouped_items {
    Str kind; /* as the facts have it, see message_compose */
    struct {
        const struct message_item **items; /* earliest due date first */
        size_t count;
    } groups[GROUPS];
    /* Of a claim the lead is what is overdue; the overdue group is then the same list, shown once. */
    bool is_claim;
};

/* INVALID when nothing is left to ask for. */
MUST_USE enum rc items_group(struct ctx *cx, const struct message_facts *facts, struct grouped_items *out_items);

/* What rendering one message needs everywhere. */
struct composing {
    struct ctx *cx;
    const struct message_library *library;
    const struct message_language *language;
    const struct locale *locale;
    const struct message_facts *facts;
    struct audience reader;
    struct buf scratch;
    struct {
        Str *items;
        size_t count, capacity;
    } amounts; /* every amount that was made, so that some texts can be held against them */
};
Str composing_money(struct composing *c, Money m);
Str composing_date(struct composing *c, Date d);
Str composing_date_long(struct composing *c, Date d);
/* A phrase rendered with a value, plain, in one line. */
MUST_USE enum rc composing_phrase(struct composing *c, enum own_phrase phrase, const struct value *data, Str *out_text);
/* "A", "A y B", "A, B y C". */
MUST_USE enum rc composing_list(struct composing *c, const Str *texts, size_t count, Str *out_text);

/* A count with its plural category. */
void composing_count(struct composing *c, struct value_builder *b, const char *key, int64_t n);

/* Adds lead, overdue, others, promised, disputed, one_item, several, groups, apart and open_totals. */
MUST_USE enum rc items_values(struct composing *c, const struct grouped_items *items, struct value_builder *root);

/* Adds ways, pays_company and payment_reference; in way_values.c. */
void composing_ways(struct composing *c, const struct grouped_items *items, struct value_builder *root);

/* Everything but what only layouts have (merge_field.h); in compose.c. */
MUST_USE enum rc composing_values(struct composing *c, const struct grouped_items *items, struct value_builder *root);

#endif
