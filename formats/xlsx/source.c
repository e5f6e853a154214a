/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx/source.h"

#include "formats/source.h"

static bool host_cancelled(void *context)
{
    const struct sluice_host *host = context;
    return host->cancelled(host);
}

static struct xlsx_options options_for(const struct sluice_host *host)
{
    return (struct xlsx_options){
        .reject = source_reject, .cancelled = host_cancelled, .context = (void *)(uintptr_t)host};
}

enum sluice_status xlsx_source_open(const struct sluice_host *host, const struct sluice_document *document,
                                    const char *sheet, struct xlsx_reader **ret_reader,
                                    struct sluice_error *err)
{
    struct sluice_error why;
    struct xlsx_options options = options_for(host);
    options.sheet = sheet;
    enum sluice_status status = source_refuse_page(host, document, err);
    if (status != SLUICE_OK)
        return status;
    status = xlsx_open(document->data, document->size, document, &options, ret_reader, &why);
    return status == SLUICE_OK ? status : source_fail(host, document, &why, err);
}

enum sluice_status xlsx_source_next(const struct sluice_host *host, const struct sluice_document *document,
                                    struct xlsx_reader *reader, const struct sluice_batch **ret_batch,
                                    struct sluice_error *err)
{
    struct sluice_error why;
    enum sluice_status status = xlsx_next(reader, ret_batch, &why);
    uint64_t empty = xlsx_uncalculated(reader);
    if (status == SLUICE_END && empty > 0)
        host->log(
            host, SLUICE_WARNING,
            "%s: %llu formulas have no stored value and count as empty; open it with Excel or LibreOffice "
            "and save it",
            document->name, (unsigned long long)empty);
    return status == SLUICE_OK || status == SLUICE_END ? status : source_fail(host, document, &why, err);
}

enum sluice_status xlsx_source_discover(const struct sluice_host *host,
                                        const struct sluice_document *document,
                                        void (*found)(void *context,
                                                      const struct sluice_discovery *discovery),
                                        void *context, struct sluice_error *err)
{
    struct sluice_error why;
    const struct xlsx_options options = options_for(host);
    enum sluice_status status = source_refuse_page(host, document, err);
    if (status != SLUICE_OK)
        return status;
    status = xlsx_discover(document->data, document->size, &options, found, context, &why);
    return status == SLUICE_OK ? status : source_fail(host, document, &why, err);
}
