# SPDX-License-Identifier: Apache-2.0
"""keeper.py FOLDER: outlives the test that started it by the moment it takes to end the servers of FOLDER, whose pid
files it then removes, and to remove the folder with all that they kept. It waits until its standard input closes, which
the kernel does however the test ends. It leaves the test's family first, so that whoever kills that family (CTest, after
a time-out) does not reach it."""
import os
import shutil
import signal
import sys
import time
from pathlib import Path

PATIENCE = 10  # seconds for a server that was told to end; then it is killed


def alive(pid, folder):
    """Whether that process runs and is one of this folder; a pid that was given to another process is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" and os.readlink(f"/proc/{pid}/cwd").startswith(str(folder))
    except OSError:
        return False


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has just ended


def leftovers(folder):
    """Whoever works in the folder: a server, its children, one whose pid was not written yet."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and alive(entry.name, folder)]


def end(pid_file, folder):
    """The file says: pid, and the signal that ends this kind of server."""
    words = pid_file.read_text().split()
    if len(words) != 2 or not alive(int(words[0]), folder):
        return
    pid, number = map(int, words)
    send(pid, number)
    for paused in leftovers(folder):
        send(paused, signal.SIGCONT)
    limit = time.monotonic() + PATIENCE
    while alive(pid, folder) and time.monotonic() < limit:
        time.sleep(0.005)


def main():
    folder = Path(sys.argv[1]).resolve()
    if os.fork() != 0:
        os._exit(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while sys.stdin.buffer.read(4096):
        pass
    for pid_file in folder.glob("*.pid"):
        end(pid_file, folder)
        pid_file.unlink()
    limit = time.monotonic() + PATIENCE
    while folder.exists() and time.monotonic() < limit:  # who was killed just now may still have been writing
        for pid in leftovers(folder):
            send(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.01)


if __name__ == "__main__":
    main()
