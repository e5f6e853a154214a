# SPDX-License-Identifier: Apache-2.0
"""Google Sheets as master and as lists, through the fake: what is read, what it costs, and what is said when it fails."""
import sheets
import sluice
from google import API_KEY
from sheets import Tab, address


class Reading(sheets.Sheets):
    def test_a_private_master_and_list_are_synced_with_two_requests_each(self):
        self.master("Acme")
        self.list("Acme", n=3)
        self.sync()
        self.assertEqual(self.items(), [("Acme", "Acme-1", "1.5000"), ("Acme", "Acme-2", "2.5000"), ("Acme", "Acme-3", "3.5000")])
        self.assertEqual(len(self.reads()), 4, self.google.log)
        self.assertEqual(self.google.statuses("^/(token|v4)"), [200] * 5)

    def test_the_environment_alone_is_enough(self):
        self.master("Acme")
        self.list("Acme")
        text = (self.folder / "sluice.yaml").read_text(encoding="utf-8")
        self.write("sluice.yaml", text.replace("credentials: key.json, ", "").replace(f"url: '{address(sheets.MASTER)}', ", ""))
        self.sync(env={"MASTER_SHEET_URL": address(sheets.MASTER), "GOOGLE_APPLICATION_CREDENTIALS": str(self.folder / "key.json")})
        self.assertEqual(len(self.items()), 5)

    def test_a_public_sheet_needs_no_account(self):
        self.configure(credentials="")
        self.master("Acme", public=True)
        self.list("Acme", public=True)
        self.sync()
        self.assertEqual(len(self.items()), 5)
        self.assertEqual(self.google.asked("^/(token|v4|drive)"), [])

    def test_an_api_key_reads_public_sheets(self):
        self.configure(credentials=f"api_key: {API_KEY}")
        self.master("Acme", public=True)
        self.list("Acme", public=True)
        self.sync()
        self.assertEqual(len(self.items()), 5)
        self.assertEqual(self.google.asked("^/(token|drive)|" + API_KEY), [])

    def test_a_published_list_is_read_as_csv(self):
        self.master(("Acme", "https://docs.google.com/spreadsheets/d/e/2PACX-1vAcme/pub?gid=7&single=true&output=csv",
                     "google_sheets", "yes"))
        self.list("Acme", tabs=[Tab("Cover", [["x"]]), Tab("Prices", [["SKU", "Name", "Price"], ["A-1", "Saw", "4"]], gid=7)],
                  shared=False, published="2PACX-1vAcme")
        self.sync()
        self.assertEqual(self.items(), [("Acme", "A-1", "4.0000")])

    def test_key_files_with_written_out_line_ends_work(self):
        self.master("Acme")
        self.list("Acme")
        self.write("key.json", self.google.key_file().replace("\\n", "\\\\n"))
        self.sync()

    def test_the_locale_of_the_sheet_decides_the_decimal_mark(self):
        self.master("Acme")
        self.list("Acme", [["SKU", "Name", "Price"], ["A-1", "Saw", "1.234"], ["A-2", "Nail", "1,5"]], locale="de_DE")
        self.sync()
        self.assertEqual(self.items(), [("Acme", "A-1", "1234.0000"), ("Acme", "A-2", "1.5000")])

    def test_ragged_rows_blank_rows_and_trailing_ones_are_counted_as_they_are(self):
        self.master("Acme")
        self.list("Acme", [["SKU", "Name", "Price", "Note"], [], ["A-1", "Saw", "1"], ["", "", ""], ["A-2", "Nail", "2", "x"], ["", ""]])
        preview = self.sluice("preview", "--raw", "--json", address(self.id_of("Acme")), code=0).out
        self.assertEqual([line.split(",")[0] for line in preview.splitlines()],
                         ['{"line": 1', '{"line": 2', '{"line": 3', '{"line": 4', '{"line": 5'])
        self.sync()
        self.assertEqual([item[1] for item in self.items()], ["A-1", "A-2"])

    def test_rejects_link_to_the_very_cell(self):
        self.master("Acme")
        rows = [["SKU", "Name", "Price"]] + [[f"A-{i}", "Saw", "1"] for i in range(20)] + [["A-99", "Nail", "on request"]]
        self.list("Acme", tabs=[Tab("Prices", rows, gid=42)])
        self.master(("Acme", address(self.id_of("Acme"), 42), "google_sheets", "yes"))
        self.sync()
        rejects = self.sluice("rejects", "--json", code=0).out
        self.assertIn(f"https://docs.google.com/spreadsheets/d/{self.id_of('Acme')}/edit#gid=42&range=C22", rejects)

    def test_a_formula_error_rejects_its_row(self):
        self.master("Acme")
        rows = [["SKU", "Name", "Price"]] + [[f"A-{i}", "Saw", "1"] for i in range(20)] + [["A-99", "Nail", "#REF!"]]
        self.list("Acme", rows)
        self.sync()
        self.assertIn("#REF!", self.sluice("rejects", code=0).out)
        self.assertEqual(len(self.items()), 20)


class Exact(sheets.Sheets):
    options = "values: exact"

    def test_the_number_behind_a_cell_decides_its_price(self):
        self.master("Acme")
        self.list("Acme", [["SKU", "Name", "Price"], ["A-1", "Saw", (19.440000000000001, "19.4 €")], ["A-2", "Nail", (0.1 + 0.2, "0.3")],
                           ["A-3", "Bolt", "7"]])
        self.sync()
        self.assertEqual(self.items(), [("Acme", "A-1", "19.4400"), ("Acme", "A-2", "0.3000"), ("Acme", "A-3", "7.0000")])
        self.assertEqual(len(self.google.asked("includeGridData=false")), 2)
        self.assertEqual(len(self.reads()), 4)

    def test_exact_and_shown_values_give_the_same_text(self):
        self.list("Acme", [["SKU", "Name", "Price"], ["A-1", "Saw", (5.0, "5,00")], [], ["A-2"]])
        raw = [self.sluice("preview", "--raw", "-o", f"values={how}", address(self.id_of("Acme")), code=0).out for how in ("exact", "shown")]
        self.assertEqual(raw[0], raw[1])


class Tabs(sheets.Sheets):
    def tabs(self):
        return [Tab("Cover", [["Welcome"]], gid=0, hidden=True), Tab("It's \"Цены\" & more", [["SKU", "Name", "Price"], ["A-1", "Saw", "1"]], gid=11),
                Tab("Old", [["SKU", "Name", "Price"], ["B-1", "Old saw", "1"]], gid=12)]

    def test_the_gid_of_the_address_chooses_the_tab(self):
        self.list("Acme", tabs=self.tabs())
        self.master(("Acme", address(self.id_of("Acme"), 12), "google_sheets", "yes"))
        self.sync()
        self.assertEqual([item[1] for item in self.items()], ["B-1"])

    def test_the_option_sheet_chooses_the_tab_by_its_title(self):
        self.list("Acme", tabs=self.tabs())
        self.configure(sections="suppliers: {Acme: {sheet: Old}}")
        self.master(("Acme", address(self.id_of("Acme"), 11), "google_sheets", "yes"))
        self.sync()
        self.assertEqual([item[1] for item in self.items()], ["B-1"])

    def test_without_a_name_the_first_visible_tab_is_read_and_that_is_said(self):
        self.list("Acme", tabs=self.tabs())
        self.master(("Acme", address(self.id_of("Acme")).split("#")[0], "google_sheets", "yes"))
        self.sync()
        self.assertEqual([item[1] for item in self.items()], ["A-1"])
        self.assertIn("the first of 2 visible ones", self.sluice("preview", "Acme", code=0).everything)

    def test_a_missing_tab_is_an_error_that_lists_the_tabs(self):
        self.list("Acme", tabs=self.tabs())
        self.master(("Acme", address(self.id_of("Acme"), 99), "google_sheets", "yes"))
        result = self.sync(code=sluice.FAILED)
        for word in ("gid '99'", "'Cover' (gid 0, hidden)", "'It's \"Цены\" & more' (gid 11)", "'Old' (gid 12)"):
            self.assertIn(word, result.everything)

    def test_a_tab_of_a_chart_is_refused(self):
        self.list("Acme", tabs=[Tab("Sales", [], gid=3, type="OBJECT")])
        self.master(("Acme", address(self.id_of("Acme"), 3), "google_sheets", "yes"))
        self.assertIn("holds no cells", self.sync(code=sluice.FAILED).everything)

    def test_an_address_that_is_a_query_is_read_as_the_sheet_and_that_is_said(self):
        self.list("Acme", tabs=self.tabs())
        self.master(("Acme", f"https://docs.google.com/spreadsheets/d/{self.id_of('Acme')}/gviz/tq?tqx=out:csv&sheet=Old", "google_sheets", "yes"))
        self.sync()
        self.assertEqual([item[1] for item in self.items()], ["B-1"])
        self.assertIn("gviz", self.sluice("preview", "Acme", code=0).everything)


class Unchanged(sheets.Sheets):
    def test_drives_list_of_changes_saves_every_request_for_what_did_not_change(self):
        self.master("Acme", "Bolt")
        self.list("Acme")
        self.list("Bolt")
        self.sync()
        self.google.log.clear()
        self.sync()
        self.assertEqual(self.reads(), [])
        self.list("Bolt", n=6)
        self.google.log.clear()
        self.sync()
        self.assertEqual(len(self.reads()), 2, self.google.log)
        self.assertEqual(len(self.items()), 11)

    def test_without_hints_the_content_decides(self):
        self.configure(options="drive_hints: false")
        self.master("Acme")
        self.list("Acme")
        self.sync()
        self.google.log.clear()
        result = self.sync("--json")
        self.assertEqual(len(self.reads()), 4)
        self.assertIn('"unchanged"', result.out)
        self.assertEqual(self.google.asked("^/drive"), [])

    def test_a_sheet_that_is_public_but_not_shared_is_read_although_drive_names_it_not(self):
        self.master("Acme")
        self.list("Acme", shared=False, public=True)
        self.sync()
        self.google.log.clear()
        self.sync()
        self.assertEqual(len(self.google.asked(f"^/v4/spreadsheets/{self.id_of('Acme')}")), 2)

    def test_every_nth_run_reads_all_the_same(self):
        self.configure(sections="sync: {full_every: 2}")
        self.master("Acme")
        self.list("Acme")
        reads = []
        for _ in range(5):
            self.google.log.clear()
            self.sync()
            reads.append(len(self.google.asked(f"^/v4/spreadsheets/{self.id_of('Acme')}")))
        self.assertIn(2, reads[1:], reads)
        self.assertIn(0, reads[1:], reads)

    def test_a_drive_that_refuses_only_costs_the_hint(self):
        self.google.fault("^/drive/", times=-1, status=403, reason="accessNotConfigured")
        self.master("Acme")
        self.list("Acme")
        self.sync()
        self.google.log.clear()
        self.sync()
        self.assertEqual(len(self.reads()), 4)


class Published(sheets.Sheets):
    address = "https://docs.google.com/spreadsheets/d/e/2PACX-1vAcme/pubhtml"

    def test_a_published_page_is_read_and_found_unchanged(self):
        self.master(("Acme", self.address + "#gid=7", "google_sheets", "yes"))
        self.list("Acme", tabs=[Tab("Cover", [["x"]]), Tab("Prices", [["SKU", "Name", "Price"], ["A-1", "<Saw> & \"co\"", "4"]], gid=7)],
                  shared=False, published="2PACX-1vAcme")
        self.sync()
        self.assertEqual(self.items(), [("Acme", "A-1", "4.0000")])
        self.assertEqual(self.sync("--json").json()["suppliers"][0]["outcome"], "unchanged")

    def test_a_page_that_is_no_longer_published_says_so(self):
        self.master(("Acme", self.address, "google_sheets", "yes"))
        self.assertIn("there is no https://docs.google.com/spreadsheets/d/e/2PACX-1vAcme", self.sync(code=sluice.FAILED).everything)


class Workbooks(sheets.Sheets):
    """tests/data or the corpus holds real workbooks; here one is enough."""

    def setUp(self):
        super().setUp()
        self.workbook = (sluice.SOURCE / "tests" / "conformance" / "lists" / "prices.xlsx").read_bytes()

    def check(self, location, **how):
        self.master(("Acme", location, "google_sheets", "yes"), **how)
        self.sync()
        self.assertGreater(len(self.items()), 0)

    def test_an_uploaded_workbook_is_read_behind_its_file_address(self):
        self.list("Acme", [["x"]], workbook=self.workbook)
        self.check(f"https://drive.google.com/file/d/{self.id_of('Acme')}/view?usp=sharing")

    def test_an_uploaded_workbook_is_read_behind_its_address_as_a_sheet(self):
        self.list("Acme", [["x"]], workbook=self.workbook)
        self.check(address(self.id_of("Acme")))

    def test_a_sheet_is_read_behind_a_file_address(self):
        self.list("Acme")
        self.check(f"https://drive.google.com/open?id={self.id_of('Acme')}")

    def test_a_public_workbook_needs_no_account(self):
        self.configure(credentials="")
        self.list("Acme", [["x"]], workbook=self.workbook, public=True)
        self.check(f"https://drive.google.com/file/d/{self.id_of('Acme')}/view", public=True)


class Discover(sheets.Sheets):
    def test_tabs_are_listed_with_the_header_that_each_seems_to_have(self):
        self.list("Acme", tabs=[Tab("Prices", [["Acme Ltd"], ["SKU", "Name", "Price"], ["A-1", "Saw", "4"]], gid=7),
                                Tab("Notes", [["hello"]], gid=8), Tab("Old", [["SKU"]], gid=9, hidden=True)])
        found = self.sluice("discover", "--json", address(self.id_of("Acme")), code=0).json()["tabs"]
        self.assertEqual([(tab["title"], tab["id"], tab["rows"], tab["columns"], tab["hidden"], tab["header_line"]) for tab in found],
                         [("Prices", "7", 1000, 26, False, 2), ("Notes", "8", 1000, 26, False, 0), ("Old", "9", 1000, 26, True, 0)])
        self.assertIn("A SKU (sku), B Name (name), C Price (price)", found[0]["header"])
        self.assertIn("header", found[1]["no_header_because"])
        text = self.sluice("discover", address(self.id_of("Acme")), code=0).out
        self.assertIn("Prices", text)
        self.assertIn("yes", text)


class Large(sheets.Sheets):
    options = "window_cells: 500, drive_hints: false"

    def master(self, *suppliers, **more):
        rows = [["Supplier", "Price list", "Format", "Active"]] + [[s, address(self.id_of(s)), "google_sheets", "yes"] for s in suppliers]
        tab = Tab("Suppliers", rows)
        tab.n_rows, tab.n_columns = len(rows), 4
        self.google.put(sheets.MASTER, tabs=[tab])

    def big(self, n=400):
        rows = [["SKU", "Name", "Price"]] + [[f"A-{i}", f"Thing {i}", f"{i}.50"] for i in range(1, n)]
        self.list("Acme", tabs=[Tab("Prices", rows, n_rows=n, n_columns=5)])

    def test_a_large_sheet_is_read_in_windows(self):
        self.master("Acme")
        self.big()
        self.sync()
        self.assertEqual(len(self.items()), 399)
        self.assertEqual(len(self.google.asked("/values/%27Prices")), 5)  # four windows, the first one again

    def test_an_edit_between_two_windows_is_noticed_and_the_sheet_read_anew(self):
        self.master("Acme")
        self.big()
        edits = []

        def edit(path):
            if path.endswith("!201:300") and not edits:
                edits.append(path)
                self.google.books[self.id_of("Acme")].tabs[0].rows[1][2] = "777"
        self.google.before = edit
        self.sync()
        self.assertIn(("Acme", "A-1", "777.0000"), self.items())
        self.assertEqual(len(self.items()), 399)

    def test_a_sheet_that_is_edited_all_the_time_changes_nothing(self):
        self.configure(sections="sync: {supplier_timeout: 5s}")
        self.master("Acme")
        self.big()
        edits = []

        def edit(path):
            if path.endswith("!201:300"):
                edits.append(path)
                self.google.books[self.id_of("Acme")].tabs[0].rows[1][2] = str(len(edits))
        self.google.before = edit
        result = self.sync(code=sluice.FAILED)
        self.assertIn("edited", result.everything)
        self.assertEqual(self.items(), [])

    def test_drives_version_tells_about_edits_where_the_scope_allows(self):
        self.configure(options="window_cells: 500")
        self.master("Acme")
        self.big()
        self.sync()
        self.assertEqual(len(self.google.asked("/values/%27Prices")), 4)

    def test_a_tab_beyond_the_limit_is_refused(self):
        self.configure(options="max_cells: 100")
        self.list("Acme", tabs=[Tab("Prices", [["SKU"]], n_rows=1000, n_columns=26)])
        self.master("Acme")
        self.assertIn("raise 'max_cells'", self.sync(code=sluice.FAILED).everything)


if __name__ == "__main__":
    sluice.main()
