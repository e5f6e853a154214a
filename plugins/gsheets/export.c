/* SPDX-License-Identifier: Apache-2.0 */
/* Without credentials: what Google gives to everyone. A public sheet and one published as CSV are CSV
 * (formats/csv). A sheet that is not public answers with a sign-in page and status 200. */
#include "api.h"
#include "base/error.h"
#include "formats/csv.h"
#include "formats/html.h"
#include "tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export
{
    const struct sluice_document *document;
    struct csv_reader *reader;
};

static void forward_reject(void *context, const struct sluice_source_reject *reject)
{
    const struct sluice_host *host = context;
    host->reject(host, reject);
}

static enum sluice_status export_next(struct cursor *cursor, const struct sluice_batch **ret_batch,
                                      struct sluice_error *err)
{
    const struct export *export = cursor->way;
    struct sluice_error why;
    enum sluice_status status = csv_next(export->reader, ret_batch, &why);
    if (status == SLUICE_OK || status == SLUICE_END)
        return status;
    return cursor->self->host->fail(cursor->self->host, err, status, "%s: %s", cursor->name, why.message);
}

static void export_close(struct cursor *cursor)
{
    struct export *export = cursor->way;
    csv_close(export->reader);
    if (export->document != NULL)
        export->document->release(export->document);
    free(export);
}

/* ---- Fetching ---- */

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

static enum sluice_status not_public(const struct cursor *cursor, struct sluice_error *err)
{
    const struct sluice_host *host = cursor->self->host;
    const char *account = access_address(cursor->self->access);
    if (account != NULL)
        return host->fail(
            host, err, SLUICE_AUTH,
            "%s asks to sign in: it is not public; publish it again, or give the sheet's own address and "
            "share it with %s",
            cursor->name, account);
    return host->fail(host, err, SLUICE_AUTH,
                      "%s asks to sign in: it is not public; share it with everyone who has the link, or set "
                      "'credentials' to a service account's key file and share it with that account",
                      cursor->name);
}

static enum sluice_status refused(const struct cursor *cursor, uint32_t http_status, struct sluice_error *err)
{
    const struct sluice_host *host = cursor->self->host;
    const char *gid = tabs_wanted_gid(cursor);
    if (http_status == 401 || http_status == 403)
        return not_public(cursor, err);
    if (http_status == 404 || http_status == 410)
        return host->fail(host, err, SLUICE_CONFIG,
                          "there is no %s: it was deleted, or its address is wrong; correct the address",
                          cursor->name);
    if (http_status == 400 && *gid != '\0')
        return host->fail(host, err, SLUICE_CONFIG,
                          "%s has no tab with gid %s; copy the address while that tab is open", cursor->name,
                          gid);
    return host->fail(host, err, SLUICE_CONFIG, "%s: Google answers %u; check the address", cursor->name,
                      (unsigned)http_status);
}

static enum sluice_status document_fetch(struct cursor *cursor, const char *known, struct sluice_error *err)
{
    struct export *export = cursor->way;
    const struct sluice_host *host = cursor->self->host;
    char location[512];
    location_of(cursor, location, sizeof location);
    const struct sluice_fetch_request request = {
        .struct_size = sizeof request, .flags = SLUICE_FETCH_ERRORS, .location = location, .version = known};
    enum sluice_status status = host->fetch(host, &request, &export->document, err);
    if (status != SLUICE_OK)
        return status;
    const struct sluice_document *document = export->document;
    if (document->http_status >= 300)
        return refused(cursor, document->http_status, err);
    if (html_is_page(document->content_type, document->data, document->size))
        return not_public(cursor, err);
    return SLUICE_OK;
}

/* ---- Opening ---- */

enum sluice_status export_open(struct cursor *cursor, const char *known, struct sluice_error *err)
{
    const struct sluice_host *host = cursor->self->host;
    struct export *export = calloc(1, sizeof *export);
    if (export == NULL)
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more");
    cursor->way = export;
    cursor->next = export_next;
    cursor->close = export_close;
    if (*tabs_wanted_gid(cursor) == '\0' && *tabs_wanted_title(cursor) != '\0')
        return host->fail(
            host, err, SLUICE_CONFIG,
            "without credentials a tab is found by its gid only, not by the title '%.100s'; copy the "
            "address while that tab is open",
            tabs_wanted_title(cursor));
    enum sluice_status status = document_fetch(cursor, known, err);
    if (status != SLUICE_OK)
        return status;
    const struct csv_options options = {.delimiter = ',',
                                        .encoding = "utf-8",
                                        .reject = forward_reject,
                                        .reject_context = (void *)(uintptr_t)host};
    struct sluice_error why;
    status = csv_open(export->document->data, export->document->size, export->document, &options,
                      &export->reader, &why);
    if (status != SLUICE_OK)
        return host->fail(host, err, status, "%s: %s", cursor->name, why.message);
    if (*tabs_wanted_gid(cursor) == '\0')
        cursor_notice(cursor, "no tab was named: read the first one");
    if (cursor->address.kind == ADDRESS_SHEET)
        snprintf(cursor->link, sizeof cursor->link,
                 "https://docs.google.com/spreadsheets/d/%s/edit#gid=%s&range={column}{row}",
                 cursor->address.id, *tabs_wanted_gid(cursor) == '\0' ? "0" : tabs_wanted_gid(cursor));
    snprintf(cursor->version, sizeof cursor->version, "%s", export->document->version);
    cursor->description.title = cursor->name;
    cursor->description.locale = cursor->self->config->locale;
    cursor->description.link_template = cursor->link[0] == '\0' ? NULL : cursor->link;
    return SLUICE_OK;
}
