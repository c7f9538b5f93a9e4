/* The sentences of the reasons, one row each, three languages.
 *
 * {step} {date} {rule} {next} {n} stand for the reason's data; what stands between [ and ] is left out when its data
 * are missing. */
#include "strategy/reason_text.h"

#include <string.h>

enum language { ES, EN, PT, LANGUAGES };

static const char *const texts[REASON_COUNT][LANGUAGES] = {
    [REASON_DUE] = {"toca el paso {step}[, previsto para el {date}]", "step {step} is due[, scheduled for {date}]",
                    "é a vez do passo {step}[, previsto para {date}]"},
    [REASON_NOT_YET] = {"el paso {step} todavía no toca[: previsto para el {date}]",
                        "step {step} is not due yet[: scheduled for {date}]",
                        "o passo {step} ainda não chegou[: previsto para {date}]"},
    [REASON_PERFORMED] = {"el paso {step} ya se hizo[ el {date}]", "step {step} was performed already[ on {date}]",
                          "o passo {step} já foi feito[ em {date}]"},
    [REASON_COLLAPSED] = {"el paso {step} lo cubre un paso posterior[ (previsto para el {date})]",
                          "step {step} is covered by a later step[ (scheduled for {date})]",
                          "o passo {step} é coberto por um posterior[ (previsto para {date})]"},
    [REASON_TOO_LATE] = {"el paso {step} ya es demasiado tarde[: previsto para el {date}]",
                         "step {step} is too late by now[: scheduled for {date}]",
                         "o passo {step} já é tarde demais[: previsto para {date}]"},
    [REASON_BEFORE_ACTIVATION] = {"el paso {step} es anterior a la activación[: previsto para el {date}]",
                                  "step {step} lies before the activation[: scheduled for {date}]",
                                  "o passo {step} é anterior à ativação[: previsto para {date}]"},
    [REASON_NOT_ACTIVATED] = {"la estrategia no está activada", "the strategy is not activated",
                              "a estratégia não está ativada"},
    [REASON_NOTHING_OPEN] = {"no hay nada pendiente", "nothing is open", "não há nada em aberto"},
    [REASON_PAID] = {"está pagado", "it is paid", "está pago"},
    [REASON_NET_CREDIT] = {"el saldo neto está a favor del cliente", "the customer's net balance is in credit",
                           "o saldo líquido é a favor do cliente"},
    [REASON_HOLD] = {"en pausa[ hasta el {date}]", "on hold[ until {date}]", "em pausa[ até {date}]"},
    [REASON_DISPUTE] = {"en disputa", "in dispute", "em disputa"},
    [REASON_PROMISE] = {"con promesa[ hasta el {date}]", "promised[ until {date}]", "com promessa[ até {date}]"},
    [REASON_PLAN] = {"en un plan de pagos", "in a payment plan", "em um plano de pagamento"},
    [REASON_NO_REPLY_CONDITION] = {"el cliente ha respondido", "the customer has answered", "o cliente respondeu"},
    [REASON_AMOUNT_CONDITION] = {"el importe no cumple la condición del paso {step}",
                                 "the amount does not meet the condition of step {step}",
                                 "o valor não cumpre a condição do passo {step}"},
    [REASON_SEGMENT_CONDITION] = {"el paso {step} no es para este segmento", "step {step} is not for this segment",
                                  "o passo {step} não é para este segmento"},
    [REASON_SILENCE_CONDITION] = {"aún no hay bastantes recordatorios sin respuesta para el paso {step}",
                                  "not enough unanswered reminders yet for step {step}",
                                  "ainda não há lembretes sem resposta suficientes para o passo {step}"},
    [REASON_RECENT_CONTACT] = {"hubo un contacto hace poco", "there was a contact lately", "houve um contato há pouco"},
    [REASON_NO_CHANNEL] = {"el canal no está disponible", "the channel is not available",
                           "o canal não está disponível"},
    [REASON_NO_ADDRESS] = {"falta la dirección para el canal", "the address for the channel is missing",
                           "falta o endereço para o canal"},
    [REASON_OPTED_OUT] = {"el contacto no quiere mensajes por este canal", "the contact has opted out of this channel",
                          "o contato não quer mensagens por este canal"},
    [REASON_BOUNCED] = {"la dirección devuelve los mensajes", "the address bounces", "o endereço devolve as mensagens"},
    [REASON_WINDOW] = {"[{rule}: ]fuera del horario permitido[; se puede desde {next}]",
                       "[{rule}: ]outside the allowed hours[; allowed from {next}]",
                       "[{rule}: ]fora do horário permitido[; pode-se a partir de {next}]"},
    [REASON_HOLIDAY] = {"[{rule}: ]día festivo[; se puede desde {next}]",
                        "[{rule}: ]public holiday[; allowed from {next}]",
                        "[{rule}: ]feriado[; pode-se a partir de {next}]"},
    [REASON_CAP] = {"[{rule}: ]se alcanzó el máximo de contactos[; se puede desde {next}]",
                    "[{rule}: ]the maximum of contacts is reached[; allowed from {next}]",
                    "[{rule}: ]atingiu-se o máximo de contatos[; pode-se a partir de {next}]"},
    [REASON_GAP] = {"[{rule}: ]muy cerca del contacto anterior[; se puede desde {next}]",
                    "[{rule}: ]too close to the contact before[; allowed from {next}]",
                    "[{rule}: ]muito perto do contato anterior[; pode-se a partir de {next}]"},
    [REASON_FORBIDDEN] = {"[{rule}: ]la norma no lo permite[; se puede desde {next}]",
                          "[{rule}: ]the rule forbids it[; allowed from {next}]",
                          "[{rule}: ]a norma não o permite[; pode-se a partir de {next}]"},
    [REASON_CONSENT] = {"[{rule}: ]falta el consentimiento para este canal",
                        "[{rule}: ]consent to this channel is missing",
                        "[{rule}: ]falta o consentimento para este canal"},
    [REASON_APPROVAL] = {"espera aprobación", "waits for approval", "aguarda aprovação"},
    [REASON_TEST_MODE] = {"el paso {step} está en modo de prueba: no sale nada",
                          "step {step} is in test mode: nothing leaves",
                          "o passo {step} está em modo de teste: nada sai"},
    [REASON_VOLUME] = {"el envío supera el volumen habitual", "the run exceeds the usual volume",
                       "o envio supera o volume habitual"},
    [REASON_STALE_DATA] = {"los datos no están al día", "the data are not fresh", "os dados não estão em dia"},
    [REASON_KILL_SWITCH] = {"los envíos están detenidos", "sending is stopped", "os envios estão parados"},
    [REASON_INSTANCE_UNCONFIRMED] = {"falta confirmar que esta es la instalación activa",
                                     "this installation is not confirmed as the live one",
                                     "falta confirmar que esta é a instalação ativa"},
    [REASON_CLOCK_BACK] = {"el reloj va por detrás de la última ejecución", "the clock lies before the last run",
                           "o relógio está antes da última execução"},
    [REASON_ONE_PER_DAY] = {"hoy ya hubo un mensaje", "there was a message today already",
                            "hoje já houve uma mensagem"},
    [REASON_RECIPIENT_CHANGED] = {"el destinatario cambió", "the recipient changed", "o destinatário mudou"},
    [REASON_AMOUNT_CHANGED] = {"el importe cambió", "the amount changed", "o valor mudou"},
    [REASON_SUPERSEDED] = {"lo sustituye un mensaje posterior", "a later message takes its place",
                           "é substituído por uma mensagem posterior"},
    [REASON_NOT_ISSUED] = {"aún no se ha emitido[: se emite el {date}]", "not issued yet[: it will be on {date}]",
                           "ainda não foi emitida[: será em {date}]"},
    [REASON_BACK_OFF] = {"se reintenta más tarde[: desde {next}]", "tried again later[: from {next}]",
                         "nova tentativa mais tarde[: a partir de {next}]"},
    [REASON_FALLBACK] = {"va por otro canal que el del paso {step}", "goes by another channel than that of step {step}",
                         "vai por outro canal que o do passo {step}"},
    [REASON_TONE] = {"tono según una antigüedad de {n} días", "tone for an age of {n} days",
                     "tom segundo uma antiguidade de {n} dias"},
    [REASON_VARIANT] = {"redacción menos usada con este cliente", "the wording least used for this customer",
                        "redação menos usada com este cliente"},
    [REASON_CHANNEL_SWITCHED] = {"cambia de canal tras {n} recordatorios sin respuesta",
                                 "another channel after {n} unanswered reminders",
                                 "muda de canal após {n} lembretes sem resposta"},
    [REASON_OVERTAKEN] = {"el paso {step} quedó atrás: ya se hizo uno posterior",
                          "step {step} is behind: a later one was performed",
                          "o passo {step} ficou para trás: já se fez um posterior"},
};

static enum language language_of(const char *code) {
    if (strcmp(code, "en") == 0) return EN;
    return strcmp(code, "pt") == 0 ? PT : ES;
}

struct writer {
    const struct locale *locale;
    const struct zone *zone;
    const struct reason *reason;
    struct buf *out;
};

static void write_instant(const struct writer *w, Instant t) {
    struct local_time local = zone_local(w->zone, t);
    locale_date_long(w->locale, local.date, w->out);
    buf_printf(w->out, ", %02d:%02d", local.second / 3600, local.second / 60 % 60);
}

/* False when the reason has no such datum. */
static bool write_datum(const struct writer *w, Str name) {
    const struct reason *r = w->reason;
    if (str_is(name, "n")) {
        locale_integer(w->locale, r->number, w->out);
    } else if (str_is(name, "step")) {
        if (!r->step.n) return false;
        buf_add(w->out, r->step);
    } else if (str_is(name, "rule")) {
        if (!r->rule.n) return false;
        buf_add(w->out, r->rule);
    } else if (str_is(name, "date")) {
        if (date_is_none(r->date)) return false;
        locale_date(w->locale, r->date, w->out);
    } else {
        MUST(str_is(name, "next"));
        if (instant_is_none(r->next_allowed)) return false;
        write_instant(w, r->next_allowed);
    }
    return true;
}

/* Writes a pattern; a bracket whose datum is missing is taken back. */
static void write_pattern(const struct writer *w, Str pattern) {
    size_t bracket = 0;
    bool complete = true;
    for (size_t i = 0; i < pattern.n; i++) {
        char c = pattern.p[i];
        if (c == '[') {
            bracket = w->out->n;
            complete = true;
        } else if (c == ']') {
            if (!complete) w->out->n = bracket;
        } else if (c == '{') {
            Str rest = {pattern.p + i + 1, pattern.n - i - 1};
            Str name = {rest.p, str_index(rest, '}')};
            complete = write_datum(w, name) && complete;
            i += name.n + 1;
        } else {
            buf_add_char(w->out, c);
        }
    }
}

Str reason_text(struct arena *arena, const char *language, const struct locale *locale, const struct zone *zone,
                const struct reason *reason) {
    MUST(reason->code < REASON_COUNT);
    struct buf out = buf_make(600);
    const struct writer w = {locale, zone, reason, &out};
    write_pattern(&w, str_from(texts[reason->code][language_of(language)]));
    Str text = arena_str(arena, buf_str(&out));
    buf_done(&out);
    return text;
}
