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

static const char *const forms[FORM_COUNT] = {
    [FORM_EMAIL] = "email",         [FORM_SMS] = "sms",       [FORM_WHATSAPP] = "whatsapp", [FORM_VOICE] = "voice",
    [FORM_VOICEMAIL] = "voicemail", [FORM_LETTER] = "letter", [FORM_CALL] = "call"};

const char *message_form_name(enum message_form form) { return form < FORM_COUNT ? forms[form] : ""; }

bool message_form_parse(Str name, enum message_form *out_form) {
    for (int form = 0; form < FORM_COUNT; form++)
        if (str_is(name, forms[form])) {
            *out_form = (enum message_form)form;
            return true;
        }
    return false;
}

enum message_form message_form_of(enum channel_kind channel) {
    switch (channel) {
    case CHANNEL_SMS: return FORM_SMS;
    case CHANNEL_WHATSAPP: return FORM_WHATSAPP;
    case CHANNEL_CALL: return FORM_VOICE;
    case CHANNEL_LETTER: return FORM_LETTER;
    case CHANNEL_NONE:
    case CHANNEL_EMAIL:
    case CHANNEL_COUNT: break;
    }
    return FORM_EMAIL;
}

const char *tone_name(enum tone tone) { return (size_t)tone < COUNT_OF(tones) ? tones[tone] : ""; }

bool tone_parse(Str name, enum tone *out_tone) {
    for (size_t i = 0; i < COUNT_OF(tones); i++) {
        if (!str_is(name, tones[i])) continue;
        *out_tone = (enum tone)i;
        return true;
    }
    return false;
}

const char *verdict_name(enum verdict v) { return (size_t)v < COUNT_OF(verdicts) ? verdicts[v] : ""; }

const char *reason_code_name(enum reason_code code) { return code < REASON_COUNT ? reasons[code] : ""; }
