/* SPDX-License-Identifier: Apache-2.0 */
/* Currency symbols, words and ISO 4217 codes as they stand beside prices and in headers. */
#ifndef INGEST_CURRENCY_H
#define INGEST_CURRENCY_H

#include <sluice/plugin.h>

#define CURRENCY_SIZE 4 /* an ISO 4217 code with its NUL */

/* True for "€", "руб.", "usd", …; the code is "" for a word that several currencies share ("kr"). */
bool currency_find(struct sluice_cell text, char ret_code[CURRENCY_SIZE]);

/* The same for one folded word of a header, where only the usual currencies count: "top" and "all" are codes,
 * too. */
bool currency_find_word(struct sluice_cell word, char ret_code[CURRENCY_SIZE]);

#endif
