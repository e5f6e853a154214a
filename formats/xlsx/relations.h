/* SPDX-License-Identifier: Apache-2.0 */
/* Which part refers to which other: the .rels parts (ECMA-376 part 2 §6.5). */
#ifndef FORMATS_XLSX_RELATIONS_H
#define FORMATS_XLSX_RELATIONS_H

#include "formats/xlsx/package.h"

#include "base/arena.h"

struct xlsx_relation {
    const char *id;
    const char *type;   /* the last word of its address: "worksheet", "sharedStrings", … */
    const char *target; /* the part's name in the package, resolved */
};

struct xlsx_relations {
    struct xlsx_relation *items;
    size_t n, capacity;
    struct arena arena;
};

/* Those of the part `source` ("" for the package itself); none when it has no .rels. External ones are left out. */
enum sluice_status xlsx_relations_read(struct xlsx_package *package, const char *source,
                                       struct xlsx_relations *ret_relations, struct sluice_error *err);
void xlsx_relations_free(struct xlsx_relations *relations); /* accepts a zeroed one */

/* The first of that type, or of that id; NULL when there is none. */
const struct xlsx_relation *xlsx_relation_of_type(const struct xlsx_relations *relations, const char *type);
const struct xlsx_relation *xlsx_relation_of_id(const struct xlsx_relations *relations, const char *id);

/* "xl/workbook.xml" and "../a.xml" give "a.xml"; a target that begins with '/' counts from the root. False when the
 * result does not fit. */
bool xlsx_target_resolve(const char *source, struct sluice_cell target, char *ret_name, size_t size);

#endif
