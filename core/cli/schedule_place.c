/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/schedule_place.h"

#include <stdio.h>
#include <stdlib.h>

static enum sluice_status open_book(struct schedule_place *place, struct sluice_error *err)
{
    enum sluice_status status = store_reader_open(&place->composition, &place->reader, err);
    if (status == SLUICE_OK)
        place->book = (struct schedule_book){.calls = place->reader.calls,
                                             .self = place->reader.instance->self,
                                             .random = place->composition.services.random};
    return status;
}

static enum exit_code open_place(const struct invocation *invocation, struct schedule_place *ret_place,
                                 enum sluice_status *ret_status, struct sluice_error *err)
{
    *ret_place = (struct schedule_place){.schedule = NULL};
    enum exit_code code = compose_open(invocation, &ret_place->composition);
    if (code != EXIT_DONE)
        return code;
    ret_place->schedule = ret_place->composition.schedule;
    *ret_status = open_book(ret_place, err);
    return EXIT_DONE;
}

enum exit_code schedule_place_open(const struct invocation *invocation, struct schedule_place *ret_place)
{
    struct sluice_error err = {0};
    enum sluice_status status = SLUICE_OK;
    enum exit_code code = open_place(invocation, ret_place, &status, &err);
    return code == EXIT_DONE && status != SLUICE_OK ? output_error(&err) : code;
}

enum exit_code schedule_place_try(const struct invocation *invocation, struct schedule_place *ret_place)
{
    struct sluice_error err = {0};
    enum sluice_status status = SLUICE_OK;
    enum exit_code code = open_place(invocation, ret_place, &status, &err);
    bool failed = status != SLUICE_OK && status != SLUICE_END;
    return code == EXIT_DONE && failed ? output_error(&err) : code;
}

void schedule_place_close(struct schedule_place *place)
{
    store_reader_close(&place->reader);
    compose_close(&place->composition);
}

/* ---- A schedule that was never used ---------------------------------------------------------------- */

static enum sluice_status unused_clock(void *self, int64_t *ret_now_us, struct sluice_error *err)
{
    const struct clock *clock = clock_system();
    (void)self;
    (void)err;
    *ret_now_us = clock->wall_us(clock);
    return SLUICE_OK;
}

static enum sluice_status unused_get(void *self, const char *name,
                                     const struct sluice_schedule **ret_schedule, struct sluice_error *err)
{
    (void)self;
    (void)name;
    (void)ret_schedule;
    (void)err;
    return SLUICE_END;
}

enum sluice_status schedule_place_peek(const struct schedule_place *place, struct schedule_look *ret_look,
                                       struct sluice_error *err)
{
    static const struct sluice_store no_store = {
        .struct_size = sizeof no_store, .clock = unused_clock, .schedule_get = unused_get};
    static const struct schedule_book no_book = {.calls = &no_store};
    return schedule_peek(place->schedule, place->book.calls == NULL ? &no_book : &place->book, ret_look, err);
}

/* ---- Rows ------------------------------------------------------------------------------------------ */

struct search {
    int64_t at_us;
    struct tick_row row;
    bool found;
};

static void copy_cell(char *ret_text, size_t size, struct sluice_cell cell)
{
    snprintf(ret_text, size, "%.*s", (int)cell.len, cell.ptr == NULL ? "" : cell.ptr);
}

/* Rows come newest first. */
static enum sluice_status find_tick(void *context, const struct sluice_column *columns,
                                    const struct sluice_cell *cells, size_t n)
{
    struct search *search = context;
    struct tick_row *row = &search->row;
    char text[TIME_TEXT_SIZE];
    copy_cell(text, sizeof text, column_cell(columns, cells, n, "nominal_at"));
    if (!time_parse(text, &row->nominal_us) || row->nominal_us > search->at_us)
        return SLUICE_OK;
    copy_cell(row->state, sizeof row->state, column_cell(columns, cells, n, "state"));
    copy_cell(row->run_id, sizeof row->run_id, column_cell(columns, cells, n, "run_id"));
    copy_cell(text, sizeof text, column_cell(columns, cells, n, "count"));
    row->count = strtoull(text, NULL, 10);
    search->found = true;
    return SLUICE_END;
}

enum sluice_status schedule_place_tick(const struct schedule_place *place, int64_t at_us,
                                       struct tick_row *ret_row, struct sluice_error *err)
{
    struct search search = {.at_us = at_us};
    const struct sluice_query query = {
        .struct_size = sizeof query, .what = SLUICE_QUERY_TICKS, .key = SCHEDULE_NAME};
    const struct sluice_sink sink = {&search, find_tick};
    if (place->book.calls == NULL)
        return SLUICE_END;
    enum sluice_status status = store_reader_query(&place->reader, &query, &sink, err);
    if (status == SLUICE_OK && search.found)
        *ret_row = search.row;
    return status == SLUICE_OK && !search.found ? SLUICE_END : status;
}
