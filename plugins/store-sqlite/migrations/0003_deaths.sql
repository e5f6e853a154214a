-- SPDX-License-Identifier: Apache-2.0
-- Attempts of a job that nobody ended: it may be what kills its workers.
ALTER TABLE sync_jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
