/* Inflating and parsing one part. The limits stop archives made to swell. */
#include "intake/xlsx_part.h"

#include <string.h>

#include <expat.h>

#define PIECE 65536
#define LONGEST_TAG                                                                                                    \
    ((int64_t)1024 * 1024) /* expat holds an unfinished tag in memory and begins it again with every piece */
#define RATIO_FREE ((int64_t)16 * 1024 * 1024)

struct xlsx_part {
    struct xlsx_container *container;
    const char *name;
    zip_file_t *file;
    XML_Parser parser;
    const struct xlsx_handlers *handlers;
    void *self;
    struct ctx *cx;
    enum rc rc;
    int depth;
    int64_t packed, size, inflated;
    bool ended;
};

static Str local_name(const char *name) {
    const char *colon = strchr(name, ':');
    return str_from(colon ? colon + 1 : name);
}

const char *xlsx_attribute(const char **attributes, const char *name) {
    for (; attributes[0]; attributes += 2)
        if (str_is(local_name(attributes[0]), name)) return attributes[1];
    return NULL;
}

struct ctx *xlsx_part_ctx(struct xlsx_part *part) {
    return part->cx;
}

void xlsx_part_stop(struct xlsx_part *part, enum rc rc) {
    if (part->rc != OK) return;
    part->rc = rc;
    XML_StopParser(part->parser, XML_FALSE);
}

void xlsx_part_pause(struct xlsx_part *part) { XML_StopParser(part->parser, XML_TRUE); }

static void on_start(void *user, const char *name, const char **attributes) {
    struct xlsx_part *part = user;
    if (part->rc != OK) return;
    if (++part->depth > XLSX_MAX_DEPTH) {
        xlsx_part_stop(part, fail_field(part->cx, INVALID, "file", NULL, "%s is nested deeper than %d elements",
                                        part->name, XLSX_MAX_DEPTH));
        return;
    }
    part->handlers->start(part->self, part, local_name(name), attributes);
}

static void on_end(void *user, const char *name) {
    struct xlsx_part *part = user;
    if (part->rc != OK) return;
    part->depth--;
    part->handlers->end(part->self, part, local_name(name));
}

static void on_text(void *user, const char *text, int n) {
    struct xlsx_part *part = user;
    if (part->rc == OK) part->handlers->text(part->self, part, (Str){text, (size_t)n});
}

static void on_doctype(void *user, const char *name, const char *system, const char *public, int has_subset) {
    struct xlsx_part *part = user;
    (void)name, (void)system, (void)public, (void)has_subset;
    xlsx_part_stop(part, fail_field(part->cx, INVALID, "file", "save it again with a spreadsheet program",
                                    "%s declares a document type, which workbooks never do", part->name));
}

bool xlsx_container_has(const struct xlsx_container *c, const char *name) {
    return zip_name_locate(c->zip, name, ZIP_FL_NOCASE) >= 0;
}

static enum rc damaged(struct ctx *cx, const char *name, SAYS const char *why) {
    return fail_field(cx, INVALID, "file", "save it again with a spreadsheet program",
                      "%s in the workbook is damaged: %s", name, phrase(cx, why));
}

enum rc xlsx_part_open(struct ctx *cx, struct xlsx_container *c, const char *name, const struct xlsx_handlers *handlers,
                       void *self, struct xlsx_part **out_part) {
    zip_stat_t st;
    zip_int64_t index = zip_name_locate(c->zip, name, ZIP_FL_NOCASE);
    if (index < 0)
        return fail_field(cx, INVALID, "file", "save it again with a spreadsheet program",
                          "the workbook has no part %s", name);
    if (zip_stat_index(c->zip, (zip_uint64_t)index, 0, &st) != 0 || !(st.valid & ZIP_STAT_COMP_SIZE) ||
        !(st.valid & ZIP_STAT_SIZE))
        return damaged(cx, name, "its size is not known");
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
        return fail_field(cx, INVALID, "file", "save it without a password and import that",
                          "the workbook is protected by a password");
    zip_file_t *file = zip_fopen_index(c->zip, (zip_uint64_t)index, 0);
    if (!file) return damaged(cx, name, zip_strerror(c->zip));
    struct xlsx_part *part = mem_alloc(sizeof *part);
    *part =
        (struct xlsx_part){.container = c, .name = name, .file = file, .handlers = handlers, .self = self, .cx = cx};
    part->packed = st.comp_size > INT64_MAX ? INT64_MAX : (int64_t)st.comp_size;
    part->size = st.size > INT64_MAX ? INT64_MAX : (int64_t)st.size;
    part->parser = XML_ParserCreate(NULL);
    MUST(part->parser != NULL);
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_start, on_end);
    if (handlers->text) XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
    *out_part = part;
    return OK;
}

void xlsx_part_close(struct xlsx_part **part) {
    if (!*part) return;
    XML_ParserFree((*part)->parser);
    zip_fclose((*part)->file);
    mem_free(*part);
    *part = NULL;
}

static enum rc check_limits(struct ctx *cx, const struct xlsx_part *part) {
    bool swells = part->inflated > RATIO_FREE && part->inflated / XLSX_MAX_RATIO > part->packed;
    if (part->container->inflated <= XLSX_MAX_INFLATED && !swells) return OK;
    return fail_field(cx, INVALID, "file", "save the sheet as CSV and import that",
                      "the workbook is too large when unpacked (%s in %s)",
                      phrase(cx, swells ? "compressed beyond all measure" : "over 512 MiB"), part->name);
}

/* One more piece of the file into the parser. */
static enum rc feed(struct ctx *cx, struct xlsx_part *part, enum XML_Status *out_status) {
    void *room = XML_GetBuffer(part->parser, PIECE);
    MUST(room != NULL);
    zip_int64_t got = zip_fread(part->file, room, PIECE);
    if (got < 0) return damaged(cx, part->name, zip_file_strerror(part->file));
    part->inflated += got;
    part->container->inflated += got;
    TRY(check_limits(cx, part));
    part->ended = got == 0;
    *out_status = XML_ParseBuffer(part->parser, (int)got, got == 0);
    XML_Index parsed = XML_GetCurrentByteIndex(part->parser);
    if (*out_status == XML_STATUS_OK && parsed >= 0 && part->inflated - parsed > LONGEST_TAG)
        return damaged(cx, part->name, "a tag is longer than 1 MiB");
    return OK;
}

enum rc xlsx_part_read(struct ctx *cx, struct xlsx_part *part, bool *out_paused) {
    part->cx = cx;
    for (;;) {
        XML_ParsingStatus at;
        enum XML_Status status = XML_STATUS_OK;
        XML_GetParsingStatus(part->parser, &at);
        if (at.parsing == XML_SUSPENDED) {
            status = XML_ResumeParser(part->parser);
        } else if (at.parsing == XML_FINISHED) {
            *out_paused = false;
            return part->rc;
        } else {
            TRY(feed(cx, part, &status));
        }
        if (part->rc != OK) return part->rc;
        if (status == XML_STATUS_ERROR) return damaged(cx, part->name, XML_ErrorString(XML_GetErrorCode(part->parser)));
        if (status == XML_STATUS_SUSPENDED) {
            *out_paused = true;
            return OK;
        }
    }
}

enum rc xlsx_part_run(struct ctx *cx, struct xlsx_container *c, const char *name, const struct xlsx_handlers *handlers,
                      void *self) {
    AUTO(xlsx_part_close) struct xlsx_part *part = NULL;
    bool paused = false;
    TRY(xlsx_part_open(cx, c, name, handlers, self, &part));
    return xlsx_part_read(cx, part, &paused);
}

int xlsx_part_progress(const struct xlsx_part *part) {
    if (part->ended || part->size <= 0) return 1000;
    return part->inflated >= part->size ? 1000 : (int)(part->inflated * 1000 / part->size);
}
