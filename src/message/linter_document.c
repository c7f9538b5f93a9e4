/* docs/ref/linter.md, from the declarations and the English list. */
#include "message/linter.h"

static const char intro[] =
    "# The linter of texts\n\n"
    "`aldia template lint [FILE…] [--country CC]` looks at texts before anybody reads them; `aldia template set` "
    "refuses a "
    "text with errors and\nshows its warnings. This page is written from `src/message/linter.c` and `lint/en.txt` "
    "(`ACCEPT=1` with the unit suite `linter`).\n\n"
    "The words it looks for, and what it says, are data: `lint/es.txt`, `lint/en.txt`, `lint/pt.txt`, one expression a "
    "line "
    "under the name of its\nlist, compared without accents and capitals and by whole words. What countries forbid and "
    "require "
    "comes from `rules/` ([rules.md](rules.md));\n`test/golden/lint/` holds a bad text for each finding.\n\n"
    "Principles: 1 an urgent subject that describes, 2 the creditor named, 3 situation and wanted action, 4 statement "
    "and "
    "documents, 5 ways to pay,\n6 what to send to report a payment, 7 ways to answer, 8 the right tone. What the "
    "layouts "
    "carry (4 to 7 of an e-mail) no text has to repeat. A\ntext is looked at twice, as one about a single item and as "
    "one "
    "about several.\n\n"
    "| Finding | Principle | | What is wrong | How to mend it |\n|---|---|---|---|---|\n";

/* A bar would end the cell. */
static void add_cell(struct buf *out, Str text) {
    buf_add(out, S(" "));
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '|') buf_add_char(out, '\\');
        buf_add_char(out, text.p[i]);
    }
    buf_add(out, S(" |"));
}

void lint_document(const struct lint_words *words, struct buf *out) {
    buf_add(out, S(intro));
    for (int i = 0; i < LINT_CHECKS; i++) {
        const struct lint_check_info *check = &lint_checks[i];
        buf_printf(out, "| `%s` | ", check->id);
        if (check->principle) buf_add_i64(out, check->principle);
        buf_printf(out, " | %s |", check->is_error ? "error" : "warning");
        add_cell(out, lint_found(words, "en", (enum lint_check)i));
        add_cell(out, lint_remedy(words, "en", (enum lint_check)i));
        buf_add_char(out, '\n');
    }
}
