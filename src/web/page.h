/* Between page.c, which shows pages, and page_form.c, which takes forms. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/exchange.h"
#include "web/form.h"

#define PAGE_MAX ((size_t)8 * 1024 * 1024)
#define RAW_MAX ((size_t)256 * 1024 * 1024)

/* What a page is made of. */
struct page {
    struct exchange *x;
    const struct action *action; /* whose value is shown; NULL: an error page */
    const char *view;
    const struct value *data;
    int status;
    const struct call *form; /* the refused form; NULL: none */
    bool form_is_get;
    Str form_to; /* where it was sent */
    const struct fields *sent;
    enum rc fault;
    Str tag;                            /* the if_match its forms go on with; empty: one of their own */
    const struct form_changes *changes; /* what another person changed meanwhile; NULL: nothing */
};

/* Sends it. */
void page_draw(const struct page *p);
/* Its view without what stands around it, in a buffer: what its forms hold. */
MUST_USE enum rc page_content(const struct page *p, struct buf *out);
/* The action's value. Parameters are set already. */
MUST_USE enum rc page_load(struct exchange *x, struct call *call, struct page *page);
/* Runs an action in an arena of its own: actions rewind theirs between rows, and the value they write must outlive that. */
MUST_USE enum rc page_run(struct exchange *x, struct call *call);
/* The fault as a sentence for people, with the field's label. */
Str page_fault_message(struct exchange *x);
/* "customer hold" as "customer_hold". */
Str page_underscored(struct ctx *cx, const char *verb);

/* ---- page_form.c ---- */
/* A form that was sent. */
void page_write(struct exchange *x);
/* The page that holds a form, with what was typed and what is wrong with it. */
void page_refused(struct exchange *x, const struct call *form, enum rc rc, int status, const struct form_changes *changes);
/* The page of an action's form; NULL: none. */
const struct action *page_of_form(const struct action *a);
/* Marks in the finished page: tags of what its forms hold, and what a refused form was told. */
void page_dress(const struct page *p, struct buf *page);

#endif
