/* SPDX-License-Identifier: Apache-2.0 */
/* Scores every column for every field, then gives the surest pairs away first. A pair that another column or
 * field comes close to is given to nobody, unless a synonym decides it word for word. */
#include "ingest/mapping.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "ingest/column_keys.h"
#include "ingest/column_match.h"
#include "ingest/fold.h"
#include "ingest/header_text.h"
#include "ingest/options.h"

#include <stdio.h>
#include <string.h>

enum { MAPPING_CEILING = 64 << 20, HEADER_CEILING = 4 << 20, SCORED_COLUMNS = 1024 };

/* What is only needed while a mapping is made. */
struct draft {
    const struct mapping_request *request;
    struct mapping *mapping;
    struct header_words *words; /* of each column */
    struct match *matches;      /* n_fields of each column */
    struct rule_phrases phrases[MAPPING_FIELDS_MAX];
};

static struct match *match_of(const struct draft *draft, uint32_t column, int field)
{
    return draft->matches + (size_t)column * (size_t)draft->mapping->n_fields + field;
}

static bool is_open(const struct draft *draft, uint32_t column, int field)
{
    return draft->mapping->columns[column].field < 0 && draft->mapping->field_column[field] < 0;
}

static bool is_exact(const struct match *match)
{
    return match->how == MATCH_NAMED || match->how == MATCH_SYNONYM;
}

/* Named columns first, then by score, then by the order of synonyms. */
static bool is_better(const struct match *a, const struct match *b)
{
    if ((a->how == MATCH_NAMED) != (b->how == MATCH_NAMED))
        return a->how == MATCH_NAMED;
    if (a->score != b->score)
        return a->score > b->score;
    return a->order < b->order;
}

/* ---- Scoring ----------------------------------------------------------------------------------------- */

/* The position of this header in the operator's list, or -1. */
static int named_position(const struct sluice_list *list, const char *header)
{
    if (list == NULL || list->n_items == 0)
        return -1;
    char folded[FOLD_WORD_SIZE], item[FOLD_WORD_SIZE];
    fold_word(text_of(header), folded);
    for (size_t i = 0; i < list->n_items; i++) {
        fold_word(text_of(list->items[i]), item);
        if (strcmp(item, folded) == 0 && item[0] != '\0')
            return (int)i;
    }
    return -1;
}

static bool has_named(const struct mapping_request *request)
{
    for (int field = 0; field < request->n_fields; field++)
        if (request->named[field] != NULL && request->named[field]->n_items > 0)
            return true;
    return false;
}

static void column_score(const struct draft *draft, uint32_t i)
{
    struct mapping_column *column = &draft->mapping->columns[i];
    for (int field = 0; field < draft->mapping->n_fields; field++) {
        struct match *match = match_of(draft, i, field);
        int position = named_position(draft->request->named[field], column->header);
        if (position >= 0)
            *match =
                (struct match){.how = MATCH_NAMED, .score = 1, .order = position, .word = column->header};
        else if (i < SCORED_COLUMNS)
            *match = column_match(&draft->phrases[field], &draft->words[i], draft->request->exact);
        if (match->score > column->score) {
            column->score = match->score;
            column->best_field = field;
        }
    }
}

/* ---- Choosing ---------------------------------------------------------------------------------------- */

static bool best_pair(const struct draft *draft, const bool *refused, uint32_t *ret_column, int *ret_field)
{
    const struct match *best = NULL;
    for (uint32_t i = 0; i < draft->mapping->n_columns; i++) {
        for (int field = 0; field < draft->mapping->n_fields; field++) {
            const struct match *match = match_of(draft, i, field);
            if (match->score < MATCH_FLOOR || refused[field] || !is_open(draft, i, field))
                continue;
            if (best != NULL && !is_better(match, best))
                continue;
            best = match;
            *ret_column = i;
            *ret_field = field;
        }
    }
    return best != NULL;
}

/* The column that comes too close to this pair, or n_columns. */
static uint32_t rival_column(const struct draft *draft, uint32_t column, int field)
{
    const struct match *match = match_of(draft, column, field);
    for (uint32_t i = 0; i < draft->mapping->n_columns && !is_exact(match); i++)
        if (i != column && is_open(draft, i, field) &&
            match_of(draft, i, field)->score > match->score - MATCH_MARGIN)
            return i;
    return draft->mapping->n_columns;
}

static bool has_rival_field(const struct draft *draft, uint32_t column, int field)
{
    const struct match *match = match_of(draft, column, field);
    for (int other = 0; other < draft->mapping->n_fields && match->how == MATCH_SIMILAR; other++)
        if (other != field && is_open(draft, column, other) &&
            match_of(draft, column, other)->score > match->score - MATCH_MARGIN)
            return true;
    return false;
}

static const char *chosen_reason(struct arena *arena, const struct match *match)
{
    switch (match->how) {
    case MATCH_NAMED:
        return "named in the configuration";
    case MATCH_CURRENCY:
        return arena_printf(arena, "synonym «%s» with a currency", match->word);
    case MATCH_NEUTRAL:
        return arena_printf(arena, "synonym «%s» with words that change nothing", match->word);
    case MATCH_SIMILAR:
        return arena_printf(arena, "similar to «%s»", match->word);
    default:
        return arena_printf(arena, "synonym «%s»", match->word);
    }
}

static const char *too_close(struct arena *arena, uint32_t column)
{
    char letters[COLUMN_LETTERS_SIZE];
    column_letters(column, letters);
    return arena_printf(arena, "too close to column %s", letters);
}

static void fields_choose(const struct draft *draft)
{
    struct mapping *mapping = draft->mapping;
    bool refused[MAPPING_FIELDS_MAX] = {false};
    uint32_t column = 0;
    int field = 0;
    while (best_pair(draft, refused, &column, &field)) {
        uint32_t rival = rival_column(draft, column, field);
        if (rival < mapping->n_columns) {
            mapping->columns[column].reason = too_close(&mapping->arena, rival);
            mapping->columns[rival].reason = too_close(&mapping->arena, column);
        }
        refused[field] = rival < mapping->n_columns || has_rival_field(draft, column, field);
        if (refused[field])
            continue;
        struct match *match = match_of(draft, column, field);
        mapping->field_column[field] = (int)column;
        mapping->columns[column].field = field;
        mapping->columns[column].best_field = field;
        mapping->columns[column].score = match->score;
        mapping->columns[column].reason = chosen_reason(&mapping->arena, match);
        if (field == FIELD_PRICE && mapping->rules == list_rules)
            memcpy(mapping->currency, draft->words[column].currency, CURRENCY_SIZE);
    }
}

/* ---- What the other columns become -------------------------------------------------------------------- */

static const char *other_reason(const struct draft *draft, uint32_t i)
{
    struct mapping *mapping = draft->mapping;
    const struct mapping_column *column = &mapping->columns[i];
    if (column->header[0] == '\0')
        return "no header";
    for (int field = 0; field < mapping->n_fields; field++) {
        const struct match *match = match_of(draft, i, field);
        if (match->how == MATCH_NEGATIVE)
            return arena_printf(&mapping->arena, "%s: %s", mapping->rules[field].is_not, match->word);
    }
    if (column->best_field >= 0 && column->score >= MATCH_FLOOR &&
        mapping->field_column[column->best_field] >= 0) {
        char letters[COLUMN_LETTERS_SIZE];
        column_letters((uint32_t)mapping->field_column[column->best_field], letters);
        return arena_printf(&mapping->arena, "the %s is column %s", mapping->rules[column->best_field].name,
                            letters);
    }
    return "no known field";
}

static bool columns_name(const struct draft *draft)
{
    struct mapping *mapping = draft->mapping;
    if (!column_keys_make(mapping))
        return false;
    for (uint32_t i = 0; i < mapping->n_columns; i++) {
        struct mapping_column *column = &mapping->columns[i];
        bool ignored = column->field < 0 && named_position(draft->request->ignore, column->header) >= 0;
        if (ignored)
            column->reason = "left out by the configuration";
        if (column->reason == NULL)
            column->reason = other_reason(draft, i);
        if (ignored || column->field >= 0)
            column->key = NULL;
    }
    return true;
}

/* ---- Making -------------------------------------------------------------------------------------------- */

static bool phrases_fill(struct draft *draft)
{
    for (int field = 0; field < draft->request->n_fields; field++) {
        if (draft->request->phrases != NULL)
            draft->phrases[field] = draft->request->phrases[field];
        else if (!rule_phrases_read(&draft->request->rules[field], &draft->mapping->arena,
                                    &draft->phrases[field]))
            return false;
    }
    return true;
}

static bool draft_fill(struct draft *draft, struct mapping *mapping)
{
    const struct mapping_request *request = draft->request;
    for (uint32_t row = 0; row < request->n_rows; row++)
        if (request->widths[row] > mapping->n_columns)
            mapping->n_columns = request->widths[row];
    size_t n = (size_t)mapping->n_columns + 1;
    mapping->columns = arena_alloc(&mapping->arena, n * sizeof mapping->columns[0]);
    draft->words = calloc(n, sizeof draft->words[0]);
    draft->matches = calloc(n * (size_t)mapping->n_fields, sizeof draft->matches[0]);
    if (mapping->columns == NULL || draft->words == NULL || draft->matches == NULL || !phrases_fill(draft))
        return false;
    for (uint32_t i = 0; i < mapping->n_columns; i++) {
        _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(HEADER_CEILING);
        header_text(request, i, &text);
        mapping->columns[i] = (struct mapping_column){.field = -1, .best_field = -1};
        mapping->columns[i].header = arena_copy(&mapping->arena, text.size == 0 ? "" : text.data, text.size);
        bool scored = i < SCORED_COLUMNS || has_named(request);
        if (text.failed || mapping->columns[i].header == NULL ||
            (scored && !header_words_read(text_of(mapping->columns[i].header), &draft->words[i])))
            return false;
        column_score(draft, i);
    }
    return true;
}

static void draft_clear(struct draft *draft)
{
    free(draft->words);
    free(draft->matches);
}

/* "price (nearest: column C "Retail price", not a price: retail)". */
static void missing_append(struct buffer *buffer, const struct draft *draft, int field)
{
    const struct mapping *mapping = draft->mapping;
    const struct match *nearest = NULL;
    uint32_t column = 0;
    for (uint32_t i = 0; i < mapping->n_columns; i++) {
        const struct match *match = match_of(draft, i, field);
        if (match->how != MATCH_NONE && mapping->columns[i].field < 0 &&
            (nearest == NULL || match->score > nearest->score)) {
            nearest = match;
            column = i;
        }
    }
    buffer_printf(buffer, "%s%s", buffer->size > 0 ? ", " : "", mapping->rules[field].name);
    if (nearest == NULL)
        return;
    char letters[COLUMN_LETTERS_SIZE];
    column_letters(column, letters);
    char header[80];
    text_excerpt(text_of(mapping->columns[column].header), header, sizeof header);
    buffer_printf(buffer, " (nearest: column %s \"%s\"", letters, header);
    const char *reason = mapping->columns[column].reason;
    reason = reason != NULL ? reason : other_reason(draft, column);
    if (reason != NULL)
        buffer_printf(buffer, ", %s", reason);
    buffer_text(buffer, ")");
}

static enum sluice_status missing_check(const struct draft *draft, int *ret_found, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer missing = BUFFER_INIT(ERROR_MESSAGE_SIZE);
    int found = 0, wanted = 0;
    for (int field = 0; field < draft->mapping->n_fields; field++) {
        if (!draft->mapping->rules[field].required)
            continue;
        wanted++;
        found += draft->mapping->field_column[field] >= 0;
        if (draft->mapping->field_column[field] < 0)
            missing_append(&missing, draft, field);
    }
    if (ret_found != NULL)
        *ret_found = found;
    if (found == wanted)
        return SLUICE_OK;
    unsigned long long line = (unsigned long long)draft->mapping->header_first_line;
    return error_set(err, SLUICE_DATA, "row %llu is no header: it has no column for %s", line,
                     missing.failed ? "a required field" : missing.data);
}

static struct mapping *mapping_new(const struct mapping_request *request)
{
    struct mapping *mapping = calloc(1, sizeof *mapping);
    if (mapping == NULL)
        return NULL;
    mapping->arena = (struct arena)ARENA_INIT(MAPPING_CEILING);
    mapping->rules = request->rules;
    mapping->n_fields = request->n_fields;
    mapping->header_first_line = request->n_rows == 0 ? 0 : request->lines[0];
    mapping->header_last_line = request->n_rows == 0 ? 0 : request->lines[request->n_rows - 1];
    for (int field = 0; field < MAPPING_FIELDS_MAX; field++)
        mapping->field_column[field] = -1;
    return mapping;
}

static void mapping_clear(struct mapping **mapping)
{
    mapping_free(*mapping);
}

enum sluice_status mapping_find(const struct mapping_request *request, struct mapping **ret_mapping,
                                int *ret_found, struct sluice_error *err)
{
    _cleanup_(mapping_clear) struct mapping *mapping = mapping_new(request);
    _cleanup_(draft_clear) struct draft draft = {.request = request, .mapping = mapping};
    if (mapping == NULL || !draft_fill(&draft, mapping))
        return error_no_memory(err);
    fields_choose(&draft);
    enum sluice_status status = missing_check(&draft, ret_found, err);
    if (status != SLUICE_OK)
        return status; /* most rows that are tried are no header: their columns need no names */
    if (!columns_name(&draft))
        return error_no_memory(err);
    *ret_mapping = mapping;
    mapping = NULL;
    return SLUICE_OK;
}

void mapping_free(struct mapping *mapping)
{
    if (mapping == NULL)
        return;
    arena_free(&mapping->arena);
    free(mapping);
}

double mapping_score(const struct mapping *mapping)
{
    double sum = 0;
    for (int field = 0; field < mapping->n_fields; field++)
        if (mapping->rules[field].required && mapping->field_column[field] >= 0)
            sum += mapping->columns[mapping->field_column[field]].score;
    return sum;
}

struct mapping_request mapping_request_list(const struct ingest_options *options)
{
    return (struct mapping_request){
        .rules = list_rules,
        .n_fields = FIELD_COUNT,
        .named = {&options->sku, &options->name, &options->price, &options->currency_column},
        .ignore = &options->ignore,
    };
}

struct mapping_request mapping_request_master(void)
{
    return (struct mapping_request){.rules = master_rules, .n_fields = MASTER_FIELD_COUNT};
}
