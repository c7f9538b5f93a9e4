/* Statements per second: the same statement, with other figures, over and over.
 *
 *     statement_bench COUNT ROWS THREADS [FILE]     prints one JSON line; FILE: the last one is written there
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "document/pdf.h"
#include "document/statement_doc.h"

struct job {
    int count, rows, seed;
    struct buf last;
    enum rc rc;
    char fault[400];
};

static Currency cop;

static const struct statement_way ways[] = {{.label = {"Banco Norandino", 15}, .value = {"000-128843-07", 13}},
                                            {.label = {"Enlace", 6}, .value = {"https://pagos.example/c", 23}}};

static void fill(struct ctx *cx, int rows, int seed, struct statement_doc *d) {
    struct statement_item *items = ARENA_ARRAY(cx->arena, struct statement_item, (size_t)rows);
    struct statement_sum *sum = ARENA_NEW(cx->arena, struct statement_sum);
    Date at;
    date_make(2026, 11, 21, &at);
    sum->currency = cop;
    for (int i = 0; i < rows; i++) {
        Date due = date_add(at, -i * 400 / (rows + 1) + 30);
        int64_t open = 1234500 + (int64_t)(i * 7919 + seed) % 99999999;
        items[i] = (struct statement_item){.number = arena_printf(cx->arena, "FE-%06d", 100000 + seed + i),
                                           .type = S("invoice"),
                                           .position = 1 + i % 2,
                                           .instalment_count = i % 5 ? 1 : 2,
                                           .issue_date = date_add(due, -30),
                                           .due_date = due,
                                           .days_overdue = at.day > due.day ? at.day - due.day : 0,
                                           .amount = money_make(open * 100, cop),
                                           .open = money_make(open * 100, cop)};
        sum->balance += open * 100;
        if (at.day > due.day) sum->overdue += open * 100;
        sum->ages[age_band_of(at.day - due.day)] += open * 100;
    }
    *d = (struct statement_doc){.company = {.name = S("Distribuidora Señorial del Caribe S.A.S."),
                                            .country = S("CO"),
                                            .tax_id = S("900.123.456-7"),
                                            .address = S("Calle 72 # 10-34, Barranquilla"),
                                            .person_name = S("Lucía Peña Muñoz"),
                                            .person_phone = S("+57 605 123 4567"),
                                            .person_email = S("cartera@senorial.example")},
                                .ways = ways,
                                .way_count = COUNT_OF(ways),
                                .code = arena_printf(cx->arena, "C%05d", seed),
                                .name = S("Compañía Ñandú Hermanos e Hijos Sociedad Anónima"),
                                .tax_id = S("901.555.222-1"),
                                .language = S("es"),
                                .at = at,
                                .items = items,
                                .item_count = (size_t)rows,
                                .sums = sum,
                                .sum_count = 1};
}

static void *work(void *argument) {
    struct job *job = argument;
    struct ctx cx = {.arena = arena_new(), .lang = "es"};
    job->last = buf_make(PDF_MAX_BYTES);
    for (int i = 0; i < job->count && job->rc == OK; i++) {
        struct statement_doc doc;
        fill(&cx, job->rows, job->seed + i, &doc);
        buf_clear(&job->last);
        job->rc = statement_pdf(&cx, &doc, &job->last);
        arena_reset(cx.arena);
    }
    snprintf(job->fault, sizeof job->fault, "%.399s", cx.fault.message);
    arena_free(cx.arena);
    return NULL;
}

int main(int argc, char **argv) {
    struct job jobs[16];
    pthread_t threads[16];
    int64_t numbers[3] = {1000, 30, 1};
    for (int i = 0; i < 3 && i + 1 < argc; i++)
        if (!str_to_i64(str_from(argv[i + 1]), &numbers[i])) return 64;
    if (!currency_parse(S("COP"), &cop) || numbers[2] < 1 || numbers[2] > 16) return 64;
    struct job warm = {.count = 1, .rows = 1};
    work(&warm);
    buf_done(&warm.last);
    int64_t start = clock_monotonic_ms();
    for (int i = 0; i < numbers[2]; i++) {
        jobs[i] = (struct job){.count = (int)numbers[0], .rows = (int)numbers[1], .seed = i * 100000};
        pthread_create(&threads[i], NULL, work, &jobs[i]);
    }
    for (int i = 0; i < numbers[2]; i++) pthread_join(threads[i], NULL);
    int64_t ms = clock_monotonic_ms() - start;
    if (jobs[0].rc != OK) {
        fprintf(stderr, "%s\n", jobs[0].fault);
        return 1;
    }
    printf("{\"statements\":%lld,\"rows\":%lld,\"threads\":%lld,\"ms\":%lld,\"per_second\":%lld,\"bytes\":%zu}\n",
           (long long)(numbers[0] * numbers[2]), (long long)numbers[1], (long long)numbers[2], (long long)ms,
           (long long)(numbers[0] * numbers[2] * 1000 / (ms ? ms : 1)), jobs[0].last.n);
    if (argc > 4) {
        FILE *f = fopen(argv[4], "wb");
        if (!f || fwrite(jobs[0].last.p, 1, jobs[0].last.n, f) != jobs[0].last.n || fclose(f)) return 74;
    }
    for (int i = 0; i < numbers[2]; i++) buf_done(&jobs[i].last);
    return 0;
}
