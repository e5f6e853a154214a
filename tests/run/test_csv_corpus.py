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
        arguments = ["preview", CORPUS / case["file"], "--raw", "--json", "-o", f"encoding={case['encoding']}"]
        if case.get("delimiter_known"):
            arguments += ["-o", f"delimiter={case['delimiter']}"]
        return self.sluice(*arguments)

    def problem(self, case):
        """What is wrong with our reading of the case, or None."""
        result = self.read(case)
        if result.code not in (0, sluice.DATA) or result.code < 0:
            return f"{result}"
        rows = stripped(json.loads(line)["cells"] for line in result.out.splitlines())
        if case.get("peers_agree") and "expected_rows" in case and case["file"] not in OTHERWISE:
            expected = stripped(case["expected_rows"])
            if rows != expected:
                first = next((i for i, (a, b) in enumerate(zip(rows, expected)) if a != b), min(len(rows), len(expected)))
                return (f"row {first + 1}: {rows[first:first + 1]} where {expected[first:first + 1]} was expected "
                        f"({len(rows)} rows, {len(expected)} expected)\n{result.err[:500]}")
        return None

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
