#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_invariants.py STORE: what must hold of a store at any moment, also right after a kill. Each check is a query that
finds the rows that break the promise; the program's own word is not asked. STORE is a SQLite file; from Python also a
PostgreSQL of tests/servers, whose types and constraints keep some promises by themselves."""
import sys

from dump import rows_of

OF_SQLITE = {
    "the file is sound":
        "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "no row points to nothing":
        "SELECT * FROM pragma_foreign_key_check",
    "prices are decimals with four places": """
        SELECT id, current_price FROM supplier_items
        WHERE current_price NOT GLOB '*[0-9].[0-9][0-9][0-9][0-9]' OR current_price GLOB '*[^0-9.]*'""",
}

CHECKS = {
    "no epoch is granted twice, and later claims have higher ones": """
        SELECT a.id, a.epoch, b.id, b.epoch FROM sync_runs a JOIN sync_runs b
        ON a.id <> b.id AND a.epoch > 0 AND b.epoch > 0 AND
           (a.epoch = b.epoch OR (a.started_at < b.started_at AND a.epoch > b.epoch))""",
    "at most one run is unfinished": """
        SELECT count(*) FROM sync_runs WHERE state <> 'done' HAVING count(*) > 1""",
    "a finished run has an outcome and an end": """
        SELECT id FROM sync_runs WHERE state = 'done' AND (outcome IS NULL OR finished_at IS NULL)""",
    "a finished run has no unfinished job, unless it was cancelled or failed": """
        SELECT r.id, j.supplier_id FROM sync_runs r JOIN sync_jobs j ON j.run_id = r.id
        WHERE r.state = 'done' AND r.outcome NOT IN ('cancelled', 'failed') AND j.state <> 'done'""",
    "a job is done exactly when it has an outcome": """
        SELECT run_id, supplier_id FROM sync_jobs WHERE (state = 'done') <> (outcome IS NOT NULL)""",
    "every row of a list is accounted for": """
        SELECT run_id, supplier_id, rows_read, skipped, inserted, updated, unchanged, rejected, duplicates FROM sync_jobs
        WHERE outcome = 'success' AND
              rows_read <> skipped + inserted + updated + unchanged + rejected + duplicates""",
    "every reject of a finished read is kept, up to the cap": """
        SELECT j.run_id, j.supplier_id, j.rejected, count(l.id) FROM sync_jobs j LEFT JOIN parsing_logs l
        ON l.task_id = j.run_id AND l.supplier_id = j.supplier_id AND l.row_number IS NOT NULL
        WHERE j.outcome = 'success' GROUP BY j.run_id, j.supplier_id
        HAVING CASE WHEN j.rejected < 1000 THEN j.rejected ELSE 1000 END > count(l.id)""",
    "an item's price is the newest of its history": """
        SELECT i.id, i.current_price, h.price FROM supplier_items i JOIN price_history h ON h.item_id = i.id
        WHERE h.recorded_at = (SELECT max(recorded_at) FROM price_history WHERE item_id = i.id)
              AND h.price <> i.current_price""",
    "no item is without a price history": """
        SELECT i.id FROM supplier_items i WHERE NOT EXISTS (SELECT 1 FROM price_history h WHERE h.item_id = i.id)""",
    "no price is recorded twice in a row": """
        SELECT item_id, recorded_at, price FROM (SELECT item_id, recorded_at, price, currency,
            lag(price || currency) OVER (PARTITION BY item_id ORDER BY recorded_at) AS former FROM price_history) AS h
        WHERE former = price || currency""",
    "a job ends in at most one outcome row of the log": """
        SELECT task_id, supplier_id, count(*) FROM parsing_logs
        WHERE row_number IS NULL AND supplier_id IS NOT NULL GROUP BY task_id, supplier_id HAVING count(*) > 1""",
}


def broken(store):
    """The promises that the store breaks: a list of (promise, up to five rows)."""
    checks = CHECKS if hasattr(store, "queries") else {**OF_SQLITE, **CHECKS}
    return [(promise, rows[:5]) for promise, rows in zip(checks, rows_of(store, list(checks.values()))) if rows]


if __name__ == "__main__":
    problems = broken(sys.argv[1])
    for promise, rows in problems:
        print(f"broken: {promise}: {rows}")
    sys.exit(1 if problems else 0)
