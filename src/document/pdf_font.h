/* Fonts of documents: found on the machine once, subset once, shared by every document of the process.
 *
 * The base subset (what Spanish, English and Portuguese texts and the currencies' signs need) is cut and deflated when
 * the first document is made; each document then carries the very same bytes, copied. A character beyond it is looked
 * for in the whole font, then in the fallback fonts, and brings a small subset of its own into that document only. */
#ifndef DOCUMENT_PDF_FONT_H
#define DOCUMENT_PDF_FONT_H

#include "base/buf.h"
#include "base/ctx.h"

enum pdf_face { FACE_REGULAR, FACE_BOLD, PDF_FACES };

/* Where a font may lie; `package` is what to install. */
struct font_place {
    const char *package;
    const char *files[PDF_FACES];
};
/* In order of preference, NULL package ends: the first whole pair is the documents' font, every other one a fallback for
 * characters the first lacks. */
extern const struct font_place font_places[];

struct pdf_fonts;

/* The process's fonts; found at the first call, from any thread. NOT_FOUND names the package to install. */
MUST_USE enum rc pdf_fonts_find(struct ctx *cx, const struct pdf_fonts **out_fonts);
/* The same from other places, for tests; pdf_fonts_free. */
MUST_USE enum rc pdf_fonts_load(struct ctx *cx, const struct font_place *places, struct pdf_fonts **out_fonts);
void pdf_fonts_free(struct pdf_fonts *fonts);

/* A glyph of one of the font files that were found: `source` counts them, the first PDF_FACES are the base subset. */
struct pdf_glyph {
    uint32_t codepoint;
    uint16_t id; /* in the base subset, or in the whole font of any other source */
    uint16_t source;
    int32_t advance; /* thousandths of the size */
};
/* Never fails: what no font has becomes U+FFFD, or a question mark. Line ends, control characters and those that turn
 * the direction of text become nothing (false). */
bool pdf_glyph_find(const struct pdf_fonts *fonts, enum pdf_face face, uint32_t codepoint, struct pdf_glyph *out_glyph);
/* The next glyph of UTF-8 text, composed ("e" and a combining accent are one); false at the end. */
bool pdf_glyph_next(const struct pdf_fonts *fonts, enum pdf_face face, Str text, size_t *at,
                    struct pdf_glyph *out_glyph);
/* Width of a line of text in points. */
double pdf_text_width(const struct pdf_fonts *fonts, enum pdf_face face, double size, Str text);

/* ---- for pdf.c ---- */

#define FONT_OBJECTS 5 /* of one font: Type0, CIDFont, descriptor, file, ToUnicode */

/* What a font contributes to a document. */
struct pdf_font_parts {
    Str dictionaries[3]; /* the first three objects, as text */
    Str file, to_unicode; /* deflated */
    size_t file_size, to_unicode_size;
};

/* How every document begins: header, and both base subsets as objects 1 to PREFIX_OBJECTS. The face's font is object
 * 1 + face × FONT_OBJECTS; the last object is a stream that holds their dictionaries. */
#define PREFIX_OBJECTS (PDF_FACES * FONT_OBJECTS + 1)
struct pdf_prefix {
    Str bytes;
    size_t offsets[PREFIX_OBJECTS + 1]; /* by object; of one within the stream: its place there */
};
const struct pdf_prefix *pdf_fonts_prefix(const struct pdf_fonts *fonts);
/* True for the objects that lie in the prefix's object stream. */
static inline bool prefix_is_packed(int object) { return object < PREFIX_OBJECTS && (object - 1) % FONT_OBJECTS < 3; }

size_t pdf_font_sources(const struct pdf_fonts *fonts);
/* A subset of a source's whole font with just these glyphs, in cx->arena, for objects from `first_object`; `label` (six
 * capitals) tells subsets apart. */
MUST_USE enum rc pdf_font_extra(struct ctx *cx, const struct pdf_fonts *fonts, size_t source,
                                const struct pdf_glyph *glyphs, size_t count, int first_object, const char *label,
                                struct pdf_font_parts *out_parts);

#endif
