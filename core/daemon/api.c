/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part that answers over HTTP. Where another process of this machine serves the same address already, it
 * waits until that one is gone and takes its place.
 */
#include "daemon/part_task.h"

#include "base/log.h"
#include "http/http.h"

#include <stdio.h>
#include <stdlib.h>

#define PATIENCE_MS 60000
#define LOOK_MS     1000

struct api {
    const struct daemon_floor *floor;
    struct http_setup setup;
    struct http_server *server; /* NULL: the address is taken */
    struct part_ailment ailment;
    struct task *task;
};

/* The link is for whoever started the process: it goes to standard output, never into the log. */
static void tell(const struct api *self)
{
    const char *link = http_server_login_link(self->server);
    log_line(self->setup.services->log, SLUICE_INFO, "http", "the API and the panel are at %s",
             http_server_address(self->server));
    if (link == NULL || !self->floor->first)
        return;
    printf("Panel     %s\n", link);
    fflush(stdout);
}

static enum sluice_status serve(struct api *self, struct sluice_error *err)
{
    if (self->server != NULL)
        return SLUICE_OK;
    enum sluice_status status = http_server_start(&self->setup, &self->server, err);
    if (status == SLUICE_OK)
        tell(self);
    return status;
}

static void api_main(void *argument)
{
    struct api *self = argument;
    const struct daemon_floor *floor = self->floor;
    while (!floor->once && !part_leaving(floor)) {
        struct sluice_error err = {0};
        pulse_beat(floor->pulse);
        if (serve(self, &err) == SLUICE_OK) {
            part_is_well(floor, &self->ailment);
            part_pause(floor, LOOK_MS);
        } else {
            part_ails(floor, &self->ailment, &err);
        }
    }
    http_server_stop(self->server);
    floor->ended(floor->context);
}

/* An address that is taken is waited for; anything else that is wrong ends the start. */
static enum sluice_status try_once(struct api *self, struct sluice_error *err)
{
    if (self->floor->once)
        return SLUICE_OK;
    enum sluice_status status = serve(self, err);
    return status == SLUICE_BUSY ? SLUICE_OK : status;
}

static enum sluice_status api_start(const struct daemon_floor *floor, void **ret_self,
                                    struct sluice_error *err)
{
    const struct daemon_house *house = floor->house;
    const struct task_runtime *tasks = house->sync->tasks;
    struct api *self = calloc(1, sizeof *self);
    if (self == NULL)
        return error_no_memory(err);
    self->floor = floor;
    self->ailment.who = "http";
    self->setup = *house->http;
    floor->pulse->patience_ms = PATIENCE_MS;
    enum sluice_status status = try_once(self, err);
    if (status == SLUICE_OK)
        self->task = tasks->spawn(tasks, api_main, self);
    if (status == SLUICE_OK && self->task == NULL)
        status = error_no_task(err);
    if (status != SLUICE_OK) {
        http_server_stop(self->server);
        free(self);
        return status;
    }
    *ret_self = self;
    return SLUICE_OK;
}

static void api_stop(void *argument)
{
    struct api *self = argument;
    self->floor->house->sync->tasks->join(self->task);
    free(self);
}

const struct daemon_part api_part = {
    .name = "api",
    .role = DAEMON_API,
    .start = api_start,
    .stop = api_stop,
};
