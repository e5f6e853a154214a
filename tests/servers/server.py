# SPDX-License-Identifier: Apache-2.0
"""What the servers of the tests have in common: a folder that is removed with them, a private port of 127.0.0.1 and a
Unix socket, and being stopped, paused, killed and started again. See postgres_server.py and redis_server.py."""
import contextlib
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEADLINE = 60  # seconds until a server answers; a machine that is busy with other builds is no failure
HERE = Path(__file__).resolve().parent


class Missing(Exception):
    """The server is not installed here; the text says what to install."""


def poll(condition, what, seconds=DEADLINE):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never happened within {seconds} s: {what}")
        time.sleep(0.005)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def account():
    """Who the servers run as: ourselves, but PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    raise Missing("runs as root here and finds no account for a server: neither postgres nor nobody")


class Folder:
    """A folder and the servers in it. A process of its own (keeper.py) ends them when we close it or die."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="sluice-servers.")).resolve()
        self.account = account()
        if self.account:
            os.chown(self.path, self.account["user"], self.account["group"])
        os.chmod(self.path, 0o755)  # the test may run as someone else than its servers
        self.keeper = subprocess.Popen([sys.executable, HERE / "keeper.py", self.path], stdin=subprocess.PIPE,
                                       stdout=subprocess.DEVNULL, start_new_session=True)
        self.processes = []

    def spawn(self, command, **how):
        return subprocess.Popen(list(map(str, command)), cwd=self.path, stdin=subprocess.DEVNULL, **self.account,
                                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}, **how)

    def close(self):
        if self.keeper.stdin.closed:
            return
        self.keeper.stdin.close()
        poll(lambda: not any(self.path.glob("*.pid")), f"the servers of {self.path} have ended")
        for process in self.processes:
            process.wait()
        self.keeper.wait()  # for its first process; the other one goes on to remove the folder


class Server:
    """One server in a folder. A class of it says its name, command (), answers () and how it is told to stop."""

    name, stop_signal = None, signal.SIGTERM

    def __init__(self, folder):
        self.folder, self.process, self.port = folder, None, None

    def start(self):
        """Until it answers. The port stays the same, unless somebody else took it while the server was down."""
        if self.process is not None and self.process.poll() is None:
            return
        for attempt in range(5):
            if self.port is None or attempt > 0:
                self.port = free_port()
            log = self.folder.path / f"{self.name}.log"
            with open(log, "ab") as out:
                self.process = self.folder.spawn(self.command(), stdout=out, stderr=out, start_new_session=True)
            self.folder.processes.append(self.process)
            (self.folder.path / f"{self.name}.pid").write_text(f"{self.process.pid} {int(self.stop_signal)}")
            poll(lambda: self.answers() or self.process.poll() is not None, f"{self.name} answers")
            if self.process.poll() is None:
                return
        raise AssertionError(f"{self.name} does not start:\n{log.read_text(errors='replace')[-4000:]}")

    def signal(self, number):
        os.kill(self.process.pid, number)

    def family(self):
        """The server's processes, the first one first; none when it does not run."""
        if self.process.poll() is not None:
            return []
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def signal_family(self, number):
        for pid in self.family():
            with contextlib.suppress(ProcessLookupError):  # a backend ends whenever its client goes
                os.kill(pid, number)

    def pause(self):
        """It hangs: accepts connections (the kernel does) and answers nobody."""
        self.signal_family(signal.SIGSTOP)

    def resume(self):
        self.signal_family(signal.SIGCONT)

    def end(self, number):
        self.signal(number)
        self.process.wait(timeout=DEADLINE)

    def stop(self):
        """At once, as after a power failure of the server alone: nobody is waited for."""
        self.end(self.stop_signal)

    def kill(self):
        """kill -9."""
        self.end(signal.SIGKILL)

    def restart(self):
        self.stop()
        self.start()
