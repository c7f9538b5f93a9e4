/* What can go wrong, and how it is told.
 *
 * Every function that can fail returns an enum rc; the sentence that explains the failure is kept in the
 * context (ctx.h). This header is the leaf everything else includes. */
#ifndef BASE_RC_H
#define BASE_RC_H

enum rc {
    OK,
    INVALID,   /* the input is wrong; saying it again changes nothing */
    NOT_FOUND, /* no such thing, or not in the caller's scope */
    CONFLICT,  /* contradicts what is recorded already */
    DENIED,    /* the actor may not */
    BUSY,      /* may work later */
    REMOTE,    /* another system failed */
    INTERNAL   /* our fault, the disk's or the database's */
};

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))

/* Pass a failure on to the caller unchanged. */
#define TRY(expr)                                                                                                      \
    do {                                                                                                               \
        enum rc try_rc_ = (expr);                                                                                      \
        if (try_rc_ != OK) return try_rc_;                                                                             \
    } while (0)

/* A handle released when its scope ends: AUTO(file_close) struct file *f = …; the function gets a pointer to
 * the variable, as the compiler's cleanup attribute defines it. */
#define AUTO(done) __attribute__((cleanup(done), unused))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
