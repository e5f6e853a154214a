# SPDX-License-Identifier: Apache-2.0
"""Real public product files, as their makers published them: every row that names SKU, name and price is an item with
exactly that price, as Python's csv reader sees it; the others are rejects."""
import csv
import decimal
import shutil

import sluice
from check_invariants import broken

FEEDS = sluice.SHARED / "corpus" / "csv" / "feeds"
# file, and its columns as we have to find them: SKU, name, price
FILES = {
    "magento-configurable-products": ("sku", "name", "price"),
    "magento-products_gear_bags": ("sku", "name", "price"),
    "woocommerce-sample_products": ("SKU", "Name", "Regular price"),
}


class Feeds(sluice.Place):
    @staticmethod
    def expected(name):
        """What the file says: {sku: price} of complete rows, the last of each SKU."""
        sku, title, price = FILES[name]
        with open(FEEDS / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if any(row.values())]
        return {row[sku].strip(): decimal.Decimal(row[price]) for row in rows if row[sku] and row[title] and row[price]}

    @sluice.needs_shared("corpus/csv/feeds")
    def test_public_product_files_become_items_with_their_prices(self):
        self.master(*FILES)
        for name in FILES:
            shutil.copy(FEEDS / f"{name}.csv", self.folder / f"{name}.csv")
        self.sync()
        for name in FILES:
            items = self.query("""SELECT supplier_sku, current_price FROM supplier_items i
                JOIN suppliers s ON s.id = i.supplier_id WHERE s.name = ?""", name)
            self.assertEqual({sku: decimal.Decimal(price) for sku, price in items}, self.expected(name), name)
            print(f"{name}: {len(items)} items")
        self.assertEqual(broken(self.store), [])


if __name__ == "__main__":
    sluice.main()
