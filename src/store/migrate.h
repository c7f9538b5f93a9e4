/* Migrations: numbered files in store/migrations, one text for both engines, forward only, each in one transaction.
 *
 * A column type is written @id @int @bool @money @date @stamp @text @json @blob @real and expanded per engine. The
 * table `schema_migration` keeps number, name and SHA-256 of what was applied; a file that changed since is refused. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

struct migrate_state {
    int present; /* highest number applied; 0 in an empty database */
    int wanted;  /* highest number this program knows */
};
/* CONFLICT when the database is newer than the program or an applied file has another checksum. */
MUST_USE enum rc migrate_check(struct ctx *cx, struct db *db, struct migrate_state *out_state);
/* Names of the files not applied yet, in order, in cx->arena; after migrate_check only. */
void migrate_missing(struct ctx *cx, const struct migrate_state *state, Str **out_names, size_t *out_count);
/* Applies what is missing, one transaction each; killed anywhere it leaves the old or the new schema (I23). */
MUST_USE enum rc migrate_up(struct ctx *cx, struct db *db, int *out_applied);

#endif
