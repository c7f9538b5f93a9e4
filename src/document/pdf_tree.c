/* The structure tree: what screen readers and text extraction go by (ISO 32000-1, 14.7). */
#include "document/pdf_parts.h"

static void put_reference(struct buf *b, const char *key, int object) {
    buf_add_cstr(b, key);
    buf_add_char(b, ' ');
    buf_add_i64(b, object);
    buf_add(b, S(" 0 R"));
}

static void put_figure(struct buf *b, const struct figure *f) {
    buf_add(b, S("/Alt"));
    text_string_put(b, f->alternative);
    buf_add(b, S("/A<</O/Layout/BBox["));
    const double box[] = {f->left, f->bottom, f->right, f->top};
    for (size_t i = 0; i < 4; i++) {
        number_put(b, box[i]);
        buf_add_char(b, i < 3 ? ' ' : ']');
    }
    buf_add(b, S(">>"));
}

static void put_element(struct pdf *p, struct buf *b, int at, int first_object, int root) {
    const struct element *e = &p->elements.items[at];
    buf_clear(b);
    buf_add(b, S("<</S/"));
    buf_add_cstr(b, pdf_tag_names[e->tag]);
    put_reference(b, "/P", e->parent < 0 ? root : first_object + e->parent);
    if (e->page >= 0) {
        put_reference(b, "/Pg", p->pages.items[e->page].object);
        buf_add(b, S("/K "));
        buf_add_i64(b, e->mark);
    } else if (e->first >= 0) {
        buf_add(b, S("/K["));
        for (int kid = e->first; kid >= 0; kid = p->elements.items[kid].next)
            put_reference(b, kid == e->first ? "" : " ", first_object + kid);
        buf_add_char(b, ']');
    }
    if (e->tag == TAG_TH) buf_add(b, S("/A<</O/Table/Scope/Column>>"));
    if (e->alternative >= 0) put_figure(b, &p->figures.items[e->alternative]);
    buf_add(b, S(">>"));
    object_put(p, first_object + at, buf_str(b));
}

/* Page by page, the elements of its marks in order. */
static int put_parent_tree(struct pdf *p, struct buf *b, int first_object) {
    int object = object_reserve(p);
    buf_clear(b);
    buf_add(b, S("<</Nums["));
    for (size_t i = 0; i < p->pages.count; i++) {
        const struct page *page = &p->pages.items[i];
        buf_add_i64(b, (int64_t)i);
        buf_add(b, S(" ["));
        for (size_t k = 0; k < page->leaf_count; k++)
            put_reference(b, k ? " " : "", first_object + p->leaves.items[page->first_leaf + k]);
        buf_add(b, S("]"));
    }
    buf_add(b, S("]>>"));
    object_put(p, object, buf_str(b));
    return object;
}

int tree_put(struct pdf *p) {
    int root = object_reserve(p), first = (int)p->places.count;
    for (size_t i = 0; i < p->elements.count; i++) object_reserve(p);
    struct buf b = buf_make(PDF_MAX_BYTES);
    for (size_t i = 0; i < p->elements.count; i++) put_element(p, &b, (int)i, first, root);
    int parents = put_parent_tree(p, &b, first);
    buf_clear(&b);
    buf_printf(&b, "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %zu>>", first, parents,
               p->pages.count);
    object_put(p, root, buf_str(&b));
    buf_done(&b);
    return root;
}
