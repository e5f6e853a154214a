# SPDX-License-Identifier: Apache-2.0
"""A second sync of unchanged lists writes no item, price, reject or supplier row, and neither does a forced one."""
import sluice
from dump import dump

WATCHED = ("suppliers", "supplier_items", "price_history")


class Again(sluice.Place):
    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt")
        self.list("Acme", 200)
        self.list("Bolt", 50)
        path = self.folder / "Bolt.csv"
        path.write_text(path.read_text() + "Bolt-1,Once more,9.00,\n,No code,1.00,\n")

    def rows(self):
        rejects = self.query("SELECT * FROM parsing_logs WHERE row_number IS NOT NULL ORDER BY id")
        return {table: self.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in WATCHED} | {"rejects": rejects}

    def test_a_second_sync_writes_no_item_price_or_reject_row(self):
        self.sync()
        first = self.rows()
        self.sync()
        second = self.rows()
        # last_sync_at of a supplier may say that it was looked at; nothing else may move.
        for table in first:
            if table != "suppliers":
                self.assertEqual(first[table], second[table], table)
        self.assertEqual([row[:7] for row in first["suppliers"]], [row[:7] for row in second["suppliers"]])

    def test_a_forced_sync_reads_everything_and_still_changes_no_item_or_price(self):
        self.sync()
        first = self.rows()
        self.sync("--force")
        second = self.rows()
        for table in ("supplier_items", "price_history"):
            self.assertEqual(first[table], second[table], table)

    def test_only_what_changed_is_written(self):
        self.sync()
        before = dump(self.store)
        self.list("Acme", 200, price=lambda i: "7.77" if i == 5 else f"{i}.50")
        self.sync()
        new = sorted(set(dump(self.store)) - set(before))
        self.assertEqual(len(new), 2, f"one item and one price, but: {new}")

    def test_what_people_wrote_into_their_columns_stays(self):
        self.sync()
        import sqlite3
        connection = sqlite3.connect(self.store)
        with connection:
            connection.execute("UPDATE suppliers SET contact_email = 'someone@example.com', metadata = '{\"a\": 1}'")
            connection.execute("UPDATE supplier_items SET product_id = 'P-1'")
        connection.close()
        self.list("Acme", 200, price=lambda i: f"{i}.99")
        self.sync("--force")
        self.assertEqual(self.query("SELECT DISTINCT contact_email, metadata FROM suppliers"),
                         [("someone@example.com", '{"a": 1}')])
        self.assertEqual(self.query("SELECT DISTINCT product_id FROM supplier_items"), [("P-1",)])


if __name__ == "__main__":
    sluice.main()
