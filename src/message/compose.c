/* One message: facts to values, values through a wording and the layouts to text and HTML.
 *
 * Reads nothing but its arguments, so equal facts give equal bytes (INV: I7). */
#include "message/compose.h"

#include "message/case_values.h"
#include "message/items.h"
#include "message/kind.h"
#include "message/plain.h"
#include "message/sms_text.h"

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

/* A tax number is called what its own country calls it. */
static enum rc tax_id_label(struct composing *c, Str country, Str *out_label) {
    struct composing at_home = *c;
    struct value_builder empty = value_object(c->cx->arena);
    at_home.reader = (struct audience){.country = country};
    TRY(composing_phrase(&at_home, PHRASE_TAX_ID, empty.value, out_label));
    c->scratch = at_home.scratch;
    return OK;
}

static enum rc add_company(struct composing *c, struct value_builder *root) {
    const struct message_company *company = &c->facts->company;
    Str label;
    TRY(tax_id_label(c, company->country, &label));
    struct value_builder b = value_add_object(root, "company");
    value_add_text(&b, "name", line(c, company->name));
    value_add_text(&b, "tax_id", line(c, company->tax_id));
    value_add_text(&b, "tax_id_label", label);
    value_add_text(&b, "address", line(c, company->address));
    value_add_text(&b, "person_name", line(c, company->person_name));
    value_add_text(&b, "person_phone", line(c, company->person_phone));
    value_add_text(&b, "person_tel", phone_digits(c, company->person_phone));
    value_add_text(&b, "person_email", line(c, company->person_email));
    value_add_text(&b, "person_hours", line(c, company->person_hours));
    value_add_bool(&b, "has_person", company->person_name.n || company->person_phone.n || company->person_email.n);
    return OK;
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

/* Facts that say nothing of a day leave it zero. */
static bool is_day(Date d) { return !date_is_none(d) && d.day > 0; }

static Str past_day(struct composing *c, Date d) { return is_day(d) ? composing_date_long(c, d) : S(""); }

/* Earlier exchanges, so that a text may answer them. */
static void add_history(struct composing *c, struct value_builder *root) {
    const struct message_history *h = &c->facts->history;
    value_add_text(root, "last_message", past_day(c, h->last_message));
    value_add_text(root, "last_reply", past_day(c, h->last_reply));
    if (!is_day(h->last_promise)) {
        value_add_bool(root, "last_promise", false);
        return;
    }
    struct value_builder promise = value_add_object(root, "last_promise");
    value_add_text(&promise, "date", composing_date_long(c, h->last_promise));
    value_add_text(&promise, "amount", h->promised.minor ? composing_money(c, h->promised) : S(""));
    value_add_bool(&promise, "is_open", date_compare(h->last_promise, c->facts->today) >= 0);
    value_add_bool(&promise, "is_kept", h->is_kept);
}

static bool is_past(const struct message_facts *facts, Date d) {
    return is_day(d) && date_compare(d, facts->today) < 0;
}

/* What would be too much for one mail, in a sentence; empty when nothing stays out. */
static Str attachments_note(struct composing *c) {
    static const struct {
        const char *language, *one, *several;
    } words[] = {
        {"es", "Por su tamaño, este correo no lleva copia de: ", "Con gusto se la enviamos si nos la pide."},
        {"en", "Because of their size, copies of these are not attached: ", "We will gladly send them if you ask."},
        {"pt", "Pelo tamanho, este e-mail não leva cópia de: ", "Enviamos com prazer se nos pedir."},
    };
    const struct message_facts *f = c->facts;
    size_t which = 0, count = 0;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(c->language->code, words[i].language)) which = i;
    struct buf b = buf_make(4096);
    for (size_t i = 0; i < f->attachment_count; i++) {
        const struct message_attachment *a = &f->attachments[i];
        bool again = i > 0 && f->attachments[i - 1].is_left_out && str_equal(f->attachments[i - 1].number, a->number);
        if (!a->is_left_out || again) continue;
        buf_add(&b, count++ ? S(", ") : str_from(words[which].one));
        buf_add(&b, a->number);
    }
    if (count) buf_printf(&b, ". %s", words[which].several);
    Str note = line(c, arena_str(c->cx->arena, buf_str(&b)));
    buf_done(&b);
    return note;
}

enum rc composing_values(struct composing *c, const struct grouped_items *items, struct value_builder *root) {
    const struct message_facts *facts = c->facts;
    TRY(add_company(c, root));
    Str label;
    TRY(tax_id_label(c, facts->customer.country, &label));
    struct value_builder customer = value_add_object(root, "customer");
    value_add_text(&customer, "name", line(c, facts->customer.name));
    value_add_text(&customer, "code", line(c, facts->customer.code));
    value_add_bool(&customer, "is_person", facts->customer.is_person);
    value_add_text(&customer, "tax_id", line(c, facts->customer.tax_id));
    value_add_text(&customer, "tax_id_label", label);
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
    value_add_text(root, "attachments_note", attachments_note(c));
    add_history(c, root);
    composing_ways(c, items, root);
    TRY(add_credits(c, root));
    TRY(case_values(c, root));
    return items_values(c, items, root);
}

/* ---- texts ---- */

static enum rc render(struct composing *c, const struct mustache *template, const struct value *data,
                      enum mustache_escape escape, Str *out_text) {
    struct phrase_finder finder = {c->library, c->language, escape, c->reader};
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
static enum rc render_paragraphs(struct composing *c, const struct wording *w, const struct value *data,
                                 enum mustache_escape escape, Str *out_texts, size_t *out_count) {
    size_t count = 0;
    for (size_t i = 0; i < w->paragraph_count; i++) {
        Str text;
        TRY(render(c, w->paragraphs[i].as[escape], data, escape, &text));
        text = one_full_stop(c->cx->arena, plain_line(c->cx->arena, text));
        if (text.n) out_texts[count++] = text;
    }
    *out_count = count;
    return OK;
}

/* In *m as well when they are plain: whoever wants the wording without its layout takes them from there. */
static enum rc add_paragraphs(struct composing *c, const struct wording *w, struct value_builder *root,
                              enum mustache_escape escape, const char *key, struct message_text *m) {
    Str *texts = ARENA_ARRAY(c->cx->arena, Str, w->paragraph_count);
    size_t count;
    TRY(render_paragraphs(c, w, root->value, escape, texts, &count));
    struct value_builder list = value_add_list(root, key);
    for (size_t i = 0; i < count; i++) value_add_text(&list, NULL, texts[i]);
    if (escape != MUSTACHE_PLAIN) return OK;
    struct message_paragraph *pieces = ARENA_ARRAY(c->cx->arena, struct message_paragraph, count);
    for (size_t i = 0; i < count; i++) pieces[i].text = plain_spaces(c->cx->arena, texts[i]);
    m->paragraphs = pieces;
    m->paragraph_count = count;
    return OK;
}

static enum rc render_layout(struct composing *c, const struct wording *w, const struct value *data,
                             enum mustache_escape escape, Str *out_text) {
    struct phrase_finder finder = {c->library, c->language, escape, c->reader};
    return render(c, phrase_find(&finder, w->layout), data, escape, out_text);
}

static enum rc write_email(struct composing *c, const struct wording *w, struct value_builder *root,
                           struct message_text *m) {
    Str preview;
    TRY(render_line(c, w->subject, root->value, &m->subject));
    TRY(render_line(c, w->title, root->value, &m->title));
    TRY(render_line(c, w->preview, root->value, &preview));
    m->subject = plain_spaces(c->cx->arena, m->subject);
    TRY(add_paragraphs(c, w, root, MUSTACHE_PLAIN, "text_paragraphs", m));
    TRY(add_paragraphs(c, w, root, MUSTACHE_HTML, "html_paragraphs", m));
    value_add_text(root, "subject", m->subject);
    value_add_text(root, "title", m->title);
    value_add_text(root, "preview", preview);
    TRY(render_layout(c, w, root->value, MUSTACHE_PLAIN, &m->text));
    m->text = plain_finish(c->cx->arena, m->text);
    return render_layout(c, w, root->value, MUSTACHE_HTML, &m->html);
}

/* ---- other forms ---- */

static void join(struct composing *c, const Str *texts, size_t count, const char *between, Str *out) {
    for (size_t i = 0; i < count; i++) {
        if (i) buf_add_cstr(&c->scratch, between);
        buf_add(&c->scratch, plain_spaces(c->cx->arena, texts[i]));
    }
    *out = arena_str(c->cx->arena, buf_str(&c->scratch));
    buf_clear(&c->scratch);
}

static bool is_heading(Str text) { return str_starts(text, S("## ")); }

static enum rc render_parts(struct composing *c, const struct wording *w, const struct value *data,
                            struct message_paragraph *out, size_t *count) {
    Str *texts = ARENA_ARRAY(c->cx->arena, Str, w->paragraph_count);
    size_t n;
    TRY(render_paragraphs(c, w, data, MUSTACHE_PLAIN, texts, &n));
    for (size_t i = 0; i < n; i++) {
        /* On paper an amount is not torn apart from its sign either. */
        Str text = w->form == FORM_LETTER ? texts[i] : plain_spaces(c->cx->arena, texts[i]);
        bool heads = is_heading(text);
        out[(*count)++] =
            (struct message_paragraph){.is_heading = heads, .text = heads ? (Str){text.p + 3, text.n - 3} : text};
    }
    return OK;
}

/* Letters, spoken texts and call scripts. A script ends with the answers to objections, the same for every kind. */
static enum rc write_pieces(struct composing *c, const struct wording *w, struct value_builder *root,
                            struct message_text *m) {
    const struct wording *more = NULL;
    if (w->form == FORM_CALL && !str_is(w->kind, "objections"))
        more = library_wording(c->language, S("objections"), FORM_CALL, c->facts->tone, c->facts->variant, &c->reader);
    struct message_paragraph *pieces =
        ARENA_ARRAY(c->cx->arena, struct message_paragraph, w->paragraph_count + (more ? more->paragraph_count : 0));
    if (w->subject) {
        TRY(render_line(c, w->subject, root->value, &m->subject));
        m->subject = plain_spaces(c->cx->arena, m->subject);
    }
    TRY(render_parts(c, w, root->value, pieces, &m->paragraph_count));
    if (more) TRY(render_parts(c, more, root->value, pieces, &m->paragraph_count));
    m->paragraphs = pieces;
    Str *texts = ARENA_ARRAY(c->cx->arena, Str, m->paragraph_count);
    for (size_t i = 0; i < m->paragraph_count; i++)
        texts[i] =
            pieces[i].is_heading ? arena_printf(c->cx->arena, "## %.*s", STR_ARG(pieces[i].text)) : pieces[i].text;
    join(c, texts, m->paragraph_count, "\n\n", &m->text);
    return OK;
}

static enum rc write_sms(struct composing *c, const struct wording *w, struct value_builder *root,
                         struct message_text *m) {
    Str *texts = ARENA_ARRAY(c->cx->arena, Str, w->paragraph_count), text;
    size_t count;
    TRY(render_paragraphs(c, w, root->value, MUSTACHE_PLAIN, texts, &count));
    join(c, texts, count, " ", &text);
    m->text = sms_fold(c->cx->arena, text);
    return OK;
}

/* The approved text with this message's parameters in it. */
static void fill_template(struct composing *c, Str body, const Str *parameters, Str *out) {
    for (size_t i = 0; i < body.n;) {
        if (i + 4 < body.n && body.p[i] == '{' && body.p[i + 1] == '{') {
            size_t end = i + 2, number = 0;
            while (body.p[end] != '}') number = number * 10 + (size_t)(body.p[end++] - '0');
            buf_add(&c->scratch, parameters[number - 1]);
            i = end + 2;
        } else {
            buf_add_char(&c->scratch, body.p[i++]);
        }
    }
    *out = arena_str(c->cx->arena, buf_str(&c->scratch));
    buf_clear(&c->scratch);
}

/* "aldia_claim_firm_a_es": small letters, digits and underscores, as WhatsApp names templates. */
static Str template_name(struct composing *c, const struct wording *w) {
    if (w->template_name.n) return w->template_name;
    Str path = w->path;
    buf_add_cstr(&c->scratch, "aldia_");
    for (size_t i = 0; i + 4 < path.n; i++) {
        char ch = path.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
        buf_add_char(&c->scratch, plain ? ch : ch >= 'A' && ch <= 'Z' ? (char)(ch + 32) : '_');
    }
    Str name = arena_str(c->cx->arena, buf_str(&c->scratch));
    buf_clear(&c->scratch);
    return name;
}

/* "… de parte de {{2}}." and a name that ends in a full stop: the template is fixed, so the name gives way. */
static void spare_full_stops(Str body, Str *parameters) {
    for (size_t i = 0; i + 2 < body.n; i++) {
        if (body.p[i] != '}' || body.p[i + 1] != '}' || body.p[i + 2] != '.') continue;
        size_t start = i, number = 0;
        while (body.p[start - 1] != '{') start--;
        for (size_t k = start; k < i; k++) number = number * 10 + (size_t)(body.p[k] - '0');
        Str *p = &parameters[number - 1];
        if (p->n > 1 && p->p[p->n - 1] == '.') p->n--;
    }
}

static enum rc write_whatsapp(struct composing *c, const struct wording *w, struct value_builder *root,
                              struct message_text *m) {
    Str *parameters = ARENA_ARRAY(c->cx->arena, Str, w->parameter_count + 1);
    for (size_t i = 0; i < w->parameter_count; i++) {
        TRY(render_line(c, w->parameters[i], root->value, &parameters[i]));
        parameters[i] = plain_spaces(c->cx->arena, parameters[i]);
        if (!parameters[i].n)
            return fail_field(c->cx, INVALID, "template", "give it words for when the field is empty",
                              "%s: parameter %zu has nothing to say", w->file, i + 1);
    }
    join(c, w->sources, w->paragraph_count, "\n\n", &m->template_body);
    spare_full_stops(m->template_body, parameters);
    fill_template(c, m->template_body, parameters, &m->text);
    m->template_name = template_name(c, w);
    m->parameters = parameters;
    m->parameter_count = w->parameter_count;
    return OK;
}

/* A telephone shows a text message, and an answering machine plays one, to whoever is there (REQ: D2). The templates
 * are refused when they are loaded; this is for what a value brings in. */
static enum rc refuse_amounts(struct composing *c, const struct wording *w, Str text) {
    Str shown = plain_spaces(c->cx->arena, text);
    for (size_t i = 0; i < c->amounts.count; i++) {
        Str amount = plain_spaces(c->cx->arena, c->amounts.items[i]);
        if (w->form == FORM_SMS) amount = sms_fold(c->cx->arena, amount);
        if (amount.n && str_contains(shown, amount))
            return fail_field(c->cx, INVALID, "template", "amounts belong into the e-mail and the page",
                              "%s: an amount in a text that others may see or hear", w->file);
    }
    return OK;
}

static enum rc write_message(struct composing *c, const struct grouped_items *items, const struct wording *w,
                             struct message_text *out_text) {
    struct value_builder root = value_object(c->cx->arena);
    struct message_text message = {.language = c->language->code, .wording = w->path};
    TRY(composing_values(c, items, &root));
    switch (w->form) {
    case FORM_EMAIL: TRY(write_email(c, w, &root, &message)); break;
    case FORM_SMS: TRY(write_sms(c, w, &root, &message)); break;
    case FORM_WHATSAPP: TRY(write_whatsapp(c, w, &root, &message)); break;
    case FORM_VOICE:
    case FORM_VOICEMAIL:
    case FORM_LETTER:
    case FORM_CALL:
    case FORM_COUNT: TRY(write_pieces(c, w, &root, &message)); break;
    }
    if (w->form == FORM_SMS || w->form == FORM_VOICEMAIL) TRY(refuse_amounts(c, w, message.text));
    *out_text = message;
    return OK;
}

/* The language and wording for what the facts make of the kind. */
static enum rc choose(struct composing *c, Str kind, const struct wording **out_wording) {
    struct ctx *cx = c->cx;
    const struct message_facts *facts = c->facts;
    c->language = library_language(c->library, facts->language, kind);
    if (!c->language)
        return fail_field(cx, INVALID, "kind", "messages/es has a folder for each kind",
                          "no such kind of message: %.60s", arena_cstr(cx->arena, kind));
    c->reader = audience_of(facts->customer.country, facts->customer.sector, facts->customer.profile,
                            facts->customer.is_person);
    *out_wording = library_wording(c->language, kind, facts->form, facts->tone, facts->variant, &c->reader);
    if (!*out_wording)
        return fail_field(cx, NOT_FOUND, "form", "docs/ref/messages.md says which kinds have which forms",
                          "a message of kind %.60s has no text for %s", arena_cstr(cx->arena, kind),
                          message_form_name(facts->form));
    return OK;
}

enum rc message_compose(struct ctx *cx, const struct message_library *l, const struct message_facts *facts,
                        struct message_text *out_text) {
    struct composing c = {.cx = cx, .library = l, .facts = facts};
    struct grouped_items items;
    const struct wording *wording;
    TRY(choose(&c, facts->kind, &wording));
    TRY(message_kind_check(cx, facts->kind, facts));
    TRY(items_group(cx, facts, &items));
    TRY(choose(&c, items.kind, &wording));
    TRY(locale_find(cx, c.language->code, facts->company.country, &c.locale));
    c.scratch = buf_make(MAX_TEXT);
    enum rc rc = write_message(&c, &items, wording, out_text);
    buf_done(&c.scratch);
    return rc;
}
