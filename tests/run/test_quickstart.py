# SPDX-License-Identifier: Apache-2.0
"""The example of scripts/quickstart: its lists are what their program writes, and it goes as expected.txt says."""
import shutil
import subprocess
import sys

import sluice
from check_invariants import broken

EXAMPLE = sluice.SOURCE / "examples" / "quickstart"


class Quickstart(sluice.Place):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "work"
        shutil.copytree(EXAMPLE, self.work, ignore=shutil.ignore_patterns("sluice.db*", "state"))

    def copy(self, day):
        for path in (EXAMPLE / day).iterdir():
            shutil.copy(path, self.work / "lists" / path.name)

    def sync(self, *arguments, **how):
        return self.sluice("sync", "-c", "work/sluice.yaml", *arguments, **how)

    def test_yesterday_then_today_go_as_the_example_means_it(self):
        self.copy("yesterday")
        self.sync()
        self.copy("lists")
        today = self.sync()
        self.write("work/table.txt", today.out)
        outcome = subprocess.run([str(EXAMPLE / "outcome"), str(self.work)], capture_output=True, text=True, check=True,
                                 env=sluice.environment())
        self.assertEqual(outcome.stdout, (EXAMPLE / "expected.txt").read_text(encoding="utf-8"), str(today))
        self.assertEqual(broken(self.work / ".sluice" / "sluice.db"), [])

    def test_the_held_list_can_be_approved(self):
        self.copy("yesterday")
        self.sync()
        self.copy("lists")
        self.sync()
        hold = self.sluice("holds", "-c", "work/sluice.yaml", "--json", code=0).json()[0]
        result = self.sync("--approve", hold["id"])
        self.assertEqual(result.code, 0, str(result))
        items = self.sluice("items", "Hansen Tools ApS", "-c", "work/sluice.yaml", "--json", code=0).json()
        self.assertEqual(sum(item["gone_at"] is None for item in items), 60)

    def test_the_lists_are_what_their_program_writes(self):
        fresh = self.folder / "fresh"
        fresh.mkdir()
        subprocess.run([sys.executable, str(EXAMPLE / "make-lists.py"), str(fresh)], check=True)
        for folder in ("lists", "yesterday", "."):
            for path in sorted((fresh / folder).iterdir()):
                if path.is_file():
                    self.assertEqual(path.read_bytes(), (EXAMPLE / folder / path.name).read_bytes(), path.name)


if __name__ == "__main__":
    sluice.main()
