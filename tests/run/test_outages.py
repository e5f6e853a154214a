# SPDX-License-Identifier: Apache-2.0
"""Redis and PostgreSQL fail in the middle of a run: it ends right or is resumed, and `sluice status` says what is down."""
import json

import sluice
from dump import dump
from fleet import Fleet
from gate import Gate


class Outages(Fleet):
    rows = 400

    def setUp(self):
        super().setUp()
        self.lists(1)
        self.gate = Gate(self.folder)
        self.addCleanup(self.gate.close)
        self.master(*self.suppliers, ("Gated", self.gate.url("Gated.csv"), "csv", "yes"))
        self.list("Gated", 300)
        self.sync(*self.gate.settings)
        self.expected = dump(self.pg)
        self.pg.fresh()
        self.configure()

    def begin(self):
        """A daemon in the middle of a run: all lists but one are done, that one waits."""
        self.gate.hold()
        self.launch("A", *self.gate.settings)
        run = self.trigger()
        sluice.poll(lambda: self.gate.waiting > 0 and self.phase(run).startswith("suppliers, 6 of 7"),
                    "one list is left")
        return run

    def status(self):
        result = self.sluice("status", "--json")
        return result.code, json.loads(result.out)["degraded"]

    def expect_end(self, run):
        self.gate.let()
        sluice.poll(lambda: self.ended(run), f"the run ends\n{self.logs()}")
        self.assertEqual(self.run_state(run)[1], "success", self.logs())
        self.assertEqual(self.broken(), [])
        self.assertEqual(sorted(set(self.expected) ^ set(dump(self.pg)))[:10], [], self.logs())
        self.assertEqual(self.status(), (sluice.DONE, []))
        self.end_all()

    def test_redis_is_killed_and_comes_back_without_its_data(self):
        run = self.begin()
        self.redis_server.kill()
        code, degraded = self.status()
        self.assertEqual(code, sluice.UNAVAILABLE)
        self.assertTrue(degraded[0].startswith("state:"), degraded)
        self.redis_server.start()
        self.redis_server("FLUSHALL")
        self.expect_end(run)

    def test_redis_stays_away_and_the_run_ends_all_the_same(self):
        run = self.begin()
        self.redis_server.kill()
        self.gate.let()
        sluice.poll(lambda: self.ended(run), f"the run ends\n{self.logs()}")
        self.assertEqual(self.run_state(run)[1], "success", self.logs())
        self.assertEqual(self.sluice("trigger", "--wait").code, sluice.DONE, self.logs())
        self.end_all()

    def test_redis_forgets_everything(self):
        run = self.begin()
        self.redis_server("FLUSHALL")
        sluice.poll(lambda: self.redis_server("GET", "sync:lock") == run.encode(), "the lock is taken again")
        self.expect_end(run)

    def test_postgresql_is_stopped_at_once_and_comes_back(self):
        run = self.begin()
        self.pg.stop()
        code, degraded = self.status()
        self.assertEqual(code, sluice.UNAVAILABLE)
        self.assertTrue(degraded[0].startswith("store:"), degraded)
        self.pg.start()
        self.expect_end(run)


if __name__ == "__main__":
    sluice.main()
