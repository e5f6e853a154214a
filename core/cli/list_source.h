/* SPDX-License-Identifier: Apache-2.0 */
/* One list that a verb reads by itself, outside a run: `preview` and `check`. */
#ifndef CLI_LIST_SOURCE_H
#define CLI_LIST_SOURCE_H

#include "cli/compose.h"

struct list_source {
    struct instance *instance;
    const struct sluice_source *calls;
    void *cursor;
    const struct sluice_description *description; /* lives until close */
};

/* Who gets the rows that the source cannot decode; NULL: nobody. */
struct list_rejects {
    void (*reject)(void *context, const struct sluice_source_reject *reject);
    void *context;
};

/* Opens a list to be read whole. */
enum sluice_status list_source_open(struct composition *composition, const struct sync_source *source,
                                    const char *location, const struct list_rejects *rejects,
                                    struct list_source *ret_list, struct sluice_error *err);
/* The next batch, to be released; END after the last one. */
enum sluice_status list_source_next(struct list_source *list, const struct sluice_batch **ret_batch,
                                    struct sluice_error *err);
void list_source_close(struct list_source *list); /* [cleanup] accepts a zeroed one */

#endif
