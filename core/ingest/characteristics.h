/* SPDX-License-Identifier: Apache-2.0 */
/* What is mapped to no field becomes one JSON object a row: {"color":"Red","size":"M"}. Text stays text;
 * empty values and failed formulas are left out. */
#ifndef INGEST_CHARACTERISTICS_H
#define INGEST_CHARACTERISTICS_H

#include "ingest/cell_text.h"
#include "ingest/mapping.h"
#include "ingest/sheet_row.h"

struct characteristics {
    struct characteristic {
        uint32_t column, length;
        const char *opening; /* `"color":"`, escaped; in `arena` */
    } * columns;
    uint32_t n;
    uint64_t failed_formulas; /* left out so far */
    uint64_t failed_line;     /* row and column of the first */
    uint32_t failed_column;
    struct arena arena;
};

enum characteristics_status {
    CHARACTERISTICS_OK,
    CHARACTERISTICS_FAULT,
    CHARACTERISTICS_TOO_LARGE,
    CHARACTERISTICS_NO_MEMORY
};

/* False without memory. */
bool characteristics_begin(struct characteristics *characteristics, const struct mapping *mapping);
/* Appends the row's object. FAULT: *ret_fault in *ret_column. */
enum characteristics_status characteristics_write(struct characteristics *characteristics,
                                                  const struct sheet_row *row, struct buffer *buffer,
                                                  enum text_fault *ret_fault, uint32_t *ret_column);
void characteristics_free(struct characteristics *characteristics);

#endif
