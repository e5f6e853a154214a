/* SPDX-License-Identifier: Apache-2.0 */
/* An uploaded workbook behind an address of Drive: its bytes, read by formats/xlsx. */
#include "formats/xlsx/source.h"

#include "api.h"
#include "cursor.h"
#include "formats/html.h"
#include "formats/source.h"
#include "public.h"
#include "tabs.h"
#include "workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct workbook {
    const struct sluice_document *document;
    struct xlsx_reader *reader;
};

static enum sluice_status workbook_next(struct cursor *cursor, const struct sluice_batch **ret_batch,
                                        struct sluice_error *err)
{
    const struct workbook *workbook = cursor->way;
    return xlsx_source_next(cursor->self->host, workbook->document, workbook->reader, ret_batch, err);
}

static void workbook_close(struct cursor *cursor)
{
    struct workbook *workbook = cursor->way;
    xlsx_close(workbook->reader);
    if (workbook->document != NULL)
        workbook->document->release(workbook->document);
    free(workbook);
}

enum sluice_status workbook_fetch(const struct cursor *cursor, const struct sluice_document **ret_document,
                                  struct sluice_error *err)
{
    struct gsheets *self = cursor->self;
    char path[512];
    if (access_kind(self->access) != ACCESS_NOBODY) {
        snprintf(path, sizeof path, "/drive/v3/files/%s?alt=media&supportsAllDrives=true",
                 cursor->address.id);
        return api_get(self, API_FILES, path, cursor->name, ret_document, err);
    }
    snprintf(path, sizeof path, "%s/uc?export=download&id=%s", self->config->download_base,
             cursor->address.id);
    const struct sluice_document *document = NULL;
    enum sluice_status status = public_fetch(cursor, path, NULL, &document, err);
    if (status != SLUICE_OK)
        return status;
    if (html_is_page(document->content_type, document->data, document->size)) {
        document->release(document);
        return public_not(cursor, err);
    }
    *ret_document = document;
    return SLUICE_OK;
}

static void describe(struct cursor *cursor)
{
    const struct workbook *workbook = cursor->way;
    const char *notice = xlsx_notice(workbook->reader);
    if (notice != NULL)
        cursor_notice(cursor, "%s", notice);
    cursor->description.title = cursor->name;
    cursor->description.sheet = xlsx_sheet(workbook->reader);
    cursor->description.locale = cursor->self->config->locale;
    cursor->description.link_template = xlsx_link_template(workbook->reader);
}

enum sluice_status workbook_open(struct cursor *cursor, const char *known, struct sluice_error *err)
{
    const char *title = tabs_wanted_title(cursor);
    struct workbook *workbook = calloc(1, sizeof *workbook);
    if (workbook == NULL)
        return source_no_memory(cursor->self->host, err);
    cursor->way = workbook;
    cursor->next = workbook_next;
    cursor->close = workbook_close;
    enum sluice_status status = workbook_fetch(cursor, &workbook->document, err);
    if (status != SLUICE_OK)
        return status;
    snprintf(cursor->version, sizeof cursor->version, "file:%s|", workbook->document->sha256);
    if (known != NULL && strcmp(known, cursor->version) == 0)
        return SLUICE_UNCHANGED;
    status = xlsx_source_open(cursor->self->host, workbook->document, *title == '\0' ? NULL : title,
                              &workbook->reader, err);
    if (status == SLUICE_OK)
        describe(cursor);
    return status;
}
