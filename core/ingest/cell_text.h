/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning cells eight bytes at a time: may a text be stored, and must JSON escape any of it? */
#ifndef INGEST_CELL_TEXT_H
#define INGEST_CELL_TEXT_H

#include <sluice/plugin.h>

enum text_fault { TEXT_FINE, TEXT_NUL, TEXT_NOT_UTF8 };

enum text_fault text_fault(struct sluice_cell text);
/* Whether the text has more than `limit` characters. */
bool text_is_longer(struct sluice_cell text, uint32_t limit);

/* Writes the text as the inside of a JSON string (RFC 8259); `to` has room for 6 bytes for each of the
 * text's. The end of what was written, or NULL when the text has a fault: *ret_fault. */
char *text_write_json(struct sluice_cell text, char *to, enum text_fault *ret_fault);

#endif
