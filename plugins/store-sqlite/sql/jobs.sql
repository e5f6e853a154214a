-- SPDX-License-Identifier: Apache-2.0

-- name: run_to_suppliers
UPDATE sync_runs SET state = 'suppliers' WHERE id = ?1 AND state = 'master';

-- Oldest success first; never synced ones before all.
-- name: jobs_enqueue
INSERT INTO sync_jobs (run_id, supplier_id, position, state, attempt)
SELECT r.id, s.id,
       row_number() OVER (ORDER BY (SELECT max(l.id) FROM parsing_logs AS l
                                     WHERE l.supplier_id = s.id AND l.row_number IS NULL
                                       AND l.error_type = 'SUCCESS') NULLS FIRST, s.key),
       'waiting', 1
  FROM sync_runs AS r
  JOIN suppliers AS s
 WHERE r.id = ?1 AND s.is_active
   AND (r.scope = '[]' OR s.key IN (SELECT value FROM json_each(r.scope)));

-- name: jobs_count
SELECT count(*) FROM sync_jobs WHERE run_id = ?1;

-- The job to work on next at ?2, of run ?1 or of any.
-- name: job_free
SELECT j.run_id, j.supplier_id, j.state
  FROM sync_runs AS r
  JOIN sync_jobs AS j ON j.run_id = r.id
 WHERE r.state = 'suppliers' AND (?1 IS NULL OR r.id = ?1)
   AND (j.state = 'waiting' OR (j.state = 'running' AND j.lease_until <= ?2))
 ORDER BY j.deaths + (j.state = 'running'), j.state DESC, j.position
 LIMIT 1;

-- Rows while there is work that is not free: leased jobs, or a run that has no jobs yet.
-- name: job_busy
SELECT 1
  FROM sync_runs AS r
 WHERE r.state <> 'done' AND (?1 IS NULL OR r.id = ?1)
   AND (EXISTS (SELECT 1 FROM sync_jobs AS j WHERE j.run_id = r.id AND j.state <> 'done')
        OR (?1 IS NOT NULL AND r.state <> 'suppliers'));

-- name: job_take
UPDATE sync_jobs
   SET attempt     = attempt + (state = 'running'),
       deaths      = deaths + (state = 'running'),
       state       = 'running',
       worker      = ?3,
       lease_until = ?4,
       started_at  = ?5
 WHERE run_id = ?1 AND supplier_id = ?2;

-- Columns as job_read () takes them.
-- name: job_get
SELECT j.attempt, r.id, s.id, r.epoch, s.key, s.name, s.source_type, s.source_url,
       v.version, v.fingerprint, v.mapping, r.flags, coalesce(v.reads_since_full, 0),
       j.deaths
  FROM sync_jobs AS j
  JOIN sync_runs AS r ON r.id = j.run_id
  JOIN suppliers AS s ON s.id = j.supplier_id
  LEFT JOIN list_versions AS v ON v.list = s.id
 WHERE j.run_id = ?1 AND j.supplier_id = ?2;

-- name: job_extend
UPDATE sync_jobs SET lease_until = ?3 WHERE run_id = ?1 AND supplier_id = ?2;

-- name: run_cancelled
SELECT cancel_requested FROM sync_runs WHERE id = ?1;

-- name: job_release
UPDATE sync_jobs
   SET state = 'waiting', attempt = attempt + 1, worker = NULL, lease_until = NULL
 WHERE run_id = ?1 AND supplier_id = ?2;

-- name: job_state
SELECT state, attempt FROM sync_jobs WHERE run_id = ?1 AND supplier_id = ?2;

-- name: job_end
UPDATE sync_jobs
   SET state = 'done', outcome = ?3, error_type = ?4, message = ?5, lease_until = NULL, finished_at = ?6,
       rows_read = ?7, skipped = ?8, inserted = ?9, updated = ?10, unchanged = ?11, rejected = ?12,
       duplicates = ?13, gone = ?14, rounded = ?15, elapsed_ms = ?16
 WHERE run_id = ?1 AND supplier_id = ?2;

-- name: log_put
INSERT INTO parsing_logs (task_id, supplier_id, error_type, error_message, row_number, row_data, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: version_seen_again
UPDATE list_versions SET reads_since_full = reads_since_full + 1 WHERE list = ?1;
