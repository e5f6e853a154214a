# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of reading a list: the decoder alone, its instructions, and the way from the file to items."""
import json
import re
import subprocess
import sys
from pathlib import Path

from measuring import Missing, cannot_tell, verdict

READ_GOAL, LIBCSV_GOAL, INSTRUCTIONS_GOAL, PIPELINE_GOAL = 5, 4, 6, 0.6
OPENPYXL_GOAL, BOOK_HEAP_GOAL = 10, 1.1
A_HUNDRED_MEGABYTES = 1_050_000  # rows


def lines_of_numbers(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    return [[float(number) for number in line.split()] for line in done.stdout.splitlines()]


def seconds_of(bench, mode, path):
    """What bench_csv says that one reading took, without the start of the program."""
    done = subprocess.run([bench.program("bench_csv"), mode, str(path)], capture_output=True, text=True, check=False)
    if done.returncode == 64:
        raise Missing(f"bench_csv was built without its peer ({mode})")
    if done.returncode != 0:
        raise RuntimeError(f"bench_csv {mode} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)["seconds"]


def csv_decode(bench):
    """Batches of 100 MB with UTF-8 checked, beside a bare read () loop and beside libcsv."""
    goals = (f"<= {READ_GOAL}", f">= {LIBCSV_GOAL}")
    try:
        path = bench.a_list(A_HUNDRED_MEGABYTES)
        rounds = [[seconds_of(bench, mode, path) for mode in ("ours", "read", "libcsv")] for _ in range(bench.rounds)]
    except Missing as why:
        return [cannot_tell("csv-decode/read", goals[0], str(why)), cannot_tell("csv-decode/libcsv", goals[1], str(why))]
    return [verdict("csv-decode/read", [(ours, read) for ours, read, _ in rounds], READ_GOAL),
            verdict("csv-decode/libcsv", [(libcsv, ours) for ours, _, libcsv in rounds], LIBCSV_GOAL, at_least=True)]


def instructions(bench, path):
    """Instructions that callgrind counts for decoding the file."""
    done = subprocess.run([bench.tool("valgrind"), "--tool=callgrind", "--callgrind-out-file=/dev/null",
                           bench.program("bench_csv"), "ours", str(path)], capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr[-2000:])
    return int(found.group(1))


def csv_instructions(bench):
    """Instructions per byte: the decoder's on 20 MB less those on 1 MB, so that the start of the program is out."""
    try:
        small, large = bench.a_list(10_000), bench.a_list(200_000 if not bench.smoke else 1_000_000)
        bytes_between = large.stat().st_size - small.stat().st_size
        between = instructions(bench, large) - instructions(bench, small)
    except Missing as why:
        return [cannot_tell("csv-instructions", f"<= {INSTRUCTIONS_GOAL}", str(why))]
    return [verdict("csv-instructions", [(between, bytes_between)], INSTRUCTIONS_GOAL, "instructions per byte")]


def pipeline(bench):
    """Fetch, decode, map, rejects, no store: its speed as a share of libcsv's bare decoding speed."""
    try:
        rounds = lines_of_numbers([bench.program("bench_pipeline"), bench.build / "plugins" / "csv-stub.so",
                                   bench.a_list(A_HUNDRED_MEGABYTES), bench.rounds])
    except Missing as why:
        return [cannot_tell("pipeline", f">= {PIPELINE_GOAL}", str(why))]
    return [verdict("pipeline", [(libcsv, ours) for ours, libcsv in rounds], PIPELINE_GOAL, at_least=True)]


def book_read(bench, path):
    """What bench_xlsx says of one reading: seconds and heap."""
    done = subprocess.run([bench.program("bench_xlsx"), str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"bench_xlsx ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def openpyxl_seconds(path):
    """The package is Debian's, so Debian's Python has it, whichever runs this."""
    peer = Path(__file__).resolve().parent / "peer_openpyxl.py"
    for python in (sys.executable, "/usr/bin/python3"):
        done = subprocess.run([python, str(peer), str(path)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)["seconds"]
        if done.returncode != 64:
            raise RuntimeError(f"{python} {peer} ended with {done.returncode}: {done.stderr}")
    raise Missing("openpyxl is not installed")


def xlsx_decode(bench):
    """A workbook of 100,000 x 8 cells, beside openpyxl's read-only mode."""
    try:
        path = bench.a_book(100_000)
        rounds = [(openpyxl_seconds(path), book_read(bench, path)["seconds"])
                  for _ in range(1 if bench.smoke else 3)]
    except Missing as why:
        return [cannot_tell("xlsx-decode/openpyxl", f">= {OPENPYXL_GOAL}", str(why))]
    return [verdict("xlsx-decode/openpyxl", rounds, OPENPYXL_GOAL, at_least=True)]


def xlsx_heap(bench):
    """The heap for ten times as many rows, with texts in the cells: shared strings are what may grow."""
    try:
        small, large = (book_read(bench, bench.a_book(rows, "inline"))["heap"] for rows in (20_000, 200_000))
    except Missing as why:
        return [cannot_tell("xlsx-heap", f"<= {BOOK_HEAP_GOAL}", str(why))]
    return [verdict("xlsx-heap", [(large, small)], BOOK_HEAP_GOAL, f"{large / 2**20:.1f} MiB")]
