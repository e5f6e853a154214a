/* SPDX-License-Identifier: Apache-2.0 */
/* A store with suppliers, runs and lists, in as few words as a case needs. */
#ifndef CONFORMANCE_STORE_SCENE_H
#define CONFORMANCE_STORE_SCENE_H

#include "scene.h"

enum { LEASE_MS = 1000 };

/* The data of one item; the hash is made of it. */
struct line {
    uint64_t line;
    const char *sku, *name;
    int64_t price; /* ten-thousandths */
};

/* A migrated store. */
void *store_ready(struct scene *scene);
/* Requests and claims a run; its epoch. `ret_run_id` has room for SLUICE_ID_SIZE. */
int64_t run_begun(struct scene *scene, void *store, char *ret_run_id);
/* Brings the table in line with suppliers of these keys, all active. */
void suppliers_are(struct scene *scene, void *store, const char *run_id, int64_t epoch,
                   const char *const *keys, size_t n);
/* A store, a run and a leased job for the one supplier "acme". */
struct work {
    void *store;
    char run_id[SLUICE_ID_SIZE];
    int64_t epoch;
    struct sluice_job job; /* texts live as long as the scene */
};
struct work work_begun(struct scene *scene);
/* The next run's job of the same supplier, in the same store. */
struct work work_again(struct scene *scene, const struct work *before);
void work_finished(struct scene *scene, const struct work *work);
/* A copy of what job_claim returned that lives as long as the scene. */
struct sluice_job job_kept(struct scene *scene, const struct sluice_job *job);

struct sluice_item item_of(const struct line *line);
void *snapshot_begun(struct scene *scene, void *store, const struct sluice_job *job);
void snapshot_lines(struct scene *scene, void *store, void *snapshot, const struct line *lines, size_t n);
const struct sluice_snapshot_stat *snapshot_stated(struct scene *scene, void *store, void *snapshot);
enum sluice_status snapshot_committed(struct scene *scene, void *store, void *snapshot);
/* Opens, writes and commits; the figures of stat. */
struct sluice_figures list_is(struct scene *scene, const struct work *work, const struct line *lines,
                              size_t n);

/* All rows of a query, one line each: "a|b|c". */
const char *rows_of(struct scene *scene, void *store, enum sluice_query_what what, const char *key,
                    const char *const *columns, size_t n);
/* The same with any filters; struct_size is filled in. */
const char *rows_asked(struct scene *scene, void *store, struct sluice_query query, const char *const *columns,
                       size_t n);
/* "sku=price" of each item that is not gone, joined by spaces. */
const char *items_of(struct scene *scene, void *store, const char *key);
size_t count_of(struct scene *scene, void *store, enum sluice_query_what what, const char *key);

void id_make(struct scene *scene, char *ret_id);

#endif
