# SPDX-License-Identifier: Apache-2.0
"""Whatever becomes of Redis while two syncs want to work: one of them does, it ends well, and the store is as after an
undisturbed sync. SLUICE_ROUNDS sets at how many moments each fault is tried."""
import random
import time
from collections import Counter

import sluice
from production import Production, rounds
from redis_server import Refused


class Faults(Production):
    def kill(self):
        self.state.kill()
        self.state.start()

    def flush(self):
        self.state("FLUSHALL")

    def plant(self):
        for key in ("lock", "lock:holder", "status", "progress", "last_run", "detail", "wake"):
            self.state("EVAL", "redis.call ('DEL', KEYS[1]) return redis.call ('RPUSH', KEYS[1], 'theirs')", 1, f"sync:{key}")

    def cut_off(self):
        for kind in ("normal", "pubsub"):
            try:
                self.state("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
            except Refused:
                pass

    def hang(self):
        self.state.pause()

    def steal(self):
        """The lock ends early, as when Redis' clock jumps."""
        self.state("PEXPIRE", "sync:lock", 1)

    def two_syncs(self, fault, chance, where):
        self.begin_again()
        process = self.start("sync")
        time.sleep(self.undisturbed * chance.random())  # the moment under test, not a wait for something
        fault()
        phase = self.phase()
        other = self.start("sync")
        codes = Counter()
        said = ""
        for one in (process, other):
            out, err = one.communicate(timeout=sluice.DEADLINE)
            codes[one.returncode] += 1
            said += out + err
        self.state.resume()
        where = f"{where}, in phase: {phase}, exit codes {dict(codes)}\n{said}"
        print(where.splitlines()[0])
        self.assertGreater(codes[sluice.DONE], 0, where)
        self.assertEqual(set(codes) - {sluice.DONE, sluice.TRY_LATER}, set(), where)
        self.expect_as_undisturbed(where)

    def check(self, fault):
        seed = random.SystemRandom().randrange(2**32)
        print(f"seed {seed}")
        self.prepare()
        for i in range(rounds(3)):
            self.two_syncs(fault, random.Random(f"{seed} {i}"), f"{fault.__name__} {i + 1}")

    def test_it_is_killed_and_has_forgotten_everything(self):
        self.check(self.kill)

    def test_it_is_killed_and_remembers(self):
        self.state = self.redis(appendonly="yes")
        self.configure()
        self.check(self.kill)

    def test_it_is_emptied(self):
        self.check(self.flush)

    def test_others_write_into_its_keys(self):
        self.check(self.plant)

    def test_it_throws_its_clients_out(self):
        self.check(self.cut_off)

    def test_it_hangs(self):
        self.check(self.hang)

    def test_its_lock_ends_early(self):
        self.check(self.steal)


if __name__ == "__main__":
    sluice.main()
