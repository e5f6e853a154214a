# SPDX-License-Identifier: Apache-2.0
"""Any allocation of Sluice's own code may fail (FAULTS F10): the k-th one of a sync, alone or with all after it. Whatever k
is, the program ends by itself, says in a sentence that it is out of memory when it did not get done, and leaves a store that
keeps its promises and that the next sync brings to the same end. Every tenth k, or with SLUICE_ALL_ALLOCATIONS=1 each;
several at a time, each in a folder of its own."""
import copy
import os
import re
import shutil
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import sluice
from check_invariants import broken
from dump import dump

STEP = 1 if os.environ.get("SLUICE_ALL_ALLOCATIONS") else 10
WORKERS = 2 * (os.cpu_count() or 1)  # some wait for the end of a lease
SHIM = sluice.BUILD / "tests" / "shims" / "failing_alloc.so"


class Allocations(sluice.Place):
    configuration = sluice.CONFIGURATION + "sync: {lease: 1s}\n"

    def setUp(self):
        super().setUp()
        if not SHIM.exists():
            raise unittest.SkipTest(f"{SHIM} is not built (a sanitizer has the allocator to itself)")
        self.master("Acme", "Bolt")
        self.list("Acme", 12)
        self.list("Bolt", 8)
        with open(self.folder / "Bolt.csv", "a", encoding="utf-8") as out:
            out.write('"Bolt-x","say ""no price""",,\n')

    def begin(self):
        for leftover in self.folder.glob("sluice.db*"):
            leftover.unlink()
        shutil.rmtree(self.folder / "state", ignore_errors=True)

    def failing(self, which):
        count = self.folder / "count"
        result = self.sluice("sync", env={"LD_PRELOAD": str(SHIM), "FAIL_ALLOC": which, "FAIL_ALLOC_COUNT": str(count)})
        return result, int(count.read_text()) if count.exists() else None

    def mended(self, where):
        """Where the run could not get its lock, nobody can prove that it is dead: then its lease has to end first."""
        if self.store.exists():
            self.assertEqual(broken(self.store), [], where)
        results = []
        sluice.poll(lambda: results.append(self.sluice("sync")) or results[-1].code != sluice.TRY_LATER, "the lease's end")
        self.assertEqual(results[-1].code, sluice.DONE, f"{where}\n{results[-1]}")
        self.assertEqual(broken(self.store), [], where)
        self.assertEqual(sorted(set(self.expected) ^ set(dump(self.store)))[:10], [], f"the final state differs: {where}")

    def elsewhere(self, name):
        """The same test in a folder of its own, with the same lists."""
        other = copy.copy(self)
        other.folder = self.folder / name
        other.folder.mkdir()
        for file in (*self.folder.glob("*.csv"), self.folder / "sluice.yaml"):
            shutil.copy2(file, other.folder)
        return other

    def check(self, which, allocations):
        """The exit code of a sync in which that fails."""
        self.begin()
        result, _ = self.failing(which)
        where = f"allocation {which} of {allocations}\n{result}"
        self.assertGreaterEqual(result.code, 0, f"it crashed: {where}")
        if result.code != sluice.DONE:
            self.assertRegex(result.everything, re.compile("memory", re.IGNORECASE), f"it does not say why: {where}")
        self.mended(where)
        return result.code

    def sweep(self, later):
        self.sync()
        self.expected = dump(self.store)
        self.begin()
        result, allocations = self.failing("0")
        self.assertEqual(result.code, sluice.DONE, result)

        def every(worker):
            here = self.elsewhere(f"worker {worker}")
            return Counter(here.check(f"{k}{later}", allocations)
                           for k in range(1 + worker * STEP, allocations + 1, WORKERS * STEP))
        with ThreadPoolExecutor(WORKERS) as pool:
            codes = sum(pool.map(every, range(WORKERS)), Counter())
        print(f"{allocations} allocations; exit codes: {dict(codes)}")

    def test_one_fails(self):
        self.sweep("")

    def test_one_and_all_after_it_fail(self):
        self.sweep("+")


if __name__ == "__main__":
    sluice.main()
