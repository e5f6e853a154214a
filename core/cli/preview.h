/* SPDX-License-Identifier: Apache-2.0 */
/* What `preview` shows of an opened list. */
#ifndef CLI_PREVIEW_H
#define CLI_PREVIEW_H

#include "cli/list_source.h"
#include "host/location.h"

struct preview {
    const struct invocation *invocation;
    struct composition *composition;
    struct sync_source source;
    const char *location;
    char name[LOCATION_NAME_SIZE]; /* the location for people, without secrets */
    uint64_t limit;                /* items and rejects to show; of raw rows, UINT64_MAX: all */
};

/* The rows as the source decodes them. */
enum sluice_status preview_raw(const struct preview *preview, struct sluice_error *err);
/* Items, rejects, and why each column was taken for what it is. */
enum sluice_status preview_mapped(const struct preview *preview, struct sluice_error *err);

#endif
