# SPDX-License-Identifier: Apache-2.0
"""What every test here stands on: a place with a configuration, a master list and price lists of its own; running the
program in it; that nothing which the programs wrote holds a secret of the test (canaries.py); and a main () that turns a
skipped test into exit code 77."""
import atexit
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests" / "servers"))

import canaries  # noqa: E402  (here and below: found on the path above)
import postgres_server  # noqa: E402
import proxy  # noqa: E402
import redis_server  # noqa: E402
from server import Missing  # noqa: E402

BUILD = Path(os.environ.get("SLUICE_BUILD", SOURCE / "build" / "dev")).resolve()
SHARED = Path(os.environ.get("SLUICE_SHARED", SOURCE.parent / "shared"))
PROGRAM = BUILD / "bin" / "sluice"
DEADLINE = 120  # seconds; a machine that is busy with other builds is no failure

DONE, FAILED, PARTIAL, HELD, INTERRUPTED = 0, 1, 2, 3, 130
USAGE, DATA, UNAVAILABLE, BUG, IO, TRY_LATER, PERMISSION, CONFIG = 64, 65, 69, 70, 74, 75, 77, 78

CONFIGURATION = """
master: {plugin: csv-stub, url: suppliers.csv}
store: {plugin: store-sqlite, path: sluice.db}
state: {plugin: state-local, path: state}
"""


class Result:
    def __init__(self, command, done, seconds):
        self.command, self.code, self.out, self.err = command, done.returncode, done.stdout, done.stderr
        self.seconds = seconds

    @property
    def everything(self):
        return self.out + self.err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"$ {' '.join(map(str, self.command))}\nexit code {self.code}\n{self.out}{self.err}"


def environment(**extra):
    """Ours without anything that configures Sluice."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SLUICE_") and key not in (
        "SYNC_INTERVAL_HOURS", "MASTER_SHEET_URL", "DATABASE_URL", "REDIS_URL", "GOOGLE_APPLICATION_CREDENTIALS",
        "JWT_SECRET")}
    return {**kept, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", **extra}


def poll(condition, what, seconds=DEADLINE):
    """Waits until condition () is true; an AssertionError that names it when it never is."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never happened within {seconds} s: {what}")
        time.sleep(0.002)


servers = {}  # one of each kind and settings for the tests of this process


def server(start, settings):
    """That server, running and answering, whatever the test before did to it; skips the test where it is not installed."""
    key = (start, *sorted(settings.items()))
    try:
        if key not in servers:
            servers[key] = start(**settings)
            atexit.register(servers[key].folder.close)
    except Missing as missing:
        raise unittest.SkipTest(str(missing)) from None
    servers[key].start()
    return servers[key]


class Place(unittest.TestCase):
    """A test in a folder of its own, self.folder, removed afterwards."""

    configuration = CONFIGURATION

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-test."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.planted = set()  # files of the test's own making, in which secrets may stand
        self.addCleanup(lambda: canaries.search_folder(self.folder, self.planted))
        self.write("sluice.yaml", self.configuration)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.planted.add(path)
        return path

    def master(self, *suppliers):
        """suppliers.csv; each is a name, whose list is NAME.csv, or a whole row (name, url, format, active)."""
        rows = ["Supplier,Price list,Format,Active"]
        rows += [",".join((s, f"{s}.csv", "csv", "yes") if isinstance(s, str) else s) for s in suppliers]
        self.write("suppliers.csv", "\n".join(rows) + "\n")

    def list(self, supplier, n=20, price=lambda i: f"{i}.50", first=1):
        """A clean list of n items, PREFIX-1 and up."""
        rows = [f"{supplier}-{i},Thing {i},{price(i)},colour {i % 7}" for i in range(first, first + n)]
        self.write(f"{supplier}.csv", "SKU,Name,Price,Colour\n" + "".join(row + "\n" for row in rows))

    def age(self):
        """The lists become a minute old: what was written a moment ago is read again, it might still be growing."""
        then = time.time() - 60
        for path in self.folder.glob("*.csv"):
            os.utime(path, (then, then))

    def command(self, *arguments):
        return [str(PROGRAM), *map(str, arguments)]

    def sluice(self, *arguments, code=None, env=None, **how):
        command = self.command(*arguments)
        started = time.monotonic()
        done = subprocess.run(command, cwd=self.folder, env=environment(**(env or {})), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=DEADLINE, check=False, **how)
        result = Result(command, done, time.monotonic() - started)
        canaries.search(f"sluice {' '.join(map(str, arguments))}", result.everything, tokens="token" not in arguments)
        if code is not None and result.code != code:
            self.fail(f"expected exit code {code}\n{result}")
        return result

    def sync(self, *arguments, code=DONE, **how):
        return self.sluice("sync", *arguments, code=code, **how)

    def start(self, *arguments, env=None, **how):
        """The same without waiting; killed at the end of the test if it still runs."""
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        process = subprocess.Popen(self.command(*arguments), cwd=self.folder, env=environment(**(env or {})), text=True,
                                   stdin=subprocess.DEVNULL, **how)

        def end():
            if process.poll() is None:
                process.kill()
            for said in process.communicate():
                canaries.search(f"sluice {' '.join(map(str, arguments))}", said)
        self.addCleanup(end)
        return process

    def postgres(self, **settings):
        """A private PostgreSQL (tests/servers) with a new database, which .url names."""
        found = server(postgres_server.postgres, settings).fresh()
        canaries.keep(found.password, "PostgreSQL's password")

        def search():
            found.start()
            poll(found.answers, "PostgreSQL answers")
            canaries.search_postgres(found)
        self.addCleanup(search)
        self.addCleanup(found.resume)
        return found

    def redis(self, **settings):
        """A private Redis (tests/servers), empty."""
        found = server(redis_server.redis, settings)
        found("FLUSHALL")
        self.addCleanup(canaries.search_redis, found)
        self.addCleanup(found.resume)
        return found

    def proxy(self, port):
        """A link to that port that can be cut, delayed and hung; connect to .port instead."""
        link = proxy.Proxy(("127.0.0.1", port))
        self.addCleanup(link.close)
        return link

    @property
    def store(self):
        return self.folder / "sluice.db"

    def query(self, sql, *values):
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


def needs_shared(folder):
    """Decorator: skips a test whose material is only in shared/."""
    return unittest.skipUnless((SHARED / folder).is_dir(), f"needs shared/{folder}, which is not beside this clone")


def main():
    """Runs the tests of the calling file. Exit codes: 0, 1, and 77 when any was skipped and none failed."""
    program = unittest.main(module="__main__", exit=False, verbosity=2 if "-v" in sys.argv else 1)
    result = program.result
    if not result.wasSuccessful() or result.testsRun == 0:
        sys.exit(1)
    if result.skipped:
        for test, reason in result.skipped:
            print(f"skipped {test.id().split('.')[-1]}: {reason}")
        sys.exit(77)
    sys.exit(0)
