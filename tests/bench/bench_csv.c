/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_csv MODE FILE: one reading of a list and its time as one JSON line. MODE is `ours` (decoded into
 * batches, UTF-8 checked), `read` (a bare read () loop) or `libcsv` (callbacks that count). `ours` gets the
 * file mapped with its pages present, as the host hands over what it fetched; mapping is not in its time.
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "formats/csv.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#ifdef HAVE_LIBCSV
#include <csv.h>
#endif

enum { READ_BYTES = 256 << 10, EXIT_USAGE = 64, EXIT_IO = 74 };

struct counts {
    uint64_t bytes, rows, cells, rejects;
    int64_t elapsed_us;
};

static int64_t now_us(void)
{
    return clock_system()->monotonic_us(clock_system());
}

static int run_read(const char *path, struct counts *counts)
{
    static char bytes[READ_BYTES];
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (;;) {
        ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
        if (n <= 0)
            return (int)n;
        counts->bytes += (uint64_t)n;
    }
}

static void count_reject(void *context, const struct sluice_source_reject *reject)
{
    (void)reject;
    ((struct counts *)context)->rejects++;
}

static int decode_all(const char *data, size_t size, struct counts *counts)
{
    struct csv_options options = {.reject = count_reject, .reject_context = counts};
    struct csv_reader *reader;
    struct sluice_error error;
    enum sluice_status status = csv_open(data, size, NULL, &options, &reader, &error);
    if (status != SLUICE_OK) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    const struct sluice_batch *batch;
    for (;;) {
        status = csv_next(reader, &batch, &error);
        if (status != SLUICE_OK)
            break;
        counts->rows += batch->n_rows;
        counts->cells += (uint64_t)batch->n_rows * batch->n_columns;
        batch->release(batch);
    }
    csv_close(reader);
    return status == SLUICE_END ? 0 : -1;
}

static int run_ours(const char *path, struct counts *counts)
{
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0 || about.st_size == 0)
        return -1;
    size_t size = (size_t)about.st_size;
    char *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (data == MAP_FAILED)
        return -1;
    counts->bytes = size;
    int64_t started = now_us();
    int result = decode_all(data, size, counts);
    counts->elapsed_us = now_us() - started;
    munmap(data, size);
    return result;
}

#ifdef HAVE_LIBCSV
static void libcsv_cell(void *text, size_t n, void *context)
{
    (void)text;
    (void)n;
    ((struct counts *)context)->cells++;
}

static void libcsv_row(int end, void *context)
{
    (void)end;
    ((struct counts *)context)->rows++;
}

static int run_libcsv(const char *path, struct counts *counts)
{
    static char bytes[READ_BYTES];
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct csv_parser parser;
    if (fd < 0 || csv_init(&parser, 0) != 0)
        return -1;
    ssize_t n;
    do {
        n = read(fd, bytes, sizeof bytes);
        if (n > 0 && csv_parse(&parser, bytes, (size_t)n, libcsv_cell, libcsv_row, counts) != (size_t)n)
            n = -1;
        counts->bytes += n > 0 ? (uint64_t)n : 0;
    } while (n > 0);
    csv_fini(&parser, libcsv_cell, libcsv_row, counts);
    csv_free(&parser);
    return (int)n;
}
#endif

static const struct mode {
    const char *name;
    int (*run)(const char *path, struct counts *counts);
} modes[] = {
    {"ours", run_ours},
    {"read", run_read},
#ifdef HAVE_LIBCSV
    {"libcsv", run_libcsv},
#endif
};

int main(int argc, char **argv)
{
    const struct mode *mode = NULL;
    for (size_t i = 0; argc == 3 && i < ELEMENTS(modes); i++)
        if (strcmp(argv[1], modes[i].name) == 0)
            mode = &modes[i];
    if (mode == NULL) {
        fprintf(stderr, "usage: bench_csv ours|read|libcsv FILE\n");
        return EXIT_USAGE;
    }
    struct counts counts = {0};
    int64_t started = now_us();
    int result = mode->run(argv[2], &counts);
    int64_t elapsed = counts.elapsed_us != 0 ? counts.elapsed_us : now_us() - started;
    if (result != 0) {
        fprintf(stderr, "%s cannot be read\n", argv[2]);
        return EXIT_IO;
    }
    printf("{\"mode\":\"%s\",\"seconds\":%.6f,\"bytes\":%" PRIu64 ",\"rows\":%" PRIu64 ",\"cells\":%" PRIu64
           ",\"rejects\":%" PRIu64 "}\n",
           mode->name, (double)elapsed / US_PER_SECOND, counts.bytes, counts.rows, counts.cells,
           counts.rejects);
    return 0;
}
