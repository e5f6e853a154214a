/* SPDX-License-Identifier: Apache-2.0 */
#include "http/rows.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/columns.h"
#include "base/json.h"
#include "base/text.h"
#include "host/location.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A holder that has not renewed for this long after its lease's end is gone. */
static const int64_t orphaned_after_us = 5 * US_PER_SECOND;

struct sluice_cell row_cell(const struct row *row, const char *column)
{
    return column_cell(row->columns, row->cells, row->n, column);
}

int64_t row_number(const struct row *row, const char *column)
{
    char digits[24];
    struct sluice_cell cell = row_cell(row, column);
    if (cell.ptr == NULL || cell.len >= sizeof digits)
        return 0;
    memcpy(digits, cell.ptr, cell.len);
    digits[cell.len] = '\0';
    return strtoll(digits, NULL, 10);
}

void log_id(int64_t number, char ret_id[LOG_ID_SIZE])
{
    uint64_t n = (uint64_t)number;
    snprintf(ret_id, LOG_ID_SIZE, "%08" PRIx64 "-0000-8000-8000-%012" PRIx64, (n >> 48) & 0xffff,
             n & UINT64_C(0xffffffffffff));
}

/* Reads "2026-03-01T08:00:00.123Z"; the fraction is left out. 0 when it is no time. */
static int64_t time_of(struct sluice_cell cell)
{
    struct tm parts = {0};
    char text[40];
    if (cell.ptr == NULL || cell.len >= sizeof text)
        return 0;
    memcpy(text, cell.ptr, cell.len);
    text[cell.len] = '\0';
    if (strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) == NULL)
        return 0;
    return (int64_t)timegm(&parts) * US_PER_SECOND;
}

bool run_is_orphaned(struct sluice_cell state, struct sluice_cell lease_until, int64_t now_us)
{
    int64_t lease_until_us = time_of(lease_until);
    return (text_is(state, "master") || text_is(state, "suppliers")) && lease_until_us != 0 &&
           lease_until_us + orphaned_after_us < now_us;
}

/* "#gid=1234" names a tab and is no secret; any other fragment may be one. */
static const char *tab_of(const char *address)
{
    static const char mark[] = "#gid=";
    const char *fragment = strchr(address, '#');
    if (fragment == NULL || strncmp(fragment, mark, strlen(mark)) != 0)
        return "";
    size_t n = strspn(fragment + strlen(mark), "0123456789");
    return n > 0 && fragment[strlen(mark) + n] == '\0' ? fragment : "";
}

static void write_address(struct buffer *out, struct sluice_cell cell, enum row_form form)
{
    char name[LOCATION_NAME_SIZE];
    _cleanup_free_ char *address = cell.ptr == NULL ? NULL : strndup(cell.ptr, cell.len);
    if (address == NULL || (form == ROW_LINK && location_kind(address) != LOCATION_HTTP)) {
        buffer_text(out, "null");
        return;
    }
    location_name(address, name);
    if (form == ROW_ADDRESS) {
        json_text(out, text_of(name));
        return;
    }
    _cleanup_free_ char *link = NULL;
    if (asprintf(&link, "%s%s", name, tab_of(address)) < 0)
        link = NULL;
    json_text(out, text_of(link));
}

static void write_bare(struct buffer *out, struct sluice_cell cell)
{
    if (cell.ptr == NULL || cell.len == 0)
        buffer_text(out, "null");
    else
        buffer_append(out, cell.ptr, cell.len);
}

static void write_bool(struct buffer *out, bool value)
{
    buffer_text(out, value ? "true" : "false");
}

static bool is_true(struct sluice_cell cell)
{
    return cell.ptr != NULL && cell.len > 0 && cell.ptr[0] != '0' && cell.ptr[0] != 'f';
}

static void write_log_id(struct buffer *out, const struct row *row, const char *column)
{
    char id[LOG_ID_SIZE];
    log_id(row_number(row, column), id);
    buffer_printf(out, "\"%s\"", id);
}

static void write_value(struct buffer *out, const struct row *row, const struct row_field *field,
                        int64_t now_us)
{
    struct sluice_cell cell =
        field->form == ROW_FIXED ? text_of(field->column) : row_cell(row, field->column);
    switch (field->form) {
    case ROW_TEXT:
    case ROW_FIXED:
        json_text(out, cell);
        return;
    case ROW_NUMBER:
    case ROW_JSON:
        write_bare(out, cell);
        return;
    case ROW_BOOL:
        write_bool(out, is_true(cell));
        return;
    case ROW_ADDRESS:
    case ROW_LINK:
        write_address(out, cell, field->form);
        return;
    case ROW_LOG_ID:
        write_log_id(out, row, field->column);
        return;
    case ROW_ORPHANED:
        write_bool(out, run_is_orphaned(row_cell(row, "state"), row_cell(row, "lease_until"), now_us));
        return;
    }
}

void row_json(struct buffer *out, const struct row *row, const struct row_field *fields, size_t n,
              int64_t now_us)
{
    for (size_t i = 0; i < n; i++) {
        buffer_printf(out, "%s\"%s\": ", i == 0 ? "{" : ", ", fields[i].name);
        write_value(out, row, &fields[i], now_us);
    }
    buffer_byte(out, '}');
}

enum sluice_status row_list_add(void *context, const struct sluice_column *columns,
                                const struct sluice_cell *cells, size_t n)
{
    struct row_list *list = context;
    const struct row row = {columns, cells, n};
    if (list->n == list->limit) {
        list->has_more = true;
        return SLUICE_END;
    }
    if (list->n > 0)
        buffer_text(list->out, ",\n");
    row_json(list->out, &row, list->fields, list->n_fields, list->now_us);
    list->n++;
    return list->out->failed ? SLUICE_IO : SLUICE_OK;
}

void row_csv(struct buffer *out, struct sluice_cell text)
{
    bool formula = text.len > 0 && memchr("=+-@\t\r", text.ptr[0], 6) != NULL;
    bool quoted = formula;
    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = memchr(",\"\r\n", text.ptr[i], 4) != NULL;
    if (quoted)
        buffer_byte(out, '"');
    if (formula)
        buffer_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buffer_byte(out, '"');
        buffer_byte(out, text.ptr[i]);
    }
    if (quoted)
        buffer_byte(out, '"');
}
