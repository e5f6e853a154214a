-- SPDX-License-Identifier: Apache-2.0
-- How far the ticks of a schedule are accounted for. No schedule was kept before.
ALTER TABLE sync_schedules ADD COLUMN paused_at TEXT;    -- while it is paused
ALTER TABLE sync_schedules ADD COLUMN definition TEXT;   -- what it was when last accounted for
ALTER TABLE sync_schedules ADD COLUMN accounted_at TEXT; -- every nominal time up to this one has its tick
ALTER TABLE sync_schedules ADD COLUMN waiting_at TEXT;   -- a nominal time that waits for a run's end
