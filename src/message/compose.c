/* One message: facts to values, values through a wording and the layouts to text and HTML.
 *
 * Reads nothing but its arguments, so equal facts give equal bytes (INV: I7). */
#include "message/compose.h"

#include "message/items.h"
#include "message/plain.h"

#define MAX_TEXT ((size_t)32 << 20)

/* ---- values ---- */

static Str line(struct composing *c, Str s) { return plain_line(c->cx->arena, s); }

/* Digits for a tel: link, with the plus that makes it international. */
static Str phone_digits(struct composing *c, Str phone) {
    for (size_t i = 0; i < phone.n; i++)
        if ((phone.p[i] >= '0' && phone.p[i] <= '9') || (phone.p[i] == '+' && c->scratch.n == 0))
            buf_add_char(&c->scratch, phone.p[i]);
    Str digits = arena_str(c->cx->arena, buf_str(&c->scratch));
    buf_clear(&c->scratch);
    return digits;
}

static void add_company(struct composing *c, struct value_builder *root) {
    const struct message_company *company = &c->facts->company;
    struct value_builder b = value_add_object(root, "company");
    value_add_text(&b, "name", line(c, company->name));
    value_add_text(&b, "tax_id", line(c, company->tax_id));
    value_add_text(&b, "address", line(c, company->address));
    value_add_text(&b, "person_name", line(c, company->person_name));
    value_add_text(&b, "person_phone", line(c, company->person_phone));
    value_add_text(&b, "person_tel", phone_digits(c, company->person_phone));
    value_add_text(&b, "person_email", line(c, company->person_email));
    value_add_text(&b, "person_hours", line(c, company->person_hours));
    value_add_bool(&b, "has_person", company->person_name.n || company->person_phone.n || company->person_email.n);
}

/* "Banco Norandino: 000-128843-07": the label ends at the first colon that a space follows, so that URLs stay whole. */
static void add_ways(struct composing *c, struct value_builder *root) {
    struct value_builder list = value_add_list(root, "ways");
    for (Str rest = c->facts->company.ways_to_pay; rest.p;) {
        Str way = line(c, str_cut(&rest, '\n'));
        if (way.n == 0) continue;
        size_t colon = 0;
        while (colon < way.n && !(way.p[colon] == ':' && colon + 1 < way.n && way.p[colon + 1] == ' ')) colon++;
        struct value_builder b = value_add_object(&list, NULL);
        bool has_label = colon < way.n;
        value_add_text(&b, "label", has_label ? (Str){way.p, colon} : S(""));
        Str value = has_label ? str_trim((Str){way.p + colon + 1, way.n - colon - 1}) : way;
        bool is_url = str_starts(value, S("https://")) && str_index(value, ' ') == value.n;
        value_add_text(&b, "value", value);
        value_add_text(&b, "url", is_url ? value : S(""));
    }
}

static enum rc add_credits(struct composing *c, struct value_builder *root) {
    struct value_builder list = value_add_list(root, "credits");
    Str *texts = ARENA_ARRAY(c->cx->arena, Str, c->facts->credit_count + 1), total = S("");
    size_t count = 0;
    for (size_t i = 0; i < c->facts->credit_count; i++) {
        Money credit = c->facts->credits[i].unapplied;
        if (credit.minor <= 0) continue;
        texts[count] = composing_money(c, credit);
        struct value_builder b = value_add_object(&list, NULL);
        value_add_text(&b, "amount", texts[count++]);
    }
    if (count) TRY(composing_list(c, texts, count, &total));
    value_add_text(root, "credit_total", total);
    return OK;
}

/* The later the tone, the sooner the day; never a Saturday or Sunday. Holidays are the caller's knowledge. */
static Date pay_by(const struct message_facts *facts) {
    if (!date_is_none(facts->pay_by) && date_compare(facts->pay_by, facts->today) >= 0) return facts->pay_by;
    static const int32_t days[] = {[TONE_FRIENDLY] = 5, [TONE_CONCERN] = 3, [TONE_FIRM] = 2};
    Date day = date_add(facts->today, days[facts->tone]);
    while (date_weekday(day) >= SATURDAY) day = date_add(day, 1);
    return day;
}

static bool is_past(const struct message_facts *facts, Date d) {
    return !date_is_none(d) && d.day > 0 && date_compare(d, facts->today) < 0;
}

enum rc composing_values(struct composing *c, const struct grouped_items *items, struct value_builder *root) {
    const struct message_facts *facts = c->facts;
    add_company(c, root);
    struct value_builder customer = value_add_object(root, "customer");
    value_add_text(&customer, "name", line(c, facts->customer.name));
    value_add_text(&customer, "code", line(c, facts->customer.code));
    value_add_text(root, "contact_name", line(c, facts->contact_name));
    value_add_text(root, "language", c->language->code);
    value_add_text(root, "today", composing_date(c, facts->today));
    Date by = pay_by(facts);
    value_add_text(root, "pay_by", composing_date(c, by));
    value_add_text(root, "pay_by_long", composing_date_long(c, by));
    value_add_text(root, "broken_promise",
                   is_past(facts, facts->broken_promise) ? composing_date_long(c, facts->broken_promise) : S(""));
    value_add_text(root, "page_url", line(c, facts->page_url));
    value_add_text(root, "unsubscribe_url", line(c, facts->unsubscribe_url));
    add_ways(c, root);
    TRY(add_credits(c, root));
    return items_values(c, items, root);
}

/* ---- texts ---- */

static enum rc render(struct composing *c, const struct mustache *template, const struct value *data,
                      enum mustache_escape escape, Str *out_text) {
    struct phrase_finder finder = {c->library, c->language, escape};
    enum rc rc = mustache_render(c->cx, template, data, escape, phrase_find, &finder, &c->scratch);
    if (rc == OK) *out_text = arena_str(c->cx->arena, buf_str(&c->scratch));
    buf_clear(&c->scratch);
    return rc;
}

/* A name that ends in a full stop ("S.A.") at the end of a sentence needs no second one. */
static Str one_full_stop(struct arena *arena, Str s) {
    static const Str pair = {"..", 2};
    if (!str_contains(s, pair)) return s;
    char *out = arena_alloc(arena, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool pair_ends =
            i && s.p[i] == '.' && s.p[i - 1] == '.' && (i + 1 == s.n || s.p[i + 1] == ' ' || s.p[i + 1] == '<');
        bool triple = i > 1 && s.p[i - 2] == '.';
        if (!pair_ends || triple) out[n++] = s.p[i];
    }
    return (Str){out, n};
}

static enum rc render_line(struct composing *c, const struct mustache *template, const struct value *data,
                           Str *out_text) {
    TRY(render(c, template, data, MUSTACHE_PLAIN, out_text));
    *out_text = one_full_stop(c->cx->arena, plain_line(c->cx->arena, *out_text));
    return OK;
}

/* A paragraph of which nothing is left (all of it in a section that is not true) is none. */
static enum rc add_paragraphs(struct composing *c, const struct wording *w, struct value_builder *root,
                              enum mustache_escape escape, const char *key) {
    const struct value *data = root->value;
    Str *texts = ARENA_ARRAY(c->cx->arena, Str, w->paragraph_count);
    for (size_t i = 0; i < w->paragraph_count; i++) {
        TRY(render(c, w->paragraphs[i].as[escape], data, escape, &texts[i]));
        texts[i] = one_full_stop(c->cx->arena, plain_line(c->cx->arena, texts[i]));
    }
    struct value_builder list = value_add_list(root, key);
    for (size_t i = 0; i < w->paragraph_count; i++)
        if (texts[i].n) value_add_text(&list, NULL, texts[i]);
    return OK;
}

static enum rc write_message(struct composing *c, const struct grouped_items *items, const struct wording *w,
                             struct message_text *out_text) {
    struct value_builder root = value_object(c->cx->arena);
    TRY(composing_values(c, items, &root));
    struct message_text message = {.language = c->language->code};
    Str title, preview;
    TRY(render_line(c, w->subject, root.value, &message.subject));
    TRY(render_line(c, w->title, root.value, &title));
    TRY(render_line(c, w->preview, root.value, &preview));
    message.subject = plain_spaces(c->cx->arena, message.subject);
    TRY(add_paragraphs(c, w, &root, MUSTACHE_PLAIN, "text_paragraphs"));
    TRY(add_paragraphs(c, w, &root, MUSTACHE_HTML, "html_paragraphs"));
    value_add_text(&root, "subject", message.subject);
    value_add_text(&root, "title", title);
    value_add_text(&root, "preview", preview);
    TRY(render(c, c->library->layout[MUSTACHE_PLAIN], root.value, MUSTACHE_PLAIN, &message.text));
    message.text = plain_finish(c->cx->arena, message.text);
    TRY(render(c, c->library->layout[MUSTACHE_HTML], root.value, MUSTACHE_HTML, &message.html));
    *out_text = message;
    return OK;
}

enum rc message_compose(struct ctx *cx, const struct message_library *l, const struct message_facts *facts,
                        struct message_text *out_text) {
    if (!library_language(l, facts->language, facts->kind))
        return fail_field(cx, INVALID, "kind", "messages/es has a folder for each kind",
                          "no such kind of message: %.60s", arena_cstr(cx->arena, facts->kind));
    struct grouped_items items;
    TRY(items_group(cx, facts, &items));
    struct composing c = {
        .cx = cx, .library = l, .facts = facts, .language = library_language(l, facts->language, items.kind)};
    if (!c.language) return fail(cx, INVALID, "no such kind of message: %.60s", arena_cstr(cx->arena, items.kind));
    TRY(locale_find(cx, c.language->code, facts->company.country, &c.locale));
    c.scratch = buf_make(MAX_TEXT);
    enum rc rc =
        write_message(&c, &items, library_wording(c.language, items.kind, facts->tone, facts->variant), out_text);
    buf_done(&c.scratch);
    return rc;
}
