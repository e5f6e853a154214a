-- SPDX-License-Identifier: Apache-2.0

-- Neither the same id nor a second unfinished run is put; who asks at the same time waits for the first.
-- name: run_put
INSERT INTO sync_runs (id, state, "trigger", flags, scope, requested_by, tick_at, created_at)
VALUES ($1::uuid, 'queued', $2, $3::integer, $4::jsonb, $5, $6::timestamptz, clock_timestamp())
    ON CONFLICT DO NOTHING;

-- Run $1, or the unfinished one: with NULL, and with $2 where there is no run $1. As many rows as its scope has suppliers,
-- but at least one. Columns as runs.c names or takes them.
-- name: run_get
SELECT r.id, r.state, r.outcome, r."trigger", r.flags, r.cancel_requested::integer, r.epoch, r.holder, j.total, j.done,
       r.lease_until, r.started_at, r.finished_at, m.version, m.fingerprint, m.signature,
       (r.id = $1::uuid)::integer, s.key
  FROM sync_runs AS r
 CROSS JOIN LATERAL (SELECT count(*) AS total, count(*) FILTER (WHERE state = 'done') AS done
                       FROM sync_jobs WHERE run_id = r.id) AS j
  LEFT JOIN list_versions AS m ON m.list = 'master'
  LEFT JOIN LATERAL jsonb_array_elements_text(r.scope) WITH ORDINALITY AS s (key, n) ON true
 WHERE r.id = coalesce((SELECT id FROM sync_runs WHERE id = $1::uuid),
                       (SELECT id FROM sync_runs WHERE state <> 'done' AND ($1::uuid IS NULL OR $2::integer <> 0)))
 ORDER BY s.n;

-- name: run_cancel
UPDATE sync_runs SET cancel_requested = true WHERE id = $1::uuid AND state <> 'done' RETURNING 1;

-- Whoever claims, or takes a job, waits here for the other.
-- name: run_lock
SELECT 1 FROM sync_runs WHERE state <> 'done' AND id = coalesce($1::uuid, id) FOR UPDATE;

-- Grants the next epoch of a run of which no lease is alive ($4: or whose holder is dead for certain) and takes its jobs
-- back. The server processes that still work for the former holder are ended, but never our own.
-- name: run_grant
WITH granted AS (
    UPDATE sync_runs AS r
       SET epoch       = (SELECT coalesce(max(e.epoch), 0) + 1 FROM sync_runs AS e WHERE e.epoch > 0),
           state       = CASE r.state WHEN 'queued' THEN 'master' ELSE r.state END,
           holder      = $2,
           lease_until = clock_timestamp() + $3::bigint * interval '1 millisecond',
           started_at  = coalesce(r.started_at, clock_timestamp())
     WHERE r.state <> 'done' AND r.id = coalesce($1::uuid, r.id)
       AND ($4::integer <> 0 OR r.state = 'queued'
            OR (coalesce(r.lease_until <= clock_timestamp(), true)
                AND NOT EXISTS (SELECT 1 FROM sync_jobs AS j
                                 WHERE j.run_id = r.id AND j.state = 'running'
                                   AND j.lease_until > clock_timestamp())))
    RETURNING r.id
), rescued AS (
    UPDATE sync_jobs AS j
       SET state = 'waiting', attempt = j.attempt + 1, deaths = j.deaths + 1, worker = NULL, lease_until = NULL
      FROM granted AS g
     WHERE j.run_id = g.id AND j.state = 'running'
    RETURNING j.backend_pid, j.backend_start
)
SELECT g.id,
       (SELECT count(pg_terminate_backend(a.pid))
          FROM rescued AS o
          JOIN LATERAL pg_stat_get_activity(o.backend_pid) AS a ON a.backend_start = o.backend_start
         WHERE a.pid <> pg_backend_pid())
  FROM granted AS g;

-- name: run_extend
UPDATE sync_runs
   SET lease_until = clock_timestamp() + $3::bigint * interval '1 millisecond'
 WHERE id = $1::uuid AND epoch = $2::bigint AND state <> 'done';

-- name: run_end
UPDATE sync_runs
   SET state = 'done', outcome = $3, message = $4, finished_at = clock_timestamp(), lease_until = NULL
 WHERE id = $1::uuid AND epoch = $2::bigint AND state <> 'done'
RETURNING 1;

-- name: run_end_jobs
UPDATE sync_jobs AS j
   SET state = 'done', outcome = 'cancelled', message = 'the run ended first', lease_until = NULL,
       finished_at = clock_timestamp()
  FROM sync_runs AS r
 WHERE r.id = $1::uuid AND r.epoch = $2::bigint AND r.state = 'done' AND j.run_id = r.id AND j.state <> 'done';
