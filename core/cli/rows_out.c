/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rows_out.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "host/location.h"

#include <string.h>

enum { ROW_CEILING = 4 << 20, COLUMNS_LIMIT = 32 };

struct rows_out {
    enum rows_form form;
    const struct rows_column *columns;
    size_t n_columns;
    struct terminal terminal;
    struct table *table;
    size_t picked[COLUMNS_LIMIT]; /* of the query's columns, for the table */
    size_t n_picked;
    size_t n_rows;
    struct buffer line;
};

struct rows_out *rows_out_new(enum rows_form form, const struct rows_column *columns, size_t n_columns,
                              const struct terminal *terminal)
{
    struct rows_out *out = calloc(1, sizeof *out);
    if (out == NULL)
        return NULL;
    *out = (struct rows_out){.form = form,
                             .columns = columns,
                             .n_columns = n_columns,
                             .terminal = *terminal,
                             .line = BUFFER_INIT(ROW_CEILING)};
    return out;
}

static bool begin_table(struct rows_out *out, const struct sluice_column *columns, size_t n)
{
    struct table_column titles[COLUMNS_LIMIT];
    for (size_t i = 0; i < out->n_columns && out->n_picked < COLUMNS_LIMIT; i++)
        for (size_t k = 0; k < n; k++) {
            if (strcmp(columns[k].name, out->columns[i].name) != 0)
                continue;
            titles[out->n_picked] = (struct table_column){
                out->columns[i].title, columns[k].type == SLUICE_VALUE_NUMBER ? ALIGN_RIGHT : ALIGN_LEFT};
            out->picked[out->n_picked++] = k;
        }
    out->table = table_new(stdout, titles, out->n_picked, &out->terminal);
    return out->table != NULL;
}

/* Outcomes and states that are worth a colour. */
static enum ink ink_of(const struct sluice_column *columns, const struct sluice_cell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(columns[i].name, "status") != 0 && strcmp(columns[i].name, "outcome") != 0)
            continue;
        if (text_is(cells[i], "error") || text_is(cells[i], "failed"))
            return INK_BAD;
        if (text_is(cells[i], "held") || text_is(cells[i], "partial"))
            return INK_WARN;
        if (text_is(cells[i], "inactive"))
            return INK_FAINT;
    }
    return INK_PLAIN;
}

static void row_table(struct rows_out *out, const struct sluice_column *columns,
                      const struct sluice_cell *cells, size_t n)
{
    struct sluice_cell shown[COLUMNS_LIMIT];
    for (size_t i = 0; i < out->n_picked; i++)
        shown[i] = cells[out->picked[i]];
    table_row(out->table, shown, ink_of(columns, cells, n));
}

static void cell_json(struct buffer *line, uint32_t type, struct sluice_cell cell)
{
    bool bare = type == SLUICE_VALUE_NUMBER || type == SLUICE_VALUE_JSON;
    if (cell.ptr == NULL || (cell.len == 0 && type != SLUICE_VALUE_TEXT))
        buffer_text(line, "null");
    else if (type == SLUICE_VALUE_BOOL)
        buffer_text(line, text_is(cell, "0") || text_is(cell, "false") ? "false" : "true");
    else if (bare)
        buffer_append(line, cell.ptr, cell.len);
    else
        json_text(line, cell);
}

static void row_json(struct rows_out *out, const struct sluice_column *columns,
                     const struct sluice_cell *cells, size_t n)
{
    buffer_text(&out->line, out->n_rows == 0 ? "[\n{" : ",\n{");
    for (size_t i = 0; i < n; i++) {
        buffer_printf(&out->line, "%s\"%s\": ", i > 0 ? ", " : "", columns[i].name);
        cell_json(&out->line, columns[i].type, cells[i]);
    }
    buffer_byte(&out->line, '}');
}

void csv_cell(FILE *to, struct sluice_cell text)
{
    bool formula = text.len > 0 && memchr("=+-@\t\r", text.ptr[0], 6) != NULL;
    bool quoted = formula;
    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = memchr(",\"\r\n", text.ptr[i], 4) != NULL;
    if (quoted)
        fputc('"', to);
    if (formula)
        fputc('\'', to);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            fputc('"', to);
        fputc(text.ptr[i], to);
    }
    if (quoted)
        fputc('"', to);
}

static void row_csv(const struct sluice_cell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            fputc(',', stdout);
        csv_cell(stdout, cells[i]);
    }
    fputs("\r\n", stdout);
}

static void begin(struct rows_out *out, const struct sluice_column *columns, size_t n)
{
    if (out->form == ROWS_TABLE)
        begin_table(out, columns, n);
    if (out->form != ROWS_CSV)
        return;
    for (size_t i = 0; i < n; i++)
        printf("%s%s", i > 0 ? "," : "", columns[i].name);
    fputs("\r\n", stdout);
}

/* Addresses are shown without what may be a secret in them. */
static bool hide_credentials(const struct sluice_column *columns, struct sluice_cell *cells, size_t n,
                             char ret_name[LOCATION_NAME_SIZE])
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(columns[i].name, "source_url") != 0 || cells[i].ptr == NULL)
            continue;
        _cleanup_free_ char *url = strndup(cells[i].ptr, cells[i].len);
        if (url == NULL)
            return false;
        location_name(url, ret_name);
        cells[i] = text_of(ret_name);
    }
    return true;
}

static enum sluice_status row(void *context, const struct sluice_column *columns,
                              const struct sluice_cell *stored, size_t n)
{
    struct rows_out *out = context;
    struct sluice_cell cells[COLUMNS_LIMIT];
    char name[LOCATION_NAME_SIZE];
    if (n > COLUMNS_LIMIT)
        return SLUICE_FATAL;
    memcpy(cells, stored, n * sizeof *cells);
    if (!hide_credentials(columns, cells, n, name))
        return SLUICE_FATAL;
    if (out->n_rows == 0)
        begin(out, columns, n);
    if (out->form == ROWS_TABLE && out->table == NULL)
        return SLUICE_FATAL;
    if (out->form == ROWS_TABLE)
        row_table(out, columns, cells, n);
    if (out->form == ROWS_CSV)
        row_csv(cells, n);
    if (out->form == ROWS_JSON) {
        row_json(out, columns, cells, n);
        fwrite(out->line.data, 1, out->line.size, stdout);
        buffer_clear(&out->line);
    }
    out->n_rows++;
    return ferror(stdout) ? SLUICE_CANCELLED : SLUICE_OK;
}

struct sluice_sink rows_out_sink(struct rows_out *out)
{
    return (struct sluice_sink){out, row};
}

size_t rows_out_end(struct rows_out *out)
{
    size_t n = out->n_rows;
    table_end(out->table);
    if (out->form == ROWS_JSON)
        fputs(n == 0 ? "[]\n" : "\n]\n", stdout);
    buffer_free(&out->line);
    free(out);
    return n;
}
