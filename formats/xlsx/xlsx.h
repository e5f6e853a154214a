/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks in Office Open XML (ECMA-376, transitional and strict), from bytes to batches of rows: document in,
 * rows of one tab out, no I/O. A source fetches, calls xlsx_open () and xlsx_next () until END, and xlsx_close ();
 * it gives the version of the document as its own.
 *
 *  - Every row that the sheet has is yielded, blank ones too; where it leaves out at most XLSX_GAP_ROWS rows they are
 *    yielded as blanks. A row's number is the one that Excel shows.
 *  - A cell's text is what its number format shows, in the notation of the file (point for decimals, comma between
 *    thousands, English names of months); a short date of the reader's own locale is shown as YYYY-MM-DD. Formats
 *    that a program must interpret (fractions, exponents, conditions) show the number as `General` does: up to 15
 *    significant digits, without an exponent where that is exact.
 *  - `raw` is the number behind the text as a decimal of 15 significant digits. Dates and texts have none.
 *  - Formulas show the value that was stored with them; formula errors are texts such as "#REF!".
 *  - Cells under a merged one are marked (SLUICE_CELL_COVERED) and repeat the first one's text.
 *  - A row that cannot be given whole goes to the reject callback, and the rows around it are yielded: codes
 *    field_too_large, record_too_large.
 */
#ifndef FORMATS_XLSX_H
#define FORMATS_XLSX_H

#include <sluice/plugin.h>

#define XLSX_ENTRIES       2000                   /* files in the zip archive */
#define XLSX_TOTAL_BYTES   (UINT64_C(512) << 20)  /* of all parts that are read, counted while they are inflated */
#define XLSX_RATIO         200                    /* inflated / deflated, of each part */
#define XLSX_STRINGS       2000000                /* shared strings */
#define XLSX_STRINGS_BYTES (UINT64_C(256) << 20)  /* their text */
#define XLSX_CELLS         UINT64_C(20000000)     /* of the tab */
#define XLSX_GRID_CELLS    UINT64_C(320000000)    /* of the tab, with the empty ones before each row's last */
#define XLSX_TEXT_BYTES    (UINT64_C(1) << 30)    /* of all cells of the tab, repeated strings counted each time */
#define XLSX_SHEETS        64
#define XLSX_ROWS          1048576                /* the largest row number */
#define XLSX_COLUMNS       16384                  /* XFD */
#define XLSX_DEPTH         64                     /* XML elements in each other */
#define XLSX_ATTRIBUTE     (UINT32_C(64) << 10)   /* bytes of one XML attribute */
#define XLSX_FIELD_BYTES   (UINT32_C(96) << 10)   /* of one cell: the 32,767 characters that Excel holds */
#define XLSX_RECORD_BYTES  (UINT32_C(1) << 20)    /* of one row */
#define XLSX_GAP_ROWS      100

/* The largest that is still accepted; 0 takes the default above. What has no field here is not to be changed. */
struct xlsx_limits {
    uint64_t total_bytes, strings_bytes, cells, text_bytes, grid_cells;
    uint32_t entries, ratio, strings, sheets, field_bytes, record_bytes;
};

struct xlsx_options {
    const char *sheet; /* title of the tab; NULL: the first visible one, which xlsx_notice () names */
    struct xlsx_limits limits;
    /* Gets each row that is not yielded, inside xlsx_next (); the pointers live until it returns. May be NULL. */
    void (*reject)(void *context, const struct sluice_source_reject *reject);
    /* Asked at least once for every 64 KiB of XML; true ends the call with CANCELLED. May be NULL. */
    bool (*cancelled)(void *context);
    void *context; /* of both */
};

struct xlsx_reader;

/*
 * Reads `size` bytes at `data`, which with a document stay retained until the reader and all its batches are gone;
 * without one (NULL) the caller keeps them that long. Options are copied, the texts in them too. Errors: CONFIG for
 * a tab that is not there (it lists the tabs), DATA for what is no workbook, is damaged, or is beyond a limit. [run]
 */
enum sluice_status xlsx_open(const char *data, uint64_t size, const struct sluice_document *document,
                             const struct xlsx_options *options, struct xlsx_reader **ret_reader,
                             struct sluice_error *err);

/* OK with a batch to release, END, CANCELLED, or DATA. [run] */
enum sluice_status xlsx_next(struct xlsx_reader *reader, const struct sluice_batch **ret_batch,
                             struct sluice_error *err);

void xlsx_close(struct xlsx_reader *reader); /* accepts NULL; batches live on [run] */

/* These live as long as the reader. */
const char *xlsx_sheet(const struct xlsx_reader *reader);         /* title of the tab that is read */
const char *xlsx_notice(const struct xlsx_reader *reader);        /* or NULL when there is nothing to say */
const char *xlsx_link_template(const struct xlsx_reader *reader); /* "Prices!{column}{row}" */

/* Formulas so far whose value was never stored, as programs write them that calculate nothing: their cells are empty. */
uint64_t xlsx_uncalculated(const struct xlsx_reader *reader);

/* Calls found () for each tab with the size that the file claims for it; `sheet` of the options is not used. [run] */
enum sluice_status xlsx_discover(const char *data, uint64_t size, const struct xlsx_options *options,
                                 void (*found)(void *context, const struct sluice_discovery *discovery),
                                 void *context, struct sluice_error *err);

#endif
