#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dump.py STORE: what a SQLite store says, as sorted lines without ids and times, so that two stores that came to the
same state by different ways are equal. History counts: a price or reject written twice is a difference."""
import sqlite3
import sys

PARTS = {
    "supplier": """
        SELECT key, name, source_type, source_url, is_active, notes FROM suppliers""",
    "item": """
        SELECT s.key, i.supplier_sku, i.name, i.current_price, i.currency, i.characteristics, i.gone_at IS NOT NULL
        FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id""",
    "price": """
        SELECT s.key, i.supplier_sku, row_number() OVER (PARTITION BY h.item_id ORDER BY h.recorded_at), h.price, h.currency
        FROM price_history h JOIN supplier_items i ON i.id = h.item_id JOIN suppliers s ON s.id = i.supplier_id""",
    "reject": """
        SELECT coalesce(s.key, 'master'), l.row_number, l.error_type, l.error_message, l.row_data
        FROM parsing_logs l LEFT JOIN suppliers s ON s.id = l.supplier_id WHERE l.row_number IS NOT NULL""",
}


def dump(store):
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)
    try:
        return sorted(f"{part}\t" + "\t".join(repr(value) for value in row)
                      for part, sql in PARTS.items() for row in connection.execute(sql))
    finally:
        connection.close()


if __name__ == "__main__":
    print("\n".join(dump(sys.argv[1])))
