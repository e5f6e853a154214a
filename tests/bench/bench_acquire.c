/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often processes at once can take the one run that there may be: bench_acquire PLUGIN.so PROCESSES TIMES
 * OPTION=VALUE… Each process asks for a run, claims it and ends it, TIMES times. Fails when two are inside at
 * once or an epoch does not follow the one before. Prints {"acquisitions": …, "seconds": …}.
 */
#include "base/cleanup.h"
#include "base/random.h"
#include "config/config.h"
#include "host/instance.h"

#include <sluice/store.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { LEASE_MS = 3600000, MOST_OPTIONS = 16, FIRST_PAUSE_US = 2000, LONGEST_PAUSE_US = 256000 };

struct shared {
    atomic_llong inside, epoch, faults;
};

struct bench {
    const struct sluice_plugin *plugin;
    void *options;
    struct shared *shared;
    int times;
};

static void die(const char *what, const struct sluice_error *err)
{
    fprintf(stderr, "bench_acquire: %s: %s\n", what, err->message);
    exit(EXIT_FAILURE);
}

/* Longer each time that the run is somebody else's, and for each process another time. */
static void pause_a_moment(long *pause_us)
{
    long us = *pause_us / 2 + (long)random_below(random_system(), (uint64_t)*pause_us);
    nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
    if (*pause_us < LONGEST_PAUSE_US)
        *pause_us *= 2;
}

/* Inside: nobody else is, and the epoch is higher than the one before. */
static void look(struct shared *shared, int64_t epoch)
{
    bool alone = atomic_fetch_add(&shared->inside, 1) == 0;
    if (!alone || atomic_exchange(&shared->epoch, epoch) >= epoch)
        atomic_fetch_add(&shared->faults, 1);
    atomic_fetch_sub(&shared->inside, 1);
}

static bool acquire(const struct bench *bench, void *store, struct sluice_error *err)
{
    const struct sluice_store *calls = bench->plugin->store;
    struct sluice_request request = {.struct_size = sizeof request};
    const struct sluice_run *run = NULL;
    uuid_make(random_system(), clock_system()->wall_us(clock_system()), request.run_id);
    enum sluice_status status = calls->request_put(store, &request, &run, err);
    if (status == SLUICE_BUSY || status == SLUICE_RETRY)
        return false;
    struct sluice_claim claim = {
        .struct_size = sizeof claim, .run_id = request.run_id, .holder = "bench", .lease_ms = LEASE_MS};
    if (status != SLUICE_OK || calls->run_claim(store, &claim, &run, err) != SLUICE_OK)
        die("claim", err);
    int64_t epoch = run->epoch;
    look(bench->shared, epoch);
    if (calls->run_finish(store, request.run_id, epoch, SLUICE_OUTCOME_SUCCESS, NULL, err) != SLUICE_OK)
        die("finish", err);
    return true;
}

static void work(const struct bench *bench)
{
    struct host_services services = {.clock = clock_system(), .random = random_system()};
    struct instance *instance = NULL;
    struct sluice_error err = {0};
    if (instance_create(&services, bench->plugin, bench->options, "bench", &instance, &err) != SLUICE_OK)
        die("create", &err);
    long pause_us = FIRST_PAUSE_US;
    for (int n = 0; n < bench->times;) {
        if (!acquire(bench, instance->self, &err)) {
            pause_a_moment(&pause_us);
            continue;
        }
        pause_us = FIRST_PAUSE_US;
        n++;
    }
    instance_destroy(instance);
    exit(EXIT_SUCCESS);
}

static void migrate(const struct bench *bench)
{
    struct host_services services = {.clock = clock_system(), .random = random_system()};
    struct instance *instance = NULL;
    const struct sluice_schema *schema = NULL;
    struct sluice_error err = {0};
    if (instance_create(&services, bench->plugin, bench->options, "bench", &instance, &err) != SLUICE_OK ||
        bench->plugin->store->schema(instance->self, SLUICE_SCHEMA_MIGRATE, &schema, &err) != SLUICE_OK)
        die("migrate", &err);
    instance_destroy(instance);
}

static void options_fill(struct bench *bench, char **values, int n)
{
    const char *set[MOST_OPTIONS];
    char text[MOST_OPTIONS][512];
    struct sluice_error err = {0};
    for (int i = 0; i < n && i < MOST_OPTIONS; i++) {
        snprintf(text[i], sizeof text[i], "store.%s", values[i]);
        set[i] = text[i];
    }
    struct config_input input = {.defaults = set, .n_defaults = (size_t)n};
    struct config *config = NULL;
    bench->options = calloc(1, bench->plugin->config_size);
    if (config_load(&input, &config, &err) != SLUICE_OK ||
        config_fill(config, "store", bench->plugin->options, bench->plugin->n_options, bench->options,
                    &err) != SLUICE_OK)
        die("options", &err);
}

int main(int argc, char **argv)
{
    struct sluice_error err = {.message = "usage: bench_acquire PLUGIN.so PROCESSES TIMES OPTION=VALUE..."};
    struct bench bench = {.plugin = NULL};
    if (argc < 4 || argc - 4 > MOST_OPTIONS ||
        plugin_load(argv[1], SLUICE_STORE, &bench.plugin, &err) != SLUICE_OK)
        die("", &err);
    int processes = atoi(argv[2]);
    bench.times = atoi(argv[3]);
    options_fill(&bench, argv + 4, argc - 4);
    bench.shared =
        mmap(NULL, sizeof *bench.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (bench.shared == MAP_FAILED)
        return EXIT_FAILURE;
    migrate(&bench);
    int64_t since = clock_system()->monotonic_us(clock_system());
    for (int i = 0; i < processes; i++)
        if (fork() == 0)
            work(&bench);
    int status = 0, failed = 0;
    while (wait(&status) > 0)
        failed += status != 0;
    double seconds = (double)(clock_system()->monotonic_us(clock_system()) - since) / 1e6;
    long long faults = atomic_load(&bench.shared->faults);
    printf("{\"acquisitions\": %d, \"seconds\": %.3f, \"faults\": %lld, \"failed\": %d}\n",
           processes * bench.times, seconds, faults, failed);
    return failed == 0 && faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
