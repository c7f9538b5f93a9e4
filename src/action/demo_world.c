/* Names from lists, everything else from draws. */
#include "action/demo_world.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/random.h"

#define TOLD_DAYS 3 /* a told debtor pays within so many days */

static const char *const kinds[] = {"Ferretería",    "Droguería",   "Papelería",   "Panadería",    "Clínica Dental",
                                    "Taller",        "Restaurante", "Hotel",       "Colegio",      "Imprenta",
                                    "Lavandería",    "Vivero",      "Librería",    "Óptica",       "Transportes",
                                    "Supermercado",  "Carpintería", "Laboratorio", "Constructora", "Agroinsumos",
                                    "Distribuidora", "Gimnasio",    "Veterinaria", "Textiles"};
static const char *const names[] = {
    "El Roble",        "Santa Inés",   "Los Andes",    "La Ceiba",     "San Telmo",   "Monteverde",    "Altamira",
    "El Faro",         "Las Acacias",  "Río Claro",    "La Esperanza", "Bellavista",  "Puerto Nuevo",  "El Trébol",
    "Los Laureles",    "Santa Clara",  "El Molino",    "La Colina",    "Piedra Azul", "El Guayacán",   "Casa Blanca",
    "Los Cedros",      "La Merced",    "Villa Sol",    "Campo Alegre", "El Mirador",  "Tres Esquinas", "La Unión",
    "Nuevo Horizonte", "El Progreso",  "San Jacinto",  "Las Palmas",   "El Samán",    "La Floresta",   "Boca Grande",
    "El Ingenio",      "Sol y Sombra", "Las Gaviotas", "El Portal",    "La Fuente"};
static const char *const first_names[] = {"Marcela", "Andrés",  "Lucía",    "Jorge",   "Paola",  "Hernán",
                                          "Natalia", "Ricardo", "Verónica", "Esteban", "Gloria", "Mauricio",
                                          "Camila",  "Rodrigo", "Silvia",   "Tomás"};
static const char *const last_names[] = {"Arango",  "Bustos",  "Cárdenas", "Duarte",    "Escobar", "Fuentes",
                                         "Galindo", "Herrera", "Ibarra",   "Jaramillo", "Lozano",  "Molina",
                                         "Navarro", "Ospina",  "Peralta",  "Quiroga"};
static const char *const goods[] = {"Insumos de limpieza", "Papel y embalaje",    "Repuestos",
                                    "Herramientas",        "Material eléctrico",  "Pinturas",
                                    "Uniformes",           "Mobiliario",          "Equipos de seguridad",
                                    "Productos químicos",  "Servicio de montaje", "Mantenimiento mensual"};

struct country {
    const char *code, *currency, *ending, *zone;
    int weight;          /* of a hundred */
    int64_t unit, least; /* amounts are multiples of unit, from least on, in minor units */
};
static const struct country countries[] = {{"CO", "COP", "S.A.S.", "America/Bogota", 62, 1000000, 8000000},
                                           {"MX", "MXN", "S.A. de C.V.", "America/Mexico_City", 14, 5000, 90000},
                                           {"PE", "PEN", "S.A.C.", "America/Lima", 10, 1000, 20000},
                                           {"CL", "CLP", "SpA", "America/Santiago", 8, 1000, 60000},
                                           {"EC", "USD", "C. Ltda.", "America/Guayaquil", 6, 500, 8000}};

uint64_t demo_draw(uint64_t seed, const char *purpose, Str subject, int64_t number, uint64_t bound) {
    struct seeded_random r = {seed ^ str_hash(str_from(purpose))};
    r.state = seeded_next(&r) ^ str_hash(subject);
    r.state = seeded_next(&r) ^ (uint64_t)number;
    return seeded_below(&r, bound);
}

static const struct country *country_of(Str code) {
    for (size_t i = 0; i < COUNT_OF(countries); i++)
        if (str_is(code, countries[i].code)) return &countries[i];
    return &countries[0];
}

static const struct country *draw_country(uint64_t seed, int index) {
    int rest = (int)demo_draw(seed, "country", S(""), index, 100);
    size_t i = 0;
    while (i + 1 < COUNT_OF(countries) && rest >= countries[i].weight) rest -= countries[i++].weight;
    return &countries[i];
}

static enum demo_habit draw_habit(uint64_t seed, int index) {
    static const int weights[] = {38, 20, 22, 12, 4, 4};
    int rest = (int)demo_draw(seed, "habit", S(""), index, 100);
    int i = 0;
    while (i < DISPUTES && rest >= weights[i]) rest -= weights[i++];
    return (enum demo_habit)i;
}

/* Letters, digits and hyphens. */
static Str slug(struct arena *arena, Str text) {
    Str folded = str_fold(arena, text);
    struct buf b = buf_make(200);
    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            buf_add_char(&b, c);
        else if (b.n && b.p[b.n - 1] != '-')
            buf_add_char(&b, '-');
    }
    Str out = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return out;
}

void demo_customer(struct arena *arena, uint64_t seed, int index, struct demo_customer *out) {
    static const int terms[] = {15, 30, 30, 30, 45, 60};
    const struct country *country = draw_country(seed, index);
    /* 7 and 24·40 have no common divisor: every pair of words comes once before any comes again. */
    int pair = (int)(((int64_t)index * 7 + (int64_t)(seed % 960)) % 960), round = index / 960;
    Str shop = arena_printf(arena, "%s %s", kinds[pair % 24], names[pair / 24]);
    if (round) shop = arena_printf(arena, "%.*s %d", STR_ARG(shop), round + 1);
    Str first = str_from(first_names[demo_draw(seed, "first", S(""), index, COUNT_OF(first_names))]);
    Str last = str_from(last_names[demo_draw(seed, "last", S(""), index, COUNT_OF(last_names))]);
    bool reachable = demo_draw(seed, "mail", S(""), index, 50) != 0; /* somebody always forgot to give an address */
    *out = (struct demo_customer){
        .code = arena_printf(arena, "C%04d", index + 1),
        .name = arena_printf(arena, "%.*s %s", STR_ARG(shop), country->ending),
        .tax_id = arena_printf(arena, "9%08llu", (unsigned long long)demo_draw(seed, "tax", S(""), index, 100000000)),
        .country = str_from(country->code),
        .currency = str_from(country->currency),
        .zone = str_from(country->zone),
        .email = reachable ? arena_printf(arena, "pagos@%.*s.example", STR_ARG(slug(arena, shop))) : S(""),
        .contact = arena_printf(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)),
        .habit = draw_habit(seed, index),
        .terms_days = terms[demo_draw(seed, "terms", S(""), index, COUNT_OF(terms))],
        .every_days = 8 + (int)demo_draw(seed, "every", S(""), index, 24),
        .scale = 1 + (int)demo_draw(seed, "scale", S(""), index, 12),
    };
    out->payment_terms = arena_printf(arena, "%d días", out->terms_days);
}

int64_t demo_amount(const struct demo_customer *c, uint64_t seed, int64_t number) {
    const struct country *country = country_of(c->country);
    int64_t spread = (int64_t)demo_draw(seed, "amount", c->code, number, 400);
    int64_t amount = country->least * c->scale * (100 + spread) / 100;
    return amount / country->unit * country->unit + country->unit;
}

Str demo_goods(uint64_t seed, int64_t number) {
    return str_from(goods[demo_draw(seed, "goods", S(""), number, COUNT_OF(goods))]);
}

/* The day the habit alone leads to, before promises. */
static Date pay_day(const struct demo_customer *c, uint64_t seed, const struct demo_debt *debt) {
    int32_t shift = (int32_t)demo_draw(seed, "shift", debt->number, debt->claims, 6);
    Date told = date_is_none(debt->reminded) ? DATE_NONE : date_add(debt->reminded, 1 + shift % TOLD_DAYS);
    switch (c->habit) {
    case PAYS_ON_TIME: return date_add(debt->due, shift - 4);
    case PAYS_WHEN_TOLD:
        if (!date_is_none(told) && date_diff(debt->due, told) < 8) return date_max(told, date_add(debt->due, -2));
        return date_add(debt->due, 12);
    case FORGETS: return debt->claims >= 1 ? told : date_add(debt->due, 25);
    case PAYS_LATE: return debt->claims >= 2 + shift % 2 ? date_add(told, shift) : date_add(debt->due, 55);
    case HARDLY_PAYS: return date_add(debt->due, 90 + shift * 10);
    case DISPUTES: break;
    }
    return debt->had_dispute ? date_add(debt->due, 35) : date_add(debt->due, 14);
}

bool demo_pays(const struct demo_customer *c, uint64_t seed, const struct demo_debt *debt, Date today) {
    if (debt->disputed) return false;
    Date day = pay_day(c, seed, debt);
    if (!date_is_none(debt->promised)) { /* three in four keep their word, some pay part of it */
        bool keeps = demo_draw(seed, "word", debt->number, debt->promised.day, 4) != 0;
        day = keeps ? debt->promised : date_max(day, date_add(debt->promised, 12));
    }
    if (debt->partly) day = date_add(day, 9);
    return date_compare(today, day) >= 0;
}
