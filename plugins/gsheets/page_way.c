/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet that is published as a web page (…/pubhtml). Its text changes with each answer, its cells do not:
 * the version is a hash of these. */
#include "formats/published/page.h"

#include "cursor.h"
#include "formats/source.h"
#include "page_way.h"
#include "public.h"
#include "tabs.h"

#include <stdio.h>
#include <string.h>

static enum sluice_status page_way_next(struct cursor *cursor, const struct sluice_batch **ret_batch,
                                        struct sluice_error *err)
{
    const struct sluice_host *host = cursor->self->host;
    struct sluice_error why;
    enum sluice_status status = page_next(cursor->way, ret_batch, &why);
    if (status == SLUICE_OK || status == SLUICE_END)
        return status;
    return host->fail(host, err, status, "%s: %s", cursor->name, why.message);
}

static void page_way_close(struct cursor *cursor)
{
    page_close(cursor->way);
}

enum sluice_status page_way_fetch(const struct cursor *cursor, const struct sluice_document **ret_document,
                                  struct sluice_error *err)
{
    const struct config *config = cursor->self->config;
    const char *gid = tabs_wanted_gid(cursor);
    const struct sluice_document *document = NULL;
    char location[512];
    snprintf(location, sizeof location, "%s/spreadsheets/d/e/%s/pubhtml%s%s%s", config->docs_base,
             cursor->address.id, *gid == '\0' ? "" : "?gid=", gid, *gid == '\0' ? "" : "&single=true");
    enum sluice_status status = public_fetch(cursor, location, NULL, &document, err);
    if (status != SLUICE_OK)
        return status;
    if (memmem(document->data, (size_t)document->size, "waffle", 6) == NULL) { /* the class of its tables */
        document->release(document);
        return public_not(cursor, err);
    }
    *ret_document = document;
    return SLUICE_OK;
}

static void describe(struct cursor *cursor)
{
    const struct page_reader *reader = cursor->way;
    if (*tabs_wanted_gid(cursor) == '\0' && *tabs_wanted_title(cursor) == '\0' && page_tabs(reader) > 1)
        cursor_notice(cursor, "no tab was named: read the first of %zu on the page", page_tabs(reader));
    cursor->description.title = page_title(reader);
    cursor->description.sheet = page_sheet(reader);
    cursor->description.locale = cursor->self->config->locale;
}

enum sluice_status page_way_open(struct cursor *cursor, const char *known, struct sluice_error *err)
{
    const struct sluice_host *host = cursor->self->host;
    const struct sluice_document *document = NULL;
    const struct page_options options = {.gid = tabs_wanted_gid(cursor),
                                         .title = tabs_wanted_title(cursor),
                                         .reject = source_reject,
                                         .reject_context = (void *)(uintptr_t)host};
    struct page_reader *reader = NULL;
    struct sluice_error why;
    char hash[33];
    enum sluice_status status = page_way_fetch(cursor, &document, err);
    if (status != SLUICE_OK)
        return status;
    status = page_open(document->data, document->size, &options, &reader, &why);
    document->release(document);
    if (status != SLUICE_OK)
        return host->fail(host, err, status, "%s: %s", cursor->name, why.message);
    cursor->way = reader;
    cursor->next = page_way_next;
    cursor->close = page_way_close;
    page_hash(reader, hash);
    snprintf(cursor->version, sizeof cursor->version, "page:%s|", hash);
    if (known != NULL && strcmp(known, cursor->version) == 0)
        return SLUICE_UNCHANGED;
    describe(cursor);
    return SLUICE_OK;
}
