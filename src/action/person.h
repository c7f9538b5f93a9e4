/* Who did something, as people know them. The record keeps numbers ("user:7"), so that erasing a person leaves no name behind (INV: I24);
 * names are looked up when the record is shown. */
#ifndef ACTION_PERSON_H
#define ACTION_PERSON_H

#include "action/action.h"

/* Members "actor" (as recorded), "actor_name" (null when there is none to show) and "by": person, erased, key, console or aldia.
 * Needs a transaction. */
MUST_USE enum rc put_actor(struct ctx *cx, struct json_writer *w, Str actor);

/* The same in one text for a document: "Lucía Peña (user:3)"; as recorded where there is no name. In cx->arena. */
MUST_USE enum rc actor_text(struct ctx *cx, Str actor, Str *out_text);

#endif
