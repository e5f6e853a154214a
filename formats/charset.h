/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which encoding a text has, and its conversion to UTF-8 piece by piece.
 *
 * The order is: what was asked for; a byte order mark (UTF-8, UTF-16); UTF-16 without one, by the zero bytes of its line ends; ASCII or UTF-8; else windows-1251,
 * KOI8-R, cp866 or windows-1252, whichever reads like words by a clear margin; else an error with the first
 * such byte's offset. Nothing is ever taken for latin-1 because that accepts everything. A text that is UTF-8
 * but for a few damaged places stays UTF-8: the places are the reader's to reject.
 */
#ifndef FORMATS_CHARSET_H
#define FORMATS_CHARSET_H

#include <sluice/plugin.h>

enum { CHARSET_NAME_SIZE = 64 };

struct charset {
    char name[CHARSET_NAME_SIZE]; /* "utf-8", "windows-1251", … */
    size_t mark_bytes;            /* of the byte order mark, no part of the text */
    bool is_utf8;                 /* nothing to convert */
};

/* `encoding` is an ICU name or NULL. CONFIG for a name that ICU does not know, DATA when nothing fits. [any]
 */
enum sluice_status charset_choose(const char *data, uint64_t size, const char *encoding,
                                  struct charset *ret_charset, struct sluice_error *err);

struct charset_converter;

/* `data` must outlive the converter; the byte order mark is skipped by the caller. */
enum sluice_status charset_converter_open(const char *name, const char *data, uint64_t size,
                                          struct charset_converter **ret_converter, struct sluice_error *err);
void charset_converter_close(struct charset_converter *converter); /* accepts NULL */

/* Writes at most n bytes of UTF-8 and returns how many; 0 at the end of the text when n is 16 or more. What
 * the encoding does not define becomes U+FFFD. DATA for a failure of ICU. */
enum sluice_status charset_convert(struct charset_converter *converter, char *to, size_t n, size_t *ret_n,
                                   struct sluice_error *err);
bool charset_converter_at_end(const struct charset_converter *converter);

#endif
