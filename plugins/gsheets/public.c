/* SPDX-License-Identifier: Apache-2.0 */
#include "public.h"

#include "tabs.h"

enum sluice_status public_not(const struct cursor *cursor, struct sluice_error *err)
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
        return public_not(cursor, err);
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

enum sluice_status public_fetch(const struct cursor *cursor, const char *location, const char *known,
                                const struct sluice_document **ret_document, struct sluice_error *err)
{
    const struct sluice_host *host = cursor->self->host;
    const struct sluice_document *document = NULL;
    const struct sluice_fetch_request request = {
        .struct_size = sizeof request, .flags = SLUICE_FETCH_ERRORS, .location = location, .version = known};
    enum sluice_status status = host->fetch(host, &request, &document, err);
    if (status != SLUICE_OK)
        return status;
    if (document->http_status < 300) {
        *ret_document = document;
        return SLUICE_OK;
    }
    status = refused(cursor, document->http_status, err);
    document->release(document);
    return status;
}
