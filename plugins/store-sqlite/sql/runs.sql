-- SPDX-License-Identifier: Apache-2.0

-- name: run_put
INSERT INTO sync_runs (id, state, "trigger", flags, scope, requested_by, tick_at, created_at)
VALUES (?1, 'queued', ?2, ?3, ?4, ?5, ?6, ?7);

-- Columns as run_read () takes them.
-- name: run_get
SELECT r.id, r.state, r.outcome, r."trigger", r.flags, r.cancel_requested, r.epoch, r.holder,
       (SELECT count(*) FROM sync_jobs AS j WHERE j.run_id = r.id),
       (SELECT count(*) FROM sync_jobs AS j WHERE j.run_id = r.id AND j.state = 'done'),
       r.lease_until, r.started_at, r.finished_at, m.version, m.fingerprint, m.signature
  FROM sync_runs AS r
  LEFT JOIN list_versions AS m ON m.list = 'master'
 WHERE r.id = ?1;

-- name: run_scope
SELECT s.value FROM sync_runs AS r, json_each(r.scope) AS s WHERE r.id = ?1 ORDER BY s.key;

-- name: run_unfinished
SELECT id FROM sync_runs WHERE state <> 'done';

-- name: run_cancel
UPDATE sync_runs SET cancel_requested = 1 WHERE id = ?1 AND state <> 'done';

-- One row while a lease of the run, or of one of its jobs, is alive at ?2.
-- name: run_leased
SELECT 1 FROM sync_runs WHERE id = ?1 AND state <> 'queued' AND lease_until > ?2
 UNION ALL
SELECT 1 FROM sync_jobs WHERE run_id = ?1 AND state = 'running' AND lease_until > ?2;

-- name: run_grant
UPDATE sync_runs
   SET epoch       = (SELECT max(epoch) + 1 FROM sync_runs),
       state       = iif(state = 'queued', 'master', state),
       holder      = ?2,
       lease_until = ?3,
       started_at  = coalesce(started_at, ?4)
 WHERE id = ?1;

-- name: run_rescue_jobs
UPDATE sync_jobs
   SET state = 'waiting', attempt = attempt + 1, deaths = deaths + 1, worker = NULL, lease_until = NULL
 WHERE run_id = ?1 AND state = 'running';

-- name: run_extend
UPDATE sync_runs SET lease_until = ?3 WHERE id = ?1 AND epoch = ?2 AND state <> 'done';

-- name: run_end
UPDATE sync_runs
   SET state = 'done', outcome = ?2, message = ?3, finished_at = ?4, lease_until = NULL
 WHERE id = ?1;

-- name: run_end_jobs
UPDATE sync_jobs
   SET state = 'done', outcome = 'cancelled', message = 'the run ended first', lease_until = NULL, finished_at = ?2
 WHERE run_id = ?1 AND state <> 'done';
