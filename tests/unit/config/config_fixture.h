/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration from text: a file in a folder of its own, made and removed per test. */
#ifndef TEST_CONFIG_FIXTURE_H
#define TEST_CONFIG_FIXTURE_H

#include "base/cleanup.h"
#include "config/config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct fixture {
    char folder[64], file[96];
    struct config *config;
    struct sluice_error err;
    enum sluice_status status;
};

static inline void fixture_file(const struct fixture *fixture, const char *name, const void *bytes, size_t n,
                                mode_t mode)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    FILE *stream = fopen(path, "we");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(bytes, 1, n, stream), n);
    ck_assert_int_eq(fclose(stream), 0);
    ck_assert_int_eq(chmod(path, mode), 0);
}

static inline void fixture_open(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/sluice-config-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(fixture->folder));
    snprintf(fixture->file, sizeof fixture->file, "%s/sluice.yaml", fixture->folder);
}

static inline void fixture_close(struct fixture *fixture)
{
    char command[128];
    config_free(fixture->config);
    snprintf(command, sizeof command, "rm -rf '%s'", fixture->folder);
    ck_assert_int_eq(system(command), 0);
}

static inline enum sluice_status fixture_load_bytes(struct fixture *fixture, const void *bytes, size_t n,
                                                    struct config_input input)
{
    fixture_file(fixture, "sluice.yaml", bytes, n, 0600);
    config_free(fixture->config);
    fixture->config = NULL;
    fixture->err.message[0] = '\0';
    input.file = fixture->file;
    fixture->status = config_load(&input, &fixture->config, &fixture->err);
    return fixture->status;
}

static inline enum sluice_status fixture_load(struct fixture *fixture, const char *yaml)
{
    return fixture_load_bytes(fixture, yaml, strlen(yaml), (struct config_input){0});
}

/* The message without the folder: "sluice.yaml:3:1: …". */
static inline const char *fixture_message(const struct fixture *fixture)
{
    size_t n = strlen(fixture->folder);
    const char *message = fixture->err.message;
    return strncmp(message, fixture->folder, n) == 0 ? message + n + 1 : message;
}

#endif
