/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pool.h"

#include "base/log.h"

enum { IDLE_MS = 1000 };

struct pool_worker {
    struct pool *pool;
    struct task *task;
    struct desk desk;
    struct call *call; /* at work, or NULL */
    bool cancelled;    /* the desk has to be renewed */
};

struct pool {
    const struct http_setup *setup;
    const struct task_runtime *tasks;
    struct pool_duty duty;
    struct monitor *monitor; /* guards what follows and the stages of the calls */
    struct call *first, **last;
    size_t n_waiting;
    bool ending;
    unsigned n_workers;
    struct pool_worker workers[];
};

static int64_t now_us(const struct pool *pool)
{
    const struct clock *clock = pool->setup->services->clock;
    return clock->monotonic_us(clock);
}

/* Inside the monitor. */
static struct call *queue_take(struct pool *pool)
{
    struct call *call = pool->first;
    if (call == NULL)
        return NULL;
    pool->first = call->next;
    if (pool->first == NULL)
        pool->last = &pool->first;
    pool->n_waiting--;
    call->next = NULL;
    return call;
}

static struct call *await_call(struct pool_worker *worker)
{
    struct pool *pool = worker->pool;
    struct call *call = NULL;
    pool->tasks->enter(pool->monitor);
    while (!pool->ending && pool->first == NULL)
        pool->tasks->wait(pool->monitor, IDLE_MS);
    if (!pool->ending)
        call = queue_take(pool);
    if (call != NULL) {
        call->stage = CALL_RUNNING;
        worker->call = call;
    }
    pool->tasks->leave(pool->monitor);
    return call;
}

/* For a desk that was cancelled because of a former call. */
static void renew_desk(struct pool_worker *worker)
{
    struct pool *pool = worker->pool;
    struct sluice_error err;
    pool->tasks->enter(pool->monitor);
    if (worker->cancelled && desk_renew(&worker->desk, &err) == SLUICE_OK)
        worker->cancelled = false;
    pool->tasks->leave(pool->monitor);
}

static void work_on(struct pool_worker *worker, struct call *call)
{
    struct pool *pool = worker->pool;
    renew_desk(worker);
    pool->duty.work(call, &worker->desk);
    pool->tasks->enter(pool->monitor);
    worker->call = NULL;
    bool wanted = call->stage == CALL_RUNNING;
    if (wanted)
        call->stage = CALL_ANSWERED;
    pool->tasks->leave(pool->monitor);
    if (wanted)
        pool->duty.resume(call);
    call_drop(call);
}

static void worker_run(void *argument)
{
    struct pool_worker *worker = argument;
    for (struct call *call = await_call(worker); call != NULL; call = await_call(worker))
        work_on(worker, call);
}

static enum sluice_status start_worker(struct pool *pool, struct sluice_error *err)
{
    struct pool_worker *worker = &pool->workers[pool->n_workers];
    worker->pool = pool;
    enum sluice_status status = desk_open(&worker->desk, pool->setup, pool->duty.who, err);
    if (status != SLUICE_OK)
        return status;
    worker->task = pool->tasks->spawn(pool->tasks, worker_run, worker);
    if (worker->task == NULL) {
        desk_close(&worker->desk);
        return error_no_memory(err);
    }
    pool->n_workers++;
    return SLUICE_OK;
}

enum sluice_status pool_new(const struct http_setup *setup, const struct pool_duty *duty, unsigned n_workers,
                            struct pool **ret_pool, struct sluice_error *err)
{
    struct pool *pool = calloc(1, sizeof *pool + n_workers * sizeof pool->workers[0]);
    if (pool == NULL)
        return error_no_memory(err);
    pool->setup = setup;
    pool->tasks = setup->tasks;
    pool->duty = *duty;
    pool->last = &pool->first;
    pool->monitor = pool->tasks->monitor_new(pool->tasks);
    enum sluice_status status = pool->monitor == NULL ? error_no_memory(err) : SLUICE_OK;
    for (unsigned i = 0; i < n_workers && status == SLUICE_OK; i++)
        status = start_worker(pool, err);
    if (status != SLUICE_OK) {
        pool_free(pool);
        return status;
    }
    *ret_pool = pool;
    return SLUICE_OK;
}

/* Takes what is late out of the queue, as a list; `all`: everything. Inside the monitor. */
static struct call *queue_take_late(struct pool *pool, int64_t until_us)
{
    struct call *late = NULL, *kept = NULL, **kept_last = &kept;
    size_t n = 0;
    for (struct call *call = queue_take(pool); call != NULL; call = queue_take(pool)) {
        bool is_late = call->deadline_us <= until_us;
        if (is_late) {
            call->stage = CALL_ABANDONED;
            call->next = late;
            late = call;
            continue;
        }
        *kept_last = call;
        kept_last = &call->next;
        n++;
    }
    pool->first = kept;
    pool->last = kept == NULL ? &pool->first : kept_last;
    pool->n_waiting = n;
    return late;
}

/* Inside the monitor. The list gets a reference of each call that is abandoned while a worker has it. */
static void workers_take_late(struct pool *pool, int64_t until_us, struct call **late)
{
    for (unsigned i = 0; i < pool->n_workers; i++) {
        struct pool_worker *worker = &pool->workers[i];
        struct call *call = worker->call;
        if (call == NULL || call->stage != CALL_RUNNING || call->deadline_us > until_us)
            continue;
        call->stage = CALL_ABANDONED;
        call_hold(call);
        call->next = *late;
        *late = call;
        worker->cancelled = true;
        desk_cancel(&worker->desk);
    }
}

static void abandon(struct pool *pool, int64_t until_us)
{
    pool->tasks->enter(pool->monitor);
    struct call *late = queue_take_late(pool, until_us);
    workers_take_late(pool, until_us, &late);
    pool->tasks->leave(pool->monitor);
    while (late != NULL) {
        struct call *call = late;
        late = call->next;
        pool->duty.resume(call);
        call_drop(call);
    }
}

void pool_look(struct pool *pool)
{
    abandon(pool, now_us(pool));
}

void pool_stop(struct pool *pool)
{
    if (pool == NULL || pool->monitor == NULL)
        return;
    pool->tasks->enter(pool->monitor);
    pool->ending = true;
    pool->tasks->wake_all(pool->monitor);
    pool->tasks->leave(pool->monitor);
    abandon(pool, INT64_MAX);
    for (unsigned i = 0; i < pool->n_workers; i++) {
        pool->tasks->join(pool->workers[i].task);
        desk_close(&pool->workers[i].desk);
    }
    pool->n_workers = 0;
}

void pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    pool_stop(pool);
    pool->tasks->monitor_free(pool->monitor);
    free(pool);
}

void pool_submit(struct pool *pool, struct call *call, int64_t deadline_us)
{
    pool->tasks->enter(pool->monitor);
    bool taken = !pool->ending;
    call->deadline_us = deadline_us;
    call->stage = taken ? CALL_QUEUED : CALL_ABANDONED;
    call->next = NULL;
    if (taken) {
        call_hold(call);
        *pool->last = call;
        pool->last = &call->next;
        pool->n_waiting++;
        pool->tasks->wake_all(pool->monitor);
    }
    pool->tasks->leave(pool->monitor);
    if (!taken)
        pool->duty.resume(call);
}

enum call_stage pool_stage(struct pool *pool, const struct call *call)
{
    pool->tasks->enter(pool->monitor);
    enum call_stage stage = call->stage;
    pool->tasks->leave(pool->monitor);
    return stage;
}

size_t pool_waiting(struct pool *pool)
{
    pool->tasks->enter(pool->monitor);
    size_t n = pool->n_waiting;
    pool->tasks->leave(pool->monitor);
    return n;
}
