/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader found out beside items and rejects, for the run report. */
#include "ingest/list_reader.h"

#include "base/cleanup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOTICE_SIZE = 512, NOTICES_MAX = 100 };

bool list_notice(struct list_reader *reader, const char *format, ...)
{
    struct list_report *report = &reader->report;
    if (report->n_notices == NOTICES_MAX)
        return true;
    if (reader->notices == NULL)
        reader->notices = calloc(NOTICES_MAX, sizeof reader->notices[0]);
    if (reader->notices == NULL)
        return false;
    char text[NOTICE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *copy = arena_text(&reader->report_memory, text);
    reader->notices[report->n_notices] = copy;
    report->n_notices += copy != NULL;
    report->notices = reader->notices;
    return copy != NULL;
}

static bool notices_of_columns(struct list_reader *reader)
{
    bool fine = true;
    for (uint32_t i = 0; i < reader->sheet.mapping->n_columns; i++)
        if (reader->sheet.mapping->columns[i].notice != NULL)
            fine &= list_notice(reader, "%s", reader->sheet.mapping->columns[i].notice);
    return fine;
}

static bool notices_of_rows(struct list_reader *reader)
{
    bool fine = true;
    if (reader->sheet.hidden_read > 0)
        fine &= list_notice(reader, "%llu hidden rows were read; hidden_rows: skip leaves them out",
                            (unsigned long long)reader->sheet.hidden_read);
    if (reader->sheet.hidden_skipped > 0)
        fine &= list_notice(reader, "%llu hidden rows were left out",
                            (unsigned long long)reader->sheet.hidden_skipped);
    if (reader->characteristics.failed_formulas > 0) {
        char letters[COLUMN_LETTERS_SIZE];
        column_letters(reader->characteristics.failed_column, letters);
        fine &= list_notice(
            reader, "%llu characteristics were left out because their formula failed; the first is in %s%llu",
            (unsigned long long)reader->characteristics.failed_formulas, letters,
            (unsigned long long)reader->characteristics.failed_line);
    }
    return fine;
}

bool list_report_fill(struct list_reader *reader)
{
    struct list_report *report = &reader->report;
    report->figures.struct_size = sizeof report->figures;
    report->figures.rows_read = reader->sheet.rows_read;
    report->figures.skipped = reader->sheet.skipped;
    report->items = reader->items.handed;
    report->mapping = reader->sheet.mapping;
    report->mapping_json = reader->sheet.mapping_json;
    report->decimal = reader->convention.mark;
    report->decimal_reason = reader->convention.reason;
    bool fine = reader->notice == NULL || list_notice(reader, "%s", reader->notice);
    return fine && notices_of_columns(reader) && notices_of_rows(reader);
}
