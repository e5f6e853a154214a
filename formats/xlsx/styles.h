/* SPDX-License-Identifier: Apache-2.0 */
/* Which cell style shows numbers how (ECMA-376 part 1 §18.8): of the whole styles part only the number formats. */
#ifndef FORMATS_XLSX_STYLES_H
#define FORMATS_XLSX_STYLES_H

#include "formats/xlsx/format.h"
#include "formats/xlsx/package.h"

struct xlsx_styles {
    const struct xlsx_format **formats; /* by the index that cells name; NULL is General */
    size_t n;
    struct arena arena;
};

enum sluice_status xlsx_styles_read(struct xlsx_package *package, int part, struct xlsx_styles *ret_styles,
                                    struct sluice_error *err);
void xlsx_styles_free(struct xlsx_styles *styles); /* accepts a zeroed one */

#endif
