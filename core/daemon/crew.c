/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/crew.h"

#include "base/cleanup.h"
#include "daemon/part.h"

#include <stdatomic.h>

#define LAST_NOTICES_MS 2000

static const struct daemon_part *const parts[] = {&scheduler_part, &workers_part, &api_part};

enum { PARTS = ELEMENTS(parts) };

/* One part at work. */
struct place {
    struct crew *crew;
    const struct daemon_part *part;
    struct daemon_floor floor;
    struct pulse pulse;
    void *self; /* the part's own; NULL: not begun */
    _Atomic bool ended;
};

struct crew {
    struct crew_order order;
    struct cancel *leave;
    struct notifier *notifier;
    struct place places[PARTS];
    size_t next;         /* the first place that has not begun */
    _Atomic int outcome; /* enum sluice_outcome */
};

static void part_ended(void *context)
{
    struct place *place = context;
    const uint64_t one = 1;
    int wake_fd = place->crew->order.wake_fd;
    atomic_store(&place->ended, true); /* from here on the crew may be stopped, but not before it is joined */
    ssize_t written = write(wake_fd, &one, sizeof one);
    (void)written; /* full means that it is readable */
}

static void run_ended(void *context, enum sluice_outcome outcome)
{
    struct place *place = context;
    atomic_store(&place->crew->outcome, (int)outcome);
}

static enum sluice_status begin(struct crew *crew, struct place *place, struct sluice_error *err)
{
    const struct host_services *services = crew->order.house->sync->services;
    place->floor = (struct daemon_floor){
        .house = crew->order.house,
        .once = crew->order.once,
        .first = crew->order.first,
        .leave = crew->leave,
        .notifier = crew->notifier,
        .pulse = &place->pulse,
        .ended = part_ended,
        .run_ended = run_ended,
        .context = place,
    };
    place->pulse.clock = services->clock;
    pulse_beat(&place->pulse);
    return place->part->start(&place->floor, &place->self, err);
}

enum sluice_status crew_advance(struct crew *crew, struct sluice_error *err)
{
    bool begun = false;
    while (crew->next < PARTS && !(begun && crew->order.once)) {
        struct place *place = &crew->places[crew->next++];
        if ((place->part->role & crew->order.roles) == 0)
            continue;
        enum sluice_status status = begin(crew, place, err);
        if (status != SLUICE_OK)
            return status;
        begun = true;
    }
    return SLUICE_OK;
}

enum sluice_status crew_start(const struct crew_order *order, struct crew **ret_crew,
                              struct sluice_error *err)
{
    struct crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL)
        return error_no_memory(err);
    crew->order = *order;
    for (size_t i = 0; i < PARTS; i++)
        crew->places[i] = (struct place){.crew = crew, .part = parts[i]};
    crew->leave = cancel_new();
    enum sluice_status status = crew->leave == NULL ? error_no_memory(err) : SLUICE_OK;
    if (status == SLUICE_OK)
        status = notifier_start(order->house->sync, order->house->notify, &crew->notifier, err);
    if (status == SLUICE_OK)
        status = crew_advance(crew, err);
    if (status != SLUICE_OK) {
        crew_stop(crew);
        return status;
    }
    *ret_crew = crew;
    return SLUICE_OK;
}

void crew_leave(struct crew *crew)
{
    crew->next = PARTS;
    cancel_request(crew->leave);
}

void crew_hurry(struct crew *crew)
{
    cancel_request(crew->order.house->sync->services->cancel);
}

static bool at_work(const struct place *place)
{
    return place->self != NULL && !atomic_load(&place->ended);
}

bool crew_ended(const struct crew *crew)
{
    for (size_t i = 0; i < PARTS; i++)
        if (at_work(&crew->places[i]))
            return false;
    return crew->next == PARTS;
}

const char *crew_hanging(struct crew *crew)
{
    for (size_t i = 0; i < PARTS; i++) {
        struct place *place = &crew->places[i];
        if (at_work(place) && pulse_age_ms(&place->pulse) > place->pulse.patience_ms)
            return place->part->name;
    }
    return NULL;
}

enum sluice_outcome crew_stop(struct crew *crew)
{
    if (crew == NULL)
        return SLUICE_OUTCOME_NONE;
    if (crew->leave != NULL)
        crew_leave(crew);
    for (size_t i = 0; i < PARTS; i++)
        if (crew->places[i].self != NULL)
            crew->places[i].part->stop(crew->places[i].self);
    notifier_stop(crew->notifier, LAST_NOTICES_MS);
    cancel_free(crew->leave);
    enum sluice_outcome outcome = (enum sluice_outcome)atomic_load(&crew->outcome);
    free(crew);
    return outcome;
}
