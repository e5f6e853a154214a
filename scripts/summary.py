#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/summary.py FOLDER: adds up what scripts/test left there (ctest's JUnit files and the file `checks`), says what
failed and what was skipped and why, and ends with the line `N passed, N failed, N skipped`.

A test is skipped when it exits with 77; its last line of output says why. A test whose program is missing has failed."""
import os
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def last_line(case):
    lines = [line for line in (case.findtext("system-out") or "").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "said no reason"


def outcomes(folder):
    """Yields (stage, test, passed|failed|skipped, reason)."""
    checks = folder / "checks"
    for line in checks.read_text().splitlines() if checks.exists() else []:
        result, name = line.split(" ", 1)
        yield "checks", name, {"pass": "passed", "fail": "failed"}[result], ""
    for file in sorted(folder.glob("*.xml")):
        for case in xml.parse(file).getroot().iter("testcase"):
            skipped = case.find("skipped")
            if skipped is not None and "SKIP" in skipped.get("message", ""):
                yield file.stem, case.get("name"), "skipped", last_line(case)
            elif case.get("status") == "run":
                yield file.stem, case.get("name"), "passed", ""
            else:
                yield file.stem, case.get("name"), "failed", last_line(case)


def main():
    shared = Path(os.environ.get("SLUICE_SHARED", "../shared"))
    strict = os.environ.get("CI") == "true" and (shared / "corpus").is_dir()
    all_outcomes = list(outcomes(Path(sys.argv[1])))
    for wanted in ("skipped", "failed"):
        stages = {}
        for stage, name, result, why in all_outcomes:
            if result == wanted:
                stages.setdefault((name, why), []).append(stage)
        if stages:
            print(f"{wanted}:")
        for (name, why), where in sorted(stages.items()):
            print(f"  {name} ({', '.join(where)})" + (f": {why}" if why else ""))
    count = {result: sum(1 for o in all_outcomes if o[2] == result) for result in ("passed", "failed", "skipped")}
    if strict and count["skipped"]:
        print("the shared test material is there and this is CI: a skipped test counts as failed")
        count["failed"] += count.pop("skipped")
        count["skipped"] = 0
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**count))
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
