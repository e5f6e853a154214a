/* SPDX-License-Identifier: Apache-2.0 */
/* The mock's rows: either the lines of its `text` option or made up from a seed. One block of memory per
 * batch. */
#include "source_mock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS      4  /* of made-up rows */
#define CELL_SIZE    32 /* of made-up cells */
#define TEXT_COLUMNS 8  /* of a text's rows, padded */

struct mock_batch {
    struct sluice_batch batch;
    uint64_t *lines;
    uint32_t *row_flags;
    struct sluice_cell *cells;
    char *bytes;
};

static void release(const struct sluice_batch *batch)
{
    free((void *)(uintptr_t)batch);
}

static struct mock_batch *allocate(uint32_t n_rows, uint32_t n_columns, size_t n_bytes)
{
    size_t n_cells = (size_t)n_rows * n_columns;
    struct mock_batch *mock =
        calloc(1, sizeof *mock + n_rows * (sizeof *mock->lines + sizeof *mock->row_flags) +
                      n_cells * sizeof *mock->cells + n_bytes);
    if (mock == NULL)
        return NULL;
    mock->lines = (uint64_t *)(mock + 1);
    mock->cells = (struct sluice_cell *)(mock->lines + n_rows);
    mock->row_flags = (uint32_t *)(mock->cells + n_cells);
    mock->bytes = (char *)(mock->row_flags + n_rows);
    mock->batch = (struct sluice_batch){
        .struct_size = sizeof mock->batch,
        .n_rows = n_rows,
        .n_columns = n_columns,
        .cells = mock->cells,
        .lines = mock->lines,
        .row_flags = mock->row_flags,
        .release = release,
    };
    return mock;
}

/* ---- Made up ---- */

static void make_up_row(struct mock_batch *mock, uint32_t row, int64_t seed, uint64_t line)
{
    static const char *const header[COLUMNS] = {"SKU", "Name", "Price", "Color"};
    static const char *const colors[] = {"red", "green", "blue"};
    char *bytes = mock->bytes + (size_t)row * COLUMNS * CELL_SIZE;
    uint64_t item = line - 1;
    uint64_t cents = 100 + (item * 37 + (uint64_t)seed * 11) % 100000;
    for (uint32_t i = 0; i < COLUMNS; i++) {
        char *cell = bytes + (size_t)i * CELL_SIZE;
        if (line == 1)
            snprintf(cell, CELL_SIZE, "%s", header[i]);
        else if (i == 0)
            snprintf(cell, CELL_SIZE, "SKU-%06" PRIu64, item);
        else if (i == 1)
            snprintf(cell, CELL_SIZE, "Item %" PRIu64, item);
        else if (i == 2)
            snprintf(cell, CELL_SIZE, "%" PRIu64 ".%02" PRIu64, cents / 100, cents % 100);
        else
            snprintf(cell, CELL_SIZE, "%s", colors[(item + (uint64_t)seed) % 3]);
        mock->cells[(size_t)row * COLUMNS + i] =
            (struct sluice_cell){.ptr = cell, .len = (uint32_t)strlen(cell)};
    }
}

/* ---- From a text ---- */

static const char *line_start(const char *text, uint64_t line)
{
    for (uint64_t i = 1; i < line; i++)
        text = strchr(text, '\n') + 1;
    return text;
}

static void split_row(struct mock_batch *mock, uint32_t row, const char *line, size_t n)
{
    const char *end = line + n;
    struct sluice_cell *cells = &mock->cells[(size_t)row * TEXT_COLUMNS];
    if (n == 0)
        mock->row_flags[row] = SLUICE_ROW_BLANK;
    for (uint32_t i = 0; i < TEXT_COLUMNS && line <= end && n > 0; i++) {
        const char *bar = memchr(line, '|', (size_t)(end - line));
        const char *stop = bar != NULL ? bar : end;
        cells[i] = (struct sluice_cell){.ptr = line, .len = (uint32_t)(stop - line)};
        line = stop + 1;
    }
}

static struct mock_batch *text_batch(const char *text, uint64_t line, uint32_t n)
{
    const char *start = line_start(text, line);
    size_t size = strlen(start) + 1;
    struct mock_batch *mock = allocate(n, TEXT_COLUMNS, size);
    if (mock == NULL)
        return NULL;
    memcpy(mock->bytes, start, size);
    const char *at = mock->bytes;
    for (uint32_t i = 0; i < n; i++) {
        size_t length = strcspn(at, "\n");
        split_row(mock, i, at, length);
        at += length + (at[length] == '\n');
    }
    return mock;
}

/* ---- A batch ---- */

uint64_t mock_lines(const struct source_mock_options *options, const char *text)
{
    if (text == NULL)
        return (uint64_t)options->rows + 1;
    uint64_t n = 0;
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n')
        n++;
    return n;
}

struct sluice_batch *mock_batch(const struct source_mock_options *options, const char *text, uint64_t line,
                                uint64_t n)
{
    struct mock_batch *mock = text != NULL ? text_batch(text, line, (uint32_t)n)
                                           : allocate((uint32_t)n, COLUMNS, n * COLUMNS * CELL_SIZE);
    if (mock == NULL)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        mock->lines[i] = line + i;
        if (text == NULL)
            make_up_row(mock, i, options->seed, line + i);
    }
    return &mock->batch;
}
