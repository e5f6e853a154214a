-- SPDX-License-Identifier: Apache-2.0

-- name: begin
BEGIN IMMEDIATE;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: schema_exists
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version';

-- name: schema_version
SELECT max(version) FROM schema_version;

-- name: schema_version_put
INSERT INTO schema_version (version, applied_at) VALUES (?1, ?2);

-- The fence. One row when the run's epoch (?2) is current and the run unfinished.
-- name: fence_run
SELECT 1
  FROM sync_runs
 WHERE id = ?1 AND epoch = ?2 AND state <> 'done';

-- One row when epoch (?2), supplier (?3) and attempt (?4) name the work that is going on.
-- name: fence_job
SELECT 1
  FROM sync_runs AS r
  JOIN sync_jobs AS j ON j.run_id = r.id
 WHERE r.id = ?1 AND r.epoch = ?2 AND r.state = 'suppliers'
   AND j.supplier_id = ?3 AND j.attempt = ?4 AND j.state = 'running';
