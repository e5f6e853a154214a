/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of struct sluice_host. A plugin sees only the vtable, which is a member of what it belongs
 * to. */
#include "host/instance.h"

#include "host/fetch_run.h"
#include "host/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHO_SIZE = 128, LONGEST_SLEEP_MS = 86400000 };

struct served {
    struct instance instance;
    struct sluice_host host;
    const struct host_services *services;
    struct stop stop;
    struct fetch_client *client; /* made by the first fetch */
    void (*reject)(void *context, const struct sluice_source_reject *reject);
    void *reject_context;
    char who[WHO_SIZE];
};

static struct served *served_of(const struct sluice_host *host)
{
    return (struct served *)((uintptr_t)host - offsetof(struct served, host));
}

static struct served *served_of_instance(struct instance *instance)
{
    return (struct served *)((uintptr_t)instance - offsetof(struct served, instance));
}

static enum sluice_status host_fail(const struct sluice_host *host, struct sluice_error *err,
                                    enum sluice_status status, const char *format, ...)
{
    va_list args;
    (void)host;
    va_start(args, format);
    error_setv(err, status, format, args);
    va_end(args);
    return status;
}

static enum sluice_status host_retry(const struct sluice_host *host, struct sluice_error *err,
                                     int64_t delay_ms, const char *format, ...)
{
    va_list args;
    (void)host;
    va_start(args, format);
    error_setv(err, SLUICE_RETRY, format, args);
    va_end(args);
    if (err != NULL)
        err->retry_after_ms = delay_ms < 0 ? 0 : delay_ms;
    return SLUICE_RETRY;
}

static enum sluice_status host_quota(const struct sluice_host *host, struct sluice_error *err,
                                     int64_t delay_ms, const char *format, ...)
{
    va_list args;
    (void)host;
    va_start(args, format);
    error_setv(err, SLUICE_RETRY, format, args);
    va_end(args);
    if (err != NULL) {
        err->retry_after_ms = delay_ms < 0 ? 0 : delay_ms;
        err->quota = true;
    }
    return SLUICE_RETRY;
}

static void host_log(const struct sluice_host *host, enum sluice_level level, const char *format, ...)
{
    const struct served *served = served_of(host);
    va_list args;
    va_start(args, format);
    log_linev(served->services->log, level, served->who, format, args);
    va_end(args);
}

static void host_reject(const struct sluice_host *host, const struct sluice_source_reject *reject)
{
    const struct served *served = served_of(host);
    struct sluice_source_reject known = {0};
    if (served->reject == NULL)
        return;
    memcpy(&known, reject, reject->struct_size < sizeof known ? reject->struct_size : sizeof known);
    known.struct_size = sizeof known;
    served->reject(served->reject_context, &known);
}

static int64_t host_now_us(const struct sluice_host *host)
{
    const struct clock *clock = served_of(host)->services->clock;
    return clock->wall_us(clock);
}

static int64_t host_monotonic_us(const struct sluice_host *host)
{
    const struct clock *clock = served_of(host)->services->clock;
    return clock->monotonic_us(clock);
}

static void host_random(const struct sluice_host *host, void *bytes, size_t n)
{
    const struct random_source *random = served_of(host)->services->random;
    random->bytes(random, bytes, n);
}

static bool host_cancelled(const struct sluice_host *host)
{
    return cancel_requested(served_of(host)->stop.cancel);
}

static int host_cancel_fd(const struct sluice_host *host)
{
    return cancel_fd(served_of(host)->stop.cancel);
}

static enum sluice_status host_sleep(const struct sluice_host *host, struct sluice_error *err, int64_t ms)
{
    const struct served *served = served_of(host);
    return stop_sleep(&served->stop, ms < LONGEST_SLEEP_MS ? ms : LONGEST_SLEEP_MS, served->who, err);
}

static enum sluice_status host_fetch(const struct sluice_host *host,
                                     const struct sluice_fetch_request *request,
                                     const struct sluice_document **ret_document, struct sluice_error *err)
{
    struct served *served = served_of(host);
    struct fetch_context context = {
        .services = served->services, .stop = served->stop, .client = &served->client};
    struct sluice_fetch_request known = {0};
    memcpy(&known, request, request->struct_size < sizeof known ? request->struct_size : sizeof known);
    known.struct_size = sizeof known;
    return fetch_run(&context, &known, ret_document, err);
}

static int64_t host_memo_get(const struct sluice_host *host, const char *key, char *value, size_t size)
{
    const struct served *served = served_of(host);
    struct memo *memo = served->services->memo;
    return memo == NULL ? -1 : memo_get(memo, served->instance.plugin->name, key, value, size);
}

static void host_memo_put(const struct sluice_host *host, const char *key, const char *value, int64_t ttl_ms)
{
    const struct served *served = served_of(host);
    if (served->services->memo != NULL)
        memo_put(served->services->memo, served->instance.plugin->name, key, value, ttl_ms);
}

static const struct sluice_host host_template = {
    .struct_size = sizeof(struct sluice_host),
    .abi = SLUICE_ABI,
    .fail = host_fail,
    .retry = host_retry,
    .log = host_log,
    .reject = host_reject,
    .now_us = host_now_us,
    .monotonic_us = host_monotonic_us,
    .random = host_random,
    .cancelled = host_cancelled,
    .cancel_fd = host_cancel_fd,
    .sleep = host_sleep,
    .fetch = host_fetch,
    .memo_get = host_memo_get,
    .memo_put = host_memo_put,
    .quota = host_quota,
};

enum sluice_status instance_create(const struct host_services *services, const struct sluice_plugin *plugin,
                                   const void *options, const char *who, struct instance **ret_instance,
                                   struct sluice_error *err)
{
    struct served *served = calloc(1, sizeof *served);
    if (served == NULL)
        return error_no_memory(err);
    served->services = services;
    served->host = host_template;
    served->stop = (struct stop){.clock = services->clock, .cancel = services->cancel};
    served->instance.plugin = plugin;
    served->instance.host = &served->host;
    snprintf(served->who, sizeof served->who, "%s", who == NULL ? plugin->name : who);
    enum sluice_status status = plugin->create(&served->host, options, &served->instance.self, err);
    if (status != SLUICE_OK) {
        fetch_client_free(served->client);
        free(served);
        return status;
    }
    *ret_instance = &served->instance;
    return SLUICE_OK;
}

void instance_destroy(struct instance *instance)
{
    if (instance == NULL)
        return;
    struct served *served = served_of_instance(instance);
    instance->plugin->destroy(instance->self);
    fetch_client_free(served->client);
    free(served);
}

void instance_on_reject(struct instance *instance,
                        void (*reject)(void *context, const struct sluice_source_reject *reject),
                        void *context)
{
    struct served *served = served_of_instance(instance);
    served->reject = reject;
    served->reject_context = context;
}

void instance_deadline(struct instance *instance, int64_t monotonic_us)
{
    struct served *served = served_of_instance(instance);
    served->stop.deadline_us = monotonic_us;
    served->stop.deadline_name = "the deadline of its job";
}

void instance_cancel(struct instance *instance, struct cancel *cancel)
{
    struct served *served = served_of_instance(instance);
    served->stop.cancel = cancel != NULL ? cancel : served->services->cancel;
}
