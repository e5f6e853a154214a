# SPDX-License-Identifier: Apache-2.0
"""`sluice preview --raw --json` against a corpus of other people's CSV test suites. Where three independent readers agree
on the rows, so do we; where they differ, we must not crash and must give every row that all of them give."""
import concurrent.futures
import json
import unittest

import sluice

CORPUS = sluice.SHARED / "corpus" / "csv"

# Where the corpus' expectation is another one than ours, and why.
OTHERWISE = {}


def unified(cells):
    """A row as the corpus writes it: text, an absent cell is an empty one, line ends inside cells are \\n."""
    return [("" if cell is None else cell).replace("\r\n", "\n").replace("\r", "\n") for cell in cells]


def stripped(rows):
    """Without blank rows, which the corpus drops, and without padding at a row's end."""
    kept = []
    for row in rows:
        row = unified(row)
        while row and row[-1] == "":
            row.pop()
        if row:
            kept.append(row)
    return kept


class Corpus(sluice.Place):
    def read(self, case):
        return self.sluice("preview", CORPUS / case["file"], "--raw", "--json", "-o", f"encoding={case['encoding'].split()[0]}",
                           "-o", f"delimiter={case['delimiter']}")

    def problem(self, case):
        """What is wrong with our reading of the case, or None."""
        result = self.read(case)
        if result.code not in (0, sluice.DATA):
            return f"{result}"
        if not case.get("peers_agree") or case["file"] in OTHERWISE:
            return None
        rows = stripped(json.loads(line)["cells"] for line in result.out.splitlines())
        if "expected_rows" not in case:
            first, last = stripped(case["first_rows"]), stripped([case["last_row"]])
            if (rows[:len(first)], rows[-1:], len(rows)) == (first, last, case["rows"]):
                return None
            return f"{len(rows)} rows of {case['rows']}, from {rows[:1]} to {rows[-1:]} where {first[:1]} to {last} was expected"
        expected = stripped(case["expected_rows"])
        if rows == expected:
            return None
        at = next((i for i, (ours, theirs) in enumerate(zip(rows, expected)) if ours != theirs), min(len(rows), len(expected)))
        return (f"row {at + 1}: {rows[at:at + 1]} where {expected[at:at + 1]} was expected "
                f"({len(rows)} rows, {len(expected)} expected)\n{result.err[:500]}")

    @sluice.needs_shared("corpus/csv")
    def test_every_file_is_read_as_independent_readers_read_it(self):
        cases = [json.loads(line) for line in (CORPUS / "expected.jsonl").read_text().splitlines()]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            problems = list(zip(cases, pool.map(self.problem, cases)))
        wrong = [f"{case['file']}: {why}" for case, why in problems if why]
        print(f"{len(cases)} files, {sum(bool(c.get('peers_agree')) for c in cases)} with one expected reading, "
              f"{len(OTHERWISE)} of them read otherwise on purpose")
        self.assertEqual(wrong, [], "\n".join([""] + wrong))


if __name__ == "__main__":
    sluice.main()
