/* SPDX-License-Identifier: Apache-2.0 */
/* preview: the list goes the same way as in a run, but ends in a sink that keeps the first items and rejects.
 */
#include "cli/preview.h"

#include "base/cleanup.h"
#include "base/decimal.h"
#include "base/text.h"
#include "cli/table.h"
#include "ingest/list.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define KEPT_CEILING ((size_t)64 << 20)

struct kept_item {
    uint64_t line;
    const char *sku, *name, *currency, *characteristics;
    char price[DECIMAL_TEXT_SIZE];
};

struct kept_reject {
    const char *address, *code, *field, *message, *excerpt;
};

struct kept {
    struct arena arena;
    uint64_t limit;
    struct kept_item *items;
    struct kept_reject *rejects;
    size_t n_items, n_rejects;
    struct list_sink sink; /* outlives the reader */
    struct list_reader *reader;
    enum sluice_status reject_status; /* of list_reader_reject (), which a source cannot be told */
    struct sluice_error reject_error;
};

static const char *copy(struct arena *arena, struct sluice_cell text)
{
    return arena_copy(arena, text.ptr == NULL ? "" : text.ptr, text.len);
}

static enum sluice_status keep_items(void *context, const struct sluice_item *items, size_t n,
                                     struct sluice_error *err)
{
    struct kept *kept = context;
    for (size_t i = 0; i < n && kept->n_items < kept->limit; i++) {
        struct kept_item *item = &kept->items[kept->n_items++];
        item->line = items[i].line;
        item->sku = copy(&kept->arena, items[i].sku);
        item->name = copy(&kept->arena, items[i].name);
        item->currency = copy(&kept->arena, items[i].currency);
        item->characteristics = copy(&kept->arena, items[i].characteristics);
        decimal_format(items[i].price, item->price);
        if (item->sku == NULL || item->name == NULL || item->currency == NULL ||
            item->characteristics == NULL)
            return error_no_memory(err);
    }
    return SLUICE_OK;
}

static enum sluice_status keep_rejects(void *context, const struct sluice_reject *rejects, size_t n,
                                       struct sluice_error *err)
{
    struct kept *kept = context;
    for (size_t i = 0; i < n && kept->n_rejects < kept->limit; i++) {
        struct kept_reject *reject = &kept->rejects[kept->n_rejects++];
        reject->address = arena_text(&kept->arena, rejects[i].address);
        reject->code = arena_text(&kept->arena, rejects[i].code);
        reject->field = arena_text(&kept->arena, rejects[i].field);
        reject->message = arena_text(&kept->arena, rejects[i].message);
        reject->excerpt = arena_text(&kept->arena, rejects[i].excerpt == NULL ? "" : rejects[i].excerpt);
        if (reject->excerpt == NULL)
            return error_no_memory(err);
    }
    return SLUICE_OK;
}

static void source_reject(void *context, const struct sluice_source_reject *reject)
{
    struct kept *kept = context;
    if (kept->reject_status == SLUICE_OK && kept->reader != NULL)
        kept->reject_status = list_reader_reject(kept->reader, reject, &kept->reject_error);
}

/* ---- As text ---------------------------------------------------------------------------------------------
 */

static void print_columns(const struct mapping *mapping, const struct terminal *terminal)
{
    static const struct table_column titles[] = {{"COLUMN", ALIGN_LEFT},
                                                 {"HEADER", ALIGN_LEFT},
                                                 {"BECOMES", ALIGN_LEFT},
                                                 {"SCORE", ALIGN_RIGHT},
                                                 {"WHY", ALIGN_LEFT}};
    struct table *table = table_new(stdout, titles, ELEMENTS(titles), terminal);
    for (uint32_t i = 0; table != NULL && i < mapping->n_columns; i++) {
        const struct mapping_column *column = &mapping->columns[i];
        char letters[COLUMN_LETTERS_SIZE], score[16] = "";
        column_letters(i, letters);
        if (column->best_field >= 0)
            snprintf(score, sizeof score, "%.2f", column->score);
        const char *becomes = column->key == NULL ? "nothing" : column->key;
        if (column->field >= 0)
            becomes = field_name((enum field)column->field);
        table_texts(table, letters, column->header == NULL ? "" : column->header, becomes, score,
                    column->reason == NULL ? "" : column->reason, NULL);
    }
    table_end(table);
}

static void print_items(const struct kept *kept, const struct terminal *terminal)
{
    static const struct table_column titles[] = {{"LINE", ALIGN_RIGHT}, {"SKU", ALIGN_LEFT},
                                                 {"NAME", ALIGN_LEFT},  {"PRICE", ALIGN_RIGHT},
                                                 {"", ALIGN_LEFT},      {"CHARACTERISTICS", ALIGN_LEFT}};
    struct table *table = table_new(stdout, titles, ELEMENTS(titles), terminal);
    for (size_t i = 0; table != NULL && i < kept->n_items; i++) {
        const struct kept_item *item = &kept->items[i];
        char line[24];
        snprintf(line, sizeof line, "%" PRIu64, item->line);
        table_texts(table, line, item->sku, item->name, item->price, item->currency, item->characteristics,
                    NULL);
    }
    table_end(table);
}

static void print_rejects(const struct kept *kept, const struct terminal *terminal)
{
    static const struct table_column titles[] = {
        {"WHERE", ALIGN_LEFT}, {"CODE", ALIGN_LEFT}, {"RAW", ALIGN_LEFT}, {"WHAT TO DO", ALIGN_LEFT}};
    struct table *table = table_new(stdout, titles, ELEMENTS(titles), terminal);
    for (size_t i = 0; table != NULL && i < kept->n_rejects; i++) {
        const struct kept_reject *reject = &kept->rejects[i];
        table_texts(table, reject->address, reject->code, reject->excerpt, reject->message, NULL);
    }
    table_end(table);
}

static void print_text(const struct preview *preview, const struct list_report *report,
                       const struct kept *kept)
{
    struct terminal terminal =
        terminal_of(stdout, given_flag(preview->invocation, OPTION_NO_COLOR) ? COLOUR_NEVER : COLOUR_AUTO);
    const struct sluice_figures *figures = &report->figures;
    fputs("List:     ", stdout);
    output_text(stdout, text_of(preview->name));
    printf(", read by %s\n", preview->source.plugin.plugin->name);
    for (size_t i = 0; i < report->n_notices; i++)
        printf("Notice:   %s\n", report->notices[i]);
    printf("Header:   line %" PRIu64, report->mapping->header_first_line);
    if (report->mapping->header_last_line != report->mapping->header_first_line)
        printf(" to %" PRIu64, report->mapping->header_last_line);
    printf("\nDecimals: %s\n\n",
           report->decimal_reason == NULL ? "nothing to decide" : report->decimal_reason);
    print_columns(report->mapping, &terminal);
    printf("\n%zu of %" PRIu64 " items:\n", kept->n_items, report->items);
    print_items(kept, &terminal);
    printf("\n%zu of %" PRIu64 " rejects:\n", kept->n_rejects, figures->rejected);
    print_rejects(kept, &terminal);
    printf("\n%" PRIu64 " rows read, %" PRIu64 " skipped, %" PRIu64 " items, %" PRIu64 " rejected\n",
           figures->rows_read, figures->skipped, report->items, figures->rejected);
}

/* ---- As JSON ---------------------------------------------------------------------------------------------
 */

static json_t *items_json(const struct kept *kept)
{
    json_t *array = json_array();
    for (size_t i = 0; i < kept->n_items; i++) {
        const struct kept_item *item = &kept->items[i];
        json_t *characteristics = json_loads(item->characteristics, 0, NULL);
        json_array_append_new(
            array, json_pack("{s:I, s:s, s:s, s:s, s:s, s:o}", "line", (json_int_t)item->line, "sku",
                             item->sku, "name", item->name, "price", item->price, "currency", item->currency,
                             "characteristics", characteristics == NULL ? json_null() : characteristics));
    }
    return array;
}

static json_t *rejects_json(const struct kept *kept)
{
    json_t *array = json_array();
    for (size_t i = 0; i < kept->n_rejects; i++) {
        const struct kept_reject *reject = &kept->rejects[i];
        json_array_append_new(array, json_pack("{s:s?, s:s?, s:s?, s:s?, s:s?}", "address", reject->address,
                                               "code", reject->code, "field", reject->field, "message",
                                               reject->message, "raw", reject->excerpt));
    }
    return array;
}

static json_t *notices_json(const struct list_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_notices; i++)
        json_array_append_new(array, json_string(report->notices[i]));
    return array;
}

static void print_json(const struct preview *preview, const struct list_report *report,
                       const struct kept *kept)
{
    static const char *const marks[] = {"auto", "point", "comma"};
    const struct sluice_figures *figures = &report->figures;
    json_t *json = json_pack("{s:s, s:s, s:o, s:{s:s, s:s?}, s:o, s:o, s:o, s:{s:I, s:I, s:I, s:I, s:I}}",
                             "location", preview->name, "plugin", preview->source.plugin.plugin->name,
                             "mapping", json_loads(report->mapping_json, 0, NULL), "decimal", "mark",
                             marks[report->decimal], "reason", report->decimal_reason, "notices",
                             notices_json(report), "items", items_json(kept), "rejects", rejects_json(kept),
                             "figures", "rows_read", (json_int_t)figures->rows_read, "skipped",
                             (json_int_t)figures->skipped, "items", (json_int_t)report->items, "rejected",
                             (json_int_t)figures->rejected, "rounded", (json_int_t)figures->rounded);
    json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(json);
}

/* ---- Reading ----------------------------------------------------------------------------------------------
 */

static enum sluice_status read_all(struct list_source *list, struct kept *kept, struct sluice_error *err)
{
    enum sluice_status status = SLUICE_OK;
    while (status == SLUICE_OK) {
        const struct sluice_batch *batch = NULL;
        status = list_source_next(list, &batch, err);
        if (status != SLUICE_OK)
            break;
        status = list_reader_batch(kept->reader, batch, err);
        batch->release(batch);
        if (kept->reject_status != SLUICE_OK)
            return error_set(err, kept->reject_status, "%s", kept->reject_error.message);
    }
    return status == SLUICE_END ? SLUICE_OK : status;
}

static enum sluice_status read_and_print(const struct preview *preview, struct kept *kept,
                                         struct list_source *list, struct sluice_error *err)
{
    kept->sink = (struct list_sink){kept, keep_items, keep_rejects};
    const struct list_report *report = NULL;
    enum sluice_status status = list_reader_new(preview->source.ingest, preview->name, list->description,
                                                &kept->sink, &kept->reader, err);
    if (status == SLUICE_OK)
        status = read_all(list, kept, err);
    if (status == SLUICE_OK)
        status = list_reader_finish(kept->reader, &report, err);
    if (status != SLUICE_OK)
        return status;
    if (given_flag(preview->invocation, OPTION_JSON))
        print_json(preview, report, kept);
    else
        print_text(preview, report, kept);
    return SLUICE_OK;
}

enum sluice_status preview_mapped(const struct preview *preview, struct sluice_error *err)
{
    _cleanup_(list_source_close) struct list_source list = {0};
    struct kept kept = {.arena = ARENA_INIT(KEPT_CEILING), .limit = preview->limit};
    kept.items = calloc(kept.limit + 1, sizeof *kept.items);
    kept.rejects = calloc(kept.limit + 1, sizeof *kept.rejects);
    const struct list_rejects rejects = {source_reject, &kept};
    enum sluice_status status =
        kept.items == NULL || kept.rejects == NULL
            ? error_set(err, SLUICE_CONFIG, "that many rows do not fit into memory; lower --limit")
            : list_source_open(preview->composition, &preview->source, preview->location, &rejects, &list,
                               err);
    if (status == SLUICE_OK)
        status = read_and_print(preview, &kept, &list, err);
    list_reader_free(kept.reader);
    free(kept.items);
    free(kept.rejects);
    arena_free(&kept.arena);
    return status;
}
