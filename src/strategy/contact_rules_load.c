/* A rule pack from the embedded files and a folder of the user's; the order and mutual checks of its rules.
 *
 * Does not know what stands in a file (contact_rules_read.c) nor when a rule refuses (contact_rules.c). */
#include <dirent.h>
#include <errno.h>

#include "base/embed.h"
#include "base/file.h"
#include "strategy/contact_rules_pack.h"

#define MAX_FILE ((size_t)1024 * 1024)
#define PREFIX "rules/"

struct rule_source {
    const char *base; /* "co.yaml" */
    const char *name; /* as complaints show it */
    Str text;
};
typedef VEC_OF(struct rule_source) SourceVec;

static void close_dir(DIR **dir) {
    if (*dir) closedir(*dir);
}

static void add_embedded(struct ctx *cx, SourceVec *sources) {
    for (size_t i = 0; i < embedded_file_count; i++) {
        const struct embedded_file *file = &embedded_files[i];
        if (!str_starts(str_from(file->name), S(PREFIX)) || !str_ends(str_from(file->name), S(".yaml"))) continue;
        *VEC_PUSH(cx->arena, sources) = (struct rule_source){file->name + sizeof PREFIX - 1, file->name, file->bytes};
    }
}

static enum rc add_file(struct ctx *cx, const char *folder, const char *base, SourceVec *sources) {
    const char *path = arena_cstr(cx->arena, arena_printf(cx->arena, "%s/%s", folder, base));
    Str text;
    TRY(file_read(cx, path, MAX_FILE, &text));
    struct rule_source source = {arena_cstr(cx->arena, str_from(base)), path, text};
    for (size_t i = 0; i < sources->count; i++)
        if (strcmp(sources->items[i].base, base) == 0) {
            sources->items[i] = source;
            return OK;
        }
    *VEC_PUSH(cx->arena, sources) = source;
    return OK;
}

static enum rc add_folder(struct ctx *cx, const char *folder, SourceVec *sources) {
    AUTO(close_dir) DIR *dir = opendir(folder);
    if (!dir && errno == ENOENT) return OK;
    if (!dir) return fail(cx, INVALID, "could not read folder %s: %s", folder, strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.' && str_ends(str_from(entry->d_name), S(".yaml")))
            TRY(add_file(cx, folder, entry->d_name, sources));
    return OK;
}

enum rc rule_pack_load(struct ctx *cx, const char *folder, const struct rule_pack **out_pack) {
    SourceVec sources = {0};
    RuleVec rules = {0};
    add_embedded(cx, &sources);
    if (folder) TRY(add_folder(cx, folder, &sources));
    for (size_t i = 0; i < sources.count; i++)
        TRY(rule_file_read(cx, sources.items[i].text, sources.items[i].name, &rules));
    return rule_pack_make(cx, &rules, out_pack);
}

size_t country_slot(Str country) {
    if (country.n != 2) return NO_COUNTRY;
    unsigned a = (unsigned char)country.p[0] - 'A', b = (unsigned char)country.p[1] - 'A';
    return a < 26 && b < 26 ? a * 26 + b : NO_COUNTRY;
}

static size_t rule_slot(const struct rule *rule) { return country_slot(rule->country); }

/* By country, then region, then id, then date: the same pack whatever the order of the files. */
static int compare_rules(const void *a, const void *b) {
    const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;
    size_t xs = rule_slot(x), ys = rule_slot(y);
    if (xs != ys) return xs < ys ? -1 : 1;
    int order = str_compare(x->region, y->region);
    if (order == 0) order = str_compare(x->id, y->id);
    if (order == 0) order = (x->first_day > y->first_day) - (x->first_day < y->first_day);
    return order;
}

static enum rc check_versions(struct ctx *cx, const RuleVec *rules) {
    for (size_t i = 0; i < rules->count; i++)
        for (size_t j = i + 1; j < rules->count; j++) {
            const struct rule *a = rules->items[i], *b = rules->items[j];
            if (!str_equal(a->id, b->id) || a->last_day < b->first_day || b->last_day < a->first_day) continue;
            return fail_field(cx, INVALID, "id", "end the earlier one with valid_to, or choose another id",
                              "%s:%d: rule %.*s stands already in %s:%d and both are in force at a time", b->file,
                              b->line, STR_ARG(b->id), a->file, a->line);
        }
    return OK;
}

enum rc rule_pack_make(struct ctx *cx, RuleVec *rules, const struct rule_pack **out_pack) {
    if (rules->count >= UINT16_MAX) return fail(cx, INVALID, "more than %d contact rules", UINT16_MAX - 1);
    TRY(check_versions(cx, rules));
    if (rules->count > 0) qsort(rules->items, rules->count, sizeof(*rules->items), compare_rules);
    struct rule_pack *pack = ARENA_NEW(cx->arena, struct rule_pack);
    pack->rules = rules->items;
    pack->rule_count = rules->count;
    uint16_t at = 0;
    for (size_t slot = 0; slot <= COUNTRY_SLOTS; slot++) {
        pack->country_start[slot] = at;
        while (at < rules->count && rule_slot(rules->items[at]) == slot) at++;
        if (at - pack->country_start[slot] > COUNTRY_RULES_MAX)
            return fail(cx, INVALID, "%s: more than %d rules for one country", rules->items[at - 1]->file,
                        COUNTRY_RULES_MAX);
    }
    pack->country_start[COUNTRY_SLOTS + 1] = at;
    pack->places = place_table_new(cx->arena);
    *out_pack = pack;
    return OK;
}

static struct rule_span span(const struct rule_pack *pack, size_t slot) {
    uint16_t first = pack->country_start[slot];
    return (struct rule_span){pack->rules + first, (size_t)(pack->country_start[slot + 1] - first)};
}

struct rule_span rule_pack_country(const struct rule_pack *pack, Str country) {
    size_t slot = country_slot(country);
    return slot == NO_COUNTRY ? (struct rule_span){NULL, 0} : span(pack, slot);
}

struct rule_span rule_pack_house(const struct rule_pack *pack) {
    return span(pack, COUNTRY_SLOTS);
}
