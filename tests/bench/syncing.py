# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of whole syncs: beside the sqlite3 shell, beside doing nothing at all, and the memory of a huge list."""
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

from measuring import Missing, cannot_tell, verdict

SQLITE_GOAL, SECOND_GOAL, HEAP_GOAL = 1.5, 3, 64
A_GIGABYTE = 10_500_000  # rows
CONFIGURATION = """
master: {plugin: csv-stub, url: suppliers.csv}
store: {plugin: store-sqlite, path: sluice.db}
state: {plugin: state-local, path: state}
"""


def place(bench, name, price_list):
    """A folder with a configuration, a master of one supplier and its list (linked, not copied)."""
    folder = bench.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "sluice.yaml").write_text(CONFIGURATION)
    (folder / "suppliers.csv").write_text("Supplier,Price list,Format,Active\nAcme,list.csv,csv,yes\n")
    if price_list is not None:
        (folder / "list.csv").hardlink_to(price_list)
    return folder


def clear(folder):
    for path in folder.glob("sluice.db*"):
        path.unlink()
    shutil.rmtree(folder / "state", ignore_errors=True)


def empty_store(bench):
    """A freshly migrated store with one supplier and no item."""
    folder = place(bench, "empty", None)
    (folder / "list.csv").write_text("sku,name,price\n")
    bench.seconds([bench.sluice, "sync"], codes=range(128), cwd=folder)
    connection = sqlite3.connect(folder / "sluice.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (items,), (suppliers,) = (connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                              for table in ("supplier_items", "suppliers"))
    connection.close()
    if (items, suppliers) != (0, 1):
        raise RuntimeError(f"the empty store has {items} items and {suppliers} suppliers")
    return folder / "sluice.db"


def sync_sqlite(bench):
    """200,000 rows into an empty store, beside the sqlite3 shell: .import, INSERT ON CONFLICT and price history."""
    try:
        shell = bench.tool("sqlite3")
    except Missing as why:
        return [cannot_tell("sync-sqlite", f"<= {SQLITE_GOAL}", str(why))]
    price_list = bench.a_list(200_000)
    empty, folder = empty_store(bench), place(bench, "sync", price_list)
    script = (Path(__file__).parent / "peer.sql").read_text().replace("LIST", str(price_list))
    peer_store = bench.folder / "peer.db"
    rounds = []
    for _ in range(bench.rounds):
        clear(folder)
        ours = bench.seconds([bench.sluice, "sync"], cwd=folder)
        peer_store.unlink(missing_ok=True)
        shutil.copy(empty, peer_store)
        peer = bench.seconds([shell, str(peer_store)], input=script)
        rounds.append((ours, peer))
    counts = []
    for store in (folder / "sluice.db", peer_store):
        connection = sqlite3.connect(store)
        counts.append([connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                       for table in ("supplier_items", "price_history")])
        connection.close()
    if counts[0] != counts[1]:
        raise RuntimeError(f"items and prices differ: Sluice has {counts[0]}, the shell {counts[1]}")
    return [verdict("sync-sqlite", rounds, SQLITE_GOAL)]


def second_sync(bench):
    """A sync that finds nothing changed, beside `sluice version`."""
    folder = place(bench, "second", bench.a_list(200_000))
    time.sleep(0 if bench.smoke else 2.5)  # a list changed within the last 2 s is hashed each time: lists are older
    bench.seconds([bench.sluice, "sync"], cwd=folder)
    bench.seconds([bench.sluice, "sync"], cwd=folder)
    rounds = [(bench.seconds([bench.sluice, "sync"], cwd=folder), bench.seconds([bench.sluice, "version"], cwd=folder))
              for _ in range(bench.rounds if bench.smoke else 5 * bench.rounds)]
    return [verdict("second-sync", rounds, SECOND_GOAL)]


def peak_anonymous(command, folder):
    """Peak of the process' anonymous memory (heap, stacks) in MiB: the mapped document is a file and does not count."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        try:
            for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    peak = max(peak, int(line.split()[1]))
        except (FileNotFoundError, ProcessLookupError):
            break
        time.sleep(0.005)
    if process.wait() != 0:
        raise RuntimeError(f"{command} ended with {process.returncode}: {process.stderr.read()[-2000:]}")
    return peak / 1024


def heap(bench):
    """Peak heap of syncing a list of 1 GB."""
    folder = place(bench, "huge", bench.a_list(A_GIGABYTE))
    peak = peak_anonymous([bench.sluice, "sync"], folder)
    shutil.rmtree(folder)
    return [verdict("heap", [(peak, 1)], HEAP_GOAL, "MiB at most")]
