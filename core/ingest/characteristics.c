/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/characteristics.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "ingest/formula_error.h"

#include <string.h>

enum { KEYS_CEILING = 64 << 20, ROW_CEILING = 1 << 20, ESCAPED_MAX = 6 };

bool characteristics_begin(struct characteristics *characteristics, const struct mapping *mapping)
{
    *characteristics = (struct characteristics){.arena = ARENA_INIT(KEYS_CEILING)};
    struct arena *arena = &characteristics->arena;
    characteristics->columns =
        arena_alloc(arena, ((size_t)mapping->n_columns + 1) * sizeof characteristics->columns[0]);
    for (uint32_t i = 0; i < mapping->n_columns && characteristics->columns != NULL; i++) {
        if (mapping->columns[i].key == NULL)
            continue;
        _cleanup_(buffer_free) struct buffer opening = BUFFER_INIT(KEYS_CEILING);
        json_text(&opening, text_of(mapping->columns[i].key));
        buffer_text(&opening, ":\"");
        struct characteristic *column = &characteristics->columns[characteristics->n];
        column->column = i;
        column->length = (uint32_t)opening.size;
        column->opening = opening.failed ? NULL : arena_copy(arena, opening.data, opening.size);
        if (column->opening == NULL)
            return false;
        characteristics->n++;
    }
    return characteristics->columns != NULL;
}

static void formula_note(struct characteristics *characteristics, const struct sheet_row *row,
                         uint32_t column)
{
    if (characteristics->failed_formulas == 0) {
        characteristics->failed_line = row->line;
        characteristics->failed_column = column;
    }
    characteristics->failed_formulas++;
}

enum characteristics_status characteristics_write(struct characteristics *characteristics,
                                                  const struct sheet_row *row, struct buffer *buffer,
                                                  enum text_fault *ret_fault, uint32_t *ret_column)
{
    size_t start = buffer->size;
    buffer_byte(buffer, '{');
    for (uint32_t i = 0; i < characteristics->n; i++) {
        const struct characteristic *column = &characteristics->columns[i];
        struct sluice_cell value = cell_trim(sheet_row_cell(row, (int)column->column));
        if (value.len == 0)
            continue;
        if (value.ptr[0] == '#' && formula_error(value)) {
            formula_note(characteristics, row, column->column);
            continue;
        }
        if (value.len > ROW_CEILING || buffer->size - start > ROW_CEILING)
            return CHARACTERISTICS_TOO_LARGE;
        char *to = buffer_reserve(buffer, column->length + (size_t)value.len * ESCAPED_MAX + 3);
        if (to == NULL)
            return CHARACTERISTICS_NO_MEMORY;
        char *from = to;
        if (to[-1] != '{')
            *to++ = ',';
        memcpy(to, column->opening, column->length);
        to = text_write_json(value, to + column->length, ret_fault);
        if (to == NULL) {
            *ret_column = column->column;
            return CHARACTERISTICS_FAULT;
        }
        *to++ = '"';
        buffer_grown(buffer, (size_t)(to - from));
    }
    buffer_byte(buffer, '}');
    return buffer->failed ? CHARACTERISTICS_NO_MEMORY : CHARACTERISTICS_OK;
}

void characteristics_free(struct characteristics *characteristics)
{
    arena_free(&characteristics->arena);
    *characteristics = (struct characteristics){.n = 0};
}
