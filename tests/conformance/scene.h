/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one case of a suite plays in: a fresh scratch folder, the plugin's options, as many instances as it
 * asks for, and a wall clock that it moves. A failed expectation ends the case at once; the scene frees all
 * that it made.
 */
#ifndef CONFORMANCE_SCENE_H
#define CONFORMANCE_SCENE_H

#include "base/arena.h"
#include "base/error.h"
#include "host/instance.h"

#include <sluice/state.h>
#include <sluice/store.h>

enum conformance_flag {
    CONFORMANCE_ONE_PROCESS = 1, /* the plugin keeps its data in this process: cases that fork are skipped */
    CONFORMANCE_OWN_CLOCK = 2, /* it counts by a clock that a case cannot move: time has to pass */
};

enum conformance_verdict { CONFORMANCE_PASSED, CONFORMANCE_FAILED, CONFORMANCE_SKIPPED };

/* A plugin, how it is to be set up and who is told. */
struct conformance {
    const struct sluice_plugin *plugin;
    /* "option=value"; {dir} in a value is the case's scratch folder. */
    const char *const *assignments;
    size_t n_assignments;
    uint32_t flags;
    const char *location; /* of a source: a list that it can read; it is read-only */
    const char *api_host; /* host:port of this machine that a source may speak to and send credentials, or NULL */
    const char *only;     /* the name of one case, or NULL: all */
    const char *scratch;  /* an existing folder */
    const char *before;   /* a command for the shell before each case, such as emptying a database, or NULL */
    const char *pass;     /* a command that moves what is kept back by $MS milliseconds, for a plugin whose clock is a
                             server's; NULL: the clock is moved, or waited for */
    void (*report)(void *context, const char *name, enum conformance_verdict verdict, const char *message);
    void *context;
};

struct scene;

struct conformance_case {
    const char *name;
    void (*play)(struct scene *scene);
    uint32_t not_with; /* enum conformance_flag: skipped when the plugin has one of them */
};

/* Plays the cases; how many failed. */
size_t conformance_play(const struct conformance *conformance, const struct conformance_case *cases,
                        size_t n);

/* ---- For the cases --------------------------------------------------------------------------------- */

/* Another instance of the plugin over the same data. */
void *scene_instance(struct scene *scene);
const struct sluice_store *scene_store(const struct scene *scene);
const struct sluice_state *scene_state(const struct scene *scene);
const struct sluice_source *scene_source(const struct scene *scene);
const struct sluice_plugin *scene_plugin(const struct scene *scene);
const char *scene_location(const struct scene *scene);
struct sluice_error *scene_error(struct scene *scene); /* of the last call */
const char *scene_last_message(const struct scene *scene);
const char *scene_folder(const struct scene *scene);
struct cancel *scene_cancel(struct scene *scene);

/* Lets time pass on the plugin's clock; by waiting only when the plugin's clock is not ours. */
void scene_pass(struct scene *scene, int64_t ms);

void expect(struct scene *scene, bool truth, const char *format, ...) __attribute__((format(printf, 3, 4)));
void expect_equal(struct scene *scene, const char *what, int64_t expected, int64_t got);
void expect_text(struct scene *scene, const char *what, const char *expected, const char *got);
void expect_status(struct scene *scene, const char *what, enum sluice_status expected,
                   enum sluice_status got);

struct shared;
/* Plays a part of a case: NULL, or why it failed, and then the case fails, too. For parts after which
 * something must be put in order. */
const char *scene_try(struct scene *scene, void (*part)(struct scene *scene, struct shared *shared, size_t i),
                      struct shared *shared, size_t i);

/* What is allocated here lives as long as the scene. */
struct arena *scene_arena(struct scene *scene);

#endif
