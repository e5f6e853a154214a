-- SPDX-License-Identifier: Apache-2.0

-- name: begin
BEGIN;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- $1 schema, $2 lock_timeout and $3 statement_timeout in ms. plan_cache_mode is as it was: most statements are planned for
-- each use anyway, and force_custom_plan would plan the check of a foreign key anew for every row.
-- name: session_begin
SELECT pg_backend_pid(),
       (SELECT a.backend_start FROM pg_stat_get_activity(pg_backend_pid()) AS a),
       set_config('search_path', quote_ident($1) || ', pg_temp', false),
       set_config('lock_timeout', $2, false),
       set_config('statement_timeout', $3, false),
       set_config('idle_in_transaction_session_timeout', '5s', false),
       set_config('timezone', 'UTC', false),
       set_config('datestyle', 'ISO', false),
       set_config('jit', 'off', false),
       set_config('default_transaction_isolation', 'read committed', false);

-- name: clock
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;

-- name: fence_run
SELECT sluice_fence_run($1::uuid, $2::bigint);

-- name: fence_job
SELECT sluice_fence_job($1::uuid, $2::bigint, $3::uuid, $4::integer);

-- One row while that attempt is the one that is going on; locks nothing.
-- name: job_is_ours
SELECT 1
  FROM sync_runs AS r
  JOIN sync_jobs AS j ON j.run_id = r.id
 WHERE r.id = $1::uuid AND r.epoch = $2::bigint AND r.state = 'suppliers'
   AND j.supplier_id = $3::uuid AND j.attempt = $4::integer AND j.state = 'running';
