/* SPDX-License-Identifier: Apache-2.0 */
/* The names of characteristics: the headers of their columns. */
#ifndef INGEST_COLUMN_KEYS_H
#define INGEST_COLUMN_KEYS_H

#include "ingest/mapping.h"

/* Gives every column with a header its key, mapped ones too, so that a duplicate of these is found. The first of a name
 * keeps it, a further one carries its cell and a notice. False without memory. */
bool column_keys_make(struct mapping *mapping);

#endif
