/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/width.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MEASURED = 1000, GAP = 2, NARROWEST = 10, COLUMNS_LIMIT = 32 };
#define MEASURED_CEILING ((size_t)32 << 20)

struct row {
    struct sluice_cell *cells;
    enum ink ink;
};

struct table {
    FILE *to;
    struct terminal terminal;
    struct table_column *columns;
    size_t n_columns;
    size_t *widths;
    struct row rows[ROWS_MEASURED]; /* that wait for the widths */
    size_t n_rows;
    bool widths_known;
    struct arena arena;
};

struct table *table_new(FILE *to, const struct table_column *columns, size_t n_columns,
                        const struct terminal *terminal)
{
    struct table *table = n_columns <= COLUMNS_LIMIT ? calloc(1, sizeof *table) : NULL;
    if (table == NULL)
        return NULL;
    table->to = to;
    table->terminal = *terminal;
    table->arena = (struct arena)ARENA_INIT(MEASURED_CEILING);
    table->n_columns = n_columns;
    table->columns = arena_alloc(&table->arena, n_columns * sizeof *columns);
    table->widths = arena_alloc(&table->arena, n_columns * sizeof *table->widths);
    if (table->columns == NULL || table->widths == NULL) {
        arena_free(&table->arena);
        free(table);
        return NULL;
    }
    memcpy(table->columns, columns, n_columns * sizeof *columns);
    for (size_t i = 0; i < n_columns; i++)
        table->widths[i] = width_of(text_of(columns[i].title));
    return table;
}

static size_t widths_sum(const struct table *table)
{
    size_t sum = 0;
    for (size_t i = 0; i < table->n_columns; i++)
        sum += table->widths[i] + (i > 0 ? GAP : 0);
    return sum;
}

/* Takes from the widest text column until the row fits, or until nothing can give. */
static void widths_fit(struct table *table)
{
    while (table->terminal.width > 0 && widths_sum(table) > table->terminal.width) {
        size_t widest = table->n_columns;
        for (size_t i = 0; i < table->n_columns; i++)
            if (table->columns[i].align == ALIGN_LEFT && table->widths[i] > NARROWEST &&
                (widest == table->n_columns || table->widths[i] > table->widths[widest]))
                widest = i;
        if (widest == table->n_columns)
            return;
        table->widths[widest]--;
    }
}

static void print_spaces(FILE *to, size_t n)
{
    while (n-- > 0)
        fputc(' ', to);
}

static void print_cell(const struct table *table, size_t column, struct sluice_cell text)
{
    size_t limit = table->widths[column], width = width_of(text);
    bool cut = table->terminal.width > 0 && width > limit;
    if (cut) {
        text = width_cut(text, limit - 1);
        width = width_of(text) + 1;
    }
    size_t padding = width < limit ? limit - width : 0;
    if (table->columns[column].align == ALIGN_RIGHT)
        print_spaces(table->to, padding);
    output_text(table->to, text);
    if (cut)
        fputs("…", table->to);
    if (table->columns[column].align == ALIGN_LEFT && column + 1 < table->n_columns)
        print_spaces(table->to, padding);
}

static void print_row(const struct table *table, const struct sluice_cell *cells, enum ink ink)
{
    fputs(ink_begin(&table->terminal, ink), table->to);
    for (size_t i = 0; i < table->n_columns; i++) {
        print_spaces(table->to, i > 0 ? GAP : 0);
        print_cell(table, i, cells[i]);
    }
    fputs(ink_end(&table->terminal, ink), table->to);
    fputc('\n', table->to);
}

static void print_waiting(struct table *table)
{
    struct sluice_cell titles[COLUMNS_LIMIT];
    for (size_t i = 0; i < table->n_columns; i++)
        titles[i] = text_of(table->columns[i].title);
    widths_fit(table);
    table->widths_known = true;
    if (table->n_rows > 0)
        print_row(table, titles, INK_FAINT);
    for (size_t i = 0; i < table->n_rows; i++)
        print_row(table, table->rows[i].cells, table->rows[i].ink);
    table->n_rows = 0;
}

static bool keep(struct table *table, const struct sluice_cell *cells, enum ink ink)
{
    struct sluice_cell *copy = arena_alloc(&table->arena, table->n_columns * sizeof *copy);
    if (copy == NULL)
        return false;
    for (size_t i = 0; i < table->n_columns; i++) {
        char *text = arena_copy(&table->arena, cells[i].ptr == NULL ? "" : cells[i].ptr, cells[i].len);
        if (text == NULL)
            return false;
        copy[i] = (struct sluice_cell){text, cells[i].len, 0};
        size_t width = width_of(copy[i]);
        if (width > table->widths[i])
            table->widths[i] = width;
    }
    table->rows[table->n_rows++] = (struct row){copy, ink};
    return true;
}

void table_row(struct table *table, const struct sluice_cell *cells, enum ink ink)
{
    if (!table->widths_known && table->n_rows < ROWS_MEASURED && keep(table, cells, ink))
        return;
    if (!table->widths_known)
        print_waiting(table);
    print_row(table, cells, ink);
}

void table_texts(struct table *table, ...)
{
    struct sluice_cell cells[COLUMNS_LIMIT];
    va_list args;
    va_start(args, table);
    for (size_t i = 0; i < table->n_columns; i++)
        cells[i] = text_of(va_arg(args, const char *));
    va_end(args);
    table_row(table, cells, INK_PLAIN);
}

void table_end(struct table *table)
{
    if (table == NULL)
        return;
    if (!table->widths_known)
        print_waiting(table);
    arena_free(&table->arena);
    free(table);
}
