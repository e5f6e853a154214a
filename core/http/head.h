/* SPDX-License-Identifier: Apache-2.0 */
/* What a request's head may be: sizes, counts, and no room for two readings of where its body ends (RFC 9112
 * §6.3). Pure, so that it can be fuzzed. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEAD_LINE_MOST = 4096,   /* bytes of the request line */
    HEAD_BYTES_MOST = 16384, /* of all headers */
    HEAD_FIELDS_MOST = 64,
    BODY_MOST = 65536,
};

enum head_fault {
    HEAD_FINE,
    HEAD_LINE_TOO_LONG,
    HEAD_TOO_LARGE,
    HEAD_AMBIGUOUS, /* Transfer-Encoding, or a header twice that may stand once */
    HEAD_BODY_TOO_LARGE,
    HEAD_LENGTH_INVALID,
};

struct head {
    size_t n_fields, n_bytes;
    uint32_t seen; /* of the headers that may stand once */
    uint64_t body_size;
    enum head_fault fault; /* the first one */
};

/* `uri` as it came, with its query. */
void head_begin(struct head *head, const char *uri);
void head_take(struct head *head, const char *name, const char *value); /* value may be NULL */

#endif
