-- SPDX-License-Identifier: Apache-2.0

-- Columns as schedule_take () takes them.
-- name: schedule_get
SELECT name, paused::integer, reason, paused_by, paused_at, definition, anchor_at, accounted_at, waiting_at
  FROM sync_schedules
 WHERE name = $1;

-- name: schedule_begin
INSERT INTO sync_schedules (name, paused, definition, anchor_at, accounted_at)
VALUES ($1, false, $2, $3::timestamptz, $4::timestamptz)
    ON CONFLICT (name) DO NOTHING;

-- name: schedule_pause
UPDATE sync_schedules
   SET paused    = $2::integer <> 0,
       reason    = $3,
       paused_by = $4,
       paused_at = CASE WHEN $2::integer <> 0 THEN coalesce(paused_at, clock_timestamp()) END
 WHERE name = $1
RETURNING 1;

-- Who accounts at the same time waits for the first and then finds no row.
-- name: schedule_account
UPDATE sync_schedules
   SET accounted_at = $3::timestamptz, waiting_at = $4::timestamptz, definition = $5
 WHERE name = $1 AND accounted_at = $2::timestamptz
RETURNING 1;

-- name: tick_put
INSERT INTO sync_ticks (schedule, nominal_at, state, run_id, count, created_at)
VALUES ($1, $2::timestamptz, $3, $4::uuid, $5::bigint, clock_timestamp())
    ON CONFLICT DO NOTHING;

-- name: audit_put
INSERT INTO sync_audit (who, what, detail, origin, created_at) VALUES ($1, $2, $3, $4, clock_timestamp());

-- Kept whatever its age: the last run, the unfinished one, and of each supplier the last run and the last read.
-- name: prune_keep
CREATE TEMP TABLE kept_runs ON COMMIT DROP AS
SELECT id FROM sync_runs WHERE state <> 'done' OR epoch = (SELECT max(epoch) FROM sync_runs)
 UNION
SELECT j.run_id
  FROM suppliers AS s
 CROSS JOIN LATERAL (SELECT run_id FROM sync_jobs WHERE supplier_id = s.id
                      ORDER BY finished_at DESC NULLS LAST LIMIT 1) AS j
 UNION
SELECT j.run_id
  FROM suppliers AS s
 CROSS JOIN LATERAL (SELECT run_id FROM sync_jobs
                      WHERE supplier_id = s.id AND (outcome = 'success' OR rows_read > 0)
                      ORDER BY finished_at DESC NULLS LAST LIMIT 1) AS j;

-- The rejects of the last accepted master stay, too. $1 is an age in microseconds.
-- name: prune_logs
DELETE FROM parsing_logs
 WHERE created_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
   AND task_id NOT IN (SELECT id FROM pg_temp.kept_runs)
   AND NOT (supplier_id IS NULL
            AND task_id IS NOT DISTINCT FROM (SELECT run_id FROM list_versions WHERE list = 'master'));

-- name: prune_jobs
DELETE FROM sync_jobs
 WHERE finished_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
   AND run_id NOT IN (SELECT id FROM pg_temp.kept_runs);

-- name: prune_runs
DELETE FROM sync_runs
 WHERE finished_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
   AND id NOT IN (SELECT id FROM pg_temp.kept_runs)
   AND NOT EXISTS (SELECT 1 FROM sync_jobs AS j WHERE j.run_id = sync_runs.id);

-- name: prune_audit
DELETE FROM sync_audit WHERE created_at < clock_timestamp() - $1::bigint * interval '1 microsecond';

-- name: prune_ticks
DELETE FROM sync_ticks WHERE created_at < clock_timestamp() - $1::bigint * interval '1 microsecond';

-- name: prune_holds
DELETE FROM sync_holds WHERE created_at < clock_timestamp() - $1::bigint * interval '1 microsecond';
