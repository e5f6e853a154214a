/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets inside longer texts: user:PASSWORD@host in addresses, password=PASSWORD in connection strings. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "config/value.h"

#include <string.h>
#include <strings.h>

static const char stars[] = "***";

/* Parameters of addresses and connection strings that carry a secret. */
static const char *const secret_parameters[] = {
    "password=", "passwd=", "token=", "secret=", "key=", "sslpassword=", "sig=", "signature="};

/* host:8443/… : what follows the colon is no password. */
static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && (text[digits] == '/' || text[digits] == '?');
}

/* At "://": the password's end and, through ret_start, its beginning; NULL when the address has none. The
 * password may hold characters that do not belong there, '/' and '@' among them. */
static const char *password_end(const char *text, const char **ret_start)
{
    const char *user = text + 3;
    size_t authority = strcspn(user, "/?# \t");
    const char *at = memrchr(user, '@', authority);
    const char *colon = memchr(user, ':', authority);
    if (at == NULL && colon != NULL && !is_port(colon + 1))
        at = memrchr(user, '@', strcspn(user, " \t"));
    if (at == NULL || colon == NULL || colon > at)
        return NULL;
    *ret_start = colon + 1;
    return at;
}

/* Bytes of the secret parameter's name that begins here, or 0. */
static size_t parameter_length(const char *text)
{
    for (size_t i = 0; i < ELEMENTS(secret_parameters); i++)
        if (strncasecmp(text, secret_parameters[i], strlen(secret_parameters[i])) == 0)
            return strlen(secret_parameters[i]);
    return 0;
}

/* A value of a connection string may stand in single quotes (libpq). */
static size_t parameter_value_length(const char *value)
{
    if (*value != '\'')
        return strcspn(value, "& \t;");
    const char *end = value + 1;
    while (*end != '\0' && *end != '\'')
        end += 1 + (end[0] == '\\' && end[1] != '\0');
    return (size_t)(end - value) + (*end == '\'');
}

const char *value_masked(struct config *config, const char *text)
{
    _cleanup_(buffer_free) struct buffer masked = BUFFER_INIT(CONFIG_FILE_LIMIT * 8);
    while (*text != '\0') {
        const char *start = NULL;
        const char *end = strncmp(text, "://", 3) == 0 ? password_end(text, &start) : NULL;
        size_t parameter = parameter_length(text);
        if (end == NULL && parameter > 0) {
            start = text + parameter;
            end = start + parameter_value_length(start);
        }
        if (end == NULL) {
            buffer_byte(&masked, *text++);
            continue;
        }
        buffer_append(&masked, text, (size_t)(start - text));
        buffer_text(&masked, stars);
        text = end;
    }
    return masked.failed ? NULL : arena_copy(&config->arena, masked.data, masked.size);
}
