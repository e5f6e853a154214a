/* SPDX-License-Identifier: Apache-2.0 */
#include "host/decoder.h"

#include <strings.h>

enum {
    GZIP_WINDOW = 15 + 16,
    PIECE_SIZE = 64 * 1024
}; /* inflateInit2 (): the largest window, gzip's header */

enum sluice_status decoder_begin(struct decoder *decoder, const char *coding, const char *what,
                                 struct sluice_error *err)
{
    if (coding == NULL || coding[0] == '\0' || strcasecmp(coding, "identity") == 0)
        return SLUICE_OK;
    if (strcasecmp(coding, "gzip") != 0 && strcasecmp(coding, "x-gzip") != 0)
        return error_set(err, SLUICE_DATA, "%s: the body is encoded as '%.32s', which was not offered", what,
                         coding);
    if (inflateInit2(&decoder->stream, GZIP_WINDOW) != Z_OK)
        return error_no_memory(err);
    decoder->state = DECODER_INSIDE;
    return SLUICE_OK;
}

/* Decodes into one piece. */
static enum sluice_status piece_decode(struct decoder *decoder, unsigned char *piece, size_t *ret_n,
                                       const char *what, struct sluice_error *err)
{
    z_stream *stream = &decoder->stream;
    if (decoder->state == DECODER_BETWEEN)
        inflateReset(stream);
    decoder->state = DECODER_INSIDE;
    stream->next_out = piece;
    stream->avail_out = PIECE_SIZE;
    int result = inflate(stream, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR)
        return error_no_memory(err);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return error_set(err, SLUICE_DATA, "%s: the compressed body is damaged", what);
    if (result == Z_STREAM_END)
        decoder->state = DECODER_BETWEEN;
    *ret_n = PIECE_SIZE - stream->avail_out;
    return SLUICE_OK;
}

enum sluice_status decoder_feed(struct decoder *decoder, const char *bytes, size_t n,
                                enum sluice_status (*sink)(void *context, const char *bytes, size_t n),
                                void *context, const char *what, struct sluice_error *err)
{
    unsigned char piece[PIECE_SIZE];
    size_t made = 0;
    if (decoder->state == DECODER_IDENTITY)
        return sink(context, bytes, n);
    decoder->stream.next_in = (z_const Bytef *)(uintptr_t)bytes;
    decoder->stream.avail_in = (uInt)n;
    /* A full piece may have left more inside of a member. */
    while (decoder->stream.avail_in > 0 || (made == PIECE_SIZE && decoder->state == DECODER_INSIDE)) {
        enum sluice_status status = piece_decode(decoder, piece, &made, what, err);
        if (status == SLUICE_OK && made > 0)
            status = sink(context, (const char *)piece, made);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

enum sluice_status decoder_finish(const struct decoder *decoder, const char *what, struct sluice_error *err)
{
    if (decoder->state == DECODER_INSIDE)
        return error_set(err, SLUICE_RETRY, "%s: the compressed body ended before it was whole", what);
    return SLUICE_OK;
}

void decoder_free(struct decoder *decoder)
{
    if (decoder->state != DECODER_IDENTITY)
        inflateEnd(&decoder->stream);
    decoder->state = DECODER_IDENTITY;
}
