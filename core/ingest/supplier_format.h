/* SPDX-License-Identifier: Apache-2.0 */
/* What people write into the master's Format and Active columns. */
#ifndef INGEST_SUPPLIER_FORMAT_H
#define INGEST_SUPPLIER_FORMAT_H

#include <sluice/plugin.h>

/* The one of `formats` that is meant ("Google Sheets" is google_sheets, "XLS" is excel), or NULL. */
const char *supplier_format_find(struct sluice_cell text, const char *const *formats, size_t n_formats);

enum supplier_switch { SWITCH_ON, SWITCH_OFF, SWITCH_UNKNOWN };
/* Empty is on. */
enum supplier_switch supplier_switch_read(struct sluice_cell text);

#endif
