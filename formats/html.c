/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at no more than the beginning: a list may well hold HTML in its cells. */
#include "formats/html.h"

#include <string.h>
#include <strings.h>

static bool begins_with(const char *data, uint64_t size, const char *word)
{
    size_t n = strlen(word);
    return size >= n && strncasecmp(data, word, n) == 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool html_is_page(const char *content_type, const char *data, uint64_t size)
{
    const char *type = content_type == NULL ? "" : content_type;
    if (begins_with(type, strlen(type), "text/html") || begins_with(type, strlen(type), "application/xhtml"))
        return true;
    uint64_t at = begins_with(data, size, "\xef\xbb\xbf") ? 3 : 0;
    while (at < size && is_space(data[at]))
        at++;
    return begins_with(data + at, size - at, "<!doctype") || begins_with(data + at, size - at, "<html");
}
