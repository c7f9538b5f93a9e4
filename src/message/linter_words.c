/* lint/LANGUAGE.txt: lists of expressions under [names], then what is said of each finding. */
#include "message/linter_words.h"

#include <string.h>

#include "base/embed.h"

static const char *const list_names[LINT_LISTS] = {[LIST_BLOCKED_SUBJECT] = "blocked-subject",
                                                   [LIST_COURT] = "court",
                                                   [LIST_THREAT] = "threat",
                                                   [LIST_BLAME] = "blame",
                                                   [LIST_HARSH] = "harsh",
                                                   [LIST_SOFT] = "soft",
                                                   [LIST_ACTION] = "action",
                                                   [LIST_URGENCY] = "urgency",
                                                   [LIST_SITUATION] = "situation",
                                                   [LIST_CONTACT] = "contact",
                                                   [LIST_OPT_OUT] = "opt-out",
                                                   [LIST_DEBT] = "debt",
                                                   [LIST_CAPITALS_ALLOWED] = "capitals-allowed"};

static const char *const language_codes[LINT_LANGUAGES] = {"es", "en", "pt"};

const struct lint_language *lint_language(const struct lint_words *words, Str code) {
    for (size_t i = 0; i < LINT_LANGUAGES; i++)
        if (str_starts(code, words->languages[i].code)) return &words->languages[i];
    return &words->languages[0];
}

/* ---- matching ---- */

/* Letters and digits as they are compared; anything else is a border between words. */
static bool is_letter(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F);
}

/* One letter folded: its base letters in lower case, at most 4 bytes. */
static size_t fold_letter(struct arena *arena, Str letter, char *out) {
    if (letter.n == 1) {
        char c = letter.p[0];
        out[0] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        return 1;
    }
    Str folded = str_fold(arena, letter);
    size_t n = folded.n < 4 ? folded.n : 4;
    memcpy(out, folded.p, n);
    return n;
}

static size_t skip_tag(Str s, size_t at) {
    while (at + 1 < s.n && !(s.p[at] == '}' && s.p[at + 1] == '}')) at++;
    return at + 2 < s.n ? at + 2 : s.n;
}

struct lint_plain lint_plain_of(struct arena *arena, Str original) {
    size_t room = 2 * original.n + 8, n = 0;
    char *text = arena_alloc(arena, room);
    size_t *at = ARENA_ARRAY(arena, size_t, room);
    text[n++] = ' ';
    for (size_t i = 0; i < original.n;) {
        if (original.p[i] == '{' && i + 1 < original.n && original.p[i + 1] == '{') {
            i = skip_tag(original, i);
            if (text[n - 1] != ' ') at[n] = i, text[n++] = ' ';
            continue;
        }
        size_t next = i;
        uint32_t c = str_next_codepoint(original, &next);
        char letters[4] = {' '};
        size_t count = is_letter(c) ? fold_letter(arena, (Str){original.p + i, next - i}, letters) : 1;
        for (size_t k = 0; k < count; k++) {
            if (letters[k] == ' ' && text[n - 1] == ' ') continue;
            at[n] = i;
            text[n++] = letters[k];
        }
        i = next;
    }
    if (text[n - 1] != ' ') at[n] = original.n, text[n++] = ' ';
    return (struct lint_plain){{text, n}, original, at};
}

Str lint_expression(struct arena *arena, Str words) {
    bool is_open = words.n && words.p[words.n - 1] == '*';
    struct lint_plain plain = lint_plain_of(arena, words);
    if (is_open) plain.text.n--;
    return plain.text;
}

Str lint_match_one(const struct lint_plain *plain, Str expression) {
    for (size_t i = 0; expression.n > 1 && i + expression.n <= plain->text.n; i++) {
        if (memcmp(plain->text.p + i, expression.p, expression.n) != 0) continue;
        size_t end = i + expression.n;
        while (end < plain->text.n && plain->text.p[end - 1] != ' ') end++; /* the rest of an open-ended word */
        size_t from = plain->at[i + 1], to = plain->at[end - 1];
        return (Str){plain->original.p + from, to - from};
    }
    return S("");
}

Str lint_match(const struct lint_plain *plain, const struct lint_expressions *list) {
    for (size_t i = 0; i < list->count; i++) {
        Str found = lint_match_one(plain, list->items[i]);
        if (found.n) return found;
    }
    return S("");
}

/* ---- reading ---- */

#define FINDINGS LINT_LISTS

static int section_named(Str name) {
    if (str_is(name, "findings")) return FINDINGS;
    int list = 0;
    while (list < LINT_LISTS && !str_is(name, list_names[list])) list++;
    return list < LINT_LISTS ? list : -1;
}

static enum rc read_finding(struct ctx *cx, struct lint_language *l, const char *name, int line_number, Str line) {
    Str remedy = line, found = str_cut(&remedy, '|'), id = str_trim(str_cut(&found, ':'));
    int check = 0;
    while (check < LINT_CHECKS && !str_is(id, lint_checks[check].id)) check++;
    if (check == LINT_CHECKS || !found.p || !remedy.p)
        return fail(cx, INVALID, "%s:%d: write the id of a finding, what is wrong | how to mend it", name, line_number);
    l->found[check] = str_trim(found);
    l->remedy[check] = str_trim(remedy);
    return OK;
}

static enum rc read_language(struct ctx *cx, const char *name, Str text, struct lint_language *l) {
    int line_number = 0, section = -1;
    for (Str rest = text; rest.p;) {
        Str line = str_trim(str_cut(&rest, '\n'));
        line_number++;
        if (line.n == 0 || line.p[0] == '#') continue;
        if (line.p[0] == '[') {
            section = section_named((Str){line.p + 1, line.n - 2});
            if (section < 0) return fail(cx, INVALID, "%s:%d: no such list", name, line_number);
        } else if (section == FINDINGS) {
            TRY(read_finding(cx, l, name, line_number, line));
        } else if (section >= 0) {
            *VEC_PUSH(cx->arena, &l->lists[section]) = lint_expression(cx->arena, line);
        }
    }
    for (int i = 0; i < LINT_LISTS; i++)
        if (!l->lists[i].count) return fail(cx, INVALID, "%s: the list [%s] is missing", name, list_names[i]);
    for (int i = 0; i < LINT_CHECKS; i++)
        if (!l->found[i].n) return fail(cx, INVALID, "%s: nothing is said of %s", name, lint_checks[i].id);
    return OK;
}

enum rc lint_words_load(struct ctx *cx, const struct lint_words **out_words) {
    struct lint_words *words = ARENA_NEW(cx->arena, struct lint_words);
    for (size_t i = 0; i < LINT_LANGUAGES; i++) {
        const char *name = arena_printf(cx->arena, "lint/%s.txt", language_codes[i]).p;
        Str text;
        MUST(embedded_find(name, &text));
        words->languages[i].code = str_from(language_codes[i]);
        TRY(read_language(cx, name, text, &words->languages[i]));
    }
    *out_words = words;
    return OK;
}

Str lint_found(const struct lint_words *words, const char *language, enum lint_check check) {
    return lint_language(words, str_from(language))->found[check];
}

Str lint_remedy(const struct lint_words *words, const char *language, enum lint_check check) {
    return lint_language(words, str_from(language))->remedy[check];
}
