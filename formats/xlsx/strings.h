/* SPDX-License-Identifier: Apache-2.0 */
/* The shared strings (ECMA-376 part 1 §18.4): the one part that is kept in memory, so its size is bounded. Rich text
 * is joined, phonetic hints are left out. */
#ifndef FORMATS_XLSX_STRINGS_H
#define FORMATS_XLSX_STRINGS_H

#include "base/arena.h"
#include "formats/xlsx/package.h"

/* A string that is longer than a cell may be: its text is not kept. */
#define XLSX_STRING_TOO_LONG UINT32_MAX

struct xlsx_strings {
    struct sluice_cell *items; /* len XLSX_STRING_TOO_LONG: see above */
    size_t n, capacity;
    uint64_t bytes;
    struct arena arena;
};

enum sluice_status xlsx_strings_read(struct xlsx_package *package, int part, struct xlsx_strings *ret_strings,
                                     struct sluice_error *err);
void xlsx_strings_free(struct xlsx_strings *strings); /* accepts a zeroed one */

/* Replaces _xHHHH_ by the character it stands for (§22.9.2.19), in place; answers the new length. */
size_t xlsx_unescape(char *text, size_t n);

#endif
