/* A reason as a sentence for people, in their language (REQ: B13): "con promesa hasta el 4 dic 2026", "CO-2300: fuera del horario
 * permitido; se puede desde el lunes…". The code stays beside it for programs. */
#ifndef STRATEGY_REASON_TEXT_H
#define STRATEGY_REASON_TEXT_H

#include "core/locale.h"
#include "strategy/strategy_types.h"

/* `language` "es", "en" or "pt" (else Spanish), `locale` for dates, `zone` in which instants are shown. Lower case, no full stop. */
Str reason_text(struct arena *arena, const char *language, const struct locale *locale, const struct zone *zone,
                const struct reason *reason);

#endif
