/* SPDX-License-Identifier: Apache-2.0 */
/* A public sheet, or one that is published as CSV. One that is not public answers with a sign-in page and
 * status 200. */
#include "cursor.h"
#include "formats/csv_source.h"
#include "formats/html.h"
#include "formats/source.h"
#include "public.h"
#include "tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export
{
    const struct sluice_document *document;
    struct csv_reader *reader;
};

static enum sluice_status export_next(struct cursor *cursor, const struct sluice_batch **ret_batch,
                                      struct sluice_error *err)
{
    const struct export *export = cursor->way;
    return csv_source_next(cursor->self->host, export->document, export->reader, ret_batch, err);
}

static void export_close(struct cursor *cursor)
{
    struct export *export = cursor->way;
    csv_close(export->reader);
    if (export->document != NULL)
        export->document->release(export->document);
    free(export);
}

static void location_of(const struct cursor *cursor, char *location, size_t size)
{
    const struct config *config = cursor->self->config;
    const struct address *address = &cursor->address;
    const char *gid = tabs_wanted_gid(cursor);
    if (address->kind == ADDRESS_PUBLISHED)
        snprintf(location, size, "%s/spreadsheets/d/e/%s/pub?output=csv%s%s%s", config->docs_base,
                 address->id, *gid == '\0' ? "" : "&gid=", gid, *gid == '\0' ? "" : "&single=true");
    else
        snprintf(location, size, "%s/spreadsheets/d/%s/export?format=csv%s%s", config->docs_base, address->id,
                 *gid == '\0' ? "" : "&gid=", gid);
}

static void describe(struct cursor *cursor)
{
    const struct export *export = cursor->way;
    const char *gid = tabs_wanted_gid(cursor);
    snprintf(cursor->version, sizeof cursor->version, "%s", export->document->version);
    if (*gid == '\0')
        cursor_notice(cursor, "no tab was named: read the first one");
    if (cursor->address.kind != ADDRESS_PUBLISHED)
        snprintf(cursor->link, sizeof cursor->link,
                 "https://docs.google.com/spreadsheets/d/%s/edit#gid=%s&range={column}{row}",
                 cursor->address.id, *gid == '\0' ? "0" : gid);
    cursor->description.title = cursor->name;
    cursor->description.locale = cursor->self->config->locale;
    cursor->description.link_template = cursor->link[0] == '\0' ? NULL : cursor->link;
}

enum sluice_status export_open(struct cursor *cursor, const char *known, struct sluice_error *err)
{
    const struct sluice_host *host = cursor->self->host;
    const struct csv_words words = {.delimiter = ",", .encoding = "utf-8"};
    char location[512];
    struct export *export = calloc(1, sizeof *export);
    if (export == NULL)
        return source_no_memory(host, err);
    cursor->way = export;
    cursor->next = export_next;
    cursor->close = export_close;
    if (*tabs_wanted_gid(cursor) == '\0' && *tabs_wanted_title(cursor) != '\0')
        return host->fail(
            host, err, SLUICE_CONFIG,
            "without credentials a tab is found by its gid only, not by the title '%.100s'; copy the "
            "address while that tab is open",
            tabs_wanted_title(cursor));
    location_of(cursor, location, sizeof location);
    enum sluice_status status = public_fetch(cursor, location, known, &export->document, err);
    if (status != SLUICE_OK)
        return status;
    if (html_is_page(export->document->content_type, export->document->data, export->document->size))
        return public_not(cursor, err);
    status = csv_source_open(host, export->document, &words, &export->reader, err);
    if (status == SLUICE_OK)
        describe(cursor);
    return status;
}
