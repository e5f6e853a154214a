# SPDX-License-Identifier: Apache-2.0
"""Secrets for tests, made so that one that comes out is seen: each holds MARK, and whatever the programs of a test wrote is
searched for MARK, plain, URL-encoded (which leaves it as it is) and in base64. So are secrets that others made, such as a
server's password or a private key, once keep () knows them, and tokens."""
import base64
import contextlib
import re
import sqlite3
import urllib.parse

MARK = "cAnArYofSluice"
TOKEN = re.compile(rb"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}|ya29\.\S+|BEGIN [A-Z ]*PRIVATE KEY")  # ours, Google's, keys
ADDRESS = ("suppliers", "source_url")  # is kept as it was given: whoever reads the list needs it
REDIS = {b"string": ("GET",), b"hash": ("HGETALL",), b"list": ("LRANGE", 0, -1), b"set": ("SMEMBERS",),
         b"zset": ("ZRANGE", 0, -1), b"stream": ("XRANGE", "-", "+")}


def secret(name):
    """One of that name, long enough for a key and with characters that a URL escapes."""
    return f"{MARK}/+=&{name}".ljust(32, "!")


def escaped(name):
    """The same as it stands in a URL."""
    return urllib.parse.quote(secret(name), safe="")


def forms(text):
    """How that text looks in the open, in a URL, and within something longer in base64."""
    raw = text.encode()
    found = {raw, urllib.parse.quote(text, safe="").encode(), urllib.parse.quote(text).encode()}
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(bytes(shift) + raw)[(shift * 8 + 5) // 6:(shift + len(raw)) * 8 // 6])
    return found


wanted = {form: MARK for form in forms(MARK)}


def keep(text, name):
    """A secret that is not of our making."""
    wanted.update({form: name for form in forms(text)})


def found(content, tokens=True):
    """What is secret in these bytes, in words; None when nothing is."""
    for form, name in wanted.items():
        if form in content:
            where = content.find(form)
            return f"{name} as {form}: …{content[max(0, where - 60):where + 60]}…"
    token = TOKEN.search(content) if tokens else None
    return f"a token: {token.group()}" if token else None


def search(where, content, tokens=True):
    """`tokens`: these, too, must not be there."""
    what = found(content if isinstance(content, bytes) else (content or "").encode(), tokens)
    if what:
        raise AssertionError(f"{where} holds {what}")


def search_sqlite(path):
    """Every column of every table."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    connection.row_factory = sqlite3.Row
    with contextlib.closing(connection):
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for column in row.keys():
                    if (table, column) != ADDRESS:
                        search(f"{table}.{column}", str(row[column]))


def search_folder(folder, planted):
    """Every file but those in which the test put its secrets; a key that Sluice made is a secret from here on."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path not in planted]
    keys = [path for path in paths if path.suffix == ".secret"]
    for path in keys:
        keep(path.read_text().strip(), path.name)
    for path in paths:
        what = None if path in keys else found(path.read_bytes())
        store = path.with_name(re.sub(r"-(wal|shm|journal)$", "", path.name))
        if what and store.suffix == ".db":
            search_sqlite(store)
        elif what:
            raise AssertionError(f"{path.relative_to(folder)} holds {what}")


def search_postgres(server):
    tables = server.query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
                          "WHERE schemaname !~ '^(pg_|information_schema)'")  # what is temporary may be going
    for (table,) in tables:
        without = f" - '{ADDRESS[1]}'" if table.endswith(f".{ADDRESS[0]}") else ""
        search(table, server.psql(f"COPY (SELECT to_jsonb(t){without} FROM {table} AS t) TO STDOUT"))


def search_redis(server):
    if not server.family():
        return
    client = server.client()
    with contextlib.closing(client):
        for key in client("KEYS", "*"):
            command, *rest = REDIS[client("TYPE", key)]
            search(f"the key {key.decode()}", key + repr(client(command, key, *rest)).encode())
