/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the database's tables, and the migrations that bring it to ours. */
#ifndef STORE_PG_SCHEMA_H
#define STORE_PG_SCHEMA_H

#include "connection.h"

/* CONFIG unless the schema has just the version that this plugin knows. */
enum sluice_status schema_require(struct store *store, struct sluice_error *err);

#endif
