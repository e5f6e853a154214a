# SPDX-License-Identifier: Apache-2.0
"""Two daemons on PostgreSQL and Redis. The holder of a run is killed, or stopped past its lease and woken again, once in its
master phase, which is too short to be met by chance, and then at random moments (the seed is printed; SLUICE_SEED repeats one,
SLUICE_KILLS sets how many): the other one takes over in time, the woken one commits nothing, and the final state is that of a
run that nobody disturbed."""
import os
import random
import signal
import time
from collections import Counter

import sluice
from dump import dump
from fleet import LEASE, Fleet

KILLS = int(os.environ.get("SLUICE_KILLS", "5"))


class Takeover(Fleet):
    def prepare(self):
        """Day 1 is in the database `before`; what day 2 comes to undisturbed, and how long that takes."""
        seed = int(os.environ.get("SLUICE_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {seed}")
        self.chance = random.Random(seed)
        self.lists(1)
        self.sync()
        self.before = self.pg.database
        self.lists(2)
        self.begin_again()
        self.launch("A")
        run = self.sluice("trigger", "--wait", code=sluice.DONE).out.split()[0]
        self.undisturbed = float(self.pg.query(
            f"SELECT extract(epoch FROM finished_at - started_at) FROM sync_runs WHERE id = '{run}'")[0][0])
        self.end_all()
        self.expected = dump(self.pg)

    def begin_again(self):
        self.pg.fresh(self.before)
        self.redis_server("FLUSHALL")
        self.configure()

    def disturb(self, number, moment):
        """Two daemons, a run, and the signal for its holder: the run, the phase, who was hit."""
        self.begin_again()
        self.launch("A")
        self.launch("B")
        let_go = self.pg.hold("LOCK TABLE suppliers IN EXCLUSIVE MODE") if moment == 0 else None
        run = self.trigger()
        sluice.poll(lambda: self.holder(run) or self.ended(run), "the run has a holder")
        if let_go is None:
            time.sleep(self.undisturbed * 0.9 * (moment + self.chance.random()) / KILLS)  # the moment under test
        hit = self.holder(run) or "A"
        self.daemons[hit].send_signal(number)
        phase = self.phase(run)
        if let_go is not None:
            let_go()
        print(f"{signal.Signals(number).name} {moment + 1} for {hit} in phase: {phase}")
        return run, phase.split(",")[0], hit

    def expect_end(self, run, hit):
        started = time.monotonic()
        sluice.poll(lambda: self.ended(run), f"the run ends without {hit}\n{self.logs()}",
                    seconds=LEASE + 5 + 20 * self.undisturbed + 20)
        print(f"  ended {time.monotonic() - started:.1f} s later")
        self.assertEqual(self.run_state(run)[1], "success", self.logs())
        self.assertEqual(self.broken(), [])
        self.assertEqual(sorted(set(self.expected) ^ set(dump(self.pg)))[:10], [], self.logs())

    def test_a_holder_killed_at_any_moment_is_taken_over(self):
        self.prepare()
        phases = Counter()
        for moment in range(KILLS):
            run, phase, hit = self.disturb(signal.SIGKILL, moment)
            phases[phase] += 1
            self.daemons.pop(hit).wait()
            self.expect_end(run, hit)
            self.end_all()
        print("phases hit: " + ", ".join(f"{phase} {n}" for phase, n in phases.most_common()))
        self.assertEqual({"master", "suppliers"} - set(phases), set(), "phases that no kill hit")

    def test_a_holder_stopped_past_its_lease_commits_nothing_when_it_wakes(self):
        self.prepare()
        for moment in range(max(1, KILLS // 2)):
            run, _, hit = self.disturb(signal.SIGSTOP, moment)
            time.sleep(2 * LEASE)  # asleep past its lease
            self.expect_end(run, hit)
            before = self.pg.query("SELECT count(*) FROM parsing_logs")
            self.daemons[hit].send_signal(signal.SIGCONT)
            again = self.sluice("trigger", "--wait", code=sluice.DONE).out.split()[0]
            self.assertEqual(self.run_state(again)[1], "success")
            unchanged = self.pg.query(f"SELECT count(*) FROM parsing_logs WHERE task_id = '{again}'")
            after = self.pg.query("SELECT count(*) FROM parsing_logs")
            self.assertEqual(after[0][0], before[0][0] + unchanged[0][0], f"the woken one wrote\n{self.logs()}")
            self.assertEqual(sorted(set(self.expected) ^ set(dump(self.pg)))[:10], [], self.logs())
            self.end_all()


if __name__ == "__main__":
    sluice.main()
