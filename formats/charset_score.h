/* SPDX-License-Identifier: Apache-2.0 */
/* How much a text reads like words in a single-byte encoding. */
#ifndef FORMATS_CHARSET_SCORE_H
#define FORMATS_CHARSET_SCORE_H

#include <stddef.h>
#include <stdint.h>

/* The characters of the bytes 0x80 to 0xff; 0 where there is none. */
struct charset_page {
    uint16_t characters[128];
};

/* Average per byte above 0x7f: about +5 for words of the language, below 0 for a wrong guess; 0 without any.
 */
double charset_score(const struct charset_page *page, const char *text, size_t n);

#endif
