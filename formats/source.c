/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/source.h"

#include "formats/html.h"

enum sluice_status source_no_memory(const struct sluice_host *host, struct sluice_error *err)
{
    return host->fail(host, err, SLUICE_IO, "out of memory; give the process more or lower the limits");
}

enum sluice_status source_fail(const struct sluice_host *host, const struct sluice_document *document,
                               const struct sluice_error *why, struct sluice_error *err)
{
    return host->fail(host, err, why->status, "%s: %s", document->name, why->message);
}

enum sluice_status source_refuse_page(const struct sluice_host *host, const struct sluice_document *document,
                                      struct sluice_error *err)
{
    if (!html_is_page(document->content_type, document->data, document->size))
        return SLUICE_OK;
    return host->fail(
        host, err, SLUICE_AUTH,
        "%s is a web page, not a list: it probably asks to sign in; share the list with everyone "
        "who has the link, or use the address of its CSV export",
        document->name);
}

void source_reject(void *host, const struct sluice_source_reject *reject)
{
    const struct sluice_host *engine = host;
    engine->reject(engine, reject);
}
