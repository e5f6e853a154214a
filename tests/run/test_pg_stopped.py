# SPDX-License-Identifier: Apache-2.0
"""A sync is stopped (SIGSTOP) past its lease, wherever it is, another one takes over, and then the first wakes up: it
commits nothing. Without the check of epoch and attempt these tests would fail, which is tested, too."""
import os
import signal
import time

import sluice
from gate import Gate
from production import BUSY_MACHINE, LEASE, ROWS, STALE, UNCHECKED, WAIT, Production

RENEWAL = b"SET lease_until = clock_timestamp()"


class Stopping(Production):
    def stopped_at(self, mark, fate=None):
        """A sync that was stopped when it sent that, and its link: which hangs, too, if its fate says so."""
        link = self.proxy(self.pg.port)
        self.configure(pg_port=link.port)
        sync = []

        def act(_):
            sluice.poll(lambda: bool(sync), "the sync has a pid")
            os.kill(sync[0].pid, signal.SIGSTOP)
            return fate
        link.at(mark, act)
        sync.append(self.start("sync"))
        sluice.poll(lambda: link.met > 0 or sync[0].poll() is not None, "the moment to stop")
        if link.met == 0:
            self.fail(f"it ended before\n{sync[0].communicate()}")
        self.configure()
        return sync[0], link

    def taken_over(self, where):
        """Another sync ends what the stopped one has begun, and soon enough."""
        began = time.monotonic()
        self.take_over(where)
        seconds = time.monotonic() - began
        print(f"{where}: the next holder was done after {seconds:.1f} s, the lease being {LEASE} s")
        self.assertLess(seconds, WAIT + BUSY_MACHINE, where)

    def woken(self, process, link, where):
        """Wakes the stopped one; the commits that it made from then on."""
        before = self.query("SELECT count(*) FROM test_commits")
        link.release()
        os.kill(process.pid, signal.SIGCONT)
        out, err = process.communicate(timeout=sluice.DEADLINE)
        self.assertGreaterEqual(process.returncode, 0, f"{where}\n{out}{err}")
        self.assertEqual(self.query("SELECT count(*) FROM test_commits"), before,
                         f"the stale sync has committed: {where}\n{out}{err}")
        self.expect_as_undisturbed(f"{where}\n{out}{err}")

    def check(self, where, mark, fate=None):
        self.begin_again()
        process, link = self.stopped_at(mark, fate)
        self.taken_over(where)
        self.woken(process, link, where)

    def gated(self):
        """Drum's list comes over HTTP, through a gate."""
        gate = Gate(self.folder)
        self.addCleanup(gate.close)
        self.urls["Drum"] = gate.url("Drum.csv")
        self.settings = tuple(gate.settings)
        return gate


class Stopped(Stopping):
    def test_inside_a_transaction_and_before_its_commit(self):
        self.prepare()
        for where, mark in (("the claim", b"max(e.epoch)"), ("the master's commit", b"INSERT INTO list_versions"),
                            ("a job's claim", b"FOR UPDATE OF j SKIP LOCKED"), ("the merge", b"UPDATE supplier_items"),
                            ("the fence and its COMMIT", b"sluice_fence_job")):
            with self.subTest(where=where):
                self.check(f"stopped before {where}", mark, "hang before")

    def test_inside_copy(self):
        self.prepare()
        for where, mark in (("COPY to the client", b"COPY (SELECT id, row_hash"), ("COPY to the stage", b"COPY pg_temp.stage")):
            with self.subTest(where=where):
                self.check(f"stopped inside {where}", mark)

    def test_inside_the_copy_of_a_first_load(self):
        self.prepare(first=True)
        for where, mark in (("the items", b"COPY supplier_items"), ("the prices", b"COPY price_history")):
            with self.subTest(where=where):
                self.check(f"stopped inside COPY of {where}", mark)

    def test_outside_a_transaction(self):
        gate = self.gated()
        self.prepare()
        gate.hold(1)
        process = self.start("sync", *self.settings)
        sluice.poll(lambda: gate.waiting > 0, "it reads the list")
        os.kill(process.pid, signal.SIGSTOP)
        self.taken_over("stopped while it waited for a list")
        gate.let()
        self.woken(process, self.proxy(self.pg.port), "stopped while it waited for a list")


class Unfenced(Stopping):
    """A sync whose heartbeat hangs while its worker does not: only the fence is between it and a stale commit."""

    def stale_after_a_hung_heartbeat(self, workers, fence=None):
        gate = self.gated()
        self.prepare(fence=fence)
        gate.hold(1)  # the first who asks is kept waiting for what the list is now
        link = self.proxy(self.pg.port)
        self.configure(pg_port=link.port)
        link.cut_at(RENEWAL, "hang before", times=1000)
        first = self.start("sync", *self.settings, "--set", f"sync.workers={workers}")
        sluice.poll(lambda: gate.waiting > 0, "it reads the list")
        self.configure()
        self.list("Drum", ROWS + 30, first=51, price=lambda i: f"{i}.99")  # what the next one reads is newer
        self.taken_over("a sync without a heartbeat")
        tried = []
        link.at(b"sluice_fence_job", tried.append, times=1000)
        gate.let()
        sluice.poll(lambda: tried or first.poll() is not None, "it wants to commit")
        link.release()
        out, err = first.communicate(timeout=sluice.DEADLINE)
        print(f"the one without a heartbeat ended with {first.returncode}\n{out}{err}")
        return self.query(STALE)

    def test_a_worker_of_a_run_that_was_taken_over_commits_nothing(self):
        self.assertEqual(self.stale_after_a_hung_heartbeat(1), [])

    def test_a_worker_whose_job_another_one_took_commits_nothing(self):
        self.assertEqual(self.stale_after_a_hung_heartbeat(2), [])

    def test_without_the_check_they_would(self):
        for workers in (1, 2):
            with self.subTest(workers=workers):
                self.assertNotEqual(self.stale_after_a_hung_heartbeat(workers, UNCHECKED), [],
                                    "it is not the check that keeps it out")


if __name__ == "__main__":
    sluice.main()
