/* Putting PDF documents together (libqpdf). */
#include <qpdf/qpdf-c.h>

#include "document/letter_doc.h"

static void done(qpdf_data *q) { qpdf_cleanup(q); }

static enum rc add_pages(struct ctx *cx, qpdf_data out, qpdf_data from, Str bytes, int64_t *pages) {
    qpdf_silence_errors(from);
    qpdf_set_suppress_warnings(from, QPDF_TRUE);
    if (qpdf_read_memory(from, "document", bytes.p, bytes.n, NULL) & QPDF_ERRORS)
        return fail(cx, INTERNAL, "a kept document is no PDF");
    int count = qpdf_get_num_pages(from);
    for (int i = 0; i < count; i++) {
        qpdf_oh page = qpdf_get_page_n(from, (size_t)i);
        qpdf_oh_remove_key(from, page, "/StructParents");
        if (qpdf_add_page(out, from, page, QPDF_FALSE) & QPDF_ERRORS)
            return fail(cx, INTERNAL, "could not add a page to the print");
        (*pages)++;
    }
    return OK;
}

enum rc pdf_merge(struct ctx *cx, const Str *documents, size_t count, struct buf *out, int64_t *out_pages) {
    qpdf_data *parts = ARENA_ARRAY(cx->arena, qpdf_data, count + 1);
    AUTO(done) qpdf_data merged = qpdf_init();
    enum rc rc = qpdf_empty_pdf(merged) & QPDF_ERRORS ? fail(cx, INTERNAL, "could not begin a print") : OK;
    *out_pages = 0;
    /* Pages stay where they were read until all is written. */
    for (size_t i = 0; i < count && rc == OK; i++) {
        parts[i] = qpdf_init();
        rc = add_pages(cx, merged, parts[i], documents[i], out_pages);
    }
    if (rc == OK) {
        qpdf_init_write_memory(merged);
        qpdf_set_deterministic_ID(merged, QPDF_TRUE);
        qpdf_set_object_stream_mode(merged, qpdf_o_generate);
        if (qpdf_write(merged) & QPDF_ERRORS) rc = fail(cx, INTERNAL, "could not write a print");
    }
    if (rc == OK) buf_add(out, (Str){(const char *)qpdf_get_buffer(merged), qpdf_get_buffer_length(merged)});
    for (size_t i = 0; i < count; i++)
        if (parts[i]) qpdf_cleanup(&parts[i]);
    if (rc == OK && !buf_ok(out)) rc = fail(cx, INVALID, "the print is too large");
    return rc;
}
