/* SPDX-License-Identifier: Apache-2.0 */
/* A source without a document: rows from its options, and every misfortune that a source may meet or cause.
 */
#include "source_mock.h"

#include "script/script.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION_SIZE 64
#define LONG_VERSION 2000

#define OPTION(field, ...) SLUICE_OPTION(struct source_mock_options, field, #field, __VA_ARGS__)

static const char *const statuses[] = {"retry", "config", "auth", "data", "io", "fatal", "quota", NULL};
enum { FAIL_QUOTA = 6, QUOTA_MS = 5 };
static const enum sluice_status status_of[] = {SLUICE_RETRY, SLUICE_CONFIG, SLUICE_AUTH,
                                               SLUICE_DATA,  SLUICE_IO,     SLUICE_FATAL};
static const char *const garbages[] = {"none",         "no_batch",  "no_rows",    "no_columns",
                                       "no_cells",     "line_zero", "lines_back", "not_utf8",
                                       "long_version", "unchanged", NULL};

static const struct sluice_option options[] = {
    OPTION(text, NULL, "The rows themselves: lines whose cells are parted by '|'; made up when unset."),
    OPTION(rows, "10", "How many rows are made up, besides the header."),
    OPTION(seed, "1", "Shapes the prices that are made up."),
    OPTION(batch_rows, "100", "Rows of a batch."),
    OPTION(reject_every, "0", "Every n-th row cannot be decoded; 0: none."),
    OPTION(fail_at, "0", "Line where reading fails; 0: nowhere."),
    OPTION(fail_status, "data", "How it fails.", .choices = statuses),
    OPTION(fail_times, "0", "How often it fails, per instance; 0: always."),
    OPTION(hang_at, "0", "Line where reading waits until it is cancelled; 0: nowhere."),
    OPTION(kill_at, "0", "Line where the process is killed; 0: nowhere."),
    OPTION(delay, NULL, "Pause before each batch."),
    OPTION(garbage, "none", "What is wrong with the first batch.", .choices = garbages),
    OPTION(faults, NULL, "What befalls which call: CALL:N=WHAT."),
};

struct mock {
    const struct sluice_host *host;
    const struct source_mock_options *options;
    int64_t failures; /* so far */
    struct script script;
};

struct cursor {
    struct sluice_description description;
    const char *text; /* or NULL */
    uint64_t line;    /* the next one */
    uint64_t n_lines;
    char version[VERSION_SIZE];
    char long_version[LONG_VERSION + 1];
};

static enum sluice_status mock_create(const struct sluice_host *host, const void *config, void **ret_instance,
                                      struct sluice_error *err)
{
    struct mock *mock = calloc(1, sizeof *mock);
    if (mock == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory");
    mock->host = host;
    mock->options = config;
    mock->script = (struct script){.host = host, .faults = mock->options->faults};
    *ret_instance = mock;
    return SLUICE_OK;
}

/* FNV-1a: equal rows give an equal version. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; text != NULL && *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

static void make_version(const struct source_mock_options *script, const char *text, char *ret_version)
{
    snprintf(ret_version, VERSION_SIZE, "mock-%" PRId64 "-%" PRId64 "-%016" PRIx64, script->rows,
             script->seed, hash_text(text));
}

static enum sluice_status list_open(void *instance, const struct sluice_open_request *request,
                                    void **ret_cursor, const struct sluice_description **ret_description,
                                    struct sluice_error *err)
{
    struct mock *mock = instance;
    const struct source_mock_options *script = mock->options;
    char version[VERSION_SIZE];
    if (request->location == NULL || strncmp(request->location, "mock:", 5) != 0)
        return mock->host->fail(mock->host, err, SLUICE_CONFIG, "there is no list at '%s'; write mock:NAME",
                                request->location == NULL ? "" : request->location);
    make_version(script, script->text, version);
    if (script->garbage.index == GARBAGE_UNCHANGED ||
        (request->version != NULL && strcmp(request->version, version) == 0))
        return SLUICE_UNCHANGED;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL)
        return mock->host->fail(mock->host, err, SLUICE_IO, "out of memory");
    memcpy(cursor->version, version, sizeof version);
    cursor->text = script->text;
    cursor->line = 1;
    cursor->n_lines = mock_lines(script, script->text);
    cursor->description =
        (struct sluice_description){.struct_size = sizeof cursor->description, .title = "mock"};
    mock->host->log(mock->host, SLUICE_DEBUG, "mock: %s is read", request->location);
    *ret_cursor = cursor;
    *ret_description = &cursor->description;
    return SLUICE_OK;
}

/* ---- Misfortunes ---- */

static bool is_next(int64_t at, const struct cursor *cursor, uint64_t n)
{
    return at > 0 && (uint64_t)at >= cursor->line && (uint64_t)at < cursor->line + n;
}

static enum sluice_status hang(const struct mock *mock, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    while (status == SLUICE_OK)
        status = mock->host->sleep(mock->host, err, 1000);
    return status;
}

static enum sluice_status misfortune(struct mock *mock, const struct cursor *cursor, uint64_t n,
                                     struct sluice_error *err)
{
    const struct source_mock_options *script = mock->options;
    if (is_next(script->kill_at, cursor, n))
        raise(SIGKILL);
    if (is_next(script->hang_at, cursor, n))
        return hang(mock, err);
    bool again = script->fail_times == 0 || mock->failures < script->fail_times;
    if (!is_next(script->fail_at, cursor, n) || !again)
        return SLUICE_OK;
    mock->failures++;
    if (script->fail_status.index == FAIL_QUOTA)
        return mock->host->quota(mock->host, err, QUOTA_MS, "the quota is used up");
    return mock->host->fail(mock->host, err, status_of[script->fail_status.index],
                            "the mock fails at line %" PRId64 " as its options say", script->fail_at);
}

static void spoil(enum source_mock_garbage garbage, struct sluice_batch *batch)
{
    uint64_t *lines = (uint64_t *)(uintptr_t)batch->lines;
    struct sluice_cell *cells = (struct sluice_cell *)(uintptr_t)batch->cells;
    switch (garbage) {
    case GARBAGE_NO_ROWS:
        batch->n_rows = 0;
        break;
    case GARBAGE_NO_COLUMNS:
        batch->n_columns = 0;
        break;
    case GARBAGE_NO_CELLS:
        batch->cells = NULL;
        break;
    case GARBAGE_LINE_ZERO:
        lines[0] = 0;
        break;
    case GARBAGE_LINES_BACK:
        lines[batch->n_rows - 1] = 1;
        break;
    case GARBAGE_NOT_UTF8:
        cells[batch->n_columns + 1] =
            (struct sluice_cell){.ptr = "\xff\xfe", .len = 2}; /* below the header */
        break;
    default:
        break;
    }
}

/* ---- Rows ---- */

static bool is_rejected(const struct source_mock_options *script, uint64_t line)
{
    return script->reject_every > 0 && line > 1 && line % (uint64_t)script->reject_every == 0;
}

static void reject_row(const struct mock *mock, uint64_t line)
{
    struct sluice_source_reject reject = {
        .struct_size = sizeof reject,
        .line = line,
        .code = "mock_reject",
        .message = "the mock rejects this row",
        .excerpt = {.ptr = "raw", .len = 3},
    };
    mock->host->reject(mock->host, &reject);
}

/* A row that is rejected is not in the batch: it would count twice. */
static void reject_some(const struct mock *mock, struct sluice_batch *batch)
{
    uint64_t *lines = (uint64_t *)(uintptr_t)batch->lines;
    struct sluice_cell *cells = (struct sluice_cell *)(uintptr_t)batch->cells;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < batch->n_rows; i++) {
        if (is_rejected(mock->options, lines[i])) {
            reject_row(mock, lines[i]);
            continue;
        }
        memmove(&cells[(size_t)kept * batch->n_columns], &cells[(size_t)i * batch->n_columns],
                batch->n_columns * sizeof *cells);
        lines[kept++] = lines[i];
    }
    batch->n_rows = kept;
}

static enum sluice_status end(const struct mock *mock, struct cursor *cursor, const char **ret_version)
{
    *ret_version = cursor->version;
    if (mock->options->garbage.index == GARBAGE_LONG_VERSION) {
        memset(cursor->long_version, 'v', LONG_VERSION);
        *ret_version = cursor->long_version;
    }
    return SLUICE_END;
}

static enum sluice_status make_batch(struct mock *mock, struct cursor *cursor,
                                     struct sluice_batch **ret_batch, struct sluice_error *err)
{
    const struct source_mock_options *script = mock->options;
    uint64_t left = cursor->n_lines + 1 - cursor->line;
    uint64_t n =
        script->batch_rows > 0 && left > (uint64_t)script->batch_rows ? (uint64_t)script->batch_rows : left;
    enum sluice_status status =
        script->delay.ms > 0 ? mock->host->sleep(mock->host, err, script->delay.ms) : SLUICE_OK;
    if (status == SLUICE_OK)
        status = misfortune(mock, cursor, n, err);
    if (status != SLUICE_OK)
        return status;
    struct sluice_batch *batch = mock_batch(script, cursor->text, cursor->line, n);
    if (batch == NULL)
        return mock->host->fail(mock->host, err, SLUICE_IO, "out of memory");
    reject_some(mock, batch);
    cursor->line += n;
    *ret_batch = batch;
    return SLUICE_OK;
}

static enum sluice_status list_next(void *instance, void *open_cursor, const struct sluice_batch **ret_batch,
                                    const char **ret_version, struct sluice_error *err)
{
    struct mock *mock = instance;
    struct cursor *cursor = open_cursor;
    bool first = cursor->line == 1;
    while (cursor->line <= cursor->n_lines) {
        struct sluice_batch *batch = NULL;
        enum sluice_status status = make_batch(mock, cursor, &batch, err);
        if (status != SLUICE_OK)
            return status;
        if (batch->n_rows == 0 || mock->options->garbage.index == GARBAGE_NO_BATCH) {
            batch->release(batch);
            if (mock->options->garbage.index == GARBAGE_NO_BATCH)
                return SLUICE_OK;
            continue;
        }
        if (first)
            spoil(mock->options->garbage.index, batch);
        *ret_batch = batch;
        return SLUICE_OK;
    }
    return end(mock, cursor, ret_version);
}

static enum sluice_status mock_open(void *instance, const struct sluice_open_request *request,
                                    void **ret_cursor, const struct sluice_description **ret_description,
                                    struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "open", list_open(mock, request, ret_cursor, ret_description, err), err);
}

static enum sluice_status mock_next(void *instance, void *cursor, const struct sluice_batch **ret_batch,
                                    const char **ret_version, struct sluice_error *err)
{
    struct mock *mock = instance;
    return SCRIPTED(&mock->script, "next", list_next(mock, cursor, ret_batch, ret_version, err), err);
}

static void mock_close(void *instance, void *cursor)
{
    (void)instance;
    free(cursor);
}

static const struct sluice_source source = {
    .struct_size = sizeof source, .open = mock_open, .next = mock_next, .close = mock_close};

const struct sluice_plugin sluice_plugin = {
    .struct_size = sizeof sluice_plugin,
    .abi = SLUICE_ABI,
    .kind = SLUICE_SOURCE,
    .name = "source-mock",
    .version = "0.1.0",
    .summary = "Rows and misfortunes from options, for tests",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .config_size = sizeof(struct source_mock_options),
    .create = mock_create,
    .destroy = free,
    .source = &source,
};
