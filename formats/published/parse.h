/* SPDX-License-Identifier: Apache-2.0 */
/* A page taken apart: its tabs with their rows, cells with their spans. All of it lives in one arena. */
#ifndef FORMATS_PUBLISHED_PARSE_H
#define FORMATS_PUBLISHED_PARSE_H

#include "base/arena.h"

struct page_cell {
    const char *text; /* NUL-terminated */
    uint32_t len;
    uint16_t columns, rows; /* that it spans, at least 1 */
    struct page_cell *next;
};

struct page_row {
    uint64_t line; /* 0: not said */
    bool hidden;
    struct page_cell *cells, *last;
    struct page_row *next;
};

struct page_tab {
    const char *gid, *title; /* or NULL */
    struct page_row *rows, *last;
    uint64_t n_rows;
    uint32_t n_columns; /* of the widest row, without what is covered */
    struct page_tab *next;
};

struct page {
    struct arena arena;
    const char *title; /* or NULL */
    struct page_tab *tabs, *last;
    size_t n_tabs;
};

/* DATA beyond a limit, IO without memory. A page without a table has no tab. */
enum sluice_status page_parse(const char *text, uint64_t size, struct page *ret_page, struct sluice_error *err);
void page_free(struct page *page); /* [cleanup] accepts a zeroed one */

#endif
