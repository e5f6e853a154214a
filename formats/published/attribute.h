/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes of an element as libxml2 hands them over, and what the ids of Google's pages mean. */
#ifndef FORMATS_PUBLISHED_ATTRIBUTE_H
#define FORMATS_PUBLISHED_ATTRIBUTE_H

#include <libxml/xmlstring.h>
#include <stdbool.h>
#include <stdint.h>

const char *attribute_find(const xmlChar **attributes, const char *name); /* or NULL */
bool attribute_has(const xmlChar **attributes, const char *name, const char *part);
/* colspan or rowspan: from 1 to `most`. */
uint16_t attribute_span(const xmlChar **attributes, const char *name, long most);

bool attribute_is_number(const char *text); /* nothing but digits */
bool attribute_is_line(const char *text);   /* at most nine of them: a sheet has 10 million cells */
/* "0R16" is the header of row 17; 0: another id, or NULL. */
uint64_t attribute_line(const char *id);

#endif
