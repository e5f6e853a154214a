# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL is stopped at once (as `pg_ctl stop -m immediate` does) and started again, at moments spread over a sync's
length. SLUICE_SEED plays a seed again, SLUICE_ROUNDS sets how often."""
import os
import random
import time
from collections import Counter

import sluice
from production import Production, rounds


class Restart(Production):
    def test_a_store_that_crashes_at_any_moment_ends_like_an_undisturbed_one(self):
        seed = int(os.environ.get("SLUICE_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {seed}")
        chance = random.Random(seed)
        self.prepare()
        phases, codes, n = Counter(), Counter(), rounds(10)
        for moment in range(n):
            self.begin_again()
            delay = self.undisturbed * 1.05 * (moment + chance.random()) / n
            process = self.start("sync")
            time.sleep(delay)  # the moment under test, not a wait for something
            self.pg.restart()
            phase = self.phase()
            out, err = process.communicate(timeout=sluice.DEADLINE)
            where = f"seed {seed}, crash {moment + 1} after {delay * 1000:.0f} ms, in phase: {phase}\n{out}{err}"
            print(where.splitlines()[0] + f", exit code {process.returncode}")
            self.assertIn(process.returncode, (sluice.DONE, sluice.FAILED, sluice.PARTIAL, sluice.UNAVAILABLE), where)
            phases[phase.split(",")[0]] += 1
            codes[process.returncode] += 1
            self.take_over(where)
            self.expect_as_undisturbed(where)
        print(f"phases hit: {dict(phases)}; exit codes: {dict(codes)}")
        self.assertGreater(phases["suppliers"], 0, "no crash hit a run while it worked on the lists")


if __name__ == "__main__":
    sluice.main()
