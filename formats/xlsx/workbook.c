/* SPDX-License-Identifier: Apache-2.0 */
/* The workbook is found by its relationship, as the standard has it; where that is missing, by its usual
 * name. */
#include "formats/xlsx/workbook.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "formats/xlsx/foreign.h"
#include "formats/xlsx/xml.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { WORKBOOK_CEILING = 1 << 20, TITLE_SIZE = 256, ID_SIZE = 256, LISTED_BYTES = 600 };

struct reading {
    struct xlsx_workbook *workbook;
    const struct xlsx_limits *limits;
    struct xlsx_xml *xml;
    bool is_workbook;
};

static void tab_add(struct reading *reading, const struct xlsx_attributes *attributes)
{
    struct xlsx_workbook *workbook = reading->workbook;
    char title[TITLE_SIZE], relation[ID_SIZE];
    if (workbook->n == reading->limits->sheets) {
        xlsx_xml_fail(reading->xml, SLUICE_DATA,
                      "the workbook has more than %" PRIu32 " tabs; save the list as a workbook of its own",
                      reading->limits->sheets);
        return;
    }
    xlsx_attribute_copy(xlsx_attribute(attributes, "name"), title, sizeof title);
    xlsx_attribute_copy(xlsx_attribute_prefixed(attributes, "id"), relation, sizeof relation);
    struct sluice_cell state = xlsx_attribute(attributes, "state");
    struct xlsx_tab tab = {.title = arena_text(&workbook->arena, title),
                           .relation = arena_text(&workbook->arena, relation),
                           .part = XLSX_NO_PART,
                           .hidden = text_is(state, "hidden") || text_is(state, "veryHidden")};
    if (tab.title == NULL || tab.relation == NULL)
        xlsx_xml_fail(reading->xml, SLUICE_IO, NULL);
    else
        workbook->tabs[workbook->n++] = tab;
}

static void on_start(void *context, const char *name, const struct xlsx_attributes *attributes)
{
    struct reading *reading = context;
    reading->is_workbook |= strcmp(name, "workbook") == 0;
    if (strcmp(name, "sheet") == 0)
        tab_add(reading, attributes);
    else if (strcmp(name, "workbookPr") == 0 && xlsx_is_true(xlsx_attribute(attributes, "date1904")))
        reading->workbook->epoch = XLSX_EPOCH_1904;
}

static void on_end(void *context, const char *name)
{
    (void)context, (void)name;
}

static int part_of_type(const struct xlsx_package *package, const struct xlsx_relations *relations,
                        const char *type, const char *usual_name)
{
    const struct xlsx_relation *relation = xlsx_relation_of_type(relations, type);
    int part = relation == NULL ? XLSX_NO_PART : xlsx_package_find(package, relation->target);
    return part != XLSX_NO_PART ? part : xlsx_package_find(package, usual_name);
}

/* Where the workbook lies. */
static enum sluice_status workbook_find(struct xlsx_package *package, int *ret_part, struct sluice_error *err)
{
    struct xlsx_relations relations;
    enum sluice_status status = xlsx_relations_read(package, "", &relations, err);
    if (status != SLUICE_OK)
        return status;
    int part = part_of_type(package, &relations, "officeDocument", "xl/workbook.xml");
    xlsx_relations_free(&relations);
    status = xlsx_foreign_package(package, part, err);
    if (status == SLUICE_OK)
        *ret_part = part;
    return status;
}

static void tabs_resolve(const struct xlsx_package *package, const struct xlsx_relations *relations,
                         struct xlsx_workbook *workbook)
{
    for (size_t i = 0; i < workbook->n; i++) {
        const struct xlsx_relation *relation = xlsx_relation_of_id(relations, workbook->tabs[i].relation);
        if (relation != NULL && strcmp(relation->type, "worksheet") == 0)
            workbook->tabs[i].part = xlsx_package_find(package, relation->target);
    }
    workbook->strings = part_of_type(package, relations, "sharedStrings", "xl/sharedStrings.xml");
    workbook->styles = part_of_type(package, relations, "styles", "xl/styles.xml");
}

/* Without relationships one tab and one part for tabs still belong together. */
static void only_tab_guess(const struct xlsx_package *package, struct xlsx_workbook *workbook)
{
    static const char folder[] = "xl/worksheets/";
    int only = XLSX_NO_PART;
    for (size_t i = 0; i < package->n; i++) {
        const char *name = package->entries[i].name;
        if (strncmp(name, folder, sizeof folder - 1) != 0 || strchr(name + sizeof folder - 1, '/') != NULL)
            continue;
        if (only != XLSX_NO_PART)
            return;
        only = (int)i;
    }
    if (workbook->n != 1 || only == XLSX_NO_PART)
        return;
    workbook->tabs[0].part = only;
    workbook->is_guessed = true;
}

static enum sluice_status relations_take(struct xlsx_package *package, const char *name,
                                         struct xlsx_workbook *workbook, struct sluice_error *err)
{
    struct xlsx_relations relations = {.n = 0};
    enum sluice_status status = xlsx_relations_read(package, name, &relations, err);
    if (status != SLUICE_OK && status != SLUICE_DATA)
        return status;
    tabs_resolve(package, &relations, workbook);
    if (status == SLUICE_DATA)
        only_tab_guess(package, workbook);
    xlsx_relations_free(&relations);
    return workbook->is_guessed ? SLUICE_OK : status;
}

static enum sluice_status workbook_fill(struct xlsx_package *package, struct xlsx_workbook *workbook,
                                        struct sluice_error *err)
{
    static const struct xlsx_events events = {.start = on_start, .end = on_end};
    struct reading reading = {.workbook = workbook, .limits = &package->options.limits};
    workbook->tabs = calloc((size_t)reading.limits->sheets + 1, sizeof *workbook->tabs);
    if (workbook->tabs == NULL)
        return error_no_memory(err);
    int part = XLSX_NO_PART;
    enum sluice_status status = workbook_find(package, &part, err);
    if (status == SLUICE_OK)
        status = xlsx_xml_parse(package, part, XLSX_MUST_BE_WHOLE, &events, &reading, &reading.xml, err);
    if (status != SLUICE_OK)
        return status;
    if (!reading.is_workbook)
        return error_set(err, SLUICE_DATA, "%s is no workbook; save the list as .xlsx",
                         package->entries[part].name);
    return relations_take(package, package->entries[part].name, workbook, err);
}

enum sluice_status xlsx_workbook_read(struct xlsx_package *package, struct xlsx_workbook *ret_workbook,
                                      struct sluice_error *err)
{
    struct xlsx_workbook workbook = {.arena = ARENA_INIT(WORKBOOK_CEILING)};
    enum sluice_status status = workbook_fill(package, &workbook, err);
    if (status == SLUICE_OK)
        *ret_workbook = workbook;
    else
        xlsx_workbook_free(&workbook);
    return status;
}

void xlsx_workbook_free(struct xlsx_workbook *workbook)
{
    free(workbook->tabs);
    arena_free(&workbook->arena);
    *workbook = (struct xlsx_workbook){.tabs = NULL};
}

/* ---- Choosing ---------------------------------------------------------------------------------------------
 */

void xlsx_tabs_list(const struct xlsx_workbook *workbook, struct buffer *text)
{
    for (size_t i = 0; i < workbook->n; i++) {
        if (text->size > LISTED_BYTES) {
            buffer_text(text, ", …");
            return;
        }
        buffer_printf(text, "%s'%s'%s", i == 0 ? "" : ", ", workbook->tabs[i].title,
                      workbook->tabs[i].hidden ? " (hidden)" : "");
    }
}

/* Excel allows no two titles that differ only in case; of letters beyond ASCII the case counts here. */
static const struct xlsx_tab *tab_find(const struct xlsx_workbook *workbook, const char *title)
{
    for (size_t i = 0; i < workbook->n; i++)
        if (strcmp(workbook->tabs[i].title, title) == 0)
            return &workbook->tabs[i];
    for (size_t i = 0; i < workbook->n; i++)
        if (strcasecmp(workbook->tabs[i].title, title) == 0)
            return &workbook->tabs[i];
    return NULL;
}

static const struct xlsx_tab *tab_first(const struct xlsx_workbook *workbook)
{
    for (size_t i = 0; i < workbook->n; i++)
        if (!workbook->tabs[i].hidden && workbook->tabs[i].part != XLSX_NO_PART)
            return &workbook->tabs[i];
    return NULL;
}

enum sluice_status xlsx_tab_choose(const struct xlsx_workbook *workbook, const char *title,
                                   const struct xlsx_tab **ret_tab, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer list = BUFFER_INIT(LISTED_BYTES * 2);
    const struct xlsx_tab *tab = title == NULL ? tab_first(workbook) : tab_find(workbook, title);
    if (tab != NULL && tab->part != XLSX_NO_PART) {
        *ret_tab = tab;
        return SLUICE_OK;
    }
    xlsx_tabs_list(workbook, &list);
    const char *tabs = list.size == 0 ? "none" : list.data;
    if (tab != NULL)
        return error_set(
            err, SLUICE_CONFIG,
            "the tab '%s' has no cells (a chart, or its part is missing); there are these tabs: %s", title,
            tabs);
    if (title != NULL)
        return error_set(err, SLUICE_CONFIG, "there is no tab '%.100s'; there are these: %s", title, tabs);
    return error_set(
        err, SLUICE_CONFIG,
        "no tab of the workbook is visible; name one with the option 'sheet'; there are these: %s", tabs);
}
