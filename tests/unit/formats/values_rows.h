/* SPDX-License-Identifier: Apache-2.0 */
/* A `values` answer decoded to JSON. */
#ifndef TESTS_FORMATS_VALUES_ROWS_H
#define TESTS_FORMATS_VALUES_ROWS_H

#include "formats/rows.h"
#include "formats/values.h"

/* The text is copied to the end of its memory, so that reading past it is found. */
static inline struct decoded decode_values(const char *text, size_t size, struct values_options options)
{
    struct decoded decoded = decoded_new();
    struct values_reader *reader = NULL;
    _cleanup_free_ char *copy = malloc(size + 1);
    ck_assert_ptr_nonnull(copy);
    char *exact = size > 0 ? realloc(copy, size) : copy;
    copy = exact;
    memcpy(copy, text, size);
    options.reject = decoded_reject;
    options.reject_context = &decoded;
    decoded.status = values_open(copy, size, NULL, &options, &reader, &decoded.error);
    const struct sluice_batch *batch;
    while (decoded.status == SLUICE_OK) {
        decoded.status = values_next(reader, &batch, &decoded.error);
        if (decoded.status != SLUICE_OK)
            break;
        decoded_batch(&decoded, batch);
        batch->release(batch);
    }
    values_close(reader);
    return decoded;
}

#endif
