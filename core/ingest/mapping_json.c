/* SPDX-License-Identifier: Apache-2.0 */
/* A mapping as it is shown and stored, and the names in it. */
#include "ingest/mapping.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void column_json(struct buffer *buffer, const struct mapping *mapping, uint32_t i)
{
    const struct mapping_column *column = &mapping->columns[i];
    char letters[COLUMN_LETTERS_SIZE];
    column_letters(i, letters);
    buffer_printf(buffer, "%s{\"column\": \"%s\", \"header\": ", i == 0 ? "" : ", ", letters);
    json_text(buffer, text_of(column->header));
    buffer_text(buffer, ", \"field\": ");
    json_text(buffer, text_of(column->field < 0 ? NULL : mapping->rules[column->field].name));
    /* Hundredths as integers: the C library writes a locale's decimal mark. */
    int hundredths = (int)(column->score * 100 + 0.5);
    buffer_printf(buffer, ", \"score\": %d.%02d, \"reason\": ", hundredths / 100, hundredths % 100);
    json_text(buffer, text_of(column->reason));
    buffer_byte(buffer, '}');
}

char *mapping_json(const struct mapping *mapping)
{
    enum { CEILING = 16 << 20 };
    _cleanup_(buffer_free) struct buffer buffer = BUFFER_INIT(CEILING);
    buffer_printf(&buffer, "{\"header\": [%llu, %llu], \"columns\": [",
                  (unsigned long long)mapping->header_first_line,
                  (unsigned long long)mapping->header_last_line);
    for (uint32_t i = 0; i < mapping->n_columns; i++)
        column_json(&buffer, mapping, i);
    buffer_text(&buffer, "]}");
    return buffer_steal(&buffer);
}

const char *field_name(enum field field)
{
    return list_rules[field].name;
}

void column_letters(uint32_t column, char ret_letters[COLUMN_LETTERS_SIZE])
{
    char reversed[COLUMN_LETTERS_SIZE];
    size_t n = 0;
    for (uint64_t rest = (uint64_t)column + 1; rest > 0 && n + 1 < sizeof reversed; rest = (rest - 1) / 26)
        reversed[n++] = (char)('A' + (rest - 1) % 26);
    for (size_t i = 0; i < n; i++)
        ret_letters[i] = reversed[n - 1 - i];
    ret_letters[n] = '\0';
}
