/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The zip archive of a workbook and the parts in it. Bytes are counted while they are inflated, against the ratio of
 * each part and the total: what headers claim is not asked.
 */
#ifndef FORMATS_XLSX_PACKAGE_H
#define FORMATS_XLSX_PACKAGE_H

#include "formats/xlsx/xlsx.h"

#include <zip.h>

enum { XLSX_NAME_SIZE = 1025, XLSX_NO_PART = -1 };

struct xlsx_package_entry {
    char *name;                  /* folded */
    uint64_t deflated, inflated; /* bytes; inflated: the most that was read of it so far */
    uint64_t claimed;            /* what the directory says that it is inflated */
};

struct xlsx_package {
    zip_t *zip;
    struct xlsx_package_entry *entries;
    size_t n;
    uint64_t inflated; /* of all entries */
    struct xlsx_options options;
};

/* `options` with its limits filled in; it is copied. `data` outlives the package. */
enum sluice_status xlsx_package_open(const char *data, uint64_t size, const struct xlsx_options *options,
                                     struct xlsx_package **ret_package, struct sluice_error *err);
void xlsx_package_close(struct xlsx_package *package); /* accepts NULL */

/* The index of the part of that name, in any case, or XLSX_NO_PART. */
int xlsx_package_find(const struct xlsx_package *package, const char *name);

/* What a part's wrong checksum means. */
enum xlsx_trust {
    XLSX_MUST_BE_WHOLE, /* it holds content: an error */
    XLSX_USE_DECIDES,   /* it only names other parts, which are there or not: nothing */
};

struct xlsx_part {
    struct xlsx_package *package;
    zip_file_t *file;
    int index;
    enum xlsx_trust trust;
    uint64_t read; /* bytes */
};

enum sluice_status xlsx_part_open(struct xlsx_package *package, int index, enum xlsx_trust trust,
                                  struct xlsx_part *ret_part, struct sluice_error *err);
/* OK with at least one byte, END, CANCELLED, or DATA. */
enum sluice_status xlsx_part_read(struct xlsx_part *part, char *bytes, size_t size, size_t *ret_n,
                                  struct sluice_error *err);
void xlsx_part_close(struct xlsx_part *part); /* accepts a zeroed one */

#endif
