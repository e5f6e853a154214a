#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dump.py STORE: what a store says, as sorted lines without ids and times, so that two stores that came to the same
state by different ways are equal, whatever keeps them. History counts: a price or reject written twice is a difference.
STORE is a SQLite file; from Python also a PostgreSQL of tests/servers."""
import json
import sqlite3
import sys

PARTS = {
    "supplier": """
        SELECT key, name, source_type, source_url, is_active, notes FROM suppliers""",
    "item": """
        SELECT s.key, i.supplier_sku, i.name, CAST(i.current_price AS text), i.currency, i.characteristics,
               i.gone_at IS NOT NULL
        FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id""",
    "price": """
        SELECT s.key, i.supplier_sku, row_number() OVER (PARTITION BY h.item_id ORDER BY h.recorded_at),
               CAST(h.price AS text), h.currency
        FROM price_history h JOIN supplier_items i ON i.id = h.item_id JOIN suppliers s ON s.id = i.supplier_id""",
    "reject": """
        SELECT coalesce(s.key, 'master'), l.row_number, l.error_type, l.error_message, l.row_data
        FROM parsing_logs l LEFT JOIN suppliers s ON s.id = l.supplier_id WHERE l.row_number IS NOT NULL""",
}


def rows_of(store, queries):
    """The rows of each query."""
    if hasattr(store, "queries"):
        return store.queries(queries)
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)
    try:
        return [connection.execute(sql).fetchall() for sql in queries]
    finally:
        connection.close()


def shown(value):
    """One text for what SQLite keeps as a number or text, and PostgreSQL as a boolean or JSON."""
    if isinstance(value, bool):
        return repr(int(value))
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except ValueError:
            pass
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else repr(value)


def dump(store):
    return sorted(f"{part}\t" + "\t".join(map(shown, row))
                  for part, rows in zip(PARTS, rows_of(store, list(PARTS.values()))) for row in rows)


if __name__ == "__main__":
    print("\n".join(dump(sys.argv[1])))
