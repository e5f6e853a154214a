# SPDX-License-Identifier: Apache-2.0
"""The program dies by SIGKILL right before and right after calls of its store, its state and its sources (FAULTS F1), one
call after the other from the first to the last. Each time the store must keep every promise as it lies, and the next sync
must take over and end like an undisturbed one. Every fourth call, or with SLUICE_ALL_CALLS=1 each of them."""
import os
import re
import shutil
import signal

import sluice
from check_invariants import broken
from dump import dump

STEP = 1 if os.environ.get("SLUICE_ALL_CALLS") else 4
MOCKS = sluice.BUILD / "tests" / "mocks"
MASTER = "Supplier|Price list|Format|Active\\nAcme|Acme.csv|csv|yes\\nBolt|mock:bolt|google_sheets|yes\\n"

CONFIGURATION = f"""
master: {{plugin: {MOCKS}/source-mock.so, url: "mock:master", text: "{MASTER}"}}
sources:
  csv: {{plugin: csv-stub}}
  google_sheets: {{plugin: {MOCKS}/source-mock.so, rows: 40, batch_rows: 10}}
store: {{plugin: {MOCKS}/store-mock.so, path: sluice.db}}
state: {{plugin: {MOCKS}/state-mock.so, path: state}}
"""

# A walk that met none of these calls would prove little.
MUST_MEET = {
    "store": {"schema", "request_put", "run_claim", "suppliers_sync", "jobs_enqueue", "job_claim", "snapshot_open",
              "snapshot_write", "snapshot_stat", "snapshot_commit", "run_finish"},
    "state": {"lock", "publish", "release"},
    "sources": {"open", "next"},
}
SECTIONS = {"store": ["store"], "state": ["state"], "sources": ["master", "sources.google_sheets"]}


class KilledCalls(sluice.Place):
    configuration = CONFIGURATION

    def setUp(self):
        super().setUp()
        self.list("Acme", 30)
        self.sync()
        self.before = self.folder / "before.db"
        shutil.copy(self.store, self.before)
        self.list("Acme", 35, first=4, price=lambda i: f"{i}.75")
        with open(self.folder / "Acme.csv", "a", encoding="utf-8") as out:
            out.write("Acme-x,No price,,\n")
        changed = CONFIGURATION.replace("rows: 40,", "rows: 42, seed: 2,")
        self.write("sluice.yaml", changed.replace(MASTER, MASTER + "Crane|Crane.csv|csv|no\\n"))
        self.begin()
        self.sync()
        self.expected = dump(self.store)

    def begin(self):
        for leftover in self.folder.glob("sluice.db*"):
            leftover.unlink()
        shutil.rmtree(self.folder / "state", ignore_errors=True)
        shutil.copy(self.before, self.store)

    def killed_at(self, plugins, fate):
        """The call that the program died at, or None when it made fewer and ended well."""
        self.begin()
        settings = [f"{section}.faults={fate}" for section in SECTIONS[plugins]]
        result = self.sluice("sync", *(word for setting in settings for word in ("--set", setting)))
        if result.code == sluice.DONE:
            return None
        where = re.search(r"killed (before|after) (\w+)", result.err)
        self.assertTrue(result.code == -signal.SIGKILL and where, f"{plugins}: {fate}\n{result}")
        self.assertEqual(broken(self.store), [], f"right after the kill, {plugins} {where[0]}")
        again = self.sync()
        self.assertEqual(broken(self.store), [], f"after the next sync, {plugins} {where[0]}\n{again}")
        difference = sorted(set(self.expected) ^ set(dump(self.store)))
        self.assertEqual(difference[:10], [], f"the final state differs, {plugins} {where[0]}\n{again}")
        return where[2]

    def walk(self, plugins):
        met = []
        for when in ("kill", "kill-done"):
            n = 1
            while True:
                call = self.killed_at(plugins, f"*:{n}={when}")
                if call is None:
                    break
                met.append(call)
                n += STEP
        print(f"{plugins}: {len(met)} kills, at {', '.join(f'{call} ({met.count(call)})' for call in sorted(set(met)))}")
        self.assertGreater(len(met), 0)
        if STEP == 1:
            self.assertEqual(MUST_MEET[plugins] - set(met), set(), "calls that the walk never met")

    def test_at_the_calls_of_the_store(self):
        self.walk("store")

    def test_at_the_calls_of_the_state(self):
        self.walk("state")

    def test_at_the_calls_of_the_sources(self):
        self.walk("sources")


if __name__ == "__main__":
    sluice.main()
