/* What many T's and outcomes of one transaction write, each kind with one statement. */
#include "base/buf.h"
#include "outbox/writer.h"
#include "outbox_sql.h"
#include "action_sql.h"

typedef VEC_OF(struct action_items_kept_row) VecOfKept;

/* The items as they were planned, of all that may leave. */
static enum rc read_items(struct writing *w, VecOfKept *out) {
    struct ctx *cx = w->cx;
    struct buf ids = buf_make(w->grants.count * 24 + 1);
    for (size_t i = 0; i < w->grants.count; i++) {
        if (i) buf_add_char(&ids, ',');
        buf_add_i64(&ids, w->grants.items[i].message->action_id);
    }
    Str set = arena_str(cx->arena, buf_str(&ids));
    buf_done(&ids);
    AUTO(action_items_kept_close) struct action_items_kept_cursor cursor = {0};
    TRY(action_items_kept_open(cx, &(struct action_items_kept_params){.ids = set}, &cursor));
    for (;;) {
        struct action_items_kept_row row;
        bool more;
        TRY(action_items_kept_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        row.step = arena_str(cx->arena, row.step);
        row.skipped = arena_str(cx->arena, row.skipped);
        *VEC_PUSH(cx->arena, out) = row;
    }
}

static struct action_item_insert_params item_of(const struct outgoing *m, const struct decided_item *x) {
    return (struct action_item_insert_params){.action_id = m->action_id,
                                              .customer_id = m->customer_id,
                                              .instalment_id = x->item->instalment_id,
                                              .step = x->step ? x->step->id : S(""),
                                              .occurrence = x->occurrence,
                                              .skipped = x->skipped,
                                              .open_then = x->item->open.minor};
}

static bool is_same(const struct action_items_kept_row *k, const struct action_item_insert_params *x) {
    return k->live && k->instalment_id == x->instalment_id && str_equal(k->step, x->step) &&
           k->occurrence == x->occurrence && str_equal(k->skipped, x->skipped) && k->open_then == x->open_then;
}

static bool is_among(const struct action_item_insert_params *x, const struct action_items_kept_row *kept, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (is_same(&kept[i], x)) return true;
    return false;
}

typedef VEC_OF(struct action_item_insert_params) VecOfItems;

/* Adds to `missing` what is to be written of one message; what stands there and is not so any more goes first. */
static enum rc compare_items(struct writing *w, const struct grant *g, const VecOfKept *all, VecOfItems *missing) {
    const struct decision *d = g->decision;
    size_t from = 0, n = 0, same = 0;
    while (from < all->count && all->items[from].action_id != g->message->action_id) from++;
    while (from + n < all->count && all->items[from + n].action_id == g->message->action_id) n++;
    const struct action_items_kept_row *kept = n ? &all->items[from] : NULL;
    for (size_t i = 0; i < d->item_count; i++) {
        struct action_item_insert_params x = item_of(g->message, &d->items[i]);
        same += is_among(&x, kept, n);
    }
    bool stale = same != n;
    if (stale) TRY(action_items_delete(w->cx, &(struct action_items_delete_params){.action_id = g->message->action_id}));
    for (size_t i = 0; i < d->item_count; i++) {
        struct action_item_insert_params x = item_of(g->message, &d->items[i]);
        if (stale || !is_among(&x, kept, n)) *VEC_PUSH(w->cx->arena, missing) = x;
    }
    return OK;
}

/* The items as of this instant: what was paid since is gone, amounts are the ledger's. */
static enum rc write_items(struct writing *w) {
    VecOfKept kept = {0};
    VecOfItems missing = {0};
    if (w->grants.count == 0) return OK;
    TRY(read_items(w, &kept));
    for (size_t i = 0; i < w->grants.count; i++) TRY(compare_items(w, &w->grants.items[i], &kept, &missing));
    return action_item_insert_bulk(w->cx, missing.items, missing.count);
}

enum rc writer_flush(struct writing *w) {
    struct ctx *cx = w->cx;
    TRY(write_items(w));
    TRY(action_set_handing_bulk(cx, w->handing.items, w->handing.count));
    TRY(message_body_put_bulk(cx, w->bodies.items, w->bodies.count));
    TRY(action_set_outcome_bulk(cx, w->outcomes.items, w->outcomes.count));
    return event_group_close(cx, &w->events);
}
