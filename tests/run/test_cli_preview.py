# SPDX-License-Identifier: Apache-2.0
"""preview: the mapping and its reasons, raw rows, options, and what may be read."""
import json

from sluice import CONFIG, DONE, USAGE, Place, main


class Preview(Place):
    def test_a_column_says_what_it_becomes_and_why(self):
        self.write("list.csv", "Article no;Product;Price EUR;Colour\nA-1;Hammer;12,50;red\nA-2;Saw;1.299,00;blue\n")
        told = self.sluice("preview", "list.csv", "--json", code=DONE).json()
        columns = told["mapping"]["columns"]
        self.assertEqual([c["field"] for c in columns], ["sku", "name", "price", None], columns)
        self.assertTrue(all(c["reason"] for c in columns[:3]))
        self.assertEqual([i["price"] for i in told["items"]], ["12.5000", "1299.0000"])
        self.assertEqual(told["items"][0]["characteristics"], {"colour": "red"})
        self.assertEqual(told["decimal"]["mark"], "comma")
        self.assertTrue(told["decimal"]["reason"])
        self.assertEqual(told["figures"]["rows_read"],
                         told["figures"]["skipped"] + told["figures"]["items"] + told["figures"]["rejected"])

    def test_the_text_form_shows_columns_items_rejects_and_totals(self):
        self.write("list.csv", "SKU,Name,Price\nA-1,Hammer,12.50\nA-2,Saw,ask\n")
        out = self.sluice("preview", "list.csv", code=DONE).out
        for expected in ("COLUMN", "sku", "synonym", "1 of 1 items", "1 of 1 rejects", "price_not_a_number",
                         "list.csv:3:3", "3 rows read, 1 skipped, 1 items, 1 rejected"):
            self.assertIn(expected, out)

    def test_the_limit_bounds_what_is_shown_and_not_what_is_counted(self):
        self.list("Acme", n=50)
        told = self.sluice("preview", "Acme.csv", "-n", "3", "--json", code=DONE).json()
        self.assertEqual((len(told["items"]), told["figures"]["items"]), (3, 50))

    def test_raw_rows_are_printed_one_a_line_with_their_own_cells(self):
        self.write("list.csv", 'a,b,c\n\n"x\ny",,\n1\n')
        lines = self.sluice("preview", "list.csv", "--raw", "--json", code=DONE).out.splitlines()
        self.assertEqual([json.loads(line) for line in lines], [
            {"line": 1, "cells": ["a", "b", "c"]}, {"line": 2, "cells": []},
            {"line": 3, "cells": ["x\ny", "", ""]}, {"line": 5, "cells": ["1"]}])

    def test_options_of_the_source_and_of_the_reading_are_taken(self):
        self.write("list.txt", "SKU|Name|Price\nА-1|Молоток|1,234\n".encode("windows-1251"))
        rows = self.sluice("preview", "list.txt", "--raw", "--json", "-o", "delimiter=|", "-o",
                           "encoding=windows-1251", code=DONE).out.splitlines()
        self.assertEqual(json.loads(rows[1])["cells"], ["А-1", "Молоток", "1,234"])
        told = self.sluice("preview", "list.txt", "--json", "-o", "decimal=comma", "-o", "encoding=windows-1251",
                           code=DONE).json()
        self.assertEqual(told["items"][0]["price"], "1.2340")

    def test_an_unknown_option_is_an_error(self):
        self.list("Acme")
        self.assertIn("delimitr", self.sluice("preview", "Acme.csv", "-o", "delimitr=;", code=CONFIG).err)

    def test_a_file_on_the_command_line_may_lie_anywhere(self):
        elsewhere = self.write("elsewhere/far/list.csv", "SKU,Name,Price\nA-1,Hammer,12.50\n")
        self.write("place/sluice.yaml", self.configuration)
        told = self.sluice("preview", elsewhere, "-c", "place/sluice.yaml", "--json", code=DONE).json()
        self.assertEqual(told["figures"]["items"], 1)

    def test_a_supplier_is_read_with_its_own_overrides(self):
        self.write("sluice.yaml", self.configuration + "suppliers: {acme: {currency: SEK}}\n")
        self.master("Acme")
        self.list("Acme", n=3)
        self.sync()
        told = self.sluice("preview", "ACME", "--json", code=DONE).json()
        self.assertEqual({i["currency"] for i in told["items"]}, {"SEK"})

    def test_a_name_that_is_nothing_says_so(self):
        self.assertIn("no file here and no supplier", self.sluice("preview", "nothing", code=CONFIG).err)

    def test_a_format_without_a_source_says_which_there_are(self):
        self.list("Acme")
        self.assertIn("csv", self.sluice("preview", "Acme.csv", "--format", "pdf", code=CONFIG).err)

    def test_a_limit_is_a_number(self):
        self.sluice("preview", "x.csv", "-n", "few", code=USAGE)


main()
