/* SPDX-License-Identifier: Apache-2.0 */
/* The XML of a tab read in two ways, by libxml2 alone and with plain rows cut out: both must give the same. */
#ifndef TESTS_FUZZ_SHEET_WAYS_H
#define TESTS_FUZZ_SHEET_WAYS_H

#include "base/error.h"
#include "formats/xlsx/stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum way { WAY_LIBXML2, WAY_PLAIN };

struct way_result {
    bool failed;
    uint64_t rows, rejects;
    uint64_t hash;          /* of every line, flag, cell and raw number */
    uint64_t rejected_lines; /* a hash, too */
    struct sluice_error error;
};

static inline void way_hash(struct way_result *result, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        result->hash = (result->hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
}

static inline void way_hash_cell(struct way_result *result, const struct sluice_cell *cell)
{
    way_hash(result, &cell->len, sizeof cell->len);
    way_hash(result, &(char){cell->ptr != NULL}, 1);
    way_hash(result, cell->ptr, cell->len);
}

static inline void way_reject(void *context, const struct sluice_source_reject *reject)
{
    struct way_result *result = context;
    result->rejects++;
    result->rejected_lines = result->rejected_lines * 31 + reject->line;
}

/* Rows are hashed cell by cell without the padding behind each, so that other batches give the same. */
static inline bool way_rows(struct xlsx_rows *rows, const struct xlsx_layout *layout, struct way_result *result)
{
    const struct sluice_batch *batch = NULL;
    enum sluice_status status = xlsx_rows_give(rows, layout, &batch, &result->error);
    for (; status == SLUICE_OK; status = xlsx_rows_give(rows, layout, &batch, &result->error)) {
        for (uint32_t row = 0; row < batch->n_rows; row++) {
            way_hash(result, &batch->lines[row], sizeof batch->lines[row]);
            way_hash(result, &batch->row_flags[row], sizeof batch->row_flags[row]);
            for (uint32_t i = 0; i < batch->n_columns; i++) {
                size_t at = (size_t)row * batch->n_columns + i;
                if (batch->cells[at].ptr == NULL)
                    continue;
                way_hash(result, &i, sizeof i);
                way_hash_cell(result, &batch->cells[at]);
                way_hash_cell(result, &batch->raw[at]);
            }
        }
        result->rows += batch->n_rows;
        batch->release(batch);
    }
    return status == SLUICE_END;
}

static inline struct way_result way_read(enum way way, const char *xml, size_t n, size_t piece)
{
    struct way_result result = {.hash = UINT64_C(14695981039346656037)};
    struct sluice_cell shared[2] = {{.ptr = "first", .len = 5}, {.ptr = "", .len = XLSX_STRING_TOO_LONG}};
    const struct xlsx_strings strings = {.items = shared, .n = 2};
    const struct xlsx_styles styles = {.n = 0};
    const struct xlsx_options options = {
        .limits = {.cells = 200000, .grid_cells = 4000000, .text_bytes = 64 << 20, .field_bytes = 4096, .record_bytes = 65536},
        .reject = way_reject,
        .context = &result};
    const struct xlsx_sheet_book book = {.options = &options, .strings = &strings, .styles = &styles, .title = "fuzz"};
    struct xlsx_layout layout = {.pool = batch_pool_new(BATCH_CELLS), .text = batch_text_of(NULL), .limits = &options.limits};
    struct xlsx_sheet sheet;
    struct xlsx_stream *stream = calloc(1, sizeof *stream);
    xlsx_sheet_begin(&sheet, &book);
    stream->sheet = &sheet;
    enum sluice_status status =
        xlsx_xml_open_bytes("fuzz.xml", &xlsx_sheet_events, &sheet, &stream->xml, &result.error);
    sheet.xml = stream->xml;
    for (size_t at = 0; at < n && status == SLUICE_OK && !result.failed; at += piece) {
        size_t left = n - at < piece ? n - at : piece;
        status = way == WAY_PLAIN ? xlsx_stream_feed(stream, xml + at, left, &result.error)
                                  : xlsx_xml_feed(stream->xml, xml + at, left, &result.error);
        result.failed = !way_rows(&sheet.rows, &layout, &result);
    }
    if (status == SLUICE_OK)
        status = way == WAY_PLAIN ? xlsx_stream_feed(stream, NULL, 0, &result.error)
                                  : xlsx_xml_finish(stream->xml, &result.error);
    result.failed |= (status != SLUICE_OK && status != SLUICE_END) || !way_rows(&sheet.rows, &layout, &result);
    xlsx_xml_close(stream->xml);
    xlsx_stream_free(stream);
    free(stream);
    xlsx_sheet_free(&sheet);
    batch_text_release(layout.text);
    batch_pool_release(layout.pool);
    return result;
}

/* Both failed, or both gave the same. */
static inline bool ways_agree(const struct way_result *a, const struct way_result *b)
{
    if (a->failed || b->failed)
        return a->failed == b->failed;
    return a->rows == b->rows && a->rejects == b->rejects && a->rejected_lines == b->rejected_lines && a->hash == b->hash;
}

#endif
