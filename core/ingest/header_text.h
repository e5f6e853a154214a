/* SPDX-License-Identifier: Apache-2.0 */
/* The text of each column's header when a header has one or several rows, some of whose cells are merged. */
#ifndef INGEST_HEADER_TEXT_H
#define INGEST_HEADER_TEXT_H

#include "base/buffer.h"
#include "ingest/mapping.h"

/*
 * Appends the column's texts from top to bottom, joined by a space. A cell that is blank above a filled one
 * takes the text of its left neighbour when that one also has a text below: they were one merged cell.
 */
void header_text(const struct mapping_request *request, uint32_t column, struct buffer *buffer);

#endif
