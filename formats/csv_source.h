/* SPDX-License-Identifier: Apache-2.0 */
/* A fetched CSV document as a source reads it: by the configuration's words, with errors and rejects for its host. */
#ifndef FORMATS_CSV_SOURCE_H
#define FORMATS_CSV_SOURCE_H

#include "formats/csv.h"

/* csv_options as a configuration says them: one character each, or the words "tab" and "none", because white space and
 * nothing are hard to see there. NULL: detected, or the quote '"'. A sheet is refused: whoever names one means another
 * file. */
struct csv_words {
    const char *delimiter, *encoding, *quote, *sheet;
};

/* OK with a reader to close, AUTH for a web page instead of a list, CONFIG for words that mean nothing, or what
 * csv_open () says. Host and document are the reader's until csv_close (). [run] */
enum sluice_status csv_source_open(const struct sluice_host *host, const struct sluice_document *document,
                                   const struct csv_words *words, struct csv_reader **ret_reader,
                                   struct sluice_error *err);

/* csv_next (), with the document's name before the message of a failure. [run] */
enum sluice_status csv_source_next(const struct sluice_host *host, const struct sluice_document *document,
                                   struct csv_reader *reader, const struct sluice_batch **ret_batch,
                                   struct sluice_error *err);

#endif
