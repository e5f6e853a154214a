/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GSHEETS_DISCOVER_H
#define GSHEETS_DISCOVER_H

#include "cursor.h"

typedef void (*discover_found)(void *context, const struct sluice_discovery *discovery);

/* Calls found () for each tab of what the cursor's address names. [run] */
enum sluice_status discover_tabs(struct cursor *cursor, discover_found found, void *context, struct sluice_error *err);

#endif
