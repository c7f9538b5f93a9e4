/* Ways to pay as values for templates: the recorded ones first, then the company's free lines. */
#include "core/creditor_reference.h"
#include "message/items.h"
#include "message/plain.h"
#include "message/ways.h"

#define NUMBER_MAX 22

static Str line(struct composing *c, Str s) { return plain_line(c->cx->arena, s); }

/* "Corriente 000-128843-07": a short number at the end stays in one piece where a line is broken. An IBAN in its groups
 * may break between them. */
static void split_number(Str value, Str *out_words, Str *out_number) {
    size_t at = value.n, digits = 0;
    while (at > 0 && value.p[at - 1] != ' ') {
        at--;
        digits += value.p[at] >= '0' && value.p[at] <= '9';
    }
    bool grouped = at > 1 && value.p[at - 2] >= '0' && value.p[at - 2] <= '9';
    bool is_number = digits >= 4 && value.n - at <= NUMBER_MAX && !grouped;
    *out_words = is_number ? str_trim((Str){value.p, at}) : S("");
    *out_number = is_number ? (Str){value.p + at, value.n - at} : S("");
}

struct way_texts {
    Str label, value, url, holder, note, copy_code, currency;
};

static void add_way(struct value_builder *list, const struct way_texts *t) {
    struct value_builder b = value_add_object(list, NULL);
    Str words, number;
    split_number(t->value, &words, &number);
    value_add_text(&b, "label", t->label);
    value_add_text(&b, "value", t->value);
    value_add_text(&b, "lead_words", words);
    value_add_text(&b, "number", number);
    value_add_text(&b, "url", t->url);
    value_add_text(&b, "holder", t->holder);
    value_add_text(&b, "note", t->note);
    value_add_text(&b, "copy_code", t->copy_code);
    /* In one line of the text part: a break within the code would make it worthless. */
    value_add_text(&b, "copy_code_line", plain_unbroken(list->arena, t->copy_code));
    value_add_text(&b, "currency", t->currency);
}

static bool is_url(Str s) { return str_starts(s, S("https://")) && str_index(s, ' ') == s.n; }

/* "Banco Norandino: 000-128843-07": the label ends at the first colon that a space follows, so that URLs stay whole. */
static void add_line(struct value_builder *list, Str way) {
    size_t colon = 0;
    while (colon < way.n && !(way.p[colon] == ':' && colon + 1 < way.n && way.p[colon + 1] == ' ')) colon++;
    bool has_label = colon < way.n;
    struct way_texts t = {.label = has_label ? (Str){way.p, colon} : S("")};
    t.value = has_label ? str_trim((Str){way.p + colon + 1, way.n - colon - 1}) : way;
    if (is_url(t.value)) t.url = t.value;
    add_way(list, &t);
}

static Str holder_line(struct composing *c, const struct message_way *way) {
    if (way->holder.n == 0) return S("");
    Str id = way->holder_tax_id;
    Str text = arena_printf(c->cx->arena, "%.*s%s%.*s", STR_ARG(way->holder), id.n ? ", " : "", STR_ARG(id));
    return line(c, text);
}

static void add_recorded(struct composing *c, struct value_builder *list, const struct message_way *way, Money amount) {
    const struct way_demand demand = {
        .company = c->facts->company.name, .amount = amount, .reference = c->facts->customer.code};
    struct way_texts t = {.label = line(c, way_label(way)),
                          .value = line(c, way_value(c->cx->arena, way)),
                          .holder = holder_line(c, way),
                          .note = line(c, way->note),
                          .currency = way->currency};
    if (way->scheme == BANK_LINK) t.url = way->number;
    struct way_code code = {S(""), 0, false};
    if (way->scheme == BANK_PIX) code = way_code_of(c->cx, way, &demand);
    if (code.is_typed) t.copy_code = code.payload;
    add_way(list, &t);
}

/* Currencies of what may be paid, and what is asked for when it is one amount. */
struct asked {
    Currency *currencies;
    size_t count;
    Money lead;
};

static struct asked what_is_asked(struct composing *c, const struct grouped_items *items) {
    struct asked a = {ARENA_ARRAY(c->cx->arena, Currency, c->facts->item_count + 1), 0, {0}};
    bool is_one = true;
    for (int k = GROUP_LEAD; k <= GROUP_OTHERS; k++)
        for (size_t i = 0; i < items->groups[k].count; i++) {
            Money open = items->groups[k].items[i]->open;
            size_t at = 0;
            while (at < a.count && !currency_equal(a.currencies[at], open.currency)) at++;
            if (at == a.count) a.currencies[a.count++] = open.currency;
            if (k != GROUP_LEAD) continue;
            is_one = is_one && (a.lead.minor == 0 || currency_equal(a.lead.currency, open.currency));
            if (is_one) a.lead = a.lead.minor ? money_add(a.lead, open) : open;
        }
    if (!is_one) a.lead = (Money){0};
    return a;
}

/* The customer's code, as RF when every account that is told is one whose bank checks it. */
static Str payment_reference(struct composing *c, const struct message_way **ways, size_t count) {
    CreditorReference r;
    char printed[CREDITOR_REFERENCE_PRINTED];
    bool is_sepa = count > 0 && c->facts->company.ways_to_pay.n == 0;
    for (size_t i = 0; i < count; i++) {
        const struct way_demand demand = {.company = c->facts->company.name, .reference = S("1")};
        bool is_link = ways[i]->scheme == BANK_LINK || ways[i]->scheme == BANK_TEXT;
        bool scans = ways[i]->scheme == BANK_IBAN && way_code_of(c->cx, ways[i], &demand).payload.n;
        is_sepa = is_sepa && (is_link || scans);
    }
    if (!is_sepa || !creditor_reference_make(c->facts->customer.code, &r)) return line(c, c->facts->customer.code);
    return arena_str(c->cx->arena, creditor_reference_print(&r, printed));
}

void composing_ways(struct composing *c, const struct grouped_items *items, struct value_builder *root) {
    const struct message_company *company = &c->facts->company;
    const struct message_way **ways = ARENA_ARRAY(c->cx->arena, const struct message_way *, company->way_count + 1);
    struct asked asked = what_is_asked(c, items);
    size_t count =
        ways_for(company->ways, company->way_count, c->facts->customer.country, asked.currencies, asked.count, ways);
    struct value_builder list = value_add_list(root, "ways");
    bool pays_company = false;
    for (size_t i = 0; i < count; i++) {
        add_recorded(c, &list, ways[i], asked.lead);
        bool is_account = ways[i]->scheme != BANK_LINK && ways[i]->scheme != BANK_TEXT;
        pays_company = pays_company || (is_account && ways[i]->holder.n == 0);
    }
    for (Str rest = company->ways_to_pay; rest.p;) {
        Str way = line(c, str_cut(&rest, '\n'));
        if (way.n) add_line(&list, way);
    }
    value_add_bool(root, "pays_company", pays_company);
    value_add_text(root, "payment_reference", payment_reference(c, ways, count));
}
