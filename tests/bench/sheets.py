# SPDX-License-Identifier: Apache-2.0
"""Decoding of what the Sheets API answers, beside jansson, which would make a tree of it."""
import csv
import json
import subprocess

from measuring import Missing, cannot_tell, verdict

TIME_GOAL, HEAP_GOAL = 0.2, 4 << 20
ROWS = 100_000


def answer(bench):
    """The list of ROWS rows as the API gives it: without cells that are empty at a row's end."""
    path = bench.folder / f"values-{'smoke' if bench.smoke else ROWS}.json"
    if path.exists():
        return path
    with open(bench.a_list(ROWS), newline="", encoding="utf-8") as file:
        rows = [row[:len(row) - (row[-1] == "")] for row in csv.reader(file)]
    text = json.dumps({"range": f"Prices!A1:H{len(rows)}", "majorDimension": "ROWS", "values": rows}, ensure_ascii=False,
                      separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
    return path


def one(bench, mode, path):
    done = subprocess.run([bench.program("bench_values"), mode, str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"bench_values {mode} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def values(bench):
    """100,000 x 8 cells: time beside jansson's bare json_loadb, and heap above the document."""
    try:
        path = answer(bench)
        rounds = [[one(bench, mode, path) for mode in ("ours", "jansson")] for _ in range(bench.rounds)]
    except Missing as why:
        return [cannot_tell("values/jansson", f"<= {TIME_GOAL}", str(why)), cannot_tell("values-heap", "<= 1", str(why))]
    heap = max(ours["heap"] for ours, _ in rounds)
    return [verdict("values/jansson", [(ours["seconds"], jansson["seconds"]) for ours, jansson in rounds], TIME_GOAL),
            verdict("values-heap", [(heap, HEAP_GOAL)], 1, f"{heap >> 10} KiB of {HEAP_GOAL >> 10}")]
