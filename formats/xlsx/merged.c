/* SPDX-License-Identifier: Apache-2.0 */
/* What must be known of a tab before its rows are read, and what is cheap to learn about it. Merged ranges
 * stand behind the rows: the part is inflated once to see whether there are any, and parsed for them only if
 * so. */
#include "base/error.h"
#include "formats/xlsx/sheet.h"

#include <stdlib.h>
#include <string.h>

enum { MERGES_MAX = 200000, PIECE_BYTES = 32 << 10 };

static const char mark[] = "mergeCell";
enum { MARK_BYTES = sizeof mark - 1 };

struct reading {
    struct xlsx_xml *xml;
    struct merge *ranges;
    size_t n, capacity;
    uint32_t width;
};

static void on_merge(void *context, const char *name, const struct xlsx_attributes *attributes)
{
    struct reading *reading = context;
    struct merge range;
    if (strcmp(name, mark) != 0 || !xlsx_range_read(xlsx_attribute(attributes, "ref"), &range) ||
        (range.first_row == range.last_row && range.first_column == range.last_column))
        return;
    if (reading->n == MERGES_MAX) {
        xlsx_xml_fail(reading->xml, SLUICE_DATA, "the tab has more than %d merged ranges; undo some",
                      MERGES_MAX);
        return;
    }
    if (reading->n == reading->capacity) {
        size_t capacity = reading->capacity * 2 + 64;
        struct merge *ranges = realloc(reading->ranges, capacity * sizeof *ranges);
        if (ranges == NULL) {
            xlsx_xml_fail(reading->xml, SLUICE_IO, NULL);
            return;
        }
        reading->ranges = ranges;
        reading->capacity = capacity;
    }
    reading->ranges[reading->n++] = range;
    if (reading->width < range.last_column)
        reading->width = range.last_column;
}

static void on_end(void *context, const char *name)
{
    (void)context, (void)name;
}

/* Text in UTF-16 hides the word, so it counts as found. */
static bool is_wide(const char *bytes, size_t n)
{
    return n >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

static enum sluice_status mark_find(struct xlsx_package *package, int index, bool *ret_found,
                                    struct sluice_error *err)
{
    struct xlsx_part part = {0};
    char bytes[MARK_BYTES + PIECE_BYTES];
    size_t kept = 0, n = 0;
    bool found = false;
    enum sluice_status status = xlsx_part_open(package, index, XLSX_MUST_BE_WHOLE, &part, err);
    while (status == SLUICE_OK && !found) {
        status = xlsx_part_read(&part, bytes + kept, PIECE_BYTES, &n, err);
        if (status != SLUICE_OK)
            break;
        found = memmem(bytes, kept + n, mark, MARK_BYTES) != NULL || (kept == 0 && is_wide(bytes, n));
        size_t all = kept + n;
        kept = all < MARK_BYTES ? all : MARK_BYTES - 1;
        memmove(bytes, bytes + all - kept, kept);
    }
    xlsx_part_close(&part);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    *ret_found = found;
    return SLUICE_OK;
}

enum sluice_status xlsx_merges_read(struct xlsx_package *package, int part, struct merges **ret_merges,
                                    uint32_t *ret_width, struct sluice_error *err)
{
    static const struct xlsx_events events = {.start = on_merge, .end = on_end};
    struct reading reading = {.n = 0};
    struct merges *merges = NULL;
    bool found = false;
    enum sluice_status status = mark_find(package, part, &found, err);
    if (status == SLUICE_OK && found)
        status = xlsx_xml_parse(package, part, XLSX_MUST_BE_WHOLE, &events, &reading, &reading.xml, err);
    if (status == SLUICE_OK && reading.n > 0) {
        merges = merges_new(reading.ranges, reading.n);
        status = merges == NULL ? error_no_memory(err) : SLUICE_OK;
    }
    free(reading.ranges);
    if (status != SLUICE_OK)
        return status;
    *ret_merges = merges;
    *ret_width = reading.width;
    return SLUICE_OK;
}

/* ---- The size that is claimed -----------------------------------------------------------------------------
 */

struct dimension {
    struct merge range;
    bool known, enough;
};

static void on_dimension(void *context, const char *name, const struct xlsx_attributes *attributes)
{
    struct dimension *dimension = context;
    if (strcmp(name, "dimension") == 0)
        dimension->known = xlsx_range_read(xlsx_attribute(attributes, "ref"), &dimension->range);
    dimension->enough |= dimension->known || strcmp(name, "sheetData") == 0;
}

enum sluice_status xlsx_dimension_read(struct xlsx_package *package, int part, uint64_t *ret_rows,
                                       uint64_t *ret_columns, struct sluice_error *err)
{
    static const struct xlsx_events events = {.start = on_dimension, .end = on_end};
    struct dimension dimension = {.known = false};
    struct xlsx_xml *xml = NULL;
    enum sluice_status status =
        xlsx_xml_open(package, part, XLSX_USE_DECIDES, &events, &dimension, &xml, err);
    while (status == SLUICE_OK && !dimension.enough)
        status = xlsx_xml_step(xml, err);
    xlsx_xml_close(xml);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    *ret_rows = dimension.known ? dimension.range.last_row : 0;
    *ret_columns = dimension.known ? dimension.range.last_column : 0;
    return SLUICE_OK;
}
