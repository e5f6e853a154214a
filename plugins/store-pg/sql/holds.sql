-- SPDX-License-Identifier: Apache-2.0

-- name: hold_replace
DELETE FROM sync_holds WHERE supplier_id IS NOT DISTINCT FROM $1::uuid AND guard = $2 AND decision IS NULL;

-- name: hold_put
INSERT INTO sync_holds (id, run_id, supplier_id, guard, content_hash, figure, "limit", message, examples,
                        created_at, expires_at)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6::float8, $7::float8, $8, $9::jsonb,
        clock_timestamp(), clock_timestamp() + interval '7 days');

-- Decides once; no row when it is unknown, expired or decided.
-- name: hold_decide
UPDATE sync_holds
   SET decision = $2, decided_by = $3, decided_at = clock_timestamp()
 WHERE id = $1::uuid AND decision IS NULL AND expires_at > clock_timestamp()
RETURNING (SELECT s.key FROM suppliers AS s WHERE s.id = sync_holds.supplier_id);

-- The newest approval that waits for the master sheet.
-- name: master_approval
SELECT id, guard, content_hash, figure
  FROM sync_holds
 WHERE supplier_id IS NULL AND decision = 'approved' AND used_at IS NULL AND expires_at > clock_timestamp()
 ORDER BY decided_at DESC, id DESC
 LIMIT 1;

-- name: approval_use
UPDATE sync_holds
   SET used_at = clock_timestamp()
 WHERE supplier_id IS NOT DISTINCT FROM $1::uuid AND decision = 'approved' AND used_at IS NULL;
