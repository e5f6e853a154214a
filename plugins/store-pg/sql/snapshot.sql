-- SPDX-License-Identifier: Apache-2.0
-- The stage is private to the session. It is made once for each link and emptied for each snapshot.

-- name: stage_make
CREATE TEMP TABLE stage_items (
    line            bigint  NOT NULL,
    is_new          boolean NOT NULL,
    item_id         uuid    NOT NULL, -- of supplier_items, also of a row that is still to be there
    sku             text    NOT NULL COLLATE "C",
    row_hash        uuid    NOT NULL,
    name            text    NOT NULL,
    price           numeric(14,4) NOT NULL,
    currency        text    NOT NULL,
    characteristics jsonb   NOT NULL
);
CREATE TEMP TABLE stage_rows (LIKE stage_items);
CREATE TEMP TABLE stage_gone (item_id uuid NOT NULL);
CREATE TEMP TABLE stage_rejects (n bigint NOT NULL, code text NOT NULL, message text NOT NULL, line bigint NOT NULL,
                                 row_data jsonb NOT NULL);

-- name: stage_empty
TRUNCATE pg_temp.stage_items, pg_temp.stage_rows, pg_temp.stage_gone, pg_temp.stage_rejects;

-- name: copy_items
COPY pg_temp.stage_items FROM STDIN (FORMAT binary);

-- name: copy_rows
COPY pg_temp.stage_rows FROM STDIN (FORMAT binary);

-- name: copy_gone
COPY pg_temp.stage_gone FROM STDIN (FORMAT binary);

-- name: copy_rejects
COPY pg_temp.stage_rejects FROM STDIN (FORMAT binary);

-- A supplier's first list goes straight into the tables, where no one else has rows of it.
-- name: load_items
COPY supplier_items (id, supplier_id, supplier_sku, name, current_price, currency, characteristics, row_hash,
                     created_at, updated_at) FROM STDIN (FORMAT binary);

-- name: load_prices
COPY price_history (item_id, recorded_at, price, currency) FROM STDIN (FORMAT binary);

-- The transaction may be idle between two pieces of the list, but no longer than the lease ($1, ms).
-- name: load_patience
SELECT set_config('idle_in_transaction_session_timeout', $1, true);

-- What the client compares with: all of supplier $1, at most $2 rows.
-- name: known_items
COPY (SELECT id, row_hash, gone_at IS NOT NULL, supplier_sku
        FROM supplier_items
       WHERE supplier_id = '$1'
       LIMIT $2) TO STDOUT (FORMAT binary);

-- name: now
SELECT clock_timestamp(), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;

-- ---- Comparing what was staged ----

-- Of several rows with one SKU the last of the list stays.
-- name: stage_settle
DELETE FROM pg_temp.stage_items AS s
 WHERE EXISTS (SELECT 1 FROM pg_temp.stage_items AS o
                WHERE o.item_id = s.item_id AND (o.line > s.line OR (o.line = s.line AND o.ctid > s.ctid)));

-- Rows that were loaded just now have no statistics, and a plan without them may take minutes.
-- name: stage_analyze
ANALYZE pg_temp.stage_items, pg_temp.stage_gone;

-- Rows of the stage that have an item, how many of them differ from it, have a former price, and jumped by $1.
-- name: compare_staged
SELECT count(*), count(*) FILTER (WHERE c.differs), count(*) FILTER (WHERE c.live),
       count(*) FILTER (WHERE c.live AND c.jumped)
  FROM (SELECT i.gone_at IS NULL AS live,
               i.gone_at IS NOT NULL
               OR (i.name, i.current_price, i.currency, i.characteristics)
                  IS DISTINCT FROM (s.name, s.price, s.currency, s.characteristics) AS differs,
               i.current_price <> s.price
               AND greatest(i.current_price, s.price) >= least(i.current_price, s.price) * $1::numeric AS jumped
          FROM pg_temp.stage_items AS s
          JOIN supplier_items AS i ON i.id = s.item_id
         WHERE NOT s.is_new) AS c;

-- name: examples_price
SELECT s.sku, i.current_price, s.price
  FROM pg_temp.stage_items AS s
  JOIN supplier_items AS i ON i.id = s.item_id
 WHERE NOT s.is_new AND i.gone_at IS NULL AND i.current_price <> s.price
   AND greatest(i.current_price, s.price) >= least(i.current_price, s.price) * $1::numeric
 ORDER BY s.sku
 LIMIT $2::bigint;

-- name: examples_gone
SELECT i.supplier_sku, i.name
  FROM pg_temp.stage_gone AS g
  JOIN supplier_items AS i ON i.id = g.item_id
 ORDER BY i.supplier_sku
 LIMIT $1::bigint;

-- The same for those whose ids the client knows ($1).
-- name: examples_gone_here
SELECT i.supplier_sku, i.name
  FROM supplier_items AS i
 WHERE i.id = ANY ($1::uuid[])
 ORDER BY i.supplier_sku
 LIMIT $2::bigint;

-- ---- Comparing in the database what is too much for the client's memory ----

-- name: rows_analyze
ANALYZE pg_temp.stage_rows;

-- name: rows_reset
TRUNCATE pg_temp.stage_items, pg_temp.stage_gone;

-- The last row of each SKU, unless it is just what is stored ($2: whatever is stored).
-- name: rows_match
INSERT INTO pg_temp.stage_items (line, is_new, item_id, sku, row_hash, name, price, currency, characteristics)
SELECT s.line, i.id IS NULL, coalesce(i.id, s.item_id), s.sku, s.row_hash, s.name, s.price, s.currency,
       s.characteristics
  FROM (SELECT r.*, row_number() OVER (PARTITION BY r.sku ORDER BY r.line DESC, r.ctid DESC) AS rank
          FROM pg_temp.stage_rows AS r) AS s
  LEFT JOIN supplier_items AS i ON i.supplier_id = $1::uuid AND i.supplier_sku = s.sku
 WHERE s.rank = 1
   AND (i.id IS NULL OR i.gone_at IS NOT NULL OR i.row_hash <> s.row_hash OR $2::integer <> 0);

-- name: rows_gone
INSERT INTO pg_temp.stage_gone (item_id)
SELECT i.id
  FROM supplier_items AS i
 WHERE i.supplier_id = $1::uuid AND i.gone_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM pg_temp.stage_rows AS s WHERE s.sku = i.supplier_sku);

-- Rows, SKUs, new items, items that are gone, and items before.
-- name: rows_count
SELECT (SELECT count(*) FROM pg_temp.stage_rows),
       (SELECT count(DISTINCT sku) FROM pg_temp.stage_rows),
       (SELECT count(*) FROM pg_temp.stage_items WHERE is_new),
       (SELECT count(*) FROM pg_temp.stage_items WHERE NOT is_new),
       (SELECT count(*) FROM pg_temp.stage_gone),
       (SELECT count(*) FROM supplier_items WHERE supplier_id = $1::uuid AND gone_at IS NULL);

-- name: rows_duplicates
SELECT d.line, d.kept_line, d.sku
  FROM (SELECT r.line, r.sku, first_value(r.line) OVER w AS kept_line, row_number() OVER w AS rank
          FROM pg_temp.stage_rows AS r
        WINDOW w AS (PARTITION BY r.sku ORDER BY r.line DESC, r.ctid DESC)) AS d
 WHERE d.rank > 1
 ORDER BY d.sku, d.line DESC
 LIMIT $1::bigint;

-- ---- Merging: $1 is the time of all that is written, NULL: that of the transaction ----

-- name: merge_gone
UPDATE supplier_items AS i
   SET gone_at = now(), updated_at = now()
  FROM pg_temp.stage_gone AS g
 WHERE i.id = g.item_id AND i.gone_at IS NULL;

-- Before merge_update, which forgets the former price. A correction within the first list replaces its price.
-- name: merge_prices
INSERT INTO price_history (item_id, recorded_at, price, currency)
SELECT i.id, coalesce($1::timestamptz, now()), s.price, s.currency
  FROM pg_temp.stage_items AS s
  JOIN supplier_items AS i ON i.id = s.item_id
 WHERE NOT s.is_new AND (i.current_price, i.currency) IS DISTINCT FROM (s.price, s.currency)
    ON CONFLICT (item_id, recorded_at) DO UPDATE SET price = excluded.price, currency = excluded.currency;

-- A row whose columns are as they were gets a new hash and no new time: the hash is made otherwise than it was.
-- name: merge_update
UPDATE supplier_items AS i
   SET name = s.name, current_price = s.price, currency = s.currency, characteristics = s.characteristics,
       row_hash = s.row_hash, gone_at = NULL,
       updated_at = CASE WHEN i.gone_at IS NOT NULL
                           OR (i.name, i.current_price, i.currency, i.characteristics)
                              IS DISTINCT FROM (s.name, s.price, s.currency, s.characteristics)
                         THEN coalesce($1::timestamptz, now()) ELSE i.updated_at END
  FROM pg_temp.stage_items AS s
 WHERE i.id = s.item_id AND NOT s.is_new
   AND (i.gone_at IS NOT NULL OR i.row_hash <> s.row_hash
        OR (i.name, i.current_price, i.currency, i.characteristics)
           IS DISTINCT FROM (s.name, s.price, s.currency, s.characteristics));

-- name: merge_insert
INSERT INTO supplier_items (id, supplier_id, supplier_sku, name, current_price, currency, characteristics, row_hash,
                            created_at, updated_at)
SELECT s.item_id, $1::uuid, s.sku, s.name, s.price, s.currency, s.characteristics, s.row_hash, now(), now()
  FROM pg_temp.stage_items AS s
 WHERE s.is_new;

-- name: merge_first_prices
INSERT INTO price_history (item_id, recorded_at, price, currency)
SELECT s.item_id, now(), s.price, s.currency
  FROM pg_temp.stage_items AS s
 WHERE s.is_new;

-- name: merge_rejects
INSERT INTO parsing_logs (task_id, supplier_id, error_type, error_message, row_number, row_data, created_at)
SELECT $1::uuid, $2::uuid, s.code, s.message, s.line, s.row_data, now()
  FROM pg_temp.stage_rejects AS s
 ORDER BY s.n;

-- name: merge_supplier
UPDATE suppliers SET last_sync_at = now() WHERE id = $1::uuid;

-- A full comparison ($7 = 0) starts the count of reads anew.
-- name: merge_version
INSERT INTO list_versions AS v (list, version, fingerprint, mapping, valid_rows, run_id, reads_since_full, accepted_at)
VALUES ($1, $2, $3, $4, $5::bigint, $6::uuid, $7::integer, now())
    ON CONFLICT (list) DO UPDATE
   SET version = excluded.version, fingerprint = excluded.fingerprint, mapping = excluded.mapping,
       valid_rows = excluded.valid_rows, run_id = excluded.run_id, accepted_at = excluded.accepted_at,
       reads_since_full = CASE WHEN excluded.reads_since_full = 0 THEN 0 ELSE v.reads_since_full + 1 END;
