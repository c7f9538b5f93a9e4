/* Drafts as text fields: from YAML and back. */
#include "strategy/strategy_draft.h"

#include <string.h>

#include "base/yaml.h"
#include "strategy/strategy_step.h"

#define DRAFT_TEXT_MAX ((size_t)1024 * 1024)

static const char *const names[] = {
#define X(field, name) name,
    DRAFT_FIELDS(X)
#undef X
};

const char *draft_field_name(enum draft_field field) { return names[field]; }

static bool is_list(enum draft_field f) {
    return f == DRAFT_FALLBACK || f == DRAFT_ATTACH || f == DRAFT_SEGMENTS || f == DRAFT_CHANNELS;
}

static bool is_condition(enum draft_field f) { return f >= DRAFT_NO_REPLY; }

/* ---- reading ---- */

/* "a,b"; DRAFT_NONE for an empty list. */
static Str text_of(struct arena *arena, const struct yaml_node *node) {
    if (!node) return S("");
    if (node->kind == YAML_SCALAR) return node->scalar;
    Str all = S("");
    for (const struct yaml_node *n = node->child; n; n = n->next)
        all = arena_printf(arena, "%.*s%s%.*s", STR_ARG(all), all.n ? "," : "", STR_ARG(n->scalar));
    return all.n ? all : S(DRAFT_NONE);
}

static void read_step(struct arena *arena, const struct yaml_node *node, struct draft_step *out) {
    static const char *const ladders[] = {"message", "task", "state"};
    const struct yaml_node *when = yaml_get(node, "when");
    for (int f = 0; f < DRAFT_FIELD_COUNT; f++) {
        const struct yaml_node *from = is_condition((enum draft_field)f) ? when : node;
        out->field[f] = from ? text_of(arena, yaml_get(from, names[f])) : S("");
    }
    for (size_t i = 0; i < COUNT_OF(ladders); i++) {
        Str kind = yaml_text(node, ladders[i]);
        if (kind.n) out->field[DRAFT_KIND] = arena_printf(arena, "%s:%.*s", ladders[i], STR_ARG(kind));
    }
}

/* The lines at the top that begin with #. */
static Str leading_comment(Str yaml) {
    Str rest = yaml;
    while (rest.n && rest.p[0] == '#') str_cut(&rest, '\n');
    return rest.p ? (Str){yaml.p, yaml.n - rest.n} : S("");
}

enum rc strategy_draft_read(struct ctx *cx, Str yaml, struct strategy_draft *out) {
    const struct yaml_node *root = NULL;
    TRY(yaml_parse(cx, yaml, "the draft", &root));
    const struct yaml_node *steps = root->kind == YAML_MAPPING ? yaml_get(root, "steps") : NULL;
    const struct yaml_node *defaults = root->kind == YAML_MAPPING ? yaml_get(root, "defaults") : NULL;
    if (root->kind != YAML_MAPPING || (steps && steps->kind == YAML_MAPPING) || (defaults && defaults->kind != YAML_MAPPING))
        return fail_field(cx, INVALID, "source", "docs/ref/strategies.md has the format", "the text is no strategy");
    struct strategy_draft d = {.comment = leading_comment(yaml),
                               .code = yaml_text(root, "code"),
                               .name = yaml_text(root, "name"),
                               .description = yaml_text(root, "description"),
                               .segments = text_of(cx->arena, yaml_get(root, "segments")),
                               .silent = yaml_text(root, "silent_before_switch")};
    if (str_is(d.segments, DRAFT_NONE)) d.segments = S("");
    if (defaults) {
        d.channel = yaml_text(defaults, "channel");
        d.fallback = text_of(cx->arena, yaml_get(defaults, "fallback"));
        d.mode = yaml_text(defaults, "mode");
    }
    d.step_room = (steps ? steps->count : 0) + 1;
    d.steps = ARENA_ARRAY(cx->arena, struct draft_step, d.step_room);
    for (const struct yaml_node *n = steps ? steps->child : NULL; n; n = n->next)
        if (n->kind == YAML_MAPPING) read_step(cx->arena, n, &d.steps[d.step_count++]);
    *out = d;
    return OK;
}

/* ---- writing ---- */

static bool is_plain_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '+' ||
           (unsigned char)c >= 0x80;
}

/* Whether YAML and people read it the same without quotes. */
static bool is_plain(Str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!is_plain_char(s.p[i]) && !(s.p[i] == ' ' && i > 0 && i + 1 < s.n)) return false;
    return s.n > 0 && !(s.p[0] == '-' && (s.n == 1 || s.p[1] == '-' || s.p[1] == ' ')) && s.p[0] != '.';
}

static void add_scalar(struct buf *b, Str s) {
    if (is_plain(s)) {
        buf_add(b, s);
        return;
    }
    buf_add_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"' || c == '\\') buf_add_char(b, '\\');
        if (c == '\n')
            buf_add_cstr(b, "\\n");
        else if (c == '\t')
            buf_add_cstr(b, "\\t");
        else if ((unsigned char)c < 0x20)
            buf_add_char(b, ' ');
        else
            buf_add_char(b, c);
    }
    buf_add_char(b, '"');
}

static void add_list(struct buf *b, Str list) {
    bool any = false;
    buf_add_char(b, '[');
    for (Str rest = str_is(list, DRAFT_NONE) ? S("") : list; rest.p;) {
        Str word = str_trim(str_cut(&rest, ','));
        if (!word.n) continue;
        if (any) buf_add_cstr(b, ", ");
        add_scalar(b, word);
        any = true;
    }
    buf_add_char(b, ']');
}

static void add_entry(struct buf *b, const char *indent, const char *key, Str value, bool list) {
    if (!value.n) return;
    buf_printf(b, "%s%s: ", indent, key);
    if (list)
        add_list(b, value);
    else
        add_scalar(b, value);
    buf_add_char(b, '\n');
}

static void add_kind(struct buf *b, Str kind) {
    Str word = kind, ladder = str_cut(&word, ':');
    if (!kind.n) return;
    if (!word.p || !(str_is(ladder, "message") || str_is(ladder, "task") || str_is(ladder, "state"))) { /* for the reader to refuse */
        word = kind;
        ladder = S("task");
    }
    buf_printf(b, "    %.*s: ", STR_ARG(ladder));
    add_scalar(b, word);
    buf_add_char(b, '\n');
}

static void add_step(struct buf *b, const struct draft_step *s) {
    bool when = false;
    buf_add_cstr(b, "  - id: ");
    add_scalar(b, s->field[DRAFT_ID]);
    buf_add_char(b, '\n');
    for (int f = DRAFT_NAME; f < DRAFT_FIELD_COUNT; f++) {
        if (f == DRAFT_KIND) {
            add_kind(b, s->field[f]);
            continue;
        }
        bool condition = is_condition((enum draft_field)f);
        if (condition && s->field[f].n && !when) {
            buf_add_cstr(b, "    when:\n");
            when = true;
        }
        add_entry(b, condition ? "      " : "    ", names[f], s->field[f], is_list((enum draft_field)f));
    }
}

Str draft_step_write(struct arena *arena, const struct draft_step *step) {
    AUTO(buf_done) struct buf b = buf_make(DRAFT_TEXT_MAX);
    add_step(&b, step);
    return arena_str(arena, buf_str(&b));
}

Str strategy_draft_write(struct arena *arena, const struct strategy_draft *d) {
    AUTO(buf_done) struct buf b = buf_make(DRAFT_TEXT_MAX);
    buf_add(&b, d->comment);
    add_entry(&b, "", "code", d->code, false);
    add_entry(&b, "", "name", d->name, false);
    add_entry(&b, "", "description", d->description, false);
    add_entry(&b, "", "segments", d->segments, true);
    add_entry(&b, "", "silent_before_switch", d->silent, false);
    if (d->channel.n || d->fallback.n || d->mode.n) buf_add_cstr(&b, "defaults:\n");
    add_entry(&b, "  ", "channel", d->channel, false);
    add_entry(&b, "  ", "fallback", d->fallback, true);
    add_entry(&b, "  ", "mode", d->mode, false);
    buf_add_cstr(&b, d->step_count ? "steps:\n" : "steps: []\n");
    for (size_t i = 0; i < d->step_count; i++) add_step(&b, &d->steps[i]);
    return arena_str(arena, buf_str(&b));
}

/* ---- changing ---- */

size_t strategy_draft_find(const struct strategy_draft *d, Str id) {
    for (size_t i = 0; i < d->step_count; i++)
        if (str_equal(d->steps[i].field[DRAFT_ID], id)) return i;
    return SIZE_MAX;
}

void strategy_draft_insert(struct arena *arena, struct strategy_draft *d, size_t at, const struct draft_step *step) {
    struct draft_step *steps = ARENA_ARRAY(arena, struct draft_step, d->step_count + 1);
    if (at > d->step_count) at = d->step_count;
    for (size_t i = 0; i < d->step_count; i++) steps[i < at ? i : i + 1] = d->steps[i];
    steps[at] = *step;
    d->steps = steps;
    d->step_room = ++d->step_count;
}

void strategy_draft_remove(struct strategy_draft *d, size_t at) {
    memmove(&d->steps[at], &d->steps[at + 1], (d->step_count - at - 1) * sizeof d->steps[0]);
    d->step_count--;
}

void strategy_draft_move(struct strategy_draft *d, size_t at, int by) {
    if ((by < 0 && at == 0) || (by > 0 && at + 1 >= d->step_count)) return;
    size_t other = by < 0 ? at - 1 : at + 1;
    struct draft_step moved = d->steps[at];
    d->steps[at] = d->steps[other];
    d->steps[other] = moved;
}

Str strategy_draft_new_id(struct arena *arena, const struct strategy_draft *d, Str kind) {
    Str word = kind;
    str_cut(&word, ':');
    if (!word.p || !word.n) word = S("step");
    char *id = arena_cstr(arena, word);
    for (char *c = id; *c; c++)
        if (*c == '_') *c = '-';
    for (int n = 1;; n++) {
        Str tried = arena_printf(arena, "%s-%d", id, n);
        if (strategy_draft_find(d, tried) == SIZE_MAX) return tried;
    }
}
