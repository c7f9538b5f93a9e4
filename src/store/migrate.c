/* Migrations: compares what the database has with what the program knows, and applies the rest. INV: I23 */
#include "store/migrate.h"

#include <nettle/sha2.h>
#include <string.h>

#include "base/embed.h"
#include "migrate_sql.h"
#include "store/ddl.h"
#include "store/driver.h"
#include "store/migrate_list.h"

#define FOLDER "src/store/migrations/"

struct migration_list migration_list_embedded(struct ctx *cx) {
    VEC_OF(struct migration) found = {0};
    for (size_t i = 0; i < embedded_file_count; i++) {
        const struct embedded_file *file = &embedded_files[i];
        Str path = str_from(file->name), folder = S(FOLDER);
        if (!str_starts(path, folder)) continue;
        int64_t number = 0;
        MUST(path.n > folder.n + 5 && str_to_i64((Str){path.p + folder.n, 4}, &number));
        *VEC_PUSH(cx->arena, &found) = (struct migration){(int)number, path.p + folder.n, file->bytes};
    }
    return (struct migration_list){.items = found.items, .count = found.count};
}

struct checksum {
    uint8_t bytes[SHA256_DIGEST_SIZE];
};

static struct checksum checksum_of(Str text) {
    struct sha256_ctx hash;
    struct checksum sum;
    sha256_init(&hash);
    sha256_update(&hash, text.n, (const uint8_t *)text.p);
    sha256_digest(&hash, sizeof sum.bytes, sum.bytes);
    return sum;
}

static const struct migration *find(const struct migration_list *list, int64_t number) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].number == number) return &list->items[i];
    return NULL;
}

static int highest(const struct migration_list *list) { return list->count ? list->items[list->count - 1].number : 0; }

static enum rc check_row(struct ctx *cx, const struct migration_list *list, const struct migration_applied_row *row) {
    if (row->number > highest(list))
        return fail_field(cx, CONFLICT, NULL, "install the newer version of the program",
                          "the database has schema %lld, this program knows only %d", (long long)row->number,
                          highest(list));
    const struct migration *known = find(list, row->number);
    if (!known)
        return fail(cx, CONFLICT, "the database has migration %.*s, which this program does not know",
                    STR_ARG(row->name));
    struct checksum sum = checksum_of(known->text);
    if (row->sha256.n != sizeof sum.bytes || memcmp(row->sha256.p, sum.bytes, sizeof sum.bytes) != 0)
        return fail_field(cx, CONFLICT, NULL, "use the program version that made the database",
                          "migration %.*s differs from the file applied to the database", STR_ARG(row->name));
    return OK;
}

/* How many of the list are applied; they must be its beginning. In a transaction. */
static enum rc count_applied(struct ctx *cx, const struct migration_list *list, size_t *out_count, int *out_present) {
    struct migration_table_row table;
    size_t count = 0;
    *out_count = 0;
    *out_present = 0;
    TRY(migration_table(cx, &table));
    if (!table.present) return OK;
    AUTO(migration_applied_close) struct migration_applied_cursor cursor = {0};
    TRY(migration_applied_open(cx, &cursor));
    for (bool more = true; more;) {
        struct migration_applied_row row;
        TRY(migration_applied_next(cx, &cursor, &row, &more));
        if (!more) break;
        TRY(check_row(cx, list, &row));
        if (list->items[count].number != row.number)
            return fail(cx, CONFLICT, "migration %s is missing in the database although later ones are there",
                        list->items[count].name);
        count++;
        *out_present = (int)row.number;
    }
    *out_count = count;
    return OK;
}

enum rc migration_list_check(struct ctx *cx, struct db *db, const struct migration_list *list,
                             struct migrate_state *out_state) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, db, TX_READ));
    size_t count = 0;
    struct migrate_state state = {.wanted = highest(list)};
    TRY(count_applied(cx, list, &count, &state.present));
    *out_state = state;
    return OK;
}

struct step {
    const struct migration_list *list;
    const struct migration *migration;
};

static enum rc run_statement(struct ctx *cx, void *self, const char *sql) {
    const struct step *step = self;
    TRY(cx->tx->db->driver->run(cx, cx->tx->db, sql, step->migration->name));
    if (step->list->after_statement) step->list->after_statement(step->list->self);
    return OK;
}

/* Applies the first missing one; *out_more false when there is none. */
static enum rc apply_next(struct ctx *cx, struct db *db, const struct migration_list *list, bool *out_more) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, db, TX_WRITE));
    size_t count = 0;
    int present = 0;
    TRY(count_applied(cx, list, &count, &present));
    *out_more = count < list->count;
    if (!*out_more) return OK;
    struct step step = {list, &list->items[count]};
    TRY(ddl_each(cx, step.migration->name, step.migration->text, db_engine(db), run_statement, &step));
    struct checksum sum = checksum_of(step.migration->text);
    TRY(migration_add(cx, &(struct migration_add_params){.number = step.migration->number,
                                                         .name = str_from(step.migration->name),
                                                         .sha256 = {(const char *)sum.bytes, sizeof sum.bytes}}));
    return tx_commit(cx);
}

enum rc migration_list_up(struct ctx *cx, struct db *db, const struct migration_list *list, int *out_applied) {
    int applied = 0;
    for (bool more = true; more;) {
        TRY(apply_next(cx, db, list, &more));
        if (more) applied++;
    }
    if (applied) stmt_forget(db);
    *out_applied = applied;
    return OK;
}

enum rc migrate_check(struct ctx *cx, struct db *db, struct migrate_state *out_state) {
    struct migration_list list = migration_list_embedded(cx);
    return migration_list_check(cx, db, &list, out_state);
}

void migrate_missing(struct ctx *cx, const struct migrate_state *state, Str **out_names, size_t *out_count) {
    struct migration_list list = migration_list_embedded(cx);
    VEC_OF(Str) names = {0};
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].number > state->present) *VEC_PUSH(cx->arena, &names) = str_from(list.items[i].name);
    *out_names = names.items;
    *out_count = names.count;
}

enum rc migrate_up(struct ctx *cx, struct db *db, int *out_applied) {
    struct migration_list list = migration_list_embedded(cx);
    return migration_list_up(cx, db, &list, out_applied);
}
