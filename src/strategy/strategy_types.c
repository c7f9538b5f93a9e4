/* The words for the engine's closed lists, stable because JSON, the database and people's filters rely on them. */
#include "strategy/strategy_types.h"

static const char *const tones[] = {[TONE_FRIENDLY] = "friendly", [TONE_CONCERN] = "concern", [TONE_FIRM] = "firm"};

static const char *const verdicts[] = {[VERDICT_SEND] = "send",
                                       [VERDICT_TASK] = "task",
                                       [VERDICT_STATE] = "state",
                                       [VERDICT_HOLD] = "hold",
                                       [VERDICT_NONE] = "none"};

static const char *const reasons[REASON_COUNT] = {
#define X(name) [REASON_##name] = #name,
    REASON_LIST(X)
#undef X
};

const char *tone_name(enum tone tone) { return (size_t)tone < COUNT_OF(tones) ? tones[tone] : ""; }

const char *verdict_name(enum verdict v) { return (size_t)v < COUNT_OF(verdicts) ? verdicts[v] : ""; }

const char *reason_code_name(enum reason_code code) { return code < REASON_COUNT ? reasons[code] : ""; }
