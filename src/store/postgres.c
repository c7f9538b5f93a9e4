/* PostgreSQL. */
#include "store/driver.h"

enum rc postgres_open(struct ctx *cx, const char *url, struct db **out_db) {
    (void)url;
    (void)out_db;
    return fail(cx, INVALID, "PostgreSQL is not served yet");
}
