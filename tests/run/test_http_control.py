# SPDX-License-Identifier: Apache-2.0
"""What the API starts, stops and decides, and what it shows of it afterwards."""
import collections
import csv
import gzip
import io
import threading
import time

import api
import sluice
from api import ADMIN, token
from gate import Gate

UNKNOWN = "01a21399-e7d5-769b-82b5-3f0000bf50ac"


class Control(api.Api):
    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt")
        self.list("Acme")
        self.list("Bolt")

    def test_an_accepted_run_reaches_its_end_and_is_shown_everywhere(self):
        self.serve()
        accepted = self.post(ADMIN + "/sync", status=202).json()
        self.assertEqual(set(accepted), {"task_id", "status", "message"})
        run = accepted["task_id"]
        status = self.until(lambda status: (status["last_run"] or {}).get("id") == run, "the run ends")
        self.assertEqual((status["sync_state"], status["progress"], status["run_id"]), ("idle", None, None))
        self.assertEqual(status["last_run"]["outcome"], "success")
        self.assertEqual(status["last_sync_at"], status["last_run"]["finished_at"])
        self.assertEqual([(each["name"], each["status"], each["items_count"]) for each in status["suppliers"]],
                         [("Acme", "success", 20), ("Bolt", "success", 20)])
        shown = self.get(f"{ADMIN}/runs/{run}").json()
        self.assertEqual((shown["trigger"], shown["requested_by"], shown["jobs_done"], shown["changed"]), ("manual", "anna", 2, 40))
        jobs = self.get(f"{ADMIN}/runs/{run}/suppliers").json()["items"]
        self.assertEqual(sorted((job["supplier"], job["outcome"], job["inserted"]) for job in jobs), [("Acme", "success", 20), ("Bolt", "success", 20)])
        self.assertEqual(self.get(f"{ADMIN}/runs").json()["items"], [shown])
        self.assertEqual(self.get(ADMIN + "/audit").json()["items"][0]["detail"], run)

    def test_a_run_of_named_suppliers_reads_no_other(self):
        self.serve()
        self.synced()
        acme = self.suppliers()["Acme"]["id"]
        for body, read in (({"suppliers": ["BOLT"]}, {"Bolt"}), ({"suppliers": [acme], "full": True}, {"Acme"}),
                           ({"suppliers": [acme, "acme", "Bolt"]}, {"Acme", "Bolt"})):
            run = self.synced(body)["last_run"]["id"]
            jobs = self.get(f"{ADMIN}/runs/{run}/suppliers").json()["items"]
            self.assertEqual({job["supplier"] for job in jobs}, read)
        run = self.post(f"{ADMIN}/suppliers/{acme}/sync", status=202).json()["task_id"]
        self.until(lambda status: status["last_run"]["id"] == run, "the supplier's run ends")

    def test_what_asks_for_nothing_known_is_refused_and_queues_nothing(self):
        self.serve()
        asked = (({"suppliers": ["Nobody"]}, 404), ({"suppliers": [UNKNOWN]}, 404), ({"suppliers": "Acme"}, 400),
                 ({"suppliers": [1]}, 400), ({"suppliers": [""]}, 400), ({"full": "yes"}, 400), ({"more": 1}, 400),
                 ([], 400), (b"{", 400), (b'{"full": true, "full": false}', 400), ({"suppliers": ["x"] * 1001}, 400))
        for i, (body, status) in enumerate(asked):
            client = api.Client(self.port, origin=f"127.0.3.{i + 1}")
            self.addCleanup(client.close)
            answer = client("POST", ADMIN + "/sync", body=body, bearer=token(sub=f"user-{i}"))
            self.assertEqual(answer.status, status, f"{body}: {answer}")
        self.assertEqual(self.get(ADMIN + "/runs").json()["items"], [])

    def test_of_a_thousand_triggers_at_once_exactly_one_is_accepted(self):
        self.serve("--role", "api")  # nobody takes the run: it stays queued
        answers, start = collections.Counter(), threading.Barrier(100)
        lock, runs, current = threading.Lock(), set(), set()

        def trigger(i):
            client = api.Client(self.port, origin=f"127.0.2.{i + 1}")
            bearers = [token(sub=f"user-{i}-{k}") for k in range(10)]
            start.wait()
            for bearer in bearers:
                answer = client("POST", ADMIN + "/sync", bearer=bearer)
                with lock:
                    answers[answer.status] += 1
                    if answer.status == 202:
                        runs.add(answer.json()["task_id"])
                    elif answer.status == 409:
                        current.add(answer.json()["error"]["current_task_id"])
            client.close()
        threads = [threading.Thread(target=trigger, args=(i,)) for i in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((answers[202], sum(answers.values())), (1, 1000), answers)
        self.assertEqual(current, runs)
        self.assertEqual(self.query("SELECT count(*) FROM sync_runs"), [(1,)])

    def test_who_triggers_too_often_has_to_wait(self):
        self.serve()
        codes = [self.client("POST", ADMIN + "/sync", bearer=token(), body={"suppliers": ["Nobody"]}).status for _ in range(11)]
        self.assertEqual(codes, [404] * 10 + [429])
        limited = self.client("POST", ADMIN + "/sync", bearer=token())
        self.assertEqual(limited.code, "RATE_LIMIT_EXCEEDED")
        self.assertEqual((limited.headers["X-RateLimit-Limit"], limited.headers["X-RateLimit-Remaining"]), ("10", "0"))
        self.assertGreaterEqual(int(limited.headers["Retry-After"]), 1)
        self.get(ADMIN + "/status")

    def test_a_queued_run_is_cancelled_once(self):
        self.serve("--role", "api")
        run = self.post(ADMIN + "/sync", status=202).json()["task_id"]
        conflict = self.client("POST", ADMIN + "/sync", bearer=token())
        self.assertEqual((conflict.status, conflict.code, conflict.json()["error"]["current_task_id"]), (409, "SYNC_IN_PROGRESS", run))
        status = self.until(lambda status: status["run_id"] == run, "the queued run is shown")
        self.assertEqual((status["sync_state"], status["run_state"]), ("idle", "queued"))
        self.assertEqual(self.post(f"{ADMIN}/runs/{run}/cancel", status=202).json()["task_id"], run)
        self.sluice("run", "--role", "worker", "--once", code=None)
        self.until(lambda status: (status["last_run"] or {}).get("outcome") == "cancelled", "the run is cancelled")
        late = self.client("POST", f"{ADMIN}/runs/{run}/cancel", bearer=token())
        self.assertEqual((late.status, late.code), (409, "CONFLICT"))
        self.assertEqual(self.client("POST", f"{ADMIN}/runs/{UNKNOWN}/cancel", bearer=token()).status, 404)

    def test_progress_moves_and_names_who_is_read(self):
        gate = Gate(self.folder)
        self.addCleanup(gate.close)
        self.master("Acme", ("Bolt", gate.url("Bolt.csv"), "csv", "yes"))
        gate.hold()
        self.serve("--workers", "1", *gate.settings)
        run = self.post(ADMIN + "/sync", status=202).json()["task_id"]
        status = self.until(lambda status: status["progress"] == {"current": 1, "total": 2}, "the first of two is done")
        self.assertEqual((status["sync_state"], status["run_id"], status["run_state"]), ("processing_suppliers", run, "suppliers"))
        self.assertEqual([each["name"] for each in status["current_suppliers"]], ["Bolt"])
        self.assertEqual((status["rows_read"], status["rows_written"]), (21, 20))
        self.assertLessEqual(status["run_started_at"], status["phase_started_at"])
        busy = self.client("POST", ADMIN + "/sync", bearer=token())
        self.assertEqual((busy.status, busy.json()["error"]["current_task_id"]), (409, run))
        gate.let()
        status = self.until(lambda status: status["run_id"] is None, "the run ends")
        self.assertEqual((status["last_run"]["id"], status["current_suppliers"], status["progress"]), (run, [], None))

    def test_a_list_that_takes_longer_than_the_lease_leaves_its_run_in_good_hands(self):
        gate = Gate(self.folder)
        self.addCleanup(gate.close)
        self.master(("Bolt", gate.url("Bolt.csv"), "csv", "yes"))
        gate.hold()
        self.serve("--set", "sync.lease=1s", *gate.settings)
        self.post(ADMIN + "/sync", status=202)
        self.until(lambda status: status["current_suppliers"], "Bolt is read")
        end, states = time.monotonic() + 4, set()
        while time.monotonic() < end:  # four leases
            states.add(self.status()["run_state"])
        self.assertEqual(states, {"suppliers"})
        gate.let()

    def test_a_supplier_that_fails_is_told_with_its_reason(self):
        self.master("Acme", ("Bolt", "gone.csv", "csv", "yes"))
        self.serve()
        self.assertEqual(self.synced()["last_run"]["outcome"], "partial")
        bolt = self.suppliers()["Bolt"]
        self.assertEqual(bolt["status"], "error")
        self.assertIn("gone.csv", bolt["last_error"])
        self.assertEqual([entry["level"] for entry in self.get(f"{ADMIN}/logs?supplier={bolt['id']}").json()["items"]], ["error"])

    def test_a_hold_is_shown_with_its_evidence_and_approved_once(self):
        self.serve()
        self.synced()
        self.list("Acme", 4)
        status = self.synced({"suppliers": ["Acme"]})
        self.assertEqual((status["last_run"]["outcome"], status["holds"]), ("held", 1))
        hold = self.get(ADMIN + "/holds?state=open").json()["items"][0]
        self.assertEqual((hold["supplier"], hold["guard"], hold["figure"], hold["decision"]), ("Acme", "items_gone", 0.8, None))
        self.assertEqual(len(hold["examples"]), 16)
        self.assertEqual(self.get(f"{ADMIN}/holds/{hold['id']}").json(), hold)
        decided = self.post(f"{ADMIN}/holds/{hold['id']}/approve").json()
        self.assertEqual(decided["decision"], "approved")
        status = self.until(lambda status: status["last_run"]["id"] == decided["task_id"], "the approved run ends")
        self.assertEqual((status["last_run"]["outcome"], status["holds"]), ("success", 0))
        self.assertEqual(self.suppliers()["Acme"]["items_count"], 4)
        again = self.client("POST", f"{ADMIN}/holds/{hold['id']}/approve", bearer=token())
        self.assertEqual((again.status, again.code), (409, "CONFLICT"))
        self.assertEqual(self.client("POST", f"{ADMIN}/holds/{UNKNOWN}/discard", bearer=token()).status, 404)
        self.assertEqual(self.get(ADMIN + "/holds?state=open").json()["items"], [])

    def test_a_hold_that_is_approved_while_a_run_is_at_work_is_read_again_after_it(self):
        gate = Gate(self.folder)
        self.addCleanup(gate.close)
        self.master("Acme", ("Bolt", gate.url("Bolt.csv"), "csv", "yes"))
        self.serve(*gate.settings)
        self.synced()
        self.list("Acme", 4)
        self.synced({"suppliers": ["Acme"]})
        hold = self.get(ADMIN + "/holds?state=open").json()["items"][0]
        gate.hold()
        self.post(ADMIN + "/sync", {"suppliers": ["Bolt"]}, status=202)
        self.until(lambda status: status["current_suppliers"], "Bolt is read")
        self.assertIsNone(self.post(f"{ADMIN}/holds/{hold['id']}/approve").json()["task_id"])
        gate.let()
        self.until(lambda status: self.suppliers()["Acme"]["items_count"] == 4, "what was approved is there")
        runs = self.get(ADMIN + "/runs").json()["items"]
        self.assertEqual((runs[0]["requested_by"], runs[0]["scope"]), ("anna", ["acme"]))
        self.sluice("trigger", "--wait", code=sluice.DONE)
        self.assertEqual(len(self.get(ADMIN + "/runs").json()["items"]), len(runs) + 1, "it was read again once")

    def test_a_discarded_hold_lets_nothing_through(self):
        self.serve()
        self.synced()
        self.list("Acme", 4)
        self.synced({"suppliers": ["Acme"]})
        hold = self.get(ADMIN + "/holds").json()["items"][0]
        self.assertEqual(self.post(f"{ADMIN}/holds/{hold['id']}/discard").json()["decision"], "discarded")
        self.assertEqual(self.get(f"{ADMIN}/holds/{hold['id']}").json()["decided_by"], "anna")
        self.assertEqual(self.suppliers()["Acme"]["items_count"], 20)

    def test_the_schedule_is_paused_with_a_reason_and_goes_on(self):
        self.serve()
        before = self.get(ADMIN + "/schedule?n=3").json()
        self.assertEqual((len(before["next"]), before["paused"]), (3, False))
        paused = self.post(ADMIN + "/schedule/pause", {"reason": "stock-taking"}).json()
        self.assertEqual((paused["paused"], paused["reason"], paused["paused_by"]), (True, "stock-taking", "anna"))
        status = self.until(lambda status: status["schedule"]["paused"], "the status shows the pause")
        self.assertEqual(status["schedule"]["reason"], "stock-taking")
        self.assertEqual(status["next_scheduled_at"], before["next"][0])
        for body in (None, {}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 501}, {"reason": 1}):
            self.post(ADMIN + "/schedule/pause", body, status=400)
        self.assertFalse(self.post(ADMIN + "/schedule/resume").json()["paused"])
        what = [row["what"] for row in self.get(ADMIN + "/audit").json()["items"]]
        self.assertEqual(len(what), 2, what)


class Reading(api.Api):
    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt")
        self.list("Bolt")
        self.write("Acme.csv", "SKU,Name,Price\nA-1,Anvil,10\nA-2,Bolt,free\nA-3,\"=cmd|' /C calc'!A0\",much\nA-4,Clip,3\n,Nameless,4\n")
        self.write("sluice.yaml", self.configuration + "guards: {rows_rejected: 100}\n")
        self.serve()
        self.synced()

    def test_rejects_are_found_by_supplier_reason_and_run(self):
        rejects = self.get(ADMIN + "/rejects").json()["items"]
        self.assertEqual([(each["supplier"], each["row_number"], each["code"]) for each in rejects],
                         [("Acme", 3, "price_not_a_number"), ("Acme", 4, "price_not_a_number"), ("Acme", 6, "sku_missing")])
        self.assertEqual(rejects[0]["address"], "Acme.csv:3:3")
        counts = self.get(ADMIN + "/rejects/counts").json()["items"]
        self.assertEqual([(each["code"], each["count"], each["suppliers"]) for each in counts],
                         [("price_not_a_number", 2, 1), ("sku_missing", 1, 1)])
        bolt = self.suppliers()["Bolt"]["id"]
        self.assertEqual(self.get(f"{ADMIN}/rejects?supplier={bolt}").json()["items"], [])
        self.assertEqual(len(self.get(ADMIN + "/rejects?code=sku_missing").json()["items"]), 1)
        self.assertEqual(self.get(f"{ADMIN}/rejects?run_id={UNKNOWN}").json()["items"], [])

    def test_rejects_as_csv_are_a_download_without_formulas(self):
        answer = self.get(ADMIN + "/rejects?format=csv")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/csv"))
        self.assertIn("rejects.csv", answer.headers["Content-Disposition"])
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        self.assertEqual(len(rows), 3)
        for row in rows:
            for cell in row.values():
                self.assertNotIn(cell[:1], "=+-@" if cell else " ", row)

    def test_pages_follow_each_other(self):
        bolt = self.suppliers()["Bolt"]["id"]
        seen, offset, more = [], 0, True
        while more:
            page = self.get(f"{ADMIN}/suppliers/{bolt}/items?limit=7&offset={offset}").json()
            self.assertEqual((page["limit"], page["offset"]), (7, offset))
            seen += [item["sku"] for item in page["items"]]
            offset, more = offset + 7, page["has_more"]
        self.assertEqual(sorted(seen), sorted(f"Bolt-{i}" for i in range(1, 21)))
        self.assertEqual([item["sku"] for item in self.get(f"{ADMIN}/suppliers/{bolt}/items?search=thing+20").json()["items"]], ["Bolt-20"])
        self.assertEqual([each["name"] for each in self.get(ADMIN + "/suppliers?search=OL").json()["items"]], ["Bolt"])

    def test_a_supplier_shows_its_mapping_history_and_price_changes(self):
        acme = self.suppliers()["Acme"]["id"]
        detail = self.get(f"{ADMIN}/suppliers/{acme}").json()
        self.assertEqual((detail["supplier"]["items_count"], detail["supplier"]["rejects_count"]), (2, 3))
        self.assertEqual([column["field"] for column in detail["reading"]["mapping"]["columns"]], ["sku", "name", "price"])
        self.write("Acme.csv", "SKU,Name,Price\nA-1,Anvil,11\nA-4,Clip,3\n")
        run = self.synced()["last_run"]["id"]
        self.assertEqual([(each["sku"], each["old_price"], each["price"]) for each in
                          self.get(f"{ADMIN}/suppliers/{acme}/prices").json()["items"]], [("A-1", "10.0000", "11.0000")])
        history = self.get(f"{ADMIN}/suppliers/{acme}/runs").json()["items"]
        self.assertEqual((len(history), history[0]["run_id"], history[0]["updated"]), (2, run, 1))
        for path in ("", "/runs", "/items", "/prices"):
            self.get(f"{ADMIN}/suppliers/{UNKNOWN}{path}", status=404)

    def test_logs_are_followed_without_a_gap(self):
        first = self.get(ADMIN + "/logs?limit=2").json()
        self.assertEqual((len(first["items"]), first["has_more"]), (2, True))
        everything = self.get(ADMIN + "/logs").json()
        levels = collections.Counter(entry["level"] for entry in everything["items"])
        self.assertEqual(levels, {"info": 2, "warning": 3})
        self.assertEqual(len(self.get(ADMIN + "/logs?level=warning").json()["items"]), 3)
        last = everything["last_seq"]
        self.assertEqual(self.get(f"{ADMIN}/logs?after={last}").json(), {"items": [], "last_seq": last, "has_more": False})
        self.synced()
        seen, after, more = [], last, True
        while more:
            page = self.get(f"{ADMIN}/logs?after={after}&limit=1").json()
            seen += [entry["seq"] for entry in page["items"]]
            after, more = page["last_seq"], page["has_more"]
        self.assertEqual(seen, sorted(set(seen)))
        self.assertEqual(seen, [entry["seq"] for entry in self.get(f"{ADMIN}/logs?after={last}").json()["items"]])
        back = self.get(f"{ADMIN}/logs?before={last}").json()["items"]
        self.assertTrue(back and all(entry["seq"] < last for entry in back))

    def test_a_parameter_that_is_not_what_it_may_be_is_refused_by_name(self):
        for query in ("limit=0", "limit=1001", "limit=x", "limit=", "limit", "limit=1&limit=1", "offset=-1", "color=red", "supplier=Acme",
                      "supplier=" + UNKNOWN.upper()):
            answer = self.get(f"{ADMIN}/runs?{query}", status=400)
            self.assertEqual(answer.code, "VALIDATION_ERROR")
            self.assertEqual(answer.json()["error"]["details"]["field"], query.split("=")[0])
        for query in ("log_limit=0", "log_limit=101", "log_limit=ten", "limit=5"):
            self.get(f"{ADMIN}/status?{query}", status=400)

    def test_a_validator_saves_the_transfer(self):
        for path in ("/status", "/status?log_limit=3", "/suppliers", "/runs"):
            first = self.get(ADMIN + path)
            same = self.client("GET", ADMIN + path, bearer=token(), If_None_Match=first.headers["ETag"])
            self.assertEqual((same.status, same.body, same.headers["ETag"]), (304, b"", first.headers["ETag"]), path)
        self.assertNotEqual(self.get(ADMIN + "/status").headers["ETag"], self.get(ADMIN + "/status?log_limit=1").headers["ETag"])
        before = self.get(ADMIN + "/status").headers["ETag"]
        self.synced()
        self.assertEqual(self.client("GET", ADMIN + "/status", bearer=token(), If_None_Match=before).status, 200)

    def test_log_limit_cuts_the_newest_logs(self):
        everything = self.get(ADMIN + "/status?log_limit=100").json()["recent_logs"]
        self.assertEqual(len(everything), 5)
        for n in (1, 2, 4):
            self.assertEqual(self.get(f"{ADMIN}/status?log_limit={n}").json()["recent_logs"], everything[:n])

    def test_gzip_holds_the_same(self):
        for path in ("/status", "/rejects", "/suppliers"):
            plain = self.get(ADMIN + path)
            packed = self.client("GET", ADMIN + path, bearer=token(), Accept_Encoding="gzip")
            if packed.headers["Content-Encoding"]:
                self.assertEqual(gzip.decompress(packed.body), plain.body)
                self.assertLess(len(packed.body), len(plain.body))
        self.assertEqual(self.client("GET", ADMIN + "/status", bearer=token(), Accept_Encoding="gzip").headers["Content-Encoding"], "gzip")


if __name__ == "__main__":
    sluice.main()
