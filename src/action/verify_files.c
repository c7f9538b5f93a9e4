/* The copies of documents: there, and the bytes they were. */
#include "action/app.h"
#include "action/verify.h"
#include "document_file_sql.h"
#include "store/file_store.h"

enum rc verify_files(struct verifier *v) {
    struct ctx *cx = v->cx;
    const char *folder = app_path(cx, v->call->app, "files");
    AUTO(document_files_all_close) struct document_files_all_cursor cursor;
    TRY(document_files_all_open(cx, &cursor));
    for (;;) {
        struct document_files_all_row r;
        bool more;
        Str bytes;
        TRY(document_files_all_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        struct arena_mark mark = arena_mark(cx->arena);
        struct fault before = cx->fault;
        v->files++;
        Str id = arena_printf(cx->arena, "%.*s %.*s", STR_ARG(r.number), STR_ARG(r.name));
        enum rc rc = file_store_get(cx, folder, r.hash, &bytes);
        if (rc == OK && (int64_t)bytes.n != r.size)
            verify_differs(v, "file", id, arena_printf(cx->arena, "%lld bytes", (long long)r.size),
                           arena_printf(cx->arena, "%zu bytes", bytes.n));
        else if (rc != OK)
            verify_differs(v, "file", id, S("the bytes that were kept"), str_from(cx->fault.message));
        cx->fault = before;
        arena_rewind(cx->arena, mark);
    }
}
