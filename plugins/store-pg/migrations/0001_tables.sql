-- SPDX-License-Identifier: Apache-2.0
-- Runs with the schema of the option `schema` as search_path. Ids are UUIDs (version 7: they grow with time, so that
-- new rows go to the right edge of their indexes). Every index says which statement of sql/ needs it; what each costs
-- stands in docs/postgresql.md.

CREATE TABLE schema_version (
    version    integer     PRIMARY KEY,
    applied_at timestamptz NOT NULL
);

CREATE TABLE suppliers (
    id            uuid        PRIMARY KEY,
    key           text        NOT NULL COLLATE "C" UNIQUE, -- identity: the name after NFKC and case folding
    name          text        NOT NULL,
    source_type   text        NOT NULL,                    -- the master's Format column
    source_url    text        NOT NULL,
    is_active     boolean     NOT NULL,
    notes         text,
    contact_email text,                                    -- people's: never written here
    metadata      jsonb,                                   -- people's: never written here
    last_sync_at  timestamptz,                             -- when a sync last changed its items
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);

-- A changed row is written again on the page where it was: no index holds a column that a sync changes, and a fifth of
-- each page is left free.
CREATE TABLE supplier_items (
    id              uuid          PRIMARY KEY,
    supplier_id     uuid          NOT NULL REFERENCES suppliers (id),
    supplier_sku    text          NOT NULL COLLATE "C",
    name            text          NOT NULL,
    current_price   numeric(14,4) NOT NULL CHECK (current_price >= 0),
    currency        text          NOT NULL,                -- ISO 4217, or empty
    characteristics jsonb         NOT NULL,
    row_hash        uuid          NOT NULL,                -- 128 bits of all that a list says of the item
    gone_at         timestamptz,                           -- since when the list no longer has it
    product_id      uuid,                                  -- people's: never written here
    created_at      timestamptz   NOT NULL,
    updated_at      timestamptz   NOT NULL,
    UNIQUE (supplier_id, supplier_sku)                     -- serves known_items, rows_match and query_items
) WITH (fillfactor = 80);

CREATE TABLE price_history (
    item_id     uuid          NOT NULL REFERENCES supplier_items (id),
    recorded_at timestamptz   NOT NULL,
    price       numeric(14,4) NOT NULL,
    currency    text          NOT NULL,
    PRIMARY KEY (item_id, recorded_at)                     -- serves merge_prices: one price a moment
);

CREATE TABLE sync_runs (
    id               uuid        PRIMARY KEY,
    state            text        NOT NULL CHECK (state IN ('queued', 'master', 'suppliers', 'done')),
    outcome          text,                                 -- once done
    "trigger"        text        NOT NULL,
    flags            integer     NOT NULL,
    scope            jsonb       NOT NULL,                 -- array of supplier keys, empty: all
    requested_by     text,
    tick_at          timestamptz,                          -- nominal time of the schedule that asked
    epoch            bigint      NOT NULL DEFAULT 0,       -- 0 until claimed
    holder           text,
    lease_until      timestamptz,
    cancel_requested boolean     NOT NULL DEFAULT false,
    message          text,
    created_at       timestamptz NOT NULL,
    started_at       timestamptz,
    finished_at      timestamptz
);

-- At most one run is unfinished; serves request_put and run_lock.
CREATE UNIQUE INDEX sync_runs_unfinished ON sync_runs ((state <> 'done')) WHERE state <> 'done';
-- No epoch is granted twice; serves run_grant: the highest one.
CREATE UNIQUE INDEX sync_runs_epoch ON sync_runs (epoch) WHERE epoch > 0;

CREATE TABLE sync_jobs (
    run_id        uuid        NOT NULL REFERENCES sync_runs (id),
    supplier_id   uuid        NOT NULL REFERENCES suppliers (id),
    position      integer     NOT NULL,                    -- order of work
    state         text        NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
    outcome       text,                                    -- once done
    attempt       integer     NOT NULL,                    -- from 1
    deaths        integer     NOT NULL DEFAULT 0,          -- attempts that nobody ended: it may be what kills its workers
    worker        text,
    lease_until   timestamptz,                             -- while running
    backend_pid   integer,                                 -- the server process of that worker, and when it began:
    backend_start timestamptz,                             -- a take-over ends just this one
    error_type    text,
    message       text,
    rows_read     bigint      NOT NULL DEFAULT 0,
    skipped       bigint      NOT NULL DEFAULT 0,
    inserted      bigint      NOT NULL DEFAULT 0,
    updated       bigint      NOT NULL DEFAULT 0,
    unchanged     bigint      NOT NULL DEFAULT 0,
    rejected      bigint      NOT NULL DEFAULT 0,
    duplicates    bigint      NOT NULL DEFAULT 0,
    gone          bigint      NOT NULL DEFAULT 0,
    rounded       bigint      NOT NULL DEFAULT 0,
    elapsed_ms    bigint      NOT NULL DEFAULT 0,
    started_at    timestamptz,
    finished_at   timestamptz,
    PRIMARY KEY (run_id, supplier_id)
);

-- Serves query_rejects, query_suppliers and prune_keep: each supplier's last read.
CREATE INDEX sync_jobs_by_supplier ON sync_jobs (supplier_id, finished_at);

-- A row with a row_number is a reject; one without is how a job ended, written last.
CREATE TABLE parsing_logs (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- serves query_logs
    task_id       uuid        NOT NULL,                    -- sync_runs.id
    supplier_id   uuid,                                    -- NULL: the master sheet
    error_type    text        NOT NULL,                    -- reason code, SUCCESS or HELD
    error_message text        NOT NULL,
    row_number    bigint,
    row_data      jsonb,                                   -- column, field, address, raw
    created_at    timestamptz NOT NULL
);

-- Serves query_rejects and prune_logs.
CREATE INDEX parsing_logs_by_supplier ON parsing_logs (supplier_id, created_at DESC);
-- Serves query_suppliers and jobs_enqueue: each supplier's newest outcome.
CREATE INDEX parsing_logs_outcomes ON parsing_logs (supplier_id, id) WHERE row_number IS NULL;

CREATE TABLE sync_ticks (
    schedule   text        NOT NULL,
    nominal_at timestamptz NOT NULL,
    state      text        NOT NULL CHECK (state IN ('ran', 'skipped', 'missed', 'paused')),
    run_id     uuid,                                       -- the run that ran or overlapped
    count      bigint      NOT NULL,                       -- nominal times that the row stands for
    created_at timestamptz NOT NULL,
    PRIMARY KEY (schedule, nominal_at)
);

CREATE TABLE sync_holds (
    id           uuid             PRIMARY KEY,
    run_id       uuid             NOT NULL,
    supplier_id  uuid,                                     -- NULL: the master sheet
    guard        text             NOT NULL,
    content_hash text             NOT NULL,
    figure       double precision NOT NULL,                -- shares of 1
    "limit"      double precision NOT NULL,
    message      text             NOT NULL,
    examples     jsonb            NOT NULL,                -- array of texts
    decision     text             CHECK (decision IN ('approved', 'discarded')),
    decided_by   text,
    decided_at   timestamptz,
    used_at      timestamptz,                              -- when a commit used the approval up
    created_at   timestamptz      NOT NULL,
    expires_at   timestamptz      NOT NULL
);

CREATE TABLE sync_schedules (
    name         text        PRIMARY KEY,
    paused       boolean     NOT NULL,
    reason       text,
    paused_by    text,
    paused_at    timestamptz,                              -- while it is paused
    definition   text,                                     -- what it was when last accounted for
    anchor_at    timestamptz,                              -- from which nominal times are counted
    accounted_at timestamptz,                              -- every nominal time up to this one has its tick
    waiting_at   timestamptz                               -- a nominal time that waits for a run's end
);

CREATE TABLE sync_audit (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    who        text        NOT NULL,
    what       text        NOT NULL,
    detail     text,
    origin     text,                                       -- the address it came from
    created_at timestamptz NOT NULL
);

-- What was last accepted of each list, so that the next run can tell that nothing changed.
CREATE TABLE list_versions (
    list             text        PRIMARY KEY,              -- suppliers.id, or 'master'
    version          text,                                 -- NULL: the next read must be in full
    fingerprint      text,
    signature        text,                                 -- tab and header of the master
    mapping          text,                                 -- JSON
    valid_rows       bigint      NOT NULL,
    reads_since_full integer     NOT NULL,
    run_id           uuid        NOT NULL,
    accepted_at      timestamptz NOT NULL
);

-- The fence, for the end of a transaction that writes, in one message with its COMMIT. SQLSTATE SL001 means: stale. The
-- run is locked before the job, here and everywhere.
CREATE FUNCTION sluice_fence_run(this_run uuid, this_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM sync_runs AS r WHERE r.id = this_run AND r.epoch = this_epoch AND r.state <> 'done' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the run was taken over or ended meanwhile' USING ERRCODE = 'SL001';
    END IF;
END
$$;

CREATE FUNCTION sluice_fence_job(this_run uuid, this_epoch bigint, this_supplier uuid, this_attempt integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM sync_runs AS r WHERE r.id = this_run AND r.epoch = this_epoch AND r.state = 'suppliers' FOR SHARE;
    IF FOUND THEN
        PERFORM 1
           FROM sync_jobs AS j
          WHERE j.run_id = this_run AND j.supplier_id = this_supplier AND j.attempt = this_attempt
            AND j.state = 'running'
            FOR UPDATE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the job was taken over or ended meanwhile' USING ERRCODE = 'SL001';
    END IF;
END
$$;
