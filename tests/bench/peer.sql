-- SPDX-License-Identifier: Apache-2.0
-- What one would do by hand with the sqlite3 shell: the list into a table, then items and price history in one
-- transaction, into the schema of a freshly migrated store with its one supplier. Fewer promises, same rows.
PRAGMA journal_mode = WAL;
CREATE TEMP TABLE list (sku, name, price, brand, color, weight_kg, stock, note);
.import --csv --skip 1 --schema temp LIST list

BEGIN IMMEDIATE;
INSERT INTO supplier_items (supplier_id, supplier_sku, name, current_price, currency, characteristics, row_hash,
                            created_at, updated_at)
SELECT (SELECT id FROM suppliers), sku, name, printf('%.4f', price), '',
       json_object('brand', brand, 'color', color, 'weight_kg', weight_kg, 'stock', stock, 'note', note),
       randomblob(16), strftime('%Y-%m-%dT%H:%M:%fZ'), strftime('%Y-%m-%dT%H:%M:%fZ')
FROM list WHERE true
ON CONFLICT (supplier_id, supplier_sku) DO UPDATE
SET name = excluded.name, current_price = excluded.current_price, characteristics = excluded.characteristics,
    row_hash = excluded.row_hash, updated_at = excluded.updated_at;
INSERT INTO price_history (item_id, recorded_at, price, currency)
SELECT id, updated_at, current_price, currency FROM supplier_items;
COMMIT;
