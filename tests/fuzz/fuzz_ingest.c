/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a list: cells parted by tabs, rows by newlines; the first byte chooses options. Whatever
 * comes, each row is accounted for once, no price is below zero or beyond the range, and the first cell alone
 * is also read as a price.
 */
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "ingest/list.h"
#include "ingest/price.h"

#include <sluice/store_types.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 6, ROWS_MAX = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static enum sluice_status check_items(void *context, const struct sluice_item *items, size_t n,
                                      struct sluice_error *err)
{
    (void)err;
    *(uint64_t *)context += n;
    for (size_t i = 0; i < n; i++) {
        check(items[i].price >= 0 && items[i].price <= SLUICE_PRICE_MAX);
        check(items[i].sku.len > 0 && memchr(items[i].sku.ptr, '\0', items[i].sku.len) == NULL);
        check(utf8_valid_prefix(items[i].name.ptr, items[i].name.len) == items[i].name.len);
        check(items[i].characteristics.len >= 2 && items[i].characteristics.ptr[0] == '{');
    }
    return SLUICE_OK;
}

static enum sluice_status check_rejects(void *context, const struct sluice_reject *rejects, size_t n,
                                        struct sluice_error *err)
{
    (void)context;
    (void)err;
    for (size_t i = 0; i < n; i++)
        check(strlen(rejects[i].excerpt) <= 256 && rejects[i].code != NULL && rejects[i].address != NULL);
    return SLUICE_OK;
}

/* Rows of COLUMNS cells; what is left over in a row is dropped. Returns their number. */
static uint32_t cells_fill(const char *text, size_t size, struct sluice_cell (*cells)[COLUMNS])
{
    static const char *const header[COLUMNS] = {"sku", "name", "price", "currency", "color", "size"};
    uint32_t row = 1, column = 0;
    for (uint32_t i = 0; i < COLUMNS; i++)
        cells[0][i] = text_of(header[i]);
    size_t from = 0;
    for (size_t i = 0; i <= size && row < ROWS_MAX; i++) {
        if (i < size && text[i] != '\t' && text[i] != '\n')
            continue;
        if (column < COLUMNS)
            cells[row][column] = (struct sluice_cell){.ptr = text + from, .len = (uint32_t)(i - from)};
        column = i < size && text[i] == '\t' ? column + 1 : 0;
        row += column == 0;
        from = i + 1;
    }
    return row;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct ingest_options options = {.header_search_rows = 1 + data[0] % 4,
                                     .decimal.index = data[0] / 4 % 3,
                                     .stop_after_blank = data[0] / 16 % 3};
    const char *text = (const char *)data + 1;
    struct sluice_cell(*cells)[COLUMNS] = calloc(ROWS_MAX, sizeof *cells);
    uint64_t lines[ROWS_MAX];
    uint32_t flags[ROWS_MAX] = {0};
    uint64_t items = 0;
    uint32_t n = cells_fill(text, size - 1, cells);
    for (uint32_t i = 0; i < n; i++)
        lines[i] = i + 1;
    struct list_sink sink = {.context = &items, .items = check_items, .rejects = check_rejects};
    struct sluice_batch batch = {.struct_size = sizeof batch,
                                 .n_rows = n,
                                 .n_columns = COLUMNS,
                                 .cells = cells[0],
                                 .lines = lines,
                                 .row_flags = flags};
    struct list_reader *reader = NULL;
    struct sluice_error err;
    check(list_reader_new(&options, "fuzz", NULL, &sink, &reader, &err) == SLUICE_OK);
    enum sluice_status status = list_reader_batch(reader, &batch, &err);
    const struct list_report *report = NULL;
    if (status == SLUICE_OK || status == SLUICE_END)
        status = list_reader_finish(reader, &report, &err);
    if (status == SLUICE_OK)
        check(report->figures.rows_read == report->figures.skipped + report->figures.rejected + items);
    struct price price = {.value = 0};
    price_parse(cells[1][0], cells[1][1], DECIMAL_MARK_AUTO, &price);
    check(price.value >= 0 && price.value <= SLUICE_PRICE_MAX);
    list_reader_free(reader);
    free(cells);
    return 0;
}
