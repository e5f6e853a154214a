-- SPDX-License-Identifier: Apache-2.0
-- `stage` is a private database of one snapshot; nothing in it is shared.

-- name: stage_attach
ATTACH ?1 AS stage;

-- name: stage_items
CREATE TABLE stage.items (
    n               INTEGER PRIMARY KEY,
    sku             TEXT NOT NULL,
    line            INTEGER NOT NULL,
    row_hash        BLOB NOT NULL,
    name            TEXT NOT NULL,
    price           TEXT NOT NULL,
    currency        TEXT NOT NULL,
    characteristics TEXT NOT NULL
);

-- name: stage_rejects
CREATE TABLE stage.rejects (code TEXT NOT NULL, message TEXT NOT NULL, line INTEGER, row_data TEXT NOT NULL);

-- What the commit has to do, in the order of the SKUs. item_id is NULL for a new item, n for one that is gone.
-- name: stage_changes
CREATE TABLE stage.changes (
    id        INTEGER PRIMARY KEY,
    n         INTEGER,
    item_id   INTEGER,
    new_price INTEGER NOT NULL
);

-- name: stage_put
INSERT INTO stage.items (sku, line, row_hash, name, price, currency, characteristics)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: stage_put_reject
INSERT INTO stage.rejects (code, message, line, row_data) VALUES (?1, ?2, ?3, ?4);

-- name: stage_index
CREATE INDEX IF NOT EXISTS stage.items_by_sku ON items (sku, line DESC, row_hash);

-- name: stage_clear_changes
DELETE FROM stage.changes;

-- name: stage_put_change
INSERT INTO stage.changes (n, item_id, new_price) VALUES (?1, ?2, ?3);

-- The two sides of the diff, both in the order of the SKUs' bytes.
-- name: diff_staged
SELECT sku, line, n, row_hash FROM stage.items INDEXED BY items_by_sku ORDER BY sku, line DESC;

-- name: diff_stored
SELECT supplier_sku, id, row_hash, gone_at IS NOT NULL
  FROM supplier_items
 WHERE supplier_id = ?1
 ORDER BY supplier_sku;

-- name: staged_columns
SELECT name, price, currency, characteristics FROM stage.items WHERE n = ?1;

-- name: stored_columns
SELECT name, current_price, currency, characteristics FROM supplier_items WHERE id = ?1;

-- name: merge_last_id
SELECT coalesce(max(id), 0) FROM supplier_items;

-- New items get ids from ?3 on, so that their price history needs no search.
-- name: merge_insert
INSERT INTO supplier_items (id, supplier_id, supplier_sku, name, current_price, currency, characteristics, row_hash,
                            created_at, updated_at)
SELECT ?3 + c.id, ?1, s.sku, s.name, s.price, s.currency, s.characteristics, s.row_hash, ?2, ?2
  FROM stage.changes AS c
 CROSS JOIN stage.items AS s ON s.n = c.n
 WHERE c.item_id IS NULL
 ORDER BY c.id;

-- name: merge_update
UPDATE supplier_items
   SET name = s.name, current_price = s.price, currency = s.currency, characteristics = s.characteristics,
       row_hash = s.row_hash, gone_at = NULL, updated_at = ?1
  FROM stage.changes AS c
  JOIN stage.items AS s ON s.n = c.n
 WHERE supplier_items.id = c.item_id;

-- name: merge_gone
UPDATE supplier_items
   SET gone_at = ?1, updated_at = ?1
 WHERE id IN (SELECT item_id FROM stage.changes WHERE n IS NULL);

-- name: merge_prices
INSERT OR REPLACE INTO price_history (item_id, recorded_at, price, currency)
SELECT coalesce(c.item_id, ?2 + c.id), ?1, s.price, s.currency
  FROM stage.changes AS c
 CROSS JOIN stage.items AS s ON s.n = c.n
 WHERE c.new_price
 ORDER BY c.id;

-- name: merge_rejects
INSERT INTO parsing_logs (task_id, supplier_id, error_type, error_message, row_number, row_data, created_at)
SELECT ?1, ?2, code, message, line, row_data, ?3
  FROM stage.rejects
 ORDER BY rowid;

-- name: merge_supplier
UPDATE suppliers SET last_sync_at = ?2 WHERE id = ?1;

-- A full comparison (?8 = 0) starts the count of reads anew.
-- name: merge_version
INSERT INTO list_versions (list, version, fingerprint, mapping, valid_rows, reads_since_full, run_id, accepted_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?8, ?6, ?7)
    ON CONFLICT (list) DO UPDATE
   SET version = excluded.version, fingerprint = excluded.fingerprint, mapping = excluded.mapping,
       valid_rows = excluded.valid_rows, run_id = excluded.run_id, accepted_at = excluded.accepted_at,
       reads_since_full = iif(excluded.reads_since_full = 0, 0, reads_since_full + 1);
