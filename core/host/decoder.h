/* SPDX-License-Identifier: Apache-2.0 */
/* Content decoding (RFC 9110 §8.4.1.3, gzip) as bytes arrive. Unlike curl's own it knows at the end whether
 * the stream was whole: a list that a proxy cut and framed anew is not taken for the list. */
#ifndef HOST_DECODER_H
#define HOST_DECODER_H

#include "base/error.h"

#include <zlib.h>

/* What Accept-Encoding offers. */
#define DECODER_CODINGS "gzip"

enum decoder_state {
    DECODER_IDENTITY, /* bytes pass as they are */
    DECODER_INSIDE,   /* of a gzip member */
    DECODER_BETWEEN,  /* a member was whole; another may follow */
};

struct decoder {
    enum decoder_state state;
    z_stream stream;
};

/* `coding`: the Content-Encoding, or NULL. DATA when it is another than what was offered; `what` opens the
 * message. */
enum sluice_status decoder_begin(struct decoder *decoder, const char *coding, const char *what,
                                 struct sluice_error *err);

/* Hands decoded pieces to `sink`, which ends the work by another status than OK. */
enum sluice_status decoder_feed(struct decoder *decoder, const char *bytes, size_t n,
                                enum sluice_status (*sink)(void *context, const char *bytes, size_t n),
                                void *context, const char *what, struct sluice_error *err);

/* OK, or RETRY when the stream was cut. */
enum sluice_status decoder_finish(const struct decoder *decoder, const char *what, struct sluice_error *err);
void decoder_free(struct decoder *decoder); /* accepts a zeroed one */

#endif
