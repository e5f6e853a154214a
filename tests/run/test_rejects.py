# SPDX-License-Identifier: Apache-2.0
"""One bad row from the file to the operator's screen: one reason code, the right address, its text, what to do."""
import csv
import io

import sluice

BAD = """Price list of Acme

SKU,Name,Price,Note
A-1,Good,1.50,
,No code,2.50,
A-3,=cmd|' /C calc'!A0,call,x
A-4,"Two
lines",-1.00,x
A-5,@SUM(1),+1+1,x
A-6,Good too,3.50,
"""


class Rejects(sluice.Place):
    def setUp(self):
        super().setUp()
        self.master("Acme")
        self.write("Acme.csv", BAD)
        self.sync("--set", "guards.rows_rejected=100")

    def rejects(self):
        return {row["row_number"]: row for row in self.sluice("rejects", "--json", code=0).json()}

    def test_each_bad_row_is_kept_with_its_physical_line(self):
        self.assertEqual(sorted(self.rejects()), [5, 6, 7, 9])

    def test_a_reject_has_code_address_text_and_advice(self):
        reject = self.rejects()[6]
        self.assertIn("Acme.csv:6", reject["address"])
        self.assertTrue(reject["code"].startswith("price_"), reject)
        self.assertIn("call", reject["raw"])
        self.assertTrue(reject["message"])

    def test_good_rows_arrive_all_the_same(self):
        self.assertEqual(self.query("SELECT supplier_sku FROM supplier_items ORDER BY 1"), [("A-1",), ("A-6",)])

    def test_csv_output_is_no_formula_in_anyones_spreadsheet(self):
        out = self.sluice("rejects", "--csv", code=0).out
        rows = list(csv.reader(io.StringIO(out)))
        self.assertEqual(len(rows), 5, out)
        for row in rows[1:]:
            for cell in row:
                if cell[:1] in "=+-@\t\r" and cell:
                    self.fail(f"a spreadsheet would run this cell: {cell!r} in {row}")


if __name__ == "__main__":
    sluice.main()
