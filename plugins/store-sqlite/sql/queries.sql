-- SPDX-License-Identifier: Apache-2.0
-- Each takes ?1 key, ?2 run id, ?3 limit (-1: all), ?4 offset.

-- name: query_suppliers
SELECT s.id, s.name, s.source_type, s.source_url, s.is_active,
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
                             ORDER BY j.finished_at DESC LIMIT 1)) AS rejects_count,
       coalesce((SELECT o.created_at FROM parsing_logs AS o
                  WHERE o.supplier_id = s.id AND o.row_number IS NULL AND o.error_type = 'SUCCESS'
                  ORDER BY o.id DESC LIMIT 1), s.last_sync_at) AS last_sync_at,
       iif(l.error_type <> 'SUCCESS', l.error_message, NULL) AS last_error
  FROM suppliers AS s
  LEFT JOIN parsing_logs AS l
    ON l.id = (SELECT max(o.id) FROM parsing_logs AS o WHERE o.supplier_id = s.id AND o.row_number IS NULL)
 WHERE (?1 IS NULL OR s.key = ?1) AND ?2 IS ?2
 ORDER BY s.key
 LIMIT ?3 OFFSET ?4;

-- name: query_runs
SELECT r.id, r.state, r.outcome, r."trigger", r.epoch, r.started_at, r.finished_at,
       (SELECT count(*) FROM sync_jobs AS j WHERE j.run_id = r.id) AS jobs_total,
       (SELECT count(*) FROM sync_jobs AS j WHERE j.run_id = r.id AND j.state = 'done') AS jobs_done,
       r.message
  FROM sync_runs AS r
 WHERE (?2 IS NULL OR r.id = ?2)
   AND (?1 IS NULL OR EXISTS (SELECT 1 FROM sync_jobs AS j JOIN suppliers AS s ON s.id = j.supplier_id
                               WHERE j.run_id = r.id AND s.key = ?1))
 ORDER BY r.created_at DESC, r.id DESC
 LIMIT ?3 OFFSET ?4;

-- name: query_jobs
SELECT s.name AS supplier, j.state, j.outcome, j.attempt, j.rows_read, j.skipped, j.inserted, j.updated, j.unchanged,
       j.gone, j.rejected, j.duplicates, j.elapsed_ms, j.message
  FROM sync_jobs AS j
  JOIN suppliers AS s ON s.id = j.supplier_id
 WHERE j.run_id = coalesce(?2, (SELECT id FROM sync_runs ORDER BY created_at DESC, id DESC LIMIT 1))
   AND (?1 IS NULL OR s.key = ?1)
 ORDER BY j.position
 LIMIT ?3 OFFSET ?4;

-- name: query_items
SELECT i.supplier_sku AS sku, i.name, i.current_price AS price, i.currency, i.characteristics, i.gone_at, i.updated_at
  FROM suppliers AS s
  JOIN supplier_items AS i ON i.supplier_id = s.id
 WHERE s.key = ?1 AND ?2 IS ?2
 ORDER BY i.supplier_sku
 LIMIT ?3 OFFSET ?4;

-- Of each supplier's last read, or of run ?2; the master's first.
-- name: query_rejects
WITH last_read (supplier_id, run_id) AS (
    SELECT NULL, m.run_id
      FROM list_versions AS m
     WHERE m.list = 'master' AND ?1 IS NULL
     UNION ALL
    SELECT s.id, (SELECT j.run_id FROM sync_jobs AS j
                   WHERE j.supplier_id = s.id
                     AND (j.outcome = 'success' OR (j.outcome <> 'unchanged' AND j.rows_read > 0))
                   ORDER BY j.finished_at DESC LIMIT 1)
      FROM suppliers AS s
     WHERE ?1 IS NULL OR s.key = ?1
)
SELECT s.name AS supplier, l.row_number, l.row_data ->> 'column' AS "column", l.row_data ->> 'field' AS field,
       l.error_type AS code, l.error_message AS message, l.row_data ->> 'address' AS address,
       l.row_data ->> 'raw' AS raw, l.task_id AS run_id, l.created_at
  FROM last_read AS r
  JOIN parsing_logs AS l ON l.supplier_id IS r.supplier_id AND l.task_id = coalesce(?2, r.run_id)
  LEFT JOIN suppliers AS s ON s.id = l.supplier_id
 WHERE l.row_number IS NOT NULL
 ORDER BY s.key NULLS FIRST, l.id
 LIMIT ?3 OFFSET ?4;

-- name: query_logs
SELECT l.id, l.task_id, l.supplier_id, s.name AS supplier_name, l.error_type, l.error_message, l.row_number, l.created_at
  FROM parsing_logs AS l
  LEFT JOIN suppliers AS s ON s.id = l.supplier_id
 WHERE (?1 IS NULL OR s.key = ?1) AND (?2 IS NULL OR l.task_id = ?2)
 ORDER BY l.id DESC
 LIMIT ?3 OFFSET ?4;

-- name: query_holds
SELECT h.id, s.name AS supplier, h.guard, h.figure, h."limit", h.message, h.examples, h.content_hash,
       CASE WHEN h.used_at IS NOT NULL THEN 'used'
            WHEN h.decision IS NULL AND h.expires_at <= ?5 THEN 'expired'
            ELSE h.decision END AS decision,
       h.created_at, h.expires_at, h.run_id
  FROM sync_holds AS h
  LEFT JOIN suppliers AS s ON s.id = h.supplier_id
 WHERE (?1 IS NULL OR s.key = ?1) AND (?2 IS NULL OR h.run_id = ?2)
 ORDER BY (h.decision IS NULL AND h.expires_at > ?5) DESC, h.created_at DESC, h.id DESC
 LIMIT ?3 OFFSET ?4;

-- name: query_ticks
SELECT schedule, nominal_at, state, run_id, count, created_at
  FROM sync_ticks
 WHERE (?1 IS NULL OR schedule = ?1) AND (?2 IS NULL OR run_id = ?2)
 ORDER BY nominal_at DESC, schedule
 LIMIT ?3 OFFSET ?4;

-- name: query_audit
SELECT id, who, what, detail, origin, created_at
  FROM sync_audit
 WHERE ?1 IS ?1 AND ?2 IS ?2
 ORDER BY id DESC
 LIMIT ?3 OFFSET ?4;
