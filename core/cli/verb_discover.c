/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discover: which tabs an address has, and the header that each of them seems to have. The guess is ingest's
 * own, made from the first rows; hidden tabs are not read, and no more than a few others.
 */
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/list_source.h"
#include "cli/stop_signals.h"
#include "cli/table.h"
#include "cli/target.h"
#include "host/location.h"
#include "ingest/list.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { GUESSED_TABS = 8, GUESSED_ROWS = 500, MOST_TABS = 10000, HEADER_TEXT_SIZE = 1024 };

struct found_tab {
    const char *title, *id;
    uint64_t n_rows, n_columns;
    bool hidden;
    uint64_t header_line; /* 0: not found or not looked for */
    const char *header;   /* "A SKU (sku), B Name (name)", or why there is none; NULL: not looked for */
};

struct discovering {
    const struct invocation *invocation;
    struct composition *composition;
    struct sync_source source;
    struct target target;
    struct found_tab *tabs;
    size_t n_tabs, capacity;
    bool failed; /* no memory */
};

/* ---- Tabs ---- */

static void keep_tab(void *context, const struct sluice_discovery *discovery)
{
    struct discovering *all = context;
    struct arena *arena = &all->composition->arena;
    if (all->n_tabs == MOST_TABS)
        return;
    if (all->n_tabs == all->capacity) {
        size_t capacity = all->capacity * 2 + 16;
        struct found_tab *grown = realloc(all->tabs, capacity * sizeof *grown);
        all->failed = all->failed || grown == NULL;
        if (grown == NULL)
            return;
        all->tabs = grown;
        all->capacity = capacity;
    }
    all->tabs[all->n_tabs++] = (struct found_tab){
        .title = arena_text(arena, discovery->title == NULL ? "" : discovery->title),
        .id = arena_text(arena, discovery->id == NULL ? "" : discovery->id),
        .n_rows = discovery->n_rows,
        .n_columns = discovery->n_columns,
        .hidden = discovery->hidden != 0,
    };
}

/* A source without discover () reads lists that have no tabs. */
static enum sluice_status ask_source(struct discovering *all, struct sluice_error *err)
{
    const struct sync_plugin *plugin = &all->source.plugin;
    const struct sluice_discovery whole = {.struct_size = sizeof whole, .title = ""};
    struct instance *instance = NULL;
    if (plugin->plugin->source->discover == NULL) {
        keep_tab(all, &whole);
        return SLUICE_OK;
    }
    enum sluice_status status = instance_create(&all->composition->services, plugin->plugin, plugin->options,
                                                plugin->plugin->name, &instance, err);
    if (status != SLUICE_OK)
        return status;
    status = plugin->plugin->source->discover(instance->self, all->target.location, keep_tab, all, err);
    instance_destroy(instance);
    return status == SLUICE_OK && all->failed ? error_no_memory(err) : status;
}

/* ---- Headers ---- */

static enum sluice_status drop_items(void *context, const struct sluice_item *items, size_t n,
                                     struct sluice_error *err)
{
    (void)context, (void)items, (void)n, (void)err;
    return SLUICE_OK;
}

static enum sluice_status drop_rejects(void *context, const struct sluice_reject *rejects, size_t n,
                                       struct sluice_error *err)
{
    (void)context, (void)rejects, (void)n, (void)err;
    return SLUICE_OK;
}

static const char *header_text(struct arena *arena, const struct mapping *mapping)
{
    char text[HEADER_TEXT_SIZE] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < mapping->n_columns && used + 160 < sizeof text; i++) {
        const struct mapping_column *column = &mapping->columns[i];
        char letters[COLUMN_LETTERS_SIZE];
        column_letters(i, letters);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %.80s", used > 0 ? ", " : "", letters,
                                 column->header == NULL ? "" : column->header);
        if (column->field >= 0)
            used += (size_t)snprintf(text + used, sizeof text - used, " (%s)",
                                     field_name((enum field)column->field));
    }
    return arena_text(arena, text);
}

static enum sluice_status read_some(struct list_source *list, struct list_reader *reader, uint64_t *rows,
                                    struct sluice_error *err)
{
    const struct sluice_batch *batch = NULL;
    enum sluice_status status = list_source_next(list, &batch, err);
    if (status != SLUICE_OK)
        return status;
    *rows += batch->n_rows;
    status = list_reader_batch(reader, batch, err);
    batch->release(batch);
    return status;
}

/* The mapping of the first rows. */
static enum sluice_status guess(struct discovering *all, const struct sync_source *source,
                                struct found_tab *tab, struct sluice_error *err)
{
    _cleanup_(list_source_close) struct list_source list = {0};
    const struct list_sink sink = {.items = drop_items, .rejects = drop_rejects};
    const struct list_report *report = NULL;
    struct list_reader *reader = NULL;
    enum sluice_status status =
        list_source_open(all->composition, source, all->target.location, NULL, &list, err);
    if (status == SLUICE_OK)
        status = list_reader_new(source->ingest, tab->title, list.description, &sink, &reader, err);
    for (uint64_t rows = 0; status == SLUICE_OK && rows < GUESSED_ROWS;)
        status = read_some(&list, reader, &rows, err);
    if (status == SLUICE_OK || status == SLUICE_END)
        status = list_reader_finish(reader, &report, err);
    if (status == SLUICE_OK) {
        tab->header_line = report->mapping->header_first_line;
        tab->header = header_text(&all->composition->arena, report->mapping);
    }
    list_reader_free(reader);
    return status;
}

/* The source with the tab's title as its option `sheet`, where there is one to choose. */
static enum sluice_status tab_source(struct discovering *all, const struct found_tab *tab,
                                     struct sync_source *ret_source, struct sluice_error *err)
{
    if (tab->title[0] == '\0') {
        *ret_source = all->source;
        return SLUICE_OK;
    }
    const char *assignment = arena_printf(&all->composition->arena, "sheet=%s", tab->title);
    if (assignment == NULL)
        return error_no_memory(err);
    return source_book_assign(all->composition->book, &all->source, &assignment, 1, ret_source, err);
}

/* Why one tab has no header is said with it: it is no failure. Cancelling is. */
static enum sluice_status guess_all(struct discovering *all, struct sluice_error *err)
{
    size_t guessed = 0;
    for (size_t i = 0; i < all->n_tabs && guessed < GUESSED_TABS; i++) {
        struct found_tab *tab = &all->tabs[i];
        struct sync_source source;
        struct sluice_error why = {0};
        if (tab->hidden)
            continue;
        guessed++;
        enum sluice_status status = tab_source(all, tab, &source, &why);
        if (status == SLUICE_OK)
            status = guess(all, &source, tab, &why);
        if (status == SLUICE_CANCELLED) {
            *err = why;
            return status;
        }
        if (status != SLUICE_OK)
            tab->header = arena_text(&all->composition->arena, why.message);
    }
    return SLUICE_OK;
}

/* ---- Printing ---- */

static void print_text(const struct discovering *all)
{
    static const struct table_column titles[] = {
        {"TAB", ALIGN_LEFT},    {"ID", ALIGN_LEFT},    {"ROWS", ALIGN_RIGHT}, {"COLUMNS", ALIGN_RIGHT},
        {"HIDDEN", ALIGN_LEFT}, {"LINE", ALIGN_RIGHT}, {"HEADER", ALIGN_LEFT}};
    struct terminal terminal =
        terminal_of(stdout, given_flag(all->invocation, OPTION_NO_COLOR) ? COLOUR_NEVER : COLOUR_AUTO);
    struct table *table = table_new(stdout, titles, ELEMENTS(titles), &terminal);
    for (size_t i = 0; table != NULL && i < all->n_tabs; i++) {
        const struct found_tab *tab = &all->tabs[i];
        char rows[24] = "", columns[24] = "", line[24] = "";
        if (tab->n_columns > 0) {
            snprintf(rows, sizeof rows, "%" PRIu64, tab->n_rows);
            snprintf(columns, sizeof columns, "%" PRIu64, tab->n_columns);
        }
        if (tab->header_line > 0)
            snprintf(line, sizeof line, "%" PRIu64, tab->header_line);
        table_texts(table, tab->title, tab->id, rows, columns, tab->hidden ? "yes" : "", line,
                    tab->header == NULL ? "" : tab->header, NULL);
    }
    table_end(table);
}

static void print_json(const struct discovering *all, const char *name)
{
    json_t *tabs = json_array();
    for (size_t i = 0; i < all->n_tabs; i++) {
        const struct found_tab *tab = &all->tabs[i];
        bool known = tab->header_line > 0;
        json_array_append_new(
            tabs, json_pack("{s:s, s:s, s:I, s:I, s:b, s:I, s:s?, s:s?}", "title", tab->title, "id", tab->id,
                            "rows", (json_int_t)tab->n_rows, "columns", (json_int_t)tab->n_columns, "hidden",
                            (int)tab->hidden, "header_line", (json_int_t)tab->header_line, "header",
                            known ? tab->header : NULL, "no_header_because", known ? NULL : tab->header));
    }
    json_t *json = json_pack("{s:s, s:s, s:o}", "location", name, "plugin", all->source.plugin.plugin->name,
                             "tabs", tabs);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

enum exit_code verb_discover(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct discovering all = {.invocation = invocation, .composition = &composition};
    struct sluice_error err = {0};
    char name[LOCATION_NAME_SIZE];
    enum exit_code code = compose_open(invocation, &composition);
    if (code != EXIT_DONE)
        return code;
    struct stop_signals *signals = stop_signals_begin(composition.services.cancel);
    enum sluice_status status = target_find(invocation, &composition, &all.target, &err);
    if (status == SLUICE_OK)
        status = target_source(invocation, &composition, &all.target, &all.source, &err);
    if (status == SLUICE_OK)
        status = ask_source(&all, &err);
    if (status == SLUICE_OK)
        status = guess_all(&all, &err);
    if (status == SLUICE_OK) {
        location_name(all.target.location, name);
        given_flag(invocation, OPTION_JSON) ? print_json(&all, name) : print_text(&all);
    }
    stop_signals_end(signals);
    free(all.tabs);
    return status == SLUICE_OK ? EXIT_DONE : output_error(&err);
}
