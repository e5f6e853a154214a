/* SPDX-License-Identifier: Apache-2.0 */
/* Spans of text. A `struct sluice_cell` is the one span type; ptr NULL is "absent", len 0 "empty". */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <sluice/plugin.h>

struct sluice_cell text_of(const char *text); /* NULL gives an absent one */
bool text_equal(struct sluice_cell a, struct sluice_cell b);
bool text_is(struct sluice_cell a, const char *literal);
/* A copy that the caller frees, NULL of NULL. False without memory. */
bool text_copy(const char *text, char **ret_copy);

/* Without leading and trailing white space: ASCII blanks and controls, NBSP, narrow NBSP, zero-width, BOM. */
struct sluice_cell text_trim(struct sluice_cell text);
bool text_is_blank(struct sluice_cell text);

/* Length of the well-formed UTF-8 prefix of the n bytes: n when all is well (RFC 3629, no surrogates). */
size_t utf8_valid_prefix(const char *bytes, size_t n);
/* The greatest length <= n that does not cut a character. */
size_t utf8_cut(const char *text, size_t n);
/* Decodes one character of valid UTF-8 and returns its length in bytes. */
size_t utf8_decode(const char *text, size_t n, uint32_t *ret_character);

/* Writes at most size - 1 bytes and a NUL: controls, backslash and bytes that are no UTF-8 as \n, \\ or \x1b,
 * and "…" where it was cut. */
void text_excerpt(struct sluice_cell text, char *ret_excerpt, size_t size);

/* Levenshtein distance of two short ASCII words, at most `limit` + 1; for "did you mean". */
unsigned text_distance(const char *a, const char *b, unsigned limit);

#endif
