# SPDX-License-Identifier: Apache-2.0
"""Twenty secrets planted wherever one can be: none comes out in an answer, a metric, the log, a notification or a table,
neither plain nor encoded."""
import base64
import http.client
import json
import sqlite3
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import api
import sluice
from api import ADMIN, token

CANARIES = [f"cAnArY{i:02d}/+=&{chr(97 + i)}Zq" for i in range(20)]
ESCAPED = [urllib.parse.quote(canary, safe="") for canary in CANARIES]
DOCUMENT = json.loads((sluice.SOURCE / "core" / "http" / "openapi.json").read_text())


def forms(canary):
    raw = canary.encode()
    found = {raw, urllib.parse.quote(canary, safe="").encode(), urllib.parse.quote(canary, safe="/").encode()}
    for shift in range(3):  # as it looks inside a longer text in base64
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * shift + raw)[(shift * 4 + 2) // 3 + 1:-4])
    return found


FORMS = {canary: forms(canary) for canary in CANARIES}


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

    def clean(self, where, content):
        for canary, encoded in FORMS.items():
            for form in encoded:
                self.assertNotIn(form, content, f"{where} holds canary {CANARIES.index(canary)} as {form}")

    def ask(self, method, path, bearer=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body=None if body is None else json.dumps(body),
                           headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.clean(f"{method} {path}", content + str(answer.headers).encode())
        return answer.status, content

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
        self.clean("the log", (self.folder / "daemon.log").read_bytes().replace(b'"username"', b""))
        self.assertNotIn(bearer, self.log())
        self.clean("standard output", self.daemon.stdout.read().encode())
        for body in self.listener.heard:
            self.clean("a notification", body)
        self.tables()

    def tables(self):
        """Every column but the address itself, which whoever reads the list needs."""
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for column in row.keys():
                    if (table, column) != ("suppliers", "source_url"):
                        self.clean(f"{table}.{column}", str(row[column]).encode())
        connection.close()


if __name__ == "__main__":
    sluice.main()
