-- SPDX-License-Identifier: Apache-2.0

-- name: run_to_suppliers
UPDATE sync_runs SET state = 'suppliers' WHERE id = $1::uuid AND epoch = $2::bigint AND state = 'master';

-- Oldest success first; never synced ones before all. Once: later calls find the jobs there.
-- name: jobs_enqueue
INSERT INTO sync_jobs (run_id, supplier_id, position, state, attempt)
SELECT r.id, s.id,
       row_number() OVER (ORDER BY (SELECT max(l.id) FROM parsing_logs AS l
                                     WHERE l.supplier_id = s.id AND l.row_number IS NULL
                                       AND l.error_type = 'SUCCESS') NULLS FIRST, s.key),
       'waiting', 1
  FROM sync_runs AS r, suppliers AS s
 WHERE r.id = $1::uuid AND r.epoch = $2::bigint AND s.is_active
   AND (r.scope = '[]' OR r.scope ? s.key)
   AND NOT EXISTS (SELECT 1 FROM sync_jobs AS j WHERE j.run_id = r.id);

-- name: jobs_count
SELECT count(*) FROM sync_jobs WHERE run_id = $1::uuid;

-- Before job_take, in a statement of its own: that one then sees what a claim of the run has just done.
-- name: run_share
SELECT 1 FROM sync_runs WHERE state = 'suppliers' AND id = coalesce($1::uuid, id) FOR SHARE;

-- The next free job, for worker $2 and its server process ($4, $5). Columns as job_read () takes them.
-- name: job_take
WITH free AS (
    SELECT j.run_id, j.supplier_id, j.state, j.backend_pid, j.backend_start
      FROM sync_runs AS r
      JOIN sync_jobs AS j ON j.run_id = r.id
     WHERE r.state = 'suppliers' AND r.id = coalesce($1::uuid, r.id)
       AND (j.state = 'waiting' OR (j.state = 'running' AND j.lease_until <= clock_timestamp()))
     ORDER BY j.deaths + (j.state = 'running')::integer, j.state DESC, j.position
     LIMIT 1
       FOR UPDATE OF j SKIP LOCKED
), taken AS (
    UPDATE sync_jobs AS j
       SET attempt       = j.attempt + (f.state = 'running')::integer,
           deaths        = j.deaths + (f.state = 'running')::integer,
           state         = 'running',
           worker        = $2,
           lease_until   = clock_timestamp() + $3::bigint * interval '1 millisecond',
           started_at    = clock_timestamp(),
           backend_pid   = $4::integer,
           backend_start = $5::timestamptz
      FROM free AS f
     WHERE j.run_id = f.run_id AND j.supplier_id = f.supplier_id
    RETURNING j.run_id, j.supplier_id, j.attempt, j.deaths
)
SELECT t.attempt, r.id, s.id, r.epoch, s.key, s.name, s.source_type, s.source_url,
       v.version, v.fingerprint, v.mapping, r.flags, coalesce(v.reads_since_full, 0), t.deaths,
       h.id, h.guard, h.content_hash, h.figure,
       (SELECT count(pg_terminate_backend(a.pid))
          FROM free AS f
          JOIN LATERAL pg_stat_get_activity(f.backend_pid) AS a ON a.backend_start = f.backend_start
         WHERE f.state = 'running' AND a.pid <> pg_backend_pid())
  FROM taken AS t
  JOIN sync_runs AS r ON r.id = t.run_id
  JOIN suppliers AS s ON s.id = t.supplier_id
  LEFT JOIN list_versions AS v ON v.list = s.id::text
  LEFT JOIN LATERAL (SELECT o.id, o.guard, o.content_hash, o.figure
                       FROM sync_holds AS o
                      WHERE o.supplier_id = s.id AND o.decision = 'approved' AND o.used_at IS NULL
                        AND o.expires_at > clock_timestamp()
                      ORDER BY o.decided_at DESC, o.id DESC
                      LIMIT 1) AS h ON true;

-- Rows while there is work that is not free: leased jobs, or a run that has no jobs yet.
-- name: job_busy
SELECT 1
  FROM sync_runs AS r
 WHERE r.state <> 'done' AND r.id = coalesce($1::uuid, r.id)
   AND (EXISTS (SELECT 1 FROM sync_jobs AS j WHERE j.run_id = r.id AND j.state <> 'done')
        OR ($1::uuid IS NOT NULL AND r.state <> 'suppliers'));

-- A worker whose link broke goes on with another server process.
-- name: job_backend
UPDATE sync_jobs
   SET backend_pid = $4::integer, backend_start = $5::timestamptz
 WHERE run_id = $1::uuid AND supplier_id = $2::uuid AND attempt = $3::integer AND state = 'running';

-- name: job_extend
UPDATE sync_jobs
   SET lease_until = clock_timestamp() + $4::bigint * interval '1 millisecond'
 WHERE run_id = $1::uuid AND supplier_id = $2::uuid AND attempt = $3::integer AND state = 'running';

-- name: run_cancelled
SELECT cancel_requested::integer FROM sync_runs WHERE id = $1::uuid;

-- name: job_release
UPDATE sync_jobs
   SET state = 'waiting', attempt = attempt + 1, worker = NULL, lease_until = NULL
 WHERE run_id = $1::uuid AND supplier_id = $2::uuid;

-- name: job_state
SELECT state, attempt FROM sync_jobs WHERE run_id = $1::uuid AND supplier_id = $2::uuid;

-- name: job_end
UPDATE sync_jobs
   SET state = 'done', outcome = $3, error_type = $4, message = $5, lease_until = NULL, finished_at = now(),
       rows_read = $6::bigint, skipped = $7::bigint, inserted = $8::bigint, updated = $9::bigint,
       unchanged = $10::bigint, rejected = $11::bigint, duplicates = $12::bigint, gone = $13::bigint,
       rounded = $14::bigint, elapsed_ms = $15::bigint
 WHERE run_id = $1::uuid AND supplier_id = $2::uuid;

-- name: log_put
INSERT INTO parsing_logs (task_id, supplier_id, error_type, error_message, row_number, row_data, created_at)
VALUES ($1::uuid, $2::uuid, $3, $4, $5::bigint, $6::jsonb, clock_timestamp());

-- name: version_seen_again
UPDATE list_versions SET reads_since_full = reads_since_full + 1 WHERE list = $1;
