/* SPDX-License-Identifier: Apache-2.0 */
/* A reject as a row of parsing_logs: what has no column of its own there becomes row_data. */
#ifndef STORES_REJECT_H
#define STORES_REJECT_H

#include "base/buffer.h"

#include <sluice/store_types.h>

/* {"column": 3, "field": "price", "address": "a.csv:17:3", "raw": "…"}; replaces the buffer's content. */
void reject_json(const struct sluice_reject *reject, struct buffer *buffer);

#endif
