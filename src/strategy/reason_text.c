/* The sentences of the reasons, one row each, three languages.
 *
 * {step} {date} {rule} {next} {n} stand for the reason's data; what stands between [ and ] is left out when its data
 * are missing. */
#include "strategy/reason_text.h"

#include <string.h>

enum language { ES, EN, PT, LANGUAGES };

static const char *const texts[REASON_COUNT][LANGUAGES] = {
    [REASON_DUE] = {"toca el paso {step}[, previsto para el {date}]",
     "step {step} is due[, scheduled for {date}]",
     "chegou a vez do passo {step}[, previsto para {date}]"},
    [REASON_NOT_YET] = {"el paso {step} todavía no toca[: está previsto para el {date}]",
     "step {step} is not due yet[: it is scheduled for {date}]",
     "o passo {step} ainda não chegou[: está previsto para {date}]"},
    [REASON_PERFORMED] = {"el paso {step} ya se hizo[ el {date}]",
     "step {step} was performed[ on {date}]",
     "o passo {step} já foi feito[ em {date}]"},
    [REASON_COLLAPSED] = {"el paso {step}[, previsto para el {date},] queda cubierto por un paso posterior",
     "step {step}[, scheduled for {date},] is covered by a later step",
     "o passo {step}[, previsto para {date},] fica coberto por um passo posterior"},
    [REASON_TOO_LATE] = {"ya es demasiado tarde para el paso {step}[, previsto para el {date}]",
     "it is too late by now for step {step}[, scheduled for {date}]",
     "já é tarde demais para o passo {step}[, previsto para {date}]"},
    [REASON_BEFORE_ACTIVATION] = {"el paso {step}[, previsto para el {date},] es anterior a la activación de la estrategia y no se envía nunca",
     "step {step}[, scheduled for {date},] lies before the activation of the strategy and is never sent",
     "o passo {step}[, previsto para {date},] é anterior à ativação da estratégia e nunca é enviado"},
    [REASON_NOT_ACTIVATED] = {"la estrategia no está activada: no se envía nada",
     "the strategy is not activated: nothing is sent",
     "a estratégia não está ativada: nada é enviado"},
    [REASON_NOTHING_OPEN] = {"no hay nada pendiente de pago",
     "nothing is left to be paid",
     "não há nada em aberto"},
    [REASON_PAID] = {"quedó saldada[ el {date}]",
     "it was settled[ on {date}]",
     "foi liquidada[ em {date}]"},
    [REASON_NET_CREDIT] = {"el saldo neto del cliente no es deudor: sus pagos y abonos sin aplicar cubren lo pendiente",
     "the customer owes nothing on balance: unapplied payments and credits cover what is open",
     "o cliente não deve nada no saldo líquido: pagamentos e créditos não aplicados cobrem o que está em aberto"},
    [REASON_HOLD] = {"los recordatorios están en pausa[ hasta el {date}]",
     "reminders are on hold[ until {date}]",
     "os lembretes estão em pausa[ até {date}]"},
    [REASON_DISPUTE] = {"hay una disputa abierta: no se reclama hasta que se resuelva",
     "a dispute is open: nothing is demanded until it is solved",
     "há uma disputa aberta: nada é cobrado até que se resolva"},
    [REASON_PROMISE] = {"hay una promesa de pago[ hasta el {date}]",
     "there is a promise to pay[ until {date}]",
     "há uma promessa de pagamento[ até {date}]"},
    [REASON_PLAN] = {"hay un plan de pagos en curso",
     "a payment plan is running",
     "há um plano de pagamento em andamento"},
    [REASON_NO_REPLY_CONDITION] = {"el paso {step} solo se hace si el cliente no responde, y ha respondido",
     "step {step} is only for customers who do not answer, and this one has answered",
     "o passo {step} só se faz se o cliente não responde, e ele respondeu"},
    [REASON_AMOUNT_CONDITION] = {"el importe no cumple la condición del paso {step}",
     "the amount does not meet the condition of step {step}",
     "o valor não cumpre a condição do passo {step}"},
    [REASON_SEGMENT_CONDITION] = {"el paso {step} no es para el segmento de este cliente",
     "step {step} is not for this customer's segment",
     "o passo {step} não é para o segmento deste cliente"},
    [REASON_SILENCE_CONDITION] = {"todavía no hay bastantes recordatorios sin respuesta para el paso {step}",
     "there are not enough unanswered reminders yet for step {step}",
     "ainda não há lembretes sem resposta suficientes para o passo {step}"},
    [REASON_RECENT_CONTACT] = {"hubo un contacto hace poco: el paso {step} espera",
     "there was a contact lately: step {step} waits",
     "houve um contato há pouco: o passo {step} espera"},
    [REASON_NO_CHANNEL] = {"el canal del paso no está disponible en esta instalación",
     "the channel of the step is not available in this installation",
     "o canal do passo não está disponível nesta instalação"},
    [REASON_NO_ADDRESS] = {"falta la dirección del cliente para el canal",
     "the customer's address for the channel is missing",
     "falta o endereço do cliente para o canal"},
    [REASON_OPTED_OUT] = {"el contacto pidió no recibir mensajes por este canal",
     "the contact has asked for no messages by this channel",
     "o contato pediu para não receber mensagens por este canal"},
    [REASON_RAMP_UP] = {"el arranque es gradual: a este cliente se le empieza a escribir otro día[; próximo momento permitido: {next}]",
     "the start is gradual: this customer's turn is another day[; next allowed moment: {next}]",
     "o início é gradual: a vez deste cliente é outro dia[; próximo momento permitido: {next}]"},
    [REASON_PREFERRED] = {"el contacto prefiere este canal",
     "the contact prefers this channel",
     "o contato prefere este canal"},
    [REASON_BOUNCED] = {"la dirección del contacto devuelve los mensajes",
     "the contact's address bounces",
     "o endereço do contato devolve as mensagens"},
    [REASON_WINDOW] = {"[{rule}: ]fuera del horario permitido[; próximo momento permitido: {next}]",
     "[{rule}: ]outside the allowed hours[; next allowed moment: {next}]",
     "[{rule}: ]fora do horário permitido[; próximo momento permitido: {next}]"},
    [REASON_HOLIDAY] = {"[{rule}: ]en días festivos no se contacta[; próximo momento permitido: {next}]",
     "[{rule}: ]no contact on public holidays[; next allowed moment: {next}]",
     "[{rule}: ]sem contato em feriados[; próximo momento permitido: {next}]"},
    [REASON_CAP] = {"[{rule}: ]se alcanzó el máximo de contactos[; próximo momento permitido: {next}]",
     "[{rule}: ]the maximum of contacts is reached[; next allowed moment: {next}]",
     "[{rule}: ]atingiu-se o máximo de contatos[; próximo momento permitido: {next}]"},
    [REASON_GAP] = {"[{rule}: ]demasiado cerca del contacto anterior[; próximo momento permitido: {next}]",
     "[{rule}: ]too close to the previous contact[; next allowed moment: {next}]",
     "[{rule}: ]perto demais do contato anterior[; próximo momento permitido: {next}]"},
    [REASON_FORBIDDEN] = {"[{rule}: ]no se permite este contacto[; próximo momento permitido: {next}]",
     "[{rule}: ]this contact is not allowed[; next allowed moment: {next}]",
     "[{rule}: ]este contato não é permitido[; próximo momento permitido: {next}]"},
    [REASON_CONSENT] = {"[{rule}: ]falta el consentimiento del contacto para este canal",
     "[{rule}: ]the contact's consent to this channel is missing",
     "[{rule}: ]falta o consentimento do contato para este canal"},
    [REASON_APPROVAL] = {"el paso {step} espera la aprobación de una persona",
     "step {step} waits for a person's approval",
     "o passo {step} aguarda a aprovação de uma pessoa"},
    [REASON_TEST_MODE] = {"el paso {step} está en modo de prueba: se redacta, pero no sale",
     "step {step} is in test mode: it is written but does not leave",
     "o passo {step} está em modo de teste: é redigido, mas não sai"},
    [REASON_VOLUME] = {"el envío supera con mucho el volumen habitual y espera confirmación",
     "the run far exceeds the usual volume and waits for confirmation",
     "o envio supera em muito o volume habitual e aguarda confirmação"},
    [REASON_STALE_DATA] = {"hace demasiado que no se importan facturas ni pagos: los datos pueden no estar al día",
     "invoices and payments were not imported for too long: the data may be out of date",
     "há tempo demais não se importam faturas nem pagamentos: os dados podem estar desatualizados"},
    [REASON_KILL_SWITCH] = {"los envíos están detenidos para toda la empresa",
     "sending is stopped for the whole company",
     "os envios estão parados para toda a empresa"},
    [REASON_INSTANCE_UNCONFIRMED] = {"falta confirmar que esta es la instalación activa (aldia instance confirm)",
     "this installation is not confirmed as the live one (aldia instance confirm)",
     "falta confirmar que esta é a instalação ativa (aldia instance confirm)"},
    [REASON_CLOCK_BACK] = {"el reloj marca una hora anterior a la última ejecución",
     "the clock lies before the last run",
     "o relógio marca uma hora anterior à última execução"},
    [REASON_ONE_PER_DAY] = {"ya salió un mensaje hoy y no se envía más de uno al día[; próximo momento permitido: {next}]",
     "a message went out today already and there is one a day at most[; next allowed moment: {next}]",
     "hoje já saiu uma mensagem e não se envia mais de uma por dia[; próximo momento permitido: {next}]"},
    [REASON_RECIPIENT_CHANGED] = {"la dirección del destinatario cambió antes de entregar el mensaje",
     "the recipient's address changed before the message was handed over",
     "o endereço do destinatário mudou antes da entrega da mensagem"},
    [REASON_AMOUNT_CHANGED] = {"el importe cambió antes de entregar el mensaje",
     "the amount changed before the message was handed over",
     "o valor mudou antes da entrega da mensagem"},
    [REASON_SUPERSEDED] = {"un mensaje posterior ocupa su lugar",
     "a later message takes its place",
     "uma mensagem posterior toma o seu lugar"},
    [REASON_NOT_ISSUED] = {"todavía no se ha emitido[: se emite el {date}]",
     "it is not issued yet[: it will be on {date}]",
     "ainda não foi emitida[: será em {date}]"},
    [REASON_BACK_OFF] = {"el canal no aceptó el mensaje y se vuelve a intentar[ desde {next}]",
     "the channel did not take the message and it is tried again[ from {next}]",
     "o canal não aceitou a mensagem e tenta-se de novo[ a partir de {next}]"},
    [REASON_FALLBACK] = {"va por otro canal que el previsto en el paso {step}",
     "it goes by another channel than step {step} has",
     "vai por outro canal que o previsto no passo {step}"},
    [REASON_TONE] = {"el tono se elige por la antigüedad de la deuda: {n} días desde el vencimiento",
     "the tone is chosen by the age of the debt: {n} days past due",
     "o tom é escolhido pela antiguidade da dívida: {n} dias desde o vencimento"},
    [REASON_VARIANT] = {"se usa la redacción que este cliente recibió hace más tiempo",
     "the wording this customer got longest ago is used",
     "usa-se a redação que este cliente recebeu há mais tempo"},
    [REASON_CHANNEL_SWITCHED] = {"se cambia de canal tras {n} recordatorios sin respuesta",
     "another channel is used after {n} unanswered reminders",
     "muda-se de canal após {n} lembretes sem resposta"},
    [REASON_OVERTAKEN] = {"el paso {step} quedó atrás: ya se hizo uno posterior",
     "step {step} is behind: a later one was performed",
     "o passo {step} ficou para trás: já se fez um posterior"},
};

static enum language language_of(const char *code) {
    if (strcmp(code, "en") == 0) return EN;
    return strcmp(code, "pt") == 0 ? PT : ES;
}

struct writer {
    enum language language;
    const struct locale *locale;
    const struct zone *zone;
    const struct reason *reason;
    struct buf *out;
};

static void write_instant(const struct writer *w, Instant t) {
    struct local_time local = zone_local(w->zone, t);
    locale_date_long(w->locale, local.date, w->out);
    buf_printf(w->out, ", %02d:%02d (%.*s)", local.second / 3600, local.second / 60 % 60, STR_ARG(zone_name(w->zone)));
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
        locale_date_long(w->locale, r->date, w->out);
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
    const struct writer w = {language_of(language), locale, zone, reason, &out};
    write_pattern(&w, str_from(texts[reason->code][w.language]));
    if (out.n && out.p[0] >= 'a' && out.p[0] <= 'z') out.p[0] = (char)(out.p[0] - 'a' + 'A');
    Str text = arena_str(arena, buf_str(&out));
    buf_done(&out);
    return text;
}
