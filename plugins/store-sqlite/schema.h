/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the database's tables, and the migrations that bring it to ours. */
#ifndef STORE_SQLITE_SCHEMA_H
#define STORE_SQLITE_SCHEMA_H

#include "connection.h"

/* CONFIG unless the open database has just the version that this plugin knows; gives a stand-in its tables.
 */
enum sluice_status schema_require(struct store *store, struct sluice_error *err);

#endif
