/* The linter of message texts (REQ: D5): eight principles of a good collection text, words that must not be said, the
 * text rules of countries, and what a channel cannot carry.
 *
 * Principles: 1 an urgent subject that describes, 2 the creditor named, 3 situation and wanted action, 4 statement and
 * documents, 5 ways to pay, 6 what to send to report a payment, 7 ways to answer, 8 the right tone. What it looks for
 * in a language, what it says of a finding and how to mend it are data: lint/LANGUAGE.txt. Pure: reads its arguments
 * and nothing else. docs/ref/linter.md is the page for authors. */
#ifndef MESSAGE_LINTER_H
#define MESSAGE_LINTER_H

#include "message/compose.h"

enum lint_check {
    LINT_SUBJECT_VAGUE,
    LINT_SUBJECT_NO_ITEM,
    LINT_SUBJECT_NO_URGENCY,
    LINT_SUBJECT_LONG,
    LINT_CREDITOR_MISSING,
    LINT_SITUATION_MISSING,
    LINT_ACTION_MISSING,
    LINT_REASON_MISSING,
    LINT_STATEMENT_MISSING,
    LINT_WAYS_MISSING,
    LINT_REPORT_MISSING,
    LINT_CONTACT_MISSING,
    LINT_TONE_HARSH,
    LINT_TONE_SOFT,
    LINT_TONE_NO_DEADLINE,
    LINT_COURT,
    LINT_THREAT,
    LINT_BLAME,
    LINT_DISCLOSURE,
    LINT_AMOUNT,
    LINT_AMOUNT_TYPED,
    LINT_EXCLAMATION,
    LINT_CAPITALS,
    LINT_SMS_LONG,
    LINT_SMS_ALPHABET,
    LINT_UNKNOWN_FIELD,
    LINT_SYNTAX,
    LINT_VARIANT_ALIKE,
    LINT_RULE_FORBIDDEN,
    LINT_RULE_OPT_OUT,
    LINT_RULE_IDENTITY,
    LINT_CHECKS
};

struct lint_check_info {
    const char *id; /* "subject-vague", as lint/es.txt, tests and the command have it */
    int principle;  /* 1 to 8; 0: another rule */
    bool is_error;  /* a text with it is not taken; false: a warning */
};
extern const struct lint_check_info lint_checks[LINT_CHECKS];

/* A text rule of a country (strategy/contact_rules.h has them; whoever calls converts). */
struct lint_rule {
    Str id, kind, text; /* kind: question, wording …; or what is required: opt_out, identity … */
    bool required;
    const Str *phrases;
    size_t phrase_count;
};

/* One file to look at. */
struct lint_source {
    Str path;         /* within the library, "es/claim/firm-a.txt"; tells language, kind, form, tone and reader */
    const char *file; /* what findings call it */
    Str text;
    Str country; /* whose rules apply and whose words phrases take; empty: none */
    const struct lint_rule *rules;
    size_t rule_count;
};

struct lint_finding {
    enum lint_check check;
    Str file;
    int line;   /* 1 when it is about the whole */
    Str quoted; /* the place as written; may be empty */
    Str rule;   /* id of the country's rule; else empty */
    Str detail; /* the other wording of LINT_VARIANT_ALIKE, the reader's complaint of LINT_SYNTAX; else empty */
};
struct lint_findings {
    struct lint_finding *items;
    size_t count, capacity;
};

struct lint_words;
/* The lists of all languages, in cx->arena. INVALID names file and line. */
MUST_USE enum rc lint_words_load(struct ctx *cx, const struct lint_words **out_words);

/* Appends what is wrong with one file, in the order of its lines; phrases come from `library`, which need not hold the
 * file itself. A file that cannot be read gives one finding, LINT_SYNTAX or LINT_UNKNOWN_FIELD. */
void lint_text(struct ctx *cx, const struct lint_words *words, const struct message_library *library,
               const struct lint_source *source, struct lint_findings *findings);
/* Appends wordings of the same kind, form, tone and reader that read too much alike, among many files. */
void lint_variants(struct ctx *cx, const struct lint_source *sources, size_t count, struct lint_findings *findings);

/* Whether any of them is an error. */
bool lint_has_errors(const struct lint_findings *findings);
/* What is wrong and how to mend it, in a language ("es", "en", "pt"). */
Str lint_found(const struct lint_words *words, const char *language, enum lint_check check);
Str lint_remedy(const struct lint_words *words, const char *language, enum lint_check check);
/* The reference page, in Markdown. */
void lint_document(const struct lint_words *words, struct buf *out);

#endif
