# SPDX-License-Identifier: Apache-2.0
"""A webhook is told what people have to know, once, and nothing else; its address stays a secret."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import canaries
import sluice
from daemon import LEASE, Daemon

TOKEN = canaries.escaped("webhook")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, self.headers["Content-Type"], json.loads(body)))
        self.answer(self.server.answer)

    def do_GET(self):
        self.answer(429, "Retry-After: 1")

    def answer(self, code, *headers):
        self.send_response(code)
        for header in headers:
            self.send_header(*header.split(": "))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Notify(Daemon):
    def setUp(self):
        super().setUp()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.told, self.server.answer = [], 204
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.here = f"127.0.0.1:{self.server.server_address[1]}"
        self.configure(f"http://{self.here}/hooks/{TOKEN}")

    def configure(self, webhook, more=""):
        self.write("sluice.yaml", self.configuration + f"""
fetch: {{allow_private: [{self.here}], allow_http: [{self.here}], ports: [{self.here.split(':')[1]}], attempts: 2, retry_delay: 10ms}}
notify: {{webhook: "{webhook}"{more}}}
""")

    def run_once(self, code=sluice.DONE):
        self.sluice("trigger", code=sluice.DONE)
        return self.sluice("run", "--once", *LEASE, code=code)

    @property
    def events(self):
        return [body["event"] for _, _, body in self.server.told]

    def test_a_failure_is_told_with_the_suppliers_and_its_end_once(self):
        self.run_once()
        self.write("Bolt.csv", "no header at all\n")
        self.run_once(sluice.PARTIAL)
        self.assertEqual(self.events, ["failed"], str(self.server.told))
        path, kind, body = self.server.told[0]
        self.assertEqual((path, kind), (f"/hooks/{TOKEN}", "application/json"))
        self.assertEqual([(s["name"], s["outcome"]) for s in body["suppliers"]], [("Bolt", "failed")])
        self.assertEqual(body["run_id"], self.query("SELECT id FROM sync_runs WHERE outcome = 'partial'")[0][0])
        self.list("Bolt")
        self.run_once()
        self.run_once()
        self.assertEqual(self.events, ["failed", "recovered"])

    def test_a_hold_is_told(self):
        self.run_once()
        self.list("Acme", 2)
        self.run_once(sluice.HELD)
        self.assertEqual(self.events, ["held"])
        self.assertEqual(self.server.told[0][2]["suppliers"][0]["name"], "Acme")

    def test_only_what_is_wanted_is_told(self):
        self.configure(f"http://{self.here}/hooks/{TOKEN}", ", on: [held]")
        self.write("Bolt.csv", "no header at all\n")
        self.run_once(sluice.PARTIAL)
        self.assertEqual(self.events, [])

    def test_a_master_sheet_that_is_gone_is_told(self):
        (self.folder / "suppliers.csv").unlink()
        self.sluice("trigger", code=sluice.DONE)
        self.sluice("run", "--once", *LEASE)
        self.assertEqual(self.events, ["failed"])
        self.assertIn("suppliers.csv", self.server.told[0][2]["message"])

    def test_a_server_that_asks_for_patience_is_nobodys_business(self):
        self.master("Acme", ("Busy", f"http://{self.here}/list.csv", "csv", "yes"))
        self.sluice("trigger", code=sluice.DONE)
        self.sluice("run", "--once", *LEASE, "--set", "sync.supplier_timeout=2s", "--set", "sync.run_timeout=6s")
        self.assertEqual(self.query("SELECT count(*) FROM sync_jobs WHERE state = 'done'"), [(2,)])
        self.assertEqual(self.events, [])

    def test_the_test_command_posts_one_and_says_how_it_went(self):
        self.sluice("notify", "test", code=sluice.DONE)
        self.assertEqual(self.events, ["test"])
        self.server.answer = 404
        refused = self.sluice("notify", "test", code=sluice.CONFIG)
        self.assertIn("404", refused.err)
        self.write("sluice.yaml", self.configuration)
        self.assertIn("notify.webhook", self.sluice("notify", "test", code=sluice.CONFIG).err)

    def test_a_webhook_that_does_not_answer_changes_nothing_and_stays_secret(self):
        self.configure(f"http://127.0.0.1:9/hooks/{TOKEN}")
        self.write("Bolt.csv", "no header at all\n")
        done = self.run_once(sluice.PARTIAL)
        self.assertIn("the webhook of section notify was not told", done.err)
        self.sluice("config", "show")


if __name__ == "__main__":
    sluice.main()
