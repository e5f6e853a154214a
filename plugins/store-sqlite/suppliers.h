/* SPDX-License-Identifier: Apache-2.0 */
/* The supplier table brought in line with the master sheet. */
#ifndef STORE_SQLITE_SUPPLIERS_H
#define STORE_SQLITE_SUPPLIERS_H

#include "connection.h"

enum sluice_status store_suppliers_sync(void *instance, const struct sluice_suppliers_sync *sync,
                                        const struct sluice_suppliers_change **ret_change,
                                        struct sluice_error *err);

#endif
