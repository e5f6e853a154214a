#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs benchmarks, each beside its peer in the same run and in turns, so that a busy machine slows both.

A result is {name, ratio, goal, ok}: the ratio of the medians, the bound it has to keep, and whether it does. ok is null
where this machine cannot tell: a peer is missing, or the middle half of the rounds lies on both sides of the goal."""
import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import decoding  # noqa: E402
import hanging  # noqa: E402
import panel  # noqa: E402
import serving  # noqa: E402
import sharing  # noqa: E402
import sheets  # noqa: E402
import storing  # noqa: E402
import syncing  # noqa: E402
import waiting  # noqa: E402
from measuring import Bench  # noqa: E402

BENCHMARKS = {
    "csv-decode": decoding.csv_decode,
    "csv-instructions": decoding.csv_instructions,
    "pipeline": decoding.pipeline,
    "xlsx-decode": decoding.xlsx_decode,
    "xlsx-heap": decoding.xlsx_heap,
    "values": sheets.values,
    "sync-sqlite": syncing.sync_sqlite,
    "second-sync": syncing.second_sync,
    "store": storing.store,
    "store-many": storing.many,
    "store-acquire": storing.acquire,
    "waiting": waiting.waiting,
    "http-status": serving.status_small,
    "http-status-1000": serving.status_large,
    "http-status-hung": hanging.status_hung,
    "http-sync-polled": serving.sync_while_polled,
    "panel": panel.panel,
    "heap": syncing.heap,
    "workers": sharing.workers,
}
SLOW = {"heap"}


def show(result):
    ok = {True: "ok", False: "MISSED", None: "cannot tell"}[result["ok"]]
    ratio = "-" if result["ratio"] is None else f"{result['ratio']:.2f}"
    print(f"{result['name']:28} {ratio:>8} {result['goal']:>10}  {ok:12} {result['detail']}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Every benchmark with its peer in the same run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--build", type=Path, default=Path("build/release"), help="the build to measure")
    parser.add_argument("--smoke", action="store_true", help="tiny input, one round: only shows that each runs")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    bench = Bench(options.build.resolve(), options.smoke)
    missed = False
    if not options.json:
        print(f"{'name':28} {'ratio':>8} {'goal':>10}")
    for name in options.names or [name for name in BENCHMARKS if not (options.smoke and name in SLOW)]:
        for result in BENCHMARKS[name](bench):
            missed = missed or result["ok"] is False
            print(json.dumps(result), flush=True) if options.json else show(result)
    return 1 if missed and not options.smoke else 0


if __name__ == "__main__":
    sys.exit(main())
