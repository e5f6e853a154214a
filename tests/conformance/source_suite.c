/* SPDX-License-Identifier: Apache-2.0 */
/* What a source must do so that the engine can rely on it: whole lists, stable versions, batches that stand
 * on their own. */
#include "base/cleanup.h"
#include "conformance.h"
#include "sync/batch.h"

#include <pthread.h>
#include <string.h>

enum { KEPT_BATCHES = 8, CYCLES = 50, READERS = 4, SOON_MS = 1000 };

/* What one read gave. */
struct source_rows {
    uint64_t n_rows;
    uint64_t hash; /* of all lines and cells */
    char version[1025];
};

/* ---- Reading ---- */

static void hash_bytes(uint64_t *hash, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ at[i]) * UINT64_C(1099511628211);
}

static uint64_t hash_batch(const struct sluice_batch *batch, uint64_t hash)
{
    size_t n_cells = (size_t)batch->n_rows * batch->n_columns;
    hash_bytes(&hash, batch->lines, batch->n_rows * sizeof *batch->lines);
    for (size_t i = 0; i < n_cells; i++) {
        hash_bytes(&hash, &batch->cells[i].len, sizeof batch->cells[i].len);
        hash_bytes(&hash, batch->cells[i].ptr, batch->cells[i].len);
    }
    return hash;
}

static enum sluice_status source_open(struct scene *scene, void *source, const char *location,
                                      const char *version, void **ret_cursor)
{
    struct sluice_open_request request = {
        .struct_size = sizeof request, .location = location, .version = version};
    const struct sluice_description *description = NULL;
    return scene_source(scene)->open(source, &request, ret_cursor, &description, scene_error(scene));
}

/* OK with a batch that passed the engine's check, or END. */
static enum sluice_status source_next(struct scene *scene, void *source, void *cursor, uint64_t *last_line,
                                      const struct sluice_batch **ret_batch, const char **ret_version)
{
    enum sluice_status status =
        scene_source(scene)->next(source, cursor, ret_batch, ret_version, scene_error(scene));
    if (status == SLUICE_OK)
        expect_status(scene, "the engine's check of a batch", SLUICE_OK,
                      batch_check(scene_plugin(scene)->name, *ret_batch, last_line, scene_error(scene)));
    return status;
}

/* Opens, reads to the end and closes, checking each batch as the engine does. */
static struct source_rows source_rows_of(struct scene *scene, void *source, const char *version)
{
    struct source_rows rows = {0};
    void *cursor = NULL;
    uint64_t last_line = 0;
    const struct sluice_batch *batch = NULL;
    const char *read_version = NULL;
    expect_status(scene, "open", SLUICE_OK,
                  source_open(scene, source, scene_location(scene), version, &cursor));
    enum sluice_status status = source_next(scene, source, cursor, &last_line, &batch, &read_version);
    for (; status == SLUICE_OK;
         status = source_next(scene, source, cursor, &last_line, &batch, &read_version)) {
        rows.n_rows += batch->n_rows;
        rows.hash = hash_batch(batch, rows.hash);
        batch->release(batch);
    }
    expect_status(scene, "next at the end", SLUICE_END, status);
    expect(scene, read_version != NULL && read_version[0] != '\0', "the end names no version");
    expect(scene, strlen(read_version) < sizeof rows.version, "the version has more than 1 KiB");
    memcpy(rows.version, read_version, strlen(read_version) + 1);
    scene_source(scene)->close(source, cursor);
    return rows;
}

/* ---- Versions ---- */

static void a_list_is_read_to_its_end(struct scene *scene)
{
    struct source_rows rows = source_rows_of(scene, scene_instance(scene), NULL);
    expect(scene, rows.n_rows > 0, "the list has no row; give one that has");
}

static void a_second_read_gives_the_same(struct scene *scene)
{
    void *source = scene_instance(scene);
    struct source_rows first = source_rows_of(scene, source, NULL);
    struct source_rows second = source_rows_of(scene, source, NULL);
    expect_text(scene, "the version of the second read", first.version, second.version);
    expect(scene, first.hash == second.hash, "the second read gave other rows");
}

static void another_instance_gives_the_same(struct scene *scene)
{
    struct source_rows first = source_rows_of(scene, scene_instance(scene), NULL);
    struct source_rows second = source_rows_of(scene, scene_instance(scene), NULL);
    expect_text(scene, "the version of the second instance", first.version, second.version);
    expect(scene, first.hash == second.hash, "the second instance gave other rows");
}

static void a_version_that_is_handed_back_is_unchanged(struct scene *scene)
{
    void *source = scene_instance(scene);
    void *cursor = NULL;
    struct source_rows rows = source_rows_of(scene, source, NULL);
    enum sluice_status status = source_open(scene, source, scene_location(scene), rows.version, &cursor);
    expect_status(scene, "open with the version of the last read", SLUICE_UNCHANGED, status);
    expect(scene, cursor == NULL, "UNCHANGED came with a cursor, which nobody closes");
}

static void an_unknown_version_reads_again(struct scene *scene)
{
    source_rows_of(scene, scene_instance(scene), "a version of another plugin");
}

/* ---- Life cycles ---- */

static void a_cursor_may_be_closed_at_any_row(struct scene *scene)
{
    void *source = scene_instance(scene);
    for (int i = 0; i < CYCLES; i++) {
        void *cursor = NULL;
        uint64_t last_line = 0;
        const struct sluice_batch *batch = NULL;
        const char *version = NULL;
        expect_status(scene, "open", SLUICE_OK,
                      source_open(scene, source, scene_location(scene), NULL, &cursor));
        if (i % 2 == 1 && source_next(scene, source, cursor, &last_line, &batch, &version) == SLUICE_OK)
            batch->release(batch);
        scene_source(scene)->close(source, cursor);
    }
}

struct kept {
    const struct sluice_batch *batches[KEPT_BATCHES];
    size_t n;
    uint64_t hash;
};

/* Batches whose cursor is closed and whose instance has read something else since. */
static struct kept batches_kept(struct scene *scene)
{
    struct kept kept = {0};
    void *source = scene_instance(scene), *cursor = NULL;
    uint64_t last_line = 0, before = 0;
    const char *version = NULL;
    expect_status(scene, "open", SLUICE_OK, source_open(scene, source, scene_location(scene), NULL, &cursor));
    while (kept.n < KEPT_BATCHES &&
           source_next(scene, source, cursor, &last_line, &kept.batches[kept.n], &version) == SLUICE_OK)
        before = hash_batch(kept.batches[kept.n++], before);
    scene_source(scene)->close(source, cursor);
    source_rows_of(scene, source, NULL);
    for (size_t i = 0; i < kept.n; i++)
        kept.hash = hash_batch(kept.batches[i], kept.hash);
    expect(scene, kept.hash == before, "the cells of a batch changed after close ()");
    return kept;
}

static void batches_outlive_their_cursor(struct scene *scene)
{
    struct kept kept = batches_kept(scene);
    for (size_t i = 0; i < kept.n; i++)
        kept.batches[i]->release(kept.batches[i]);
}

static void *release_all(void *argument)
{
    const struct kept *kept = argument;
    for (size_t i = kept->n; i > 0; i--)
        kept->batches[i - 1]->release(kept->batches[i - 1]);
    return NULL;
}

static void any_thread_may_release_a_batch(struct scene *scene)
{
    struct kept kept = batches_kept(scene);
    pthread_t thread;
    expect(scene, pthread_create(&thread, NULL, release_all, &kept) == 0, "no thread could be started");
    pthread_join(thread, NULL);
}

/* ---- Side by side ---- */

/* One thread with an instance of its own; it cannot end the case, so it counts rows itself. */
struct reader {
    struct scene *scene;
    void *source;
    pthread_t thread;
    uint64_t hash;
    enum sluice_status status;
};

static void *read_all(void *argument)
{
    struct reader *reader = argument;
    const struct sluice_source *source = scene_source(reader->scene);
    struct sluice_open_request request = {.struct_size = sizeof request,
                                          .location = scene_location(reader->scene)};
    const struct sluice_description *description = NULL;
    const struct sluice_batch *batch = NULL;
    const char *version = NULL;
    struct sluice_error err = {0};
    void *cursor = NULL;
    reader->status = source->open(reader->source, &request, &cursor, &description, &err);
    if (reader->status != SLUICE_OK)
        return NULL;
    for (;;) {
        reader->status = source->next(reader->source, cursor, &batch, &version, &err);
        if (reader->status != SLUICE_OK)
            break;
        reader->hash = hash_batch(batch, reader->hash);
        batch->release(batch);
    }
    source->close(reader->source, cursor);
    return NULL;
}

static void instances_read_side_by_side(struct scene *scene)
{
    struct reader readers[READERS] = {0};
    struct source_rows alone = source_rows_of(scene, scene_instance(scene), NULL);
    for (size_t i = 0; i < READERS; i++) {
        readers[i].scene = scene;
        readers[i].source = scene_instance(scene);
    }
    for (size_t i = 0; i < READERS; i++)
        expect(scene, pthread_create(&readers[i].thread, NULL, read_all, &readers[i]) == 0,
               "no thread could be started");
    for (size_t i = 0; i < READERS; i++)
        pthread_join(readers[i].thread, NULL);
    for (size_t i = 0; i < READERS; i++) {
        expect_status(scene, "the end of a read beside others", SLUICE_END, readers[i].status);
        expect(scene, readers[i].hash == alone.hash, "instances that read side by side gave other rows");
    }
}

/* ---- What is not there, and stopping ---- */

static void a_list_that_is_not_there_is_the_operators_to_mend(struct scene *scene)
{
    void *cursor = NULL;
    const char *nowhere = arena_printf(scene_arena(scene), "%s/no-such-list", scene_folder(scene));
    struct sluice_open_request request = {.struct_size = sizeof request, .location = nowhere};
    const struct sluice_description *description = NULL;
    struct sluice_error err = {0};
    enum sluice_status status =
        scene_source(scene)->open(scene_instance(scene), &request, &cursor, &description, &err);
    expect(scene, status == SLUICE_CONFIG, "open of a list that is not there answered %s, not config",
           status_name(status));
    expect(scene, err.message[0] != '\0', "the error of a list that is not there says nothing");
}

static void a_cancelled_read_ends_soon(struct scene *scene)
{
    void *source = scene_instance(scene), *cursor = NULL;
    uint64_t last_line = 0;
    const struct sluice_batch *batch = NULL;
    const char *version = NULL;
    int64_t begun_us = clock_system()->monotonic_us(clock_system());
    expect_status(scene, "open", SLUICE_OK, source_open(scene, source, scene_location(scene), NULL, &cursor));
    cancel_request(scene_cancel(scene));
    enum sluice_status status = source_next(scene, source, cursor, &last_line, &batch, &version);
    int64_t took_ms = (clock_system()->monotonic_us(clock_system()) - begun_us) / US_PER_MS;
    if (status == SLUICE_OK)
        batch->release(batch);
    scene_source(scene)->close(source, cursor);
    expect(scene, status == SLUICE_OK || status == SLUICE_END || status == SLUICE_CANCELLED,
           "next after a cancellation answered %s", status_name(status));
    expect(scene, took_ms < SOON_MS, "next took %lld ms after a cancellation", (long long)took_ms);
}

#define CASE(case_name)                       \
    {                                         \
        .name = #case_name, .play = case_name \
    }

size_t conformance_source(const struct conformance *conformance)
{
    static const struct conformance_case cases[] = {
        CASE(a_list_is_read_to_its_end),       CASE(a_second_read_gives_the_same),
        CASE(another_instance_gives_the_same), CASE(a_version_that_is_handed_back_is_unchanged),
        CASE(an_unknown_version_reads_again),  CASE(a_cursor_may_be_closed_at_any_row),
        CASE(batches_outlive_their_cursor),    CASE(any_thread_may_release_a_batch),
        CASE(instances_read_side_by_side),     CASE(a_list_that_is_not_there_is_the_operators_to_mend),
        CASE(a_cancelled_read_ends_soon),
    };
    return conformance_play(conformance, cases, ELEMENTS(cases));
}
