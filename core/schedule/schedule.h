/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the next sync is due, and what became of each time that was. A schedule is an interval or a cron
 * expression in a time zone; its nominal times ("ticks") are accounted for in the store: one row per time,
 * which ran, was skipped, missed or paused, whatever the number of workers and their clocks. What is due is
 * decided by the store's clock; a worker's own clock only decides when to look.
 *
 * Everything here is [run]: a schedule and a book belong to one thread at a time. Times are microseconds
 * since 1970 UTC.
 */
#ifndef SCHEDULE_SCHEDULE_H
#define SCHEDULE_SCHEDULE_H

#include "base/random.h"
#include "base/error.h"

#include <sluice/store.h>

#define SCHEDULE_NAME          "main"            /* the schedule of the configuration, in the store */
#define SCHEDULE_EVERY_DEFAULT INT64_C(28800000) /* ms: 8 h, when neither `every` nor `cron` is set */

enum schedule_overlap { SCHEDULE_OVERLAP_SKIP, SCHEDULE_OVERLAP_QUEUE_ONE };
enum schedule_catch_up { SCHEDULE_CATCH_UP_NONE, SCHEDULE_CATCH_UP_ONCE };

/* Section `schedule`. */
struct schedule_options {
    struct sluice_duration every;  /* 1s to 8784h, or 0: not set */
    const char *cron;              /* or NULL */
    const char *timezone;          /* IANA name; NULL: UTC */
    struct sluice_choice overlap;  /* enum schedule_overlap */
    struct sluice_choice catch_up; /* enum schedule_catch_up */
    bool run_on_start;
    struct sluice_duration jitter; /* whole seconds, up to 24h */
};
extern const struct sluice_option schedule_option_table[];
extern const size_t schedule_option_count;

/* ---- When (pure) ----------------------------------------------------------------------------------- */

struct schedule;

/* CONFIG when there is no such schedule; *ret_option is the option at fault then. The options are copied. */
enum sluice_status schedule_parse(const struct schedule_options *options, struct schedule **ret_schedule,
                                  const char **ret_option, struct sluice_error *err);
void schedule_free(struct schedule *schedule); /* accepts NULL */
static inline void schedule_freep(struct schedule **schedule)
{
    schedule_free(*schedule);
}

/* All that makes it this schedule and no other: "every 7h", "cron 0 6 * * *; Europe/Kyiv". This, the rule
 * without the zone and the zone live as long as the schedule. */
const char *schedule_definition(const struct schedule *schedule);
const char *schedule_rule(const struct schedule *schedule);
const char *schedule_timezone(const struct schedule *schedule);

/* What else the options say. */
struct schedule_rules {
    enum schedule_overlap overlap;
    enum schedule_catch_up catch_up;
    bool run_on_start;
    int64_t jitter_us;
};
struct schedule_rules schedule_rules(const struct schedule *schedule);

struct schedule_time {
    int64_t nominal_us;
    int64_t fire_us; /* the nominal time and its jitter; never past the following nominal time */
};

/* The first time whose nominal is later than `after_us`. Elapsed intervals are counted from the anchor, in
 * both directions; what follows the clock needs none. false beyond the year 9999. */
bool schedule_next(struct schedule *schedule, int64_t anchor_us, int64_t after_us,
                   struct schedule_time *ret_time);

/* The last midnight of the schedule's zone at or before that time. */
int64_t schedule_midnight(struct schedule *schedule, int64_t at_us);
/* RFC 3339 in the schedule's zone: "2026-03-29T04:00:00+03:00", "…Z" in UTC; fractions only when there are
 * any. */
#define SCHEDULE_TEXT_SIZE 40
void schedule_format(struct schedule *schedule, int64_t us, char ret_text[SCHEDULE_TEXT_SIZE]);

/* ---- The account in the store ---------------------------------------------------------------------- */

/* Where a schedule is accounted for. All of it outlives the calls. */
struct schedule_book {
    const struct sluice_store *calls;
    void *self; /* a store instance */
    const struct random_source *random; /* for the ids of runs */
};

/* What one look found and did. */
struct schedule_look {
    int64_t now_us;            /* the store's clock */
    int64_t anchor_us;         /* for schedule_next () from here on */
    struct schedule_time next; /* the next one that is not accounted for: next_scheduled_at is next.fire_us */
    int64_t wait_ms;           /* look again when that long has passed (monotonic), or earlier */
    bool paused;               /* next is without jitter, and nothing will run then */
    bool waiting;              /* queue-one: a time waits for the unfinished run's end; look then, too */
    bool ran;                  /* a run was queued: run_id; wake whoever is waiting for one */
    char run_id[SLUICE_ID_SIZE];     /* the run that was queued, or the one that overlapped, or "" */
    uint64_t skipped, missed, n_paused; /* nominal times that ended so in this look */
};

/*
 * Accounts for every nominal time that is due by the store's clock. Of several only the newest may run: when
 * it is less than five minutes late, waited for a run's end, or `catch_up` is once; the others are missed (or
 * paused, while it is). Any number of workers may look at once: each time gets one row and at most one run.
 *
 * OK, also when another worker accounted for it. Other statuses are the store's; look again later.
 */
enum sluice_status schedule_look(struct schedule *schedule, const struct schedule_book *book,
                                 struct schedule_look *ret_look, struct sluice_error *err);

/* The same for reading only: nothing is written, and a schedule that was never used counts from now. */
enum sluice_status schedule_peek(struct schedule *schedule, const struct schedule_book *book,
                                 struct schedule_look *ret_look, struct sluice_error *err);

/* For a process that begins to schedule: queues a run when `run_on_start` is set, the schedule is not paused
 * and no run is unfinished; ret_run_id is "" otherwise. Not a tick. */
enum sluice_status schedule_start(struct schedule *schedule, const struct schedule_book *book,
                                  char ret_run_id[SLUICE_ID_SIZE], struct sluice_error *err);

/* Both leave a row in the audit trail and survive restarts; times that fall due between them end as paused. `by`
 * is who asks, `from` where that came from, or NULL. Pausing again replaces the reason; resuming what is not
 * paused does nothing. */
enum sluice_status schedule_pause(struct schedule *schedule, const struct schedule_book *book,
                                  const char *reason, const char *by, const char *from,
                                  struct sluice_error *err);
enum sluice_status schedule_resume(struct schedule *schedule, const struct schedule_book *book, const char *by,
                                   const char *from, struct sluice_error *err);

#endif
