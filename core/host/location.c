/* SPDX-License-Identifier: Apache-2.0 */
#include "host/location.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Length of the scheme before ':' (RFC 3986 §3.1), or 0. A single letter is a drive of some other system. */
static size_t scheme_length(const char *location)
{
    size_t n = strspn(location, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    bool letter = (location[0] | 0x20) >= 'a' && (location[0] | 0x20) <= 'z';
    return n >= 2 && letter && location[n] == ':' ? n : 0;
}

static bool scheme_is(const char *location, size_t n, const char *scheme)
{
    return n == strlen(scheme) && strncasecmp(location, scheme, n) == 0;
}

/* curl and browsers repair white space, controls and backslashes, each in its own way: refused instead. */
static bool has_forbidden(const char *url)
{
    for (const char *c = url; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '\\')
            return true;
    return false;
}

enum location_kind location_kind(const char *location)
{
    size_t n = scheme_length(location);
    if (n == 0)
        return LOCATION_PATH;
    if (scheme_is(location, n, "file"))
        return LOCATION_FILE;
    bool web = scheme_is(location, n, "http") || scheme_is(location, n, "https");
    bool whole = strncmp(location + n, "://", 3) == 0;
    return web && whole && !has_forbidden(location) ? LOCATION_HTTP : LOCATION_UNKNOWN;
}

void location_name(const char *location, char ret_name[LOCATION_NAME_SIZE])
{
    char plain[LOCATION_NAME_SIZE * 2];
    size_t n = scheme_length(location);
    if (n == 0 || scheme_is(location, n, "file")) {
        text_excerpt(text_of(location), ret_name, LOCATION_NAME_SIZE);
        return;
    }
    const char *rest = location + n + 1;
    rest += strspn(rest, "/\\");
    size_t start = (size_t)(rest - location);
    size_t end = strcspn(rest, "?#");
    size_t authority = strcspn(rest, "/\\?#");
    for (size_t i = 0; i < authority; i++)
        if (rest[i] == '@') {
            rest += i + 1;
            authority -= i + 1;
            end -= i + 1;
            i = (size_t)-1;
        }
    size_t room = sizeof plain - 1;
    start = start < room ? start : room;
    end = end < room - start ? end : room - start;
    memcpy(plain, location, start);
    memcpy(plain + start, rest, end);
    plain[start + end] = '\0';
    text_excerpt(text_of(plain), ret_name, LOCATION_NAME_SIZE);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool percent_decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        int high = hex_digit(from[1]);
        int low = high < 0 ? -1 : hex_digit(from[2]);
        if (low < 0 || (high == 0 && low == 0))
            return false;
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return true;
}

/* Behind "file:"; RFC 8089: an authority is empty or localhost. NULL when it is another one. */
static const char *path_of_url(const char *url)
{
    if (strncmp(url, "//", 2) != 0)
        return url;
    url += 2;
    url += strncasecmp(url, "localhost/", 10) == 0 ? 9 : 0;
    return url[0] == '/' ? url : NULL;
}

enum sluice_status location_path(const char *location, const char *name, char **ret_path,
                                 struct sluice_error *err)
{
    const bool is_url = location_kind(location) == LOCATION_FILE;
    const char *path = is_url ? path_of_url(location + strlen("file:")) : location;
    _cleanup_free_ char *copy = path == NULL ? NULL : strdup(path);
    if (path != NULL && copy == NULL)
        return error_no_memory(err);
    if (copy == NULL || (is_url && !percent_decode(copy)))
        return error_set(err, SLUICE_CONFIG,
                         "%s: not a file of this machine; write file:///absolute/path or a path", name);
    *ret_path = copy;
    copy = NULL;
    return SLUICE_OK;
}
