# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL. It does not wait for the disk (fsync=off): the tests crash the server, never the machine. Over
TCP it asks for a password, over its Unix socket it does not."""
import json
import os
import secrets
import signal
import subprocess
from decimal import Decimal
from pathlib import Path

from server import Folder, Missing, Server

PLACES = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin")
USER = "sluice"
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_wal_senders": 0, "wal_level": "minimal",
            "shared_buffers": "64MB", "max_connections": 150, "logging_collector": "off",
            "log_line_prefix": "%m [%p] %a "}


def programs():
    for place in PLACES:
        if Path(place, "postgres").exists():
            return Path(place)
    raise Missing("needs PostgreSQL 15, which is not installed: apt-get install postgresql")


class Members(list):
    """Of a JSON object, in order and with their names, of which two may be the same."""


def plain(value):
    if isinstance(value, Members):
        return {name: plain(member) for name, member in value}
    return [plain(element) for element in value] if isinstance(value, list) else value


def row_of(line):
    members = json.loads(line, object_pairs_hook=Members, parse_float=Decimal)
    return tuple(plain(member) for _, member in members)


class Postgres(Server):
    name, stop_signal = "postgres", signal.SIGQUIT  # what `pg_ctl stop -m immediate` sends

    def __init__(self, folder, **settings):
        super().__init__(folder)
        self.programs, self.settings = programs(), {**SETTINGS, **settings}
        self.password, self.database, self.count = secrets.token_hex(12), "postgres", 0
        self.data = folder.path / "data"
        secret = folder.path / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        made = folder.spawn([self.programs / "initdb", "-D", self.data, "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync",
                             "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = made.communicate()[0].decode()
        if made.returncode != 0:
            raise AssertionError(f"initdb failed:\n{said}")
        secret.unlink()

    def command(self):
        given = {**self.settings, "listen_addresses": "127.0.0.1", "port": self.port,
                 "unix_socket_directories": self.folder.path}
        return [self.programs / "postgres", "-D", self.data,
                *(word for name, value in given.items() for word in ("-c", f"{name}={value}"))]

    def answers(self):
        """The last line of postmaster.pid says so, as pg_ctl reads it."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(self.process.pid) and lines[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def location(self, database=None, *, host="127.0.0.1", port=None, scheme="postgresql", user=USER, password=None):
        """The URL over TCP, also through a proxy's port."""
        return f"{scheme}://{user}:{password or self.password}@{host}:{port or self.port}/{database or self.database}"

    @property
    def url(self):
        return self.location()

    @property
    def socket_url(self):
        return f"postgresql:///{self.database}?host={self.folder.path}&port={self.port}&user={USER}"

    def psql(self, *statements, database=None, code=0):
        """Each statement is a transaction of its own; what they print, unaligned."""
        command = [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.folder.path, "-p", self.port,
                   "-U", USER, "-d", database or self.database]
        command += [word for statement in statements for word in ("-c", statement)]
        own = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "PGCLIENTENCODING": "UTF8"}
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              check=False, timeout=120, env=own)
        if done.returncode != code:
            raise AssertionError(f"psql: {statements}\n{done.stderr}")
        return done.stdout

    def hold(self, statement):
        """Keeps a transaction with that statement open; call the result to end it."""
        command = [self.programs / "psql", "-XAtq", "-h", self.folder.path, "-p", self.port, "-U", USER, "-d", self.database]
        session = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        session.stdin.write(f"BEGIN; {statement}; SELECT 'held';\n")
        session.stdin.flush()
        while session.stdout.readline() not in ("held\n", ""):
            pass

        def end():
            session.stdin.close()
            session.wait()
            session.stdout.close()
        return end

    def query(self, sql, database=None):
        """The rows, as tuples of text, int, Decimal, bool, None, or what JSON is made of."""
        return self.queries([sql], database)[0]

    def queries(self, statements, database=None):
        """The rows of each, asked by one psql."""
        asked = [f"SELECT {i}, row_to_json (sluice_row) FROM ({sql}) sluice_row" for i, sql in enumerate(statements)]
        answers = [[] for _ in statements]
        for line in self.psql(*asked, database=database).splitlines():
            number, _, row = line.partition("|")
            answers[int(number)].append(row_of(row))
        return answers

    def fresh(self, like="template1"):
        """Makes a new database the one that url names: an empty one, or a copy."""
        self.count += 1
        self.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{like}'",
                  f"CREATE DATABASE test_{self.count} TEMPLATE {like}", database="postgres")
        self.database = f"test_{self.count}"
        return self

    def fresh_command(self):
        """A shell command that empties the database, for a program that does so itself."""
        return (f"{self.programs}/psql -Xq -h {self.folder.path} -p {self.port} -U {USER} -d postgres"
                f" -c 'SET client_min_messages = error' -c 'DROP DATABASE IF EXISTS {self.database} WITH (FORCE)'"
                f" -c 'CREATE DATABASE {self.database}'")


def postgres(**settings):
    """One in a folder of its own, started."""
    programs()
    folder = Folder()
    try:
        server = Postgres(folder, **settings)
        server.start()
        return server
    except BaseException:
        folder.close()
        raise
