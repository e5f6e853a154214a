/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/column_keys.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/fold.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Lower-case words joined by '_'. */
static char *key_make(struct arena *arena, const char *header)
{
    _cleanup_free_ char *folded = fold_text(text_of(header));
    char *key = folded == NULL ? NULL : arena_text(arena, folded);
    for (char *c = key; c != NULL && *c != '\0'; c++)
        if (*c == ' ' || *c == '-')
            *c = '_';
    return key;
}

/* The keys given so far: places of columns + 1, found by hash, at least half of them free. */
struct key_set {
    uint32_t *places;
    uint32_t n; /* a power of two */
};

static bool key_set_begin(struct key_set *set, uint32_t n_columns)
{
    set->n = 16;
    while (set->n < 2 * n_columns)
        set->n *= 2;
    set->places = calloc(set->n, sizeof set->places[0]);
    return set->places != NULL;
}

static void key_set_free(struct key_set *set)
{
    free(set->places);
}

/* Gives the key to the column, unless one before has it. */
static bool key_take(struct key_set *set, const struct mapping *mapping, uint32_t column, const char *key)
{
    uint32_t at = (uint32_t)XXH3_64bits(key, strlen(key)) & (set->n - 1);
    for (; set->places[at] != 0; at = (at + 1) & (set->n - 1))
        if (strcmp(mapping->columns[set->places[at] - 1].key, key) == 0)
            return false;
    set->places[at] = column + 1;
    return true;
}

static bool column_name(struct mapping *mapping, struct key_set *keys, uint32_t i)
{
    struct mapping_column *column = &mapping->columns[i];
    if (column->header[0] == '\0')
        return true;
    column->key = key_make(&mapping->arena, column->header);
    if (column->key == NULL)
        return false;
    if (key_take(keys, mapping, i, column->key))
        return true;
    char letters[COLUMN_LETTERS_SIZE];
    column_letters(i, letters);
    unsigned long long line = (unsigned long long)mapping->header_last_line;
    column->notice = arena_printf(
        &mapping->arena, "the header \"%s\" stands twice; the one in %s%llu is called \"%s (%s%llu)\"",
        column->header, letters, line, column->header, letters, line);
    column->header = arena_printf(&mapping->arena, "%s (%s%llu)", column->header, letters, line);
    column->key = column->header == NULL ? NULL : key_make(&mapping->arena, column->header);
    if (column->key != NULL)
        key_take(keys, mapping, i, column->key);
    return column->key != NULL && column->notice != NULL;
}

bool column_keys_make(struct mapping *mapping)
{
    _cleanup_(key_set_free) struct key_set keys = {.n = 0};
    if (!key_set_begin(&keys, mapping->n_columns))
        return false;
    for (uint32_t i = 0; i < mapping->n_columns; i++)
        if (!column_name(mapping, &keys, i))
            return false;
    return true;
}
