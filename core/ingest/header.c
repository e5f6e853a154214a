/* SPDX-License-Identifier: Apache-2.0 */
/* One row first, by synonyms, then by similarity; then headers of two and three rows. The best score wins, of
 * equal ones the first. A second row that only divides the columns of the first is taken into the header. */
#include "ingest/header.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "ingest/rule_phrases.h"

enum { PHRASES_CEILING = 4 << 20, HEADER_ROWS_MAX = 3, KEPT_CEILING = 8 << 20, SEARCH_MAX = 1000 };

void header_search_begin(struct header_search *search, const struct mapping_request *request,
                         int64_t fixed_line, int64_t rows)
{
    *search = (struct header_search){.request = *request, .arena = ARENA_INIT(KEPT_CEILING)};
    search->fixed_line = fixed_line > 0 ? (uint64_t)fixed_line : 0;
    search->wanted = rows < 1 ? 1 : rows > SEARCH_MAX ? SEARCH_MAX : (size_t)rows;
    if (search->fixed_line > 0)
        search->wanted = HEADER_ROWS_MAX;
}

enum header_step header_search_add(struct header_search *search, const struct sheet_row *row)
{
    if (search->rows == NULL)
        search->rows = calloc(search->wanted, sizeof search->rows[0]);
    if (search->rows == NULL)
        return HEADER_NO_MEMORY;
    if (!sheet_row_copy(&search->arena, row, &search->rows[search->n_rows]))
        return HEADER_NO_MEMORY;
    search->n_rows++;
    bool full = search->arena.total > KEPT_CEILING / 2;
    return search->n_rows == search->wanted || full ? HEADER_READY : HEADER_WANTS_MORE;
}

/* The mapping of `height` rows from `first` on. */
static enum sluice_status try_rows(const struct header_search *search, size_t first, size_t height,
                                   struct mapping **ret_mapping, int *ret_found, struct sluice_error *err)
{
    const struct sluice_cell *rows[HEADER_ROWS_MAX];
    uint32_t widths[HEADER_ROWS_MAX];
    uint64_t lines[HEADER_ROWS_MAX];
    for (size_t i = 0; i < height; i++) {
        rows[i] = search->rows[first + i].cells;
        widths[i] = search->rows[first + i].width;
        lines[i] = search->rows[first + i].line;
    }
    struct mapping_request request = search->request;
    request.rows = rows;
    request.widths = widths;
    request.lines = lines;
    request.n_rows = (uint32_t)height;
    return mapping_find(&request, ret_mapping, ret_found, err);
}

/* What a search has found so far. */
struct candidate {
    struct mapping *mapping;
    size_t first, height;
    int found; /* of the best row that is no header */
    struct sluice_error why_not;
};

static enum sluice_status candidate_try(const struct header_search *search, size_t first, size_t height,
                                        struct candidate *best, struct sluice_error *err)
{
    struct mapping *mapping = NULL;
    struct sluice_error why_not;
    int found = 0;
    enum sluice_status status = try_rows(search, first, height, &mapping, &found, &why_not);
    if (status == SLUICE_DATA && found > best->found) {
        best->found = found;
        best->why_not = why_not;
    }
    if (status == SLUICE_DATA)
        return SLUICE_OK;
    if (status != SLUICE_OK)
        return error_set(err, status, "%s", why_not.message);
    if (best->mapping != NULL && mapping_score(mapping) <= mapping_score(best->mapping)) {
        mapping_free(mapping);
        return SLUICE_OK;
    }
    mapping_free(best->mapping);
    best->mapping = mapping;
    best->first = first;
    best->height = height;
    return SLUICE_OK;
}

static enum sluice_status search_height(struct header_search *search, size_t height, struct candidate *best,
                                        struct sluice_error *err)
{
    size_t starts = search->fixed_line > 0 ? 1 : search->n_rows;
    for (size_t first = 0; first < starts && first + height <= search->n_rows; first++) {
        if (sheet_row_is_blank(&search->rows[first]))
            continue;
        enum sluice_status status = candidate_try(search, first, height, best, err);
        if (status != SLUICE_OK)
            return status;
    }
    return SLUICE_OK;
}

/* Nothing of its own: blank, or the header's cell reaches down into the row. */
static bool has_nothing(const struct sheet_row *row, int column)
{
    struct sluice_cell cell = sheet_row_cell(row, column);
    return (cell.flags & SLUICE_CELL_COVERED) != 0 || text_is_blank(cell);
}

/* A row below the header that names parts of its columns: no SKU, no name, no digit anywhere. */
static bool divides_columns(const struct sheet_row *row, const struct mapping *mapping)
{
    if (sheet_row_is_blank(row) || !has_nothing(row, mapping->field_column[0]) ||
        !has_nothing(row, mapping->field_column[1]))
        return false;
    for (uint32_t i = 0; i < row->width; i++)
        for (uint32_t j = 0; j < row->cells[i].len; j++)
            if (row->cells[i].ptr[j] >= '0' && row->cells[i].ptr[j] <= '9')
                return false;
    return sheet_row_filled(row) > 1;
}

static void extend_below(struct header_search *search, struct candidate *best)
{
    size_t next = best->first + best->height;
    if (best->height > 1 || next >= search->n_rows || !divides_columns(&search->rows[next], best->mapping))
        return;
    struct mapping *mapping = NULL;
    if (try_rows(search, best->first, 2, &mapping, NULL, NULL) != SLUICE_OK)
        return;
    mapping_free(best->mapping);
    best->mapping = mapping;
    best->height = 2;
}

static enum sluice_status no_header(const struct header_search *search, const char *name,
                                    const struct candidate *best, struct sluice_error *err)
{
    const char *advice =
        "; name the header's row and columns in the configuration (ingest: header_row, sku, name, price)";
    if (search->request.rules == master_rules)
        advice = "; the master sheet needs the columns name, url and format";
    if (search->n_rows == 0)
        return error_set(err, SLUICE_DATA, "%s: there are no rows, not even a header%s", name, advice);
    if (best->found == 0)
        return error_set(err, SLUICE_DATA, "%s: no header in rows %llu to %llu%s", name,
                         (unsigned long long)search->rows[0].line,
                         (unsigned long long)search->rows[search->n_rows - 1].line, advice);
    return error_set(err, SLUICE_DATA, "%s: no header was found; nearest: %s%s", name, best->why_not.message,
                     advice);
}

static void candidate_clear(struct candidate *candidate)
{
    mapping_free(candidate->mapping);
}

enum sluice_status header_search_end(const struct header_search *kept, const char *name,
                                     struct mapping **ret_mapping, size_t *ret_after,
                                     struct sluice_error *err)
{
    struct header_search search = *kept;
    _cleanup_(arena_free) struct arena arena = ARENA_INIT(PHRASES_CEILING);
    struct rule_phrases phrases[MAPPING_FIELDS_MAX];
    for (int field = 0; field < search.request.n_fields; field++)
        if (!rule_phrases_read(&search.request.rules[field], &arena, &phrases[field]))
            return error_no_memory(err);
    search.request.phrases = phrases;
    _cleanup_(candidate_clear) struct candidate best = {.mapping = NULL};
    static const struct {
        size_t height;
        bool exact;
    } tries[] = {{1, true}, {1, false}, {2, false}, {3, false}};
    for (size_t i = 0; i < ELEMENTS(tries) && best.mapping == NULL; i++) {
        search.request.exact = tries[i].exact;
        enum sluice_status status = search_height(&search, tries[i].height, &best, err);
        if (status != SLUICE_OK)
            return status;
    }
    if (best.mapping == NULL)
        return no_header(&search, name, &best, err);
    search.request.exact = false;
    extend_below(&search, &best);
    *ret_after = best.first + best.height;
    *ret_mapping = best.mapping;
    best.mapping = NULL;
    return SLUICE_OK;
}

void header_search_free(struct header_search *search)
{
    free(search->rows);
    search->rows = NULL;
    search->n_rows = 0;
    arena_free(&search->arena);
}
