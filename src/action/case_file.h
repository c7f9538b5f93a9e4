/* The parts of a case file (REQ: L6). Private to case_file.c, case_chain.c and case_summary.c. */
#ifndef ACTION_CASE_FILE_H
#define ACTION_CASE_FILE_H

#include "action/app.h"
#include "action/lookup.h"
#include "document/statement_doc.h"

#define CASE_MAX ((size_t)1 << 30)

/* A file of the archive; what it says is in the manifest. */
struct case_part {
    Str name, bytes;
};

struct case_event {
    int64_t seq;
    Instant at;
    Str kind, subject, actor;
};

struct case_file {
    struct ctx *cx;
    struct call *call;
    int64_t customer_id;
    Date today;
    struct statement_doc statement;
    VEC_OF(struct case_part) parts;
    VEC_OF(struct case_event) events; /* of this customer */
    int64_t chained;                  /* events in chain.json, those that cover its rows among others too */
    int64_t head_seq;
    Str head_hash; /* hexadecimal */
};

/* `bytes` must live in cx->arena. */
void case_add(struct case_file *c, Str name, Str bytes);
/* A part being written as JSON. */
struct case_json {
    struct json_text text;
    struct buf buf;
};
struct json_writer *case_json_begin(struct case_json *j);
/* Gives it up, wherever it stands. */
void case_json_drop(struct case_json *j);
/* INVALID when it outgrew CASE_MAX. */
MUST_USE enum rc case_json_end(struct case_file *c, struct case_json *j, const char *name);

/* chain/chain.json and chain/hashes.txt: this customer's events and rows whole, of everybody else's the hashes alone. */
MUST_USE enum rc case_chain(struct case_file *c);
/* case.json and summary.pdf. After the chain. */
MUST_USE enum rc case_summary(struct case_file *c);

#endif
