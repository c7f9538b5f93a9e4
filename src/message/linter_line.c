/* What must not be said: looked for in every line as it is written, so that a finding has its place. */
#include "message/linter_parts.h"

#include <string.h>

static void look_for(struct linting *l, const struct lint_line *line, const struct lint_plain *plain,
                     enum lint_list list, enum lint_check check) {
    Str quoted = lint_match(plain, &l->words->lists[list]);
    if (quoted.n) lint_add(l, check, line->number, quoted);
}

static void look_for_rules(struct linting *l, const struct lint_line *line, const struct lint_plain *plain) {
    for (size_t i = 0; i < l->source->rule_count; i++) {
        const struct lint_rule *rule = &l->source->rules[i];
        Str quoted = S("");
        for (size_t k = 0; k < rule->phrase_count && !rule->required && quoted.n == 0; k++)
            quoted = lint_match_one(plain, lint_expression(l->cx->arena, rule->phrases[k]));
        /* What every country forbids has its own finding. */
        if (quoted.n == 0 || lint_match(plain, &l->words->lists[LIST_COURT]).n) continue;
        lint_add(l, LINT_RULE_FORBIDDEN, line->number, quoted)->rule = rule->id;
    }
}

static bool is_capital(uint32_t c) { return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7); }
static bool is_small(uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7); }

static bool is_allowed_in_capitals(struct linting *l, Str word) {
    struct lint_plain plain = lint_plain_of(l->cx->arena, word);
    return lint_match(&plain, &l->words->lists[LIST_CAPITALS_ALLOWED]).n > 0;
}

/* The text with tags blanked, byte for byte. */
static Str without_tags(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    bool inside = false;
    for (size_t i = 0; i < s.n; i++) {
        bool opens = s.p[i] == '{' && i + 1 < s.n && s.p[i + 1] == '{';
        bool closes = inside && i && s.p[i] == '}' && s.p[i - 1] == '}';
        inside = inside || opens;
        out[i] = inside ? ' ' : s.p[i];
        if (closes) inside = false;
    }
    return (Str){out, s.n};
}

/* A word of four or more letters, all of them capitals. */
static void look_for_capitals(struct linting *l, const struct lint_line *line, Str bare) {
    size_t from = 0, letters = 0;
    bool small = false, digit = false;
    for (size_t i = 0; i <= bare.n;) {
        size_t next = i + 1;
        uint32_t c = i < bare.n ? str_next_codepoint(bare, &(size_t){i}) : ' ';
        if (i < bare.n) {
            next = i;
            (void)str_next_codepoint(bare, &next);
        }
        bool in_word = is_capital(c) || is_small(c) || (c >= '0' && c <= '9');
        if (in_word && letters == 0 && !digit) from = i;
        letters += is_capital(c) || is_small(c);
        small = small || is_small(c);
        digit = digit || (c >= '0' && c <= '9');
        if (!in_word) {
            Str word = {bare.p + from, i - from};
            if (letters >= 4 && !small && !digit && !is_allowed_in_capitals(l, word)) {
                lint_add(l, LINT_CAPITALS, line->number, (Str){line->text.p + from, i - from});
                return;
            }
            letters = 0;
            small = digit = false;
        }
        i = next;
    }
}

static void look_for_exclamations(struct linting *l, const struct lint_line *line, Str bare) {
    for (size_t i = 0; i < bare.n; i++) {
        bool inverted = bare.p[i] == '\xC2' && i + 1 < bare.n && bare.p[i + 1] == '\xA1';
        if (bare.p[i] != '!' && !inverted) continue;
        lint_add(l, LINT_EXCLAMATION, line->number, (Str){line->text.p + i, inverted ? 2 : 1});
        return;
    }
}

/* "$ 1.200", "€5", "R$ 10", "1.200 €", "USD 300", "300 EUR": the place, or empty. */
static Str typed_amount(Str s) {
    static const char *const signs[] = {"$", "\xE2\x82\xAC", "\xC2\xA3", "S/", "Bs", "\xE2\x82\xB2", "\xE2\x82\xA1"};
    for (size_t i = 0; i < s.n; i++) {
        size_t behind = i;
        for (size_t k = 0; k < COUNT_OF(signs) && behind == i; k++)
            if (str_starts((Str){s.p + i, s.n - i}, str_from(signs[k]))) behind = i + strlen(signs[k]);
        Currency currency;
        bool at_word = i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == '(';
        if (behind == i && at_word && i + 3 < s.n && currency_parse((Str){s.p + i, 3}, &currency)) behind = i + 3;
        if (behind == i) continue;
        size_t digits = behind;
        while (digits < s.n && (s.p[digits] == ' ' || s.p[digits] == '.')) digits++;
        if (digits < s.n && is_digit(s.p[digits])) return (Str){s.p + i, digits + 1 - i};
        if (i >= 2 && s.p[i - 1] == ' ' && is_digit(s.p[i - 2])) return (Str){s.p + i - 2, behind + 2 - i};
        if (i >= 1 && is_digit(s.p[i - 1])) return (Str){s.p + i - 1, behind + 1 - i};
    }
    return S("");
}

bool lint_is_public(const struct wording *w) { return w && (w->form == FORM_SMS || w->form == FORM_VOICEMAIL); }

void lint_line(struct linting *l, const struct lint_line *line) {
    struct lint_plain plain = lint_plain_of(l->cx->arena, line->text);
    Str bare = without_tags(l->cx->arena, line->text);
    look_for(l, line, &plain, LIST_COURT, LINT_COURT);
    look_for(l, line, &plain, LIST_THREAT, LINT_THREAT);
    look_for(l, line, &plain, LIST_BLAME, LINT_BLAME);
    if (l->w && l->w->tone != TONE_FIRM) look_for(l, line, &plain, LIST_HARSH, LINT_TONE_HARSH);
    if (l->w && l->w->tone == TONE_FIRM) look_for(l, line, &plain, LIST_SOFT, LINT_TONE_SOFT);
    if (lint_is_public(l->w)) look_for(l, line, &plain, LIST_DEBT, LINT_DISCLOSURE);
    look_for_rules(l, line, &plain);
    look_for_exclamations(l, line, bare);
    look_for_capitals(l, line, bare);
    Str amount = typed_amount(bare);
    if (amount.n)
        lint_add(l, lint_is_public(l->w) ? LINT_AMOUNT : LINT_AMOUNT_TYPED, line->number,
                 (Str){line->text.p + (amount.p - bare.p), amount.n});
}
