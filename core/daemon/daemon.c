/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main thread: it waits for signals and for parts that end, and is never busy with anything else. A stop
 * goes in three steps inside the drain time: nothing new is begun; what is under way is given back; the
 * process ends as it stands, which is as safe as a kill.
 */
#include "daemon/daemon.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/crew.h"
#include "daemon/signals.h"
#include "daemon/systemd.h"

#include <inttypes.h>
#include <malloc.h>
#include <poll.h>
#include <sys/eventfd.h>

#define GIVE_BACK_SHARE 7   /* tenths of the drain time after which work is given back */
#define LOOK_MS         500 /* while a stop is under way */
#define LOOK_IDLE_MS    10000
#define KILLED          1 /* exit code */
#define STOPPED_TWICE   130

enum stage { STAGE_WORKING, STAGE_RELOADING, STAGE_STOPPING };

struct daemon {
    const struct daemon_setup *setup;
    const struct daemon_house *house;
    const struct daemon_house *next; /* of a reload */
    struct crew *crew;
    struct signals signals;
    int wake_fd;
    enum stage stage;
    bool hurried;
    int64_t leave_us;            /* monotonic, when the stage began */
    int64_t watchdog_ms, fed_us; /* 0: none */
    enum sluice_outcome outcome;
};

static const struct log *log_of(const struct daemon *daemon)
{
    return daemon->house->sync->services->log;
}

static int64_t now_us(const struct daemon *daemon)
{
    const struct clock *clock = daemon->house->sync->services->clock;
    return clock->monotonic_us(clock);
}

/* ---- Crews ---- */

static enum sluice_status start_crew(struct daemon *daemon, bool first, struct sluice_error *err)
{
    const struct crew_order order = {
        .house = daemon->house,
        .roles = daemon->setup->roles,
        .once = daemon->setup->once,
        .first = first,
        .wake_fd = daemon->wake_fd,
    };
    return crew_start(&order, &daemon->crew, err);
}

static void end_crew(struct daemon *daemon)
{
    enum sluice_outcome outcome = crew_stop(daemon->crew);
    daemon->crew = NULL;
    if (outcome != SLUICE_OUTCOME_NONE)
        daemon->outcome = outcome;
}

static void leave(struct daemon *daemon, enum stage stage)
{
    if (daemon->stage == STAGE_WORKING) {
        daemon->leave_us = now_us(daemon);
        crew_leave(daemon->crew);
    }
    daemon->stage = stage;
}

/* ---- Reloading ---- */

static void tell_ready(const struct daemon *daemon)
{
    systemd_notify("READY=1\nSTATUS=at work, process %ld", (long)getpid());
    log_line(log_of(daemon), SLUICE_INFO, "daemon", "at work");
}

/* The new configuration is complete before anything of the old one changes. */
static void begin_reload(struct daemon *daemon)
{
    struct sluice_error err = {0};
    if (daemon->stage != STAGE_WORKING) {
        log_line(log_of(daemon), SLUICE_INFO, "daemon", "it stops or reads its configuration already");
        return;
    }
    systemd_notify("RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\nSTATUS=reading the configuration",
                   now_us(daemon));
    if (daemon->setup->load(daemon->setup->context, &daemon->next, &err) != SLUICE_OK) {
        log_line(log_of(daemon), SLUICE_ERROR, "daemon", "the former configuration stays in force: %s",
                 err.message);
        tell_ready(daemon);
        return;
    }
    leave(daemon, STAGE_RELOADING);
}

static enum sluice_status finish_reload(struct daemon *daemon, struct sluice_error *err)
{
    end_crew(daemon);
    daemon->setup->unload(daemon->setup->context, daemon->house);
    daemon->house = daemon->next;
    daemon->next = NULL;
    daemon->hurried = false;
    daemon->stage = STAGE_WORKING;
    enum sluice_status status = start_crew(daemon, false, err);
    if (status == SLUICE_OK)
        tell_ready(daemon);
    return status;
}

/* ---- Stopping ---- */

static void begin_stop(struct daemon *daemon, int number)
{
    if (daemon->stage == STAGE_STOPPING) {
        log_line(log_of(daemon), SLUICE_WARNING, "daemon", "asked to stop again: it ends at once");
        _exit(STOPPED_TWICE);
    }
    systemd_notify("STOPPING=1\nSTATUS=finishing what is under way");
    log_line(log_of(daemon), SLUICE_INFO, "daemon",
             "asked to stop (signal %d): what is under way is finished", number);
    if (daemon->stage == STAGE_RELOADING)
        daemon->leave_us = now_us(daemon);
    leave(daemon, STAGE_STOPPING);
}

static void mind_the_time(struct daemon *daemon)
{
    int64_t passed_ms = (now_us(daemon) - daemon->leave_us) / US_PER_MS;
    int64_t drain_ms = daemon->house->daemon->drain.ms;
    if (daemon->stage == STAGE_WORKING)
        return;
    if (!daemon->hurried && passed_ms >= drain_ms * GIVE_BACK_SHARE / 10) {
        log_line(log_of(daemon), SLUICE_INFO, "daemon", "lists that are under way are given back");
        daemon->hurried = true;
        crew_hurry(daemon->crew);
    }
    if (daemon->stage == STAGE_STOPPING && passed_ms >= drain_ms) {
        log_line(log_of(daemon), SLUICE_ERROR, "daemon",
                 "not everything ended within daemon.drain; it ends at once, and what is under way is taken "
                 "over when its lease ends");
        _exit(KILLED);
    }
}

/* ---- The loop ---- */

static void feed_watchdog(struct daemon *daemon)
{
    int64_t now = now_us(daemon);
    if (daemon->watchdog_ms == 0 || now - daemon->fed_us < daemon->watchdog_ms * US_PER_MS / 3)
        return;
    const char *hanging = crew_hanging(daemon->crew);
    if (hanging != NULL) {
        log_line(log_of(daemon), SLUICE_ERROR, "daemon", "the %s makes no progress", hanging);
        return;
    }
    daemon->fed_us = now;
    systemd_notify("WATCHDOG=1");
}

static int wait_ms(const struct daemon *daemon)
{
    if (daemon->stage != STAGE_WORKING)
        return LOOK_MS;
    return daemon->watchdog_ms > 0 && daemon->watchdog_ms / 3 < LOOK_IDLE_MS ? (int)(daemon->watchdog_ms / 3)
                                                                             : LOOK_IDLE_MS;
}

static void take_signals(struct daemon *daemon)
{
    for (int number = signals_take(&daemon->signals); number != 0; number = signals_take(&daemon->signals)) {
        if (number == SIGHUP)
            begin_reload(daemon);
        else
            begin_stop(daemon, number);
    }
}

/* OK: go on, END: all is done. */
static enum sluice_status step(struct daemon *daemon, struct sluice_error *err)
{
    struct pollfd fds[] = {{.fd = daemon->signals.fd, .events = POLLIN},
                           {.fd = daemon->wake_fd, .events = POLLIN}};
    uint64_t ended;
    poll(fds, ELEMENTS(fds), wait_ms(daemon));
    if (read(daemon->wake_fd, &ended, sizeof ended) == (ssize_t)sizeof ended &&
        daemon->stage == STAGE_WORKING && daemon->setup->once) {
        enum sluice_status status = crew_advance(daemon->crew, err);
        if (status != SLUICE_OK)
            return status;
    }
    take_signals(daemon);
    if (crew_ended(daemon->crew))
        return daemon->stage == STAGE_RELOADING ? finish_reload(daemon, err) : SLUICE_END;
    mind_the_time(daemon);
    feed_watchdog(daemon);
    return SLUICE_OK;
}

static enum sluice_status go_through(struct daemon *daemon, struct sluice_error *err)
{
    enum sluice_status status = daemon->setup->load(daemon->setup->context, &daemon->house, err);
    if (status != SLUICE_OK)
        return status;
    status = start_crew(daemon, true, err);
    if (status == SLUICE_OK)
        tell_ready(daemon);
    while (status == SLUICE_OK)
        status = step(daemon, err);
    end_crew(daemon);
    if (daemon->next != NULL)
        daemon->setup->unload(daemon->setup->context, daemon->next);
    daemon->setup->unload(daemon->setup->context, daemon->house);
    return status == SLUICE_END ? SLUICE_OK : status;
}

enum sluice_status daemon_run(const struct daemon_setup *setup, struct daemon_report *ret_report,
                              struct sluice_error *err)
{
    _cleanup_(signals_end) struct signals signals = {.fd = -1};
    _cleanup_close_ int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd < 0)
        return error_set(err, SLUICE_IO, "no file descriptor is left; raise the limit of open files");
    mallopt(M_ARENA_MAX,
            1); /* each run has tasks of its own: pieces of many arenas would add up for months */
    enum sluice_status status = signals_begin(&signals, err);
    if (status != SLUICE_OK)
        return status;
    struct daemon daemon = {
        .setup = setup,
        .signals = signals,
        .wake_fd = wake_fd,
        .watchdog_ms = systemd_watchdog_ms(),
    };
    status = go_through(&daemon, err);
    if (status == SLUICE_OK)
        *ret_report = (struct daemon_report){.outcome = daemon.outcome};
    return status;
}
