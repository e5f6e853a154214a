# SPDX-License-Identifier: Apache-2.0
"""`sluice preview --raw --json` against a corpus of other people's CSV test suites. Where three independent readers agree
on the rows and we reject none, so do we; everywhere else the program must end well and name the line of each reject. (What
is rejected instead of guessed, and why, is a matter of the decoder's own test.)"""
import concurrent.futures
import json
import re

import sluice

CORPUS = sluice.SHARED / "corpus" / "csv"

ENCODINGS = {"utf-8-sig": "utf-8", "latin-1": "iso-8859-1", "cp1251": "windows-1251"}  # by the names that we know


def comparable(rows):
    """As the corpus writes them: an absent cell is an empty one, \\n ends lines inside cells; without blank
    rows and padding at a row's end."""
    kept = []
    for row in rows:
        row = [(cell or "").replace("\r\n", "\n").replace("\r", "\n") for cell in row]
        while row and not row[-1]:
            row.pop()
        if any(cell.strip() for cell in row):
            kept.append(row)
    return kept


class Corpus(sluice.Place):
    def read(self, case):
        encoding = ENCODINGS.get(case["encoding"], case["encoding"].split()[0])
        return self.sluice("preview", CORPUS / case["file"], "--raw", "--json", "-o", f"encoding={encoding}", "-o", f"delimiter={case['delimiter']}")

    def problem(self, case):
        """What is wrong with our reading of the case, or None."""
        result = self.read(case)
        if result.code not in (0, sluice.DATA):
            return f"{result}"
        rejects = result.err.splitlines()
        if any(not re.search(r":\d+:\d+: [a-z_]+: ", reject) for reject in rejects):
            return f"a reject without address, code or reason\n{result.err}"
        if rejects or not case.get("peers_agree"):
            return None
        rows = comparable(json.loads(line)["cells"] for line in result.out.splitlines())
        if "expected_rows" not in case:
            first, last = comparable(case["first_rows"]), comparable([case["last_row"]])
            if (rows[:len(first)], rows[-1:], len(rows)) == (first, last, case["rows"]):
                return None
            return f"{len(rows)} rows of {case['rows']}, from {rows[:1]} to {rows[-1:]} where {first[:1]} to {last} was expected"
        expected = comparable(case["expected_rows"])
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
        print(f"{len(cases)} files, {sum(bool(c.get('peers_agree')) for c in cases)} with one expected reading "
              "and the same here")
        self.assertEqual(wrong, [], "\n".join([""] + wrong))


if __name__ == "__main__":
    sluice.main()
