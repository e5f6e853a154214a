-- SPDX-License-Identifier: Apache-2.0
-- Each may take $1 key, $2 run id, $3 limit (NULL: all), $4 offset, $5 id, $6 code, $7 search, $8 after, $9 before,
-- $10 level, $11 open. Ids are compared as UUIDs, which reading.c makes sure of.

-- name: query_suppliers
SELECT s.id, s.name, s.source_type, s.source_url, s.is_active::integer,
       CASE WHEN NOT s.is_active THEN 'inactive'
            WHEN l.id IS NULL THEN 'pending'
            WHEN l.error_type = 'SUCCESS' THEN 'success'
            ELSE 'error' END AS status,
       (SELECT count(*) FROM supplier_items AS i WHERE i.supplier_id = s.id AND i.gone_at IS NULL) AS items_count,
       (SELECT count(*) FROM parsing_logs AS r
         WHERE r.supplier_id = s.id AND r.row_number IS NOT NULL
           AND r.task_id = (SELECT j.run_id FROM sync_jobs AS j
                             WHERE j.supplier_id = s.id
                               AND (j.outcome = 'success' OR (j.outcome <> 'unchanged' AND j.rows_read > 0))
                             ORDER BY j.finished_at DESC NULLS LAST LIMIT 1)) AS rejects_count,
       coalesce((SELECT o.created_at FROM parsing_logs AS o
                  WHERE o.supplier_id = s.id AND o.row_number IS NULL AND o.error_type = 'SUCCESS'
                  ORDER BY o.id DESC LIMIT 1), s.last_sync_at) AS last_sync_at,
       CASE WHEN l.error_type <> 'SUCCESS' THEN l.error_message END AS last_error,
       s.key, s.notes, s.last_sync_at AS last_changed_at
  FROM suppliers AS s
  LEFT JOIN LATERAL (SELECT o.id, o.error_type, o.error_message
                       FROM parsing_logs AS o
                      WHERE o.supplier_id = s.id AND o.row_number IS NULL
                      ORDER BY o.id DESC
                      LIMIT 1) AS l ON true
 WHERE ($1 IS NULL OR s.key = $1) AND ($5 IS NULL OR s.id = $5::uuid) AND ($7 IS NULL OR strpos(s.key, $7) > 0)
 ORDER BY s.key
 LIMIT $3 OFFSET $4;

-- name: query_runs
WITH page AS (
    SELECT r.*
      FROM sync_runs AS r
     WHERE ($2 IS NULL OR r.id = $2::uuid)
       AND ($1 IS NULL OR EXISTS (SELECT 1 FROM sync_jobs AS j JOIN suppliers AS s ON s.id = j.supplier_id
                                   WHERE j.run_id = r.id AND s.key = $1))
     ORDER BY r.created_at DESC, r.id DESC
     LIMIT $3 OFFSET $4
)
SELECT p.id, p.state, p.outcome, p."trigger", p.epoch, p.started_at, p.finished_at, j.jobs_total, j.jobs_done,
       p.message, p.requested_by, p.scope, p.created_at, p.cancel_requested::integer, p.holder, p.lease_until,
       j.jobs_failed, j.jobs_held, j.rows_read, j.changed, j.rejected
  FROM page AS p
 CROSS JOIN LATERAL (SELECT count(*) AS jobs_total, count(*) FILTER (WHERE state = 'done') AS jobs_done,
                            count(*) FILTER (WHERE outcome = 'failed') AS jobs_failed,
                            count(*) FILTER (WHERE outcome = 'held') AS jobs_held,
                            coalesce(sum(rows_read), 0) AS rows_read,
                            coalesce(sum(inserted + updated + gone) FILTER (WHERE outcome = 'success'), 0) AS changed,
                            coalesce(sum(rejected), 0) AS rejected
                       FROM sync_jobs
                      WHERE run_id = p.id) AS j
 ORDER BY p.created_at DESC, p.id DESC;

-- name: query_jobs
SELECT j.run_id, j.supplier_id, s.name AS supplier, j.state, j.outcome, j.error_type, j.message, j.attempt,
       j.rows_read, j.skipped, j.inserted, j.updated, j.unchanged, j.gone, j.rejected, j.duplicates, j.elapsed_ms,
       j.started_at, j.finished_at
  FROM sync_jobs AS j
  JOIN suppliers AS s ON s.id = j.supplier_id
 WHERE j.run_id = coalesce($2::uuid, (SELECT id FROM sync_runs ORDER BY created_at DESC, id DESC LIMIT 1))
   AND ($1 IS NULL OR s.key = $1)
 ORDER BY j.position
 LIMIT $3 OFFSET $4;

-- The columns of query_jobs.
-- name: query_history
SELECT j.run_id, j.supplier_id, s.name AS supplier, j.state, j.outcome, j.error_type, j.message, j.attempt,
       j.rows_read, j.skipped, j.inserted, j.updated, j.unchanged, j.gone, j.rejected, j.duplicates, j.elapsed_ms,
       j.started_at, j.finished_at
  FROM suppliers AS s
  JOIN sync_jobs AS j ON j.supplier_id = s.id
  JOIN sync_runs AS r ON r.id = j.run_id
 WHERE s.key = $1
 ORDER BY r.created_at DESC, r.id DESC
 LIMIT $3 OFFSET $4;

-- name: query_items
SELECT i.supplier_sku AS sku, i.name, i.current_price AS price, i.currency, i.characteristics, i.gone_at, i.updated_at
  FROM suppliers AS s
  JOIN supplier_items AS i ON i.supplier_id = s.id
 WHERE s.key = $1
   AND ($7 IS NULL OR strpos(lower(i.supplier_sku), lower($7)) > 0 OR strpos(lower(i.name), lower($7)) > 0)
 ORDER BY i.supplier_sku
 LIMIT $3 OFFSET $4;

-- A commit writes its history with the time at which its job finished.
-- name: query_prices
WITH committed AS (
    SELECT s.id AS supplier_id, j.finished_at AS at
      FROM suppliers AS s
      JOIN sync_jobs AS j ON j.supplier_id = s.id
     WHERE s.key = $1 AND j.outcome = 'success' AND ($2 IS NULL OR j.run_id = $2::uuid)
     ORDER BY j.finished_at DESC
     LIMIT 1
)
SELECT i.supplier_sku AS sku, i.name, o.price AS old_price, h.price, o.currency AS old_currency, h.currency,
       h.recorded_at AS changed_at
  FROM committed AS c
  JOIN supplier_items AS i ON i.supplier_id = c.supplier_id
  JOIN price_history AS h ON h.item_id = i.id AND h.recorded_at = c.at
 CROSS JOIN LATERAL (SELECT p.price, p.currency
                       FROM price_history AS p
                      WHERE p.item_id = i.id AND p.recorded_at < c.at
                      ORDER BY p.recorded_at DESC
                      LIMIT 1) AS o
 ORDER BY i.supplier_sku
 LIMIT $3 OFFSET $4;

-- Of each supplier's last read, or of run $2; the master's first.
-- name: query_rejects
WITH last_read (supplier_id, run_id) AS (
    SELECT NULL::uuid, m.run_id
      FROM list_versions AS m
     WHERE m.list = 'master' AND $1 IS NULL
     UNION ALL
    SELECT s.id, (SELECT j.run_id FROM sync_jobs AS j
                   WHERE j.supplier_id = s.id
                     AND (j.outcome = 'success' OR (j.outcome <> 'unchanged' AND j.rows_read > 0))
                   ORDER BY j.finished_at DESC NULLS LAST LIMIT 1)
      FROM suppliers AS s
     WHERE $1 IS NULL OR s.key = $1
)
SELECT s.name AS supplier, l.row_number, l.row_data ->> 'column' AS "column", l.row_data ->> 'field' AS field,
       l.error_type AS code, l.error_message AS message, l.row_data ->> 'address' AS address,
       l.row_data ->> 'raw' AS raw, l.task_id AS run_id, l.created_at, l.id, l.supplier_id
  FROM last_read AS r
  JOIN parsing_logs AS l
    ON (l.supplier_id = r.supplier_id OR (l.supplier_id IS NULL AND r.supplier_id IS NULL))
   AND l.task_id = coalesce($2::uuid, r.run_id)
  LEFT JOIN suppliers AS s ON s.id = l.supplier_id
 WHERE l.row_number IS NOT NULL AND ($6 IS NULL OR l.error_type = $6)
 ORDER BY s.key NULLS FIRST, l.id
 LIMIT $3 OFFSET $4;

-- The rows of query_rejects; the master counts as a supplier.
-- name: query_reject_counts
WITH last_read (supplier_id, run_id) AS (
    SELECT NULL::uuid, m.run_id
      FROM list_versions AS m
     WHERE m.list = 'master' AND $1 IS NULL
     UNION ALL
    SELECT s.id, (SELECT j.run_id FROM sync_jobs AS j
                   WHERE j.supplier_id = s.id
                     AND (j.outcome = 'success' OR (j.outcome <> 'unchanged' AND j.rows_read > 0))
                   ORDER BY j.finished_at DESC NULLS LAST LIMIT 1)
      FROM suppliers AS s
     WHERE $1 IS NULL OR s.key = $1
)
SELECT l.error_type AS code, count(*) AS count, count(DISTINCT coalesce(l.supplier_id::text, '')) AS suppliers,
       min(l.error_message) AS example
  FROM last_read AS r
  JOIN parsing_logs AS l
    ON (l.supplier_id = r.supplier_id OR (l.supplier_id IS NULL AND r.supplier_id IS NULL))
   AND l.task_id = coalesce($2::uuid, r.run_id)
 WHERE l.row_number IS NOT NULL
 GROUP BY l.error_type
 ORDER BY 2 DESC, 1
 LIMIT $3 OFFSET $4;

-- name: query_mappings
SELECT s.id AS supplier_id, s.name AS supplier, v.mapping, v.run_id, v.accepted_at
  FROM suppliers AS s
  JOIN list_versions AS v ON v.list = s.id::text
 WHERE $1 IS NULL OR s.key = $1
 ORDER BY s.key
 LIMIT $3 OFFSET $4;

-- The levels are those of enum sluice_level. A reject is a warning, and so is a hold.
-- name: query_logs
SELECT l.id, l.task_id, l.supplier_id, s.name AS supplier_name, l.error_type, l.error_message, l.row_number,
       l.created_at,
       CASE WHEN l.row_number IS NOT NULL OR l.error_type = 'HELD' THEN 'warning'
            WHEN l.error_type = 'SUCCESS' THEN 'info'
            ELSE 'error' END AS level,
       l.row_data ->> 'address' AS address
  FROM parsing_logs AS l
  LEFT JOIN suppliers AS s ON s.id = l.supplier_id
 WHERE ($1 IS NULL OR s.key = $1) AND ($2 IS NULL OR l.task_id = $2::uuid)
   AND ($8 = 0 OR l.id > $8) AND ($9 = 0 OR l.id < $9)
   AND $10 <= CASE WHEN l.row_number IS NOT NULL OR l.error_type = 'HELD' THEN 2
                   WHEN l.error_type = 'SUCCESS' THEN 1
                   ELSE 3 END
 ORDER BY l.id DESC
 LIMIT $3 OFFSET $4;

-- The same, the other way round.
-- name: query_logs_oldest_first
SELECT l.id, l.task_id, l.supplier_id, s.name AS supplier_name, l.error_type, l.error_message, l.row_number,
       l.created_at,
       CASE WHEN l.row_number IS NOT NULL OR l.error_type = 'HELD' THEN 'warning'
            WHEN l.error_type = 'SUCCESS' THEN 'info'
            ELSE 'error' END AS level,
       l.row_data ->> 'address' AS address
  FROM parsing_logs AS l
  LEFT JOIN suppliers AS s ON s.id = l.supplier_id
 WHERE ($1 IS NULL OR s.key = $1) AND ($2 IS NULL OR l.task_id = $2::uuid)
   AND l.id > $8 AND ($9 = 0 OR l.id < $9)
   AND $10 <= CASE WHEN l.row_number IS NOT NULL OR l.error_type = 'HELD' THEN 2
                   WHEN l.error_type = 'SUCCESS' THEN 1
                   ELSE 3 END
 ORDER BY l.id
 LIMIT $3 OFFSET $4;

-- name: query_holds
SELECT h.id, s.name AS supplier, h.guard, h.figure, h."limit", h.message, h.examples, h.content_hash,
       CASE WHEN h.used_at IS NOT NULL THEN 'used'
            WHEN h.decision IS NULL AND h.expires_at <= now() THEN 'expired'
            ELSE h.decision END AS decision,
       h.created_at, h.expires_at, h.run_id, h.supplier_id, h.decided_by, h.decided_at
  FROM sync_holds AS h
  LEFT JOIN suppliers AS s ON s.id = h.supplier_id
 WHERE ($1 IS NULL OR s.key = $1) AND ($2 IS NULL OR h.run_id = $2::uuid) AND ($5 IS NULL OR h.id = $5::uuid)
   AND ($11 = 0 OR (h.decision IS NULL AND h.expires_at > now()))
 ORDER BY (h.decision IS NULL AND h.expires_at > now()) DESC, h.created_at DESC, h.id DESC
 LIMIT $3 OFFSET $4;

-- name: query_ticks
SELECT schedule, nominal_at, state, run_id, count, created_at
  FROM sync_ticks
 WHERE ($1 IS NULL OR schedule = $1) AND ($2 IS NULL OR run_id = $2::uuid)
 ORDER BY nominal_at DESC, schedule
 LIMIT $3 OFFSET $4;

-- name: query_audit
SELECT id, who, what, detail, origin, created_at
  FROM sync_audit
 ORDER BY id DESC
 LIMIT $3 OFFSET $4;
