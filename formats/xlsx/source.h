/* SPDX-License-Identifier: Apache-2.0 */
/* A fetched workbook as a source reads it, with errors, rejects and cancellation for its host. */
#ifndef FORMATS_XLSX_SOURCE_H
#define FORMATS_XLSX_SOURCE_H

#include "formats/xlsx/xlsx.h"

/* xlsx_open () of the document; `sheet` may be NULL. AUTH for a web page instead of a workbook. Host and document are
 * the reader's until xlsx_close (). [run] */
enum sluice_status xlsx_source_open(const struct sluice_host *host, const struct sluice_document *document,
                                    const char *sheet, struct xlsx_reader **ret_reader, struct sluice_error *err);

/* xlsx_next (), with the document's name before the message of a failure. [run] */
enum sluice_status xlsx_source_next(const struct sluice_host *host, const struct sluice_document *document,
                                    struct xlsx_reader *reader, const struct sluice_batch **ret_batch,
                                    struct sluice_error *err);

/* xlsx_discover () of the document. [run] */
enum sluice_status xlsx_source_discover(const struct sluice_host *host, const struct sluice_document *document,
                                        void (*found)(void *context, const struct sluice_discovery *discovery),
                                        void *context, struct sluice_error *err);

#endif
