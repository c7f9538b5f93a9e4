/* Which threads go first. */
#ifndef BASE_PRIORITY_H
#define BASE_PRIORITY_H

/* The calling thread and those it starts from now on get a processor when nobody else wants it much: work that nobody waits for, beside
 * pages that people do. Fails silently. */
void priority_lower(void);

#endif
