/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory of a zip archive (APPNOTE.TXT 6.3.9, §4.3), checked before libzip believes it: what it costs is
 * bounded, every entry lies where it says, none overlaps another, none is encrypted.
 */
#ifndef FORMATS_XLSX_DIRECTORY_H
#define FORMATS_XLSX_DIRECTORY_H

#include <sluice/plugin.h>

struct xlsx_entry {
    struct sluice_cell name; /* in the document */
    uint64_t begin, end;     /* of its local header and data, in the document */
    uint64_t deflated;       /* bytes of its data */
    uint64_t claimed;        /* what they are inflated, as the directory says */
};

/* DATA when the archive is none, damaged or hostile. The entries are in the directory's order; the caller frees them. */
enum sluice_status xlsx_directory_read(const char *data, uint64_t size, uint32_t most_entries,
                                       struct xlsx_entry **ret_entries, size_t *ret_n, struct sluice_error *err);

/* Lower case ASCII, no leading '/', '/' for '\': under such names parts are equal (ECMA-376 part 2 §6.2.2.3).
 * False when it does not fit. */
bool xlsx_name_fold(struct sluice_cell name, char *ret_folded, size_t size);

#endif
