/* SPDX-License-Identifier: Apache-2.0 */
/* Which tab is meant. */
#ifndef GSHEETS_TABS_H
#define GSHEETS_TABS_H

#include "cursor.h"
#include "metadata.h"

/* What is known about the tab before the spreadsheet is: options before the address, gid before title; "" or NULL
 * when nothing is. */
const char *tabs_wanted_gid(const struct cursor *cursor);
const char *tabs_wanted_title(const struct cursor *cursor);

/* The tab that is wanted, else the first visible one, which the report then says. CONFIG with all tabs when there is
 * none. */
enum sluice_status tabs_choose(struct cursor *cursor, const struct metadata *metadata, const struct tab **ret_tab,
                               struct sluice_error *err);

/* The A1 name of its rows first to last (0: all of it), as part of an address; false when it does not fit. */
bool tabs_range(const struct tab *tab, uint64_t first, uint64_t last, char *out, size_t size);

#endif
