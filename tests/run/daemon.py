# SPDX-License-Identifier: Apache-2.0
"""A place with `sluice run` in it, whose log is read while it works."""
import signal

import sluice

LEASE = ("--set", "sync.lease=1s")


class Daemon(sluice.Place):
    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt")
        self.list("Acme")
        self.list("Bolt")

    def daemon(self, *arguments):
        process = self.start("run", *LEASE, *arguments, stderr_to="daemon.log")
        sluice.poll(lambda: "at work" in self.log(), "the daemon says that it is at work")
        return process

    def log(self):
        path = self.folder / "daemon.log"
        return path.read_text() if path.exists() else ""

    def start(self, *arguments, stderr_to=None, **how):
        if stderr_to is None:
            return super().start(*arguments, **how)
        with open(self.folder / stderr_to, "ab") as log:
            return super().start(*arguments, stderr=log, **how)

    def end(self, process, number=signal.SIGTERM, within=20):
        process.send_signal(number)
        return process.wait(within)

    def items(self):
        return self.query("SELECT count(*) FROM supplier_items WHERE gone_at IS NULL")[0][0]
