# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C: a sync stops within a second wherever it is, leaves a consistent store, and the next one finishes the work."""
import signal
import time

import sluice
from check_invariants import broken
from dump import dump

WITHIN = 1.0      # seconds, the promise
BUSY_MACHINE = 2  # how much longer a machine that builds beside us may take


class Interrupt(sluice.Place):
    def interrupted(self, number, after):
        """Starts a sync, sends the signal once `after` () holds, and gives how long it took to end."""
        process = self.start("sync")
        sluice.poll(lambda: after() or process.poll() is not None, "the moment to interrupt")
        self.assertIsNone(process.poll(), "the sync ended before it could be interrupted")
        started = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=sluice.DEADLINE)
        return process.returncode, time.monotonic() - started, out + err

    def run_state(self, *states):
        def holds():
            try:
                return any(row[0] in states for row in self.query("SELECT state FROM sync_runs WHERE state <> 'done'"))
            except Exception:  # noqa: BLE001 (the store is not there yet)
                return False
        return holds

    def prepare(self):
        self.master("Acme", "Bolt", "Crane")
        for supplier in ("Acme", "Bolt", "Crane"):
            self.list(supplier, 60000)

    def check_stops(self, number):
        self.prepare()
        code, seconds, output = self.interrupted(number, self.run_state("suppliers"))
        self.assertNotEqual(code, 0, output)
        self.assertLess(seconds, WITHIN + BUSY_MACHINE, output)
        self.assertEqual(broken(self.store), [], output)
        self.assertEqual(self.query("SELECT count(*) FROM sync_runs WHERE state <> 'done'")[0][0], 0,
                         f"the run was not closed\n{output}")
        self.sync()
        self.assertEqual(broken(self.store), [])
        finished = dump(self.store)
        self.assertEqual(sum(line.startswith("item") for line in finished), 180000)

    def test_ctrl_c_stops_within_a_second_and_leaves_a_consistent_store(self):
        self.check_stops(signal.SIGINT)

    def test_sigterm_does_the_same(self):
        self.check_stops(signal.SIGTERM)

    def test_ctrl_c_also_stops_a_source_that_hangs(self):
        mock = sluice.BUILD / "tests" / "mocks" / "source-mock.so"
        self.write("sluice.yaml", self.configuration + f"sources: {{csv: {{plugin: {mock}, hang_at: 5}}}}\n")
        self.master(("Acme", "mock:acme", "csv", "yes"))
        code, seconds, output = self.interrupted(signal.SIGINT, self.run_state("suppliers"))
        self.assertNotEqual(code, 0, output)
        self.assertLess(seconds, WITHIN + BUSY_MACHINE, output)
        self.assertEqual(broken(self.store), [], output)


if __name__ == "__main__":
    sluice.main()
