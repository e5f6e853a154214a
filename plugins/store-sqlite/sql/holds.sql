-- SPDX-License-Identifier: Apache-2.0

-- name: hold_replace
DELETE FROM sync_holds WHERE supplier_id IS ?1 AND guard = ?2 AND decision IS NULL;

-- name: hold_put
INSERT INTO sync_holds (id, run_id, supplier_id, guard, content_hash, figure, "limit", message, examples,
                        created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: hold_open
SELECT s.key
  FROM sync_holds AS h
  LEFT JOIN suppliers AS s ON s.id = h.supplier_id
 WHERE h.id = ?1 AND h.decision IS NULL AND h.expires_at > ?2;

-- name: hold_decide
UPDATE sync_holds SET decision = ?2, decided_by = ?3, decided_at = ?4 WHERE id = ?1;

-- The newest approval of supplier ?1 (NULL: the master) that waits at ?2.
-- name: approval_get
SELECT id, guard, content_hash, figure
  FROM sync_holds
 WHERE supplier_id IS ?1 AND decision = 'approved' AND used_at IS NULL AND expires_at > ?2
 ORDER BY decided_at DESC, id DESC
 LIMIT 1;

-- name: approval_use
UPDATE sync_holds SET used_at = ?2 WHERE supplier_id IS ?1 AND decision = 'approved' AND used_at IS NULL;
