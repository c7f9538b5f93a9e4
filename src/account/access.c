/* Access log and audit: writing. */
#include "account/access.h"

#include "access_sql.h"

enum rc access_note(struct ctx *cx, const struct access_entry *e) {
    struct access_next_id_row next;
    TRY(access_next_id(cx, &next));
    struct access_insert_params p = {.id = next.id,
                                     .what = str_from(e->what),
                                     .has_user_id = e->user_id != 0,
                                     .user_id = e->user_id,
                                     .has_key_id = e->key_id != 0,
                                     .key_id = e->key_id,
                                     .who = e->who,
                                     .address = e->address,
                                     .detail = e->detail};
    int64_t company = cx->company_id;
    if (e->is_of_no_company) cx->company_id = 0;
    enum rc rc = access_insert(cx, &p);
    cx->company_id = company;
    return rc;
}

enum rc access_note_actor(struct ctx *cx, const char *what, Str detail) {
    const struct actor *a = cx->who;
    return access_note(cx, &(struct access_entry){.what = what,
                                                  .user_id = a ? a->user_id : 0,
                                                  .key_id = a ? a->key_id : 0,
                                                  .who = str_from(a ? a->login[0] ? a->login : a->name : ""),
                                                  .address = str_from(a ? a->address : ""),
                                                  .detail = detail});
}

enum rc audit_note(struct ctx *cx, const char *verb, Str object, enum rc outcome) {
    struct audit_next_id_row next;
    int64_t user_id = cx->who ? cx->who->user_id : 0, key_id = cx->who ? cx->who->key_id : 0;
    TRY(audit_next_id(cx, &next));
    return audit_insert(cx, &(struct audit_insert_params){.id = next.id,
                                                          .actor = str_from(cx->actor),
                                                          .has_user_id = user_id != 0,
                                                          .user_id = user_id,
                                                          .has_key_id = key_id != 0,
                                                          .key_id = key_id,
                                                          .verb = str_from(verb),
                                                          .object = object,
                                                          .outcome = str_from(rc_name(outcome))});
}
