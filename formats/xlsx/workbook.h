/* SPDX-License-Identifier: Apache-2.0 */
/* The workbook part: which tabs there are, where they lie, and from which day dates are counted. */
#ifndef FORMATS_XLSX_WORKBOOK_H
#define FORMATS_XLSX_WORKBOOK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "formats/xlsx/date.h"
#include "formats/xlsx/relations.h"

struct xlsx_tab {
    const char *title;
    const char *relation; /* its id */
    int part;             /* XLSX_NO_PART for a chart, a macro sheet, or when it is missing */
    bool hidden;
};

struct xlsx_workbook {
    struct xlsx_tab *tabs;
    size_t n;
    enum xlsx_epoch epoch;
    int strings, styles; /* parts, or XLSX_NO_PART */
    bool is_guessed;     /* the relationships are unreadable: the only tab has the only part that can be one */
    struct arena arena;
};

enum sluice_status xlsx_workbook_read(struct xlsx_package *package, struct xlsx_workbook *ret_workbook,
                                      struct sluice_error *err);
void xlsx_workbook_free(struct xlsx_workbook *workbook); /* accepts a zeroed one */

/* The tab of that title (NULL: the first visible one), or CONFIG with a list of those that are there. */
enum sluice_status xlsx_tab_choose(const struct xlsx_workbook *workbook, const char *title,
                                   const struct xlsx_tab **ret_tab, struct sluice_error *err);

/* "'Prices', 'Old' (hidden)", cut where it becomes too long. */
void xlsx_tabs_list(const struct xlsx_workbook *workbook, struct buffer *text);

#endif
