/* SPDX-License-Identifier: Apache-2.0 */
/* A target is only ever looked up in the archive; "../" beyond its root stays at the root. */
#include "formats/xlsx/relations.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "formats/xlsx/xml.h"

#include <stdio.h>
#include <string.h>

enum { RELATIONS_MAX = 4096, RELATIONS_CEILING = 4 << 20 };

struct reading {
    struct xlsx_relations *relations;
    const char *source;
    struct xlsx_xml *xml;
};

/* Drops the last folder of what was written so far. */
static size_t parent_of(const char *name, size_t n)
{
    if (n > 0)
        n--;
    while (n > 0 && name[n - 1] != '/')
        n--;
    return n;
}

bool xlsx_target_resolve(const char *source, struct sluice_cell target, char *ret_name, size_t size)
{
    size_t n = 0;
    const char *folder_end = strrchr(source, '/');
    bool absolute = target.len > 0 && (target.ptr[0] == '/' || target.ptr[0] == '\\');
    if (!absolute && folder_end != NULL) {
        n = (size_t)(folder_end - source) + 1;
        if (n >= size)
            return false;
        memcpy(ret_name, source, n);
    }
    for (uint32_t at = 0; at < target.len;) {
        uint32_t end = at;
        while (end < target.len && target.ptr[end] != '/' && target.ptr[end] != '\\')
            end++;
        struct sluice_cell step = {.ptr = target.ptr + at, .len = end - at};
        at = end + 1;
        if (step.len == 0 || text_is(step, "."))
            continue;
        if (text_is(step, "..")) {
            n = parent_of(ret_name, n);
            continue;
        }
        if (n + step.len + 2 > size)
            return false;
        memcpy(ret_name + n, step.ptr, step.len);
        n += step.len;
        if (end < target.len)
            ret_name[n++] = '/';
    }
    if (n >= size)
        return false;
    ret_name[n] = '\0';
    return true;
}

static bool relation_add(struct xlsx_relations *relations, const struct xlsx_relation *relation)
{
    if (relations->n == relations->capacity) {
        size_t capacity = relations->capacity * 2 + 16;
        struct xlsx_relation *items = realloc(relations->items, capacity * sizeof *items);
        if (items == NULL)
            return false;
        relations->items = items;
        relations->capacity = capacity;
    }
    relations->items[relations->n++] = *relation;
    return relation->id != NULL && relation->type != NULL && relation->target != NULL;
}

static void on_start(void *context, const char *name, const struct xlsx_attributes *attributes)
{
    struct reading *reading = context;
    struct xlsx_relations *relations = reading->relations;
    char target[XLSX_NAME_SIZE];
    if (strcmp(name, "Relationship") != 0 || text_is(xlsx_attribute(attributes, "TargetMode"), "External") ||
        !xlsx_target_resolve(reading->source, xlsx_attribute(attributes, "Target"), target, sizeof target))
        return;
    if (relations->n == RELATIONS_MAX) {
        xlsx_xml_fail(reading->xml, SLUICE_DATA, "the workbook has more than %d relationships",
                      RELATIONS_MAX);
        return;
    }
    struct sluice_cell id = xlsx_attribute(attributes, "Id");
    struct sluice_cell type = xlsx_attribute(attributes, "Type");
    const char *word = type.len == 0 ? NULL : memrchr(type.ptr, '/', type.len);
    size_t n = word == NULL ? type.len : type.len - (size_t)(word + 1 - type.ptr);
    struct xlsx_relation relation = {
        .id = arena_copy(&relations->arena, id.ptr == NULL ? "" : id.ptr, id.len),
        .type = arena_copy(&relations->arena, word == NULL ? "" : word + 1, word == NULL ? 0 : n),
        .target = arena_text(&relations->arena, target)};
    if (!relation_add(relations, &relation))
        xlsx_xml_fail(reading->xml, SLUICE_IO, NULL);
}

static void on_end(void *context, const char *name)
{
    (void)context, (void)name;
}

enum sluice_status xlsx_relations_read(struct xlsx_package *package, const char *source,
                                       struct xlsx_relations *ret_relations, struct sluice_error *err)
{
    static const struct xlsx_events events = {.start = on_start, .end = on_end};
    char name[XLSX_NAME_SIZE + 16];
    const char *slash = strrchr(source, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - source) + 1;
    snprintf(name, sizeof name, "%.*s_rels/%s.rels", (int)folder, source, source + folder);
    struct xlsx_relations relations = {.arena = ARENA_INIT(RELATIONS_CEILING)};
    int part = xlsx_package_find(package, name);
    if (part != XLSX_NO_PART) {
        struct reading reading = {.relations = &relations, .source = source};
        enum sluice_status status =
            xlsx_xml_parse(package, part, XLSX_USE_DECIDES, &events, &reading, &reading.xml, err);
        if (status != SLUICE_OK) {
            xlsx_relations_free(&relations);
            return status;
        }
    }
    *ret_relations = relations;
    return SLUICE_OK;
}

void xlsx_relations_free(struct xlsx_relations *relations)
{
    free(relations->items);
    arena_free(&relations->arena);
    *relations = (struct xlsx_relations){.items = NULL};
}

const struct xlsx_relation *xlsx_relation_of_type(const struct xlsx_relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->n; i++)
        if (strcmp(relations->items[i].type, type) == 0)
            return &relations->items[i];
    return NULL;
}

const struct xlsx_relation *xlsx_relation_of_id(const struct xlsx_relations *relations, const char *id)
{
    for (size_t i = 0; i < relations->n; i++)
        if (strcmp(relations->items[i].id, id) == 0)
            return &relations->items[i];
    return NULL;
}
