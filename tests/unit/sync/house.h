/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole Sluice for one test: mock sources, the embedded store in a folder of its own, a state backend that
 * the test scripts, and everything that observers were told. Calls of the store can be intercepted one by
 * one.
 */
#ifndef TESTS_SYNC_HOUSE_H
#define TESTS_SYNC_HOUSE_H

#include "ingest/guard.h"
#include "sync/sync.h"
#include "tests/mocks/source-mock/source_mock.h"

#define HOUSE_LISTS 8

struct house_list {
    const char *name;
    struct source_mock_options script;
};

/* What the scripted state backend answers; one process, so it is a struct. */
struct house_state {
    struct monitor *monitor; /* guards it */
    bool down;               /* every call fails with RETRY */
    bool dead_holder;        /* the holder named in `holder` is provably dead */
    char holder[SLUICE_ID_SIZE];
    unsigned locks, releases, publishes, renewals;
    int64_t published_epoch;
    char status[32];
    uint32_t current, total;
};

/* The store calls that a test may intercept. */
enum house_call {
    CALL_REQUEST_PUT,
    CALL_RUN_CLAIM,
    CALL_RUN_RENEW,
    CALL_JOB_CLAIM,
    CALL_JOB_RENEW,
    CALL_JOB_FINISH,
    CALL_JOB_LOOKUP,
    CALL_SNAPSHOT_WRITE,
    CALL_SNAPSHOT_COMMIT,
    CALL_COUNT,
};

/* When the n-th such call is made (1-based, over all instances) it answers `status`; `after`: the real call
 * is made first, so only the reply is lost. */
struct house_fault {
    enum house_call call;
    unsigned at; /* 0: every time */
    enum sluice_status status;
    bool after;
};

struct house_event {
    enum sync_event_kind kind;
    char supplier[32];
    enum sluice_outcome outcome;
    char error_type[32];
    char message[512];
    char hold_id[SLUICE_ID_SIZE];
    char run_id[SLUICE_ID_SIZE];
    struct sluice_figures figures;
    uint64_t rows;
    uint32_t current, total, resumed;
    int64_t epoch;
};

struct house {
    char folder[64];
    struct cancel *cancel;
    struct log log;
    struct host_services services;
    struct config *config;
    struct sync_setup setup;
    struct sync_options options;
    struct guard_options guards;
    struct ingest_options ingest;
    struct sluice_plugin store_plugin, state_plugin;
    struct sluice_store store;
    void *store_options, *state_options; /* the latter of state-local */
    struct source_mock_options master_script;
    struct house_list lists[HOUSE_LISTS];
    size_t n_lists;
    struct house_state state;
    struct house_fault faults[4];
    size_t n_faults;
    unsigned calls[CALL_COUNT];
    struct house_event events[4096];
    size_t n_events;
    unsigned cancel_at_event;     /* 0: never */
    unsigned cancel_run_at_event; /* the same, through the store: as another process would */
};

/* The suppliers are named in the master sheet and served by the mock; each list has ten rows. */
struct house *house_new(const char *const *names, size_t n);
void house_free(struct house *house);
/* The real backend instead of the scripted one: it can prove that a process is dead. */
void house_use_state_local(struct house *house);
struct source_mock_options *house_script(struct house *house, const char *name);
/* The rows of the master sheet as text: "Name|Source URL|Format|Active" and one line per supplier. */
void house_master(struct house *house, const char *const *names, size_t n);

enum sluice_status house_sync(struct house *house, struct sync_report *ret_report, struct sluice_error *err);
/* Syncs and fails the test unless it comes to that outcome. */
struct sync_report house_expect(struct house *house, enum sluice_outcome outcome);
enum sluice_status house_request(struct house *house, const struct sync_request *request,
                                 struct sync_report *ret_report, struct sluice_error *err);

/* The last event of that kind for the supplier (NULL: any) in the last sync; NULL when there was none. */
const struct house_event *house_event(const struct house *house, enum sync_event_kind kind,
                                      const char *supplier);

/* Rows that a query gives. */
size_t house_count(struct house *house, enum sluice_query_what what, const char *key);
/* One column of its row number i (0-based) as text, cut to size; "" when there is none. */
void house_cell(struct house *house, enum sluice_query_what what, const char *key, size_t i,
                const char *column, char *ret_text, size_t size);
/* Everything that the store holds of items, as one text; the caller frees it. */
char *house_items(struct house *house);
void house_decide(struct house *house, const char *hold_id, enum sluice_hold_decision decision);

#endif
