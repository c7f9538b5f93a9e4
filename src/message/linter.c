/* What is looked at in which file. Each check is a few lines; the words are lint/LANGUAGE.txt's. */
#include "message/linter.h"

#include <string.h>

#include "message/linter_parts.h"
#include "message/merge_field.h"
#include "message/sms_text.h"

#define SUBJECT_MAX 150
#define MAX_EXPANDED ((size_t)1 << 20)

const struct lint_check_info lint_checks[LINT_CHECKS] = {
    [LINT_SUBJECT_VAGUE] = {"subject-vague", 1, true},
    [LINT_SUBJECT_NO_ITEM] = {"subject-no-item", 1, true},
    [LINT_SUBJECT_NO_URGENCY] = {"subject-no-urgency", 1, true},
    [LINT_SUBJECT_LONG] = {"subject-long", 1, false},
    [LINT_CREDITOR_MISSING] = {"creditor-missing", 2, true},
    [LINT_SITUATION_MISSING] = {"situation-missing", 3, true},
    [LINT_ACTION_MISSING] = {"action-missing", 3, true},
    [LINT_REASON_MISSING] = {"reason-missing", 3, true},
    [LINT_STATEMENT_MISSING] = {"statement-missing", 4, true},
    [LINT_WAYS_MISSING] = {"ways-missing", 5, true},
    [LINT_REPORT_MISSING] = {"report-missing", 6, true},
    [LINT_CONTACT_MISSING] = {"contact-missing", 7, true},
    [LINT_TONE_HARSH] = {"tone-harsh", 8, true},
    [LINT_TONE_SOFT] = {"tone-soft", 8, false},
    [LINT_TONE_NO_DEADLINE] = {"tone-no-deadline", 8, true},
    [LINT_COURT] = {"court", 0, true},
    [LINT_THREAT] = {"threat", 0, true},
    [LINT_BLAME] = {"blame", 0, true},
    [LINT_DISCLOSURE] = {"disclosure", 0, true},
    [LINT_AMOUNT] = {"amount", 0, true},
    [LINT_AMOUNT_TYPED] = {"amount-typed", 0, true},
    [LINT_EXCLAMATION] = {"exclamation", 0, true},
    [LINT_CAPITALS] = {"capitals", 0, true},
    [LINT_SMS_LONG] = {"sms-long", 0, false},
    [LINT_SMS_ALPHABET] = {"sms-alphabet", 0, false},
    [LINT_UNKNOWN_FIELD] = {"unknown-field", 0, true},
    [LINT_SYNTAX] = {"syntax", 0, true},
    [LINT_VARIANT_ALIKE] = {"variant-alike", 0, false},
    [LINT_RULE_FORBIDDEN] = {"rule-forbidden", 0, true},
    [LINT_RULE_OPT_OUT] = {"rule-opt-out", 0, true},
    [LINT_RULE_IDENTITY] = {"rule-identity", 0, true},
};

struct lint_finding *lint_add(struct linting *l, enum lint_check check, int line, Str quoted) {
    struct lint_finding *f = VEC_PUSH(l->cx->arena, l->findings);
    *f = (struct lint_finding){.check = check,
                               .file = str_from(l->source->file),
                               .line = line,
                               .quoted = quoted,
                               .rule = S(""),
                               .detail = S("")};
    return f;
}

/* ---- the text as a whole, once as about one item, once as about several ---- */

struct lint_view {
    struct buf subject, body; /* expanded; the body of WhatsApp begins with its parameters */
    int subject_line, body_line;
    Str subject_source;
};

static const char *const item_fields[] = {"number", "n", "open", "total", "amount", NULL};
static const char *const case_fields[] = {
    "number",     "n",     "open",          "total",          "payment",      "reported",
    "promise",    "plan",  "dispute",       "missing",        "discount",     "due_date",
    "suspend_on", "sends", "due_date_long", "broken_promise", "last_promise", NULL};
static const char *const state_fields[] = {"days", "oldest_days", "due_date", "due_date_long", NULL};
static const char *const deadline_fields[] = {"pay_by", "pay_by_long", "suspend_on", NULL};
static const char *const creditor_fields[] = {"company.name", NULL};
static const char *const contact_fields[] = {"page_url",    "person_phone",    "person_email",
                                             "person_name", "unsubscribe_url", NULL};
static const char *const statement_fields[] = {"groups", "items", "row", NULL};
static const char *const ways_fields[] = {"ways", NULL};
static const char *const opt_out_fields[] = {"unsubscribe_url", NULL};

static bool says(struct linting *l, Str expanded, enum lint_list list) {
    struct lint_plain plain = lint_plain_of(l->cx->arena, expanded);
    return lint_match(&plain, &l->words->lists[list]).n > 0;
}

/* Asks for a payment, now or later. */
static bool asks(const struct linting *l) {
    return !l->is_any && (l->about == ABOUT_NOTICE || l->about == ABOUT_OVERDUE || l->about == ABOUT_OWN);
}

static bool is_among(enum message_form form, const enum message_form *forms, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (forms[i] == form) return true;
    return false;
}
#define IS_FORM(w, ...)                                                                                                \
    is_among((w)->form, (const enum message_form[]){__VA_ARGS__},                                                      \
             sizeof((const enum message_form[]){__VA_ARGS__}) / sizeof(enum message_form))

/* Principle 1. */
static void look_at_subject(struct linting *l, const struct lint_view *v) {
    Str subject = buf_str(&v->subject);
    struct lint_plain plain = lint_plain_of(l->cx->arena, subject);
    if (!asks(l)) return;
    Str trimmed = str_trim(plain.text);
    for (size_t i = 0; i < l->words->lists[LIST_BLOCKED_SUBJECT].count; i++)
        if (str_equal(trimmed, str_trim(l->words->lists[LIST_BLOCKED_SUBJECT].items[i])) &&
            !lint_uses(subject, item_fields)) {
            lint_add(l, LINT_SUBJECT_VAGUE, v->subject_line, v->subject_source);
            return;
        }
    if (!lint_uses(subject, item_fields) && !(l->w->form == FORM_LETTER && lint_uses(subject, deadline_fields)))
        lint_add(l, LINT_SUBJECT_NO_ITEM, v->subject_line, v->subject_source);
    if (l->about != ABOUT_NOTICE && !says(l, subject, LIST_URGENCY) && !lint_uses(subject, state_fields) &&
        !lint_uses(subject, deadline_fields))
        lint_add(l, LINT_SUBJECT_NO_URGENCY, v->subject_line, v->subject_source);
    struct buf sample = buf_make(MAX_EXPANDED);
    lint_sample(subject, &sample);
    if (str_codepoints(buf_str(&sample)) > SUBJECT_MAX)
        lint_add(l, LINT_SUBJECT_LONG, v->subject_line, v->subject_source);
    buf_done(&sample);
}

/* Principles 4 to 7 of an e-mail come from its layout; with another one the text must bring them itself. */
static void look_at_layout_parts(struct linting *l, Str body) {
    if (l->w->form != FORM_EMAIL || !asks(l) || str_is(l->w->layout, "layout")) return;
    int line = 1;
    for (size_t i = 0; i < l->lines.count; i++)
        if (l->lines.items[i].part == LINT_PART_LAYOUT) line = l->lines.items[i].number;
    static const Str receipt[] = {{" comprobante ", 13}, {" receipt ", 9}, {" proof of payment ", 18}};
    struct lint_plain plain = lint_plain_of(l->cx->arena, body);
    bool reports = false;
    for (size_t i = 0; i < COUNT_OF(receipt); i++) reports = reports || lint_match_one(&plain, receipt[i]).n;
    if (!lint_uses(body, statement_fields)) lint_add(l, LINT_STATEMENT_MISSING, line, l->w->layout);
    if (!lint_uses(body, ways_fields)) lint_add(l, LINT_WAYS_MISSING, line, l->w->layout);
    if (!reports) lint_add(l, LINT_REPORT_MISSING, line, l->w->layout);
}

static void look_at_sms(struct linting *l, Str body, int line) {
    struct buf sample = buf_make(MAX_EXPANDED);
    lint_sample(body, &sample);
    struct sms_size size = sms_measure(sms_fold(l->cx->arena, buf_str(&sample)));
    if (!size.is_gsm7)
        lint_add(l, LINT_SMS_ALPHABET, line, S(""));
    else if (size.parts > 1)
        lint_add(l, LINT_SMS_LONG, line, arena_printf(l->cx->arena, "%zu", size.units));
    buf_done(&sample);
}

/* Amounts printed where anybody may see or hear them, in the text or in a phrase of it. */
static void look_for_amount_fields(struct linting *l, Str body, int line) {
    for (size_t i = 0; i < merge_field_count; i++) {
        const char *const one[] = {merge_fields[i].name, NULL};
        if (!merge_fields[i].is_amount || !lint_uses(body, one)) continue;
        lint_add(l, LINT_AMOUNT, line, arena_printf(l->cx->arena, "{{%s}}", merge_fields[i].name));
        return;
    }
}

static void look_for_required(struct linting *l, Str body, int line) {
    for (size_t i = 0; i < l->source->rule_count; i++) {
        const struct lint_rule *rule = &l->source->rules[i];
        bool wanted = rule->required && str_is(rule->kind, "opt_out") && l->w->form == FORM_SMS;
        if (!wanted || lint_uses(body, opt_out_fields) || says(l, body, LIST_OPT_OUT)) continue;
        lint_add(l, LINT_RULE_OPT_OUT, line, S(""))->rule = rule->id;
        return;
    }
}

static void look_at_body(struct linting *l, const struct lint_view *v) {
    const struct wording *w = l->w;
    Str body = buf_str(&v->body);
    int line = v->body_line;
    bool to_debtor = l->about != ABOUT_OTHERS && !str_is(w->kind, "objections");
    bool in_subject = v->subject.n && lint_uses(buf_str(&v->subject), creditor_fields);
    if (to_debtor && w->form != FORM_LETTER && !in_subject && !lint_uses(body, creditor_fields))
        lint_add(l, LINT_CREDITOR_MISSING, line, S(""));
    bool is_full = IS_FORM(w, FORM_EMAIL, FORM_LETTER, FORM_WHATSAPP);
    if (asks(l) && is_full) {
        bool has_reason = lint_uses(body, case_fields);
        if (!has_reason) lint_add(l, LINT_REASON_MISSING, line, S(""));
        if (has_reason && !says(l, body, LIST_SITUATION) && !lint_uses(body, state_fields))
            lint_add(l, LINT_SITUATION_MISSING, line, S(""));
        if (!says(l, body, LIST_ACTION)) lint_add(l, LINT_ACTION_MISSING, line, S(""));
        if (w->tone == TONE_FIRM && l->about == ABOUT_OVERDUE && !lint_uses(body, deadline_fields))
            lint_add(l, LINT_TONE_NO_DEADLINE, line, S(""));
    } else if (l->about == ABOUT_CASE && is_full && !lint_uses(body, case_fields)) {
        lint_add(l, LINT_REASON_MISSING, line, S(""));
    }
    look_at_layout_parts(l, body);
    bool is_short = IS_FORM(w, FORM_SMS, FORM_VOICE, FORM_VOICEMAIL); /* a chat is answered where it stands */
    if (to_debtor && is_short && !says(l, body, LIST_CONTACT) && !lint_uses(body, contact_fields))
        lint_add(l, LINT_CONTACT_MISSING, line, S(""));
    if (lint_is_public(w)) look_for_amount_fields(l, body, line);
    if (w->form == FORM_SMS) look_at_sms(l, body, line);
    look_for_required(l, body, line);
}

static void make_view(struct linting *l, const char *without, struct lint_view *out) {
    *out = (struct lint_view){buf_make(MAX_EXPANDED), buf_make(MAX_EXPANDED), 1, 1, S("")};
    bool begun = false;
    for (size_t i = 0; i < l->lines.count; i++) {
        const struct lint_line *line = &l->lines.items[i];
        if (line->part == LINT_PART_SUBJECT) {
            lint_expand(&l->finder, line->text, without, &out->subject);
            out->subject_line = line->number;
            out->subject_source = line->text;
        } else if (line->part == LINT_PART_BODY || line->part == LINT_PART_PARAMETER) {
            lint_expand(&l->finder, line->text, without, &out->body);
            buf_add_char(&out->body, '\n');
            if (line->part == LINT_PART_BODY && !begun) out->body_line = line->number;
            begun = begun || line->part == LINT_PART_BODY;
        }
    }
}

/* What the second view finds again is told once. */
static void drop_repeated(struct lint_findings *findings, size_t from, size_t second) {
    size_t kept = second;
    for (size_t i = second; i < findings->count; i++) {
        bool repeated = false;
        for (size_t k = from; k < second && !repeated; k++)
            repeated = findings->items[k].check == findings->items[i].check &&
                       findings->items[k].line == findings->items[i].line;
        if (!repeated) findings->items[kept++] = findings->items[i];
    }
    findings->count = kept;
}

static void look_at_whole(struct linting *l) {
    static const char *const views[] = {"several", "one_item"};
    size_t from = l->findings->count, second = from;
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        struct lint_view v;
        make_view(l, views[i], &v);
        second = i ? l->findings->count : from;
        if (v.subject.n) look_at_subject(l, &v);
        look_at_body(l, &v);
        buf_done(&v.subject);
        buf_done(&v.body);
        if (i) drop_repeated(l->findings, from, second);
    }
}

/* ---- files ---- */

/* "NAME:12: what": the line, and what stands behind it. */
static Str split_complaint(const char *file, Str message, int *out_line) {
    Str name = str_from(file);
    *out_line = 1;
    if (!str_starts(message, name) || message.n <= name.n + 1) return message;
    Str rest = {message.p + name.n + 1, message.n - name.n - 1};
    Str what = rest, number = str_cut(&what, ':');
    int64_t line;
    if (!what.p || !str_to_i64(number, &line)) return message;
    *out_line = (int)line;
    return str_trim(what);
}

static void complain(struct linting *l, enum lint_check check) {
    int line;
    Str what = arena_str(l->cx->arena, str_from(l->cx->fault.message));
    what = split_complaint(l->source->file, what, &line);
    lint_add(l, check, line, S(""))->detail = what;
    l->cx->fault = (struct fault){0};
}

static bool check_fields(struct linting *l) {
    const struct wording *w = l->w;
    const struct mustache *const head[] = {w->subject, w->title, w->preview};
    enum rc rc = OK;
    for (size_t i = 0; i < COUNT_OF(head) && rc == OK; i++)
        if (head[i]) rc = merge_fields_check(l->cx, head[i], phrase_find, &l->finder);
    for (size_t i = 0; i < w->parameter_count && rc == OK; i++)
        rc = merge_fields_check(l->cx, w->parameters[i], phrase_find, &l->finder);
    for (size_t i = 0; i < w->paragraph_count && rc == OK && w->form != FORM_WHATSAPP; i++)
        rc = merge_fields_check(l->cx, w->paragraphs[i].as[MUSTACHE_PLAIN], phrase_find, &l->finder);
    if (rc != OK) complain(l, LINT_UNKNOWN_FIELD);
    return rc == OK;
}

static void lint_wording(struct linting *l) {
    l->about = message_kind_about(l->w->kind);
    l->is_any = str_is(l->w->kind, "any");
    l->finder.reader = l->w->meant_for;
    if (l->finder.reader.country.n == 0) l->finder.reader.country = l->source->country;
    if (!check_fields(l)) return;
    lint_lines_of(l->cx->arena, l->w, l->source->text, &l->lines);
    for (size_t i = 0; i < l->lines.count; i++)
        if (l->lines.items[i].part != LINT_PART_LAYOUT) lint_line(l, &l->lines.items[i]);
    look_at_whole(l);
}

/* The layouts, in both parts of a mail, carry what no text has to repeat. */
static void lint_layout(struct linting *l, Str name) {
    bool is_note = str_starts(name, S("note.")), is_main = str_starts(name, S("layout."));
    if (!is_note && !is_main) return;
    static const char *const identity[] = {"company.tax_id", NULL}, *const address[] = {"company.address", NULL};
    struct buf b = buf_make(MAX_EXPANDED);
    lint_expand(&l->finder, l->source->text, "several", &b);
    Str all = buf_str(&b);
    if (!lint_uses(all, creditor_fields)) lint_add(l, LINT_CREDITOR_MISSING, 1, S(""));
    if (!lint_uses(all, contact_fields)) lint_add(l, LINT_CONTACT_MISSING, 1, S(""));
    if (!lint_uses(all, identity) || !lint_uses(all, address)) lint_add(l, LINT_RULE_IDENTITY, 1, S(""));
    if (!lint_uses(all, opt_out_fields)) lint_add(l, LINT_RULE_OPT_OUT, 1, S(""));
    static const char *const groups[] = {"groups", NULL};
    if (is_main && !lint_uses(all, groups)) lint_add(l, LINT_STATEMENT_MISSING, 1, S(""));
    if (is_main && !lint_uses(all, ways_fields)) lint_add(l, LINT_WAYS_MISSING, 1, S(""));
    if (is_main && !str_contains(l->source->text, S("{{>report-note}}"))) lint_add(l, LINT_REPORT_MISSING, 1, S(""));
    buf_done(&b);
}

void lint_text(struct ctx *cx, const struct lint_words *words, const struct message_library *library,
               const struct lint_source *source, struct lint_findings *findings) {
    Str rest = source->path, first = str_cut(&rest, '/');
    bool is_shared = !rest.p;
    struct linting l = {.cx = cx,
                        .words = lint_language(words, is_shared ? S("es") : first),
                        .source = source,
                        .findings = findings,
                        .finder = {.library = library,
                                   .language = library_language(library, is_shared ? S("es") : first, S("claim")),
                                   .escape = MUSTACHE_PLAIN}};
    struct library_reading reading = {.layer = LAYER_COMPANY};
    if (library_read_file(cx, &reading, source->path, source->file, source->text) != OK) {
        complain(&l, LINT_SYNTAX);
        return;
    }
    const struct reading_language *read = reading.languages.count ? &reading.languages.items[0] : NULL;
    if (is_shared) {
        lint_layout(&l, first);
    } else if (read && read->wordings.count) {
        l.w = &read->wordings.items[0];
        lint_wording(&l);
    } else {
        lint_phrase_lines_of(cx->arena, source->text, &l.lines);
        for (size_t i = 0; i < l.lines.count; i++) lint_line(&l, &l.lines.items[i]);
    }
}

bool lint_has_errors(const struct lint_findings *findings) {
    for (size_t i = 0; i < findings->count; i++)
        if (lint_checks[findings->items[i].check].is_error) return true;
    return false;
}
