# SPDX-License-Identifier: Apache-2.0
"""Cron vectors of other people's projects (shared/corpus/cron) against `sluice schedule next`. Where we differ on
purpose the vector is named here with the reason; a vector that begins to agree has to leave the list."""
import json
import subprocess
import sys
import unittest
from datetime import datetime, timedelta

from sluice import PROGRAM, SHARED, environment, main

CORPUS = SHARED / "corpus" / "cron" / "vectors.jsonl"
CHECKER = SHARED / "tools" / "check-cron.py"
NOT_CLAIMED = "L,W,nth-#,year"  # Quartz's additions

GAP = "a named hour that is left out runs at the first instant after the gap, not shifted and not on the next day"
TWICE = "a named time that comes twice runs at its first occurrence only"
STEP = "a step counts from the field's least value, not from the time that is asked from"
EITHER = "both day fields restricted means either; a day field is unrestricted only when it is * or ?"
VALUE_STEP = "5/15 is 5-59/15, as most readers of cron have it"
DOUBLED = "a value that is named twice is no mistake worth a refusal"
QUERY = "? stands for a day field only, and never for `now`"
NEGATIVE = "days are not counted from the month's end"
WRAP_STEP = "a step goes on through the end of the year or week: Apr, Jun, … Dec, Feb"
ONE_DAY = "a range from a day to itself is that day"
NO_STAR = "a step needs something to step through: */10"
EXTENSION = "an addition of one reader that is not claimed"
FROM_DST = "the source's own clock was set when this was recorded: 2026-05-06 is a Wednesday like any other"

DEVIATIONS = {
    "robfig-0056": GAP, "croniter-0062": GAP, "supertinycron-0017": GAP, "cron-parser-0101": GAP,
    "cron-parser-0103": GAP, "cron-parser-0108": GAP, "croner-0052": GAP, "croner-0056": GAP, "croner-0243": GAP,
    "robfig-0058": TWICE,
    "croniter-0067": STEP, "croniter-0075": STEP, "croniter-0079": STEP, "croniter-0083": STEP,
    "croniter-0011": EITHER, "croniter-0057": EITHER, "croniter-0094": EITHER, "croniter-0296": EITHER,
    "croner-0218": VALUE_STEP, "croner-0228": VALUE_STEP, "croner-0260": VALUE_STEP, "croner-0262": VALUE_STEP,
    "croner-0264": VALUE_STEP, "croner-0266": VALUE_STEP, "croner-0271": VALUE_STEP,
    "cron-parser-0035": DOUBLED, "cron-parser-0037": DOUBLED, "cron-parser-0039": DOUBLED, "cron-parser-0041": DOUBLED,
    "croner-0009": QUERY, "croner-0011": QUERY,
    "fugit-0009": NEGATIVE, "fugit-0011": NEGATIVE, "fugit-0013": NEGATIVE,
    "croniter-0169": WRAP_STEP, "croniter-0221": WRAP_STEP,
    "croniter-0225": ONE_DAY, "croniter-0227": ONE_DAY,
    "croner-0272": NO_STAR,
    "croner-0192": EXTENSION, "croner-0209": EXTENSION, "croner-0165": EXTENSION, "croner-0167": EXTENSION,
    "cron-parser-0114": FROM_DST,
}
COMMAND = [str(PROGRAM), "schedule", "next", "--cron", "{expr}", "--timezone", "{tz}", "--from", "{from}", "-n", "{count}"]


def vectors(kind):
    unclaimed = set(NOT_CLAIMED.split(","))
    with CORPUS.open(encoding="utf-8") as lines:
        return [v for v in map(json.loads, lines) if v["kind"] == kind and not unclaimed & set(v["features"])]


class CronVectors(unittest.TestCase):
    def setUp(self):
        if not CORPUS.exists():
            self.skipTest(f"{CORPUS} is missing; set SLUICE_SHARED to the shared material")

    def test_next_times_and_refusals_are_those_of_the_corpus(self):
        done = subprocess.run([sys.executable, CHECKER, CORPUS, "--kinds", "next,invalid,valid", "--without", NOT_CLAIMED,
                               "--jobs", "2", "--", *COMMAND], capture_output=True, text=True, env=environment(), check=False)
        failed = {line.split()[1]: line for line in done.stdout.splitlines() if line.startswith("FAIL ")}
        self.assertRegex(done.stdout, r"\d{3} passed", done.stderr)
        judged = {v["id"] for kind in ("next", "invalid", "valid") for v in vectors(kind)}
        self.assertGreater(len(judged), 400)
        self.assertEqual([failed[i] for i in sorted(failed.keys() - DEVIATIONS.keys())], [])
        self.assertEqual(sorted((DEVIATIONS.keys() & judged) - failed.keys()), [], "these agree by now")

    def test_a_time_matches_when_it_is_the_next_one_after_the_second_before(self):
        wrong = {}
        for v in vectors("match"):
            at = datetime.fromisoformat(v["from"].replace("Z", "+00:00"))
            before = (at - timedelta(seconds=1)).isoformat()
            done = subprocess.run([*COMMAND[:4], v["expr"], "--timezone", v["tz"], "--from", before, "-n", "1"],
                                  capture_output=True, text=True, env=environment(), check=False)
            said = done.stdout.strip()
            if done.returncode != 0 or (datetime.fromisoformat(said.replace("Z", "+00:00")) == at) != v["expect"]:
                wrong[v["id"]] = f"{v['expr']} at {v['from']}: expected {v['expect']}, next is {said}{done.stderr}"
        self.assertEqual({i: wrong[i] for i in wrong.keys() - DEVIATIONS.keys()}, {})


if __name__ == "__main__":
    main()
