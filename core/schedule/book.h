/* SPDX-License-Identifier: Apache-2.0 */
/* What the store remembers of the schedule, from its first use on. */
#ifndef SCHEDULE_BOOK_H
#define SCHEDULE_BOOK_H

#include "schedule/schedule.h"

/* The second in which a schedule that is used first at that time begins. */
int64_t book_anchor(int64_t now_us);

/* What is kept; at first use it is begun now. Belongs to the store. */
enum sluice_status book_begin(const struct schedule_book *book, const struct schedule *schedule,
                              int64_t now_us, const struct sluice_schedule **ret_kept,
                              struct sluice_error *err);

#endif
