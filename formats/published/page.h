/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages as Google Sheets publishes and exports them: a table of class "waffle" for each tab, in a <div> whose id is
 * the tab's gid, and a menu with the tabs' titles. Any other HTML table reads as well.
 *
 *  - A row's number is the one in its header cell, else it is counted. The rows of the freeze bar are no rows.
 *  - A cell is its text: <br> is a line end, other mark-up is left out.
 *  - Merged cells are colspan and rowspan; what they cover is marked (SLUICE_CELL_COVERED) and repeats their text.
 *  - Rows that are not displayed are marked hidden.
 *
 * The charset is that of the page; libxml2 reads it as browsers would, unclosed tags and all.
 */
#ifndef FORMATS_PUBLISHED_PAGE_H
#define FORMATS_PUBLISHED_PAGE_H

#include <sluice/plugin.h>

#define PAGE_BYTES      (UINT64_C(64) << 20) /* of a page */
#define PAGE_COLUMNS    1024
#define PAGE_CELL_BYTES (UINT32_C(64) << 10)

struct page_options {
    const char *gid;   /* of the tab, or NULL */
    const char *title; /* of the tab, or NULL; with neither the first one is read */
    /* Gets each row that is not yielded: too_many_columns, field_too_large. May be NULL. */
    void (*reject)(void *context, const struct sluice_source_reject *reject);
    void *reject_context;
};

struct page_reader;

/* The text is not needed afterwards; options are copied, their texts are not kept. CONFIG for a tab that is not there
 * (it lists the tabs), DATA for a page without a table or beyond a limit. [run] */
enum sluice_status page_open(const char *text, uint64_t size, const struct page_options *options,
                             struct page_reader **ret_reader, struct sluice_error *err);

/* OK with a batch to release, or END. [run] */
enum sluice_status page_next(struct page_reader *reader, const struct sluice_batch **ret_batch,
                             struct sluice_error *err);

void page_close(struct page_reader *reader); /* accepts NULL; batches live on [run] */

/* These live as long as the reader; NULL when the page does not say. */
const char *page_title(const struct page_reader *reader);
const char *page_sheet(const struct page_reader *reader);
/* How many tabs the page has. */
size_t page_tabs(const struct page_reader *reader);
/* 128 bits that name the cells, as 32 digits; the page around them changes with each answer. */
void page_hash(const struct page_reader *reader, char ret_hash[33]);

/* Calls found () for each tab. [run] */
enum sluice_status page_discover(const char *text, uint64_t size,
                                 void (*found)(void *context, const struct sluice_discovery *discovery),
                                 void *context, struct sluice_error *err);

#endif
