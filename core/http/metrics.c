/* SPDX-License-Identifier: Apache-2.0 */
#include "http/metrics.h"

#include "base/cleanup.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROUTES_MOST = 64, CLASSES = 6, BOUNDS = 7 };

static const int64_t bounds_us[BOUNDS] = {1000, 5000, 25000, 100000, 500000, 2500000, INT64_MAX};
static const char *const bound_names[BOUNDS] = {"0.001", "0.005", "0.025", "0.1", "0.5", "2.5", "+Inf"};

struct metrics {
    atomic_uint_least64_t requests[ROUTES_MOST + 1][CLASSES]; /* the last one: no route */
    atomic_uint_least64_t durations[BOUNDS], duration_us;
    atomic_uint_least64_t rate_limited, logins[2];
};

struct metrics *metrics_new(void)
{
    return calloc(1, sizeof(struct metrics));
}

void metrics_free(struct metrics *metrics)
{
    free(metrics);
}

static void add(atomic_uint_least64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t read_counter(const atomic_uint_least64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_request(struct metrics *metrics, const struct route *route, unsigned status, int64_t elapsed_us)
{
    size_t which = route == NULL ? ROUTES_MOST : (size_t)(route - routes);
    size_t class = status / 100 < CLASSES ? status / 100 : 0;
    size_t bound = 0;
    while (elapsed_us > bounds_us[bound])
        bound++;
    add(&metrics->requests[which][class], 1);
    add(&metrics->durations[bound], 1);
    add(&metrics->duration_us, elapsed_us < 0 ? 0 : (uint64_t)elapsed_us);
    if (status == 429)
        add(&metrics->rate_limited, 1);
}

void metrics_login(struct metrics *metrics, enum login_result result)
{
    add(&metrics->logins[result], 1);
}

/* ---- Writing ------------------------------------------------------------------------------------ */

static void family(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(struct buffer *out, const char *name, const char *help, int64_t value)
{
    family(out, name, "gauge", help);
    buffer_printf(out, "%s %" PRId64 "\n", name, value);
}

static void counter(struct buffer *out, const char *name, const char *help, uint64_t value)
{
    family(out, name, "counter", help);
    buffer_printf(out, "%s %" PRIu64 "\n", name, value);
}

static void write_requests(const struct metrics *metrics, struct buffer *out)
{
    static const char name[] = "sluice_http_requests_total";
    family(out, name, "counter", "Answers by route and class of status.");
    for (size_t route = 0; route <= ROUTES_MOST; route++)
        for (size_t class = 0; class < CLASSES; class ++) {
            uint64_t n = read_counter(&metrics->requests[route][class]);
            const char *label = route < route_count ? routes[route].name : "other";
            if (n > 0)
                buffer_printf(out, "%s{route=\"%s\",code=\"%zuxx\"} %" PRIu64 "\n", name, label, class, n);
        }
}

static void write_durations(const struct metrics *metrics, struct buffer *out)
{
    static const char name[] = "sluice_http_request_duration_seconds";
    uint64_t sum = 0, us = read_counter(&metrics->duration_us);
    family(out, name, "histogram", "From the head of a request to its answer.");
    for (size_t i = 0; i < BOUNDS; i++) {
        sum += read_counter(&metrics->durations[i]);
        buffer_printf(out, "%s_bucket{le=\"%s\"} %" PRIu64 "\n", name, bound_names[i], sum);
    }
    buffer_printf(out, "%s_sum %" PRIu64 ".%06" PRIu64 "\n%s_count %" PRIu64 "\n", name, us / 1000000,
                  us % 1000000, name, sum);
}

static void write_server(const struct metrics *metrics, const struct metrics_view *view, struct buffer *out)
{
    static const char logins[] = "sluice_http_logins_total";
    write_requests(metrics, out);
    write_durations(metrics, out);
    family(out, logins, "counter", "Attempts to sign in.");
    buffer_printf(out, "%s{result=\"done\"} %" PRIu64 "\n%s{result=\"refused\"} %" PRIu64 "\n", logins,
                  read_counter(&metrics->logins[LOGIN_DONE]), logins,
                  read_counter(&metrics->logins[LOGIN_REFUSED]));
    counter(out, "sluice_http_rate_limited_total", "Requests that came too often.",
            read_counter(&metrics->rate_limited));
    counter(out, "sluice_http_status_bodies_total", "Status bodies made; each serves everyone.",
            view->status.bodies);
    gauge(out, "sluice_http_connections", "Open connections.", (int64_t)view->connections);
    counter(out, "sluice_http_connections_cut_total", "Connections that were too slow.",
            view->connections_cut);
    gauge(out, "sluice_http_waiting", "Requests that wait for a worker.", (int64_t)view->waiting);
}

/* Seconds since 1970 of a time as the store writes it; 0 for none. */
static int64_t seconds_of(const char *text)
{
    struct tm parts = {0};
    return strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) == NULL ? 0 : (int64_t)timegm(&parts);
}

static void write_suppliers(const struct supplier_counts *counts, struct buffer *out)
{
    static const char name[] = "sluice_suppliers";
    const struct {
        const char *status;
        int64_t n;
    } all[] = {{"success", counts->success},
               {"error", counts->error},
               {"pending", counts->pending},
               {"inactive", counts->inactive}};
    family(out, name, "gauge", "Suppliers by status.");
    for (size_t i = 0; i < ELEMENTS(all); i++)
        buffer_printf(out, "%s{status=\"%s\"} %" PRId64 "\n", name, all[i].status, all[i].n);
    gauge(out, "sluice_items", "Items that lists have now.", counts->items);
    gauge(out, "sluice_rejected_rows", "Rows that the last reads rejected.", counts->rejects);
}

static void write_last_run(const struct run_facts *last, struct buffer *out)
{
    static const char rows[] = "sluice_last_run_rows";
    int64_t started = seconds_of(last->started_at), finished = seconds_of(last->finished_at);
    gauge(out, "sluice_last_run_finished_seconds", "When the last run ended, in seconds since 1970.",
          finished);
    gauge(out, "sluice_last_run_duration_seconds", "How long it took.",
          started == 0 ? 0 : finished - started);
    gauge(out, "sluice_last_run_success", "1 when it ended well.", strcmp(last->outcome, "success") == 0);
    family(out, rows, "gauge", "Its rows: read, items changed, rejected.");
    buffer_printf(out,
                  "%s{kind=\"read\"} %" PRId64 "\n%s{kind=\"changed\"} %" PRId64
                  "\n%s{kind=\"rejected\"} %" PRId64 "\n",
                  rows, last->rows_read, rows, last->changed, rows, last->rejected);
}

static void write_ingestion(const struct status_figures *figures, struct buffer *out)
{
    static const char up[] = "sluice_up";
    family(out, up, "gauge", "1 while the store, the state backend answer.");
    buffer_printf(out, "%s{what=\"store\"} %d\n%s{what=\"state\"} %d\n", up, figures->store == HEALTH_GOOD,
                  up, figures->state == HEALTH_GOOD);
    gauge(out, "sluice_data_age_seconds", "For how long the status could not be confirmed.",
          figures->data_age_ms / 1000);
    if (!figures->known)
        return;
    write_suppliers(&figures->suppliers, out);
    gauge(out, "sluice_holds_open", "Holds that wait for a decision.", figures->holds);
    gauge(out, "sluice_run_active", "1 while a run is unfinished.", figures->current.id[0] != '\0');
    gauge(out, "sluice_run_jobs", "Suppliers of the unfinished run.", figures->current.jobs_total);
    gauge(out, "sluice_run_jobs_done", "Those of them that are done.", figures->current.jobs_done);
    if (figures->last.id[0] != '\0')
        write_last_run(&figures->last, out);
    gauge(out, "sluice_schedule_paused", "1 while the schedule is paused.", figures->paused);
    gauge(out, "sluice_schedule_next_seconds", "The next nominal time, in seconds since 1970.",
          figures->next_us / US_PER_SECOND);
}

void metrics_write(const struct metrics *metrics, const struct metrics_view *view, struct buffer *out)
{
    family(out, "sluice_build_info", "gauge", "The version that runs.");
    buffer_printf(out, "sluice_build_info{version=\"%s\"} 1\n", view->version);
    write_ingestion(&view->status, out);
    write_server(metrics, view, out);
}
