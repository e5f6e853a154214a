-- SPDX-License-Identifier: Apache-2.0
-- What a good database administrator would write by hand for psql, into Sluice's own tables: the list into a staging
-- table, an upsert that leaves equal rows alone, price history, and what vanished. One transaction; no rejects, no
-- fence, no hash. :list is the file, :supplier whose it is.
\set ON_ERROR_STOP 1
CREATE TEMP TABLE stage (sku text, name text, price text, brand text, color text, weight_kg text, stock text, note text);
CREATE TEMP VIEW r AS
SELECT sku, name, price::numeric(14,4) AS price,
       jsonb_strip_nulls(jsonb_build_object('brand', nullif(brand, ''), 'color', nullif(color, ''),
                                            'weight_kg', nullif(weight_kg, ''), 'stock', nullif(stock, ''),
                                            'note', nullif(note, ''))) AS characteristics
  FROM stage;
BEGIN;
\copy stage FROM pstdin WITH (FORMAT csv, HEADER true, NULL '\N')
WITH up AS (
    INSERT INTO supplier_items AS t (id, supplier_id, supplier_sku, name, current_price, currency, characteristics,
                                     row_hash, created_at, updated_at)
    SELECT gen_random_uuid(), :'supplier', sku, name, price, '', characteristics,
           '00000000-0000-0000-0000-000000000000', now(), now()
      FROM r
        ON CONFLICT (supplier_id, supplier_sku) DO UPDATE
       SET name = excluded.name, current_price = excluded.current_price, characteristics = excluded.characteristics,
           updated_at = now(), gone_at = NULL
     WHERE (t.name, t.current_price, t.characteristics)
           IS DISTINCT FROM (excluded.name, excluded.current_price, excluded.characteristics)
    RETURNING id, current_price
)
INSERT INTO price_history (item_id, recorded_at, price, currency)
SELECT id, now(), current_price, '' FROM up;
ANALYZE stage;
SET LOCAL enable_nestloop = off;
UPDATE supplier_items AS t SET gone_at = now()
 WHERE supplier_id = :'supplier' AND gone_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM stage AS s WHERE s.sku = t.supplier_sku);
COMMIT;
