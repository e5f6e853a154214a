-- SPDX-License-Identifier: Apache-2.0
-- Lets time pass for a store whose clock is its server's: every time in its tables moves back by :ms milliseconds.
SELECT set_config('test.ms', :'ms', false) \g /dev/null
DO $$
DECLARE
    at record;
BEGIN
    FOR at IN SELECT c.table_name, string_agg(format('%1$I = %1$I - interval ''%2$s milliseconds''', c.column_name,
                                                     current_setting('test.ms')), ', ') AS moves
                FROM information_schema.columns AS c
               WHERE c.table_schema = 'public' AND c.data_type = 'timestamp with time zone'
                 AND c.column_name NOT IN ('backend_start', 'nominal_at', 'anchor_at', 'accounted_at', 'waiting_at')
               GROUP BY c.table_name
    LOOP
        EXECUTE format('UPDATE %I SET %s', at.table_name, at.moves);
    END LOOP;
END
$$;
