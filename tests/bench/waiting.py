# SPDX-License-Identifier: Apache-2.0
"""The benchmark of lists that cost waiting: four workers beside one, in PostgreSQL."""
import http.server
import shutil
import sys
import threading
import time
from pathlib import Path

from measuring import cannot_tell, verdict

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))
from postgres_server import postgres  # noqa: E402
from server import Missing  # noqa: E402

WAIT_GOAL = 0.4
LISTS, DELAY = 12, 0.5  # slow lists, seconds each
CONFIGURATION = """
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {{plugin: store-pg, url: "{url}"}}
state: {{plugin: state-local, path: state}}
guards: {{prices_jumped: 100}}
fetch: {{per_host: 16, allow_http: ["{web}"], allow_private: ["{web}"], ports: [{port}]}}
"""


class SlowLists(http.server.BaseHTTPRequestHandler):
    """Each list takes its time and has other prices each time."""

    def do_GET(self):
        time.sleep(self.server.delay)
        cents = time.monotonic_ns() % 90 + 10
        body = "SKU,Name,Price\n" + "".join(f"{self.path[1:]}-{i},Thing {i},{i}.{cents}\n" for i in range(1, 101))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def place(bench, name, url, port, suppliers):
    folder = bench.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "sluice.yaml").write_text(CONFIGURATION.format(url=url, web=f"127.0.0.1:{port}", port=port))
    rows = [f"{name},{address},csv,yes" for name, address in suppliers]
    (folder / "suppliers.csv").write_text("\n".join(["Supplier,Price list,Format,Active", *rows]) + "\n")
    return folder


def four_beside_one(bench, folder, rounds):
    def sync(workers):
        return bench.seconds([bench.sluice, "sync", "--force", "-q", "--set", f"sync.workers={workers}"], cwd=folder)
    sync(4)
    return [(sync(4), sync(1)) for _ in range(rounds)]


def waiting(bench):
    """Lists whose servers take half a second each, by four workers, beside one worker."""
    try:
        server = postgres()
    except Missing as why:
        return [cannot_tell("waiting", f"<= {WAIT_GOAL}", str(why))]
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowLists)
    web.delay = 0 if bench.smoke else DELAY
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        port = web.server_address[1]
        suppliers = [(f"S{i}", f"http://127.0.0.1:{port}/S{i}") for i in range(LISTS)]
        folder = place(bench, "waiting", server.fresh().url, port, suppliers)
        return [verdict("waiting", four_beside_one(bench, folder, 1 if bench.smoke else 3), WAIT_GOAL)]
    finally:
        web.shutdown()
        server.folder.close()
