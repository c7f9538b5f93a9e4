/* A thread that looks at companies every so often and calls an action for those where something is due: what the rounds and the
 * notices to other programs share. It has a database handle of its own, gives way to pages, and calls the action as a timer would. */
#ifndef WORK_WATCH_H
#define WORK_WATCH_H

#include "action/action.h"
#include "action/app.h"

struct watch_plan {
    const char *name;  /* the actor's, "scheduler" */
    const char *fault; /* what the log calls a look that failed: "schedule_failed" */
    int seconds;       /* between two looks */
    const struct stmt_def *companies; /* query without parameters whose rows are an id of a company and nothing else */
    /* Whether something is due for the context's company. Within a reading transaction; reads app->company (app_company) if so. */
    enum rc (*ask)(struct ctx *cx, struct app *app, bool *out_due);
    /* Fills and runs the call of the action; what goes wrong is told in the log here. */
    void (*act)(struct ctx *cx, struct call *call);
    const char *verb; /* of the action */
};

struct watch;

/* *stop set cuts off what is under way. `plan` must live as long. */
MUST_USE enum rc watch_start(struct ctx *cx, const struct watch_plan *plan, const struct app *base, volatile int *stop,
                             struct watch **out_watch);
/* No new look begins. */
void watch_ask_end(struct watch *w);
/* Waits for the one under way and frees everything. */
void watch_stop(struct watch *w);

#endif
