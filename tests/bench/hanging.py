# SPDX-License-Identifier: Apache-2.0
"""The status while the store and the state backend accept questions and answer none."""
import json
import sys
import time
from pathlib import Path

import serving
from measuring import cannot_tell

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))
from postgres_server import postgres  # noqa: E402
from redis_server import redis  # noqa: E402
from server import Missing  # noqa: E402

GOAL = 100  # milliseconds that 99 % of the answers stay below
CONFIGURATION = """
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {{plugin: store-pg, url: "{store}"}}
state: {{plugin: redis, url: "{state}"}}
"""


def both_missed(port, bearer):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if len(json.loads(serving.fetch(port, bearer))["degraded"]) == 2:
            return
        time.sleep(0.1)
    raise RuntimeError("the status never said that both hang")


def asked(bench, store, state):
    configuration = CONFIGURATION.format(store=store.fresh().url, state=state.url)
    folder = serving.many(bench, 100, configuration=configuration)
    with serving.daemon(bench, folder, "--role", "api", configuration=configuration) as ours:
        bearer = serving.token(bench, folder)
        serving.served(ours.port, bearer, 100)
        for server in (store, state):
            server.pause()
        try:
            both_missed(ours.port, bearer)
            return serving.wrk(bench, f"http://127.0.0.1:{ours.port}{serving.STATUS}", 1 if bench.smoke else 10, bearer)
        finally:
            for server in (store, state):
                server.resume()


def status_hung(bench):
    """PostgreSQL and Redis are stopped (SIGSTOP); 64 connections ask for the status as fast as they can."""
    servers = []
    try:
        bench.tool("wrk")
        servers.append(postgres())
        servers.append(redis())
        rate, latency = asked(bench, *servers)
    except Missing as why:
        return [cannot_tell("http-status-hung", f"<= {GOAL}", str(why))]
    finally:
        for server in servers:
            server.folder.close()
    return [{"name": "http-status-hung", "ratio": round(latency, 2), "goal": f"<= {GOAL}", "ok": latency <= GOAL,
             "detail": f"milliseconds that 99 % of the requests stay below, at {rate:.0f} a second"}]
