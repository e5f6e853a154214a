/* SPDX-License-Identifier: Apache-2.0 */
/* Formats stand before the styles that use them, but a style may name one that comes never: then it is
 * General. */
#include "formats/xlsx/styles.h"

#include "base/error.h"
#include "base/text.h"
#include "formats/xlsx/xml.h"

#include <stdlib.h>
#include <string.h>

enum { STYLES_MAX = 65536, FORMATS_MAX = 4096, STYLES_CEILING = 16 << 20, BUILTIN_IDS = 64 };

struct custom {
    uint32_t id;
    const struct xlsx_format *format;
};

struct reading {
    struct xlsx_styles *styles;
    struct custom *customs;
    size_t n_customs, customs_capacity, capacity;
    const struct xlsx_format *builtins[BUILTIN_IDS];
    struct xlsx_xml *xml;
    bool in_cell_styles;
};

static void custom_add(struct reading *reading, uint32_t id, struct sluice_cell code)
{
    if (reading->n_customs == FORMATS_MAX) {
        xlsx_xml_fail(reading->xml, SLUICE_DATA, "the workbook has more than %d number formats", FORMATS_MAX);
        return;
    }
    if (reading->n_customs == reading->customs_capacity) {
        size_t capacity = reading->customs_capacity * 2 + 16;
        struct custom *customs = realloc(reading->customs, capacity * sizeof *customs);
        if (customs == NULL) {
            xlsx_xml_fail(reading->xml, SLUICE_IO, NULL);
            return;
        }
        reading->customs = customs;
        reading->customs_capacity = capacity;
    }
    struct custom custom = {.id = id, .format = xlsx_format_compile(code, &reading->styles->arena)};
    if (custom.format == NULL)
        xlsx_xml_fail(reading->xml, SLUICE_DATA, "the workbook's number formats are too long");
    else
        reading->customs[reading->n_customs++] = custom;
}

static const struct xlsx_format *format_find(struct reading *reading, uint32_t id)
{
    if (id == 0)
        return NULL; /* always General, whatever a file calls it: unstyled numbers have it */
    for (size_t i = 0; i < reading->n_customs; i++)
        if (reading->customs[i].id == id)
            return reading->customs[i].format;
    const char *code = id < BUILTIN_IDS ? xlsx_format_builtin(id) : NULL;
    if (code != NULL && reading->builtins[id] == NULL)
        reading->builtins[id] = xlsx_format_compile(text_of(code), &reading->styles->arena);
    return code == NULL ? NULL : reading->builtins[id];
}

static void style_add(struct reading *reading, const struct xlsx_attributes *attributes)
{
    struct xlsx_styles *styles = reading->styles;
    uint32_t id = 0;
    if (styles->n == STYLES_MAX) {
        xlsx_xml_fail(reading->xml, SLUICE_DATA, "the workbook has more than %d cell styles", STYLES_MAX);
        return;
    }
    if (styles->n == reading->capacity) {
        size_t capacity = reading->capacity * 2 + 64;
        const struct xlsx_format **formats =
            realloc(styles->formats, capacity * sizeof(const struct xlsx_format *));
        if (formats == NULL) {
            xlsx_xml_fail(reading->xml, SLUICE_IO, NULL);
            return;
        }
        styles->formats = formats;
        reading->capacity = capacity;
    }
    if (!xlsx_number_of(xlsx_attribute(attributes, "numFmtId"), &id))
        id = 0;
    styles->formats[styles->n++] = format_find(reading, id);
}

static void on_start(void *context, const char *name, const struct xlsx_attributes *attributes)
{
    struct reading *reading = context;
    uint32_t id;
    struct sluice_cell code;
    if (strcmp(name, "cellXfs") == 0) {
        reading->in_cell_styles = true;
    } else if (strcmp(name, "xf") == 0 && reading->in_cell_styles) {
        style_add(reading, attributes);
    } else if (strcmp(name, "numFmt") == 0 && xlsx_number_of(xlsx_attribute(attributes, "numFmtId"), &id)) {
        code = xlsx_attribute(attributes, "formatCode");
        if (code.ptr != NULL)
            custom_add(reading, id, code);
    }
}

static void on_end(void *context, const char *name)
{
    struct reading *reading = context;
    if (strcmp(name, "cellXfs") == 0)
        reading->in_cell_styles = false;
}

enum sluice_status xlsx_styles_read(struct xlsx_package *package, int part, struct xlsx_styles *ret_styles,
                                    struct sluice_error *err)
{
    static const struct xlsx_events events = {.start = on_start, .end = on_end};
    struct xlsx_styles styles = {.arena = ARENA_INIT(STYLES_CEILING)};
    struct reading reading = {.styles = &styles};
    enum sluice_status status =
        xlsx_xml_parse(package, part, XLSX_MUST_BE_WHOLE, &events, &reading, &reading.xml, err);
    free(reading.customs);
    if (status != SLUICE_OK) {
        xlsx_styles_free(&styles);
        return status;
    }
    *ret_styles = styles;
    return SLUICE_OK;
}

void xlsx_styles_free(struct xlsx_styles *styles)
{
    free(styles->formats);
    arena_free(&styles->arena);
    *styles = (struct xlsx_styles){.formats = NULL};
}
