# SPDX-License-Identifier: Apache-2.0
"""Two syncs at once: one works, the other says who does and exits with 75; a lock left by a dead process is no lock."""
import os
import signal
import sqlite3
from pathlib import Path

import sluice
from check_invariants import broken


class Busy(sluice.Place):
    def prepare(self):
        self.master("Acme")
        self.list("Acme", 150000)

    def working(self):
        try:
            return bool(self.query("SELECT 1 FROM sync_runs WHERE state = 'suppliers'"))
        except Exception:  # noqa: BLE001 (the store is not there yet)
            return False

    def stopped_between_writes(self, process):
        """Stops the process; when that was inside a write to the store, lets it go on for another try."""
        os.kill(process.pid, signal.SIGSTOP)
        sluice.poll(lambda: all(stat.read_text().rpartition(")")[2].split()[0] == "T"
                                for stat in Path(f"/proc/{process.pid}/task").glob("*/stat")), "it has stopped")
        connection = sqlite3.connect(self.store, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            return True
        except sqlite3.OperationalError:
            os.kill(process.pid, signal.SIGCONT)
            return False
        finally:
            connection.close()

    def test_a_second_sync_exits_with_75_and_names_the_run_that_is_at_work(self):
        self.prepare()
        first = self.start("sync")
        sluice.poll(lambda: self.working() or first.poll() is not None, "the first sync at work")
        sluice.poll(lambda: first.poll() is not None or self.stopped_between_writes(first), "it is not writing")
        try:
            run = self.query("SELECT id FROM sync_runs WHERE state <> 'done'")
            self.assertTrue(run, "the first sync ended before it could be stopped")
            second = self.sluice("sync")
        finally:
            os.kill(first.pid, signal.SIGCONT)
        self.assertEqual(second.code, sluice.TRY_LATER, str(second))
        self.assertIn(run[0][0], second.everything)
        out, err = first.communicate(timeout=sluice.DEADLINE)
        self.assertEqual(first.returncode, 0, out + err)
        self.assertEqual(broken(self.store), [])

    def test_a_store_that_the_run_at_work_keeps_locked_is_no_other_answer(self):
        self.prepare()
        first = self.start("sync")
        sluice.poll(lambda: self.working() or first.poll() is not None, "the first sync at work")
        sluice.poll(lambda: first.poll() is not None or self.stopped_between_writes(first), "it is not writing")
        connection = sqlite3.connect(self.store, isolation_level=None)
        try:
            run = self.query("SELECT id FROM sync_runs WHERE state <> 'done'")
            self.assertTrue(run, "the first sync ended before it could be stopped")
            connection.execute("BEGIN IMMEDIATE")
            second = self.sluice("sync", "--set", "store.busy_timeout=100ms")
        finally:
            connection.close()
            os.kill(first.pid, signal.SIGCONT)
        self.assertEqual(second.code, sluice.TRY_LATER, str(second))
        self.assertIn(run[0][0], second.everything)
        out, err = first.communicate(timeout=sluice.DEADLINE)
        self.assertEqual(first.returncode, 0, out + err)

    def test_two_syncs_started_together_end_in_one_right_state(self):
        self.prepare()
        both = [self.start("sync"), self.start("sync")]
        codes = []
        for process in both:
            out, err = process.communicate(timeout=sluice.DEADLINE)
            codes.append(process.returncode)
            self.assertIn(process.returncode, (sluice.DONE, sluice.TRY_LATER), out + err)
        self.assertIn(sluice.DONE, codes)
        self.assertEqual(broken(self.store), [])
        self.assertEqual(self.query("SELECT count(*) FROM supplier_items")[0][0], 150000)


if __name__ == "__main__":
    sluice.main()
