/* SPDX-License-Identifier: Apache-2.0 */
#include "attribute.h"

#include <stdlib.h>
#include <string.h>

const char *attribute_find(const xmlChar **attributes, const char *name)
{
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
        if (xmlStrcasecmp(attributes[0], (const xmlChar *)name) == 0)
            return (const char *)attributes[1];
    return NULL;
}

bool attribute_has(const xmlChar **attributes, const char *name, const char *part)
{
    const char *value = attribute_find(attributes, name);
    return value != NULL && strstr(value, part) != NULL;
}

uint16_t attribute_span(const xmlChar **attributes, const char *name, long most)
{
    const char *value = attribute_find(attributes, name);
    long span = value == NULL ? 1 : strtol(value, NULL, 10);
    return (uint16_t)(span < 1 ? 1 : span > most ? most : span);
}

bool attribute_is_number(const char *text)
{
    size_t n = strspn(text, "0123456789");
    return n > 0 && text[n] == '\0';
}

bool attribute_is_line(const char *text)
{
    return attribute_is_number(text) && strlen(text) <= 9;
}

uint64_t attribute_line(const char *id)
{
    size_t n = id == NULL ? 0 : strspn(id, "0123456789");
    if (n == 0 || id[n] != 'R' || !attribute_is_line(id + n + 1))
        return 0;
    return strtoull(id + n + 1, NULL, 10) + 1;
}
