# SPDX-License-Identifier: Apache-2.0
"""Twenty secrets planted wherever one can be: none comes out in an answer, a metric, the log, a notification or a table,
neither plain nor encoded."""
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import api
import canaries
import sluice
from api import ADMIN, token

CANARIES = [canaries.secret(f"number {i:02d}") for i in range(20)]
ESCAPED = [canaries.escaped(f"number {i:02d}") for i in range(20)]
DOCUMENT = json.loads((sluice.SOURCE / "core" / "http" / "openapi.json").read_text())


class Listener:
    """Keeps what a webhook is told, with its headers, and answers every price list with 403."""

    def __init__(self):
        self.heard = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.command == "POST":
                    listener.heard.append(body)
                self.send_response(200 if self.command == "POST" else 403)
                self.send_header("Content-Length", "0")
                self.end_headers()
            do_GET = do_POST = answer

            def log_message(self, *_):
                pass
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.here = f"127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Secrets(api.Api):
    def setUp(self):
        super().setUp()
        self.listener = Listener()
        self.addCleanup(self.listener.close)
        here = self.listener.here
        self.key = CANARIES[0] + " and some more bytes for a key"
        hashed = subprocess.run([str(sluice.PROGRAM), "user", "hash"], input=CANARIES[1] + "\n", capture_output=True, text=True,
                                check=True).stdout.strip()
        self.master("Acme",
                    ("Userinfo", f"http://{ESCAPED[2]}:{ESCAPED[3]}@{here}/a.csv", "csv", "yes"),
                    ("Query", f"http://{here}/b.csv?token={ESCAPED[4]}&key={ESCAPED[5]}", "csv", "yes"),
                    ("Fragment", f"http://{here}/c.csv#{ESCAPED[6]}", "csv", "yes"),
                    ("Unreachable", f"http://u:{ESCAPED[7]}@127.0.0.1:9/d.csv?k={ESCAPED[8]}", "csv", "yes"),
                    ("Unknown", f"ftp://u:{ESCAPED[9]}@host/e.csv?x={ESCAPED[10]}", "csv", "yes"),
                    ("Broken", f"https://u:{ESCAPED[11]}@[::bad/f.csv?x={ESCAPED[12]}", "csv", "yes"),
                    ("Sheet", f"https://docs.google.com/spreadsheets/u?key={ESCAPED[13]}#{ESCAPED[14]}", "google_sheets", "yes"),
                    ("Typed", f"http://{here}/g.csv?k={ESCAPED[15]}", "pdf", "yes"))
        self.list("Acme", 5)
        self.write("sluice.yaml", f"""
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {{plugin: store-sqlite, path: sluice.db}}
state: {{plugin: redis, url: "redis://:{ESCAPED[16]}@127.0.0.1:9/0"}}
http: {{listen: "127.0.0.1:0", jwt_secret: "{self.key}"}}
users: {{anna: {{role: admin, password_hash: '{hashed}'}}}}
fetch: {{allow_http: ["{here}", "127.0.0.1:9"], allow_private: ["{here}", "127.0.0.1:9"]}}
log: {{level: debug}}
sync: {{lease: 2s}}
""")

    def ask(self, method, path, bearer=None, body=None):
        answer = self.client(method, path, bearer=bearer, body=body)
        return answer.status, answer.body

    def test_no_secret_comes_out_anywhere(self):
        self.serve()
        status, content = self.ask("POST", "/api/v1/auth/login", body={"username": "anna", "password": CANARIES[1]})
        self.assertEqual(status, 200, content)
        bearer = json.loads(content)["token"]
        for path, body in (("/api/v1/auth/login", {"username": CANARIES[17], "password": CANARIES[18]}),
                           ("/api/v1/auth/login", {"username": "anna", "password": CANARIES[18]}),
                           ("/api/v1/auth/link", {"code": CANARIES[19]})):
            connection = self.ask("POST", path, body=body)
            self.assertEqual(connection[0], 401)
        run = json.loads(self.ask("POST", ADMIN + "/sync", bearer)[1])["task_id"]

        def ended():
            return (json.loads(self.ask("GET", ADMIN + "/status?log_limit=100", bearer)[1])["last_run"] or {}).get("id") == run
        sluice.poll(ended, "the run ends")
        suppliers = json.loads(self.ask("GET", ADMIN + "/suppliers", bearer)[1])["items"]
        self.assertGreaterEqual(len(suppliers), 5)
        for path, methods in DOCUMENT["paths"].items():
            for method in methods:
                for id_ in [each["id"] for each in suppliers] + [run] if "{id}" in path else [""]:
                    self.ask(method.upper(), path.replace("{id}", id_), bearer)
        self.ask("GET", f"{ADMIN}/rejects?format=csv", bearer)
        self.ask("GET", f"{ADMIN}/status", token(key="x" * 32, sub=CANARIES[19]))
        self.ask("GET", f"{ADMIN}/runs?color={ESCAPED[19]}", bearer)
        self.end()
        for body in self.listener.heard:
            canaries.search("a notification", body)


if __name__ == "__main__":
    sluice.main()
