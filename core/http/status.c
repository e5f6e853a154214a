/* SPDX-License-Identifier: Apache-2.0 */
#include "http/status.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/task.h"
#include "base/text.h"
#include "http/status_body.h"
#include "http/status_page.h"

#include <string.h>

enum {
    BUSY_LOOK_MS = 1000, /* between looks while something runs or fails */
    IDLE_LOOK_MS = 2000,
    COMPOSE_MS = 500,
    LATE_MS = 5000, /* without a word for so long: it hangs */
    SHARE = 10,     /* whole looks take at most one part in so many of the time */
    PACE_MOST_MS = 30000,
};

/* One of the two that are looked at. */
struct dependency {
    const char *what;
    struct desk desk;
    struct task *task;
    int64_t good_us;      /* monotonic: the last look that succeeded, 0: none */
    int64_t good_wall_us; /* the same on the wall clock; at first when the server started */
    bool failing;
    char message[ERROR_MESSAGE_SIZE];
};

struct status {
    const struct http_setup *setup;
    const struct task_runtime *tasks;
    struct task *composer;
    struct monitor *monitor; /* guards what follows */
    bool ending;
    uint64_t pokes;   /* asks for a look */
    uint64_t changes; /* what was found has changed */
    struct dependency store, state;
    struct store_facts *store_facts; /* NULL: never read */
    struct state_facts state_facts;
    bool state_known;
    struct status_page *page;
    uint64_t bodies;
};

static int64_t monotonic_us(const struct status *status)
{
    const struct clock *clock = status->setup->services->clock;
    return clock->monotonic_us(clock);
}

static int64_t wall_us(const struct status *status)
{
    const struct clock *clock = status->setup->services->clock;
    return clock->wall_us(clock);
}

static void enter(struct status *status)
{
    status->tasks->enter(status->monitor);
}

static void leave(struct status *status)
{
    status->tasks->leave(status->monitor);
}

/* ---- The lookers -------------------------------------------------------------------------------- */

/* Notes how a look ended; logged when that changes. */
static void note(struct status *status, struct dependency *dependency, enum sluice_status outcome,
                 const struct sluice_error *err)
{
    enter(status);
    bool failed = outcome != SLUICE_OK, changed = failed != dependency->failing, ending = status->ending;
    dependency->failing = failed;
    if (failed)
        memcpy(dependency->message, err->message, sizeof dependency->message);
    else {
        dependency->good_us = monotonic_us(status);
        dependency->good_wall_us = wall_us(status);
    }
    status->changes += changed;
    status->tasks->wake_all(status->monitor);
    leave(status);
    if (!changed || ending)
        return;
    if (failed)
        log_line(status->setup->services->log, SLUICE_WARNING, "http", "the %s does not answer: %s",
                 dependency->what, err->message);
    else
        log_line(status->setup->services->log, SLUICE_INFO, "http", "the %s answers", dependency->what);
}

/* Waits until the next look is due or asked for; false: the end. */
static bool pause_looking(struct status *status, uint64_t *seen_pokes, int64_t ms)
{
    int64_t until_us = monotonic_us(status) + ms * US_PER_MS;
    enter(status);
    while (!status->ending && status->pokes == *seen_pokes && monotonic_us(status) < until_us)
        status->tasks->wait(status->monitor, (until_us - monotonic_us(status)) / US_PER_MS + 1);
    *seen_pokes = status->pokes;
    bool go_on = !status->ending;
    leave(status);
    return go_on;
}

struct store_look {
    uint64_t mark;
    int64_t whole_at_us, pace_us; /* of the last whole look */
    bool running;
    bool asked;  /* somebody has just changed something */
    bool behind; /* a whole look is due when the pace allows it */
};

static bool is_running(const struct store_facts *facts)
{
    return facts->current.id[0] != '\0';
}

static void put_store(struct status *status, struct store_facts *facts)
{
    enter(status);
    struct store_facts *former = status->store_facts;
    status->store_facts = facts;
    status->changes++;
    status->tasks->wake_all(status->monitor);
    leave(status);
    store_facts_free(former);
}

/* Looks whole when the mark has changed, but unasked never for more than a small share of the time. */
static enum sluice_status look_at_store(struct status *status, struct store_look *look,
                                        struct sluice_error *err)
{
    uint64_t mark = 0;
    struct store_facts *facts = NULL;
    int64_t started_us = monotonic_us(status);
    enum sluice_status outcome = store_facts_mark(&status->store.desk, &mark, err);
    bool known = look->whole_at_us != 0, changed = !known || mark != look->mark;
    look->behind = outcome == SLUICE_OK && changed && known && !look->asked &&
                   started_us < look->whole_at_us + look->pace_us;
    if (outcome != SLUICE_OK || !changed || look->behind)
        return outcome;
    outcome = store_facts_read(&status->store.desk, &facts, err);
    if (outcome != SLUICE_OK)
        return outcome;
    look->whole_at_us = monotonic_us(status);
    look->pace_us = SHARE * (look->whole_at_us - started_us);
    if (look->pace_us > PACE_MOST_MS * US_PER_MS)
        look->pace_us = PACE_MOST_MS * US_PER_MS;
    look->mark = facts->mark;
    look->running = is_running(facts);
    put_store(status, facts);
    return SLUICE_OK;
}

static int64_t next_look_ms(const struct status *status, const struct store_look *look,
                            enum sluice_status outcome)
{
    int64_t ms = look->running || outcome != SLUICE_OK ? BUSY_LOOK_MS : IDLE_LOOK_MS;
    int64_t paced_ms = (look->whole_at_us + look->pace_us - monotonic_us(status)) / US_PER_MS + 1;
    return look->behind && paced_ms < ms ? paced_ms : ms;
}

static void store_run(void *argument)
{
    struct status *status = argument;
    struct store_look look = {0};
    uint64_t heard = 0, pokes = 0;
    int64_t ms = 0;
    while (pause_looking(status, &pokes, ms)) {
        struct sluice_error err = {0};
        look.asked = pokes != heard;
        heard = pokes;
        enum sluice_status outcome = look_at_store(status, &look, &err);
        note(status, &status->store, outcome, &err);
        ms = next_look_ms(status, &look, outcome);
    }
}

static void put_state(struct status *status, const struct state_facts *facts)
{
    enter(status);
    bool changed = !status->state_known || !state_facts_same(&status->state_facts, facts);
    status->state_facts = *facts;
    status->state_known = true;
    status->changes += changed;
    leave(status);
}

/* A wake-up of the backend means that a run was asked for: worth a look at the store, too. */
static enum sluice_status await_wake(struct status *status, struct sluice_error *err)
{
    struct instance *state = NULL;
    enum sluice_status outcome = desk_state(&status->state.desk, &state, err);
    if (outcome == SLUICE_OK)
        outcome = state->plugin->state->wait(state->self, BUSY_LOOK_MS, err);
    if (outcome == SLUICE_OK)
        status_poke(status);
    return outcome == SLUICE_END ? SLUICE_OK : outcome;
}

static void state_run(void *argument)
{
    struct status *status = argument;
    uint64_t seen_pokes = 0;
    int64_t ms = 0;
    while (pause_looking(status, &seen_pokes, ms)) {
        struct sluice_error err = {0};
        struct state_facts facts;
        enum sluice_status outcome = state_facts_read(&status->state.desk, &facts, &err);
        if (outcome == SLUICE_OK)
            put_state(status, &facts);
        note(status, &status->state, outcome, &err);
        if (outcome == SLUICE_OK)
            outcome = await_wake(status, &err);
        ms = outcome == SLUICE_OK ? 0 : BUSY_LOOK_MS;
    }
}

/* ---- The composer ------------------------------------------------------------------------------- */

/* Inside the monitor, as the three that follow. */
static enum health health_of(const struct status *status, const struct dependency *dependency)
{
    if (dependency->failing)
        return HEALTH_DOWN;
    return monotonic_us(status) - dependency->good_us > LATE_MS * US_PER_MS ? HEALTH_HUNG : HEALTH_GOOD;
}

static struct dependency_view view_of(const struct status *status, const struct dependency *dependency)
{
    enum health health = health_of(status, dependency);
    return (struct dependency_view){
        .health = health,
        .since_us = dependency->good_wall_us,
        .message = health == HEALTH_DOWN ? dependency->message : "it accepts questions and does not answer",
    };
}

static int64_t age_ms(const struct status *status, const struct dependency *dependency)
{
    if (health_of(status, dependency) == HEALTH_GOOD)
        return 0;
    return (wall_us(status) - dependency->good_wall_us) / US_PER_MS;
}

static int64_t data_age_ms(const struct status *status)
{
    int64_t store = age_ms(status, &status->store), state = age_ms(status, &status->state);
    int64_t age = store > state ? store : state;
    return age < 0 ? 0 : age;
}

static int64_t fallback_next_us(const struct status *status)
{
    int64_t every_ms = status->setup->schedule->every.ms;
    return wall_us(status) + (every_ms > 0 ? every_ms : SCHEDULE_EVERY_DEFAULT) * US_PER_MS;
}

static struct status_page *compose(const struct status *status)
{
    const struct status_view view = {
        .store = status->store_facts,
        .state = status->state_known ? &status->state_facts : NULL,
        .store_health = view_of(status, &status->store),
        .state_health = view_of(status, &status->state),
        .now_us = wall_us(status),
        .data_age_ms = data_age_ms(status),
        .fallback_next_us = fallback_next_us(status),
        .version = status->setup->version,
    };
    return status_page_new(&view);
}

/* A page that says the same as the one that is there changes nothing: clients' validators stay good. */
static void put_page(struct status *status, struct status_page *page)
{
    struct status_page *former = page;
    if (page != NULL && (status->page == NULL || !status_page_same(status->page, page))) {
        former = status->page;
        status->page = page;
        status->bodies++;
    }
    status_page_free(former);
}

static bool is_degraded(const struct status *status)
{
    return health_of(status, &status->store) != HEALTH_GOOD ||
           health_of(status, &status->state) != HEALTH_GOOD;
}

static void composer_run(void *argument)
{
    struct status *status = argument;
    uint64_t seen = 0;
    bool was_degraded = true;
    int64_t composed_us = 0;
    enter(status);
    while (!status->ending) {
        bool running = status->store_facts != NULL && is_running(status->store_facts);
        bool due = monotonic_us(status) - composed_us >= 2 * COMPOSE_MS * US_PER_MS;
        bool degraded = is_degraded(status);
        if (status->changes != seen || degraded != was_degraded || ((degraded || running) && due)) {
            seen = status->changes;
            was_degraded = degraded;
            composed_us = monotonic_us(status);
            put_page(status, compose(status));
        }
        if (status->changes == seen)
            status->tasks->wait(status->monitor, COMPOSE_MS);
    }
    leave(status);
}

/* ---- The outside -------------------------------------------------------------------------------- */

void status_poke(struct status *status)
{
    enter(status);
    status->pokes++;
    status->tasks->wake_all(status->monitor);
    leave(status);
}

struct ready *status_answer(struct status *status, unsigned log_limit, enum encoding encoding)
{
    enter(status);
    struct ready *ready = status_page_answer(status->page, log_limit, encoding);
    leave(status);
    return ready;
}

void status_figures(struct status *status, struct status_figures *ret_figures)
{
    struct status_figures figures = {0};
    enter(status);
    const struct store_facts *facts = status->store_facts;
    if (facts != NULL) {
        figures.suppliers = facts->counts;
        figures.current = facts->current;
        figures.last = facts->last;
        figures.holds = facts->holds;
        figures.next_us = facts->schedule.n_next > 0 ? facts->schedule.next_us[0] : 0;
        figures.paused = facts->schedule.paused;
        figures.known = true;
    }
    figures.store = health_of(status, &status->store);
    figures.state = health_of(status, &status->state);
    figures.data_age_ms = data_age_ms(status);
    figures.bodies = status->bodies;
    leave(status);
    *ret_figures = figures;
}

static enum sluice_status look_after(struct status *status, struct dependency *dependency, const char *what,
                                     void (*run)(void *), struct sluice_error *err)
{
    dependency->what = what;
    dependency->good_us = monotonic_us(status);
    dependency->good_wall_us = wall_us(status);
    enum sluice_status outcome = desk_open(&dependency->desk, status->setup, "status", err);
    if (outcome != SLUICE_OK)
        return outcome;
    dependency->task = status->tasks->spawn(status->tasks, run, status);
    if (dependency->task != NULL)
        return SLUICE_OK;
    desk_close(&dependency->desk);
    return error_no_memory(err);
}

enum sluice_status status_start(const struct http_setup *setup, struct status **ret_status,
                                struct sluice_error *err)
{
    struct status *status = calloc(1, sizeof *status);
    if (status == NULL)
        return error_no_memory(err);
    status->setup = setup;
    status->tasks = setup->tasks;
    status->monitor = setup->tasks->monitor_new(setup->tasks);
    enum sluice_status outcome = status->monitor == NULL ? error_no_memory(err) : SLUICE_OK;
    if (outcome == SLUICE_OK)
        outcome = look_after(status, &status->store, "store", store_run, err);
    if (outcome == SLUICE_OK)
        outcome = look_after(status, &status->state, "state", state_run, err);
    if (outcome == SLUICE_OK) {
        enter(status);
        put_page(status, compose(status));
        bool composed = status->page != NULL;
        leave(status);
        status->composer = composed ? setup->tasks->spawn(setup->tasks, composer_run, status) : NULL;
        if (status->composer == NULL)
            outcome = error_no_memory(err);
    }
    if (outcome != SLUICE_OK) {
        status_stop(status);
        return outcome;
    }
    *ret_status = status;
    return SLUICE_OK;
}

static void leave_alone(struct status *status, struct dependency *dependency)
{
    if (dependency->task == NULL)
        return;
    desk_cancel(&dependency->desk);
    status->tasks->join(dependency->task);
    desk_close(&dependency->desk);
}

void status_stop(struct status *status)
{
    if (status == NULL)
        return;
    if (status->monitor != NULL) {
        enter(status);
        status->ending = true;
        status->tasks->wake_all(status->monitor);
        leave(status);
    }
    leave_alone(status, &status->store);
    leave_alone(status, &status->state);
    if (status->composer != NULL)
        status->tasks->join(status->composer);
    store_facts_free(status->store_facts);
    status_page_free(status->page);
    status->tasks->monitor_free(status->monitor);
    free(status);
}
