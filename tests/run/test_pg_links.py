# SPDX-License-Identifier: Apache-2.0
"""The link to PostgreSQL breaks at every kind of message of a sync: its server process is terminated, or the link is cut
before the server gets the message, or after it has done what it asked for and before its reply. At COMMIT the last is a
commit of which nobody knows: it is looked up, never guessed. SLUICE_ROUNDS above 1 tries all of this at every message."""
import sluice
from production import Production, rounds

# Of a sync whose lists the store knows, in the order in which they come; and of one that loads them for the first time.
PHASES = {
    "opening": b"pg_backend_pid", "request": b"INSERT INTO sync_runs", "claim": b"max(e.epoch)",
    "master": b"INSERT INTO list_versions (list, version, fingerprint, signature",
    "jobs": b"INSERT INTO sync_jobs", "take": b"FOR UPDATE OF j SKIP LOCKED", "known": b"COPY (SELECT id, row_hash",
    "stage": b"COPY pg_temp.stage_items", "merge": b"UPDATE supplier_items", "fence": b"sluice_fence_job",
    "end": b"SET state = 'done', outcome = $3, message",
}
FIRST_PHASES = {"load": b"COPY supplier_items", "prices": b"COPY price_history"}
ALL = rounds(1) > 1


class Links(Production):
    def disturbed(self, where, mark, act, skip=0):
        """A sync through a link to which that happens; then whatever is left to do is done."""
        self.begin_again()
        link = self.proxy(self.pg.port)
        self.configure(pg_port=link.port)
        link.at(mark, act, skip)
        result = self.sluice("sync")
        happened = link.met > skip
        link.close()
        self.configure()
        self.assertIn(result.code, (sluice.DONE, sluice.FAILED, sluice.PARTIAL, sluice.UNAVAILABLE), f"{where}\n{result}")
        if happened:
            self.take_over(where)
            self.expect_as_undisturbed(f"{where}\n{result}")
        return happened, result

    def terminate(self, link):
        self.pg.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_port = {link.server_port}")

    def at_every_phase(self, phases):
        ways = [("terminated", self.terminate), ("cut before", lambda _: "before"), ("cut after", lambda _: "after")]
        for phase, mark in phases.items():
            for how, act in ways if ALL else ways[:1]:
                with self.subTest(phase=phase, how=how):
                    happened, result = self.disturbed(f"{how} at {phase}", mark, act)
                    self.assertTrue(happened, f"no message of phase {phase} was sent\n{result}")
                    print(f"{phase}, {how}: exit code {result.code}")

    def test_at_every_phase_of_a_sync(self):
        self.prepare()
        self.at_every_phase(PHASES)

    def test_at_every_phase_of_a_first_load(self):
        self.prepare(first=True)
        self.at_every_phase(FIRST_PHASES)

    def test_a_claim_whose_reply_was_lost_is_known_again(self):
        self.prepare()
        for how in ("after", "before"):
            happened, result = self.disturbed(f"cut {how} the claim", PHASES["claim"], lambda _, how=how: how)
            self.assertTrue(happened, f"nothing was claimed\n{result}")
            self.assertEqual(result.code, sluice.DONE, f"cut {how} the claim\n{result}")

    def test_at_every_commit_the_one_that_nobody_knows_of_is_looked_up(self):
        self.prepare()
        for how in ("after", "before") if ALL else ("after",):
            skip, happened = 0, True
            while happened:
                happened, result = self.disturbed(f"COMMIT {skip + 1}, cut {how}", b"COMMIT;", lambda _, how=how: how, skip)
                if happened:
                    print(f"COMMIT {skip + 1}, cut {how}: exit code {result.code}")
                skip += 1 if ALL else 2
            self.assertGreater(skip, 8, "a sync of four lists has more commits")


if __name__ == "__main__":
    sluice.main()
