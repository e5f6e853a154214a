/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GSHEETS_WORKBOOK_H
#define GSHEETS_WORKBOOK_H

#include "cursor.h"

/* The bytes of the file that the cursor's address names, to be released. END: it is a sheet of Google's own. [run] */
enum sluice_status workbook_fetch(const struct cursor *cursor, const struct sluice_document **ret_document,
                                  struct sluice_error *err);

#endif
