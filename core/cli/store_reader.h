/* SPDX-License-Identifier: Apache-2.0 */
/* The store as a reading verb sees it: never created, never migrated. */
#ifndef CLI_STORE_READER_H
#define CLI_STORE_READER_H

#include "base/columns.h"
#include "cli/compose.h"

#include <sluice/store.h>

struct store_reader {
    struct instance *instance;
    const struct sluice_store *calls;
    const char *advice; /* of the schema, or NULL; until the next call on the instance */
};

/* END with a sentence when there is no store yet, CONFIG when its schema is another one's. */
enum sluice_status store_reader_open(struct composition *composition, struct store_reader *ret_reader,
                                     struct sluice_error *err);
void store_reader_close(struct store_reader *reader); /* [cleanup] accepts a zeroed one */

/* Rows of a query, one after the other. */
enum sluice_status store_reader_query(const struct store_reader *reader, const struct sluice_query *query,
                                      const struct sluice_sink *sink, struct sluice_error *err);

/* Is there a supplier of that key? */
enum sluice_status store_reader_has(const struct store_reader *reader, const char *key, bool *ret_there,
                                    struct sluice_error *err);

#endif
