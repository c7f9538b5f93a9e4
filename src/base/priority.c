/* Niceness, which on Linux is each thread's own. */
#include "base/priority.h"

#include <sys/resource.h>
#include <unistd.h>

#define NICENESS 10 /* about a tenth of what others get, so that a lock it holds is not held for ever */

void priority_lower(void) { setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS); }
