/* SPDX-License-Identifier: Apache-2.0 */
/* The panel's files, read once when the server starts: no request ever opens a file. */
#ifndef HTTP_PANEL_H
#define HTTP_PANEL_H

#include "http/ready.h"

#include "base/error.h"

struct panel;

/* folder NULL: the one installed with the program, or that of the source tree; when there is none the panel
 * says so. A folder that was named must be there: CONFIG. */
enum sluice_status panel_load(const char *folder, struct panel **ret_panel, struct sluice_error *err);
void panel_free(struct panel *panel); /* accepts NULL */

/* The file of that path; the page for "/" (its screens live behind the '#' of that one address). NULL: there
 * is no such file. The panel keeps it. [any] */
struct ready *panel_find(const struct panel *panel, const char *path, enum encoding encoding);

#endif
