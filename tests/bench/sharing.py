# SPDX-License-Identifier: Apache-2.0
"""What more workers are worth: a re-sync of four suppliers of equal size on PostgreSQL, by four workers and by one."""
import os
import shutil
import sys
from pathlib import Path

from measuring import cannot_tell, verdict

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))
import postgres_server  # noqa: E402  (found on the path above)
from server import Missing  # noqa: E402

WORKERS_GOAL, SUPPLIERS, ROWS, CORES = 0.5, 4, 40_000, 4


def lists(folder, n, day):
    """On each day every third price is another one."""
    for s in range(SUPPLIERS):
        rows = (f"S{s}-{i},Thing {i} of supplier {s},{i % 900 + (day if i % 3 == 0 else 0)}.50,colour {i % 7}\n" for i in range(n))
        (folder / f"s{s}.csv").write_text("SKU,Name,Price,Colour\n" + "".join(rows))


def place(bench, url, workers):
    folder = bench.folder / f"workers-{workers}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "sluice.yaml").write_text(f"""
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {{plugin: pg, url: "{url}", schema: workers_{workers}}}
state: {{plugin: local, path: state}}
sync: {{workers: {workers}}}
""")
    rows = "".join(f"Supplier {s},s{s}.csv,csv,yes\n" for s in range(SUPPLIERS))
    (folder / "suppliers.csv").write_text("Supplier,Price list,Format,Active\n" + rows)
    return folder


def workers(bench):
    goal = f"<= {WORKERS_GOAL}"
    if (os.cpu_count() or 1) < CORES and not bench.smoke:
        return [cannot_tell("workers", goal, f"needs {CORES} cores, this machine has {os.cpu_count()}")]
    try:
        server = postgres_server.postgres()
    except Missing as why:
        return [cannot_tell("workers", goal, str(why))]
    try:
        return [verdict("workers", list(rounds(bench, server)), WORKERS_GOAL)]
    finally:
        server.folder.close()


def rounds(bench, server):
    folders = {n: place(bench, server.url, n) for n in (4, 1)}
    rows = 200 if bench.smoke else ROWS
    for day in range(bench.rounds + 1):
        seconds = {}
        for n, folder in folders.items():
            lists(folder, rows, day)
            seconds[n] = bench.seconds([bench.sluice, "sync"], cwd=folder)
        if day > 0:  # the first one is no re-sync
            yield seconds[4], seconds[1]
