# SPDX-License-Identifier: Apache-2.0
"""Many syncs of a small set by one daemon: memory, descriptors, threads and the store's connections stay what they were
after a tenth of them. SLUICE_SYNCS (200) says how many."""
import os
from pathlib import Path

import sluice
from fleet import Fleet

SYNCS = int(os.environ.get("SLUICE_SYNCS", "200"))
GROWTH = 256  # KiB
# The server looks by itself: a psql at each look would take longer than the syncs.
WAIT = f"""DO $$ BEGIN
    FOR i IN 1..{100 * sluice.DEADLINE} LOOP
        EXIT WHEN EXISTS (SELECT FROM sync_runs WHERE id = '{{run}}' AND state = 'done');
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$"""


class Soak(Fleet):
    suppliers, rows = ("Acme", "Bolt", "Crane"), 40

    def facts(self, process):
        status = Path(f"/proc/{process.pid}/status").read_text()
        return {
            "KiB": int(status.split("VmRSS:")[1].split()[0]),
            "threads": int(status.split("Threads:")[1].split()[0]),
            "descriptors": len(os.listdir(f"/proc/{process.pid}/fd")),
            "connections": self.pg.query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")[0][0],
        }

    def sync_once(self, i):
        self.list("Acme", self.rows, price=lambda n: f"{n + i % 7}.50")
        run = self.trigger()
        outcome = self.pg.psql(WAIT.format(run=run), f"SELECT outcome FROM sync_runs WHERE id = '{run}'").strip()
        self.assertEqual(outcome, "success", f"sync {i + 1}\n{self.logs()[-2000:]}")

    def at_rest(self, process):
        """Between two runs: nothing of the last one is left, the main parts only."""
        last = None

        def same():
            nonlocal last
            now = self.facts(process)
            rested, last = now == last, now
            return rested
        sluice.poll(same, "the daemon rests")
        return last

    def test_nothing_grows(self):
        self.lists(1)
        process = self.launch("A")
        self.sluice("trigger", "--wait", code=sluice.DONE)
        for i in range(SYNCS // 10):
            self.sync_once(i)
        first = self.at_rest(process)
        for i in range(SYNCS // 10, SYNCS):
            self.sync_once(i)
        last = self.at_rest(process)
        print(f"after {SYNCS // 10} syncs: {first}\nafter {SYNCS} syncs: {last}")
        self.assertEqual({**first, "KiB": 0}, {**last, "KiB": 0})
        if "san" not in sluice.BUILD.name:  # a sanitizer keeps what was freed for a while
            self.assertLessEqual(last["KiB"], first["KiB"] + GROWTH)
        self.end_all()
        self.assertEqual(self.broken(), [])


if __name__ == "__main__":
    sluice.main()
