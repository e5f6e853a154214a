-- SPDX-License-Identifier: Apache-2.0
-- A run asked for, claimed and ended by hand: three transactions on one row, whoever else does so waits.
UPDATE fence SET state = 'queued' WHERE id = 1;
BEGIN;
SELECT epoch FROM fence WHERE id = 1 FOR UPDATE;
UPDATE fence SET state = 'master', epoch = epoch + 1, holder = :client_id WHERE id = 1;
COMMIT;
UPDATE fence SET state = 'done' WHERE id = 1;
