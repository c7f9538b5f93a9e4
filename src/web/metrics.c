/* Counters in the OpenMetrics text format. */
#include <stdio.h>

#include "web/server.h"

static const double bounds[LATENCY_BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5};

void metrics_count(struct server *s, const struct request *r) {
    int class = r->answer.status / 100;
    if (class < 1 || class >= STATUS_CLASSES) class = 5;
    s->counters.answers[class]++;
    if (r->answer.stream) return;
    int64_t ms = clock_monotonic_ms() - r->begun_ms;
    size_t bucket = 0;
    while (bucket < LATENCY_BUCKETS && (double)ms > bounds[bucket] * 1000.0) bucket++;
    s->counters.latency[bucket]++;
    s->counters.latency_us += (uint64_t)ms * 1000;
}

static int64_t resident_bytes(void) {
    FILE *in = fopen("/proc/self/statm", "re");
    long long pages = 0, all = 0;
    if (!in) return 0;
    if (fscanf(in, "%lld %lld", &all, &pages) != 2) pages = 0;
    fclose(in);
    return pages * 4096;
}

static void gauge(struct buf *b, const char *name, const char *help, int64_t value) {
    buf_printf(b, "# TYPE aldia_%s gauge\n# HELP aldia_%s %s\naldia_%s %lld\n", name, name, help, name, (long long)value);
}

static void counter(struct buf *b, const char *name, const char *help, uint64_t value) {
    buf_printf(b, "# TYPE aldia_%s counter\n# HELP aldia_%s %s\naldia_%s_total %llu\n", name, name, help, name,
               (unsigned long long)value);
}

static void put_latency(struct server *s, struct buf *b) {
    uint64_t sum = 0;
    buf_add(b, S("# TYPE aldia_http_duration_seconds histogram\n# UNIT aldia_http_duration_seconds seconds\n"
                 "# HELP aldia_http_duration_seconds From the first header to the end of the answer.\n"));
    for (size_t i = 0; i <= LATENCY_BUCKETS; i++) {
        sum += s->counters.latency[i];
        if (i < LATENCY_BUCKETS)
            buf_printf(b, "aldia_http_duration_seconds_bucket{le=\"%g\"} %llu\n", bounds[i], (unsigned long long)sum);
        else
            buf_printf(b, "aldia_http_duration_seconds_bucket{le=\"+Inf\"} %llu\n", (unsigned long long)sum);
    }
    buf_printf(b, "aldia_http_duration_seconds_sum %.6f\naldia_http_duration_seconds_count %llu\n",
               (double)s->counters.latency_us / 1e6, (unsigned long long)sum);
}

void metrics_write(struct server *s, struct buf *b) {
    buf_add(b, S("# TYPE aldia_http_answers counter\n# HELP aldia_http_answers Answers by class of status.\n"));
    for (int i = 1; i < STATUS_CLASSES; i++)
        buf_printf(b, "aldia_http_answers_total{class=\"%dxx\"} %llu\n", i, (unsigned long long)s->counters.answers[i]);
    put_latency(s, b);
    gauge(b, "http_connections", "Open connections.", s->peer_count);
    gauge(b, "http_in_flight", "Requests under way.", s->in_flight);
    buf_add(b, S("# TYPE aldia_lane_waiting gauge\n# HELP aldia_lane_waiting Requests waiting for a worker.\n"));
    buf_printf(b, "aldia_lane_waiting{lane=\"quick\"} %zu\naldia_lane_waiting{lane=\"slow\"} %zu\n", lane_waiting(&s->quick),
               lane_waiting(&s->slow));
    counter(b, "lane_full", "Requests refused because a queue was full.", s->counters.queue_full);
    counter(b, "connections_refused", "Connections refused: too many from one address.", s->counters.refused_connections);
    counter(b, "connections_overdue", "Connections ended because a phase took too long.", s->counters.overdue_connections);
    gauge(b, "resident_bytes", "Memory of the process.", resident_bytes());
    gauge(b, "uptime_seconds", "Since the server began.", (clock_monotonic_ms() - s->started_ms) / 1000);
    buf_add(b, S("# EOF\n"));
}
