/* Plain text as people read it in a mail: one-line values, wrapped lines, aligned rows.
 *
 * While a text is being made, U+00A0 marks the spaces where no line may break (inside amounts, dates, rows);
 * plain_finish turns them into ordinary ones. */
#ifndef MESSAGE_PLAIN_H
#define MESSAGE_PLAIN_H

#include "base/buf.h"
#include "base/ctx.h"

#define NBSP "\xC2\xA0"
#define PLAIN_COLUMNS 78

/* In one line: white space and control characters become single spaces, none at the ends. The same Str when nothing
 * changes. */
Str plain_line(struct arena *arena, Str s);
/* Every space becomes U+00A0: no line may break inside. */
Str plain_unbroken(struct arena *arena, Str s);
/* U+00A0 becomes a space. */
Str plain_spaces(struct arena *arena, Str s);
/* The finished text: lines wrapped at PLAIN_COLUMNS where ordinary spaces allow, at most one blank line running, none
 * at the ends. */
Str plain_finish(struct arena *arena, Str s);

#define ROW_CELLS 5
/* Lines up cells[i][0..ROW_CELLS), the last two right-aligned, separated by at least three U+00A0; columns that are
 * empty everywhere are left out. Writes out_rows[0..count). */
void plain_rows(struct arena *arena, Str (*cells)[ROW_CELLS], size_t count, Str *out_rows);

#endif
