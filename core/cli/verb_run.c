/* SPDX-License-Identifier: Apache-2.0 */
/* run: the daemon, and how it reads its configuration. */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/compose.h"
#include "cli/http_section.h"
#include "cli/schedule_section.h"
#include "daemon/daemon.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS_MAX = 64 };

/* By default each thread's memory comes from a heap of its own, and every heap keeps the most it ever held.
 */
enum { HEAPS = 2 };

/* What all configurations of the process share. */
struct run_command {
    const struct invocation *invocation;
    struct log_repeats *repeats;
    int64_t workers; /* 0: as configured */
};

/* One configuration and what points into it. */
struct run_house {
    struct composition composition;
    struct sync_setup setup;
    struct sync_options sync;
    struct schedule_options schedule;
    struct daemon_options daemon;
    struct retention_options retention;
    struct notify_options notify;
    struct http_section section;
    struct http_setup http;
    struct daemon_house house;
};

/* ---- One configuration ---- */

static enum sluice_status fill(struct run_house *house, struct sluice_error *err)
{
    struct config *config = house->composition.config;
    const struct {
        const char *section;
        const struct sluice_option *options;
        size_t n;
        void *to;
    } tables[] = {
        {"schedule", schedule_option_table, schedule_option_count, &house->schedule},
        {"daemon", daemon_option_table, daemon_option_count, &house->daemon},
        {"retention", retention_option_table, retention_option_count, &house->retention},
        {"notify", notify_option_table, notify_option_count, &house->notify},
    };
    enum sluice_status status = SLUICE_OK;
    for (size_t i = 0; i < ELEMENTS(tables) && status == SLUICE_OK; i++)
        status = config_fill(config, tables[i].section, tables[i].options, tables[i].n, tables[i].to, err);
    return status;
}

/* What would only be noticed while at work. */
static enum sluice_status check(const struct run_house *house, struct sluice_error *err)
{
    struct config *config = house->composition.config;
    _cleanup_(schedule_freep) struct schedule *schedule = NULL;
    enum sluice_status status = schedule_section_read(config, &schedule, err);
    if (status != SLUICE_OK)
        return status;
    if (notify_options_check(&house->notify, err) != SLUICE_OK)
        return config_value_error(config, "notify.on", err, "%s", err->message);
    if (house->daemon.drain.ms < 1000 || house->daemon.drain.ms > 3600000)
        return config_value_error(config, "daemon.drain", err, "it is out of range; write 1s to 1h");
    return SLUICE_OK;
}

/* A daemon says what it does, unless it is told not to. */
static void set_log(const struct run_command *command, struct composition *composition)
{
    bool said = config_text(composition->config, "log.level") != NULL ||
                given_flag(command->invocation, OPTION_QUIET);
    if (!said && composition->log.level > SLUICE_INFO)
        composition->log.level = SLUICE_INFO;
    composition->log.repeats = command->repeats;
}

static enum sluice_status open_house(const struct run_command *command, struct run_house *house,
                                     struct sluice_error *err)
{
    enum sluice_status status = compose_reload(command->invocation, &house->composition, err);
    if (status == SLUICE_OK)
        status = compose_setup(&house->composition, &house->setup, err);
    if (status == SLUICE_OK)
        status = fill(house, err);
    if (status == SLUICE_OK)
        status = check(house, err);
    if (status == SLUICE_OK)
        status =
            http_section_read(house->composition.config, &house->composition.arena, &house->section, err);
    if (status != SLUICE_OK)
        return status;
    set_log(command, &house->composition);
    house->sync = *house->setup.options;
    if (command->workers > 0)
        house->sync.workers = command->workers;
    house->setup.options = &house->sync;
    house->http = (struct http_setup){
        .services = house->setup.services,
        .tasks = house->setup.tasks,
        .store = house->setup.store,
        .state = house->setup.state,
        .options = &house->section.options,
        .users = house->section.users,
        .n_users = house->section.n_users,
        .schedule = &house->schedule,
        .version = SLUICE_VERSION,
    };
    house->house = (struct daemon_house){
        .sync = &house->setup,
        .schedule = &house->schedule,
        .daemon = &house->daemon,
        .retention = &house->retention,
        .notify = &house->notify,
        .http = &house->http,
    };
    return SLUICE_OK;
}

static void close_house(struct run_house *house)
{
    compose_close(&house->composition);
    free(house);
}

static enum sluice_status load(void *context, const struct daemon_house **ret_house, struct sluice_error *err)
{
    const struct run_command *command = context;
    struct run_house *house = calloc(1, sizeof *house);
    if (house == NULL)
        return error_no_memory(err);
    enum sluice_status status = open_house(command, house, err);
    if (status != SLUICE_OK) {
        close_house(house);
        return status;
    }
    *ret_house = &house->house;
    return SLUICE_OK;
}

static void unload(void *context, const struct daemon_house *house)
{
    (void)context;
    close_house((struct run_house *)((uintptr_t)house - offsetof(struct run_house, house)));
}

/* ---- The command line ---- */

static const struct {
    const char *name;
    uint32_t role;
} roles[] = {{"scheduler", DAEMON_SCHEDULER}, {"worker", DAEMON_WORKER}, {"api", DAEMON_API}};

static uint32_t role_of(struct sluice_cell name)
{
    for (size_t i = 0; i < ELEMENTS(roles); i++)
        if (text_is(name, roles[i].name))
            return roles[i].role;
    return 0;
}

/* 0: it names something else. */
static uint32_t roles_of(const char *list)
{
    uint32_t found = 0;
    if (list == NULL)
        return DAEMON_SCHEDULER | DAEMON_WORKER | DAEMON_API;
    for (const char *rest = list;; rest++) {
        size_t n = strcspn(rest, ",");
        uint32_t role = role_of((struct sluice_cell){.ptr = rest, .len = (uint32_t)n});
        if (role == 0)
            return 0;
        found |= role;
        rest += n;
        if (*rest == '\0')
            return found;
    }
}

/* 0 when none is given, -1 when it is no such number. */
static int64_t workers_of(const char *text)
{
    char *end = NULL;
    if (text == NULL)
        return 0;
    long n = strtol(text, &end, 10);
    return *text != '\0' && *end == '\0' && n >= 1 && n <= WORKERS_MAX ? n : -1;
}

enum exit_code verb_run(const struct invocation *invocation)
{
    struct sluice_error err = {0};
    struct daemon_report report = {0};
    struct run_command command = {.invocation = invocation,
                                  .workers = workers_of(given_text(invocation, OPTION_WORKERS))};
    const struct daemon_setup setup = {
        .roles = roles_of(given_text(invocation, OPTION_ROLE)),
        .once = given_flag(invocation, OPTION_ONCE),
        .context = &command,
        .load = load,
        .unload = unload,
    };
    if (setup.roles == 0)
        return usage_error(invocation->command,
                           "--role is scheduler, worker or api, or several with commas between");
    if (command.workers < 0)
        return usage_error(invocation->command, "--workers is a number from 1 to %d", WORKERS_MAX);
    mallopt(M_ARENA_MAX, HEAPS);
    command.repeats = log_repeats_new();
    enum sluice_status status = daemon_run(&setup, &report, &err);
    log_repeats_free(command.repeats);
    if (status != SLUICE_OK)
        return output_error(&err);
    return setup.once && report.outcome != SLUICE_OUTCOME_NONE ? exit_of_outcome(report.outcome) : EXIT_DONE;
}
