/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/rejects.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/mapping.h"

#include <string.h>

enum { EXCERPT_SIZE = 257, ADDRESS_CEILING = 4096, ROW_TEXT_CEILING = 2 << 20, REJECTS_CEILING = 256 << 20 };

void rejects_begin(struct rejects *rejects, const char *name, const char *link_template)
{
    *rejects =
        (struct rejects){.name = name, .link_template = link_template, .arena = ARENA_INIT(REJECTS_CEILING)};
}

/* Appends what the template's placeholder at `from` stands for; returns its length, or 0 when there is none.
 */
static size_t placeholder(struct buffer *buffer, const char *from, uint64_t line, uint32_t column)
{
    char letters[COLUMN_LETTERS_SIZE];
    column_letters(column == 0 ? 0 : column - 1, letters);
    if (strncmp(from, "{row}", strlen("{row}")) == 0) {
        buffer_printf(buffer, "%llu", (unsigned long long)line);
        return strlen("{row}");
    }
    if (strncmp(from, "{column}", strlen("{column}")) == 0) {
        buffer_text(buffer, letters);
        return strlen("{column}");
    }
    if (strncmp(from, "{column_number}", strlen("{column_number}")) == 0) {
        buffer_printf(buffer, "%u", column == 0 ? 1 : column);
        return strlen("{column_number}");
    }
    return 0;
}

/* "prices.csv:17:3" without a template; the column is left out when it is the whole row. */
static char *address_make(struct rejects *rejects, uint64_t line, uint32_t column)
{
    unsigned long long number = (unsigned long long)line;
    if (rejects->link_template == NULL && column == 0)
        return arena_printf(&rejects->arena, "%s:%llu", rejects->name, number);
    if (rejects->link_template == NULL)
        return arena_printf(&rejects->arena, "%s:%llu:%u", rejects->name, number, column);
    _cleanup_(buffer_free) struct buffer address = BUFFER_INIT(ADDRESS_CEILING);
    for (const char *c = rejects->link_template; *c != '\0';) {
        size_t length = placeholder(&address, c, line, column);
        if (length == 0)
            buffer_byte(&address, *c);
        c += length == 0 ? 1 : length;
    }
    if (address.failed && !address.is_full)
        return NULL;
    return arena_copy(&rejects->arena, address.size == 0 ? "" : address.data, address.size);
}

static struct sluice_reject *reject_new(struct rejects *rejects, uint64_t line, uint32_t column)
{
    if (rejects->n == rejects->capacity) {
        size_t capacity = rejects->capacity == 0 ? 64 : rejects->capacity * 2;
        struct sluice_reject *items = realloc(rejects->items, capacity * sizeof *items);
        if (items == NULL)
            return NULL;
        rejects->items = items;
        rejects->capacity = capacity;
    }
    struct sluice_reject *reject = &rejects->items[rejects->n];
    *reject = (struct sluice_reject){.line = line, .column = column};
    reject->address = address_make(rejects, line, column);
    return reject->address == NULL ? NULL : reject;
}

static char *excerpt_make(struct rejects *rejects, struct sluice_cell text)
{
    char excerpt[EXCERPT_SIZE];
    text_excerpt(text, excerpt, sizeof excerpt);
    return arena_text(&rejects->arena, excerpt);
}

/* A reject counts only once it is complete. */
static bool reject_done(struct rejects *rejects, const struct sluice_reject *reject)
{
    if (reject->code == NULL || reject->message == NULL || reject->excerpt == NULL)
        return false;
    rejects->n++;
    return true;
}

bool rejects_add(struct rejects *rejects, const struct sheet_row *row, const struct reject_note *note)
{
    struct sluice_reject *reject = reject_new(rejects, row->line, (uint32_t)(note->column + 1));
    if (reject == NULL)
        return false;
    reject->code = reason_code(note->reason);
    reject->field = note->field;
    reject->message = reason_message(note->reason);
    if (note->detail != NULL)
        reject->message = arena_printf(&rejects->arena, "%s %s", note->detail, reject->message);
    if (note->excerpt.len > 0) {
        reject->excerpt = excerpt_make(rejects, note->excerpt);
        return reject_done(rejects, reject);
    }
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(ROW_TEXT_CEILING);
    sheet_row_text(row, &text);
    if (text.failed && !text.is_full)
        return false;
    reject->excerpt =
        excerpt_make(rejects, (struct sluice_cell){.ptr = text.data, .len = (uint32_t)text.size});
    return reject_done(rejects, reject);
}

bool rejects_add_source(struct rejects *rejects, const struct sluice_source_reject *source)
{
    struct sluice_reject *reject = reject_new(rejects, source->line, source->column);
    if (reject == NULL)
        return false;
    reject->code = arena_text(&rejects->arena, source->code == NULL ? "unreadable_row" : source->code);
    reject->message = arena_text(&rejects->arena, source->message == NULL ? "" : source->message);
    reject->excerpt = excerpt_make(rejects, source->excerpt);
    return reject_done(rejects, reject);
}

void rejects_clear(struct rejects *rejects)
{
    rejects->n = 0;
    arena_reset(&rejects->arena);
}

void rejects_free(struct rejects *rejects)
{
    free(rejects->items);
    arena_free(&rejects->arena);
    *rejects = (struct rejects){.items = NULL};
}
