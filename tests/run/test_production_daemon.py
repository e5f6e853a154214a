# SPDX-License-Identifier: Apache-2.0
"""examples/production as it stands, unattended: a Google Sheets master, lists from Google Sheets, CSV and XLSX over HTTP,
PostgreSQL, Redis, and a schedule whose time comes. One daemon, then two, come to what `sluice sync` makes of the same
lists on SQLite."""
import json
import shutil
import signal
import subprocess

import sheets
import sluice
from check_invariants import broken
from dump import dump
from gate import Gate
from sheets import address

EXAMPLE = sluice.SOURCE / "examples" / "production" / "sluice.yaml"
WORKBOOK = sluice.SOURCE / "tests" / "conformance" / "lists" / "prices.xlsx"
BASES = ("api_base", "drive_base", "docs_base", "download_base")
TABLES = {"suppliers", "supplier_items", "price_history", "parsing_logs", "sync_runs", "sync_jobs", "sync_ticks",
          "sync_holds", "sync_schedules", "sync_audit", "list_versions", "schema_version"}


class Production(sheets.Sheets):
    def configure(self, *_):
        self.pg, self.redis_server, self.web = self.postgres(), self.redis(), Gate(self.folder)
        self.addCleanup(self.web.close)
        self.write("key.json", self.google.key_file())
        (self.folder / "key.json").chmod(0o600)
        self.given = {"MASTER_SHEET_URL": address(sheets.MASTER), "DATABASE_URL": self.pg.url,
                      "REDIS_URL": self.redis_server.url,
                      "GOOGLE_APPLICATION_CREDENTIALS": str(self.folder / "key.json")}
        here = [self.google.host, f"127.0.0.1:{self.web.server.server_port}"]
        settings = [f"{section}.{name}={self.google.base}" for section in ("master", "sources.google_sheets") for name in BASES]
        settings += [f"fetch.{name}={','.join(here)}" for name in ("allow_http", "allow_private")]
        settings += [f"fetch.api_hosts={self.google.host}", "sync.lease=2s", "http.listen=unix:http.sock",
                     f"http.secret_file={self.folder}/sluice.secret"]
        self.settings = ["-c", str(EXAMPLE), *(word for setting in settings for word in ("--set", setting))]

    def lists(self, day):
        self.master("Acme", "Bolt", ("Crane", self.web.url("Crane.csv"), "csv", "yes"),
                    ("Drum", self.web.url("Drum.xlsx"), "excel", "yes"), ("Gone", self.web.url("none.csv"), "csv", "no"))
        self.list("Acme", n=40 + day)
        self.list("Bolt", n=30)
        sluice.Place.list(self, "Crane", 100, first=day)
        shutil.copy(WORKBOOK, self.folder / "Drum.xlsx")

    def expected(self):
        """What a sync of the same lists makes of them, on SQLite and without a daemon."""
        self.sluice("sync", *self.settings, "--set", "store.plugin=sqlite", "--set", f"store.path={self.folder}/sluice.db",
                    "--set", "state.plugin=local", "--set", f"state.path={self.folder}/state", env=self.given, code=sluice.DONE)
        return dump(self.store)

    def launch(self, name):
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(self.command("run", *self.settings, "--set", "schedule.every=3s"), cwd=self.folder,
                                       env=sluice.environment(**self.given), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def logs(self):
        return "\n".join(path.read_text() for path in self.folder.glob("*.log"))

    def scheduled(self):
        return self.pg.query("SELECT id, outcome FROM sync_runs WHERE trigger = 'scheduled' AND state = 'done' ORDER BY epoch")

    def expect(self, expected, processes):
        sluice.poll(lambda: dump(self.pg) == expected or any(p.poll() is not None for p in processes),
                    f"the store is in line with the lists\n{self.logs()}")
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            self.assertEqual(process.wait(60), 0, self.logs())
        self.assertEqual(sorted(set(expected) ^ set(dump(self.pg)))[:10], [], self.logs())
        self.assertEqual({outcome for _, outcome in self.scheduled()} - {"success"}, set(), self.logs())
        self.assertEqual(broken(self.pg), [])

    def test_one_daemon_then_two(self):
        self.lists(1)
        first = self.expected()
        a = self.launch("A")
        sluice.poll(lambda: "schema_version" in self.tables() and self.scheduled(), f"a scheduled run\n{self.logs()}")
        self.expect(first, [a])
        self.lists(2)
        second = self.expected()
        self.assertNotEqual(first, second)
        self.expect(second, [self.launch("A"), self.launch("B")])
        self.keys_and_tables()

    def tables(self):
        return {row[0] for row in self.pg.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

    def keys_and_tables(self):
        """Those that people and other programs read."""
        self.assertLessEqual(TABLES, self.tables())
        self.assertLessEqual({"state", "task_id", "started_at", "progress_current", "progress_total"},
                             set(json.loads(self.redis_server("GET", "sync:status"))))
        self.assertIsNotNone(self.redis_server("GET", "sync:last_run"))
        self.assertIsNone(self.redis_server("GET", "sync:lock"))
        for line in (line for log in self.folder.glob("*.log") for line in log.read_text().splitlines()):
            if line.startswith("{"):
                self.assertIn("message", json.loads(line))


if __name__ == "__main__":
    sluice.main()
