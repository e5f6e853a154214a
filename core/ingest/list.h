/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list becomes items: batches in, items and rejects out, in bounded memory whatever the list's length.
 * The invariant: every row is accounted for once, as skipped, as rejected, or as an item for the sink.
 */
#ifndef INGEST_LIST_H
#define INGEST_LIST_H

#include "ingest/mapping.h"
#include "ingest/options.h"

#include <sluice/store_types.h>

/* Where items and rejects go, up to a few thousand at a time, valid until the call returns. Items with an
 * ambiguous price come later than their neighbours: which of two rows is the last of the list, their lines
 * say. */
struct list_sink {
    void *context;
    enum sluice_status (*items)(void *context, const struct sluice_item *items, size_t n,
                                struct sluice_error *err);
    enum sluice_status (*rejects)(void *context, const struct sluice_reject *rejects, size_t n,
                                  struct sluice_error *err);
};

struct list_reader;

/* What was found out; lives as long as the reader. */
struct list_report {
    struct sluice_figures figures; /* read, skipped, rejected and rounded; the rest is the store's */
    uint64_t items;                /* handed to the sink, duplicates included */
    const struct mapping *mapping;
    const char *mapping_json;
    enum decimal_mark decimal;  /* as decided; AUTO when nothing decided it */
    const char *decimal_reason; /* one sentence: by which evidence */
    const char *const *notices; /* for the run report: duplicate headers, hidden rows read, … */
    size_t n_notices;
};

/* `name` is the list for messages ("prices.csv"); name and description are copied; options and sink outlive
 * the reader. */
enum sluice_status list_reader_new(const struct ingest_options *options, const char *name,
                                   const struct sluice_description *description, const struct list_sink *sink,
                                   struct list_reader **ret_reader, struct sluice_error *err);
/* Takes one batch; the caller releases it afterwards. DATA when no header was found in the first rows. END
 * when an option ends the list here (until, stop_after_blank): read no further. */
enum sluice_status list_reader_batch(struct list_reader *reader, const struct sluice_batch *batch,
                                     struct sluice_error *err);
/* A row that the source rejected. */
enum sluice_status list_reader_reject(struct list_reader *reader, const struct sluice_source_reject *reject,
                                      struct sluice_error *err);
/* After the last batch: decides what waited for evidence and flushes the sink. */
enum sluice_status list_reader_finish(struct list_reader *reader, const struct list_report **ret_report,
                                      struct sluice_error *err);
void list_reader_free(struct list_reader *reader);

#endif
