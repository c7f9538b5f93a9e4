/* The library: embedded files first, then those of a folder over them; sorted, checked, then never changed. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embed.h"
#include "base/file.h"
#include "message/library.h"
#include "message/merge_field.h"

#define MAX_FILE ((size_t)1 << 20)
#define MAX_FOLDERS 3

const char *const own_phrases[OWN_PHRASES] = {"row-document", "row-issued", "row-due",
                                              "row-state",    "and",        "tax-id-label"};

static const Str root_folder = {"messages/", 9};

static enum rc read_embedded(struct ctx *cx, struct library_reading *r) {
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str name = str_from(embedded_files[i].name);
        if (!str_starts(name, root_folder) || str_ends(name, S(".md"))) continue;
        Str path = {name.p + root_folder.n, name.n - root_folder.n};
        TRY(library_read_file(cx, r, path, embedded_files[i].name, embedded_files[i].bytes));
    }
    return OK;
}

/* Hidden files, editors' leavings and notes are no part of a library. */
static bool is_ignored(const char *name) {
    Str s = str_from(name);
    return name[0] == '.' || str_ends(s, S("~")) || str_ends(s, S(".md"));
}

static int keep_entry(const struct dirent *entry) { return !is_ignored(entry->d_name); }

static enum rc read_folder(struct ctx *cx, struct library_reading *r, const char *folder, const char *relative,
                           int depth);

static enum rc read_entry(struct ctx *cx, struct library_reading *r, const char *folder, const char *relative,
                          int depth, const char *entry) {
    Str path = arena_printf(cx->arena, "%s%s%s", relative, *relative ? "/" : "", entry);
    Str full = arena_printf(cx->arena, "%s/%.*s", folder, STR_ARG(path));
    struct stat status;
    if (stat(full.p, &status) != 0) return fail(cx, INVALID, "could not read %s", full.p);
    if (S_ISDIR(status.st_mode)) {
        if (depth == MAX_FOLDERS) return fail(cx, INVALID, "%s: folders of messages are not that deep", full.p);
        return read_folder(cx, r, folder, path.p, depth + 1);
    }
    Str text;
    TRY(file_read(cx, full.p, MAX_FILE, &text));
    return library_read_file(cx, r, path, full.p, text);
}

/* In the order of names, so that the first complaint is always the same. */
static enum rc read_folder(struct ctx *cx, struct library_reading *r, const char *folder, const char *relative,
                           int depth) {
    Str path = arena_printf(cx->arena, "%s/%s", folder, relative);
    struct dirent **entries = NULL;
    int count = scandir(path.p, &entries, keep_entry, alphasort);
    if (count < 0) return fail(cx, INVALID, "could not read the folder of messages %s", path.p);
    enum rc rc = OK;
    for (int i = 0; i < count; i++) {
        if (rc == OK) rc = read_entry(cx, r, folder, relative, depth, entries[i]->d_name);
        mem_free(entries[i]);
    }
    mem_free(entries);
    return rc;
}

/* ---- order ---- */

static int by_name(const void *a, const void *b) {
    return str_compare(((const struct phrase *)a)->name, ((const struct phrase *)b)->name);
}

/* The one that is chosen before others that fit the same reader: our own texts before shipped ones, then the narrower.
 */
static int precedence(enum layer layer, const struct audience *meant_for) {
    return (layer == LAYER_SHIPPED ? 0 : 8) + audience_rank(meant_for);
}

static int by_phrase(const void *a, const void *b) {
    const struct phrase *x = a, *y = b;
    int order = str_compare(x->name, y->name);
    return order ? order : precedence(y->layer, &y->meant_for) - precedence(x->layer, &x->meant_for);
}

static int by_wording(const void *a, const void *b) {
    const struct wording *x = a, *y = b;
    int order = str_compare(x->kind, y->kind);
    if (order == 0) order = (int)x->form - (int)y->form;
    if (order == 0) order = (int)x->tone - (int)y->tone;
    if (order == 0) order = str_compare(x->variant, y->variant);
    if (order == 0) order = precedence(y->layer, &y->meant_for) - precedence(x->layer, &x->meant_for);
    return order ? order : str_compare(x->path, y->path);
}

static void sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    if (count) qsort(items, count, size, compare);
}

static struct message_library *settle(struct ctx *cx, const struct library_reading *r) {
    struct message_library *l = ARENA_NEW(cx->arena, struct message_library);
    sort(r->shared.items, r->shared.count, sizeof(struct phrase), by_phrase);
    l->shared = r->shared.items;
    l->shared_count = r->shared.count;
    l->languages = ARENA_ARRAY(cx->arena, struct message_language, r->languages.count);
    l->language_count = r->languages.count;
    for (size_t i = 0; i < l->language_count; i++) {
        const struct reading_language *from = &r->languages.items[i];
        sort(from->phrases.items, from->phrases.count, sizeof(struct phrase), by_phrase);
        sort(from->wordings.items, from->wordings.count, sizeof(struct wording), by_wording);
        l->languages[i] = (struct message_language){.code = from->code,
                                                    .phrases = from->phrases.items,
                                                    .phrase_count = from->phrases.count,
                                                    .wordings = from->wordings.items,
                                                    .wording_count = from->wordings.count};
    }
    return l;
}

/* ---- looking up ---- */

/* The first of that name that the reader may have; NULL reader: the first of all. */
static const struct phrase *find_phrase(const struct phrase *phrases, size_t count, Str name,
                                        const struct audience *reader) {
    struct phrase wanted = {.name = name};
    const struct phrase *found = count ? bsearch(&wanted, phrases, count, sizeof(struct phrase), by_name) : NULL;
    if (!found) return NULL;
    while (found > phrases && str_equal(found[-1].name, name)) found--;
    for (; found < phrases + count && str_equal(found->name, name); found++)
        if (audience_includes(&found->meant_for, reader)) return found;
    return NULL;
}

static const struct phrase *find_anywhere(const struct phrase_finder *finder, Str name) {
    const struct message_language *language = finder->language;
    const struct phrase *found = find_phrase(language->phrases, language->phrase_count, name, &finder->reader);
    if (found) return found;
    return find_phrase(finder->library->shared, finder->library->shared_count, name, &finder->reader);
}

const struct mustache *phrase_find(void *self, Str name) {
    const struct phrase_finder *finder = self;
    const struct phrase *found = find_anywhere(finder, name);
    return found ? found->template.as[finder->escape] : NULL;
}

Str phrase_source(const struct phrase_finder *finder, Str name) {
    const struct phrase *found = find_anywhere(finder, name);
    return found ? found->source : S("");
}

/* "pt-BR" is Portuguese. */
static const struct message_language *find_language(const struct message_library *l, Str code) {
    Str base = {code.p, code.n > 2 && code.p[2] == '-' ? 2 : code.n};
    for (size_t i = 0; i < l->language_count; i++)
        if (str_equal(l->languages[i].code, base)) return &l->languages[i];
    return NULL;
}

struct range {
    const struct wording *from, *to;
};

/* All of a kind and form: they stand together. */
static struct range range_of(const struct message_language *language, Str kind, enum message_form form) {
    size_t low = 0, high = language ? language->wording_count : 0;
    struct wording wanted = {.kind = kind, .form = form};
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct wording *w = &language->wordings[middle];
        int order = str_compare(w->kind, wanted.kind);
        if (order == 0) order = (int)w->form - (int)wanted.form;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    struct range r = {NULL, NULL};
    if (!language) return r;
    r.from = r.to = language->wordings + low;
    while (r.to < language->wordings + language->wording_count && str_equal(r.to->kind, kind) && r.to->form == form)
        r.to++;
    return r;
}

static bool has_kind(const struct message_language *language, Str kind) {
    bool found = false;
    for (int form = 0; language && form < FORM_COUNT && !found; form++) {
        struct range r = range_of(language, kind, (enum message_form)form);
        found = r.from < r.to;
    }
    return found;
}

const struct message_language *library_language(const struct message_library *l, Str code, Str kind) {
    const struct message_language *language = find_language(l, code);
    if (!has_kind(language, kind)) language = find_language(l, S("es"));
    return has_kind(language, kind) ? language : NULL;
}

/* The part of a range in which the reader finds something: the tone asked for, else the nearest milder one, else the
 * mildest. A missing tone never makes a text harder than was decided, unless there is no milder one at all. */
static struct range range_of_tone(struct range r, enum tone tone, const struct audience *reader) {
    const struct wording *best = NULL;
    for (const struct wording *w = r.from; w < r.to; w++) {
        if (!audience_includes(&w->meant_for, reader)) continue;
        if (!best || (w->tone <= tone && w->tone > best->tone)) best = w;
    }
    if (!best) return (struct range){NULL, NULL};
    struct range of_tone = {best, best};
    while (of_tone.from > r.from && of_tone.from[-1].tone == best->tone) of_tone.from--;
    while (of_tone.to < r.to && of_tone.to->tone == best->tone) of_tone.to++;
    return of_tone;
}

/* Texts that serve every kind, where a kind has none of a form. */
static const Str any_kind = {"any", 3};

static struct range range_for(const struct message_language *language, Str kind, enum message_form form, enum tone tone,
                              const struct audience *reader) {
    struct range r = range_of_tone(range_of(language, kind, form), tone, reader);
    if (r.from == r.to) r = range_of_tone(range_of(language, any_kind, form), tone, reader);
    return r;
}

const struct wording *library_wording(const struct message_language *language, Str kind, enum message_form form,
                                      enum tone tone, Str variant, const struct audience *reader) {
    struct range r = range_for(language, kind, form, tone, reader);
    const struct wording *first = NULL;
    for (const struct wording *w = r.from; w < r.to; w++) {
        if (!audience_includes(&w->meant_for, reader)) continue;
        if (str_equal(w->variant, variant)) return w;
        if (!first) first = w;
    }
    return first;
}

size_t message_variants(const struct message_library *l, const struct wording_query *q, Str *out_variants, size_t max) {
    const struct message_language *language = library_language(l, q->language, q->kind);
    if (!language) return 0;
    struct audience reader = audience_of(q->country, q->sector, q->profile, q->is_person);
    struct range r = range_for(language, q->kind, q->form, q->tone, &reader);
    size_t count = 0;
    Str last = S("");
    for (const struct wording *w = r.from; w < r.to; w++) {
        if (!audience_includes(&w->meant_for, &reader) || (count && str_equal(w->variant, last))) continue;
        last = w->variant;
        if (count < max) out_variants[count] = w->variant;
        count++;
    }
    return count;
}

size_t message_wording_count(const struct message_library *l) {
    size_t count = 0;
    for (size_t i = 0; i < l->language_count; i++) count += l->languages[i].wording_count;
    return count;
}

struct wording_info message_wording_at(const struct message_library *l, size_t i) {
    size_t k = 0;
    while (i >= l->languages[k].wording_count) i -= l->languages[k++].wording_count;
    const struct wording *w = &l->languages[k].wordings[i];
    return (struct wording_info){.path = w->path,
                                 .language = l->languages[k].code,
                                 .kind = w->kind,
                                 .variant = w->variant,
                                 .country = w->meant_for.country,
                                 .sector = w->meant_for.sector,
                                 .profile = w->meant_for.profile,
                                 .form = w->form,
                                 .tone = w->tone,
                                 .is_shipped = w->layer == LAYER_SHIPPED,
                                 .is_company = w->layer == LAYER_COMPANY};
}

/* ---- checking ---- */

static enum rc check_wording(struct ctx *cx, const struct wording *w, struct phrase_finder *finder) {
    const struct mustache *const plain[] = {w->subject, w->title, w->preview};
    finder->escape = MUSTACHE_PLAIN;
    for (size_t i = 0; i < COUNT_OF(plain); i++)
        if (plain[i]) TRY(merge_fields_check(cx, plain[i], phrase_find, finder));
    for (size_t i = 0; i < w->parameter_count; i++) TRY(merge_fields_check(cx, w->parameters[i], phrase_find, finder));
    if (w->form == FORM_WHATSAPP) return OK; /* its paragraphs hold {{1}}, {{2}} */
    bool is_public = w->form == FORM_SMS || w->form == FORM_VOICEMAIL;
    for (size_t i = 0; i < w->paragraph_count; i++) {
        const struct mustache *text = w->paragraphs[i].as[MUSTACHE_PLAIN];
        TRY(is_public ? merge_fields_check_public(cx, text, phrase_find, finder)
                      : merge_fields_check(cx, text, phrase_find, finder));
    }
    return OK;
}

static const char *const layout_names[] = {"layout", "note", "internal"};

/* Phrases are checked where they are used, since their names depend on the place; a layout, in every language. */
static enum rc check_reader(struct ctx *cx, const struct message_library *l, const struct message_language *language,
                            const struct audience *reader) {
    struct phrase_finder finder = {.library = l, .language = language, .reader = *reader};
    for (size_t i = 0; i < language->wording_count; i++)
        if (audience_includes(&language->wordings[i].meant_for, reader))
            TRY(check_wording(cx, &language->wordings[i], &finder));
    for (int escape = MUSTACHE_HTML; escape <= MUSTACHE_PLAIN; escape++) {
        finder.escape = (enum mustache_escape)escape;
        for (size_t i = 0; i < COUNT_OF(layout_names); i++)
            TRY(merge_fields_check(cx, phrase_find(&finder, str_from(layout_names[i])), phrase_find, &finder));
    }
    for (size_t i = 0; i < OWN_PHRASES; i++)
        if (!phrase_find(&finder, str_from(own_phrases[i])))
            return fail(cx, INVALID, "messages/%.*s/phrases.txt: a phrase is missing: %s", STR_ARG(language->code),
                        own_phrases[i]);
    return OK;
}

struct readers {
    struct audience *items;
    size_t count, capacity;
};

static void add_reader(struct ctx *cx, struct readers *r, const struct audience *a) {
    for (size_t i = 0; i < r->count; i++)
        if (audience_equal(&r->items[i], a)) return;
    *VEC_PUSH(cx->arena, r) = *a;
}

/* Every reader for whom there is something of its own, and the one for whom there is nothing. */
static enum rc check_language(struct ctx *cx, const struct message_library *l,
                              const struct message_language *language) {
    struct readers readers = {0};
    add_reader(cx, &readers, &(struct audience){0});
    for (size_t i = 0; i < language->wording_count; i++) add_reader(cx, &readers, &language->wordings[i].meant_for);
    for (size_t i = 0; i < language->phrase_count; i++) add_reader(cx, &readers, &language->phrases[i].meant_for);
    for (size_t i = 0; i < readers.count; i++) TRY(check_reader(cx, l, language, &readers.items[i]));
    return OK;
}

enum rc message_library_check(struct ctx *cx, const struct message_library *l) {
    for (size_t i = 0; i < l->language_count; i++) TRY(check_language(cx, l, &l->languages[i]));
    return OK;
}

static enum rc check_layouts(struct ctx *cx, const struct message_library *l) {
    static const struct audience nobody = {{0}, {0}, {0}};
    for (size_t i = 0; i < COUNT_OF(layout_names); i++) {
        const struct phrase *layout = find_phrase(l->shared, l->shared_count, str_from(layout_names[i]), &nobody);
        if (!layout || !layout->template.as[MUSTACHE_HTML] || !layout->template.as[MUSTACHE_PLAIN])
            return fail(cx, INVALID, "messages/%s.%s is missing", layout_names[i],
                        layout && layout->template.as[MUSTACHE_PLAIN] ? "html" : "txt");
    }
    return OK;
}

enum rc message_library_load(struct ctx *cx, const char *folder, const struct library_text *texts, size_t count,
                             const struct message_library **out_library) {
    struct library_reading reading = {0};
    TRY(read_embedded(cx, &reading));
    reading.layer = LAYER_FOLDER;
    if (folder) TRY(read_folder(cx, &reading, folder, "", 0));
    reading.layer = LAYER_COMPANY;
    for (size_t i = 0; i < count; i++)
        TRY(library_read_file(cx, &reading, texts[i].path, arena_cstr(cx->arena, texts[i].path), texts[i].text));
    struct message_library *l = settle(cx, &reading);
    l->is_own = folder || count;
    TRY(check_layouts(cx, l));
    if (l->is_own) TRY(message_library_check(cx, l));
    *out_library = l;
    return OK;
}
