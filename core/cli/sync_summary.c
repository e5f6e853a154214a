/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sync_summary.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/names.h"
#include "cli/table.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SUMMARY_CEILING ((size_t)256 << 20)

/* One supplier, or the master sheet, of one run. */
struct entry {
    struct entry *next;
    const char *run_id, *supplier; /* supplier NULL: the master sheet */
    enum sluice_outcome outcome;
    const char *error_type, *message, *hold_id;
    struct sluice_figures figures;
    struct sluice_suppliers_change change;
    const char **notices;
    size_t n_notices;
};

struct sync_summary {
    struct arena arena;
    struct entry *first, **last;
};

struct sync_summary *sync_summary_new(void)
{
    struct sync_summary *summary = calloc(1, sizeof *summary);
    if (summary == NULL)
        return NULL;
    summary->arena = (struct arena)ARENA_INIT(SUMMARY_CEILING);
    summary->last = &summary->first;
    return summary;
}

void sync_summary_free(struct sync_summary *summary)
{
    if (summary == NULL)
        return;
    arena_free(&summary->arena);
    free(summary);
}

static void keep_notices(struct arena *arena, struct entry *entry, const struct sync_event *event)
{
    entry->notices = arena_alloc(arena, (event->n_notices + 1) * sizeof *entry->notices);
    for (size_t i = 0; entry->notices != NULL && i < event->n_notices; i++) {
        const char *copy = arena_text(arena, event->notices[i]);
        if (copy != NULL)
            entry->notices[entry->n_notices++] = copy;
    }
}

void sync_summary_event(struct sync_summary *summary, const struct sync_event *event)
{
    if (event->kind != SYNC_EVENT_MASTER && event->kind != SYNC_EVENT_FINISHED)
        return;
    struct arena *arena = &summary->arena;
    struct entry *entry = arena_alloc(arena, sizeof *entry);
    if (entry == NULL)
        return;
    entry->run_id = arena_text(arena, event->run_id == NULL ? "" : event->run_id);
    entry->supplier = event->kind == SYNC_EVENT_MASTER ? NULL : arena_text(arena, event->supplier);
    entry->outcome = event->outcome;
    entry->error_type = arena_text(arena, event->error_type);
    entry->message = arena_text(arena, event->message);
    entry->hold_id = arena_text(arena, event->hold_id);
    if (event->figures != NULL)
        entry->figures = *event->figures;
    if (event->change != NULL) {
        entry->change = *event->change;
        entry->change.examples = NULL;
        entry->change.n_examples = 0;
    }
    keep_notices(arena, entry, event);
    *summary->last = entry;
    summary->last = &entry->next;
}

static bool is_of(const struct entry *entry, const struct sync_report *report)
{
    return entry->run_id == NULL || report->run_id[0] == '\0' || strcmp(entry->run_id, report->run_id) == 0;
}

/* ---- For people ------------------------------------------------------------------------------------------
 */

static void print_row(struct table *table, const struct entry *entry)
{
    const struct sluice_figures *figures = &entry->figures;
    const uint64_t numbers[] = {figures->rows_read, figures->inserted, figures->updated,   figures->unchanged,
                                figures->gone,      figures->rejected, figures->duplicates};
    char texts[ELEMENTS(numbers)][24], time[ELAPSED_TEXT_SIZE];
    struct sluice_cell cells[ELEMENTS(numbers) + 3];
    cells[0] = text_of(entry->supplier);
    for (size_t i = 0; i < ELEMENTS(numbers); i++) {
        snprintf(texts[i], sizeof texts[i], "%" PRIu64, numbers[i]);
        cells[i + 1] = text_of(texts[i]);
    }
    elapsed_format(figures->elapsed_us, time);
    cells[ELEMENTS(numbers) + 1] = text_of(time);
    cells[ELEMENTS(numbers) + 2] = text_of(outcome_name(entry->outcome));
    table_row(table, cells, outcome_ink(entry->outcome));
}

static void print_figures(const struct sync_summary *summary, const struct sync_report *report,
                          const struct terminal *terminal)
{
    static const struct table_column columns[] = {{"SUPPLIER", ALIGN_LEFT},   {"READ", ALIGN_RIGHT},
                                                  {"INSERTED", ALIGN_RIGHT},  {"UPDATED", ALIGN_RIGHT},
                                                  {"UNCHANGED", ALIGN_RIGHT}, {"GONE", ALIGN_RIGHT},
                                                  {"REJECTED", ALIGN_RIGHT},  {"DUPLICATES", ALIGN_RIGHT},
                                                  {"TIME", ALIGN_RIGHT},      {"OUTCOME", ALIGN_LEFT}};
    struct table *table = table_new(stdout, columns, ELEMENTS(columns), terminal);
    for (const struct entry *entry = summary->first; table != NULL && entry != NULL; entry = entry->next)
        if (entry->supplier != NULL && is_of(entry, report))
            print_row(table, entry);
    table_end(table);
}

static void print_trouble(const struct entry *entry, const struct terminal *terminal)
{
    bool held = entry->outcome == SLUICE_OUTCOME_HELD;
    if (!held && entry->outcome != SLUICE_OUTCOME_FAILED)
        return;
    enum ink ink = outcome_ink(entry->outcome);
    printf("\n%s", ink_begin(terminal, ink));
    output_text(stdout, text_of(entry->supplier == NULL ? "The master sheet" : entry->supplier));
    printf(" %s%s: ", held ? "is held" : "failed", ink_end(terminal, ink));
    output_text(stdout, text_of(entry->message == NULL ? "no reason was given" : entry->message));
    fputc('\n', stdout);
    if (held && entry->hold_id != NULL)
        printf("  Right after all? sluice sync --approve %s\n", entry->hold_id);
}

void sync_summary_table(const struct sync_summary *summary, const struct sync_report *report,
                        const struct terminal *terminal)
{
    uint64_t rejected = 0;
    print_figures(summary, report, terminal);
    for (const struct entry *entry = summary->first; entry != NULL; entry = entry->next) {
        if (!is_of(entry, report))
            continue;
        rejected += entry->figures.rejected;
        print_trouble(entry, terminal);
    }
    if (rejected > 0)
        printf("\n%" PRIu64 " %s not become items; `sluice rejects` says which, why, and what to do.\n",
               rejected, rejected == 1 ? "row could" : "rows could");
    if (report->message[0] != '\0') {
        fputc('\n', stdout);
        output_text(stdout, text_of(report->message));
        fputc('\n', stdout);
    }
}

/* ---- For programs -----------------------------------------------------------------------------------------
 */

static json_t *supplier_json(const struct entry *entry)
{
    const struct sluice_figures *figures = &entry->figures;
    json_t *notices = json_array();
    for (size_t i = 0; i < entry->n_notices; i++)
        json_array_append_new(notices, json_string(entry->notices[i]));
    return json_pack("{s:s?, s:s, s:s?, s:s?, s:s?, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:o}",
                     "supplier", entry->supplier, "outcome", outcome_name(entry->outcome), "error_type",
                     entry->error_type, "message", entry->message, "hold_id", entry->hold_id, "rows_read",
                     (json_int_t)figures->rows_read, "skipped", (json_int_t)figures->skipped, "inserted",
                     (json_int_t)figures->inserted, "updated", (json_int_t)figures->updated, "unchanged",
                     (json_int_t)figures->unchanged, "gone", (json_int_t)figures->gone, "rejected",
                     (json_int_t)figures->rejected, "duplicates", (json_int_t)figures->duplicates, "rounded",
                     (json_int_t)figures->rounded, "elapsed_ms",
                     (double)figures->elapsed_us / (double)US_PER_MS, "notices", notices);
}

static json_t *master_json(const struct entry *entry)
{
    const struct sluice_suppliers_change *change = &entry->change;
    return json_pack("{s:s, s:s?, s:s?, s:s?, s:I, s:I, s:I, s:I, s:I}", "outcome",
                     outcome_name(entry->outcome), "error_type", entry->error_type, "message", entry->message,
                     "hold_id", entry->hold_id, "created", (json_int_t)change->created, "updated",
                     (json_int_t)change->updated, "deactivated", (json_int_t)change->deactivated, "unchanged",
                     (json_int_t)change->unchanged, "invalid", (json_int_t)change->invalid);
}

void sync_summary_json(const struct sync_summary *summary, const struct sync_report *report)
{
    json_t *suppliers = json_array();
    json_t *json = json_pack("{s:s, s:I, s:s, s:s?, s:f}", "run_id", report->run_id, "epoch",
                             (json_int_t)report->epoch, "outcome", outcome_name(report->outcome), "message",
                             report->message[0] == '\0' ? NULL : report->message, "elapsed_ms",
                             (double)report->elapsed_us / (double)US_PER_MS);
    json_object_set_new(json, "master", json_null());
    for (const struct entry *entry = summary->first; entry != NULL; entry = entry->next) {
        if (!is_of(entry, report))
            continue;
        if (entry->supplier != NULL)
            json_array_append_new(suppliers, supplier_json(entry));
        else
            json_object_set_new(json, "master", master_json(entry));
    }
    json_object_set_new(json, "suppliers", suppliers);
    json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(json);
}
