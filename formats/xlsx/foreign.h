/* SPDX-License-Identifier: Apache-2.0 */
/* What is called .xlsx and is something else: one sentence for each that says what to do. */
#ifndef FORMATS_XLSX_FOREIGN_H
#define FORMATS_XLSX_FOREIGN_H

#include "formats/xlsx/package.h"

/* OK when the bytes may be a zip archive. */
enum sluice_status xlsx_foreign_bytes(const char *data, uint64_t size, struct sluice_error *err);

/* OK when the archive's part `workbook` may be a workbook in XML. */
enum sluice_status xlsx_foreign_package(struct xlsx_package *package, int workbook, struct sluice_error *err);

#endif
