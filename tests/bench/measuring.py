# SPDX-License-Identifier: Apache-2.0
"""How benchmarks measure: rounds in turns, medians, and a verdict that admits when the machine is too noisy."""
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path


class Missing(Exception):
    """A program that a benchmark needs is not there."""


def verdict(name, rounds, goal, detail="", at_least=False):
    """rounds: one (ours, peer) pair each. The goal bounds ours / peer from above, or from below when at_least."""
    ratios = sorted(ours / peer for ours, peer in rounds)
    ratio = statistics.median(ratios)  # of pairs: what else the machine does changes from round to round
    low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
    holds = ratio >= goal if at_least else ratio <= goal
    ok = None if len(ratios) > 1 and low <= goal <= high else holds
    return {"name": name, "ratio": round(ratio, 3), "goal": f"{'>=' if at_least else '<='} {goal:g}", "ok": ok,
            "detail": detail or f"rounds {len(ratios)}, middle half {low:.2f} to {high:.2f}"}


def cannot_tell(name, goal, why):
    return {"name": name, "ratio": None, "goal": goal, "ok": None, "detail": why}


class Bench:
    def __init__(self, build, smoke):
        self.build, self.smoke = build, smoke
        self.folder = build / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sluice = str(build / "bin" / "sluice")
        self.rounds = 1 if smoke else 7

    def program(self, name):
        path = self.build / "tests" / name
        if not path.exists():
            raise Missing(f"{path} is not built")
        return str(path)

    @staticmethod
    def tool(name):
        path = shutil.which(name)
        if path is None:
            raise Missing(f"{name} is not installed")
        return path

    def a_list(self, rows):
        """A price list of that many rows (a hundredth in a smoke run), about 95 bytes each."""
        rows = max(1000, rows // 100) if self.smoke else rows
        path = self.folder / f"list-{rows}.csv"
        if not path.exists():
            unfinished = path.with_suffix(".part")
            subprocess.run([self.program("gen_list"), str(rows), str(unfinished)], check=True)
            unfinished.rename(path)
        return path

    def a_book(self, rows, *how):
        """The same as a workbook, 8 columns a row; `how` goes to gen_book.py."""
        rows = max(1000, rows // 100) if self.smoke else rows
        path = self.folder / f"book-{'-'.join((str(rows), *how))}.xlsx"
        if not path.exists():
            unfinished = path.with_suffix(".part")
            generator = Path(__file__).resolve().parent / "gen_book.py"
            subprocess.run([sys.executable, str(generator), str(rows), str(unfinished), *how], check=True)
            unfinished.rename(path)
        return path

    @staticmethod
    def seconds(command, codes=(0,), **how):
        started = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **how)
        elapsed = time.monotonic() - started
        if done.returncode not in codes:
            raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return elapsed
