# SPDX-License-Identifier: Apache-2.0
"""Plugins that are not what they should be: refused by name before anything is called, or failing only their own list."""
import shutil
import unittest

import sluice
from check_invariants import broken

FIXTURES = sluice.BUILD / "tests" / "fixtures"
MOCKS = sluice.BUILD / "tests" / "mocks"


class Plugins(sluice.Place):
    def with_source(self, plugin, location="Acme.csv", **options):
        """Acme is served by that plugin, Bolt by the real one."""
        more = "".join(f", {key}: {value}" for key, value in options.items())
        self.write("sluice.yaml", self.configuration + f"sources: {{csv: {{plugin: csv-stub}}, "
                   f"google_sheets: {{plugin: {plugin}{more}}}}}\n")
        self.master(("Acme", location, "google_sheets", "yes"), "Bolt")
        self.list("Bolt", 10)

    def check_only_acme_fails(self, *words):
        result = self.sluice("sync")
        self.assertEqual(result.code, sluice.PARTIAL, str(result))
        for word in words:
            self.assertIn(word, result.everything)
        self.assertEqual(self.query("SELECT count(*) FROM supplier_items")[0][0], 10)
        self.assertEqual(broken(self.store), [])

    def test_a_plugin_that_is_not_there_fails_only_its_lists(self):
        self.with_source("no-such-plugin")
        self.check_only_acme_fails("no-such-plugin")

    def test_a_file_that_is_no_plugin_fails_only_its_lists(self):
        self.with_source(str(self.write("junk.so", b"\x7fELF, almost")))
        self.check_only_acme_fails("junk.so")

    def test_a_plugin_of_another_abi_is_refused_by_name(self):
        found = sorted(FIXTURES.rglob("*abi*.so"))
        self.assertTrue(found, f"no fixture plugin *abi*.so under {FIXTURES}")
        self.with_source(str(found[0]))
        self.check_only_acme_fails(found[0].name, "ABI")

    def test_every_hostile_fixture_is_refused_with_a_reason(self):
        fixtures = sorted(FIXTURES.rglob("*.so"))
        self.assertTrue(fixtures)
        for fixture in fixtures:
            result = self.sluice("plugin", "info", str(fixture))
            self.assertIn(result.code, (0, sluice.CONFIG), str(result))
            if result.code:
                self.assertIn(fixture.name, result.err, str(result))

    def test_whatever_garbage_a_source_hands_over_only_its_own_list_fails(self):
        for garbage in ("no_batch", "no_rows", "no_columns", "no_cells", "line_zero", "lines_back", "long_version", "unchanged"):
            with self.subTest(garbage=garbage):
                shutil.rmtree(self.folder / "state", ignore_errors=True)
                self.store.unlink(missing_ok=True)
                self.with_source(str(MOCKS / "source-mock.so"), "mock:acme", garbage=garbage)
                self.check_only_acme_fails("Acme failed", "contract")

    def test_text_that_is_not_utf_8_is_a_reject(self):
        self.with_source(str(MOCKS / "source-mock.so"), "mock:acme", garbage="not_utf8")
        self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM parsing_logs WHERE row_number IS NOT NULL"), [(1,)])
        self.assertEqual(broken(self.store), [])

    def test_a_store_plugin_as_a_source_is_refused(self):
        self.with_source("store-sqlite")
        self.check_only_acme_fails("store-sqlite")


class Check(sluice.Place):
    """`sluice plugin check`, for those who write plugins."""

    def test_a_plugin_is_checked_by_the_suite_of_its_kind(self):
        plugins = sluice.BUILD / "plugins"
        self.list("Acme")
        good = self.sluice("plugin", "check", plugins / "csv-stub.so", "-l", self.folder / "Acme.csv", code=sluice.DONE)
        self.assertRegex(good.out, r"(?m)^ok 1 - ")
        self.assertNotIn("not ok", good.out)
        one = self.sluice("plugin", "check", plugins / "store-sqlite.so", "-o", "path={dir}/s.db", "--case",
                          "a_killed_worker_leaves_nothing_half_done", code=sluice.DONE)
        self.assertEqual(one.out.count("ok "), 1, one)

    def test_a_plugin_that_breaks_the_contract_fails_its_check(self):
        mock = sluice.BUILD / "tests" / "mocks" / "source-mock.so"
        bad = self.sluice("plugin", "check", mock, "-l", "mock:list", "-o", "garbage=lines_back", code=sluice.FAILED)
        self.assertIn("not ok", bad.out)


class Documentation(unittest.TestCase):
    """A plugin's README and its code say the same."""

    def test_every_readme_has_the_option_table_that_the_code_has(self):
        import subprocess
        for readme in sorted((sluice.SOURCE / "plugins").glob("*/README.md")):
            plugin = sluice.BUILD / "plugins" / f"{readme.parent.name}.so"
            if not plugin.exists():
                continue
            with self.subTest(plugin=readme.parent.name):
                done = subprocess.run([sluice.PROGRAM, "plugin", "info", plugin, "--markdown"], capture_output=True,
                                      text=True, env=sluice.environment(), check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                table = [line for line in done.stdout.splitlines() if line.startswith("|")]
                self.assertTrue(table, done.stdout)
                text = readme.read_text(encoding="utf-8")
                self.assertIn("\n".join(table), text, f"{readme}: the option table should be\n" + "\n".join(table))

    def test_the_smallest_source_is_small(self):
        lines = sum(len(path.read_text(encoding="utf-8").splitlines())
                    for path in (sluice.SOURCE / "plugins" / "csv-stub").glob("*.[ch]"))
        print(f"the smallest source, csv-stub, has {lines} lines of C")
        self.assertLessEqual(lines, 115)


if __name__ == "__main__":
    sluice.main()
