/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GSHEETS_PAGE_WAY_H
#define GSHEETS_PAGE_WAY_H

#include "cursor.h"

/* The page that the cursor's address names, to be released. [run] */
enum sluice_status page_way_fetch(const struct cursor *cursor, const struct sluice_document **ret_document,
                                  struct sluice_error *err);

#endif
