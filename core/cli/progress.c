/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/names.h"
#include "cli/width.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ACTIVE_LIMIT = 64, LINE_SIZE = 512 };

struct active {
    char *name;
    uint64_t rows;
};

struct progress {
    struct terminal terminal;
    struct active active[ACTIVE_LIMIT];
    size_t n_active;
    size_t n_drawn;           /* lines below which the cursor stands */
    int64_t waiting_until_us; /* for a quota; wall clock, 0: not */
    int64_t said_until_us;    /* the last one that was said off a terminal */
};

struct progress *progress_new(const struct terminal *terminal)
{
    struct progress *progress = calloc(1, sizeof *progress);
    if (progress != NULL)
        progress->terminal = *terminal;
    return progress;
}

static void erase(struct progress *progress)
{
    for (; progress->n_drawn > 0; progress->n_drawn--)
        fputs("\033[1A\033[2K", stderr);
}

static void draw_waiting(struct progress *progress)
{
    char until[TIME_TEXT_SIZE];
    if (progress->waiting_until_us <= clock_system()->wall_us(clock_system()))
        return;
    time_format(progress->waiting_until_us, until);
    fprintf(stderr, "  waiting for quota until %s\n", until);
    progress->n_drawn++;
}

/* Off a terminal a line stays, so few are enough. */
static void say_waiting(struct progress *progress, const struct sync_event *event)
{
    enum { SAID_EVERY_US = 10 * US_PER_SECOND };
    char until[TIME_TEXT_SIZE];
    progress->waiting_until_us = event->waiting_until_us;
    if (progress->terminal.is_terminal || event->waiting_until_us - progress->said_until_us < SAID_EVERY_US)
        return;
    progress->said_until_us = event->waiting_until_us;
    time_format(event->waiting_until_us, until);
    fprintf(stderr, "waiting for quota until %s\n", until);
}

static void draw(struct progress *progress, const struct sync_event *event)
{
    if (!progress->terminal.is_terminal)
        return;
    draw_waiting(progress);
    for (size_t i = 0; i < progress->n_active; i++) {
        char line[LINE_SIZE];
        snprintf(line, sizeof line, "  [%" PRIu32 "/%" PRIu32 "] %s: %" PRIu64 " rows", event->current,
                 event->total, progress->active[i].name, progress->active[i].rows);
        output_text(stderr, width_cut(text_of(line), progress->terminal.width - 1));
        fputc('\n', stderr);
        progress->n_drawn++;
    }
    fflush(stderr);
}

static size_t active_find(const struct progress *progress, const char *name)
{
    size_t i = 0;
    while (i < progress->n_active && strcmp(progress->active[i].name, name) != 0)
        i++;
    return i;
}

static void active_begin(struct progress *progress, const char *name)
{
    char *copy = progress->n_active < ACTIVE_LIMIT ? strdup(name) : NULL;
    if (copy != NULL)
        progress->active[progress->n_active++] = (struct active){copy, 0};
}

static void active_end(struct progress *progress, const char *name)
{
    size_t i = active_find(progress, name);
    if (i == progress->n_active)
        return;
    free(progress->active[i].name);
    progress->active[i] = progress->active[--progress->n_active];
}

/* Text that is not ours, without controls, and the end of the line. */
static void end_line(const char *text)
{
    output_text(stderr, text_of(text));
    fputc('\n', stderr);
}

static void say_master(const struct sync_event *event)
{
    const struct sluice_suppliers_change *change = event->change;
    fprintf(stderr, "master sheet: %s", outcome_name(event->outcome));
    if (change != NULL && (event->outcome == SLUICE_OUTCOME_SUCCESS || event->outcome == SLUICE_OUTCOME_HELD))
        fprintf(stderr, ", %u new, %u changed, %u deactivated, %u as before, %u invalid", change->created,
                change->updated, change->deactivated, change->unchanged, change->invalid);
    if (event->message != NULL)
        fputs(": ", stderr);
    end_line(event->message == NULL ? "" : event->message);
    for (size_t i = 0; i < event->n_rejects; i++) {
        fprintf(stderr, "  %s: %s: ", event->rejects[i].address == NULL ? "" : event->rejects[i].address,
                event->rejects[i].code);
        end_line(event->rejects[i].message);
    }
}

static void say_finished(const struct progress *progress, const struct sync_event *event)
{
    const struct sluice_figures *figures = event->figures;
    enum ink ink = outcome_ink(event->outcome);
    char time[ELAPSED_TEXT_SIZE];
    fprintf(stderr, "  [%" PRIu32 "/%" PRIu32 "] ", event->current, event->total);
    output_text(stderr, text_of(event->supplier));
    fprintf(stderr, ": %s%s%s", ink_begin(&progress->terminal, ink), outcome_name(event->outcome),
            ink_end(&progress->terminal, ink));
    if (figures != NULL && event->outcome != SLUICE_OUTCOME_UNCHANGED) {
        elapsed_format(figures->elapsed_us, time);
        fprintf(stderr, ", %" PRIu64 " rows in %s", figures->rows_read, time);
    }
    fputc('\n', stderr);
}

static void say(struct progress *progress, const struct sync_event *event)
{
    switch (event->kind) {
    case SYNC_EVENT_RUN:
        if (event->resumed)
            fprintf(stderr, "taking over run %s, whose process is gone\n", event->run_id);
        break;
    case SYNC_EVENT_MASTER:
        say_master(event);
        break;
    case SYNC_EVENT_STARTED:
        active_begin(progress, event->supplier);
        break;
    case SYNC_EVENT_PROGRESS: {
        size_t i = active_find(progress, event->supplier);
        if (i < progress->n_active)
            progress->active[i].rows = event->rows;
        break;
    }
    case SYNC_EVENT_IDLE: /* of no interest to one who watches */
        break;
    case SYNC_EVENT_FINISHED:
        active_end(progress, event->supplier);
        say_finished(progress, event);
        break;
    case SYNC_EVENT_WAITING:
        say_waiting(progress, event);
        break;
    }
}

void progress_show(struct progress *progress, const struct sync_event *event)
{
    if (progress == NULL)
        return;
    erase(progress);
    say(progress, event);
    draw(progress, event);
}

void progress_end(struct progress *progress)
{
    if (progress == NULL)
        return;
    erase(progress);
    while (progress->n_active > 0)
        free(progress->active[--progress->n_active].name);
    free(progress);
}
