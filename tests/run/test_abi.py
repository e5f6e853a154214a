# SPDX-License-Identifier: Apache-2.0
"""Plugins that were built when an ABI was frozen (tests/abi) go on working with today's engine."""
import platform
import unittest

import sluice
from check_invariants import broken

KEPT = sorted((sluice.SOURCE / "tests" / "abi").glob(f"*/{platform.machine()}"))


@unittest.skipUnless(KEPT, f"tests/abi has no plugins for {platform.machine()}")
class Abi(sluice.Place):
    def test_a_sync_with_kept_plugins_ends_as_with_todays(self):
        self.master("Acme", "Bolt")
        self.list("Acme", 30)
        self.list("Bolt", 10)
        for kept in KEPT:
            with self.subTest(abi=kept.parent.name):
                self.store.unlink(missing_ok=True)
                self.write("sluice.yaml", f"master: {{plugin: {kept}/csv-stub.so, url: suppliers.csv}}\n"
                           f"sources: {{csv: {{plugin: {kept}/csv-stub.so}}}}\n"
                           f"store: {{plugin: {kept}/store-sqlite.so, path: sluice.db}}\n"
                           f"state: {{plugin: {kept}/state-local.so, path: state-{kept.parent.name}}}\n")
                self.sync()
                self.assertEqual(self.query("SELECT count(*) FROM supplier_items"), [(40,)])
                self.assertEqual(broken(self.store), [])

    def test_kept_plugins_pass_todays_suites(self):
        self.list("Acme")
        for kept in KEPT:
            for plugin, *options in (("csv-stub.so", "-l", self.folder / "Acme.csv"), ("state-local.so", "-o", "path={dir}/state"),
                                     ("store-sqlite.so", "-o", "path={dir}/s.db")):
                with self.subTest(abi=kept.parent.name, plugin=plugin):
                    self.sluice("plugin", "check", kept / plugin, *options, code=sluice.DONE)


if __name__ == "__main__":
    sluice.main()
