# SPDX-License-Identifier: Apache-2.0
"""Several `sluice run` on one PostgreSQL and one Redis, as on several machines: each in the same folder, with the same
configuration, and with a log of its own."""
import re
import signal
import subprocess
from collections import Counter

import sluice
from check_invariants import broken

LEASE = 1  # seconds


class Fleet(sluice.Place):
    suppliers = ("Acme", "Bolt", "Crane", "Drum", "Edge", "Forge")
    rows = 1500
    more = ""

    def setUp(self):
        super().setUp()
        self.pg, self.redis_server = self.postgres(), self.redis()
        self.daemons = {}
        self.configure()

    def configure(self):
        self.write("sluice.yaml", f"""
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {{plugin: pg, url: "{self.pg.url}"}}
state: {{plugin: redis, url: "{self.redis_server.url}"}}
sync: {{lease: {LEASE}s, workers: 2}}
schedule: {{every: 8784h}}
daemon: {{drain: 5s}}
{self.more}""")

    def lists(self, day):
        """Day 2: prices moved, 50 items gone, some new ones, a reject and a duplicate."""
        self.master(*self.suppliers)
        for s in self.suppliers:
            if day == 1:
                self.list(s, self.rows)
            else:
                self.list(s, self.rows + 30, first=51, price=lambda i: f"{i}.50" if i % 9 else f"{i}.75")
            path = self.folder / f"{s}.csv"
            path.write_text(path.read_text() + f"{s}-60,Again,1.00,\n,No code,1.00,\n")

    def launch(self, name, *arguments, env=None):
        """A daemon, at work; its log is NAME.log."""
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(self.command("run", "--role", "scheduler,worker", *arguments), cwd=self.folder,
                                       env=sluice.environment(**(env or {})), stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log)
        self.daemons[name] = process
        self.addCleanup(self.kill, process)
        sluice.poll(lambda: "at work" in self.log(name) or process.poll() is not None, f"{name} is at work")
        self.assertIsNone(process.poll(), self.log(name))
        return process

    @staticmethod
    def kill(process):
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def end_all(self):
        """As an operator would; each has to end well."""
        running = {name: process for name, process in self.daemons.items() if process.poll() is None}
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        for name, process in running.items():
            self.assertEqual(process.wait(60), 0, self.log(name))
        self.daemons.clear()

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def logs(self):
        return "\n".join(f"---- {path.name}\n{path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def trigger(self):
        return self.sluice("trigger", code=sluice.DONE).out.split()[0]

    def run_state(self, run):
        return self.pg.query(f"SELECT state, outcome, holder FROM sync_runs WHERE id = '{run}'")[0]

    def ended(self, run):
        return self.run_state(run)[0] == "done"

    def phase(self, run):
        state = self.run_state(run)[0]
        if state != "suppliers":
            return state
        jobs = Counter(row[0] for row in self.pg.query(f"SELECT state FROM sync_jobs WHERE run_id = '{run}'"))
        return f"suppliers, {jobs['done']} of {sum(jobs.values())} lists done, {jobs['running']} under way"

    def holder(self, run):
        """The name of the daemon that claimed the run, or None."""
        found = re.search(r"process (\d+)", self.run_state(run)[2] or "")
        for name, process in self.daemons.items():
            if found and process.pid == int(found.group(1)):
                return name
        return None

    def broken(self):
        """The promises that the store breaks."""
        return broken(self.pg)
