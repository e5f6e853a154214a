/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/csv_source.h"

#include "formats/source.h"

#include <string.h>

static enum sluice_status words_read(const struct csv_words *words, struct csv_options *options,
                                     struct sluice_error *err)
{
    const char *delimiter = words->delimiter == NULL ? "" : words->delimiter;
    const char *quote = words->quote == NULL ? "\"" : words->quote;
    if (words->sheet != NULL)
        return error_set(err, SLUICE_CONFIG,
                         "there is no tab '%s': a CSV file has none; remove the option 'sheet'",
                         words->sheet);
    if (strcmp(delimiter, "tab") == 0 || strcmp(delimiter, "\\t") == 0)
        delimiter = "\t";
    if (strlen(delimiter) > 1)
        return error_set(err, SLUICE_CONFIG,
                         "the delimiter '%s' is longer than one character; name one, or 'tab'", delimiter);
    const bool is_quoting = strcmp(quote, "none") != 0;
    if (is_quoting && strlen(quote) != 1)
        return error_set(err, SLUICE_CONFIG, "the quote '%s' is not one character; name one, or 'none'",
                         quote);
    options->delimiter = delimiter[0];
    options->quote = is_quoting ? (unsigned char)quote[0] : CSV_QUOTE_NONE;
    options->encoding = words->encoding;
    return SLUICE_OK;
}

enum sluice_status csv_source_open(const struct sluice_host *host, const struct sluice_document *document,
                                   const struct csv_words *words, struct csv_reader **ret_reader,
                                   struct sluice_error *err)
{
    enum sluice_status status = source_refuse_page(host, document, err);
    if (status != SLUICE_OK)
        return status;
    struct sluice_error why;
    struct csv_options options = {.reject = source_reject, .reject_context = (void *)(uintptr_t)host};
    status = words_read(words, &options, &why);
    if (status == SLUICE_OK)
        status = csv_open(document->data, document->size, document, &options, ret_reader, &why);
    return status == SLUICE_OK ? SLUICE_OK : source_fail(host, document, &why, err);
}

enum sluice_status csv_source_next(const struct sluice_host *host, const struct sluice_document *document,
                                   struct csv_reader *reader, const struct sluice_batch **ret_batch,
                                   struct sluice_error *err)
{
    struct sluice_error why;
    enum sluice_status status = csv_next(reader, ret_batch, &why);
    return status == SLUICE_OK || status == SLUICE_END ? status : source_fail(host, document, &why, err);
}
