# SPDX-License-Identifier: Apache-2.0
"""sync, check and plugin: shapes, scope, overrides, and how they end."""
from sluice import CONFIG, DONE, HELD, PARTIAL, PERMISSION, Place, main

FIGURES = ["rows_read", "skipped", "inserted", "updated", "unchanged", "gone", "rejected", "duplicates"]


class Sync(Place):
    def two(self):
        self.master("Acme", "Born")
        self.list("Acme")
        self.list("Born", n=10)

    def suppliers(self, result):
        return {s["supplier"]: s for s in result.json()["suppliers"]}

    def test_the_table_and_the_json_tell_the_same(self):
        self.two()
        out = self.sync().out
        self.assertEqual(out.split()[:4], ["SUPPLIER", "READ", "INSERTED", "UPDATED"])
        self.assertRegex(out, r"(?m)^Acme +21 +20 +0 +0 +0 +0 +0 .* success$")
        told = self.sync("--json", "--force")
        self.assertLessEqual({"run_id", "epoch", "outcome", "suppliers", "master", "message", "elapsed_ms"},
                             set(told.json()))
        acme = self.suppliers(told)["Acme"]
        self.assertEqual([acme[f] for f in FIGURES], [21, 1, 0, 0, 20, 0, 0, 0])

    def test_progress_goes_to_standard_error_and_quiet_silences_it(self):
        self.two()
        self.assertIn("[2/2]", self.sync().err)
        self.assertEqual(self.sync("-q").err, "")

    def test_named_suppliers_are_synced_alone_in_any_case(self):
        self.two()
        self.assertEqual(set(self.suppliers(self.sync("ACME", "--json"))), {"Acme"})

    def test_an_unknown_supplier_is_an_error(self):
        self.two()
        self.assertIn('no supplier is called "nobody"', self.sync("Nobody", code=CONFIG).err)

    def test_a_format_whose_plugin_is_missing_fails_that_supplier_only(self):
        self.master("Acme", ("Born", "born.xlsx", "excel", "yes"))
        self.list("Acme")
        result = self.sync("--json", "--set", "sources.excel.plugin=not-there", code=PARTIAL)
        told = self.suppliers(result)
        self.assertEqual((told["Acme"]["outcome"], told["Born"]["outcome"]), ("success", "failed"))
        self.assertIn("not-there", told["Born"]["message"])

    def test_lists_are_found_beside_the_master_sheet(self):
        self.two()
        self.write("sub/sluice.yaml", self.configuration.replace("suppliers.csv", "../suppliers.csv"))
        self.sync("-c", "sub/sluice.yaml")

    def test_what_is_said_for_one_supplier_holds_for_it_alone(self):
        self.write("sluice.yaml", self.configuration + "suppliers: {ACME: {currency: SEK}}\n")
        self.two()
        self.sync()
        currencies = {name: {i["currency"] for i in self.sluice("items", name, "--json").json()}
                      for name in ("Acme", "Born")}
        self.assertEqual(currencies["Acme"], {"SEK"})
        self.assertNotEqual(currencies["Born"], {"SEK"})

    def test_a_held_list_names_the_hold_and_approving_it_syncs_that_supplier(self):
        self.two()
        self.sync()
        self.list("Acme", n=2)
        held = self.suppliers(self.sync("--json", code=HELD))["Acme"]
        self.assertEqual(held["outcome"], "held")
        approved = self.suppliers(self.sync("--approve", held["hold_id"], "--json"))
        self.assertEqual({n: s["outcome"] for n, s in approved.items()}, {"Acme": "success"})
        self.sync("--approve", held["hold_id"], code=CONFIG)

    def test_check_tries_everything_and_ends_by_the_worst(self):
        self.two()
        told = self.sluice("check", "--json", code=DONE).json()
        self.assertEqual({c["what"] for c in told}, {"plugin", "store", "state", "master", "list"})
        self.assertTrue(all(c["ok"] for c in told), told)
        self.write("Born.csv", "<!doctype html><html>sign in</html>")
        result = self.sluice("check", code=PERMISSION)
        self.assertRegex(result.out, r"(?m)^failed +list +Born: ")

    def test_plugins_are_listed_and_explained(self):
        names = {p["name"] for p in self.sluice("plugin", "list", "--json", code=DONE).json()}
        self.assertLessEqual({"csv-stub", "store-sqlite", "state-local"}, names | {f"store-{n}" for n in names} |
                             {f"state-{n}" for n in names})
        info = self.sluice("plugin", "info", "csv-stub", "--json", code=DONE).json()
        self.assertEqual((info["kind"], {"delimiter", "encoding"} <= {o["name"] for o in info["options"]}),
                         ("source", True))
        self.assertIn("| option |", self.sluice("plugin", "info", "csv-stub", "--markdown", code=DONE).out)
        self.assertIn("csv-stub", self.sluice("plugin", "info", "csv-stob", code=CONFIG).err)


main()
