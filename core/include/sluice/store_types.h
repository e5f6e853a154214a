/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the calls of store.h pass to and fro. Times are microseconds since 1970 UTC on the store's clock.
 */
#ifndef SLUICE_STORE_TYPES_H
#define SLUICE_STORE_TYPES_H

#include <sluice/plugin.h>

#define SLUICE_ID_SIZE 37 /* a UUID as text (RFC 4122, lower case) with its NUL */

/* Prices are whole ten-thousandths, NUMERIC(14,4): 12.5 is 125000. */
#define SLUICE_PRICE_SCALE 10000
#define SLUICE_PRICE_MAX   INT64_C(99999999999999)

/* ---- Schema ---------------------------------------------------------------------------------------- */

enum sluice_schema_action { SLUICE_SCHEMA_CHECK, SLUICE_SCHEMA_MIGRATE };

struct sluice_schema {
    uint32_t struct_size;
    uint32_t version;  /* what the database has; 0: nothing yet */
    uint32_t latest;   /* what this plugin knows */
    uint32_t applied;  /* migrations run by this call */
    const char *where;  /* the database for messages, without credentials */
    const char *advice; /* what an operator should know of the way to it: one sentence, or NULL */
};

/* ---- Runs ------------------------------------------------------------------------------------------ */

enum sluice_trigger { SLUICE_TRIGGER_CLI, SLUICE_TRIGGER_MANUAL, SLUICE_TRIGGER_SCHEDULED };
enum sluice_run_state { SLUICE_RUN_QUEUED, SLUICE_RUN_MASTER, SLUICE_RUN_SUPPLIERS, SLUICE_RUN_DONE };
enum sluice_outcome {
    SLUICE_OUTCOME_NONE,
    SLUICE_OUTCOME_SUCCESS,
    SLUICE_OUTCOME_UNCHANGED, /* of a job: nothing had to be read or written */
    SLUICE_OUTCOME_PARTIAL,   /* of a run: some suppliers failed */
    SLUICE_OUTCOME_FAILED,
    SLUICE_OUTCOME_HELD,
    SLUICE_OUTCOME_CANCELLED,
};

enum sluice_request_flag {
    SLUICE_REQUEST_FULL = 1, /* read every list in full, whatever is known of it */
};

struct sluice_request {
    uint32_t struct_size;
    uint32_t flags;
    char run_id[SLUICE_ID_SIZE]; /* chosen by the caller: a lost reply is looked up, not guessed */
    uint32_t trigger;
    const char *const *scope; /* supplier keys; none: all */
    size_t n_scope;
    const char *by;  /* who asked */
    int64_t tick_us; /* nominal time of the schedule, or 0 */
};

struct sluice_run {
    uint32_t struct_size;
    uint32_t flags; /* of the request */
    char run_id[SLUICE_ID_SIZE];
    uint32_t state;   /* enum sluice_run_state */
    uint32_t outcome; /* enum sluice_outcome */
    uint32_t trigger;
    uint32_t cancel_requested;
    int64_t epoch; /* 0 until claimed */
    const char *holder;
    const char *const *scope;
    size_t n_scope;
    uint32_t jobs_total, jobs_done; /* 0 until enqueued */
    int64_t lease_until_us;
    int64_t started_us, finished_us;
    const char *master_version, *master_fingerprint,
        *master_signature; /* of the last accepted master, or NULL */
};

struct sluice_claim {
    uint32_t struct_size;
    uint32_t previous_is_dead; /* 1: the state backend proved that the holder is gone; its leases are void */
    const char *run_id;        /* claim this run, or NULL: the oldest one that wants a holder */
    const char *holder;        /* this process, for people: host, pid */
    int64_t lease_ms;
};

/* ---- Suppliers ------------------------------------------------------------------------------------- */

enum sluice_supplier_flag {
    SLUICE_SUPPLIER_INVALID = 1, /* present in the sheet but unusable: an existing supplier stays as it is */
    SLUICE_SUPPLIER_ACTIVE = 2,
};

struct sluice_supplier {
    uint32_t struct_size;
    uint32_t flags;
    const char *key; /* identity: NFKC, case folded */
    const char *name;
    const char *source_type; /* the Format column's value */
    const char *source_url;
    const char *notes; /* or NULL */
    uint64_t line;     /* of the master sheet */
};

struct sluice_suppliers_sync {
    uint32_t struct_size;
    uint32_t dry; /* 1: figures and examples only, run_id and epoch unused */
    const char *run_id;
    int64_t epoch;
    const struct sluice_supplier *suppliers; /* n, none twice */
    size_t n_suppliers;
    const struct sluice_reject
        *rejects; /* rows of the master that are no valid supplier; logged with the run */
    size_t n_rejects;
    const char *version, *fingerprint; /* of the master as read; NULL: the next read must be in full */
    const char *signature;             /* tab and header of the master, for the guard on a changed one */
};

/* Figures of a guard and a few lines that show what it is about. */
struct sluice_suppliers_change {
    uint32_t struct_size;
    uint32_t active_before;  /* active suppliers in the store */
    uint32_t present_before; /* valid rows of the last accepted master, 0 at first */
    uint32_t created, updated, deactivated, unchanged, invalid;
    const char *const *examples; /* "deactivate: Acme" … at most 20 */
    size_t n_examples;
};

/* ---- Jobs ------------------------------------------------------------------------------------------ */

/* An approved hold: passes when the content is the same, or no figure of the guard is worse. */
struct sluice_approval {
    uint32_t struct_size;
    uint32_t reserved;
    const char *hold_id, *guard, *content_hash;
    double figure; /* what the guard measured then, as a share of 1 */
};

struct sluice_job {
    uint32_t struct_size;
    uint32_t attempt; /* from 1 */
    char run_id[SLUICE_ID_SIZE];
    char supplier_id[SLUICE_ID_SIZE];
    int64_t epoch;
    const char *key, *name, *source_type, *source_url;
    const char *version;                    /* of the last accepted read, or NULL */
    const char *fingerprint;                /* of the last accepted read, or NULL */
    const char *mapping;                    /* JSON of the last accepted read, or NULL */
    uint32_t flags;                         /* enum sluice_request_flag */
    uint32_t reads_since_full;              /* accepted reads since the last full comparison */
    const struct sluice_approval *approval; /* or NULL */
    uint32_t deaths; /* attempts in this run that nobody ended: the worker's lease ran out, or it was proved dead */
    uint32_t reserved;
};

/* The counts of one list, whose sum always holds:
 * read = skipped + inserted + updated + unchanged + rejected + duplicates. */
struct sluice_figures {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t rows_read, skipped, inserted, updated, unchanged, rejected, duplicates;
    uint64_t gone;    /* items that the list no longer has */
    uint64_t rounded; /* prices with more than four decimals */
    int64_t elapsed_us;
};

/* How a job ended. Kept with the job and as the supplier's newest parsing_logs row without a number. */
struct sluice_job_outcome {
    uint32_t struct_size;
    uint32_t outcome;                     /* enum sluice_outcome */
    const char *error_type;               /* "SUCCESS", "HELD" or a reason code */
    const char *message;                  /* one sentence, no secret */
    const struct sluice_figures *figures; /* or NULL */
};

enum sluice_job_state { SLUICE_JOB_WAITING, SLUICE_JOB_RUNNING, SLUICE_JOB_DONE };

/* ---- Snapshots ------------------------------------------------------------------------------------- */

/* SHA-like 128-bit hash of what we own of an item, made by the engine; equal hashes mean an equal item. */
struct sluice_row_hash {
    uint8_t bytes[16];
};

struct sluice_item {
    struct sluice_cell sku, name;
    struct sluice_cell currency;        /* ISO 4217, or empty */
    struct sluice_cell characteristics; /* a JSON object, keys in the order of the columns */
    int64_t price;                      /* ten-thousandths */
    uint64_t line;
    struct sluice_row_hash hash;
};

struct sluice_reject {
    uint64_t line;
    uint32_t column; /* 1-based, or 0 */
    uint32_t flags;
    const char *code;
    const char *field;   /* sku, name, price …, or NULL */
    const char *message; /* what is wrong and what to do */
    const char *address; /* for people: "prices.csv:17:3", or a link to the cell */
    const char *excerpt; /* raw text, cut to 256 bytes, escaped, valid UTF-8 */
};

struct sluice_snapshot_open {
    uint32_t struct_size;
    uint32_t dry; /* 1: compare only; the supplier is found by key and may be unknown */
    const struct sluice_job *job;
    uint32_t full; /* 1: compare every column, not only hashes */
    uint32_t reserved;
};

struct sluice_snapshot_stat {
    uint32_t struct_size;
    uint32_t n_duplicates_shown;
    struct sluice_figures figures; /* the store's part: inserted, updated, unchanged, duplicates, gone */
    uint64_t items_before;         /* items the list had, without gone ones */
    uint64_t prices_compared;      /* items with a price before and now */
    uint64_t prices_jumped;        /* of these, changed by more than the factor asked for */
    const struct sluice_duplicate {
        uint64_t line, kept_line;
        const char *sku;
    } * duplicates;                   /* the first 100 */
    const char *const *examples_gone; /* "sku name" … at most 20 */
    size_t n_examples_gone;
    const char *const *examples_price; /* "sku: 10.0000 -> 1000.0000" … at most 20 */
    size_t n_examples_price;
};

struct sluice_snapshot_commit {
    uint32_t struct_size;
    uint32_t reserved;
    const char *version, *fingerprint; /* of this read; NULL: the next read must be in full */
    const char *mapping;               /* JSON */
    const struct sluice_job_outcome *outcome;
};

/* ---- Holds ----------------------------------------------------------------------------------------- */

struct sluice_hold {
    uint32_t struct_size;
    uint32_t reserved;
    char hold_id[SLUICE_ID_SIZE]; /* chosen by the engine */
    const char *guard;            /* "items_gone", "prices_jumped", "rows_rejected", "suppliers_gone", … */
    const char *content_hash;
    double figure, limit;        /* shares of 1 */
    const char *message;         /* one sentence with the numbers */
    const char *const *examples; /* at most 20 */
    size_t n_examples;
};

enum sluice_hold_decision { SLUICE_HOLD_APPROVE, SLUICE_HOLD_DISCARD };

#endif
