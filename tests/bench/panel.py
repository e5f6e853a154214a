# SPDX-License-Identifier: Apache-2.0
"""The panel in Debian's Chromium, with a thousand suppliers: what is sent, when data is seen, and the longest task.

These goals are absolute, so the peer of each is one: a kilobyte, a second, a millisecond. A goal that is missed on a machine
with more to do than it has cores tells nothing about the panel."""
import gzip
import json
import os
import subprocess
from pathlib import Path

from measuring import Missing, cannot_tell, verdict
from serving import daemon, many, served, token

SOURCE = Path(__file__).resolve().parents[2]
DIST = SOURCE / "panel" / "dist"
BUNDLE_GOAL, LOAD_GOAL, TASK_GOAL = 150, 1, 100  # kB compressed, seconds, milliseconds
SUPPLIERS = 1000
MISSING = 77


def bundle():
    files = [path for path in DIST.rglob("*") if path.is_file() and path.suffix != ".gz"]
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) / 1000
    return verdict("panel-bundle", [(size, 1)], BUNDLE_GOAL, f"kB with gzip, {len(files)} files")


def timed(name, values, goal, detail, load):
    found = verdict(name, [(value, 1) for value in values], goal, detail)
    if found["ok"] is False and load > os.cpu_count():
        found.update(ok=None, detail=f"{detail}; beside a load of {load:.0f} on {os.cpu_count()} cores")
    return found


def browse(bench, server, bearer):
    """One round of browsing, as panel.mjs tells it."""
    browser = str(Path(__file__).with_name("panel.mjs"))
    done = subprocess.run([bench.tool("node"), browser, f"http://127.0.0.1:{server.port}", bearer], timeout=300,
                          env={**os.environ, "SLUICE_BUILD": str(bench.build)}, capture_output=True, text=True, check=False)
    if done.returncode == MISSING:
        raise Missing(done.stdout.strip())
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return json.loads(done.stdout)


def panel(bench):
    try:
        if not (DIST / "index.html").exists():
            raise Missing("the panel is not built: scripts/panel")
        suppliers = SUPPLIERS // 10 if bench.smoke else SUPPLIERS
        folder, (load, *_) = many(bench, suppliers), os.getloadavg()
        with daemon(bench, folder, "--role", "api", "--set", f"http.panel={DIST}") as server:
            bearer = token(bench, folder, "admin")
            served(server.port, bearer, suppliers)
            rounds = [browse(bench, server, bearer) for _ in range(bench.rounds)]
    except Missing as why:
        return [cannot_tell("panel", f"<= {LOAD_GOAL}", str(why))]
    worst = max(rounds, key=lambda one: one["task"])
    return [
        bundle(),
        timed("panel-first-load", [one["load"] / 1000 for one in rounds], LOAD_GOAL,
              f"seconds from an empty browser to the first of {suppliers} suppliers, {len(rounds)} rounds", load),
        timed("panel-long-task", [one["task"] for one in rounds], TASK_GOAL,
              f"ms, the longest of each round; in all {worst['task']:.0f} while {worst['during']}", load),
    ]
