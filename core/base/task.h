/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks and the monitor they meet in: the engine's only way to run side by side and to wait. The system's
 * tasks are threads; a simulator may bring its own runtime that plays them one at a time on a virtual clock.
 */
#ifndef BASE_TASK_H
#define BASE_TASK_H

#include <stdbool.h>
#include <stdint.h>

struct task;
struct monitor;

struct task_runtime {
    /* NULL when no task can be made. */
    struct task *(*spawn)(const struct task_runtime *runtime, void (*run)(void *), void *argument);
    void (*join)(struct task *task); /* waits for its end and frees it */

    struct monitor *(*monitor_new)(const struct task_runtime *runtime); /* NULL without memory */
    void (*monitor_free)(struct monitor *monitor);
    void (*enter)(struct monitor *monitor);
    void (*leave)(struct monitor *monitor);
    /* Inside the monitor: leaves it, waits for a wake or until that many ms, enters it again. May wake early.
     */
    void (*wait)(struct monitor *monitor, int64_t timeout_ms);
    void (*wake_all)(struct monitor *monitor);
    void *context;
};

/* Threads; lives for ever. */
const struct task_runtime *task_system(void);

#endif
