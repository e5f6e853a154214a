/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a tab on their way to its rows: plain rows are read as they are, all else goes through libxml2. */
#ifndef FORMATS_XLSX_STREAM_H
#define FORMATS_XLSX_STREAM_H

#include "formats/xlsx/plain.h"

enum { XLSX_KEPT_BYTES = 64 << 10 }; /* a row that is longer than this and not complete goes to libxml2 */

struct xlsx_stream {
    struct xlsx_xml *xml; /* whoever opens it, with xlsx_sheet_events and the sheet */
    struct xlsx_sheet *sheet;
    struct plain_row row;
    bool is_between; /* the last that libxml2 got was the end of a row, and it has seen it */
    size_t n;        /* bytes that wait */
    char bytes[XLSX_KEPT_BYTES + XLSX_PIECE_BYTES];
};

/* Inflates and reads one piece: OK, END after the last one, or an error. */
enum sluice_status xlsx_stream_step(struct xlsx_stream *stream, struct sluice_error *err);
/* The same for bytes from elsewhere, at most XLSX_PIECE_BYTES at a time; none are the end, which answers END. */
enum sluice_status xlsx_stream_feed(struct xlsx_stream *stream, const char *bytes, size_t n,
                                    struct sluice_error *err);
void xlsx_stream_free(struct xlsx_stream *stream);

#endif
