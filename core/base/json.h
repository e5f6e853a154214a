/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON (RFC 8259) into a buffer. Reading is jansson's; this exists for rows by the hundred thousand.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"

#include <sluice/plugin.h>

/* A quoted string; "null" for an absent cell. Bytes that are no UTF-8 become U+FFFD. (json_string is
 * jansson's.) */
void json_text(struct buffer *buffer, struct sluice_cell text);

#endif
