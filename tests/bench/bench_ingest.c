/* SPDX-License-Identifier: Apache-2.0 */
/* Nanoseconds per row of reading a list of 8 columns that lies decoded in memory: mapping, price,
 * characteristics, hash. Prints one JSON line. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "ingest/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 8, ROWS = 4096, CELL_ROOM = 48, ROUNDS = 200 };

struct sheet {
    char text[ROWS][COLUMNS][CELL_ROOM];
    struct sluice_cell cells[ROWS * COLUMNS];
    uint64_t lines[ROWS];
    uint32_t flags[ROWS];
};

static enum sluice_status count_items(void *context, const struct sluice_item *items, size_t n,
                                      struct sluice_error *err)
{
    (void)items;
    (void)err;
    *(uint64_t *)context += n;
    return SLUICE_OK;
}

static enum sluice_status count_rejects(void *context, const struct sluice_reject *rejects, size_t n,
                                        struct sluice_error *err)
{
    (void)context;
    (void)rejects;
    (void)n;
    (void)err;
    return SLUICE_OK;
}

static void sheet_fill(struct sheet *sheet)
{
    static const char *const header[COLUMNS] = {"SKU",   "Name",  "Price", "Currency",
                                                "Brand", "Color", "Stock", "Unit"};
    for (uint32_t row = 0; row < ROWS; row++) {
        char(*cell)[CELL_ROOM] = sheet->text[row];
        snprintf(cell[0], CELL_ROOM, "SKU-%08u", row);
        snprintf(cell[1], CELL_ROOM, "Chain %u speed, \"heavy\" no. %u", row % 12, row);
        snprintf(cell[2], CELL_ROOM, "%u.%02u", row % 5000, row % 100);
        snprintf(cell[3], CELL_ROOM, "EUR");
        snprintf(cell[4], CELL_ROOM, "Brand %u", row % 40);
        snprintf(cell[5], CELL_ROOM, "%s", row % 3 == 0 ? "чёрный" : "signal red");
        snprintf(cell[6], CELL_ROOM, "%u", row % 700);
        snprintf(cell[7], CELL_ROOM, "pcs");
        for (uint32_t column = 0; column < COLUMNS; column++)
            sheet->cells[row * COLUMNS + column] = text_of(row == 0 ? header[column] : cell[column]);
        sheet->lines[row] = row + 1;
    }
}

int main(void)
{
    _cleanup_free_ struct sheet *sheet = calloc(1, sizeof *sheet);
    uint64_t items = 0;
    struct list_sink sink = {.context = &items, .items = count_items, .rejects = count_rejects};
    struct ingest_options options = {.header_search_rows = 25};
    struct list_reader *reader = NULL;
    struct sluice_error err;
    if (sheet == NULL || list_reader_new(&options, "bench", NULL, &sink, &reader, &err) != SLUICE_OK)
        return EXIT_FAILURE;
    sheet_fill(sheet);
    struct sluice_batch batch = {.struct_size = sizeof batch,
                                 .n_rows = ROWS,
                                 .n_columns = COLUMNS,
                                 .cells = sheet->cells,
                                 .lines = sheet->lines,
                                 .row_flags = sheet->flags};
    int64_t opened = clock_system()->monotonic_us(clock_system());
    struct sluice_batch head = batch;
    head.n_rows = (uint32_t)options.header_search_rows;
    enum sluice_status status = list_reader_batch(reader, &head, &err);
    int64_t from = clock_system()->monotonic_us(clock_system());
    for (int round = 0; round < ROUNDS && status == SLUICE_OK; round++)
        status = list_reader_batch(reader, &batch, &err);
    int64_t us = clock_system()->monotonic_us(clock_system()) - from;
    const struct list_report *report = NULL;
    if (status == SLUICE_OK)
        status = list_reader_finish(reader, &report, &err);
    double rows = (double)ROWS * ROUNDS;
    if (status == SLUICE_OK)
        printf("{\"name\": \"ingest\", \"rows\": %.0f, \"items\": %llu, \"ns_per_row\": %.1f, \"header_us\": "
               "%lld}\n",
               rows, (unsigned long long)items, (double)us * 1000 / rows, (long long)(from - opened));
    list_reader_free(reader);
    return status == SLUICE_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
