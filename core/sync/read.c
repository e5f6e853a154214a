/* SPDX-License-Identifier: Apache-2.0 */
/* Batches are checked before anyone sees them and released on every path; stop and deadline are looked at
 * between any two. */
#include "sync/read.h"

#include "sync/batch.h"

#include <string.h>

static void keep_reject(void *context, const struct sluice_source_reject *reject)
{
    struct source_read *read = context;
    if (read->reject_status == SLUICE_OK)
        read->reject_status = read->reject(read->context, reject, &read->reject_error);
}

static enum sluice_status may_go_on(const struct source_read *read, struct sluice_error *err)
{
    if (cancel_requested(read->run->stop))
        return error_set(err, SLUICE_CANCELLED, "the run was stopped");
    if (run_now(read->run) >= read->deadline_us)
        return error_set(err, SLUICE_RETRY,
                         "reading took longer than sync.supplier_timeout allows; raise it or "
                         "make the list smaller");
    return SLUICE_OK;
}

static enum sluice_status take_reject(struct source_read *read, struct sluice_error *err)
{
    if (read->reject_status != SLUICE_OK && err != NULL)
        *err = read->reject_error;
    return read->reject_status;
}

static enum sluice_status keep_version(struct source_read *read, const char *version,
                                       struct sluice_error *err)
{
    size_t n = version == NULL ? 0 : strlen(version);
    if (n >= VERSION_SIZE)
        return error_set(
            err, SLUICE_DATA,
            "plugin %s broke the contract: its version has %zu bytes; report it to the plugin's author",
            read->instance->plugin->name, n);
    memcpy(read->read_version, version == NULL ? "" : version, n + 1);
    return SLUICE_OK;
}

/* OK: go on, END: all rows were read. */
static enum sluice_status next_batch(struct source_read *read, void *cursor, uint64_t *last_line,
                                     bool *enough, struct sluice_error *err)
{
    const struct sluice_batch *batch = NULL;
    const char *version = NULL;
    const struct sluice_plugin *plugin = read->instance->plugin;
    enum sluice_status status = plugin->source->next(read->instance->self, cursor, &batch, &version, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    enum sluice_status rejected = take_reject(read, err);
    if (status == SLUICE_END && rejected == SLUICE_OK) {
        rejected = keep_version(read, version, err);
        return rejected == SLUICE_OK ? SLUICE_END : rejected;
    }
    if (rejected == SLUICE_OK)
        rejected = batch_check(plugin->name, batch, last_line, err);
    if (rejected == SLUICE_OK && !*enough)
        rejected = read->batch(read->context, batch, err);
    if (status == SLUICE_OK)
        batch_release(batch);
    if (rejected != SLUICE_END)
        return rejected;
    *enough = true;
    return SLUICE_OK;
}

static enum sluice_status read_rows(struct source_read *read, void *cursor, struct sluice_error *err)
{
    uint64_t last_line = 0;
    bool enough = false;
    enum sluice_status status = take_reject(read, err);
    while (status == SLUICE_OK) {
        status = may_go_on(read, err);
        if (status == SLUICE_OK)
            status = next_batch(read, cursor, &last_line, &enough, err);
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}

enum sluice_status source_read(struct source_read *read, struct sluice_error *err)
{
    static const struct sluice_description nothing = {.struct_size = sizeof nothing};
    const struct sluice_source *source = read->instance->plugin->source;
    struct sluice_open_request request = {
        .struct_size = sizeof request, .location = read->location, .version = read->version};
    const struct sluice_description *description = NULL;
    void *cursor = NULL;
    enum sluice_status status = may_go_on(read, err);
    if (status != SLUICE_OK)
        return status;
    read->reject_status = SLUICE_OK;
    instance_on_reject(read->instance, keep_reject, read);
    instance_deadline(read->instance, read->deadline_us);
    status = source->open(read->instance->self, &request, &cursor, &description, err);
    if (status == SLUICE_OK) {
        status = read->opened(read->context, description != NULL ? description : &nothing, err);
        if (status == SLUICE_OK)
            status = read_rows(read, cursor, err);
        source->close(read->instance->self, cursor);
    }
    instance_deadline(read->instance, 0);
    instance_on_reject(read->instance, NULL, NULL);
    if (status == SLUICE_UNCHANGED && read->version == NULL)
        return error_set(
            err, SLUICE_DATA,
            "plugin %s broke the contract: it calls a list unchanged that it was not given the version "
            "of; report it to the plugin's author",
            read->instance->plugin->name);
    return status;
}

const char *read_name(const struct sluice_description *description, const char *otherwise)
{
    const char *title = description == NULL ? NULL : description->title;
    return title == NULL || *title == '\0' ? otherwise : title;
}
