/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of what is to be told, and the task that tells it. */
#include "daemon/notify.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/notice.h"

#include <stdlib.h>
#include <string.h>

enum { QUEUE_LIMIT = 64 };

struct notifier {
    const struct sync_setup *setup;
    const struct notify_options *options;
    struct host_services services; /* the setup's, but with a cancel of its own */
    struct task *task;
    struct monitor *monitor; /* guards what follows */
    struct notice queue[QUEUE_LIMIT];
    size_t first, n;
    bool ending, ended;
};

/* ---- The queue ---- */

static void put(struct notifier *notifier, const struct notice *notice)
{
    const struct task_runtime *tasks = notifier->setup->tasks;
    tasks->enter(notifier->monitor);
    bool room = notifier->n < QUEUE_LIMIT;
    if (room)
        notifier->queue[(notifier->first + notifier->n++) % QUEUE_LIMIT] = *notice;
    tasks->wake_all(notifier->monitor);
    tasks->leave(notifier->monitor);
    if (!room)
        log_line(notifier->setup->services->log, SLUICE_WARNING, "notify",
                 "too much is to be told at once; this one is left out");
}

/* false: nothing is left and the notifier ends. */
static bool take(struct notifier *notifier, struct notice *ret_notice)
{
    const struct task_runtime *tasks = notifier->setup->tasks;
    tasks->enter(notifier->monitor);
    while (notifier->n == 0 && !notifier->ending)
        tasks->wait(notifier->monitor, INT32_MAX);
    bool taken = notifier->n > 0 && !cancel_requested(notifier->services.cancel);
    if (taken) {
        *ret_notice = notifier->queue[notifier->first];
        notifier->first = (notifier->first + 1) % QUEUE_LIMIT;
        notifier->n--;
    }
    tasks->leave(notifier->monitor);
    return taken;
}

void notifier_run_ended(struct notifier *notifier, const struct sync_report *report)
{
    struct notice notice = {
        .kind = NOTICE_RUN, .outcome = report->outcome, .throttled = report->throttled != 0};
    if (notifier == NULL)
        return;
    memcpy(notice.run_id, report->run_id, sizeof notice.run_id);
    memcpy(notice.message, report->message, sizeof notice.message);
    put(notifier, &notice);
}

void notifier_missed(struct notifier *notifier, const char *schedule, uint64_t n, int64_t next_us)
{
    const struct notice notice = {
        .kind = NOTICE_MISSED, .schedule = schedule, .missed = n, .next_us = next_us};
    if (notifier != NULL)
        put(notifier, &notice);
}

/* ---- The task ---- */

static void notifier_main(void *argument)
{
    struct notifier *notifier = argument;
    const struct task_runtime *tasks = notifier->setup->tasks;
    struct notice notice;
    while (take(notifier, &notice)) {
        struct sluice_error err = {0};
        if (notice_tell(&notifier->services, notifier->setup, notifier->options, &notice, &err) != SLUICE_OK)
            log_line(notifier->services.log, SLUICE_ERROR, "notify", "%s", err.message);
    }
    tasks->enter(notifier->monitor);
    notifier->ended = true;
    tasks->wake_all(notifier->monitor);
    tasks->leave(notifier->monitor);
}

static void notifier_free(struct notifier *notifier)
{
    if (notifier->monitor != NULL)
        notifier->setup->tasks->monitor_free(notifier->monitor);
    cancel_free(notifier->services.cancel);
    free(notifier);
}

enum sluice_status notifier_start(const struct sync_setup *setup, const struct notify_options *options,
                                  struct notifier **ret_notifier, struct sluice_error *err)
{
    if (options->webhook.text == NULL) {
        *ret_notifier = NULL;
        return SLUICE_OK;
    }
    struct notifier *notifier = calloc(1, sizeof *notifier);
    if (notifier == NULL)
        return error_no_memory(err);
    notifier->setup = setup;
    notifier->options = options;
    notifier->services = *setup->services;
    notifier->services.cancel = cancel_new();
    notifier->monitor = setup->tasks->monitor_new(setup->tasks);
    if (notifier->services.cancel != NULL && notifier->monitor != NULL)
        notifier->task = setup->tasks->spawn(setup->tasks, notifier_main, notifier);
    if (notifier->task == NULL) {
        notifier_free(notifier);
        return error_no_task(err);
    }
    *ret_notifier = notifier;
    return SLUICE_OK;
}

void notifier_stop(struct notifier *notifier, int64_t ms)
{
    if (notifier == NULL)
        return;
    const struct task_runtime *tasks = notifier->setup->tasks;
    const struct clock *clock = notifier->setup->services->clock;
    int64_t until_us = clock->monotonic_us(clock) + ms * US_PER_MS;
    tasks->enter(notifier->monitor);
    notifier->ending = true;
    tasks->wake_all(notifier->monitor);
    for (int64_t now = clock->monotonic_us(clock); !notifier->ended && now < until_us;
         now = clock->monotonic_us(clock))
        tasks->wait(notifier->monitor, (until_us - now + US_PER_MS - 1) / US_PER_MS);
    tasks->leave(notifier->monitor);
    cancel_request(notifier->services.cancel);
    tasks->join(notifier->task);
    notifier_free(notifier);
}

enum sluice_status notify_test(const struct sync_setup *setup, const struct notify_options *options,
                               struct sluice_error *err)
{
    const struct notice notice = {.kind = NOTICE_TEST};
    if (options->webhook.text == NULL)
        return error_set(err, SLUICE_CONFIG, "nobody is notified: notify.webhook is not set");
    return notice_tell(setup->services, setup, options, &notice, err);
}
