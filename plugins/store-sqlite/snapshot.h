/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One supplier's items as of one read. They are staged in a private database file of their own (stage.c),
 * compared with what is stored (diff.c) and merged in one short transaction (snapshot.c). Until then nothing
 * shared is locked.
 */
#ifndef STORE_SQLITE_SNAPSHOT_H
#define STORE_SQLITE_SNAPSHOT_H

#include "base/buffer.h"
#include "connection.h"
#include "fence.h"

struct snapshot {
    struct store *store;
    struct job_key job; /* supplier_id is "" when a dry one is of an unknown supplier */
    bool dry;
    bool full;          /* compare every column, not only hashes */
    bool diffed;        /* stage.changes and stat are those of all that was written */
    double jump;        /* the factor that stat was made with */
    struct arena arena; /* of stat's texts */
    struct buffer json; /* of a reject */
    struct sluice_snapshot_stat stat;
};

/* stage.c; accepts NULL; drops the stage */
void snapshot_free(struct snapshot *snapshot);

/* diff.c: fills stage.changes and stat. Reads what is shared, writes only what is staged. */
enum sluice_status snapshot_diff(struct snapshot *snapshot, double jump, struct sluice_error *err);

#endif
