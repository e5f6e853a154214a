/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/run_log.h"

#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>

static const char *outcome_word(enum sluice_outcome outcome)
{
    static const char *const words[] = {"unfinished", "success", "unchanged", "partial",
                                        "failed",     "held",    "cancelled"};
    return (size_t)outcome < sizeof words / sizeof words[0] ? words[outcome] : "unfinished";
}

static enum sluice_level outcome_level(enum sluice_outcome outcome)
{
    return outcome == SLUICE_OUTCOME_FAILED || outcome == SLUICE_OUTCOME_PARTIAL ||
                   outcome == SLUICE_OUTCOME_HELD
               ? SLUICE_WARNING
               : SLUICE_INFO;
}

static const char *begun_how(const struct sync_event *event)
{
    if (event->joined)
        return "joined: other processes work on it, too";
    return event->resumed ? "taken over from a process that is gone" : "begun";
}

static void log_finished(const struct log *log, const struct sync_event *event)
{
    char figures[160] = "";
    const struct sluice_figures *f = event->figures;
    if (f != NULL)
        snprintf(figures, sizeof figures,
                 ": %" PRIu64 " rows read, %" PRIu64 " new, %" PRIu64 " changed, %" PRIu64 " gone, %" PRIu64
                 " rejected",
                 f->rows_read, f->inserted, f->updated, f->gone, f->rejected);
    log_line(log, outcome_level(event->outcome), event->supplier, "job %s attempt %u ended: %s%s%s%s%s",
             event->supplier_id, event->attempt, outcome_word(event->outcome), figures,
             event->message != NULL ? "; " : "", event->message != NULL ? event->message : "",
             event->hold_id != NULL ? " (held)" : "");
}

void run_log_event(const struct log *shared, const struct sync_event *event)
{
    if (shared == NULL)
        return;
    struct log log = *shared;
    log.run_id = event->run_id;
    switch (event->kind) {
    case SYNC_EVENT_RUN:
        log_line(&log, SLUICE_INFO, "run", "%s, epoch %" PRId64, begun_how(event), event->epoch);
        break;
    case SYNC_EVENT_MASTER:
        log_line(&log, outcome_level(event->outcome), "master sheet", "%s%s%s", outcome_word(event->outcome),
                 event->message != NULL ? ": " : "", event->message != NULL ? event->message : "");
        break;
    case SYNC_EVENT_STARTED:
        log_line(&log, SLUICE_DEBUG, event->supplier, "job %s attempt %u begun", event->supplier_id,
                 event->attempt);
        break;
    case SYNC_EVENT_FINISHED:
        log_finished(&log, event);
        break;
    default:
        break;
    }
}

void run_log_end(const struct log *shared, const struct sync_report *report)
{
    if (shared == NULL)
        return;
    struct log log = *shared;
    log.run_id = report->run_id;
    log_line(&log, outcome_level(report->outcome), "run",
             "ended: %s; %u lists, of which %u were read, %u unchanged, %u failed, %u held%s%s",
             outcome_word(report->outcome), report->jobs, report->succeeded, report->unchanged,
             report->failed, report->held, report->message[0] != '\0' ? "; " : "", report->message);
}
