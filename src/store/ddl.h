/* Inside store: one text of schema definitions, expanded for either engine (migrate.h names the words). */
#ifndef STORE_DDL_H
#define STORE_DDL_H

#include "store/db.h"

/* Gives `run` each statement of `text`, expanded. INVALID on an unknown @word; `name` is the file, for messages. */
MUST_USE enum rc ddl_each(struct ctx *cx, const char *name, Str text, enum db_engine engine,
                          enum rc (*run)(struct ctx *cx, void *self, const char *sql), void *self);

#endif
