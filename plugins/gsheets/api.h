/* SPDX-License-Identifier: Apache-2.0 */
/* One request to a Google API, and what its refusals mean. */
#ifndef GSHEETS_API_H
#define GSHEETS_API_H

#include "address.h"
#include "gsheets.h"

/* What is asked. Google counts reads of the Sheets API; those of Drive have limits that nobody meets. */
enum api_kind { API_SHEETS, API_HINTS, API_FILES };

/* `path` follows the API's base address, `name` is how messages call what is asked for. OK with a document of status
 * 200 to release. SLUICE_END: it is a workbook, which the Sheets API does not read, or a sheet, which Drive
 * does not hand out as a file. [run] */
enum sluice_status api_get(struct gsheets *self, enum api_kind kind, const char *path, const char *name,
                           const struct sluice_document **ret_document, struct sluice_error *err);

/* Appends `text` so that it can stand in a path or a query. False when it does not fit. */
bool api_escape(const char *text, char *out, size_t size);

#endif
