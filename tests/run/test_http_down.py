# SPDX-License-Identifier: Apache-2.0
"""The store or the state backend is gone, or hangs: the status still answers and says so, what needs the store is
refused in time, and everything comes back by itself."""
import time
import unittest

import api
import sluice
from api import ADMIN, token


class Down(api.Api):
    """With Redis; the store is SQLite, or PostgreSQL where its plugin is built."""

    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt")
        self.list("Acme")
        self.list("Bolt")

    def configure(self, store, state):
        self.write("sluice.yaml", f"""
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {store}
state: {state}
http: {{listen: "127.0.0.1:0", jwt_secret: "{api.SECRET}"}}
sync: {{lease: 2s}}
""")

    def answers_meanwhile(self, what, how):
        """Until the status says that; every answer on the way comes at once and is whole."""
        slowest = 0
        seen = []

        def told():
            nonlocal slowest
            started = time.monotonic()
            status = self.status()
            slowest = max(slowest, time.monotonic() - started)
            self.assertEqual(len(status["suppliers"]), 2)
            seen[:] = [status]
            return any(each["what"] == what and each["state"] in how for each in status["degraded"])
        sluice.poll(told, f"the status says that the {what} is {' or '.join(how)}", 40)
        self.assertLess(slowest, 2, "seconds for the slowest status")
        return seen[0]

    def recovers(self):
        return self.until(lambda status: status["degraded"] == [], "all is well again")


class State(Down):
    def setUp(self):
        super().setUp()
        self.server = self.redis()
        self.configure("{plugin: store-sqlite, path: sluice.db}", f'{{plugin: redis, url: "{self.server.url}"}}')
        self.serve()
        self.synced()

    def test_with_redis_stopped_runs_are_accepted_and_done(self):
        self.server.stop()
        status = self.answers_meanwhile("state", ("down",))
        sluice.poll(lambda: int(self.get(ADMIN + "/status").headers["Age"]) >= 1, "the answers say their age")
        metrics = self.get("/metrics").body.decode()
        self.assertIn('sluice_up{what="state"} 0', metrics)
        self.assertIn('sluice_up{what="store"} 1', metrics)
        self.assertNotIn("sluice_data_age_seconds 0", metrics)
        self.assertTrue(status["degraded"][0]["since"] <= status["server_time"])
        self.synced()
        limited = [self.client("POST", ADMIN + "/sync", bearer=token(sub="bob"), body={"suppliers": ["x"]}).status for _ in range(11)]
        self.assertEqual(limited[-1], 429, "the rate limit is kept by this process alone")
        self.server.start()
        self.recovers()

    def test_a_hung_redis_holds_up_nobody(self):
        self.server.pause()
        self.answers_meanwhile("state", ("hung", "down"))
        self.get(ADMIN + "/runs")
        self.server.resume()
        self.recovers()


@unittest.skipUnless((sluice.BUILD / "plugins" / "store-pg.so").exists(), "the PostgreSQL store is not built")
class Store(Down):
    def setUp(self):
        super().setUp()
        self.database = self.postgres()
        self.configure(f'{{plugin: store-pg, url: "{self.database.url}"}}', "{plugin: state-local, path: state}")
        self.serve()
        self.synced()

    def refuses(self):
        for method, path in (("GET", "/runs"), ("GET", "/suppliers"), ("POST", "/sync"), ("GET", "/schedule")):
            started = time.monotonic()
            answer = self.client(method, ADMIN + path, bearer=token(sub=path))
            self.assertEqual((answer.status, answer.code), (503, "STORE_UNAVAILABLE"), f"{method} {path}: {answer}")
            self.assertLess(time.monotonic() - started, 20)
        self.assertEqual(self.client("GET", "/readyz").status, 503)
        self.assertEqual(self.client("GET", "/healthz").status, 200)

    def test_with_postgresql_stopped_the_status_answers_and_a_trigger_is_refused(self):
        self.database.stop()
        self.answers_meanwhile("store", ("down",))
        self.refuses()
        self.database.start()
        self.recovers()
        self.synced()

    def test_a_hung_postgresql_holds_up_no_status(self):
        self.database.pause()
        status = self.answers_meanwhile("store", ("hung", "down"))
        self.assertGreaterEqual(status["data_age_ms"], 1000)
        self.refuses()
        self.database.resume()
        self.recovers()
        self.assertEqual(self.client("GET", "/readyz").status, 200)


@unittest.skipUnless((sluice.BUILD / "plugins" / "store-pg.so").exists(), "the PostgreSQL store is not built")
class Both(Down):
    def test_while_store_and_state_hang_the_status_answers_with_its_age(self):
        database, server = self.postgres(), self.redis()
        self.configure(f'{{plugin: store-pg, url: "{database.url}"}}', f'{{plugin: redis, url: "{server.url}"}}')
        self.serve()
        self.synced()
        self.assertEqual(self.get(ADMIN + "/status").headers["Age"], "0")
        database.pause()
        server.pause()
        told = self.until(lambda status: {each["what"] for each in status["degraded"]} == {"store", "state"}, "both are missed")
        self.assertEqual(len(told["suppliers"]), 2)
        older = self.until(lambda status: status["data_age_ms"] >= told["data_age_ms"] + 1000, "the age grows")
        self.assertGreaterEqual(int(self.get(ADMIN + "/status").headers["Age"]), older["data_age_ms"] // 1000)
        database.resume()
        server.resume()
        self.recovers()


class Mock(Down):
    """A store that hangs in its queries, by a plugin that is told to."""

    def setUp(self):
        super().setUp()
        plugin = next(iter(sluice.BUILD.glob("**/store-mock.so")), None)
        if plugin is None:
            self.skipTest("the mock store is not built")
        self.plugin = plugin

    def test_a_hung_store_is_told_from_one_that_is_down(self):
        self.sync()
        self.configure(f'{{plugin: "{self.plugin}", path: sluice.db, faults: ["query:20=hang"]}}', "{plugin: state-local, path: state}")
        self.serve("--role", "api")
        self.until(lambda status: len(status["suppliers"]) == 2, "the store was read")
        self.answers_meanwhile("store", ("hung",))
        self.assertEqual(self.end(), 0, self.log())


if __name__ == "__main__":
    sluice.main()
