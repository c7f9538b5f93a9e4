/* Texts looked at by the linter with the rules of a country, for the commands and the editor. */
#ifndef ACTION_TEMPLATE_LINT_H
#define ACTION_TEMPLATE_LINT_H

#include "action/action.h"
#include "message/linter.h"

/* Appends what is wrong with one text of the library; `path` is its place in it ("es/claim/firm-a.txt"), `file` what
 * findings call it, `country` empty: the company's. Whoever stores a text refuses it when lint_has_errors(), and shows
 * the rest. */
MUST_USE enum rc template_lint(struct ctx *cx, struct app *app, Str path, const char *file, Str text, Str country,
                               struct lint_findings *findings);
/* The end of a path on disk that is a place in the library: "es/claim/firm-a.txt", "es/phrases.txt", "layout.html". */
Str template_place(Str path);
/* The first error as a failure: INVALID at that field with file, line, what is wrong and the remedy, in the reader's language. */
MUST_USE enum rc template_lint_refuse(struct ctx *cx, const struct lint_findings *findings, const char *field);
/* "findings":[{file, line, id, principle, severity, rule, quoted, found, remedy, detail}], in the reader's language. */
MUST_USE enum rc put_findings(struct ctx *cx, struct json_writer *w, const char *key,
                              const struct lint_findings *findings);

#endif
