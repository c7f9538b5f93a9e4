/* Forms as they stand in a finished page: what their fields hold, and marks set into them.
 *
 * Views write a form once, as it looks when nothing went wrong. What was typed into a refused form, what is wrong with it and what
 * another person changed meanwhile is put into the page afterwards, by the names of the fields, so no view can forget it. Pages are our
 * own: well-formed, with quoted attributes. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "base/arena.h"
#include "base/buf.h"
#include "web/fields.h"

/* TYPED: a text, date, number or textarea; CHOSEN: a select; TICKED: a checkbox or radio; SECRET: a password; FILED: a file. */
enum control_kind { CONTROL_TYPED, CONTROL_CHOSEN, CONTROL_TICKED, CONTROL_SECRET, CONTROL_FILED, CONTROL_HIDDEN };
struct control {
    enum control_kind kind;
    Str name, id, value; /* value: as it would be sent; of a TICKED one whether ticked or not */
    Str says;            /* the value as people read it: an option's label */
    bool ticked, is_area;
    size_t tag, tag_end; /* the opening tag, from < to behind > */
    size_t body_end;     /* of a textarea or select: where its closing tag begins */
    size_t end;          /* where words about it may stand */
};
struct html_form {
    Str action; /* the path, without a query */
    bool is_get;
    size_t tag, tag_end;
    VEC_OF(struct control) controls;
    VEC_OF(Str) others; /* where its buttons send it instead */
};

/* The next form from *at on, without its controls; false when there is none. */
bool form_next(struct arena *arena, Str page, size_t *at, struct html_form *out_form);
/* Its controls and buttons. */
void form_read(struct arena *arena, Str page, struct html_form *f);
/* - and _ are one. */
bool form_same_name(Str a, Str b);
/* Whether a person puts something into it that can be shown again. */
bool control_is_told(const struct control *c);
/* An attribute of an opening tag, decoded; p == NULL without. *out_at and *out_n: where it stands in the page with the blank before it. */
Str form_attribute(struct arena *arena, Str page, size_t tag, size_t tag_end, const char *name, size_t *out_at, size_t *out_n);

/* ---- tags: what a form held when it was read ---- */

/* "ACTION;NAME=SUM;NAME=SUM" of what a person sees in it; empty when there is nothing. */
Str form_tag(struct arena *arena, const struct html_form *f);
/* One field that changed since a tag was made. */
struct form_change {
    Str name;
    Str says;        /* what it holds now, as people read it; empty: nothing, or a tick */
    bool is_touched; /* the caller typed something else than what was read */
};
struct form_changes {
    VEC_OF(struct form_change) items;
    Str tag; /* of the form as it is now */
    bool is_gone; /* there is no such form any more */
};
/* What changed between the tag and `page` as it is now, where it would be overwritten by what was sent. Holds nothing of `page`. */
void form_compare(struct arena *arena, Str page, Str tag, const struct fields *sent, struct form_changes *out_changes);

/* ---- marks ---- */

struct form_words {
    Str lang;
    bool may_focus;
};
/* A refused form. */
struct form_refused {
    Str path; /* it was sent to */
    bool is_get;
    const struct fields *sent;
    Str field, message;                 /* the fault; field empty: of no field */
    const struct form_changes *changes; /* NULL: none */
};
struct splice {
    size_t at, cut;
    Str put;
};
struct splices {
    VEC_OF(struct splice) items;
};
void splice_add(struct arena *arena, struct splices *s, size_t at, size_t cut, Str put);
/* The page with all of them. */
void splices_apply(struct splices *s, Str page, struct buf *out);
/* Where the refused form stands: the one sent to that path with those hidden values, else the one with most of its fields. */
bool form_find_refused(struct arena *arena, Str page, const struct form_refused *r, struct html_form *out_form);
/* Typed values, the fault beside its field, what others changed beside theirs, and the focus on the first. `f`: the form; NULL: it is not on
 * the page. */
void form_mark(struct arena *arena, const struct form_words *w, Str page, const struct form_refused *r, const struct html_form *f, struct splices *s);

#endif
