-- SPDX-License-Identifier: Apache-2.0

-- name: schema_exists
SELECT to_regclass(quote_ident($1) || '.schema_version') IS NOT NULL;

-- name: schema_version
SELECT coalesce(max(version), 0) FROM schema_version;

-- Two programs that migrate one schema at once meet here; the lock ends with the transaction.
-- name: schema_lock
SELECT pg_advisory_xact_lock(hashtextextended('sluice schema ' || $1, 0));

-- A migration takes as long as it takes.
-- name: schema_patience
SELECT set_config('statement_timeout', '0', true);

-- name: schema_version_put
INSERT INTO schema_version (version, applied_at) VALUES ($1::integer, clock_timestamp());

-- name: schema_is_there
SELECT 1 FROM pg_namespace WHERE nspname = $1;
