/* Passwords: rules, hashing, comparing. The list of common ones is ours and short: what people type first, in the
 * languages of our users; length does the rest. */
#include "account/password.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/random.h"

#define PASSES 3U
#define MEMORY ((size_t)19 * 1024 * 1024)
#define AT_ONCE 2
#define WAITING_MOST 24

_Static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "the text of a hash must fit");

/* ---- turns ---- */

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    int running, waiting;
} turns = {.mutex = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

static enum rc turn_take(struct ctx *cx) {
    if (sodium_init() < 0) return fail(cx, INTERNAL, "could not prepare the hashing of passwords"); /* also the fastest code */
    pthread_mutex_lock(&turns.mutex);
    if (turns.running >= AT_ONCE && turns.waiting >= WAITING_MOST) {
        pthread_mutex_unlock(&turns.mutex);
        return fail_field(cx, BUSY, NULL, "try again in a few seconds", "too many people are signing in at this moment");
    }
    turns.waiting++;
    while (turns.running >= AT_ONCE) pthread_cond_wait(&turns.freed, &turns.mutex);
    turns.waiting--;
    turns.running++;
    pthread_mutex_unlock(&turns.mutex);
    return OK;
}

static void turn_give_back(void) {
    pthread_mutex_lock(&turns.mutex);
    turns.running--;
    pthread_cond_signal(&turns.freed);
    pthread_mutex_unlock(&turns.mutex);
}

/* ---- hashing ---- */

enum rc password_hash(struct ctx *cx, Str password, char out[PASSWORD_HASH]) {
    memset(out, 0, PASSWORD_HASH);
    TRY(turn_take(cx));
    int bad = crypto_pwhash_str_alg(out, password.p, password.n, PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13);
    turn_give_back();
    return bad ? fail(cx, INTERNAL, "could not hash the password: out of memory") : OK;
}

/* Of a password nobody has: what is compared when there is nothing to compare with, for as long. */
static const char no_password[] = "$argon2id$v=19$m=19456,t=3,p=1$"
                                  "YWxkaWEtbm8tcGFzc3dvcg$NBVPVPlXhwZbrFXLZUWHoQ3QVpGzRCS9hkzBuUGhVFA";

enum rc password_compare(struct ctx *cx, Str hash, Str password, bool *out_same) {
    char text[PASSWORD_HASH] = {0};
    bool is_real = hash.n > 0 && hash.n < sizeof text;
    memcpy(text, is_real ? hash.p : no_password, is_real ? hash.n : sizeof no_password - 1);
    TRY(turn_take(cx));
    int differs = crypto_pwhash_str_verify(text, password.p, password.n);
    turn_give_back();
    *out_same = is_real && differs == 0;
    return OK;
}

void password_make(char out[PASSWORD_MADE]) {
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that look alike */
    for (size_t i = 0; i < PASSWORD_MADE - 1; i++) out[i] = letters[randombytes_uniform(sizeof letters - 1)];
    out[PASSWORD_MADE - 1] = '\0';
}

/* ---- rules ---- */

/* What is left of them when digits, marks and repeated letters are gone, and the beginnings people make longer. */
static const char *const common[] = {
    "contrasena",  "contrasenasegura", "contrasenanueva", "password",   "passwordpassword", "passw",      "senha",
    "senhasegura", "qwerty",           "qwertyuiop",      "asdfghjkl",  "zxcvbnm",          "letmein",    "iloveyou",
    "teamo",       "tequiero",         "admin",           "administrador", "administrator", "administrar", "usuario",
    "user",        "root",             "toor",            "welcome",    "bienvenido",       "bienvenida", "bienvenidos",
    "abcdefghijkl", "abcdefgh",        "abc",             "dragon",     "monkey",           "football",   "futbol",
    "realmadrid",  "barcelona",        "bocajuniors",     "riverplate", "colombia",         "mexico",     "argentina",
    "chile",       "peru",             "ecuador",         "venezuela",  "espana",           "brasil",     "portugal",
    "cobranza",    "cobranzas",        "cobros",          "aldia",      "empresa",          "compania",   "secreto",
    "secreta",     "changeme",         "cambiame",        "default",    "test",             "testtest",   "prueba",
    "pruebas",     "temporal",         "verano",          "invierno",   "primavera",        "otono",      "enero",
    "febrero",     "marzo",            "abril",           "mayo",       "junio",            "julio",      "agosto",
    "septiembre",  "octubre",          "noviembre",       "diciembre",  "sunshine",         "princess",   "princesa",
    "correcthorsebatterystaple"};

/* The letters alone, folded; what looks like a letter counts as one. */
static Str bare(struct arena *arena, Str text) {
    static const char leet[] = "0o1i3e4a5s7t@a$s!i";
    Str folded = str_fold(arena, text);
    char *out = arena_alloc(arena, folded.n + 1);
    size_t n = 0;
    bool digits_only = true;
    for (size_t i = 0; i < folded.n; i++)
        if (folded.p[i] >= 'a' && folded.p[i] <= 'z') digits_only = false;
    for (size_t i = 0; i < folded.n && !digits_only; i++) {
        char c = folded.p[i];
        bool inside = n > 0 && i + 1 < folded.n; /* a year at the end is no letter */
        const char *like = inside && folded.p[i + 1] >= 'a' ? memchr(leet, c, sizeof leet - 1) : NULL;
        if (like && (like - leet) % 2 == 0) c = like[1];
        if ((c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80) out[n++] = c;
    }
    return (Str){out, n};
}

/* "111111111111", "123456789012", "abababababab": at most four different characters, or each one step on. */
static bool is_simple(Str text) {
    bool seen[256] = {false};
    int different = 0;
    size_t steps = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (!seen[c]) different++;
        seen[c] = true;
        if (i > 0) {
            int step = c - (unsigned char)text.p[i - 1];
            steps += step == 1 || step == -1 || (step == -9 && c == '0');
        }
    }
    return different <= 4 || steps + 2 >= text.n;
}

/* True when `text` is `word`, once or several times over. */
static bool is_made_of(Str text, Str word) {
    if (word.n < 3 || text.n < word.n || text.n % word.n != 0) return false;
    for (size_t at = 0; at < text.n; at += word.n)
        if (memcmp(text.p + at, word.p, word.n) != 0) return false;
    return true;
}

enum rc password_check(struct ctx *cx, Str password, const Str *own, size_t count) {
    if (!str_is_utf8(password) || str_has_control(password))
        return fail_field(cx, INVALID, "password", NULL, "the password is not plain text");
    if (str_codepoints(password) < PASSWORD_LEAST)
        return fail_field(cx, INVALID, "password", "several words make a good one; signs and figures are not needed",
                          "the password is shorter than %d characters", PASSWORD_LEAST);
    if (password.n > PASSWORD_MOST)
        return fail_field(cx, INVALID, "password", NULL, "the password is longer than %d bytes", PASSWORD_MOST);
    Str letters = bare(cx->arena, password);
    bool is_common = is_simple(password);
    for (size_t i = 0; i < COUNT_OF(common) && !is_common; i++) is_common = is_made_of(letters, str_from(common[i]));
    if (is_common)
        return fail_field(cx, INVALID, "password", "choose words that others would not try",
                          "the password is among those that are tried first");
    for (size_t i = 0; i < count; i++)
        if (own[i].n && (str_equal_nocase(password, own[i]) || is_made_of(letters, bare(cx->arena, own[i]))))
            return fail_field(cx, INVALID, "password", "choose words that others would not try",
                              "the password is made of the person's own name or address");
    return OK;
}
