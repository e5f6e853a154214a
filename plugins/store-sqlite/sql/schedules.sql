-- SPDX-License-Identifier: Apache-2.0

-- Columns as schedule_read () takes them.
-- name: schedule_get
SELECT name, paused, reason, paused_by, paused_at, definition, anchor_at, accounted_at, waiting_at
  FROM sync_schedules
 WHERE name = ?1;

-- name: schedule_begin
INSERT INTO sync_schedules (name, paused, definition, anchor_at, accounted_at)
VALUES (?1, 0, ?2, ?3, ?4)
    ON CONFLICT (name) DO NOTHING;

-- name: schedule_pause
UPDATE sync_schedules
   SET paused    = ?2,
       reason    = ?3,
       paused_by = ?4,
       paused_at = iif(?2, coalesce(paused_at, ?5), NULL)
 WHERE name = ?1;

-- name: schedule_account
UPDATE sync_schedules SET accounted_at = ?3, waiting_at = ?4, definition = ?5 WHERE name = ?1 AND accounted_at = ?2;

-- name: tick_put
INSERT INTO sync_ticks (schedule, nominal_at, state, run_id, count, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT DO NOTHING;

-- name: audit_put
INSERT INTO sync_audit (who, what, detail, origin, created_at) VALUES (?1, ?2, ?3, ?4, ?5);

-- Kept whatever its age: the last run, the unfinished one, and of each supplier the last run and the last read.
-- name: prune_keep
CREATE TEMP TABLE kept_runs AS
SELECT id FROM sync_runs WHERE state <> 'done' OR epoch = (SELECT max(epoch) FROM sync_runs)
 UNION
SELECT (SELECT j.run_id FROM sync_jobs AS j WHERE j.supplier_id = s.id ORDER BY j.finished_at DESC LIMIT 1)
  FROM suppliers AS s
 UNION
SELECT (SELECT j.run_id FROM sync_jobs AS j
         WHERE j.supplier_id = s.id AND (j.outcome = 'success' OR j.rows_read > 0)
         ORDER BY j.finished_at DESC LIMIT 1)
  FROM suppliers AS s;

-- The rejects of the last accepted master stay, too.
-- name: prune_logs
DELETE FROM parsing_logs
 WHERE created_at < ?1 AND task_id NOT IN (SELECT id FROM kept_runs WHERE id IS NOT NULL)
   AND NOT (supplier_id IS NULL AND task_id = (SELECT run_id FROM list_versions WHERE list = 'master'));

-- name: prune_jobs
DELETE FROM sync_jobs
 WHERE finished_at < ?1 AND run_id NOT IN (SELECT id FROM kept_runs WHERE id IS NOT NULL);

-- name: prune_runs
DELETE FROM sync_runs
 WHERE finished_at < ?1 AND id NOT IN (SELECT id FROM kept_runs WHERE id IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM sync_jobs AS j WHERE j.run_id = sync_runs.id);

-- name: prune_audit
DELETE FROM sync_audit WHERE created_at < ?1;

-- name: prune_ticks
DELETE FROM sync_ticks WHERE created_at < ?1;

-- name: prune_holds
DELETE FROM sync_holds WHERE created_at < ?1;

-- name: prune_forget
DROP TABLE temp.kept_runs;
