/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GSHEETS_SHEET_H
#define GSHEETS_SHEET_H

#include "cursor.h"
#include "metadata.h"

/* What the spreadsheet is that the cursor's address names, to be freed. END: it is a workbook. [run] */
enum sluice_status sheet_metadata(struct cursor *cursor, struct metadata *ret_metadata, struct sluice_error *err);

#endif
