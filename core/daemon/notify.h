/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells people, by a webhook, what they have to know: a run that failed, one that was held, that it is well
 * again, times that were missed. A task of its own asks the store what there is to tell and posts it; nobody
 * waits for it. A server that only asked for patience (429) is nobody's business.
 */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include "sync/sync.h"

/* Section `notify`. */
struct notify_options {
    struct sluice_secret webhook; /* its address; none: nobody is told */
    struct sluice_list on;        /* failed, held, recovered, missed; all by default */
};
extern const struct sluice_option notify_option_table[];
extern const size_t notify_option_count;

/* CONFIG when `on` names something else. */
enum sluice_status notify_options_check(const struct notify_options *options, struct sluice_error *err);

struct notifier;

/* *ret_notifier is NULL, which every call accepts, when no webhook is set. Setup and options outlive it. */
enum sluice_status notifier_start(const struct sync_setup *setup, const struct notify_options *options,
                                  struct notifier **ret_notifier, struct sluice_error *err);
/* Gives what is still to be told at most `ms`, then frees it. */
void notifier_stop(struct notifier *notifier, int64_t ms);

/* Neither waits. When more is to be told than is remembered, the newest is dropped with a warning. [any] */
void notifier_run_ended(struct notifier *notifier, const struct sync_report *report);
void notifier_missed(struct notifier *notifier, const char *schedule, uint64_t n, int64_t next_us);

/* `sluice notify test`: posts one and says how it went. CONFIG when no webhook is set. */
enum sluice_status notify_test(const struct sync_setup *setup, const struct notify_options *options,
                               struct sluice_error *err);

#endif
