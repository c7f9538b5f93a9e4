/* What a form held when it was read, and what of it changed since. */
#include "web/form.h"

#include <nettle/sha2.h>

/* Line ends as browsers send them and as texts are kept are one. */
static void add_plain(struct buf *b, Str value) {
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] != '\r') buf_add_char(b, value.p[i]);
    buf_add_char(b, 0x1f);
}

static Str sum_of(struct arena *arena, Str text) {
    struct sha256_ctx hash;
    unsigned char digest[SHA256_DIGEST_SIZE];
    sha256_init(&hash);
    if (text.n) sha256_update(&hash, text.n, (const uint8_t *)text.p);
    sha256_digest(&hash, sizeof digest, digest);
    struct buf b = buf_make(16);
    buf_add_hex(&b, digest, 4);
    Str sum = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return sum;
}

static bool counts(const struct html_form *f, size_t i) {
    const struct control *c = &f->controls.items[i];
    if (!control_is_told(c)) return false;
    for (size_t k = 0; k < i; k++)
        if (control_is_told(&f->controls.items[k]) && str_equal(f->controls.items[k].name, c->name)) return false;
    return true;
}

static Str held_sum(struct arena *arena, const struct html_form *f, Str name) {
    struct buf b = buf_make((size_t)4 * 1024 * 1024);
    for (size_t i = 0; i < f->controls.count; i++) {
        const struct control *c = &f->controls.items[i];
        if (control_is_told(c) && str_equal(c->name, name) && (c->kind != CONTROL_TICKED || c->ticked)) add_plain(&b, c->value);
    }
    Str sum = sum_of(arena, buf_str(&b));
    buf_done(&b);
    return sum;
}

/* Of what was sent under that name; *out_sent: anything at all. */
static Str sent_sum(struct arena *arena, const struct fields *sent, Str name, bool *out_sent) {
    struct buf b = buf_make((size_t)4 * 1024 * 1024);
    *out_sent = false;
    for (size_t i = 0; i < sent->count; i++) {
        if (!form_same_name(sent->items[i].name, name)) continue;
        add_plain(&b, sent->items[i].value);
        *out_sent = true;
    }
    Str sum = sum_of(arena, buf_str(&b));
    buf_done(&b);
    return sum;
}

Str form_tag(struct arena *arena, const struct html_form *f) {
    struct buf b = buf_make(65536);
    bool any = false;
    buf_add(&b, sum_of(arena, f->action));
    for (size_t i = 0; i < f->controls.count; i++) {
        if (!counts(f, i)) continue;
        buf_add_char(&b, ';');
        buf_add_url(&b, f->controls.items[i].name);
        buf_add_char(&b, '=');
        buf_add(&b, held_sum(arena, f, f->controls.items[i].name));
        any = true;
    }
    Str tag = any && buf_ok(&b) ? arena_str(arena, buf_str(&b)) : S("");
    buf_done(&b);
    return tag;
}

static const struct control *control_named(const struct html_form *f, Str name) {
    for (size_t i = 0; i < f->controls.count; i++)
        if (control_is_told(&f->controls.items[i]) && str_equal(f->controls.items[i].name, name)) return &f->controls.items[i];
    return NULL;
}

/* Whether it is the form the tag was made of: sent to the same place, with the same fields. */
static bool is_of_tag(struct arena *arena, const struct html_form *f, Str tag) {
    if (!str_equal(str_cut(&tag, ';'), sum_of(arena, f->action)) || !tag.p) return false;
    while (tag.p) {
        Str sum = str_cut(&tag, ';'), name = str_cut(&sum, '=');
        if (!control_named(f, str_url_decode(arena, name))) return false;
    }
    return true;
}

void form_compare(struct arena *arena, Str page, Str tag, const struct fields *sent, struct form_changes *out_changes) {
    struct html_form f;
    size_t at = 0;
    bool found = false;
    *out_changes = (struct form_changes){0};
    while (!found && form_next(arena, page, &at, &f)) {
        form_read(arena, page, &f);
        found = is_of_tag(arena, &f, tag);
    }
    out_changes->is_gone = !found;
    if (!found) return;
    out_changes->tag = form_tag(arena, &f);
    Str rest = tag;
    str_cut(&rest, ';');
    while (rest.p) {
        Str was = str_cut(&rest, ';'), name = str_url_decode(arena, str_cut(&was, '='));
        const struct control *c = control_named(&f, name);
        bool is_sent;
        Str now = held_sum(arena, &f, name), given = sent_sum(arena, sent, name, &is_sent);
        bool is_kept = !is_sent && c->kind != CONTROL_TICKED; /* a look beforehand hands on only what it would change */
        if (str_equal(now, was) || str_equal(now, given) || is_kept) continue;
        *VEC_PUSH(arena, &out_changes->items) = (struct form_change){.name = name, .says = c->kind == CONTROL_TICKED ? S("") : arena_str(arena, c->says), .is_touched = !str_equal(given, was)};
    }
}
