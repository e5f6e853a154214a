-- SPDX-License-Identifier: Apache-2.0

-- In the order of the keys' bytes: suppliers_sync () merges them with the master's rows.
-- name: suppliers_all
SELECT id, key, name, source_type, source_url, is_active::integer, notes FROM suppliers ORDER BY key;

-- name: supplier_insert
INSERT INTO suppliers (id, key, name, source_type, source_url, is_active, notes, created_at, updated_at)
VALUES ($1::uuid, $2, $3, $4, $5, $6::integer <> 0, $7, clock_timestamp(), clock_timestamp());

-- name: supplier_update
UPDATE suppliers
   SET name = $2, source_type = $3, source_url = $4, is_active = $5::integer <> 0, notes = $6,
       updated_at = clock_timestamp()
 WHERE id = $1::uuid;

-- name: supplier_deactivate
UPDATE suppliers SET is_active = false, updated_at = clock_timestamp() WHERE id = $1::uuid;

-- name: supplier_by_key
SELECT id FROM suppliers WHERE key = $1;

-- name: master_get
SELECT version, fingerprint, signature, valid_rows FROM list_versions WHERE list = 'master';

-- name: master_put
INSERT INTO list_versions (list, version, fingerprint, signature, valid_rows, reads_since_full, run_id, accepted_at)
VALUES ('master', $1, $2, $3, $4::bigint, 0, $5::uuid, clock_timestamp())
    ON CONFLICT (list) DO UPDATE
   SET version = excluded.version, fingerprint = excluded.fingerprint, signature = excluded.signature,
       valid_rows = excluded.valid_rows, run_id = excluded.run_id, accepted_at = excluded.accepted_at;
