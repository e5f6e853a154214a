/* SPDX-License-Identifier: Apache-2.0 */
/* What every test of this room starts from: quick back-off, a spool in a folder of its own, the good fixture.
 */
#ifndef TESTS_HOST_SERVICES_H
#define TESTS_HOST_SERVICES_H

#include "base/cleanup.h"
#include "check_main.h"
#include "host/instance.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define FIXTURES SLUICE_TEST_BINARY_DIR "/fixtures/"

struct good_options {
    const char *mode;
    int64_t number;
};

struct bench {
    char folder[64]; /* made for this test, removed by bench_close () */
    struct fetch_options fetch;
    struct host_services services;
    struct good_options options;
    struct instance *instance;
    struct sluice_error err;
    const char *roots[1];
};

static inline void bench_open(struct bench *bench)
{
    const struct sluice_plugin *plugin = NULL;
    *bench = (struct bench){.folder = "/tmp/sluice-host-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(bench->folder));
    bench->roots[0] = bench->folder;
    bench->fetch = (struct fetch_options){
        .roots = {.items = bench->roots, .n_items = 1},
        .connect_timeout.ms = 2000,
        .timeout.ms = 20000,
        .retry_delay.ms = 1,
        .max_body.bytes = 64 << 20,
        .max_decoded.bytes = 64 << 20,
        .max_ratio = 100,
        .attempts = 3,
        .per_host = 4,
        .spool_dir = bench->folder,
        .user_agent = "sluice-test",
    };
    bench->services = (struct host_services){
        .clock = clock_system(),
        .random = random_system(),
        .cancel = cancel_new(),
        .fetch = &bench->fetch,
        .memo = memo_new(clock_system()),
        .slots = fetch_slots_new(4),
    };
    ck_assert_msg(plugin_load(FIXTURES "good.so", SLUICE_SOURCE, &plugin, &bench->err) == SLUICE_OK, "%s",
                  bench->err.message);
    ck_assert_msg(instance_create(&bench->services, plugin, &bench->options, "test", &bench->instance,
                                  &bench->err) == SLUICE_OK,
                  "%s", bench->err.message);
}

static inline void bench_close(struct bench *bench)
{
    char path[512];
    instance_destroy(bench->instance);
    fetch_slots_free(bench->services.slots);
    memo_free(bench->services.memo);
    cancel_free(bench->services.cancel);
    DIR *dir = opendir(bench->folder);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        snprintf(path, sizeof path, "%s/%s", bench->folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove(path);
    }
    closedir(dir);
    ck_assert_msg(rmdir(bench->folder) == 0, "%s: the test left something in it", bench->folder);
}

/* Writes a file of that name into the folder; the path lives until the next call. */
static inline const char *bench_file(struct bench *bench, const char *name, const char *content)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    _cleanup_fclose_ FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fwrite(content, 1, strlen(content), file), strlen(content));
    return path;
}

static inline enum sluice_status bench_fetch(struct bench *bench, const char *location, const char *version,
                                             const struct sluice_document **ret_document)
{
    const struct sluice_host *host = bench->instance->host;
    const struct sluice_fetch_request request = {
        .struct_size = sizeof request, .location = location, .version = version};
    return host->fetch(host, &request, ret_document, &bench->err);
}

#define assert_status(bench, call, wanted)                                                            \
    do {                                                                                              \
        enum sluice_status got_ = (call);                                                             \
        ck_assert_msg(got_ == (wanted), "%s: %s where %s was expected: %s", #call, status_name(got_), \
                      status_name(wanted), (bench)->err.message);                                     \
    } while (0)

#define assert_says(bench, words)                                                              \
    ck_assert_msg(strstr((bench)->err.message, (words)) != NULL, "\"%s\" does not say \"%s\"", \
                  (bench)->err.message, (words))

#endif
