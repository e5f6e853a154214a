# SPDX-License-Identifier: Apache-2.0
"""The status endpoint beside nginx and a static file of the same size, and what serving it costs a sync.

nginx runs with `sendfile on` and `tcp_nopush on`, as Debian's package configures it: a file is sent without a copy.

Both servers have as many threads (nginx: worker processes), and wrk keeps 64 connections to each, in turns."""
import json
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

from measuring import Missing, cannot_tell, verdict
from syncing import CONFIGURATION, clear, place

THREADS, CONNECTIONS = 2, 64
SMALL_GOAL, LARGE_GOAL, LATENCY_GOAL, SYNC_GOAL = 0.35, 1, 20, 1.1
STATUS = "/api/v1/admin/ingestion/status"
SECRET = "a key for benchmarks that has 32 bytes"
NGINX = """
worker_processes {threads}; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 1024; }}
http {{
    sendfile on; tcp_nopush on; access_log off; keepalive_requests 100000000; types {{ application/json json; }}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"nobody listens on port {port}")


class Started:
    """A server in a folder, ended at the end of the block."""

    def __init__(self, command, port, folder):
        self.command, self.port, self.folder = command, port, folder

    def __enter__(self):
        with open(self.folder / "server.log", "wb") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
        wait_for(self.port)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def many(bench, suppliers, more_name="", configuration=CONFIGURATION):
    """A synced place with that many suppliers of a few items each; `more_name` is in the name of each."""
    folder = place(bench, f"serving-{suppliers}", None)
    (folder / "sluice.yaml").write_text(configuration)
    names = [f"Supplier number {i} {more_name}".strip() for i in range(1, suppliers + 1)]
    rows = "".join(f"{name},list-{i}.csv,csv,yes\n" for i, name in enumerate(names))
    (folder / "suppliers.csv").write_text("Supplier,Price list,Format,Active\n" + rows)
    for i in range(suppliers):
        (folder / f"list-{i}.csv").write_text("SKU,Name,Price\n" + "".join(f"S{i}-{k},Thing,{k}\n" for k in range(1, 6)))
    bench.seconds([bench.sluice, "sync"], cwd=folder)
    return folder


def daemon(bench, folder, *roles, configuration=CONFIGURATION):
    port = free_port()
    # wrk tries the address with one connection more, which would be the 65th of one peer that is no proxy.
    settings = f'listen: "127.0.0.1:{port}", jwt_secret: "{SECRET}", threads: {THREADS}, trusted_proxies: ["127.0.0.1"]'
    (folder / "sluice.yaml").write_text(f"{configuration}http: {{{settings}}}\n")
    return Started([bench.sluice, "run", "-q", *roles], port, folder)


def token(bench, folder, role="viewer"):
    made = subprocess.run([bench.sluice, "token", "create", "--role", role, "--ttl", "10h"], cwd=folder, check=True,
                          capture_output=True, text=True)
    return made.stdout.strip()


def nginx(bench, folder, body):
    port = free_port()
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "status.json").write_bytes(body)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, threads=THREADS))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if shutil.which(program) is None:
        raise Missing("nginx is not installed")
    return Started([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder)


def wrk(bench, url, seconds, bearer=None, connections=CONNECTIONS):
    """Requests a second, and the latency in ms that 99 % stay below."""
    header = ["-H", f"Authorization: Bearer {bearer}"] if bearer else []
    command = [bench.tool("wrk"), "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", *header, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def fetch(port, bearer):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{STATUS}", headers={"Authorization": f"Bearer {bearer}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def served(port, bearer, suppliers):
    """The body once it has every supplier."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        body = fetch(port, bearer)
        if len(json.loads(body)["suppliers"]) == suppliers:
            return body
        time.sleep(0.1)
    raise RuntimeError("the status never showed every supplier")


def beside_nginx(bench, name, suppliers, goal, more_name=""):
    try:
        bench.tool("wrk")
        suppliers = suppliers // 10 if bench.smoke else suppliers
        folder, seconds, slowest, rounds = many(bench, suppliers, more_name), 1 if bench.smoke else 3, [], []
        with daemon(bench, folder, "--role", "api") as ours:
            bearer = token(bench, folder)
            body = served(ours.port, bearer, suppliers)
            with nginx(bench, folder, body) as peer:
                for _ in range(bench.rounds):
                    rate, latency = wrk(bench, f"http://127.0.0.1:{ours.port}{STATUS}", seconds, bearer)
                    slowest.append(latency)
                    rounds.append((rate, wrk(bench, f"http://127.0.0.1:{peer.port}/status.json", seconds)[0]))
    except Missing as why:
        return [cannot_tell(name, f">= {goal}", str(why))]
    detail = f"{rounds[0][0]:.0f} beside {rounds[0][1]:.0f} a second, {len(body)} bytes, 99 % below {sorted(slowest)[len(slowest) // 2]:.1f} ms"
    found = [verdict(name, rounds, goal, detail, at_least=True)]
    if goal == SMALL_GOAL:
        middle = sorted(slowest)[len(slowest) // 2]
        found.append({"name": f"{name}-p99", "ratio": round(middle, 2), "goal": f"<= {LATENCY_GOAL}", "ok": middle <= LATENCY_GOAL,
                      "detail": "milliseconds that 99 % of the requests stay below"})
    return found


def status_small(bench):
    return beside_nginx(bench, "http-status-100", 100, SMALL_GOAL)


def status_large(bench):
    """Of 545 KB, as large as the document that the goal was taken with (shared/bench/gen-status.py writes 547 KB for 1,000
    suppliers); and of 242 KB, of suppliers of whom there is little to say.

    The short one nginx sends with one sendfile, without a copy. libmicrohttpd 0.9.75 copies it into the socket, which is
    a third of a request's time: a bare one with a cached body reached 0.76 to 0.92 of nginx; with a body in a file or memfd,
    which it sends in pieces of 128 KiB with three more calls of the system for each answer, 0.54 to 0.91."""
    return (beside_nginx(bench, "http-status-1000", 1000, LARGE_GOAL, "торговый дом " * 12)
            + beside_nginx(bench, "http-status-1000-short", 1000, LARGE_GOAL))


def polled_sync(bench, server):
    """Seconds of a sync while the status is asked for: by 64 connections, one request each 64 ms."""
    pace = server.folder / "pace.lua"
    pace.write_text("function delay() return 64 end\n")
    command = [bench.tool("wrk"), "-t1", "-c64", "-d60s", "-s", str(pace), "-H", f"Authorization: Bearer {token(bench, server.folder)}",
               f"http://127.0.0.1:{server.port}{STATUS}"]
    polling = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    seconds = bench.seconds([bench.sluice, "sync"], cwd=server.folder)
    polling.kill()
    polling.wait()
    return seconds


def sync_while_polled(bench):
    """A sync of 200,000 rows while the status is asked for a thousand times a second, beside one in peace."""
    name = "http-sync-polled"
    try:
        bench.tool("wrk")
    except Missing as why:
        return [cannot_tell(name, f"<= {SYNC_GOAL}", str(why))]
    folder, rounds = place(bench, "polled", bench.a_list(200_000)), []
    for i in range(1 if bench.smoke else 2 * bench.rounds):
        took = {}
        for polled in (i % 2 == 0, i % 2 != 0):  # in turns who is first
            clear(folder)
            with daemon(bench, folder, "--role", "api") as server:
                took[polled] = polled_sync(bench, server) if polled else bench.seconds([bench.sluice, "sync"], cwd=folder)
        rounds.append((took[True], took[False]))
    return [verdict(name, rounds, SYNC_GOAL)]
