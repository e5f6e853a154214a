/* SPDX-License-Identifier: Apache-2.0 */
/* Text as it is compared: NFKC, case folded, white space collapsed and trimmed, zero-width characters
 * dropped. */
#ifndef INGEST_FOLD_H
#define INGEST_FOLD_H

#include <sluice/plugin.h>

/* Bytes that are no UTF-8 become U+FFFD. The caller frees it; NULL without memory. */
char *fold_text(struct sluice_cell text);

enum { FOLD_WORD_SIZE = 512 };
/* The same without memory; "" for a text that is too long for a word of the tables (about 128 bytes). */
void fold_word(struct sluice_cell text, char ret_word[FOLD_WORD_SIZE]);

/* The Latin letter that a folded Cyrillic or Greek one looks like in either case ("А" in "Аrtikul"), or
 * itself. For matching headers only. */
uint32_t fold_look_alike(uint32_t character);

#endif
