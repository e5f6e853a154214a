/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as one JSON array: the scope of a run, the examples of a hold. */
#ifndef STORES_TEXT_LIST_H
#define STORES_TEXT_LIST_H

#include "base/buffer.h"

/* Appends ["a","b"]; the buffer's `failed` says when there was no room. */
void text_list_json(struct buffer *buffer, const char *const *texts, size_t n);

#endif
