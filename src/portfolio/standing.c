/* Keeping the sums: the rows of changed customers are made anew and the totals moved by the difference. On a new day those are changed who
 * owe something that has come into another bucket. All is made anew after a large import, or when days were missed. */
#include "portfolio/standing.h"

#include "standing_sql.h"

#define CHANGED_MAX 5000 /* remade in a moment */
#define DAYS_MAX 7       /* that may be caught up with by what has aged meanwhile */
#define ITEMS_AT_ONCE 20000 /* all of them made anew in a tenth of a second */

enum rc standing_look(struct ctx *cx, Date today, enum standing_state *out_state) {
    struct standing_head_get_row head;
    struct standing_newest_row newest;
    bool found;
    TRY(standing_head_get(cx, &head, &found));
    if (found) TRY(standing_newest(cx, &newest));
    *out_state = found ? STANDING_CURRENT : STANDING_MISSING;
    bool is_of_today = found && date_compare(head.as_of, today) == 0;
    if (!found || (is_of_today && head.event_seq == newest.event_seq && head.payment_id == newest.payment_id)) return OK;
    struct standing_news_row news;
    TRY(standing_news(cx,
                      &(struct standing_news_params){.event_seq = head.event_seq, .payment_id = head.payment_id, .most = ITEMS_AT_ONCE},
                      &news));
    bool is_little = (is_of_today && news.changes <= CHANGED_MAX) || news.items + news.changes <= ITEMS_AT_ONCE;
    *out_state = is_little ? STANDING_NEARLY : STANDING_BEHIND;
    return OK;
}

static enum rc make_anew(struct ctx *cx, Date today) {
    TRY(standing_empty(cx));
    TRY(standing_total_empty(cx));
    TRY(standing_insert_all(cx, &(struct standing_insert_all_params){.today = today}));
    return standing_total_all(cx);
}

static enum rc make_changed(struct ctx *cx, Date today) {
    TRY(standing_total_lower(cx));
    TRY(standing_delete_changed(cx));
    TRY(standing_insert_changed(cx, &(struct standing_insert_changed_params){.today = today}));
    return standing_total_raise(cx);
}

static enum rc refresh(struct ctx *cx, Date today, const struct standing_head_get_row *head) {
    struct standing_newest_row newest;
    struct standing_changed_count_row changed = {0};
    int32_t days = head ? date_diff(today, head->as_of) : -1;
    bool anew = days < 0 || days > DAYS_MAX;
    TRY(standing_newest(cx, &newest));
    if (!anew) {
        TRY(standing_mark_changed(cx, &(struct standing_mark_changed_params){.event_seq = head->event_seq,
                                                                             .payment_id = head->payment_id}));
        if (days) TRY(standing_mark_aged(cx, &(struct standing_mark_aged_params){.as_of = head->as_of, .today = today}));
        TRY(standing_changed_count(cx, &changed));
        if (changed.count == 0 && days == 0 && newest.event_seq == head->event_seq && newest.payment_id == head->payment_id)
            return OK;
        anew = changed.count > CHANGED_MAX && changed.count > changed.customers / 2; /* then it is no slower */
    }
    TRY(anew ? make_anew(cx, today) : make_changed(cx, today));
    TRY(standing_changed_clear(cx));
    return standing_head_set(cx, &(struct standing_head_set_params){
                                     .event_seq = newest.event_seq, .payment_id = newest.payment_id, .as_of = today});
}

enum rc standing_refresh(struct ctx *cx, Date today) {
    struct standing_head_get_row head;
    bool found;
    TRY(standing_head_get(cx, &head, &found));
    return refresh(cx, today, found ? &head : NULL);
}

enum rc standing_keep(struct ctx *cx, Date today) {
    struct standing_head_get_row head;
    bool found;
    TRY(standing_head_get(cx, &head, &found));
    return found ? refresh(cx, today, &head) : OK;
}

enum rc standing_reassign(struct ctx *cx, int64_t customer_id) {
    return standing_assign(cx, &(struct standing_assign_params){.customer_id = customer_id});
}
