/* SPDX-License-Identifier: Apache-2.0 */
/* The counts that the part claims are not asked: memory grows with what is there. */
#include "formats/xlsx/strings.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "formats/xlsx/xml.h"

#include <inttypes.h>
#include <string.h>

enum { ESCAPE_BYTES = 7 }; /* _x000D_ */

/* The arena rounds each string up, and ends a block when the next string does not fit. */
#define ARENA_CEILING (3 * XLSX_STRINGS_BYTES)

struct reading {
    struct xlsx_strings *strings;
    const struct xlsx_limits *limits;
    struct xlsx_xml *xml;
    struct buffer text;  /* of the open item */
    uint64_t text_bytes; /* the same, also past the buffer's ceiling */
    int phonetic;        /* depth in <rPh> */
    bool in_text, in_item;
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of an escape at `text`, or 0x110000 when there is none. */
static uint32_t escape_read(const char *text, size_t n)
{
    uint32_t character = 0;
    if (n < ESCAPE_BYTES || text[0] != '_' || text[1] != 'x' || text[6] != '_')
        return 0x110000;
    for (int i = 2; i < 6; i++) {
        int value = hex_value(text[i]);
        if (value < 0)
            return 0x110000;
        character = character << 4 | (uint32_t)value;
    }
    return character >= 0xd800 && character < 0xe000 ? 0x110000 : character; /* half a character is none */
}

size_t xlsx_unescape(char *text, size_t n)
{
    const char *first = memmem(text, n, "_x", 2);
    if (first == NULL)
        return n;
    size_t to = (size_t)(first - text);
    for (size_t from = to; from < n;) {
        uint32_t character = escape_read(text + from, n - from);
        if (character == 0x110000) {
            text[to++] = text[from++];
            continue;
        }
        from += ESCAPE_BYTES;
        if (character < 0x80) {
            text[to++] = (char)character;
        } else if (character < 0x800) {
            text[to++] = (char)(0xc0 | character >> 6);
            text[to++] = (char)(0x80 | (character & 0x3f));
        } else {
            text[to++] = (char)(0xe0 | character >> 12);
            text[to++] = (char)(0x80 | (character >> 6 & 0x3f));
            text[to++] = (char)(0x80 | (character & 0x3f));
        }
    }
    return to;
}

static bool string_add(struct reading *reading)
{
    struct xlsx_strings *strings = reading->strings;
    if (strings->n == strings->capacity) {
        size_t capacity = strings->capacity * 2 + 256;
        struct sluice_cell *items = realloc(strings->items, capacity * sizeof *items);
        if (items == NULL)
            return false;
        strings->items = items;
        strings->capacity = capacity;
    }
    struct sluice_cell item = {.ptr = "", .len = XLSX_STRING_TOO_LONG};
    if (reading->text_bytes <= reading->limits->field_bytes && !reading->text.failed) {
        size_t n = reading->text.size == 0 ? 0 : xlsx_unescape(reading->text.data, reading->text.size);
        item.ptr = n == 0 ? "" : arena_copy(&strings->arena, reading->text.data, n);
        item.len = (uint32_t)n;
    }
    strings->items[strings->n++] = item;
    return item.ptr != NULL;
}

static void on_start(void *context, const char *name, const struct xlsx_attributes *attributes)
{
    (void)attributes;
    struct reading *reading = context;
    if (strcmp(name, "si") == 0) {
        reading->in_item = true;
        reading->text_bytes = 0;
        buffer_clear(&reading->text);
    } else if (strcmp(name, "rPh") == 0) {
        reading->phonetic++;
    }
    reading->in_text = reading->in_item && reading->phonetic == 0 && strcmp(name, "t") == 0;
}

static void on_end(void *context, const char *name)
{
    struct reading *reading = context;
    reading->in_text = false;
    if (strcmp(name, "rPh") == 0) {
        reading->phonetic--;
        return;
    }
    if (strcmp(name, "si") != 0)
        return;
    reading->in_item = false;
    if (reading->strings->n == reading->limits->strings)
        xlsx_xml_fail(reading->xml, SLUICE_DATA,
                      "the workbook has more than %" PRIu32 " shared strings; split it into several",
                      reading->limits->strings);
    else if (!string_add(reading))
        xlsx_xml_fail(reading->xml, SLUICE_IO, NULL);
}

static void on_text(void *context, const char *text, size_t n)
{
    struct reading *reading = context;
    if (!reading->in_text)
        return;
    reading->text_bytes += n;
    reading->strings->bytes += n;
    if (reading->strings->bytes > reading->limits->strings_bytes) {
        xlsx_xml_fail(reading->xml, SLUICE_DATA,
                      "the workbook has more than %" PRIu64 " bytes of shared strings; split it into several",
                      reading->limits->strings_bytes);
        return;
    }
    if (reading->text_bytes <= reading->limits->field_bytes)
        buffer_append(&reading->text, text, n);
}

enum sluice_status xlsx_strings_read(struct xlsx_package *package, int part, struct xlsx_strings *ret_strings,
                                     struct sluice_error *err)
{
    static const struct xlsx_events events = {.start = on_start, .end = on_end, .text = on_text};
    struct xlsx_strings strings = {.arena = ARENA_INIT(ARENA_CEILING)};
    struct reading reading = {.strings = &strings,
                              .limits = &package->options.limits,
                              .text = BUFFER_INIT((size_t)package->options.limits.field_bytes + 1)};
    enum sluice_status status =
        xlsx_xml_parse(package, part, XLSX_MUST_BE_WHOLE, &events, &reading, &reading.xml, err);
    buffer_free(&reading.text);
    if (status != SLUICE_OK) {
        xlsx_strings_free(&strings);
        return status;
    }
    *ret_strings = strings;
    return SLUICE_OK;
}

void xlsx_strings_free(struct xlsx_strings *strings)
{
    free(strings->items);
    arena_free(&strings->arena);
    *strings = (struct xlsx_strings){.items = NULL};
}
