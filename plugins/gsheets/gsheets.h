/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this plugin share: its options and one instance. */
#ifndef GSHEETS_H
#define GSHEETS_H

#include "access.h"

enum gsheets_values { VALUES_SHOWN, VALUES_EXACT };

struct config {
    const char *credentials;
    struct sluice_secret api_key;
    const char *sheet, *gid;
    struct sluice_choice values;
    const char *locale;
    struct sluice_list allow_ids;
    int64_t reads_per_minute, project_reads_per_minute, burst;
    int64_t window_cells, max_cells;
    bool drive_hints;
    const char *api_base, *drive_base, *docs_base, *download_base;
};

/* An instance belongs to one worker, which reads one list after another with it. */
struct gsheets {
    const struct sluice_host *host;
    const struct config *config;
    struct access *access;
};

#endif
