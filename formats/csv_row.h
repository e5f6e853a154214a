/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row of CSV at a time out of a window of text. A window is the whole text, or a piece of it (not
 * `final`) whose last row may be cut: that row is INCOMPLETE until the reader comes back with a longer
 * window.
 */
#ifndef FORMATS_CSV_ROW_H
#define FORMATS_CSV_ROW_H

#include "base/arena.h"
#include "formats/csv.h"
#include "formats/csv_scan.h"

enum {
    CSV_CHUNK_WORDS = 128, /* blocks scanned at once */
    CSV_CHUNK_BYTES = CSV_CHUNK_WORDS * CSV_SCAN_BLOCK,
    CSV_ROW_MARGIN = 2,    /* cells that may be written beyond the limit of columns */
};

/* Where a scan stands in its window. It is large; keep one, not many. */
struct csv_scanner {
    const char *text;
    size_t size;
    bool is_final; /* the text ends where the window ends */
    bool is_quoting;
    struct csv_special special;
    const struct csv_scan_choice *scan;

    size_t base;     /* of the scanned chunk in the window */
    size_t n_words;  /* scanned blocks */
    bool is_last;    /* the chunk reaches the end of the window */
    bool begins_row; /* the chunk does */
    uint64_t scans;  /* chunks so far: tells them apart */
    unsigned chunk_flags,
        row_flags; /* enum csv_scan_flag: of the chunk, of all chunks that the row touches */
    struct csv_bitmaps maps[CSV_CHUNK_WORDS + 1];
};

enum csv_row_result {
    CSV_ROW_OK,
    CSV_ROW_END,        /* the window is used up; of a piece: nothing is left over */
    CSV_ROW_INCOMPLETE, /* the row goes on beyond the window */
    CSV_ROW_REJECTED,
    CSV_ROW_NO_MEMORY,
};

struct csv_row {
    size_t begin,
        end;        /* of its text in the window, without the line end; INCOMPLETE: of its last whole cell */
    size_t next;    /* where the following row begins */
    uint64_t lines; /* physical lines that it takes */
    uint32_t n_cells;
    uint32_t column;  /* of a reject: 1-based, or 0 */
    const char *code; /* of a reject; INCOMPLETE: what it is when it can never be completed */
    size_t bad_byte;  /* of bad_encoding: position in the window */
};

/* Points the scanner at `at`, the beginning of a row. */
void csv_scanner_seek(struct csv_scanner *scanner, size_t at);

/*
 * Decodes the row at `at`, not before the scanned chunk, into `ret_cells`, which has room for limits->columns +
 * CSV_ROW_MARGIN. Cells point into the window or into the arena. The row after it is at row->next; after
 * INCOMPLETE and NO_MEMORY the scanner must be sought.
 */
enum csv_row_result csv_row_next(struct csv_scanner *scanner, size_t at, const struct csv_limits *limits,
                                 struct arena *arena, struct sluice_cell *ret_cells, struct csv_row *ret_row);

/* Writes the text with one quote for each pair of them, at most n bytes, and returns how many. */
size_t csv_unescape(char *to, const char *text, size_t n, char quote);

/* Makes a reject of an INCOMPLETE row. row->next is the size of the window if the line itself is cut. */
void csv_row_give_up(struct csv_scanner *scanner, struct csv_row *row);

#endif
