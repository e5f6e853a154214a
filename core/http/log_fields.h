/* SPDX-License-Identifier: Apache-2.0 */
/* How a log entry is shown: in the status and in the log itself. */
#ifndef HTTP_LOG_FIELDS_H
#define HTTP_LOG_FIELDS_H

#include "http/rows.h"

extern const struct row_field log_fields[];
extern const size_t log_field_count;

#endif
