/* SPDX-License-Identifier: Apache-2.0 */
/* libxml2 never sees that something was cut out: what it gets is the document without some of its rows.
 * Cutting begins only where the last bytes that it got ended a row and it said so; then it is in no tag,
 * comment or section. */
#include "formats/xlsx/stream.h"

#include <string.h>

static const char row_end[] = "</row>";
enum { ROW_END_BYTES = sizeof row_end - 1 };

/* Gives libxml2 what there is up to the end of the next row, or all. */
static enum sluice_status other_feed(struct xlsx_stream *stream, const char *bytes, size_t n,
                                     size_t *ret_used, struct sluice_error *err)
{
    const char *end = memmem(bytes, n, row_end, ROW_END_BYTES);
    size_t used = end == NULL ? n : (size_t)(end - bytes) + ROW_END_BYTES;
    uint64_t rows = stream->sheet->n_rows;
    enum sluice_status status = xlsx_xml_feed(stream->xml, bytes, used, err);
    stream->is_between = end != NULL && stream->sheet->n_rows > rows && stream->sheet->in_data &&
                         !stream->sheet->in_row && xlsx_xml_is_utf8(stream->xml);
    *ret_used = used;
    return status;
}

/* As many rows as are complete; the rest waits. */
static enum sluice_status bytes_read(struct xlsx_stream *stream, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    size_t at = 0, used = 0;
    while (at < stream->n && status == SLUICE_OK) {
        const char *bytes = stream->bytes + at;
        size_t left = stream->n - at;
        enum plain_result result = stream->is_between
                                       ? xlsx_plain_row(&stream->row, stream->sheet, bytes, left, &used)
                                       : PLAIN_OTHER;
        if (result == PLAIN_CUT && left <= XLSX_KEPT_BYTES)
            break;
        if (result == PLAIN_ROW)
            status = xlsx_xml_status(stream->xml, err);
        else
            status = other_feed(stream, bytes, left, &used, err);
        at += used;
    }
    stream->n -= at;
    memmove(stream->bytes, stream->bytes + at, stream->n);
    return status;
}

static enum sluice_status stream_end(struct xlsx_stream *stream, struct sluice_error *err)
{
    enum sluice_status status = xlsx_xml_feed(stream->xml, stream->bytes, stream->n, err);
    if (status == SLUICE_OK)
        status = xlsx_xml_finish(stream->xml, err);
    return status == SLUICE_OK ? SLUICE_END : status;
}

enum sluice_status xlsx_stream_step(struct xlsx_stream *stream, struct sluice_error *err)
{
    size_t n = 0;
    enum sluice_status status = xlsx_xml_read(stream->xml, stream->bytes + stream->n, &n, err);
    if (status == SLUICE_END)
        return stream_end(stream, err);
    if (status != SLUICE_OK)
        return status;
    stream->n += n;
    return bytes_read(stream, err);
}

enum sluice_status xlsx_stream_feed(struct xlsx_stream *stream, const char *bytes, size_t n,
                                    struct sluice_error *err)
{
    if (n == 0)
        return stream_end(stream, err);
    memcpy(stream->bytes + stream->n, bytes, n);
    stream->n += n;
    return bytes_read(stream, err);
}

void xlsx_stream_free(struct xlsx_stream *stream)
{
    xlsx_plain_free(&stream->row);
}
