/* SPDX-License-Identifier: Apache-2.0 */
/* The configured schedule and its account in the store, as the schedule verbs see them. */
#ifndef CLI_SCHEDULE_PLACE_H
#define CLI_SCHEDULE_PLACE_H

#include "cli/store_reader.h"

struct schedule_place {
    struct composition composition;
    struct store_reader reader;
    struct schedule_book book;
    struct schedule *schedule; /* the composition's */
};

/* Says what is wrong and answers its code, or EXIT_DONE. Without a store yet that is an error. */
enum exit_code schedule_place_open(const struct invocation *invocation, struct schedule_place *ret_place);
/* The same, where a store that is not there yet leaves the book empty. */
enum exit_code schedule_place_try(const struct invocation *invocation, struct schedule_place *ret_place);
void schedule_place_close(struct schedule_place *place); /* [cleanup] accepts a zeroed one */

/* What comes next; without a store as if the schedule was used first now. */
enum sluice_status schedule_place_peek(const struct schedule_place *place, struct schedule_look *ret_look,
                                       struct sluice_error *err);

/* A row of the account. */
struct tick_row {
    int64_t nominal_us; /* the first one that it stands for */
    char state[16];
    char run_id[SLUICE_ID_SIZE]; /* or "" */
    uint64_t count;
};

/* The newest row whose nominal time is not later than that; END when there is none. */
enum sluice_status schedule_place_tick(const struct schedule_place *place, int64_t at_us,
                                       struct tick_row *ret_row, struct sluice_error *err);

#endif
