# SPDX-License-Identifier: Apache-2.0
"""Excel workbooks as price lists, from the file to the store."""
import resource
import zipfile

import book
import sluice
from sluice import CONFIG, DATA, DONE, PARTIAL

HEADER = ["SKU", "Name", "Price", "Since"]
ROWS = [HEADER, [(123, 3), "Saw", (12.345678, 1), (45291, 2)], ["A-2", "Axe", 19.440000000000001, None],
        ["A-3", "Level", "on request", None], [4006381333931, "Pen", 1, None]]


class Xlsx(sluice.Place):
    def one_list(self, data, name="list.xlsx"):
        self.write(name, data)
        self.master(("Acme", name, "excel", "yes"))

    def items(self):
        return self.query("SELECT supplier_sku, name, current_price, characteristics FROM supplier_items ORDER BY 1")

    def test_a_workbook_becomes_items_with_exact_prices_and_shown_texts(self):
        self.one_list(book.book({"Prices": ROWS}))
        self.sync("--json", code=DONE, env={"SLUICE__GUARDS__ROWS_REJECTED": "100"})
        items = [(sku, name, float(price), text) for sku, name, price, text in self.items()]
        self.assertEqual(items, [("00123", "Saw", 12.3457, '{"since":"2023-12-31"}'),
                                 ("4006381333931", "Pen", 1.0, "{}"), ("A-2", "Axe", 19.44, "{}")])

    def test_a_reject_names_the_cell(self):
        self.one_list(book.book({"Price list": ROWS}))
        self.sync("--set", "guards.rows_rejected=100", code=DONE)
        rejects = self.sluice("rejects", "Acme", "--json", code=DONE).out
        self.assertIn("Price list!C4", rejects)
        self.assertIn("price_not_a_number", rejects)

    def test_a_second_sync_of_the_same_workbook_reads_nothing(self):
        self.one_list(book.book({"Prices": ROWS[:3]}))
        self.sync(code=DONE)
        second = self.sync("--json", code=DONE).out
        self.assertIn('"unchanged"', second)

    def test_the_tab_is_chosen_by_option_and_by_address(self):
        data = book.book({"Old": [HEADER, ["O-1", "Old", 1, None]], "New": [HEADER, ["N-1", "New", 2, None]]},
                         hidden=("Old",))
        self.write("list.xlsx", data)
        for arguments, sku in ((["list.xlsx"], "N-1"), (["list.xlsx", "-o", "sheet=Old"], "O-1"),
                               (["list.xlsx#old"], "O-1"), (["list.xlsx#N%65w"], "N-1")):
            rows = self.sluice("preview", "--raw", "--json", *arguments, code=DONE).out
            self.assertIn(sku, rows, arguments)
        missing = self.sluice("preview", "--raw", "list.xlsx", "-o", "sheet=Winter", code=CONFIG)
        self.assertIn("there is no tab 'Winter'; there are these: 'Old' (hidden), 'New'", missing.err)

    def test_merged_cells_follow_the_option(self):
        data = book.book({"Prices": [HEADER, ["A-1", "Saw", 1, None], ["A-2", None, 2, None]]}, merged=("B2:B3",))
        self.write("list.xlsx", data)
        for option, found in (("fill", 2), ("top_left", 1), ("reject", 1)):
            preview = self.sluice("preview", "list.xlsx", "-o", f"merged={option}", "--json", code=DONE)
            self.assertEqual(preview.out.count('"name": "Saw"'), found, preview)

    def test_what_is_no_workbook_fails_its_supplier_alone_and_says_why(self):
        self.list("Good")
        self.write("bad.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16le"))
        self.master("Good", ("Bad", "bad.xlsx", "excel", "yes"))
        result = self.sync(code=PARTIAL)
        self.assertIn("old format .xls", result.everything)
        self.assertEqual(len(self.items()), 20)

    def test_a_bomb_is_refused_in_little_memory(self):
        relations = '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="b.xml"/></Relationships>'
        with zipfile.ZipFile(self.folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("_rels/.rels", relations)
            with archive.open("b.xml", "w") as part:
                part.write(b"<workbook>")
                for _ in range(256):
                    part.write(b" " * (1 << 20))
        result = self.sluice("preview", "--raw", "bomb.xlsx", code=DATA)
        self.assertIn("b.xml in the workbook is packed more than 200 times smaller", result.err)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 200 << 10, "KiB, the largest so far")

    def test_an_entity_opens_no_file(self):
        secret = self.write("secret.txt", "the secret")
        parts = {"_rels/.rels": f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]><Relationships>&a;</Relationships>'}
        self.write("list.xlsx", book.archive(parts))
        result = self.sluice("preview", "--raw", "list.xlsx", code=DATA)
        self.assertIn("DOCTYPE", result.err)
        self.assertNotIn("the secret", result.everything)


if __name__ == "__main__":
    sluice.main()
