/* SPDX-License-Identifier: Apache-2.0 */
/* Reading back: what status, panel and command line show. The columns are the README's. */
#ifndef STORE_SQLITE_READING_H
#define STORE_SQLITE_READING_H

#include "connection.h"

enum sluice_status store_query(void *instance, const struct sluice_query *query,
                               const struct sluice_sink *sink, struct sluice_error *err);

#endif
