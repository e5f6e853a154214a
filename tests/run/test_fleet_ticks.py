# SPDX-License-Identifier: Apache-2.0
"""Daemons on one PostgreSQL and Redis whose clocks are up to a day apart (libfaketime): each time of the schedule is
accounted for once and runs at most once. SLUICE_DAEMONS (3) and SLUICE_TICKS (40) say how many."""
import os
import unittest
from pathlib import Path

import sluice
from fleet import Fleet

DAEMONS = int(os.environ.get("SLUICE_DAEMONS", "3"))
TICKS = int(os.environ.get("SLUICE_TICKS", "40"))
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


@unittest.skipUnless(FAKETIME.exists(), "needs libfaketime: apt-get install faketime")
@unittest.skipIf("san" in sluice.BUILD.name, "libfaketime and the sanitizers both want to be loaded first")
class Ticks(Fleet):
    suppliers, rows = ("Acme",), 5

    def configure(self):
        super().configure()
        path = self.folder / "sluice.yaml"
        path.write_text(path.read_text().replace("every: 8784h", "every: 1s"))

    def offsets(self):
        """Hours from a day behind to a day ahead."""
        return [round(-24 + 48 * i / (DAEMONS - 1)) for i in range(DAEMONS)]

    def test_each_tick_is_accounted_for_once_whatever_the_workers_clocks_say(self):
        self.lists(1)
        self.sync()
        for i, hours in enumerate(self.offsets()):
            self.launch(f"clock {hours:+}h", "--workers", "1", env={
                "LD_PRELOAD": str(FAKETIME), "FAKETIME": f"{hours:+}h", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_NO_CACHE": "0"})
        sluice.poll(lambda: self.pg.query("SELECT count(*) FROM sync_ticks")[0][0] >= TICKS, f"{TICKS} ticks",
                    seconds=sluice.DEADLINE + 3 * TICKS)
        self.end_all()
        ticks = self.pg.query("SELECT extract(epoch FROM nominal_at)::bigint, state, run_id, count FROM sync_ticks ORDER BY 1")
        nominal = [tick[0] for tick in ticks]
        covered = sum(tick[3] for tick in ticks)
        self.assertEqual(len(set(nominal)), len(nominal))
        self.assertEqual(covered, nominal[-1] - (nominal[0] - ticks[0][3] + 1) + 1, f"a time is left out: {ticks}")
        ran = [tick for tick in ticks if tick[1] == "ran"]
        print(f"{len(ticks)} ticks by clocks at {self.offsets()} h: {len(ran)} ran, "
              f"{sum(tick[1] == 'skipped' for tick in ticks)} skipped, {sum(tick[1] == 'missed' for tick in ticks)} missed")
        self.assertGreater(len(ran), len(ticks) // 2, self.logs())
        runs = self.pg.query("""SELECT extract(epoch FROM tick_at)::bigint, id FROM sync_runs
                                WHERE tick_at IS NOT NULL ORDER BY 1""")
        self.assertEqual(runs, [(tick[0], tick[2]) for tick in ran], "each time that ran has one run")
        self.assertEqual(self.broken(), [])


if __name__ == "__main__":
    sluice.main()
