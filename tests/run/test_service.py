# SPDX-License-Identifier: Apache-2.0
"""What the daemon tells a service manager (sd_notify), and its log: JSON with the ids of runs and jobs."""
import json
import os
import signal
import socket
import subprocess

import sluice
from daemon import Daemon


class Service(Daemon):
    def listen(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(str(self.folder / "notify"))
        self.socket.settimeout(sluice.DEADLINE)
        return str(self.folder / "notify")

    def launch(self, **environment):
        log = open(self.folder / "daemon.log", "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen(self.command("run"), cwd=self.folder, env=sluice.environment(**environment),
                                   stdin=subprocess.DEVNULL, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def told(self, wanted):
        """Reads messages until one has that line; all lines of that message."""
        while True:
            lines = self.socket.recv(4096).decode().split("\n")
            if any(line.startswith(wanted) for line in lines):
                return lines

    def test_ready_reloading_status_stopping(self):
        process = self.launch(NOTIFY_SOCKET=self.listen())
        self.assertTrue(any(line.startswith("STATUS=") for line in self.told("READY=1")))
        process.send_signal(signal.SIGHUP)
        stamp = [line for line in self.told("RELOADING=1") if line.startswith("MONOTONIC_USEC=")]
        self.assertGreater(int(stamp[0].split("=")[1]), 0)
        self.told("READY=1")
        process.send_signal(signal.SIGTERM)
        self.told("STOPPING=1")
        self.assertEqual(process.wait(20), 0)

    def test_the_watchdog_is_fed_while_there_is_progress(self):
        process = self.launch(NOTIFY_SOCKET=self.listen(), WATCHDOG_USEC="300000")
        for _ in range(5):
            self.told("WATCHDOG=1")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)

    def test_a_watchdog_of_another_process_is_not_fed(self):
        process = self.launch(NOTIFY_SOCKET=self.listen(), WATCHDOG_USEC="300000", WATCHDOG_PID=str(os.getpid()))
        self.told("READY=1")
        process.send_signal(signal.SIGTERM)
        while True:
            lines = self.socket.recv(4096).decode().split("\n")
            self.assertNotIn("WATCHDOG=1", lines)
            if "STOPPING=1" in lines:
                break
        self.assertEqual(process.wait(20), 0)

    def test_the_log_is_json_that_names_runs_and_jobs(self):
        self.write("sluice.yaml", self.configuration + "log: {format: json, level: info}\n")
        run = self.sluice("trigger", code=sluice.DONE).out.split()[0]
        done = self.sluice("run", "--once", code=sluice.DONE)
        lines = [json.loads(line) for line in done.err.splitlines()]
        for line in lines:
            self.assertLessEqual({"time", "level", "who", "message"}, set(line), line)
        self.assertEqual({line.get("run_id") for line in lines}, {run, None})
        for supplier, job in self.query("SELECT s.name, j.supplier_id FROM sync_jobs j JOIN suppliers s ON s.id = j.supplier_id"):
            about = [line for line in lines if line["who"] == supplier]
            self.assertEqual(len(about), 1, lines)
            self.assertIn(f"job {job} attempt 1 ended: success", about[0]["message"])

    def test_a_store_that_stays_away_is_complained_of_once(self):
        self.write("sluice.yaml", self.configuration.replace("path: sluice.db", "path: nowhere/at/all/sluice.db"))
        (self.folder / "nowhere").write_text("a file, not a folder")
        process = self.daemon()
        sluice.poll(lambda: "workers" in self.log(), "the workers complain")
        (self.folder / "nowhere").unlink()
        (self.folder / "nowhere" / "at" / "all").mkdir(parents=True)
        sluice.poll(lambda: "workers: it works again" in self.log(), "the workers find the store")
        complaints = [line for line in self.log().splitlines() if " error " in line and "workers" in line]
        self.assertEqual(len(complaints), 1, self.log())
        self.assertEqual(self.end(process), 0, self.log())


if __name__ == "__main__":
    sluice.main()
