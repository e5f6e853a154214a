/* SPDX-License-Identifier: Apache-2.0 */
/* Web pages where a list was expected: sign-in forms come with status 200. */
#ifndef FORMATS_HTML_H
#define FORMATS_HTML_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the content type says HTML, or the text begins as a page does. `content_type` may be NULL. [any] */
bool html_is_page(const char *content_type, const char *data, uint64_t size);

#endif
