/* See the header. */
#include "casework/recourse.h"

#include "casework_sql.h"
#include "timeline/timeline.h"

enum rc recourse_set(struct ctx *cx, const struct recourse_new *s) {
    struct recourse_next_id_row next;
    TRY(recourse_end(cx, &(struct recourse_end_params){.document_id = s->document_id}));
    if (s->kind.n) {
        TRY(recourse_next_id(cx, &next));
        TRY(recourse_insert(cx, &(struct recourse_insert_params){.id = next.id,
                                                                 .customer_id = s->customer_id,
                                                                 .document_id = s->document_id,
                                                                 .kind = s->kind,
                                                                 .reason = s->reason,
                                                                 .actor = str_from(cx->actor)}));
    }
    AUTO(buf_done) struct buf data = buf_make(64 * 1024);
    buf_printf(&data, "{\"recourse\":\"%.*s\",\"reason\":\"", STR_ARG(s->kind));
    buf_add_json(&data, s->reason);
    buf_add(&data, S("\"}"));
    if (!buf_ok(&data)) return fail_field(cx, INVALID, "reason", "shorten it", "the reason is too long");
    return event_note(cx, s->kind.n ? "recourse.changed" : "recourse.ended", s->customer_id, s->number, buf_str(&data));
}
