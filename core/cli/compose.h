/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How this process is composed: configuration file, plugins, options and what they share. Verbs take what
 * they need: every one opens a composition, few go on to a whole run. Nothing is created on disk here.
 */
#ifndef CLI_COMPOSE_H
#define CLI_COMPOSE_H

#include "base/arena.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/sections.h"
#include "cli/source_book.h"
#include "host/fetch.h"
#include "host/instance.h"
#include "schedule/schedule.h"
#include "sync/sync.h"

struct composition {
    struct arena arena;
    struct catalog catalog;
    struct config *config;
    struct sections sections;
    const char
        *folder; /* that relative list addresses are taken from: the master file's, else the config file's */
    struct log log;
    struct master_options master;
    struct fetch_options fetch;
    struct host_services services;
    struct source_book *book;
    struct schedule *schedule;
};

/* What is to be loaded: the plugins that the configuration names, or every installed one, to describe them
 * all. */
enum compose_scope { COMPOSE_NAMED, COMPOSE_INSTALLED };

/* The configuration and its plugins, not yet checked. */
enum sluice_status compose_load(const struct invocation *invocation, enum compose_scope scope,
                                struct composition *ret_composition, struct sluice_error *err);
/* Says every error of the configuration on standard error and answers how many there are. */
size_t compose_check(struct composition *composition, enum config_severity least);

/* CONFIG for a number that is out of its range, and for an impossible schedule. */
enum sluice_status compose_ranges(struct composition *composition, struct sluice_error *err);

/* Loaded, checked and with host services: EXIT_DONE, or the code after it has said what is wrong. */
enum exit_code compose_open(const struct invocation *invocation, struct composition *ret_composition);
/* The same without a word: err has the first error. */
enum sluice_status compose_reload(const struct invocation *invocation, struct composition *ret_composition,
                                  struct sluice_error *err);
void compose_close(struct composition *composition); /* [cleanup] accepts a zeroed one */

/* A file that the command line names may be read wherever it lies. */
enum sluice_status compose_allow_file(struct composition *composition, const char *path,
                                      struct sluice_error *err);

/* An instance of the plugin that section `store` or `state` names. */
enum sluice_status compose_instance(struct composition *composition, uint32_t kind,
                                    struct instance **ret_instance, struct sluice_error *err);

/* Everything a run needs; lives as long as the composition. CONFIG when there is no master sheet. */
enum sluice_status compose_setup(struct composition *composition, struct sync_setup *ret_setup,
                                 struct sluice_error *err);

#endif
