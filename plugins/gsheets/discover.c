/* SPDX-License-Identifier: Apache-2.0 */
/* Which tabs there are. A public export does not say, so it counts as one tab. */
#include "discover.h"

#include "formats/published/page.h"
#include "formats/source.h"
#include "formats/xlsx/source.h"
#include "page_way.h"
#include "sheet.h"
#include "tabs.h"
#include "workbook.h"

#include <inttypes.h>
#include <stdio.h>

static enum sluice_status of_sheet(struct cursor *cursor, discover_found found, void *context,
                                   struct sluice_error *err)
{
    struct metadata metadata = {0};
    char gid[ADDRESS_GID_SIZE * 2];
    enum sluice_status status = sheet_metadata(cursor, &metadata, err);
    if (status != SLUICE_OK)
        return status;
    for (size_t i = 0; i < metadata.n_tabs; i++) {
        const struct tab *tab = &metadata.tabs[i];
        snprintf(gid, sizeof gid, "%" PRId64, tab->gid);
        const struct sluice_discovery discovery = {.struct_size = sizeof discovery,
                                                   .hidden = tab->hidden || !tab->is_grid,
                                                   .title = tab->title,
                                                   .id = gid,
                                                   .n_rows = tab->n_rows,
                                                   .n_columns = tab->n_columns};
        found(context, &discovery);
    }
    metadata_free(&metadata);
    return SLUICE_OK;
}

static enum sluice_status of_workbook(struct cursor *cursor, discover_found found, void *context,
                                      struct sluice_error *err)
{
    const struct sluice_document *document = NULL;
    enum sluice_status status = workbook_fetch(cursor, &document, err);
    if (status != SLUICE_OK)
        return status;
    status = xlsx_source_discover(cursor->self->host, document, found, context, err);
    document->release(document);
    return status;
}

static enum sluice_status of_page(struct cursor *cursor, discover_found found, void *context,
                                  struct sluice_error *err)
{
    const struct sluice_document *document = NULL;
    struct sluice_error why;
    enum sluice_status status = page_way_fetch(cursor, &document, err);
    if (status != SLUICE_OK)
        return status;
    status = page_discover(document->data, document->size, found, context, &why);
    document->release(document);
    if (status != SLUICE_OK)
        return cursor->self->host->fail(cursor->self->host, err, status, "%s: %s", cursor->name, why.message);
    return status;
}

static enum sluice_status of_export(const struct cursor *cursor, discover_found found, void *context)
{
    const struct sluice_discovery discovery = {
        .struct_size = sizeof discovery, .title = "", .id = tabs_wanted_gid(cursor)};
    found(context, &discovery);
    return SLUICE_OK;
}

enum sluice_status discover_tabs(struct cursor *cursor, discover_found found, void *context,
                                 struct sluice_error *err)
{
    const struct address *address = &cursor->address;
    bool anyone = access_kind(cursor->self->access) == ACCESS_NOBODY;
    if (address->kind == ADDRESS_PUBLISHED)
        return address->as_csv ? of_export(cursor, found, context) : of_page(cursor, found, context, err);
    if (anyone)
        return address->kind == ADDRESS_FILE ? of_workbook(cursor, found, context, err)
                                             : of_export(cursor, found, context);
    enum sluice_status status = address->kind == ADDRESS_FILE ? of_workbook(cursor, found, context, err)
                                                              : of_sheet(cursor, found, context, err);
    if (status != SLUICE_END)
        return status;
    return address->kind == ADDRESS_FILE ? of_sheet(cursor, found, context, err)
                                         : of_workbook(cursor, found, context, err);
}
