/* SPDX-License-Identifier: Apache-2.0 */
/* bench_xlsx FILE: one reading of a workbook's first tab, from bytes in memory to batches, and its time and
 * the most heap that it took as one JSON line. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "formats/xlsx/xlsx.h"

#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { EXIT_USAGE = 64, EXIT_IO = 74 };

struct counts {
    uint64_t rows, cells, bytes;
    size_t heap;
};

/* What malloc () has given out, mapped blocks too. */
static size_t heap_now(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void batch_count(struct counts *counts, const struct sluice_batch *batch)
{
    size_t n = (size_t)batch->n_rows * batch->n_columns;
    counts->rows += batch->n_rows;
    for (size_t i = 0; i < n; i++) {
        counts->cells += batch->cells[i].ptr != NULL;
        counts->bytes += batch->cells[i].len;
    }
    size_t heap = heap_now();
    counts->heap = heap > counts->heap ? heap : counts->heap;
}

static int decode_all(const char *data, size_t size, struct counts *counts)
{
    const struct xlsx_options options = {.sheet = NULL};
    struct xlsx_reader *reader;
    struct sluice_error error;
    const struct sluice_batch *batch;
    enum sluice_status status = xlsx_open(data, size, NULL, &options, &reader, &error);
    if (status == SLUICE_OK) {
        for (status = xlsx_next(reader, &batch, &error); status == SLUICE_OK;
             status = xlsx_next(reader, &batch, &error)) {
            batch_count(counts, batch);
            batch->release(batch);
        }
        xlsx_close(reader);
    }
    if (status != SLUICE_END)
        fprintf(stderr, "%s\n", error.message);
    return status == SLUICE_END ? 0 : -1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench_xlsx FILE\n");
        return EXIT_USAGE;
    }
    _cleanup_close_ int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0 || about.st_size == 0) {
        perror(argv[1]);
        return EXIT_IO;
    }
    size_t size = (size_t)about.st_size;
    char *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (data == MAP_FAILED) {
        perror(argv[1]);
        return EXIT_IO;
    }
    struct counts counts = {0};
    int64_t begun_us = clock_system()->monotonic_us(clock_system());
    int result = decode_all(data, size, &counts);
    int64_t elapsed_us = clock_system()->monotonic_us(clock_system()) - begun_us;
    munmap(data, size);
    printf("{\"seconds\": %.6f, \"rows\": %" PRIu64 ", \"cells\": %" PRIu64 ", \"bytes\": %" PRIu64
           ", \"heap\": %zu}\n",
           (double)elapsed_us / 1e6, counts.rows, counts.cells, counts.bytes, counts.heap);
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
