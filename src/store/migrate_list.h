/* Inside store: migrations from a given list, for migrate.c (the embedded ones) and its tests. */
#ifndef STORE_MIGRATE_LIST_H
#define STORE_MIGRATE_LIST_H

#include "store/migrate.h"

struct migration {
    int number;
    const char *name;
    Str text;
};

/* Sorted by number. Number 0 makes the table schema_migration. */
struct migration_list {
    const struct migration *items;
    size_t count;
    /* Called after each statement, for tests that pull the plug; may be NULL. */
    void (*after_statement)(void *self);
    void *self;
};

/* The program's own, in cx->arena. */
struct migration_list migration_list_embedded(struct ctx *cx);
MUST_USE enum rc migration_list_check(struct ctx *cx, struct db *db, const struct migration_list *list,
                                      struct migrate_state *out_state);
MUST_USE enum rc migration_list_up(struct ctx *cx, struct db *db, const struct migration_list *list, int *out_applied);

#endif
