/* The schemes' rules. Sources stand in the table; what no source was found for is checked by length alone. */
#include "core/bank_number.h"

#include <stdio.h>
#include <string.h>

#include "core/mod97.h"

const struct bank_scheme_info bank_schemes[BANK_SCHEMES] = {
    [BANK_IBAN] = {"iban", NULL, "IBAN", PHRASE("ISO 13616 and its registry (SWIFT)")},
    [BANK_CLABE] = {"clabe", "MX", "CLABE", PHRASE("Banco de México and ABM: 18 digits, weights 3 7 1, mod 10 (K)")},
    [BANK_CBU] = {"cbu", "AR", "CBU",
                  PHRASE("BCRA, Comunicación A 2622: two blocks with weights 3 1 7 9; a CVU has the same form (K)")},
    [BANK_CBU_ALIAS] = {"alias", "AR", "Alias",
                        PHRASE("BCRA, Comunicación A 6044: 6 to 20 letters, digits, dots and dashes (K)")},
    [BANK_CCI] = {"cci", "PE", "CCI",
                  PHRASE("Cámara de Compensación Electrónica: 20 digits; no public rule for its check digits (K)")},
    [BANK_PIX] = {"pix", "BR", "PIX", PHRASE("Banco Central do Brasil, Manual de Padrões para Iniciação do Pix")},
    [BANK_SINPE_MOVIL] = {"sinpe", "CR", "SINPE Móvil", PHRASE("Banco Central de Costa Rica: a mobile number of 8 digits (K)")},
    [BANK_BRE_B] = {"bre-b", "CO", "Llave Bre-B",
                    PHRASE("Banco de la República, DSP-465: identity, mobile, e-mail, @name, shop code (K)")},
    [BANK_PLAIN] = {"account", NULL, "", PHRASE("4 to 30 digits; VE: 20 (SUDEBAN) (K)")},
    [BANK_LINK] = {"link", NULL, "", PHRASE("RFC 3986, https only")},
    [BANK_TEXT] = {"text", NULL, "", PHRASE("none")},
};

enum bank_scheme bank_scheme_parse(Str name) {
    int scheme = 0;
    while (scheme < BANK_SCHEMES && !str_is(name, bank_schemes[scheme].name)) scheme++;
    return (enum bank_scheme)scheme;
}

/* ---- parts ---- */

static bool all_digits(Str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return s.n > 0;
}

static bool is_among(char c, Str set) { return str_index(set, c) < set.n; }
static bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/* The sum of the digits times the weights, which repeat; from the right when asked. */
static int weighted(Str digits, const int *weights, size_t count, bool from_right) {
    int sum = 0;
    for (size_t i = 0; i < digits.n; i++) {
        size_t place = from_right ? digits.n - 1 - i : i;
        sum += (digits.p[i] - '0') * weights[place % count];
    }
    return sum;
}

static bool clabe_good(Str s) {
    static const int weights[] = {3, 7, 1};
    return s.n == 18 && all_digits(s) && (10 - weighted((Str){s.p, 17}, weights, 3, false) % 10) % 10 == s.p[17] - '0';
}

static bool cbu_block_good(Str s) {
    static const int weights[] = {3, 1, 7, 9};
    return (10 - weighted((Str){s.p, s.n - 1}, weights, 4, true) % 10) % 10 == s.p[s.n - 1] - '0';
}

static bool cbu_good(Str s) {
    return s.n == 22 && all_digits(s) && cbu_block_good((Str){s.p, 8}) && cbu_block_good((Str){s.p + 8, 14});
}

/* An address as keys have it: one @, something before, a dot behind. */
static bool is_mail(Str s) {
    size_t at = str_index(s, '@');
    if (at == 0 || at + 3 > s.n) return false;
    Str domain = {s.p + at + 1, s.n - at - 1};
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7F || is_among(s.p[i], S("<>(),;:\"\\[]")))
            return false;
    size_t dot = str_index(domain, '.');
    return str_index(domain, '@') == domain.n && dot > 0 && dot + 1 < domain.n;
}

/* ---- PIX ---- */

/* Check digit of CPF and CNPJ over the characters before it; letters of new CNPJs count as their ASCII code less 48. */
static int brazil_digit(Str s, int highest) {
    int sum = 0, weight = 2;
    for (size_t i = s.n; i > 0; i--) {
        sum += (s.p[i - 1] - '0') * weight;
        weight = weight == highest ? 2 : weight + 1;
    }
    return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

static bool brazil_id_good(Str s, int highest) {
    if (s.n < 3) return false;
    return brazil_digit((Str){s.p, s.n - 2}, highest) == s.p[s.n - 2] - '0' &&
           brazil_digit((Str){s.p, s.n - 1}, highest) == s.p[s.n - 1] - '0';
}

static bool is_random_key(Str s) {
    if (s.n != 36) return false;
    for (size_t i = 0; i < s.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = is_digit(s.p[i]) || (s.p[i] >= 'a' && s.p[i] <= 'f') || (s.p[i] >= 'A' && s.p[i] <= 'F');
        if (dash ? s.p[i] != '-' : !hex) return false;
    }
    return true;
}

static Str lowered(Str s, char *out) {
    for (size_t i = 0; i < s.n; i++) out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
    out[s.n] = '\0';
    return (Str){out, s.n};
}

Str pix_key_parse(Str typed, char *out) {
    Str s = str_trim(typed);
    if (s.n == 0 || s.n > PIX_KEY_MAX) return S("");
    if (is_random_key(s) || is_mail(s)) return lowered(s, out);
    /* What is left is a number with separators. */
    bool phone = s.p[0] == '+';
    size_t n = 0;
    if (phone) out[n++] = '+';
    for (size_t i = phone; i < s.n; i++) {
        if (is_among(s.p[i], S(" .-/()"))) continue;
        out[n++] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];
    }
    out[n] = '\0';
    Str digits = {out + phone, n - phone};
    if (phone) {
        bool good = all_digits(digits) && str_starts(digits, S("55")) && (digits.n == 12 || digits.n == 13);
        return good ? (Str){out, n} : S("");
    }
    if (n == 11 && all_digits(digits) && brazil_id_good(digits, 11)) return digits;
    bool capitals = n == 14;
    for (size_t i = 0; i < n && capitals; i++)
        capitals = is_digit(out[i]) || (i < 12 && out[i] >= 'A' && out[i] <= 'Z');
    return capitals && brazil_id_good(digits, 9) ? digits : S("");
}

bool bic_valid(Str bic) {
    if (bic.n != 8 && bic.n != 11) return false;
    for (size_t i = 0; i < bic.n; i++) {
        bool capital = bic.p[i] >= 'A' && bic.p[i] <= 'Z';
        if (!capital && (i == 4 || i == 5 || !is_digit(bic.p[i]))) return false;
    }
    return true;
}

/* ---- verdicts ---- */

static void judge(struct bank_number *b, bool good, enum bank_verdict otherwise, SAYS const char *problem) {
    if (good) return;
    b->verdict = otherwise;
    b->problem = problem;
}

static void check_alias(struct bank_number *b, Str s) {
    bool good = s.n >= 6 && s.n <= 20;
    for (size_t i = 0; i < s.n; i++)
        good = good && (is_letter(s.p[i]) || is_digit(s.p[i]) || s.p[i] == '.' || s.p[i] == '-');
    judge(b, good, BANK_WRONG, "an alias has 6 to 20 letters, digits, dots and dashes");
}

static void check_bre_b(struct bank_number *b, Str s) {
    bool name = s.n > 1 && s.p[0] == '@';
    for (size_t i = 1; i < s.n && name; i++) name = is_letter(s.p[i]) || is_digit(s.p[i]);
    bool good = name || is_mail(s) || (all_digits(s) && s.n >= 5 && s.n <= 12);
    judge(b, good, BANK_DOUBTFUL, "a Bre-B key is an identity or mobile number, an e-mail, a shop code or @name");
}

static void check_sinpe(struct bank_number *b, Str s) {
    Str number = str_starts(s, S("+506")) ? (Str){s.p + 4, s.n - 4} : s;
    judge(b, number.n == 8 && all_digits(number), BANK_WRONG, "a SINPE Móvil number has 8 digits");
    if (b->verdict == BANK_GOOD) {
        judge(b, number.p[0] >= '5' && number.p[0] <= '8', BANK_DOUBTFUL,
              "mobile numbers of Costa Rica begin with 5 to 8");
        memmove(b->text, number.p, number.n);
        b->text[number.n] = '\0';
    }
}

static void check_account(struct bank_number *b, Str country, Str s) {
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) digits += is_digit(s.p[i]);
    judge(b, digits >= 4 && digits <= 30, BANK_WRONG, "an account number has 4 to 30 digits");
    if (b->verdict == BANK_GOOD && str_is(country, "VE"))
        judge(b, digits == 20, BANK_WRONG, "an account in Venezuela has 20 digits");
}

static void check_link(struct bank_number *b, Str s) {
    bool good = str_starts(s, S("https://")) && s.n > 8;
    for (size_t i = 0; i < s.n; i++) good = good && (unsigned char)s.p[i] > ' ' && !is_among(s.p[i], S("<>\"\\^`{}|"));
    judge(b, good, BANK_WRONG, "a link begins with https:// and has no spaces");
}

/* Schemes whose numbers people type with separators that mean nothing. */
static bool is_number_only(enum bank_scheme scheme) {
    return scheme == BANK_CLABE || scheme == BANK_CBU || scheme == BANK_CCI || scheme == BANK_SINPE_MOVIL;
}

struct bank_number bank_number_check(enum bank_scheme scheme, Str country, Str typed) {
    struct bank_number b = {.verdict = BANK_GOOD};
    Str s = str_trim(typed), parsed = S("");
    size_t n = s.n;
    if (s.n == 0 || s.n > BANK_NUMBER_MAX || str_has_control(s)) {
        judge(&b, false, BANK_WRONG, "the number is empty, too long or has control characters");
        return b;
    }
    if (is_number_only(scheme))
        n = mod97_clean(s, b.text, BANK_NUMBER_MAX);
    else
        memcpy(b.text, s.p, s.n);
    b.text[n] = '\0';
    Str kept = {b.text, n};
    char room[PIX_KEY_MAX + 1];
    switch (scheme) {
    case BANK_IBAN: parsed = iban_parse(s, room); break;
    case BANK_PIX: parsed = pix_key_parse(s, room); break;
    case BANK_CLABE:
        judge(&b, clabe_good(kept), BANK_WRONG, "a CLABE has 18 digits, the last one a check digit");
        break;
    case BANK_CBU: judge(&b, cbu_good(kept), BANK_WRONG, "a CBU has 22 digits, two of them check digits"); break;
    case BANK_CCI: judge(&b, n == 20 && all_digits(kept), BANK_WRONG, "a CCI has 20 digits"); break;
    case BANK_CBU_ALIAS: check_alias(&b, kept); break;
    case BANK_SINPE_MOVIL: check_sinpe(&b, kept); break;
    case BANK_BRE_B: check_bre_b(&b, kept); break;
    case BANK_PLAIN: check_account(&b, country, kept); break;
    case BANK_LINK: check_link(&b, kept); break;
    case BANK_TEXT:
    case BANK_SCHEMES: break;
    }
    if (scheme == BANK_IBAN || scheme == BANK_PIX) {
        judge(&b, parsed.n > 0, BANK_WRONG,
              scheme == BANK_IBAN ? "not an IBAN: length, country or check digits are wrong"
                                  : "not a PIX key: an e-mail, +55 and the phone, a CPF, a CNPJ or a random key");
        if (parsed.n) snprintf(b.text, sizeof b.text, "%.*s", STR_ARG(parsed));
    }
    return b;
}

/* Copies with a space before each position whose digit is set in `breaks`, every four characters when it is NULL. */
static Str grouped(struct arena *arena, Str s, const size_t *breaks, size_t break_count) {
    char *out = arena_alloc(arena, 2 * s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool here = !breaks && i && i % 4 == 0;
        for (size_t k = 0; k < break_count; k++) here = here || breaks[k] == i;
        if (here) out[n++] = ' ';
        out[n++] = s.p[i];
    }
    return (Str){out, n};
}

Str bank_number_print(struct arena *arena, enum bank_scheme scheme, Str kept) {
    static const size_t clabe[] = {3, 6, 17}, cbu[] = {8}, cci[] = {3, 6, 18}, sinpe[] = {4};
    switch (scheme) {
    case BANK_IBAN: return grouped(arena, kept, NULL, 0);
    case BANK_CLABE: return grouped(arena, kept, clabe, COUNT_OF(clabe));
    case BANK_CBU: return grouped(arena, kept, cbu, COUNT_OF(cbu));
    case BANK_CCI: return grouped(arena, kept, cci, COUNT_OF(cci));
    case BANK_SINPE_MOVIL: return grouped(arena, kept, sinpe, COUNT_OF(sinpe));
    case BANK_PIX:
    case BANK_CBU_ALIAS:
    case BANK_BRE_B:
    case BANK_PLAIN:
    case BANK_LINK:
    case BANK_TEXT:
    case BANK_SCHEMES: break;
    }
    return kept;
}

void bank_schemes_document(struct buf *out) {
    buf_add_cstr(
        out, "# Ways to pay\n\nWhat debtors are told about paying, in messages, statements and letters. Written from "
             "the table in "
             "`src/core/bank_number.c` (`ACCEPT=1`\nwith the unit suite `bank_number`).\n\n"
             "```\naldia company way set norandino --scheme account --bank \"Banco Norandino\" --account-type "
             "Corriente --number "
             "000-128843-07\n"
             "aldia company way set sepa --scheme iban --number \"ES91 2100 0418 4502 0005 1332\" --for-currency EUR\n"
             "aldia company way list\naldia company way code sepa --amount 12.30 --reference OVA-0418 --format svg "
             "--file qr.svg\n"
             "```\n\n"
             "A customer is told the ways for their country and for the currencies of their debt; all of them when "
             "none fits. The "
             "reference to write on\na transfer is the customer's code; where only SEPA accounts are told, as a "
             "creditor reference "
             "of ISO 11649 (`RF53 OVA0418`), which the\npayer's bank checks. A SEPA account has a code to scan "
             "(EPC069-12), a PIX "
             "key one to scan or paste. Every change stands in the timeline.\n\n"
             "A number that cannot receive money is refused; one that only looks unusual is taken with a warning. (K): "
             "general "
             "knowledge, not looked up.\n\n"
             "| Scheme | Called | Country | Rule |\n|---|---|---|---|\n");
    for (int i = 0; i < BANK_SCHEMES; i++) {
        const struct bank_scheme_info *s = &bank_schemes[i];
        buf_printf(out, "| `%s` | %s | %s | %s |\n", s->name, s->label, s->country ? s->country : "", s->source);
    }
}
