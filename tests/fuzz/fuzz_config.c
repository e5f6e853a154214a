/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a configuration file: loading, checking, showing and the error's line must end in an answer.
 * The first half of the promise is the sanitizers', the second is that what is shown can be loaded again.
 */
#include "base/cleanup.h"
#include "config/config.h"
#include "unit/config/option_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 forgets 2 KiB when it refuses a long run of quotes: once per refused file, and not ours to
 * free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

static void ignore(void *context, enum config_severity severity, const char *message)
{
    char text[512];
    (void)context;
    (void)severity;
    config_error_context(message, text, sizeof text);
}

/* A file without a folder; the caller closes it. */
static int file_of(const void *bytes, size_t size, char ret_path[64])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    snprintf(ret_path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static struct config *load(const void *bytes, size_t size, struct sluice_error *err)
{
    static const char *const environment[] = {"NAME=value", NULL};
    char path[64];
    int fd = file_of(bytes, size, path);
    struct config *config = NULL;
    const struct config_input input = {.file = path, .environment = environment};
    if (config_load(&input, &config, err) != SLUICE_OK)
        ignore(NULL, CONFIG_ERROR, err->message);
    close(fd);
    return config;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct config_report report = {.say = ignore};
    struct sluice_error err = {.status = SLUICE_OK};
    _cleanup_free_ char *shown = NULL;
    _cleanup_(config_freep) struct config *config = load(data, size, &err);
    if (config == NULL || config_check(config, every_section, N_SECTIONS, &report) > 0)
        return 0;
    if (config_show(config, every_section, N_SECTIONS, CONFIG_SHOW_ORIGIN, &shown, &err) != SLUICE_OK)
        abort();
    _cleanup_(config_freep) struct config *again = load(shown, strlen(shown), &err);
    if (again == NULL) {
        fprintf(stderr, "%s\n%s\n", err.message, shown);
        abort();
    }
    return 0;
}
