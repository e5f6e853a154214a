# SPDX-License-Identifier: Apache-2.0
"""The same plugin against shared/tools/replay-sheets.mjs: recorded exchanges with Google, generated sheets, and its own
idea of what may be asked, so that neither fake can lie alone."""
import json
import os
import shutil
import subprocess
import sys
import unittest
import urllib.request

import sheets
import sluice
from sheets import address

TOOL = sluice.SHARED / "tools" / "replay-sheets.mjs"
RESIDENT, RESIDENT_MOST = sluice.SOURCE / "tests" / "bench" / "resident.py", 64 << 10  # KiB; a window's document is mapped, too
ROWS = int(os.environ.get("SLUICE_SHEET_ROWS", "10000"))  # 100,000: a million cells, in scripts/test --full
RECORDINGS = sluice.SHARED / "corpus" / "gsheets"


def exchanges():
    """{spreadsheet id: {"values": {title: rows of its first whole-tab recording}, "titles": […]}}"""
    found = {}
    for path in sorted(RECORDINGS.glob("*/*.json")):
        exchange = json.loads(path.read_text(encoding="utf-8"))
        request = exchange.get("request")
        if request is None or exchange["response"]["status"] != 200 or "/v4/spreadsheets/" not in request["path"]:
            continue
        identity, _, rest = request["path"].split("/v4/spreadsheets/")[1].partition("/values/")
        about = found.setdefault(identity, {"values": {}, "metadata": False})
        body = json.loads(exchange["response"]["body"])
        if rest.startswith("'") and rest.endswith("'") and not request["query"]:
            about["values"].setdefault(rest[1:-1].replace("''", "'"), body.get("values", []))
        elif not rest and request["query"] == [["includeGridData", "false"]]:
            about["metadata"] = True
    return found


@unittest.skipUnless(TOOL.exists() and shutil.which("node"), "needs shared/tools/replay-sheets.mjs and node")
class Replay(sheets.Sheets):
    def setUp(self):
        super().setUp()
        subprocess.run(["node", str(TOOL), "genkey", "--out", str(self.folder / "replay")], check=True, capture_output=True)
        self.planted.update((self.folder / "replay").iterdir())
        self.server = None

    def serve(self, *options):
        port = self.folder / "port"
        self.server = subprocess.Popen(["node", str(TOOL), "serve", "--portfile", str(port), "--keydir", str(self.folder / "replay"), *options],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.server.wait)
        self.addCleanup(self.server.kill)
        sluice.poll(lambda: port.exists() and port.read_text(), "the replay server listens")
        self.base = f"http://127.0.0.1:{port.read_text()}"
        key = json.loads((self.folder / "replay" / "service-account.json").read_text(encoding="utf-8"))
        key["token_uri"] = f"{self.base}/token"
        config = (self.folder / "sluice.yaml").read_text(encoding="utf-8")
        host = self.base.removeprefix("http://")
        self.write("sluice.yaml", config.replace(self.google.base, self.base).replace(self.google.host, host).replace(
            "burst: 1000", "burst: 1000, drive_hints: false"))
        self.write("key.json", json.dumps(key))

    def post(self, path, what):
        request = urllib.request.Request(self.base + path, data=json.dumps(what).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def log(self, start="/v4/"):
        with urllib.request.urlopen(self.base + "/__log", timeout=30) as answer:
            return [entry for entry in json.loads(answer.read()) if entry["path"].startswith(start)]

    def book(self, identity, rows, **more):
        self.post("/__sheet", {"id": identity, "title": identity, "locale": "en_US", "sheets": [{"title": "Prices", "rows": rows}], **more})

    def master(self, *suppliers, **_):
        rows = [["Supplier", "Price list", "Format", "Active"]] + [[name, address(identity), "google_sheets", "yes"] for name, identity in suppliers]
        self.book(sheets.MASTER, rows)

    def test_every_recorded_sheet_is_read_as_google_answered_it(self):
        self.serve("--recordings", str(RECORDINGS))
        known = {identity: about for identity, about in exchanges().items() if about["metadata"] and about["values"]}
        compared = 0
        for identity, about in sorted(known.items()):
            for title, rows in about["values"].items():
                with self.subTest(identity=identity, title=title):
                    read = self.rows_at(identity, title)
                    if read is None:
                        continue
                    compared += 1
                    self.assertEqual([row[:len(wanted)] for row, wanted in zip(read, rows)], rows)
                    self.assertEqual(len(read), len(rows))
        self.assertGreater(compared, 12)

    def rows_at(self, identity, title):
        """The sheet changed while it was recorded, and each question is answered as it stood then: asked again until the
        tab is there. None: it was renamed after the last recorded answer that lists the tabs."""
        for _ in range(8):
            result = self.sluice("preview", "--raw", "--json", "-o", f"sheet={title}", address(identity))
            if result.code == sluice.CONFIG:
                self.assertIn("its tabs are", result.err)
                continue
            self.assertEqual(result.code, 0, str(result))
            return [[cell or "" for cell in json.loads(line)["cells"]] for line in result.out.splitlines()]
        return None

    def test_recorded_refusals_are_understood(self):
        self.serve("--recordings", str(RECORDINGS))
        result = self.sluice("preview", address("1VTJjWoP1nshbyxmL9JqXgdVsimaYty21LGxxs018H2Y"))
        self.assertNotEqual(result.code, 0)

    def test_generated_sheets_of_two_suppliers_take_two_requests_each(self):
        self.serve()
        self.master(("Acme", "gen-500x8"), ("Bolt", "gen-300x5-2"))
        self.sync()
        self.assertEqual(len(self.items()), 800)
        log = self.log()
        self.assertEqual(len(log), 6, log)
        self.assertEqual({entry["status"] for entry in log}, {200})
        self.assertEqual({entry["auth"] for entry in log}, {"bearer"})
        self.assertEqual(len(self.log("/token")), 1)

    def test_faults_of_every_kind_pass_or_fail_one_supplier(self):
        self.serve()
        self.master(("Acme", "gen-50x5"), ("Bolt", "gen-60x5"))
        self.post("/__inject", [{"match": "gen-50x5/values", "status": 429, "retryAfter": 1}, {"match": "gen-50x5/values", "status": 500},
                                {"match": "gen-50x5/values", "truncate": 100}, {"match": "gen-60x5/values", "slow": 2000}])
        self.sync()
        self.assertEqual(len(self.items()), 110)
        self.post("/__inject", [{"match": "gen-50x5/values", "garbage": True, "times": -1}])
        result = self.sync("--force", code=sluice.PARTIAL)
        self.assertIn("no JSON of cells", result.everything)
        self.assertEqual(len(self.items()), 110)

    def test_nothing_is_asked_again_after_a_permanent_error(self):
        self.serve()
        self.book("1Private", [["SKU"]], shared=False)
        self.master(("Acme", "1Private"), ("Bolt", "1NoSuchSheet"))
        self.sync(code=sluice.FAILED)
        self.assertEqual([entry["status"] for entry in self.log("/v4/spreadsheets/1Private")], [403])
        self.assertEqual([entry["status"] for entry in self.log("/v4/spreadsheets/1NoSuchSheet")], [404])

    def test_public_sheets_are_read_without_a_key(self):
        self.serve()
        self.write("sluice.yaml", (self.folder / "sluice.yaml").read_text(encoding="utf-8").replace("credentials: key.json, ", ""))
        self.book(sheets.MASTER, [["Supplier", "Price list", "Format", "Active"], ["Acme", address("gen-40x5"), "google_sheets", "yes"]], public=True)
        self.sync()
        self.assertEqual(len(self.items()), 40)
        self.assertEqual({entry["auth"] for entry in self.log("/")}, {"none"})

    def test_a_large_sheet_comes_in_windows(self):
        self.serve()
        config = (self.folder / "sluice.yaml").read_text(encoding="utf-8")
        self.write("sluice.yaml", config.replace("drive_hints: false", f"drive_hints: false, window_cells: {ROWS * 5}"))
        self.master(("Big", f"gen-{ROWS}x10"))
        done = subprocess.run([sys.executable, str(RESIDENT), *self.command("sync")], cwd=self.folder, env=sluice.environment(),
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, sluice.DONE, done.stdout)
        self.assertLess(int(done.stdout.split()[-1]), RESIDENT_MOST, "KiB")
        self.assertEqual(self.query("SELECT count(*) FROM supplier_items"), [(ROWS,)])
        windows = [entry for entry in self.log() if "/values/" in entry["path"] and "gen-" in entry["path"]]
        self.assertEqual(len(windows), 7, [entry["path"] for entry in windows])  # six windows of 26 columns, the first one again


if __name__ == "__main__":
    sluice.main()
