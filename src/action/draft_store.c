/* Drafts kept in the database, one a strategy, and whether what somebody saw is still what there is. */
#include "action/draft_store.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "strategy/strategy.h"

#define STRATEGY_FILE_MAX ((size_t)1024 * 1024)

enum rc find_strategy(struct ctx *cx, Str code, struct strategy_by_code_row *out) {
    bool found;
    TRY(strategy_by_code(cx, &(struct strategy_by_code_params){.code = code}, out, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "code", "aldia strategy list shows them", "there is no strategy %.*s",
                          (int)(code.n < 80 ? code.n : 80), code.p);
    out->name = arena_str(cx->arena, out->name);
    out->segments = arena_str(cx->arena, out->segments);
    out->source = arena_str(cx->arena, out->source);
    return OK;
}

enum rc strategy_take_file(struct ctx *cx, const struct call *call, Str *out_yaml, struct strategy *out_strategy) {
    const char *path = arena_cstr(cx->arena, arg_text(call, "file"));
    enum rc rc = file_read(cx, path, STRATEGY_FILE_MAX, out_yaml);
    if (rc == OK) rc = strategy_parse(cx, *out_yaml, file_name(path), out_strategy);
    if (rc == INVALID && !cx->fault.field[0]) snprintf(cx->fault.field, sizeof cx->fault.field, "file");
    return rc;
}

enum rc draft_load(struct ctx *cx, Str code, struct kept_draft *out) {
    struct kept_draft k = {.actor = S(""), .changed_at = INSTANT_NONE};
    struct strategy_draft_get_row row;
    TRY(find_strategy(cx, code, &k.strategy));
    TRY(strategy_draft_read(cx, k.strategy.source, &k.force));
    TRY(strategy_draft_get(cx, &(struct strategy_draft_get_params){.id = k.strategy.id}, &row, &k.is_draft));
    k.base_version = k.is_draft ? row.base_version : k.strategy.version;
    if (k.is_draft) {
        k.actor = arena_str(cx->arena, row.actor);
        k.changed_at = row.changed_at;
    }
    TRY(strategy_draft_read(cx, k.is_draft ? arena_str(cx->arena, row.source) : k.strategy.source, &k.draft));
    *out = k;
    return OK;
}

enum rc draft_keep(struct ctx *cx, struct kept_draft *k) {
    Str text = strategy_draft_write(cx->arena, &k->draft);
    bool differs = !str_equal(text, strategy_draft_write(cx->arena, &k->force));
    if (!differs) return strategy_draft_drop(cx, &(struct strategy_draft_drop_params){.id = k->strategy.id});
    return strategy_draft_put(cx, &(struct strategy_draft_put_params){.id = k->strategy.id,
                                                                      .base_version = k->base_version,
                                                                      .source = text,
                                                                      .actor = str_from(cx->actor)});
}

Str draft_print(struct arena *arena, Str text) { return arena_printf(arena, "%016" PRIx64, str_hash(text)); }

enum rc draft_check_was(struct ctx *cx, const struct call *call, Str now) {
    if (!arg_has(call, "was") || str_equal(arg_text(call, "was"), draft_print(cx->arena, now))) return OK;
    return fail_field(cx, CONFLICT, "was", "look at it as it is now, then save again to put yours in its place",
                      "another person changed this meanwhile");
}
