/* SPDX-License-Identifier: Apache-2.0 */
/* Names and types of the columns that each query of the contract answers with, the same for every store. */
#ifndef STORES_COLUMNS_H
#define STORES_COLUMNS_H

#include <sluice/store_query.h>

enum { COLUMNS_MOST = 24 };

/* Those of a query (enum sluice_query_what), ended by one without a name; NULL for an unknown one. */
const struct sluice_column *columns_of(uint32_t what);

#endif
