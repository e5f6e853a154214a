-- SPDX-License-Identifier: Apache-2.0
-- Times are RFC 3339 text in UTC with milliseconds, so they sort as text. Prices are decimals as text, always with
-- four decimals. Everything that is NULL until something happens says in its comment what.

CREATE TABLE schema_version (
    version    INTEGER NOT NULL PRIMARY KEY,
    applied_at TEXT    NOT NULL
) STRICT;

CREATE TABLE suppliers (
    id            TEXT    NOT NULL PRIMARY KEY,    -- UUID version 7
    key           TEXT    NOT NULL UNIQUE,         -- identity: the name after NFKC and case folding
    name          TEXT    NOT NULL,
    source_type   TEXT    NOT NULL,                -- the master's Format column
    source_url    TEXT    NOT NULL,
    is_active     INTEGER NOT NULL,
    notes         TEXT,
    contact_email TEXT,                            -- people's: never written here
    metadata      TEXT,                            -- people's: never written here
    last_sync_at  TEXT,                            -- when a sync last changed its items
    created_at    TEXT    NOT NULL,
    updated_at    TEXT    NOT NULL
) STRICT;

CREATE TABLE supplier_items (
    id              INTEGER PRIMARY KEY,
    supplier_id     TEXT NOT NULL REFERENCES suppliers (id),
    supplier_sku    TEXT NOT NULL,
    name            TEXT NOT NULL,
    current_price   TEXT NOT NULL,                 -- "12.5000"
    currency        TEXT NOT NULL,                 -- ISO 4217, or empty
    characteristics TEXT NOT NULL,                 -- a JSON object
    row_hash        BLOB NOT NULL,                 -- of all that a list says of the item
    gone_at         TEXT,                          -- since when the list no longer has it
    product_id      TEXT,                          -- people's: never written here
    created_at      TEXT NOT NULL,
    updated_at      TEXT NOT NULL,
    UNIQUE (supplier_id, supplier_sku)             -- serves diff_stored and query_items
) STRICT;

CREATE TABLE price_history (
    item_id     INTEGER NOT NULL REFERENCES supplier_items (id),
    recorded_at TEXT    NOT NULL,
    price       TEXT    NOT NULL,
    currency    TEXT    NOT NULL,
    PRIMARY KEY (item_id, recorded_at)
) STRICT, WITHOUT ROWID;

-- A row with a row_number is a reject; one without is how a job ended, written last.
CREATE TABLE parsing_logs (
    id            INTEGER PRIMARY KEY,
    task_id       TEXT    NOT NULL,                -- sync_runs.id
    supplier_id   TEXT,                            -- NULL: the master sheet
    error_type    TEXT    NOT NULL,                -- reason code, SUCCESS or HELD
    error_message TEXT    NOT NULL,
    row_number    INTEGER,
    row_data      TEXT,                            -- JSON: column, field, address, raw
    created_at    TEXT    NOT NULL
) STRICT;

-- Serves query_rejects and prune_logs.
CREATE INDEX parsing_logs_by_supplier ON parsing_logs (supplier_id, created_at DESC);
-- Serves query_suppliers and jobs_enqueue: each supplier's newest outcome.
CREATE INDEX parsing_logs_outcomes ON parsing_logs (supplier_id, id) WHERE row_number IS NULL;

CREATE TABLE sync_runs (
    id               TEXT    NOT NULL PRIMARY KEY,
    state            TEXT    NOT NULL CHECK (state IN ('queued', 'master', 'suppliers', 'done')),
    outcome          TEXT,                         -- once done
    "trigger"        TEXT    NOT NULL,
    flags            INTEGER NOT NULL,
    scope            TEXT    NOT NULL,             -- JSON array of supplier keys, empty: all
    requested_by     TEXT,
    tick_at          TEXT,                         -- nominal time of the schedule that asked
    epoch            INTEGER NOT NULL DEFAULT 0,   -- 0 until claimed
    holder           TEXT,
    lease_until      TEXT,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    message          TEXT,
    created_at       TEXT    NOT NULL,
    started_at       TEXT,
    finished_at      TEXT
) STRICT;

-- At most one run is unfinished; serves run_unfinished.
CREATE UNIQUE INDEX sync_runs_unfinished ON sync_runs ((state <> 'done')) WHERE state <> 'done';
-- No epoch is granted twice; serves run_next_epoch.
CREATE UNIQUE INDEX sync_runs_epoch ON sync_runs (epoch) WHERE epoch > 0;

CREATE TABLE sync_jobs (
    run_id      TEXT    NOT NULL REFERENCES sync_runs (id),
    supplier_id TEXT    NOT NULL REFERENCES suppliers (id),
    position    INTEGER NOT NULL,                  -- order of work
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
    outcome     TEXT,                              -- once done
    attempt     INTEGER NOT NULL,                  -- from 1
    worker      TEXT,
    lease_until TEXT,                              -- while running
    error_type  TEXT,
    message     TEXT,
    rows_read   INTEGER NOT NULL DEFAULT 0,
    skipped     INTEGER NOT NULL DEFAULT 0,
    inserted    INTEGER NOT NULL DEFAULT 0,
    updated     INTEGER NOT NULL DEFAULT 0,
    unchanged   INTEGER NOT NULL DEFAULT 0,
    rejected    INTEGER NOT NULL DEFAULT 0,
    duplicates  INTEGER NOT NULL DEFAULT 0,
    gone        INTEGER NOT NULL DEFAULT 0,
    rounded     INTEGER NOT NULL DEFAULT 0,
    elapsed_ms  INTEGER NOT NULL DEFAULT 0,
    started_at  TEXT,
    finished_at TEXT,
    PRIMARY KEY (run_id, supplier_id)
) STRICT, WITHOUT ROWID;

-- Serves query_rejects: each supplier's last read.
CREATE INDEX sync_jobs_by_supplier ON sync_jobs (supplier_id, finished_at);

CREATE TABLE sync_ticks (
    schedule   TEXT    NOT NULL,
    nominal_at TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('ran', 'skipped', 'missed', 'paused')),
    run_id     TEXT,                               -- the run that ran or overlapped
    count      INTEGER NOT NULL,                   -- nominal times that the row stands for
    created_at TEXT    NOT NULL,
    PRIMARY KEY (schedule, nominal_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_holds (
    id           TEXT NOT NULL PRIMARY KEY,
    run_id       TEXT NOT NULL,
    supplier_id  TEXT,                             -- NULL: the master sheet
    guard        TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    figure       REAL NOT NULL,                    -- shares of 1
    "limit"      REAL NOT NULL,
    message      TEXT NOT NULL,
    examples     TEXT NOT NULL,                    -- JSON array
    decision     TEXT CHECK (decision IN ('approved', 'discarded')),
    decided_by   TEXT,
    decided_at   TEXT,
    used_at      TEXT,                             -- when a commit used the approval up
    created_at   TEXT NOT NULL,
    expires_at   TEXT NOT NULL
) STRICT;

CREATE TABLE sync_schedules (
    name      TEXT    NOT NULL PRIMARY KEY,
    paused    INTEGER NOT NULL,
    reason    TEXT,
    paused_by TEXT,
    anchor_at TEXT                                 -- from which nominal times are counted
) STRICT;

CREATE TABLE sync_audit (
    id         INTEGER PRIMARY KEY,
    who        TEXT NOT NULL,
    what       TEXT NOT NULL,
    detail     TEXT,
    origin     TEXT,                               -- the address it came from
    created_at TEXT NOT NULL
) STRICT;

-- What was last accepted of each list, so that the next run can tell that nothing changed.
CREATE TABLE list_versions (
    list             TEXT    NOT NULL PRIMARY KEY, -- suppliers.id, or 'master'
    version          TEXT,                         -- NULL: the next read must be in full
    fingerprint      TEXT,
    signature        TEXT,                         -- tab and header of the master
    mapping          TEXT,                         -- JSON
    valid_rows       INTEGER NOT NULL,
    reads_since_full INTEGER NOT NULL,
    run_id           TEXT    NOT NULL,
    accepted_at      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
