/* What was typed, what is wrong and what others changed, put into a finished page. */
#include "web/form.h"

#include <string.h>

#include "web/text.h"

#define LONG_VALUE 120 /* bytes of a value told in a sentence; a longer one is folded away */

void splice_add(struct arena *arena, struct splices *s, size_t at, size_t cut, Str put) {
    *VEC_PUSH(arena, &s->items) = (struct splice){.at = at, .cut = cut, .put = put};
}

/* Stable: what was added first goes first. */
static void splices_sort(struct splices *s) {
    for (size_t i = 1; i < s->items.count; i++) {
        struct splice one = s->items.items[i];
        size_t k = i;
        for (; k > 0 && s->items.items[k - 1].at > one.at; k--) s->items.items[k] = s->items.items[k - 1];
        s->items.items[k] = one;
    }
}

void splices_apply(struct splices *s, Str page, struct buf *out) {
    size_t at = 0;
    splices_sort(s);
    for (size_t i = 0; i < s->items.count; i++) {
        const struct splice *one = &s->items.items[i];
        if (one->at < at) continue;
        buf_add(out, (Str){page.p + at, one->at - at});
        buf_add(out, one->put);
        at = one->at + one->cut;
    }
    buf_add(out, (Str){page.p + at, page.n - at});
}

/* ---- which form it was ---- */

static bool goes_to(const struct html_form *f, const struct form_refused *r) {
    if (str_equal(f->action, r->path) && f->is_get == r->is_get) return true;
    for (size_t i = 0; i < f->others.count; i++) {
        Str other = f->others.items[i];
        if (str_equal(str_cut(&other, '?'), r->path)) return true;
    }
    return false;
}

static Str sent_value(const struct fields *sent, Str name, size_t nth, bool *out_found) {
    for (size_t i = 0; i < sent->count; i++) {
        if (!form_same_name(sent->items[i].name, name) || nth-- > 0) continue;
        *out_found = true;
        return sent->items[i].value;
    }
    *out_found = false;
    return S("");
}

static bool was_sent(const struct fields *sent, Str name, Str value) {
    for (size_t i = 0; i < sent->count; i++)
        if (form_same_name(sent->items[i].name, name) && str_equal(sent->items[i].value, value)) return true;
    return false;
}

static bool says_nothing(Str hidden) { return str_is(hidden, "csrf") || str_is(hidden, "if_match") || str_is(hidden, "was"); }

/* How well a form fits what was sent; below zero: it is another one, or has no fields to mend. */
static int64_t fit(const struct html_form *f, const struct form_refused *r) {
    bool has_field = r->field.n == 0, is_told = false;
    int64_t fit = goes_to(f, r) ? 1000 : 0;
    for (size_t i = 0; i < f->controls.count; i++) {
        const struct control *c = &f->controls.items[i];
        bool found;
        (void)sent_value(r->sent, c->name, 0, &found);
        if (c->kind == CONTROL_HIDDEN) {
            if (found && !says_nothing(c->name) && !was_sent(r->sent, c->name, c->value)) fit -= 50;
            continue;
        }
        is_told = true;
        if (found) fit++;
        if (form_same_name(c->name, r->field)) has_field = true;
    }
    return is_told && (goes_to(f, r) || (has_field && fit > 0)) ? fit : -1;
}

bool form_find_refused(struct arena *arena, Str page, const struct form_refused *r, struct html_form *out_form) {
    struct html_form f;
    int64_t best = -1;
    size_t at = 0;
    while (form_next(arena, page, &at, &f)) {
        form_read(arena, page, &f);
        int64_t how = fit(&f, r);
        if (how <= best) continue;
        best = how;
        *out_form = f;
    }
    return best >= 0;
}

/* ---- marks ---- */

struct marking {
    struct arena *arena;
    const struct form_words *words;
    Str page;
    const struct form_refused *r;
    struct splices *splices;
    bool is_focused;
};

static Str word(const struct marking *m, const char *key) {
    Str text = S("");
    text_find(m->words->lang, str_from(key), &text);
    return text;
}

static Str escaped(struct arena *arena, Str text) {
    struct buf b = buf_make((size_t)4 * 1024 * 1024);
    buf_add_html(&b, text);
    Str out = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return out;
}

static Str quoted(struct arena *arena, const char *name, Str value) {
    return arena_printf(arena, " %s=\"%.*s\"", name, STR_ARG(escaped(arena, value)));
}

/* Sets an attribute of an opening tag; value.p == NULL takes it away. */
static void set_attribute(struct marking *m, size_t tag, size_t tag_end, const char *name, Str value) {
    size_t at = tag_end - 1, n = 0;
    bool had = form_attribute(m->arena, m->page, tag, tag_end, name, &at, &n).p;
    if (!had && !value.p) return;
    if (!had && m->page.p[at - 1] == '/') at--;
    splice_add(m->arena, m->splices, at, had ? n : 0, value.p ? quoted(m->arena, name, value) : S(""));
}

static void choose_option(struct marking *m, const struct control *c, Str value) {
    Str page = m->page;
    bool is_there = false;
    for (int pass = 0; pass < 2; pass++) {
        size_t at = c->tag_end;
        for (const char *found; at < c->body_end && (found = memmem(page.p + at, c->body_end - at, "<option", 7));) {
            size_t tag = (size_t)(found - page.p), end = tag + str_index((Str){found, page.n - tag}, '>') + 1;
            Str own = form_attribute(m->arena, page, tag, end, "value", NULL, NULL);
            bool is_it = str_equal(own, value), is_chosen = form_attribute(m->arena, page, tag, end, "selected", NULL, NULL).p;
            if (pass == 0) is_there = is_there || is_it;
            if (pass == 1 && is_there && is_it != is_chosen) set_attribute(m, tag, end, "selected", is_it ? S("") : (Str){NULL, 0});
            at = end;
        }
    }
}

static bool is_tick(const struct html_form *f, Str name, Str value) {
    for (size_t i = 0; i < f->controls.count; i++) {
        const struct control *c = &f->controls.items[i];
        if (c->kind == CONTROL_TICKED && str_equal(c->name, name) && str_equal(c->value, value)) return true;
    }
    return false;
}

/* What was typed into the nth field of a name, past what boxes of that name sent. */
static Str typed_value(const struct marking *m, const struct html_form *f, Str name, size_t nth, bool *out_found) {
    Str value;
    size_t at = 0;
    do {
        value = sent_value(m->r->sent, name, at++, out_found);
        if (*out_found && !is_tick(f, name, value) && nth-- == 0) return value;
    } while (*out_found);
    return S("");
}

/* The control as it was left. */
static void put_typed(struct marking *m, const struct html_form *f, const struct control *c, size_t nth) {
    bool found;
    Str typed = typed_value(m, f, c->name, nth, &found);
    if (c->kind == CONTROL_TICKED) {
        bool is_ticked = was_sent(m->r->sent, c->name, c->value);
        if (is_ticked != c->ticked) set_attribute(m, c->tag, c->tag_end, "checked", is_ticked ? S("") : (Str){NULL, 0});
        return;
    }
    if (!found || str_equal(typed, c->value)) return;
    if (c->kind == CONTROL_CHOSEN)
        choose_option(m, c, typed);
    else if (c->is_area)
        splice_add(m->arena, m->splices, c->tag_end, c->body_end - c->tag_end, arena_printf(m->arena, "\n%.*s", STR_ARG(escaped(m->arena, typed))));
    else if (c->kind == CONTROL_TYPED)
        set_attribute(m, c->tag, c->tag_end, "value", typed);
}

/* Words about a control, beside it and told with it. */
static void say_beside(struct marking *m, const struct control *c, const char *suffix, bool is_fault, Str markup) {
    struct arena *arena = m->arena;
    Str base = c->id.n ? c->id : c->name, before = form_attribute(arena, m->page, c->tag, c->tag_end, "aria-describedby", NULL, NULL);
    Str id = arena_printf(arena, "%.*s-%s", STR_ARG(base), suffix);
    set_attribute(m, c->tag, c->tag_end, "aria-describedby", before.n ? arena_printf(arena, "%.*s %.*s", STR_ARG(before), STR_ARG(id)) : id);
    if (is_fault) set_attribute(m, c->tag, c->tag_end, "aria-invalid", S("true"));
    if (!m->is_focused && m->words->may_focus) set_attribute(m, c->tag, c->tag_end, "autofocus", S(""));
    m->is_focused = true;
    splice_add(arena, m->splices, c->end, 0, arena_printf(arena, "<div class=\"beside %s\"%.*s>%.*s</div>", is_fault ? "late" : "soon", STR_ARG(quoted(arena, "id", id)), STR_ARG(markup)));
}

static void value_now(void *self, Str name, struct buf *out) {
    (void)name;
    buf_add(out, *(const Str *)self);
}

/* What another person made of a field meanwhile. */
static Str change_markup(const struct marking *m, const struct form_change *c) {
    struct arena *arena = m->arena;
    bool is_long = c->says.n > LONG_VALUE || str_index(c->says, '\n') < c->says.n;
    if (!c->is_touched) return escaped(arena, word(m, TEXT_KEY("form.taken_over")));
    if (c->says.n == 0) return escaped(arena, word(m, TEXT_KEY("form.changed")));
    if (is_long)
        return arena_printf(arena, "<details class=\"more\"><summary>%.*s</summary><pre class=\"paper\" tabindex=\"0\">%.*s</pre></details>",
                            STR_ARG(escaped(arena, word(m, TEXT_KEY("form.now_long")))), STR_ARG(escaped(arena, c->says)));
    struct buf b = buf_make(4096);
    Str now = c->says;
    text_fill(m->words->lang, word(m, TEXT_KEY("form.now")), value_now, &now, &b);
    Str said = escaped(arena, buf_str(&b));
    buf_done(&b);
    return said;
}

static const struct form_change *change_of(const struct form_refused *r, Str name) {
    for (size_t i = 0; r->changes && i < r->changes->items.count; i++)
        if (str_equal(r->changes->items.items[i].name, name)) return &r->changes->items.items[i];
    return NULL;
}

static void mark_controls(struct marking *m, const struct html_form *f, const struct control **out_fault) {
    for (size_t i = 0; i < f->controls.count; i++) {
        const struct control *c = &f->controls.items[i];
        const struct form_change *change = change_of(m->r, c->name);
        size_t nth = 0;
        for (size_t k = 0; k < i; k++) nth += control_is_told(&f->controls.items[k]) && f->controls.items[k].kind != CONTROL_TICKED && str_equal(f->controls.items[k].name, c->name);
        if (c->kind == CONTROL_HIDDEN) continue;
        if (control_is_told(c) && (!change || change->is_touched)) put_typed(m, f, c, nth);
        bool is_fault = !*out_fault && m->r->field.n && form_same_name(c->name, m->r->field);
        bool is_said = false;
        for (size_t k = 0; change && k < i; k++) is_said = is_said || str_equal(f->controls.items[k].name, c->name);
        if (is_fault || (change && !is_said)) {
            say_beside(m, c, is_fault ? "fault" : "now", is_fault, is_fault ? escaped(m->arena, m->r->message) : change_markup(m, change));
            if (!*out_fault) *out_fault = c;
        } else if (c->kind == CONTROL_FILED) {
            splice_add(m->arena, m->splices, c->end, 0, arena_printf(m->arena, "<p class=\"hint\">%.*s</p>", STR_ARG(escaped(m->arena, word(m, TEXT_KEY("form.file_again"))))));
        }
    }
}

/* What is folded away around that place is shown. */
static void open_around(struct marking *m, size_t place) {
    size_t open[32], depth = 0, at = 0;
    while (at < place) {
        const char *found = memmem(m->page.p + at, place - at, "details", 7);
        if (!found) break;
        size_t here = (size_t)(found - m->page.p);
        bool begins = here > 0 && m->page.p[here - 1] == '<', ends = here > 1 && m->page.p[here - 1] == '/' && m->page.p[here - 2] == '<';
        if (begins && depth < COUNT_OF(open)) open[depth++] = here - 1;
        if (ends && depth > 0) depth--;
        at = here + 7;
    }
    for (size_t i = 0; i < depth; i++) {
        size_t end = open[i] + str_index((Str){m->page.p + open[i], m->page.n - open[i]}, '>') + 1;
        set_attribute(m, open[i], end, "open", S(""));
    }
}

/* The message at the top leads to the field; without a field it takes the focus itself. */
static void mark_top(struct marking *m, const struct control *fault) {
    static const char begins[] = "<b data-refused>", ends[] = "</b>";
    const char *top = memmem(m->page.p, m->page.n, begins, sizeof begins - 1);
    if (!top) return;
    size_t at = (size_t)(top - m->page.p);
    const char *end = memmem(top, m->page.n - at, ends, sizeof ends - 1);
    if (!end) return;
    if (!fault) {
        if (m->words->may_focus) splice_add(m->arena, m->splices, at + 2, 0, S(" tabindex=\"-1\" autofocus"));
    } else if (fault->id.n) {
        splice_add(m->arena, m->splices, at + sizeof begins - 1, 0, arena_printf(m->arena, "<a href=\"#%.*s\">", STR_ARG(escaped(m->arena, fault->id))));
        splice_add(m->arena, m->splices, (size_t)(end - m->page.p), 0, S("</a>"));
    }
}

void form_mark(struct arena *arena, const struct form_words *w, Str page, const struct form_refused *r, const struct html_form *f, struct splices *s) {
    struct marking m = {.arena = arena, .words = w, .page = page, .r = r, .splices = s};
    const struct control *fault = NULL;
    if (f) {
        mark_controls(&m, f, &fault);
        open_around(&m, fault ? fault->tag : f->tag);
    }
    mark_top(&m, fault);
}
