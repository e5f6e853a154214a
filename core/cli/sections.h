/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of the configuration file: which option tables stand behind which name. */
#ifndef CLI_SECTIONS_H
#define CLI_SECTIONS_H

#include "cli/catalog.h"
#include "config/config.h"

/* Section `master`, beside the options of its plugin. */
struct master_options {
    const char *url;
};
extern const struct sluice_option master_option_table[];
extern const size_t master_option_count;

/* Section `log`. */
struct log_options {
    struct sluice_choice level;  /* enum sluice_level */
    struct sluice_choice format; /* enum log_format */
};
extern const struct sluice_option log_option_table[];
extern const size_t log_option_count;

enum { SECTION_COUNT = 16 };

/* Points into the catalog and its arena. */
struct sections {
    struct config_section items[SECTION_COUNT];
};

/* With the plugins that the catalog holds now; one that could not be loaded has no options. */
enum sluice_status sections_make(struct catalog *catalog, struct sections *ret_sections,
                                 struct sluice_error *err);

#endif
