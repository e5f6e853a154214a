/* SPDX-License-Identifier: Apache-2.0 */
/*
 * COPY in PostgreSQL's binary format (manual, "COPY", "Binary Format"): rows into a buffer, buffers to the server and
 * rows from it. Binary needs no escaping, and a price is written as PostgreSQL keeps it: its digits are of base 10,000,
 * like our ten-thousandths.
 */
#ifndef STORE_PG_COPY_H
#define STORE_PG_COPY_H

#include "base/buffer.h"
#include "connection.h"

/* A buffer of rows: begin it, then each row's fields in their order. */
void rows_begin(struct buffer *rows); /* clears it and writes the header */
bool rows_are_none(const struct buffer *rows);
void row_begin(struct buffer *rows, uint16_t n_fields);
void row_null(struct buffer *rows);
void row_bytes(struct buffer *rows, const void *bytes, uint32_t n); /* text, uuid */
void row_int8(struct buffer *rows, int64_t value);
void row_bool(struct buffer *rows, int value);
void row_price(struct buffer *rows, int64_t ten_thousandths); /* numeric */
void row_json(struct buffer *rows, struct sluice_cell json);  /* jsonb */
void row_time(struct buffer *rows, int64_t us);               /* timestamptz, from microseconds since 1970 */

/* Sends the buffer's rows by `sql`, a COPY … FROM STDIN (FORMAT binary), and clears it. */
enum sluice_status copy_in(struct store *store, const char *sql, struct buffer *rows, struct sluice_error *err);

/* One row of a COPY … TO STDOUT (FORMAT binary). */
struct copied {
    const uint8_t *at, *end;
};
/* The next field; ptr NULL for NULL. */
struct sluice_cell copied_field(struct copied *row);
/* For a row that is none of ours. */
enum sluice_status copy_unknown(struct store *store, struct sluice_error *err);
/* Calls take () for each row; anything but OK stops and is the answer. */
enum sluice_status copy_out(struct store *store, const char *sql,
                            enum sluice_status (*take)(void *context, struct copied *row, struct sluice_error *err),
                            void *context, struct sluice_error *err);

#endif
