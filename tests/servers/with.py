#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""with.py postgres|redis... -- COMMAND...: runs COMMAND beside private servers and ends them with it. In its words
{pg} and {redis} are URLs, {pg_socket} and {redis_socket} the same over Unix sockets, {pg_fresh} is a shell command that
empties {pg}'s database. Exits as the command does, or with 77 where a server is not installed."""
import contextlib
import signal
import subprocess
import sys

from postgres_server import postgres
from redis_server import redis
from server import Missing


def main():
    words = sys.argv[1:]
    if "--" not in words or not words[words.index("--") + 1:] or set(words[:words.index("--")]) - {"postgres", "redis"}:
        print("usage: with.py postgres|redis... -- COMMAND...", file=sys.stderr)
        return 64
    wanted, command = words[:words.index("--")], words[words.index("--") + 1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with contextlib.ExitStack() as stack:
        values = {}
        try:
            if "postgres" in wanted:
                server = postgres()
                stack.callback(server.folder.close)
                server.fresh()
                values |= {"{pg}": server.url, "{pg_socket}": server.socket_url, "{pg_fresh}": server.fresh_command()}
            if "redis" in wanted:
                server = redis()
                stack.callback(server.folder.close)
                values |= {"{redis}": server.url, "{redis_socket}": server.socket_url}
        except Missing as missing:
            print(f"skipped: {missing}")
            return 77
        for mark, value in values.items():
            command = [word.replace(mark, value) for word in command]
        code = subprocess.run(command, check=False).returncode
        return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
