/* Copies of documents: from a file on disk into files/ and beside their invoice (REQ: A5). */
#ifndef ACTION_ATTACH_H
#define ACTION_ATTACH_H

#include "action/app.h"
#include "action/lookup.h"

/* A file that was read and put into files/, waiting to be written beside its document. */
struct kept_file {
    unsigned char hash[32];
    Str name;
    const char *media_type;
    int64_t size;
};

/* Reads it, checks kind and size, puts it into files/. NOT_FOUND; INVALID for what is no PDF, XML, PNG or JPEG, is empty
 * or larger than STORED_FILE_MAX. Needs no transaction. */
MUST_USE enum rc attach_keep(struct ctx *cx, const struct app *app, const char *path, struct kept_file *out_file);
/* Beside its document, with an event; nothing when it is there already. Needs a writing transaction. */
MUST_USE enum rc attach_book(struct ctx *cx, const struct found_document *document, Str number,
                             const struct kept_file *file, bool *out_new);
/* A name of an import file's column as a path below `folder`; NULL when it leads elsewhere. */
const char *attach_path(struct ctx *cx, const char *folder, Str name);

#endif
