/* SPDX-License-Identifier: Apache-2.0 */
/* The script of a mocked source: tests fill it, configurations name the same options. */
#ifndef TESTS_SOURCE_MOCK_H
#define TESTS_SOURCE_MOCK_H

#include <sluice/plugin.h>

enum source_mock_garbage {
    GARBAGE_NONE,
    GARBAGE_NO_BATCH, /* OK without a batch */
    GARBAGE_NO_ROWS,
    GARBAGE_NO_COLUMNS,
    GARBAGE_NO_CELLS,
    GARBAGE_LINE_ZERO,
    GARBAGE_LINES_BACK,
    GARBAGE_NOT_UTF8,
    GARBAGE_LONG_VERSION, /* at the end */
    GARBAGE_UNCHANGED,    /* UNCHANGED though no version was handed over */
};

struct source_mock_options {
    const char *text; /* the rows themselves: lines, cells parted by '|'; NULL: made up */
    int64_t rows;     /* made up, besides the header */
    int64_t seed;     /* shapes names and prices */
    int64_t batch_rows;
    int64_t reject_every; /* every n-th row is one that the source cannot decode; 0: none */
    int64_t fail_at;      /* line where next () fails; 0: never */
    struct sluice_choice fail_status;
    int64_t fail_times;           /* how often, per instance; 0: always */
    int64_t hang_at;              /* line where next () waits until it is cancelled; 0: never */
    int64_t kill_at;              /* line where the process dies by SIGKILL; 0: never */
    struct sluice_duration delay; /* before each batch */
    struct sluice_choice garbage; /* enum source_mock_garbage, in the first batch */
    struct sluice_list faults;    /* of open and next: script/script.h */
};

/* A batch of at most n rows from `line` (1-based) on; NULL without memory. */
struct sluice_batch *mock_batch(const struct source_mock_options *options, const char *text, uint64_t line,
                                uint64_t n);
/* Number of lines there are, the header included. */
uint64_t mock_lines(const struct source_mock_options *options, const char *text);

#endif
