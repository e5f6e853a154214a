/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259) in place, value by value, for answers too large for a tree. Nothing is copied and nothing is
 * believed: every byte that is passed over has been checked, UTF-8 too.
 */
#ifndef FORMATS_JSON_SCAN_H
#define FORMATS_JSON_SCAN_H

#include "base/arena.h"

enum { JSON_SCAN_DEPTH = 64 }; /* of values that are passed over */

struct json_scan {
    const char *begin, *at, *end;
    const char *fault; /* what is wrong at `at`, in a few words; NULL: nothing */
};

/* A string or number as it stands in the text, a string without its quotes. */
struct json_span {
    const char *ptr;
    size_t len;
    bool escaped; /* the string has escapes */
};

struct json_scan json_scan_of(const char *text, uint64_t size);

/* All answer false, with `fault` set, when the text is not JSON there. [run] */
char json_scan_peek(struct json_scan *scan);                               /* behind white space; 0 at the end */
bool json_scan_byte(struct json_scan *scan, char byte, const char *fault); /* behind white space: exactly that one */
bool json_scan_string(struct json_scan *scan, struct json_span *ret_string); /* at its quote */
bool json_scan_number(struct json_scan *scan, struct json_span *ret_number);
bool json_scan_literal(struct json_scan *scan, const char *literal);
bool json_scan_skip(struct json_scan *scan); /* one value of any kind */
bool json_scan_end(struct json_scan *scan);  /* nothing but white space is left */

/*
 * Walks an object or array: `scan` stands before its opening bracket at first (*state is 0), then behind each value.
 * True: the next value begins at `at`. False: the closing bracket was passed over, or there is a fault.
 */
bool json_scan_member(struct json_scan *scan, unsigned *state, struct json_span *ret_key);
bool json_scan_element(struct json_scan *scan, unsigned *state);

bool json_span_is(struct json_span span, const char *text); /* false for one with escapes */

enum json_text_fault { JSON_TEXT_OK, JSON_TEXT_NUL, JSON_TEXT_SURROGATE, JSON_TEXT_NO_MEMORY };

/* What the string says: the span itself where nothing is escaped, else a copy in the arena. NUL and lone
 * surrogates are JSON but no text. */
enum json_text_fault json_span_text(struct json_span string, struct arena *arena, struct sluice_cell *ret_text);

#endif
