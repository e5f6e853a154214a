/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One supplier's items as of one read. Which way they take is known when the snapshot is opened:
 *
 *  - Compared here: what is stored (SKU, hash) is pulled into a hash table, and only rows that differ are staged.
 *  - Compared in the database, when that table would pass compare_memory: every row is staged.
 *  - Loaded: a supplier that has nothing yet; its rows go straight into the tables, in a transaction of their own that
 *    touches no row of anyone else and ends with the commit.
 *
 * open.c begins, stage.c collects, compare.c says what the commit would do, merge.c does it.
 */
#ifndef STORE_PG_SNAPSHOT_H
#define STORE_PG_SNAPSHOT_H

#include "base/buffer.h"
#include "copy.h"
#include "fence.h"
#include "known.h"

enum snapshot_way { COMPARED_HERE, COMPARED_IN_DATABASE, LOADED };
enum { SHOWN_DUPLICATES = 100, SHOWN_EXAMPLES = 20 };

/* A row that another one of the same SKU beat. */
struct beaten {
    size_t entry; /* of the known SKUs */
    uint64_t line;
};

struct snapshot {
    struct store *store;
    struct job_key job; /* supplier_id is "" when a dry one is of an unknown supplier */
    uint64_t key_hash;  /* of the supplier's key */
    int64_t link;       /* the number of the link that the stage is on */
    bool dry;
    bool full; /* compare every column, not only hashes */
    enum snapshot_way way;
    struct known_table known;
    struct buffer items, load, prices, rejects; /* rows that were not sent yet */
    struct buffer json;                         /* of a reject */
    uint8_t supplier[16];                       /* the id of the one whose first list is loaded */
    char at[64];                                /* the time of a first load, as the server writes it */
    int64_t at_us;
    uint8_t first_id[16]; /* of those that are made here; they count up from it */
    uint64_t n_ids;
    uint64_t n_rejects;
    uint64_t n_beaten;
    struct beaten beaten[SHOWN_DUPLICATES];
    bool stage_clean;   /* the stage holds nothing but ours */
    bool staged;        /* there are rows in the stage's items */
    bool staged_twice;  /* perhaps two of one SKU */
    bool rejects_staged;
    bool gone_staged;
    bool loading;       /* the load's transaction is open */
    bool yielded;       /* it was given up: another call needed the link */
    bool diffed;        /* stat is that of all that was written */
    double jump;        /* the factor that stat was made with */
    struct arena arena; /* of stat's texts */
    struct sluice_snapshot_stat stat;
};

/* open.c */
void snapshot_free(struct snapshot *snapshot); /* accepts NULL */
/* Another call wants the link: gives a load up that is under way. Accepts NULL. */
void snapshot_yield(struct snapshot *snapshot);
/* store_resume (), and whether the stage is still there. */
enum sluice_status snapshot_resume(struct snapshot *snapshot, enum store_call call, struct sluice_error *err);

/* stage.c */
/* Sees to it that the stage is there and holds nothing of others. */
enum sluice_status stage_prepare(struct snapshot *snapshot, struct sluice_error *err);
/* Sends all rows that are still here; of a load that was not begun it begins it. */
enum sluice_status stage_flush(struct snapshot *snapshot, struct sluice_error *err);
enum sluice_status rejects_flush(struct snapshot *snapshot, struct sluice_error *err);

/* compare.c: fills stat. Reads what is shared, writes only what is staged. */
enum sluice_status snapshot_diff(struct snapshot *snapshot, double jump, struct sluice_error *err);

#endif
