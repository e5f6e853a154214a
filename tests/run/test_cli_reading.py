# SPDX-License-Identifier: Apache-2.0
"""status, suppliers, runs, items, rejects, holds: shapes, forms, and that reading changes nothing."""
import csv
import io
import subprocess

from sluice import CONFIG, DONE, FAILED, HELD, IO, Place, environment, main

HOSTILE = ["=1+1", "+1", "-1", "@cmd", "\tx"]


class Reading(Place):
    def filled(self):
        self.master("Acme", "Born")
        self.list("Acme", n=30)
        self.write("Born.csv", "SKU,Name,Price\nB-1,Saw,12.50\n,No code,3.00\nB-3,No price,ask us\n")
        self.sync("--set", "guards.rows_rejected=100")

    def test_before_the_first_sync_they_say_what_to_do_and_create_nothing(self):
        before = sorted(p.name for p in self.folder.iterdir())
        for verb in (["suppliers"], ["runs"], ["rejects"], ["holds"], ["items", "Acme"]):
            with self.subTest(verb=verb):
                self.assertIn("run `sluice sync`", self.sluice(*verb, code=FAILED).err)
        status = self.sluice("status", "--json", code=DONE).json()
        self.assertIn("run `sluice sync`", status["notice"])
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), before)

    def test_status_says_what_is_true(self):
        self.filled()
        status = self.sluice("status", "--json", code=DONE).json()
        self.assertEqual((status["state"], status["suppliers"], status["items"], status["holds"], status["degraded"]),
                         ("idle", 2, 31, 0, []))
        self.assertEqual(status["last_run"]["outcome"], "success")
        self.assertIsNone(status["holder"])

    def test_status_goes_on_when_the_store_is_broken_and_says_so(self):
        self.write("sluice.db", b"this is no database" * 100)
        result = self.sluice("status", "--json")
        self.assertNotEqual(result.code, DONE)
        self.assertIn("store:", result.json()["degraded"][0])

    def test_suppliers_have_a_status_each(self):
        self.filled()
        rows = self.sluice("suppliers", "--json", code=DONE).json()
        self.assertEqual({(r["name"], r["status"], r["items_count"], r["rejects_count"]) for r in rows},
                         {("Acme", "success", 30, 0), ("Born", "success", 1, 2)})

    def test_items_are_found_by_a_name_in_any_case_and_limited(self):
        self.filled()
        rows = self.sluice("items", "ACME", "-n", "3", "--json", code=DONE).json()
        self.assertEqual(len(rows), 3)
        self.assertLessEqual({"sku", "name", "price", "currency", "characteristics"}, set(rows[0]))

    def test_items_of_an_unknown_supplier_are_an_error_and_no_empty_list(self):
        self.filled()
        result = self.sluice("items", "Nobody", "--json", code=CONFIG)
        self.assertEqual(result.out, "")
        self.assertIn("no supplier 'Nobody'", result.err)

    def test_runs_are_listed_newest_first(self):
        self.filled()
        self.sync()
        epochs = [r["epoch"] for r in self.sluice("runs", "--json", code=DONE).json()]
        self.assertEqual(epochs, sorted(epochs, reverse=True))
        self.assertEqual(len(epochs), 2)

    def test_a_reject_says_where_what_and_what_to_do(self):
        self.filled()
        rows = self.sluice("rejects", "born", "--json", code=DONE).json()
        self.assertEqual([(r["row_number"], r["code"]) for r in rows], [(3, "sku_missing"), (4, "price_not_a_number")])
        for row in rows:
            self.assertTrue(row["address"].endswith(f":{row['row_number']}:{row['column']}"), row)
            self.assertTrue(row["message"] and row["raw"], row)

    def test_rejects_as_csv_are_rfc_4180_and_never_formulas(self):
        self.master("Acme")
        self.write("Acme.csv", "SKU,Name,Price\n" + "".join(f'"{h}",Thing,no price {i}\n' for i, h in enumerate(HOSTILE)) +
                   "".join(f'{h}1,"{h}","{h}"\n' for h in HOSTILE))
        self.sluice("sync", "--set", "guards.rows_rejected=100")
        out = subprocess.run(self.command("rejects", "--csv"), cwd=self.folder, env=environment(),
                             capture_output=True, check=True).stdout.decode()
        self.assertTrue(out.endswith("\r\n"))
        rows = list(csv.reader(io.StringIO(out, newline=""), strict=True))
        self.assertGreater(len(rows), 5)
        self.assertEqual(len({len(row) for row in rows}), 1)
        for cell in (cell for row in rows for cell in row if cell):
            self.assertNotIn(cell[0], "=+-@\t\r", cell)

    def test_no_rows_are_an_empty_array_and_a_sentence_for_people(self):
        self.master("Acme")
        self.list("Acme")
        self.sync()
        self.assertEqual(self.sluice("holds", "--json", code=DONE).json(), [])
        result = self.sluice("holds", code=DONE)
        self.assertEqual((result.out, result.err), ("", "Nothing is held.\n"))

    def test_a_table_is_aligned_by_what_one_sees(self):
        self.master("Acme", "Электрон-Снаб", "日本工具")
        for name in ("Acme", "Электрон-Снаб", "日本工具"):
            self.list(name, n=3)
        self.sync()
        lines = self.sluice("suppliers", code=DONE).out.splitlines()
        wide = {line[0]: sum(2 if c > "\u2e80" else 1 for c in line[:line.index("success")]) for line in lines[1:]}
        self.assertEqual(len(set(wide.values())), 1, "\n".join(lines))

    def test_sheet_text_cannot_move_the_cursor(self):
        self.master("Acme")
        self.write("Acme.csv", "SKU,Name,Price\nA-1,\x1b[2Jgone \u202egnp,1.00\n")
        self.sync()
        out = self.sluice("items", "Acme", code=DONE).out
        self.assertNotIn("\x1b", out)
        self.assertNotIn("\u202e", out)

    def test_a_reader_that_goes_away_is_no_error(self):
        self.master("Acme")
        self.list("Acme", n=20000)
        self.sync()
        process = self.start("items", "Acme", "--json")
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), DONE)
        self.assertEqual(process.stderr.read(), "")

    def test_a_full_disk_behind_standard_output_is_an_error(self):
        self.filled()
        with open("/dev/full", "w") as full:
            done = subprocess.run(self.command("items", "Acme"), cwd=self.folder, env=environment(), stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, IO, done.stderr)
        self.assertIn("standard output", done.stderr)

    def test_a_hold_is_listed_decided_once_and_gone(self):
        self.filled()
        self.list("Acme", n=5)
        self.sync(code=HELD)
        holds = self.sluice("holds", "--json", code=DONE).json()
        self.assertEqual([(h["supplier"], h["guard"]) for h in holds], [("Acme", "items_gone")])
        self.assertEqual(self.sluice("status", "--json").json()["holds"], 1)
        self.sluice("holds", "discard", holds[0]["id"], code=DONE)
        self.assertEqual(self.sluice("status", "--json").json()["holds"], 0)
        self.sluice("holds", "approve", holds[0]["id"], code=CONFIG)


main()
