# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of the PostgreSQL store, on a private server that waits for the disk as one in production does. The peer is
peer_pg.sql run by psql: what one would write by hand, into the same tables. Ours is a job's time, from its claim to the
end of its run, without the start of the process and the master sheet."""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from measuring import cannot_tell, verdict

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "servers"))
import postgres_server  # noqa: E402
from server import Missing  # noqa: E402

ROWS = 200_000
GOALS = {"first": 0.75, "changed": 0.45, "equal": 0.12, "unchanged": 0.02}
SCHEMA_GOAL, FOUR_GOAL, MANY_FIRST_GOAL, MANY_AGAIN_GOAL, MEMORY_GOAL, ACQUIRE_GOAL = 0.6, 1.1, 1.2, 0.45, 256, 0.5
SERVER = {"fsync": "on", "full_page_writes": "on", "wal_level": "replica", "max_wal_senders": 10,
          "shared_buffers": "128MB", "max_wal_size": "4GB", "autovacuum": "off"}


def supplier(number=1):
    return f"00000000-0000-0000-0000-{number:012d}"


def next_day(price_list):
    """The list as it is tomorrow: 5 % of the prices changed, 1 % of the rows gone, 1 % new."""
    path = price_list.with_name(price_list.stem + "-next.csv")
    if path.exists():
        return path
    with open(price_list, encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    header, rows = rows[0], rows[1:]
    kept = []
    for i, row in enumerate(rows):
        if i % 100 == 3:
            continue
        if i % 20 == 7:
            row[2] = f"{float(row[2]) * 1.1 + 0.01:.2f}"
        kept.append(row)
    for i in range(0, len(rows), 100):
        kept.append([f"NEW-{i}", *rows[i][1:]])
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *kept])
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def write_list(path, supplier_number, rows, change_every):
    """A list of its own for each supplier; every so many rows have another price."""
    lines = ["sku,name,price,brand,color,weight_kg,stock,note"]
    for i in range(rows):
        price = (i * 37 + supplier_number) % 90_000 + 1 + (1 if change_every and i % change_every == 0 else 0)
        lines.append(f"S{supplier_number}-{i:06d},Article {i} of {supplier_number},{price}.{i % 100:02d},Brand {i % 97},"
                     f"colour {i % 7},{i % 40}.5,{i % 1000},")
    path.unlink(missing_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def other_bytes(price_list):
    """The same rows: the first cell of the header is quoted."""
    path = price_list.with_name(price_list.stem + "-blank.csv")
    if not path.exists():
        header, rows = price_list.read_bytes().split(b",", 1)
        path.write_bytes(b'"' + header + b'",' + rows)
    return path


class Place:
    """A server, and folders in which Sluice syncs suppliers' lists into one of its databases."""

    def __init__(self, bench):
        self.bench, self.server, self.count = bench, postgres_server.postgres(**SERVER), 0
        self.folder = bench.folder / "store-pg"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    def close(self):
        self.server.folder.close()

    def clone(self, template=None):
        """A new database, empty or like another one; a checkpoint first, so that nobody pays for what was before."""
        self.count += 1
        name = f"bench_{self.count}"
        like = "" if template is None else f" TEMPLATE {template}"
        self.server.psql(f"CREATE DATABASE {name}{like}", "CHECKPOINT", database="postgres")
        return name

    def drop(self, *names):
        for name in names:
            self.server.psql(f"DROP DATABASE {name} WITH (FORCE)", database="postgres")

    def configure(self, name, database, lists, workers=1):
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "sluice.yaml").write_text(
            "master: {plugin: csv-stub, url: suppliers.csv}\n"
            f"store: {{plugin: pg, url: \"{self.server.location(database)}\"}}\n"
            f"state: {{plugin: state-local, path: state}}\nsync: {{workers: {workers}}}\n")
        rows = ["Supplier,Price list,Format,Active"]
        for number, path in enumerate(lists, 1):
            (folder / f"list{number}.csv").hardlink_to(path)
            rows.append(f"S{number:04d},list{number}.csv,csv,yes")
        (folder / "suppliers.csv").write_text("\n".join(rows) + "\n")
        return folder

    def sync(self, folder, database):
        """Seconds from the first claim of a job to the end of the run, by the server's clock."""
        self.bench.seconds([self.bench.sluice, "sync"], cwd=folder)
        return self.elapsed(database)

    def elapsed(self, database):
        return float(self.server.query(
            "SELECT extract(epoch FROM r.finished_at - (SELECT min(started_at) FROM sync_jobs WHERE run_id = r.id))::float8"
            " FROM sync_runs AS r WHERE r.outcome = 'success' ORDER BY r.created_at DESC LIMIT 1", database)[0][0])

    def sync_measured(self, folder, database):
        """The same, and the most MiB that were resident."""
        done = subprocess.run([sys.executable, str(HERE / "resident.py"), self.bench.sluice, "sync"], cwd=folder,
                              stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"sluice sync ended with {done.returncode}:\n{done.stdout[-2000:]}")
        return self.elapsed(database), int(done.stdout.splitlines()[-1]) / 1024

    def floor(self, database, price_list, number=1, script=HERE / "peer_pg.sql"):
        command = [str(self.server.programs / "psql"), "-XqAt", "-d", self.server.location(database), "-v",
                   f"supplier={supplier(number)}", "-f", str(script)]
        with open(price_list, "rb") as source:
            return self.bench.seconds(command, stdin=source)

    def tables(self, n_suppliers=1):
        """A database with Sluice's tables and suppliers for the peer."""
        database = self.clone()
        folder = self.configure("tables", database, [])
        self.bench.seconds([self.bench.sluice, "db", "migrate"], cwd=folder)
        self.server.psql("INSERT INTO suppliers (id, key, name, source_type, source_url, is_active, created_at, updated_at)"
                         f" SELECT ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid, 'peer' || i, 'Peer', 'csv',"
                         f" '', false, now(), now() FROM generate_series(1, {n_suppliers}) AS i", database=database)
        return database


def same_items(place, ours, peer):
    counts = [place.server.query("SELECT (SELECT count(*) FROM supplier_items WHERE gone_at IS NULL),"
                                 " (SELECT count(*) FROM price_history)", database)[0] for database in (ours, peer)]
    if counts[0] != counts[1]:
        raise RuntimeError(f"items and prices differ: Sluice has {counts[0]}, psql {counts[1]}")


def one_case(place, name, empty, loaded, lists):
    """Rounds of one case, ours and the peer's, each from a database of its own."""
    before, now = lists
    rounds = []
    for _ in range(place.bench.rounds):
        ours, peer = place.clone(loaded[0] if before else empty), place.clone(loaded[1] if before else empty)
        folder = place.configure(name, ours, [now])
        mine = place.sync(folder, ours)
        rounds.append((mine, place.floor(peer, now)))
        same_items(place, ours, peer)
        place.drop(ours, peer)
    return verdict(f"store-{name}", rounds, GOALS[name])


def load_both(place, empty, price_list):
    """Databases in which the list is: Sluice's way and the peer's."""
    ours, peer = place.clone(empty), place.clone(empty)
    place.sync(place.configure("load", ours, [price_list]), ours)
    place.floor(peer, price_list)
    for database in (ours, peer):
        place.server.psql("VACUUM (ANALYZE)", database=database)
    return ours, peer


def store(bench):
    """One list of 200,000 rows: loaded, a day later, with other bytes, and unchanged; and four of them at once."""
    try:
        place = Place(bench)
    except Missing as why:
        return [cannot_tell("store", "-", str(why))]
    try:
        price_list = bench.a_list(ROWS)
        time.sleep(0 if bench.smoke else 2.5)  # a list changed within the last 2 s is hashed each time
        empty = place.tables(4)
        results = [one_case(place, "first", empty, None, (None, price_list))]
        loaded = load_both(place, empty, price_list)
        for name, now in (("changed", next_day(price_list)), ("equal", other_bytes(price_list)),
                          ("unchanged", price_list)):
            results.append(one_case(place, name, empty, loaded, (price_list, now)))
        results.append(four(place, empty, price_list))
        results.append(schema(place, empty, price_list))
        return results
    finally:
        place.close()


def in_parallel(parts):
    failures = []

    def run(part):
        try:
            part()
        except Exception as failure:  # noqa: BLE001: reported by the caller
            failures.append(failure)
    threads = [threading.Thread(target=run, args=(part,)) for part in parts]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.monotonic() - started


def four(place, empty, price_list):
    rounds = []
    for _ in range(max(1, place.bench.rounds // 2)):
        ours, peer = place.clone(empty), place.clone(empty)
        folder = place.configure("four", ours, [price_list] * 4, workers=4)
        mine = place.sync(folder, ours)
        rounds.append((mine, in_parallel([lambda n=n: place.floor(peer, price_list, n) for n in range(1, 5)])))
        same_items(place, ours, peer)
        place.drop(ours, peer)
    return verdict("store-four", rounds, FOUR_GOAL)


def schema(place, empty, price_list):
    """The same hand-written load into Sluice's tables and into those of the system that it replaces."""
    shared = Path(os.environ.get("SLUICE_SHARED", HERE.parents[2] / "shared")) / "bench"
    if not (shared / "schema.sql").exists():
        return cannot_tell("store-schema", f"<= {SCHEMA_GOAL}", "needs shared/bench, which is not beside this clone")
    old = place.clone()
    place.server.psql((shared / "schema.sql").read_text(), database=old)
    script = place.folder / "old.sql"
    pieces = [(shared / "sql" / name).read_text() for name in
              ("stage.sql", "rows.sql", "B-upsert-where.sql", "gone.sql")]
    script.write_text(pieces[0] + "BEGIN;\n\\copy stage FROM pstdin WITH (FORMAT csv, HEADER true, NULL '\\N')\n"
                      + pieces[1] + pieces[2] + pieces[3] + "COMMIT;\n")
    script.write_text(script.read_text().replace(":'sup'", ":'supplier'"))
    rounds = []
    for _ in range(place.bench.rounds):
        mine, theirs = place.clone(empty), place.clone(old)
        rounds.append((place.floor(mine, price_list), place.floor(theirs, price_list, script=script)))
        place.drop(mine, theirs)
    return verdict("store-schema", rounds, SCHEMA_GOAL)


def many(bench):
    """Many suppliers with small lists, four workers: the first sync beside four psql at once over the same rows, and
    another with 1 % changed; memory of the process."""
    n, rows = (50, 1000) if bench.smoke or not os.environ.get("SLUICE_FULL") else (1000, 10_000)
    try:
        place = Place(bench)
    except Missing as why:
        return [cannot_tell("store-many", "-", str(why))]
    try:
        lists = [place.folder / f"list-{i}.csv" for i in range(n)]
        for i, path in enumerate(lists):
            write_list(path, i, rows, 0)
        empty = place.tables(n)
        ours, peer = place.clone(empty), place.clone(empty)
        folder = place.configure("many", ours, lists, workers=4)
        first, memory = place.sync_measured(folder, ours)
        floor = in_parallel([lambda part=part: [place.floor(peer, lists[i], i + 1) for i in range(part, n, 4)]
                             for part in range(4)])
        same_items(place, ours, peer)
        for i in range(n):
            write_list(folder / f"list{i + 1}.csv", i, rows, 100)
        again, memory_again = place.sync_measured(folder, ours)
        return [verdict("store-many-first", [(first, floor)], MANY_FIRST_GOAL, f"{n} suppliers x {rows} rows"),
                verdict("store-many-changed", [(again, floor)], MANY_AGAIN_GOAL, "1 % changed, beside the first load"),
                verdict("store-many-memory", [(max(memory, memory_again), 1)], MEMORY_GOAL, "MiB resident at most")]
    finally:
        place.close()


def acquire(bench):
    """Runs taken by 64 processes at once, beside pgbench with 64 clients doing the same three steps to one fenced row."""
    processes, times = (8, 5) if bench.smoke else (64, 200 if os.environ.get("SLUICE_FULL") else 20)
    try:
        place = Place(bench)
    except Missing as why:
        return [cannot_tell("store-acquire", "-", str(why))]
    try:
        rounds = []
        for _ in range(1 if bench.smoke else 3):
            ours, peer = place.clone(), place.clone()
            said = subprocess.run([bench.program("bench_acquire"), str(bench.build / "plugins" / "store-pg.so"),
                                   str(processes), str(times), f"url={place.server.location(ours)}"],
                                  check=True, stdout=subprocess.PIPE, text=True).stdout
            place.server.psql("CREATE TABLE fence (id int PRIMARY KEY, state text, epoch bigint, holder text)",
                              "INSERT INTO fence VALUES (1, 'done', 0, '')", database=peer)
            seconds = bench.seconds([str(place.server.programs / "pgbench"), "-n", "-c", str(processes), "-j", "2", "-t",
                                     str(times), "-f", str(HERE / "peer_fence.sql"), place.server.location(peer)])
            answer = json.loads(said)
            rounds.append((answer["acquisitions"] / answer["seconds"], processes * times / seconds))
            place.drop(ours, peer)
        return [verdict("store-acquire", rounds, ACQUIRE_GOAL, at_least=True)]
    finally:
        place.close()
