# SPDX-License-Identifier: Apache-2.0
"""A sync is killed with SIGKILL at twenty moments spread over its length (the seed is printed; SLUICE_SEED repeats one).
Each time the store must keep every promise as it lies, the next sync must take over at once, and the final state must be
that of a sync that nobody disturbed."""
import os
import random
import shutil
import signal
import time
from collections import Counter

import sluice
from check_invariants import broken
from dump import dump

MOMENTS = int(os.environ.get("SLUICE_KILLS", "20"))
SUPPLIERS = ("Acme", "Bolt", "Crane", "Drum", "Edge")
ROWS = 4000


class Crash(sluice.Place):
    def lists(self, day):
        """Day 2: prices moved, the first 50 items gone, 80 new ones, one list with rejects and a duplicate."""
        self.master(*SUPPLIERS, *((f"Closed {i}", "none.csv", "csv", "no") for i in range(300)))
        for s in SUPPLIERS:
            if day == 1:
                self.list(s, ROWS)
            else:
                self.list(s, ROWS + 30, first=51, price=lambda i: f"{i}.50" if i % 9 else f"{i}.75")
        bad = f"Acme-60,Again,1.00,\n,No code,1.00,\nAcme-x{day},No price,,\n"
        path = self.folder / "Acme.csv"
        path.write_text(path.read_text() + bad)

    def phase(self):
        """What the store says was going on when the process died."""
        runs = self.query("SELECT id, state FROM sync_runs WHERE state <> 'done'")
        if not runs:
            finished = self.query("SELECT count(*) FROM sync_runs WHERE state = 'done'")[0][0]
            return "before the run" if finished == 1 else "after the run"
        run, state = runs[0]
        jobs = dict(self.query("SELECT state, count(*) FROM sync_jobs WHERE run_id = ? GROUP BY state", run))
        if state != "suppliers":
            return state
        return f"suppliers, {jobs.get('done', 0)} of {sum(jobs.values())} lists done"

    def kill_after(self, seconds):
        process = self.start("sync", start_new_session=True)
        time.sleep(seconds)  # the moment under test, not a wait for something
        process.kill()
        process.communicate()

    def test_a_sync_killed_at_any_moment_is_taken_over_at_once_and_ends_like_an_undisturbed_one(self):
        seed = int(os.environ.get("SLUICE_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {seed}")
        chance = random.Random(seed)
        self.lists(1)
        self.sync()
        before = self.folder / "before"
        before.mkdir()
        shutil.copy(self.store, before / "sluice.db")
        self.lists(2)
        undisturbed = self.sync().seconds
        expected = dump(self.store)

        phases = Counter()
        for moment in range(MOMENTS):
            for leftover in self.folder.glob("sluice.db*"):
                leftover.unlink()
            shutil.rmtree(self.folder / "state", ignore_errors=True)
            shutil.copy(before / "sluice.db", self.store)
            delay = undisturbed * 1.05 * (moment + chance.random()) / MOMENTS
            self.kill_after(delay)
            phase = self.phase()
            phases[phase.split(",")[0]] += 1
            where = f"seed {seed}, kill {moment + 1} after {delay * 1000:.0f} ms, in phase: {phase}"
            print(where)
            self.assertEqual(broken(self.store), [], f"right after the kill: {where}")
            again = self.sync()
            self.assertLess(again.seconds, 5 * undisturbed + 5, f"it waited instead of taking over: {where}\n{again}")
            self.assertEqual(broken(self.store), [], f"after the next sync: {where}")
            difference = sorted(set(expected) ^ set(dump(self.store)))
            self.assertEqual(difference[:10], [], f"the final state differs: {where}\n{again}")
        print("phases hit: " + ", ".join(f"{phase} {n}" for phase, n in phases.most_common()))
        self.assertGreater(phases["suppliers"], 0, "no kill hit a run while it worked on the lists")

    def test_a_sync_killed_on_an_empty_store_leaves_nothing_in_the_way(self):
        self.lists(1)
        undisturbed = self.sync().seconds
        expected = dump(self.store)
        for moment in range(5):
            for leftover in self.folder.glob("sluice.db*"):
                leftover.unlink()
            shutil.rmtree(self.folder / "state", ignore_errors=True)
            self.kill_after(undisturbed * moment / 5)
            self.sync()
            self.assertEqual(broken(self.store), [])
            self.assertEqual(sorted(set(expected) ^ set(dump(self.store)))[:10], [])


class KilledAt(sluice.Place):
    """Two moments that chance may miss, made sure of by a source that kills its own process."""

    mock = sluice.BUILD / "tests" / "mocks" / "source-mock.so"

    def expect_kill(self, state, *settings):
        killed = self.sluice("sync", *settings)
        self.assertEqual(killed.code, -signal.SIGKILL, str(killed))
        self.assertEqual(self.query("SELECT state FROM sync_runs WHERE state <> 'done'"), [(state,)])
        self.assertEqual(broken(self.store), [])

    def test_in_the_middle_of_the_master_sheet(self):
        self.master("Acme")
        self.list("Acme")
        self.expect_kill("master", "--set", f"master.plugin={self.mock}", "--set", "master.kill_at=1",
                         "--set", "master.url=mock:suppliers")
        again = self.sync()
        self.assertLess(again.seconds, 10, f"it waited instead of taking over\n{again}")
        self.assertEqual(broken(self.store), [])
        self.assertEqual(self.query("SELECT count(*) FROM supplier_items"), [(20,)])

    def test_in_the_middle_of_a_list(self):
        self.write("sluice.yaml", self.configuration + f"sources: {{csv: {{plugin: csv-stub}}, "
                   f"google_sheets: {{plugin: {self.mock}, rows: 500}}}}\n")
        self.master("Acme", ("Bolt", "mock:bolt", "google_sheets", "yes"))
        self.list("Acme")
        self.expect_kill("suppliers", "--set", "sources.google_sheets.kill_at=300")
        self.assertEqual(self.query("""SELECT count(*) FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id
            WHERE s.key = 'bolt'"""), [(0,)], "a part of a list is in the store")
        again = self.sync()
        self.assertLess(again.seconds, 10, f"it waited instead of taking over\n{again}")
        self.assertEqual(broken(self.store), [])
        self.assertEqual(self.query("SELECT count(*) FROM supplier_items"), [(520,)])


if __name__ == "__main__":
    sluice.main()
