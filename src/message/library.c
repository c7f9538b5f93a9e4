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

const char *const own_phrases[OWN_PHRASES] = {"row-document", "row-issued", "row-due", "row-state", "and"};

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

static int by_phrase_name(const void *a, const void *b) {
    return str_compare(((const struct phrase *)a)->name, ((const struct phrase *)b)->name);
}

static int by_wording(const void *a, const void *b) {
    const struct wording *x = a, *y = b;
    int order = str_compare(x->kind, y->kind);
    if (order == 0) order = (int)x->tone - (int)y->tone;
    return order ? order : str_compare(x->variant, y->variant);
}

static void sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    if (count) qsort(items, count, size, compare);
}

static struct message_library *settle(struct ctx *cx, const struct library_reading *r) {
    struct message_library *l = ARENA_NEW(cx->arena, struct message_library);
    sort(r->shared.items, r->shared.count, sizeof(struct phrase), by_phrase_name);
    l->shared = r->shared.items;
    l->shared_count = r->shared.count;
    l->languages = ARENA_ARRAY(cx->arena, struct message_language, r->languages.count);
    l->language_count = r->languages.count;
    for (size_t i = 0; i < l->language_count; i++) {
        const struct reading_language *from = &r->languages.items[i];
        sort(from->phrases.items, from->phrases.count, sizeof(struct phrase), by_phrase_name);
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

static const struct phrase *find_phrase(const struct phrase *phrases, size_t count, Str name) {
    struct phrase wanted = {.name = name};
    return count ? bsearch(&wanted, phrases, count, sizeof(struct phrase), by_phrase_name) : NULL;
}

const struct mustache *phrase_find(void *self, Str name) {
    const struct phrase_finder *finder = self;
    const struct phrase *found = find_phrase(finder->language->phrases, finder->language->phrase_count, name);
    if (!found) found = find_phrase(finder->library->shared, finder->library->shared_count, name);
    return found ? found->template.as[finder->escape] : NULL;
}

static const struct message_language *find_language(const struct message_library *l, Str code) {
    for (size_t i = 0; i < l->language_count; i++)
        if (str_equal(l->languages[i].code, code)) return &l->languages[i];
    return NULL;
}

static bool has_kind(const struct message_language *language, Str kind) {
    bool found = false;
    for (size_t i = 0; language && i < language->wording_count && !found; i++)
        found = str_equal(language->wordings[i].kind, kind);
    return found;
}

const struct message_language *library_language(const struct message_library *l, Str code, Str kind) {
    const struct message_language *language = find_language(l, code);
    if (!has_kind(language, kind)) language = find_language(l, S("es"));
    return has_kind(language, kind) ? language : NULL;
}

const struct wording *library_wording(const struct message_language *language, Str kind, enum tone tone, Str variant) {
    const struct wording *best = NULL;
    int best_score = -1;
    for (size_t i = 0; i < language->wording_count; i++) {
        const struct wording *w = &language->wordings[i];
        if (!str_equal(w->kind, kind)) continue;
        int score = (w->tone == tone ? 4 : w->tone == TONE_FRIENDLY ? 2 : 0) + str_equal(w->variant, variant);
        if (score <= best_score) continue;
        best = w;
        best_score = score;
    }
    return best;
}

size_t message_variants(const struct message_library *l, Str language_code, Str kind, enum tone tone, Str *out_variants,
                        size_t max) {
    const struct message_language *language = library_language(l, language_code, kind);
    if (!language) return 0;
    const struct wording *first = library_wording(language, kind, tone, S(""));
    size_t count = 0;
    for (const struct wording *w = first; w < language->wordings + language->wording_count; w++) {
        if (!str_equal(w->kind, kind) || w->tone != first->tone) break;
        if (count < max) out_variants[count] = w->variant;
        count++;
    }
    return count;
}

/* ---- checking ---- */

static enum rc check_wording(struct ctx *cx, const struct wording *w, struct phrase_finder *finder) {
    const struct mustache *const plain[] = {w->subject, w->title, w->preview};
    finder->escape = MUSTACHE_PLAIN;
    for (size_t i = 0; i < COUNT_OF(plain); i++) TRY(merge_fields_check(cx, plain[i], phrase_find, finder));
    for (size_t i = 0; i < w->paragraph_count; i++)
        TRY(merge_fields_check(cx, w->paragraphs[i].as[MUSTACHE_PLAIN], phrase_find, finder));
    return OK;
}

/* Phrases are checked where they are used, since their names depend on the place; a layout, in every language. */
static enum rc check_language(struct ctx *cx, const struct message_library *l,
                              const struct message_language *language) {
    struct phrase_finder finder = {.library = l, .language = language};
    for (size_t i = 0; i < language->wording_count; i++) TRY(check_wording(cx, &language->wordings[i], &finder));
    for (int escape = MUSTACHE_HTML; escape <= MUSTACHE_PLAIN; escape++) {
        finder.escape = (enum mustache_escape)escape;
        TRY(merge_fields_check(cx, l->layout[escape], phrase_find, &finder));
    }
    for (size_t i = 0; i < OWN_PHRASES; i++)
        if (!phrase_find(&finder, str_from(own_phrases[i])))
            return fail(cx, INVALID, "messages/%.*s/phrases.txt: a phrase is missing: %s", STR_ARG(language->code),
                        own_phrases[i]);
    return OK;
}

enum rc message_library_load(struct ctx *cx, const char *folder, const struct message_library **out_library) {
    struct library_reading reading = {0};
    TRY(read_embedded(cx, &reading));
    if (folder) TRY(read_folder(cx, &reading, folder, "", 0));
    struct message_library *l = settle(cx, &reading);
    const struct phrase *layout = find_phrase(l->shared, l->shared_count, S("layout"));
    for (int escape = MUSTACHE_HTML; escape <= MUSTACHE_PLAIN; escape++) {
        l->layout[escape] = layout ? layout->template.as[escape] : NULL;
        if (!l->layout[escape])
            return fail(cx, INVALID, "messages/layout.%s is missing", escape == MUSTACHE_HTML ? "html" : "txt");
    }
    for (size_t i = 0; i < l->language_count; i++) TRY(check_language(cx, l, &l->languages[i]));
    *out_library = l;
    return OK;
}
