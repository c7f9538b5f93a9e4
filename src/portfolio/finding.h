/* The words people search by: which words a text has, and keeping them beside the rows they come from.
 *
 * Words are written in the transaction of their row, by whoever writes the row; a hit is read from the row again, so that a word left
 * behind finds nothing. An ordinary table with the same rows on both engines takes the place of FTS5 and pg_trgm: a range of it can be
 * cut short, so that searching for a word a million rows have takes no longer than for any other. Order does not matter; accents and
 * capitals do not either. */
#ifndef PORTFOLIO_FINDING_H
#define PORTFOLIO_FINDING_H

#include "base/arena.h"
#include "base/ctx.h"

/* What the id of a word names. Kept in the database: numbers are not used again. */
enum find_kind {
    FIND_NAME = 1,   /* a customer: words of the name after the first, which customer_name finds */
    FIND_TAX_ID = 2, /* a customer */
    FIND_PERSON = 3, /* a contact: words of the name */
    FIND_EMAIL = 4,  /* a contact: the address, and its domain */
    FIND_PHONE = 5,  /* a contact: digits from the last to the first */
    FIND_DOCUMENT = 6, /* a document's reference */
    FIND_PAYMENT = 7,  /* a payment's reference and external id */
    FIND_NOTE = 8,     /* the event of a note */
    FIND_DISPUTE = 9,
    FIND_HOLD = 10,
};

#define FIND_WORDS_MOST 64 /* of one text; what follows is not found */
#define FIND_WORD_MOST 40  /* bytes; longer words are cut */
#define FIND_NUMBER_LEAST 3

/* Words being gathered, written together; starts as {0}. */
struct search_word_insert_params;
struct find_words {
    VEC_OF(struct search_word_insert_params) rows;
};

/* The words of a free text. */
void find_gather_text(struct ctx *cx, struct find_words *words, enum find_kind kind, int64_t id, int64_t customer_id, Str text);
/* A reference: its numbers of three digits or more, without the zeros in front; if it has none, all its letters and digits in one. A text
 * of several words counts as free, too. One word for most: millions of references are imported. */
void find_gather_code(struct ctx *cx, struct find_words *words, enum find_kind kind, int64_t id, int64_t customer_id, Str text);
void find_gather_customer(struct ctx *cx, struct find_words *words, int64_t id, Str name, Str tax_id);
void find_gather_contact(struct ctx *cx, struct find_words *words, int64_t id, int64_t customer_id, Str name, Str email, Str phone,
                         Str whatsapp);
/* Of rows that are new in this transaction. */
MUST_USE enum rc find_write(struct ctx *cx, struct find_words *words);
/* Of a row that changed: what it had goes, what it has comes. */
MUST_USE enum rc find_replace(struct ctx *cx, struct find_words *before, struct find_words *after);

/* Writes an event that carries a person's words, as event_note, and lets them be found. */
MUST_USE enum rc find_note(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, Str data, Str text);
/* Of one new row with a free text. */
MUST_USE enum rc find_add(struct ctx *cx, enum find_kind kind, int64_t id, int64_t customer_id, Str text);

/* Whether the company's words have been written from the beginning; and writing them. Making needs a writing transaction. */
MUST_USE enum rc find_is_ready(struct ctx *cx, bool *out_ready);
MUST_USE enum rc find_make(struct ctx *cx);

/* A text somebody searches for. */
#define FIND_TOKENS 8
struct find_query {
    Str text, folded;          /* trimmed; folded */
    Str tokens[FIND_TOKENS];   /* its words, folded */
    size_t count;
    Str number;                /* its longest number, without the zeros in front; empty without */
    Str compact;               /* its letters and digits in one, folded */
    Str digits;                /* its digits, when it is made of digits and what stands between them in a telephone number */
};
/* The text of a note, out of its event's data. */
Str find_note_text(struct ctx *cx, Str data);
void find_query_read(struct ctx *cx, Str text, struct find_query *out);

/* A text in pieces, those that were found marked; whatever matched is marked, however it is written. */
struct find_piece {
    Str text;
    bool is_hit;
};
/* In cx->arena. *out_all: every token was found. */
size_t find_mark(struct ctx *cx, const struct find_query *query, Str text, struct find_piece **out_pieces, bool *out_all);

#endif
