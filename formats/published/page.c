/* SPDX-License-Identifier: Apache-2.0 */
/* Rows get their columns here: what spans from above takes its place first. */
#include "page.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "formats/batch.h"
#include "parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* What reaches into the coming rows of a column. */
struct reaching {
    const struct page_cell *cell;
    uint32_t rows_left;
};

struct page_reader {
    struct page page;
    const struct page_tab *tab;
    const struct page_row *next;
    struct page_options options;
    struct batch_text *text; /* of nothing: cells are copied into their batch */
    struct batch_pool *pool;
    uint64_t line; /* of the row before */
    uint32_t width;
    uint32_t n_cells;
    const char *code; /* why the row is not yielded, or NULL */
    bool is_blank;
    struct reaching reaching[PAGE_COLUMNS];
    struct sluice_cell row[PAGE_COLUMNS];
};

/* ---- Tabs ---- */

static enum sluice_status tab_missing(const struct page *page, const char *wanted, struct sluice_error *err)
{
    char list[512] = "";
    size_t used = 0;
    for (const struct page_tab *tab = page->tabs; tab != NULL && used + 140 < sizeof list; tab = tab->next)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s'%.80s' (gid %s)", used > 0 ? ", " : "",
                             tab->title == NULL ? "" : tab->title, tab->gid == NULL ? "unknown" : tab->gid);
    return error_set(err, SLUICE_CONFIG, "there is no tab '%.100s' on the page; its tabs are %s", wanted,
                     list);
}

static bool names(const char *wanted, const char *there)
{
    return wanted != NULL && *wanted != '\0' && there != NULL && strcmp(wanted, there) == 0;
}

static enum sluice_status tab_choose(const struct page *page, const struct page_options *options,
                                     const struct page_tab **ret_tab, struct sluice_error *err)
{
    bool by_gid = options->gid != NULL && *options->gid != '\0';
    bool by_title = !by_gid && options->title != NULL && *options->title != '\0';
    const struct page_tab *tab = page->tabs;
    if (tab == NULL)
        return error_set(err, SLUICE_DATA,
                         "the page holds no table; publish the sheet again, as a web page or CSV");
    if (by_gid && page->n_tabs == 1 && tab->gid == NULL) {
        *ret_tab = tab; /* an answer to a request for that tab alone */
        return SLUICE_OK;
    }
    while (tab != NULL &&
           ((by_gid && !names(options->gid, tab->gid)) || (by_title && !names(options->title, tab->title))))
        tab = tab->next;
    if (tab == NULL)
        return tab_missing(page, by_gid ? options->gid : options->title, err);
    *ret_tab = tab;
    return SLUICE_OK;
}

/* ---- One row ---- */

static void place(struct page_reader *reader, const struct page_cell *cell, uint32_t flags)
{
    if (reader->n_cells == PAGE_COLUMNS) {
        reader->code = "too_many_columns";
        return;
    }
    if (cell->len > PAGE_CELL_BYTES)
        reader->code = "field_too_large";
    if (flags == 0 && cell->len > 0)
        reader->is_blank = false;
    reader->row[reader->n_cells++] = (struct sluice_cell){cell->text, cell->len, flags};
}

/* Columns that something from above reaches into come first. */
static void place_reaching(struct page_reader *reader)
{
    while (reader->n_cells < PAGE_COLUMNS && reader->reaching[reader->n_cells].rows_left > 0) {
        struct reaching *reaching = &reader->reaching[reader->n_cells];
        reaching->rows_left--;
        place(reader, reaching->cell, SLUICE_CELL_COVERED);
    }
}

static void place_own(struct page_reader *reader, const struct page_cell *cell)
{
    for (uint32_t i = 0; i < cell->columns && reader->n_cells < PAGE_COLUMNS; i++) {
        reader->reaching[reader->n_cells] = (struct reaching){cell, cell->rows - 1u};
        place(reader, cell, i == 0 ? 0 : SLUICE_CELL_COVERED);
    }
}

/* Behind the last own cell: what reaches in further right, with gaps between. */
static void place_rest(struct page_reader *reader)
{
    static const struct page_cell nothing = {.text = NULL};
    uint32_t end = reader->n_cells;
    for (uint32_t i = reader->n_cells; i < PAGE_COLUMNS; i++)
        if (reader->reaching[i].rows_left > 0)
            end = i + 1;
    while (reader->n_cells < end) {
        place_reaching(reader);
        if (reader->n_cells < end)
            place(reader, &nothing, 0);
    }
}

static void row_make(struct page_reader *reader, const struct page_row *row)
{
    reader->n_cells = 0;
    reader->code = NULL;
    reader->is_blank = true;
    for (const struct page_cell *cell = row->cells; cell != NULL; cell = cell->next) {
        place_reaching(reader);
        if (reader->n_cells == PAGE_COLUMNS)
            reader->code = "too_many_columns";
        place_own(reader, cell);
    }
    place_rest(reader);
    uint64_t counted = reader->line + 1;
    reader->line = row->line >= counted ? row->line : counted;
}

static void row_reject(const struct page_reader *reader)
{
    char message[128];
    if (reader->options.reject == NULL)
        return;
    snprintf(message, sizeof message,
             "the row has more than %d columns or a cell of more than 64 KiB; shorten it", PAGE_COLUMNS);
    const struct sluice_source_reject reject = {.struct_size = sizeof reject,
                                                .line = reader->line,
                                                .code = reader->code,
                                                .message = message,
                                                .excerpt = reader->row[0]};
    reader->options.reject(reader->options.reject_context, &reject);
}

/* ---- Batches ---- */

static bool batch_add(struct page_reader *reader, struct batch *batch, bool hidden)
{
    struct sluice_cell *cells = batch->cells + (size_t)batch->public.n_rows * reader->width;
    for (uint32_t i = 0; i < reader->width; i++) {
        cells[i] = i < reader->n_cells ? reader->row[i] : (struct sluice_cell){0};
        if (cells[i].ptr == NULL)
            continue;
        cells[i].ptr = arena_copy(&batch->arena, cells[i].ptr, cells[i].len);
        if (cells[i].ptr == NULL)
            return false;
    }
    uint32_t n = batch->public.n_rows++;
    batch->public.n_columns = reader->width;
    batch->lines[n] = reader->line;
    batch->flags[n] = (reader->is_blank ? SLUICE_ROW_BLANK : 0) | (hidden ? SLUICE_ROW_HIDDEN : 0);
    return true;
}

static bool batch_has_room(const struct page_reader *reader, const struct batch *batch)
{
    return batch->public.n_rows < BATCH_ROWS && batch->arena.total <= BATCH_ARENA_BYTES &&
           ((uint64_t)batch->public.n_rows + 1) * reader->width <= BATCH_CELLS;
}

enum sluice_status page_next(struct page_reader *reader, const struct sluice_batch **ret_batch,
                             struct sluice_error *err)
{
    struct batch *batch = batch_pool_take(reader->pool, reader->text);
    if (batch == NULL)
        return error_no_memory(err);
    bool stored = true;
    while (stored && reader->next != NULL && batch_has_room(reader, batch)) {
        const struct page_row *row = reader->next;
        reader->next = row->next;
        row_make(reader, row);
        if (reader->code != NULL)
            row_reject(reader);
        else
            stored = batch_add(reader, batch, row->hidden);
    }
    if (stored && batch->public.n_rows > 0) {
        *ret_batch = &batch->public;
        return SLUICE_OK;
    }
    batch->public.release(&batch->public);
    return stored ? SLUICE_END : error_no_memory(err);
}

/* ---- Life ---- */

/* The width of the widest row with what reaches into it: all rows are laid out once. */
static uint32_t width_of(struct page_reader *reader)
{
    uint32_t width = 1;
    for (const struct page_row *row = reader->tab->rows; row != NULL; row = row->next) {
        row_make(reader, row);
        width = reader->n_cells > width ? reader->n_cells : width;
    }
    memset(reader->reaching, 0, sizeof reader->reaching);
    reader->line = 0;
    return width;
}

enum sluice_status page_open(const char *text, uint64_t size, const struct page_options *options,
                             struct page_reader **ret_reader, struct sluice_error *err)
{
    struct page_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return error_no_memory(err);
    enum sluice_status status = page_parse(text, size, &reader->page, err);
    if (status == SLUICE_OK)
        status = tab_choose(&reader->page, options, &reader->tab, err);
    if (status == SLUICE_OK) {
        reader->options = *options;
        reader->next = reader->tab->rows;
        reader->width = width_of(reader);
        reader->text = batch_text_of(NULL);
        reader->pool = batch_pool_new(BATCH_CELLS + PAGE_COLUMNS);
        if (reader->text == NULL || reader->pool == NULL)
            status = error_no_memory(err);
    }
    if (status != SLUICE_OK) {
        page_close(reader);
        return status;
    }
    *ret_reader = reader;
    return SLUICE_OK;
}

void page_close(struct page_reader *reader)
{
    if (reader == NULL)
        return;
    batch_text_release(reader->text);
    batch_pool_release(reader->pool);
    page_free(&reader->page);
    free(reader);
}

const char *page_title(const struct page_reader *reader)
{
    return reader->page.title;
}

const char *page_sheet(const struct page_reader *reader)
{
    return reader->tab->title;
}

size_t page_tabs(const struct page_reader *reader)
{
    return reader->page.n_tabs;
}

void page_hash(const struct page_reader *reader, char ret_hash[33])
{
    XXH3_state_t *state = XXH3_createState();
    ret_hash[0] = '\0';
    if (state == NULL)
        return;
    XXH3_128bits_reset(state);
    for (const struct page_row *row = reader->tab->rows; row != NULL; row = row->next) {
        const uint64_t about[] = {row->line, row->hidden};
        XXH3_128bits_update(state, about, sizeof about);
        for (const struct page_cell *cell = row->cells; cell != NULL; cell = cell->next) {
            const uint32_t shape[] = {cell->columns, cell->rows, cell->len};
            XXH3_128bits_update(state, shape, sizeof shape);
            XXH3_128bits_update(state, cell->text, cell->len);
        }
    }
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    snprintf(ret_hash, 33, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64, (uint64_t)hash.low64);
}

enum sluice_status page_discover(const char *text, uint64_t size,
                                 void (*found)(void *context, const struct sluice_discovery *discovery),
                                 void *context, struct sluice_error *err)
{
    _cleanup_(page_free) struct page page = {0};
    enum sluice_status status = page_parse(text, size, &page, err);
    if (status != SLUICE_OK)
        return status;
    for (const struct page_tab *tab = page.tabs; tab != NULL; tab = tab->next) {
        const struct sluice_discovery discovery = {.struct_size = sizeof discovery,
                                                   .title = tab->title == NULL ? "" : tab->title,
                                                   .id = tab->gid == NULL ? "" : tab->gid,
                                                   .n_rows = tab->n_rows,
                                                   .n_columns = tab->n_columns};
        found(context, &discovery);
    }
    return SLUICE_OK;
}
