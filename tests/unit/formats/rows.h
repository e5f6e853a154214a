/* SPDX-License-Identifier: Apache-2.0 */
/* Lists decoded to JSON, so that a test says what it expects as JSON and shows both on failure. */
#ifndef TESTS_FORMATS_ROWS_H
#define TESTS_FORMATS_ROWS_H

#include "check_main.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "formats/csv.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct decoded {
    enum sluice_status status; /* END, or the error's */
    struct sluice_error error;
    char encoding[64];
    char delimiter;
    json_t *rows;    /* [[cell or null, …], …] without the padding behind a row's last cell */
    json_t *lines;   /* [n, …] */
    json_t *blank;   /* [line, …] */
    json_t *hidden;  /* [line, …] */
    json_t *covered; /* [[line, column], …] */
    json_t *rejects; /* [[line, code], …] */
    json_t *columns; /* of the rejects */
    uint64_t batches;
};

static inline void decoded_free(struct decoded *decoded)
{
    json_decref(decoded->rows);
    json_decref(decoded->lines);
    json_decref(decoded->blank);
    json_decref(decoded->hidden);
    json_decref(decoded->covered);
    json_decref(decoded->rejects);
    json_decref(decoded->columns);
}

static inline struct decoded decoded_new(void)
{
    return (struct decoded){.rows = json_array(),
                            .lines = json_array(),
                            .blank = json_array(),
                            .hidden = json_array(),
                            .covered = json_array(),
                            .rejects = json_array(),
                            .columns = json_array()};
}

static inline void decoded_reject(void *context, const struct sluice_source_reject *reject)
{
    struct decoded *decoded = context;
    json_array_append_new(decoded->rejects, json_pack("[I, s]", (json_int_t)reject->line, reject->code));
    json_array_append_new(decoded->columns, json_integer(reject->column));
    ck_assert_ptr_nonnull(reject->message);
    ck_assert_ptr_nonnull(reject->excerpt.ptr);
}

static inline void decoded_batch(struct decoded *decoded, const struct sluice_batch *batch)
{
    ck_assert_uint_gt(batch->n_rows, 0);
    ck_assert_uint_gt(batch->n_columns, 0);
    for (uint32_t row = 0; row < batch->n_rows; row++) {
        const struct sluice_cell *cells = batch->cells + (size_t)row * batch->n_columns;
        json_t *values = json_array();
        const json_int_t line = (json_int_t)batch->lines[row];
        uint32_t n = batch->n_columns;
        while (n > 0 && cells[n - 1].ptr == NULL)
            n--;
        for (uint32_t i = 0; i < n; i++) {
            json_array_append_new(values, cells[i].ptr == NULL ? json_null()
                                                               : json_stringn(cells[i].ptr, cells[i].len));
            if ((cells[i].flags & SLUICE_CELL_COVERED) != 0)
                json_array_append_new(decoded->covered, json_pack("[I, i]", line, (int)i + 1));
        }
        json_array_append_new(decoded->rows, values);
        json_array_append_new(decoded->lines, json_integer(line));
        if ((batch->row_flags[row] & SLUICE_ROW_BLANK) != 0)
            json_array_append_new(decoded->blank, json_integer(line));
        if ((batch->row_flags[row] & SLUICE_ROW_HIDDEN) != 0)
            json_array_append_new(decoded->hidden, json_integer(line));
    }
    decoded->batches++;
}

/* Reads all with `options`, whose reject callback is set here. */
static inline struct decoded decode_bytes(const char *data, size_t size, struct csv_options options)
{
    struct decoded decoded = decoded_new();
    options.reject = decoded_reject;
    options.reject_context = &decoded;
    struct csv_reader *reader = NULL;
    decoded.status = csv_open(data, size, NULL, &options, &reader, &decoded.error);
    if (decoded.status != SLUICE_OK)
        return decoded;
    snprintf(decoded.encoding, sizeof decoded.encoding, "%s", csv_encoding(reader));
    decoded.delimiter = csv_delimiter(reader);
    const struct sluice_batch *batch;
    for (;;) {
        decoded.status = csv_next(reader, &batch, &decoded.error);
        if (decoded.status != SLUICE_OK)
            break;
        decoded_batch(&decoded, batch);
        batch->release(batch);
    }
    csv_close(reader);
    return decoded;
}

static inline struct decoded decode(const char *text)
{
    return decode_bytes(text, strlen(text), (struct csv_options){0});
}

/* Fails with both values unless `value` is the JSON text. */
static inline void expect_json(const char *input, const char *what, const json_t *value, const char *expected)
{
    json_t *wanted = json_loads(expected, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    ck_assert_msg(wanted != NULL, "the test's own JSON is wrong: %s", expected);
    _cleanup_free_ char *got = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    int equal = json_equal(value, wanted);
    json_decref(wanted);
    ck_assert_msg(equal, "%s of <%s>\n  are      %s\n  expected %s", what, input, got, expected);
}

/* The rows of `input`, with everything detected, and nothing rejected. */
static inline void expect_rows(const char *input, const char *rows)
{
    _cleanup_(decoded_free) struct decoded decoded = decode(input);
    ck_assert_msg(decoded.status == SLUICE_END, "<%s>: %s", input, decoded.error.message);
    expect_json(input, "rows", decoded.rows, rows);
    expect_json(input, "rejects", decoded.rejects, "[]");
}

/* Rows, and rejects as [[line, code], …]. */
static inline void expect_rows_and_rejects(const char *input, const char *rows, const char *rejects)
{
    _cleanup_(decoded_free) struct decoded decoded = decode(input);
    ck_assert_msg(decoded.status == SLUICE_END, "<%s>: %s", input, decoded.error.message);
    expect_json(input, "rows", decoded.rows, rows);
    expect_json(input, "rejects", decoded.rejects, rejects);
}

#endif
