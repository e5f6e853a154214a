/* SPDX-License-Identifier: Apache-2.0 */
/* How a job is shown: within its run, and in its supplier's history. */
#ifndef HTTP_JOB_FIELDS_H
#define HTTP_JOB_FIELDS_H

#include "http/rows.h"

extern const struct row_field job_fields[];
extern const size_t job_field_count;

#endif
