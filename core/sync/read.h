/* SPDX-License-Identifier: Apache-2.0 */
/* One read of one source from open to the end of its rows, whatever is made of them. */
#ifndef SYNC_READ_H
#define SYNC_READ_H

#include "sync/run.h"

#define VERSION_SIZE 1025 /* a source's version is at most 1 KiB */

struct source_read {
    struct run *run;
    struct instance *instance;
    const char *location;
    const char *version; /* of the last accepted read when its reading was the same as ours, or NULL */
    int64_t deadline_us; /* monotonic */

    void *context;
    enum sluice_status (*opened)(void *context, const struct sluice_description *description,
                                 struct sluice_error *err);
    /* END: enough rows; the rest is read only for its version. */
    enum sluice_status (*batch)(void *context, const struct sluice_batch *batch, struct sluice_error *err);
    enum sluice_status (*reject)(void *context, const struct sluice_source_reject *reject,
                                 struct sluice_error *err);

    char read_version[VERSION_SIZE]; /* set by OK; "" when the source named none */
    /* Of a reject () that failed inside next (), which cannot report it. */
    enum sluice_status reject_status;
    struct sluice_error reject_error;
};

/* OK: all rows were handed over; UNCHANGED: none had to be. The cursor is closed in any case. */
enum sluice_status source_read(struct source_read *read, struct sluice_error *err);

/* What the rows' addresses begin with: the source's title for what it reads, else `otherwise`. */
const char *read_name(const struct sluice_description *description, const char *otherwise);

#endif
