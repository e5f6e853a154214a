/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_values MODE FILE: one reading of a `values` answer of the Sheets API, as one JSON line with its time
 * and the most heap that it took beside the file's mapping. MODE is `ours` (pulled in place, UTF-8 checked)
 * or `jansson` (a tree).
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "formats/values.h"

#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { EXIT_USAGE = 64, EXIT_IO = 74 };

struct counts {
    uint64_t rows, cells;
    size_t heap; /* the most bytes seen in use */
};

static size_t heap_now(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void heap_look(struct counts *counts)
{
    size_t now = heap_now();
    counts->heap = now > counts->heap ? now : counts->heap;
}

static int run_ours(const char *data, size_t size, struct counts *counts)
{
    const struct values_options options = {.first_line = 1};
    struct values_reader *reader;
    struct sluice_error error;
    const struct sluice_batch *batch;
    enum sluice_status status = values_open(data, size, NULL, &options, &reader, &error);
    while (status == SLUICE_OK) {
        status = values_next(reader, &batch, &error);
        if (status != SLUICE_OK)
            break;
        counts->rows += batch->n_rows;
        counts->cells += (uint64_t)batch->n_rows * batch->n_columns;
        heap_look(counts);
        batch->release(batch);
    }
    if (status != SLUICE_END)
        return -1;
    values_close(reader);
    return 0;
}

static int run_jansson(const char *data, size_t size, struct counts *counts)
{
    json_t *answer = json_loadb(data, size, 0, NULL);
    if (answer == NULL)
        return -1;
    counts->rows = json_array_size(json_object_get(answer, "values"));
    heap_look(counts);
    json_decref(answer);
    return 0;
}

int main(int argc, char **argv)
{
    bool ours = argc == 3 && strcmp(argv[1], "ours") == 0;
    if (!ours && (argc != 3 || strcmp(argv[1], "jansson") != 0)) {
        fprintf(stderr, "usage: bench_values ours|jansson FILE\n");
        return EXIT_USAGE;
    }
    _cleanup_close_ int fd = open(argv[2], O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0 || about.st_size == 0)
        return EXIT_IO;
    size_t size = (size_t)about.st_size;
    char *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (data == MAP_FAILED)
        return EXIT_IO;
    struct counts counts = {0};
    size_t heap_before = heap_now();
    int64_t started = clock_system()->monotonic_us(clock_system());
    int result = ours ? run_ours(data, size, &counts) : run_jansson(data, size, &counts);
    int64_t elapsed = clock_system()->monotonic_us(clock_system()) - started;
    munmap(data, size);
    if (result != 0) {
        fprintf(stderr, "%s is no answer of cells\n", argv[2]);
        return EXIT_IO;
    }
    printf("{\"mode\":\"%s\",\"seconds\":%.6f,\"bytes\":%zu,\"rows\":%" PRIu64 ",\"cells\":%" PRIu64
           ",\"heap\":%zu}\n",
           argv[1], (double)elapsed / US_PER_SECOND, size, counts.rows, counts.cells,
           counts.heap - heap_before);
    return 0;
}
