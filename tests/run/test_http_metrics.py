# SPDX-License-Identifier: Apache-2.0
"""/metrics: every name is documented, and each is moved by something that happens here."""
import contextlib
import re

import api
import sluice
from api import ADMIN, token
from gate import Gate

DOCUMENT = sluice.SOURCE / "docs" / "http-api.md"


def parsed(text):
    """{name with labels: value}, checked as Prometheus would read it."""
    values, types = {}, {}
    for line in text.splitlines():
        kind = re.fullmatch(r"# TYPE (\S+) (counter|gauge|histogram)", line)
        if kind:
            types[kind[1]] = kind[2]
        elif not line.startswith("# HELP "):
            found = re.fullmatch(r"([a-z_]+)((?:\{[a-z]+=\"[^\"]*\"(?:,[a-z]+=\"[^\"]*\")*\})?) (-?[0-9.]+)", line)
            assert found, f"no line of Prometheus: {line}"
            assert any(found[1] in (name, name + "_bucket", name + "_sum", name + "_count") for name in types), line
            values[found[1] + found[2]] = float(found[3])
    return values


class Metrics(api.Api):
    def metrics(self):
        return parsed(self.get("/metrics").body.decode())

    def test_every_metric_is_documented_and_moved(self):
        gate = Gate(self.folder)
        self.addCleanup(gate.close)
        self.master("Acme", ("Bolt", gate.url("Bolt.csv"), "csv", "yes"))
        self.write("Acme.csv", "SKU,Name,Price\n" + "".join(f"A-{i},Anvil,{i}\n" for i in range(1, 20)) + "A-20,Anvil,free\n")
        self.list("Bolt")
        self.serve("--workers", "1", *gate.settings)
        seen = [self.metrics()]
        gate.hold()
        self.post(ADMIN + "/sync", status=202)
        self.until(lambda status: status["progress"] == {"current": 1, "total": 2}, "half of it is done")
        seen.append(self.metrics())
        gate.let()
        self.until(lambda status: status["run_id"] is None, "the run ends")
        seen.append(self.metrics())
        self.write("Acme.csv", "SKU,Name,Price\nA-1,Anvil,1\nA-2,Anvil,2\n")
        self.master("Acme", ("Bolt", "gone.csv", "csv", "yes"), ("Crane", "crane.csv", "csv", "no"))
        self.synced()
        self.post(ADMIN + "/schedule/pause", {"reason": "stock-taking"})
        self.until(lambda status: status["schedule"]["paused"], "the pause is shown")
        self.client("POST", "/api/v1/auth/login", body={"username": "a", "password": "b"})
        for _ in range(12):
            self.client("POST", "/api/v1/auth/link", body={"code": "x"})
        code = self.daemon.stdout.readline().split("code=")[-1].strip()
        elsewhere = api.Client(self.port, origin="127.0.0.5")
        self.addCleanup(elsewhere.close)
        self.assertEqual(elsewhere("POST", "/api/v1/auth/link", body={"code": code}).status, 200)
        self.client("GET", ADMIN + "/status")
        self.get("/nothing", status=404)
        with api.raw(self.port) as slow:
            slow.sendall(b"GET /")
            self.assertEqual(api.read_all(slow), b"")
        seen.append(self.metrics())

        names = {re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", name) for each in seen for name in each}
        documented = set(re.findall(r"`(sluice_[a-z_]+)", DOCUMENT.read_text()))
        self.assertEqual(names, documented)
        moved = {re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", name) for name in set().union(*seen)
                 if len({each.get(name) for each in seen}) > 1}
        # The version does not change; the next two are moved by run.http_down, the last two below.
        self.assertLessEqual(names - moved, {"sluice_build_info", "sluice_up", "sluice_data_age_seconds",
                                             "sluice_schedule_next_seconds", "sluice_http_waiting"})
        last = seen[-1]
        self.assertEqual(last['sluice_suppliers{status="error"}'], 2)
        self.assertEqual(last["sluice_holds_open"], 1)
        self.assertEqual(last["sluice_schedule_paused"], 1)
        self.assertEqual(last["sluice_run_active"], 0)
        self.assertEqual(seen[1]["sluice_run_active"], 1)
        self.assertEqual((seen[1]["sluice_run_jobs"], seen[1]["sluice_run_jobs_done"]), (2, 1))
        self.assertEqual(seen[2]['sluice_last_run_rows{kind="read"}'], 42)
        self.assertEqual(seen[2]["sluice_rejected_rows"], 1)
        self.assertEqual(last['sluice_http_logins_total{result="done"}'], 1)
        self.assertGreaterEqual(last["sluice_http_rate_limited_total"], 1)
        self.assertEqual(last["sluice_http_connections_cut_total"], 1)

    def test_the_next_time_is_that_of_the_schedule(self):
        found = []
        for every in ("7h", "11h"):
            self.serve("--set", f"schedule.every={every}")
            self.until(lambda status: status["schedule"]["next_at"] is not None, "the schedule is known")
            found.append(self.metrics()["sluice_schedule_next_seconds"])
            self.end()
        self.assertNotEqual(*found)

    def test_requests_that_wait_for_a_worker_are_counted(self):
        plugin = next(iter(sluice.BUILD.glob("**/store-mock.so")), None)
        if plugin is None:
            self.skipTest("the mock store is not built")
        self.master()
        self.sluice("sync")  # makes the store
        self.write("sluice.yaml", self.configuration.replace(
            "{plugin: store-sqlite, path: sluice.db}", f'{{plugin: "{plugin}", path: sluice.db, faults: ["query=hang"]}}'))
        self.serve("--role", "api")
        self.assertEqual(self.metrics()["sluice_http_waiting"], 0)
        with contextlib.ExitStack() as stack:
            for _ in range(10):  # there are four workers
                connection = stack.enter_context(api.raw(self.port))
                connection.sendall(f"GET {ADMIN}/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n\r\n".encode())
            sluice.poll(lambda: self.metrics()["sluice_http_waiting"] > 0, "a request waits")
            sluice.poll(lambda: self.metrics()["sluice_http_waiting"] == 0, "every request was answered for")

    def test_metrics_need_a_token_and_count_by_route(self):
        self.serve("--role", "api")
        self.assertEqual(self.client("GET", "/metrics").status, 401)
        for _ in range(3):
            self.client("GET", ADMIN + "/status", bearer=token("viewer"))
        found = parsed(self.client("GET", "/metrics", bearer=token("viewer")).body.decode())
        self.assertEqual(found['sluice_http_requests_total{route="getStatus",code="2xx"}'], 3)
        self.assertEqual(found['sluice_http_requests_total{route="metrics",code="4xx"}'], 1)


if __name__ == "__main__":
    sluice.main()
