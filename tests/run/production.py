# SPDX-License-Identifier: Apache-2.0
"""The sync as production runs it: PostgreSQL as store and Redis as state, both private to the test and in its hands, and
an account, kept in the database itself, of every commit that the fence let through."""
import os
import time

import sluice
from check_invariants import broken
from dump import dump

LEASE = 2           # seconds; the default is 30
WAIT = LEASE + 5    # the promise: a new holder begins at the latest then
BUSY_MACHINE = 20   # how much longer a machine that builds beside us may take
SUPPLIERS = ("Acme", "Bolt", "Crane", "Drum")
ROWS = 1000
CLOSED = [(f"Closed {i}", "none.csv", "csv", "no") for i in range(22)]

# The fence's functions, behind ones of the same name that write down whose commit it is. The note is part of the
# transaction: it is kept if that commits.
AUDIT = """
CREATE TABLE test_commits (xid xid DEFAULT pg_current_xact_id()::xid, run uuid, epoch bigint, supplier uuid, attempt integer);
ALTER FUNCTION sluice_fence_run(uuid, bigint) RENAME TO checked_fence_run;
ALTER FUNCTION sluice_fence_job(uuid, bigint, uuid, integer) RENAME TO checked_fence_job;
CREATE FUNCTION sluice_fence_run(this_run uuid, this_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {check_run};
    INSERT INTO test_commits (run, epoch) VALUES (this_run, this_epoch);
END $$;
CREATE FUNCTION sluice_fence_job(this_run uuid, this_epoch bigint, this_supplier uuid, this_attempt integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {check_job};
    INSERT INTO test_commits (run, epoch, supplier, attempt) VALUES (this_run, this_epoch, this_supplier, this_attempt);
END $$;
"""
CHECKED = {"check_run": "PERFORM checked_fence_run(this_run, this_epoch)",
           "check_job": "PERFORM checked_fence_job(this_run, this_epoch, this_supplier, this_attempt)"}
UNCHECKED = {"check_run": "NULL", "check_job": "NULL"}

# Commits in their order: a later one with a lower epoch, or a second end of one supplier's job.
STALE = """
SELECT l.run, l.epoch, l.supplier, l.attempt
  FROM test_commits AS l JOIN test_commits AS e
    ON pg_xact_commit_timestamp(l.xid) > pg_xact_commit_timestamp(e.xid)
 WHERE l.epoch < e.epoch OR (l.run = e.run AND l.supplier = e.supplier AND l.attempt < e.attempt)
"""


class Production(sluice.Place):
    settings = ()  # what every sync is told on its command line

    def setUp(self):
        super().setUp()
        if not (sluice.BUILD / "plugins" / "store-pg.so").exists():
            self.skipTest("needs store-pg, which this build has not")
        self.pg = self.postgres(track_commit_timestamp="on")
        self.state = self.redis()
        self.urls = {}  # of lists that are not files
        self.configure()

    @property
    def store(self):
        return self.pg

    def query(self, sql):
        return self.pg.query(sql)

    def configure(self, pg_port=None, redis_port=None, more=""):
        self.write("sluice.yaml", f"""
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {{plugin: pg, url: "{self.pg.location(port=pg_port)}"}}
state: {{plugin: redis, url: "{self.state.location(port=redis_port)}", timeout: 500ms}}
sync: {{lease: {LEASE}s, workers: 2}}
{more}""")

    def lists(self, day):
        """Day 2: prices moved, the first items gone, new ones at the end, one list with rejects and a duplicate."""
        self.master(*((s, self.urls.get(s, f"{s}.csv"), "csv", "yes") for s in SUPPLIERS), *CLOSED[:19 + day])
        for s in SUPPLIERS:
            if day == 1:
                self.list(s, ROWS)
            else:
                self.list(s, ROWS + 30, first=51, price=lambda i: f"{i}.50" if i % 9 else f"{i}.75")
        path = self.folder / "Acme.csv"
        path.write_text(path.read_text() + f"Acme-60,Again,1.00,\n,No code,1.00,\nAcme-x{day},No price,,\n")
        self.age()

    def prepare(self, first=False, fence=None):
        """A store to begin with is kept aside and lists lie ready; what an undisturbed sync makes of them is what every
        disturbed one must come to. `first`: the lists are new to the store."""
        self.pg.fresh()
        self.configure()
        self.lists(1)
        if first:
            self.master(*CLOSED[:20])
        self.sync(*self.settings)
        self.pg.psql(AUDIT.format(**(fence or CHECKED)))
        self.kept = self.pg.database
        self.begin_again()
        self.lists(2)
        self.undisturbed = self.sync(*self.settings).seconds
        self.expected = dump(self.pg)
        self.assertEqual(broken(self.pg), [])
        self.begin_again()

    def begin_again(self):
        former = self.pg.database
        self.pg.fresh(like=self.kept)
        if former != self.kept:
            self.pg.psql(f"DROP DATABASE {former} WITH (FORCE)", database="postgres")
        self.state("FLUSHALL")
        self.configure()

    def take_over(self, where="", most=WAIT):
        """Syncs until nobody else is at work any more."""
        began = time.monotonic()
        while True:
            result = self.sluice("sync", *self.settings)
            if result.code != sluice.TRY_LATER:
                break
            self.assertLess(time.monotonic() - began, most + BUSY_MACHINE, f"it is still held: {where}\n{result}")
            time.sleep(0.1)
        self.assertEqual(result.code, sluice.DONE, f"{where}\n{result}")
        return result

    def expect_as_undisturbed(self, where):
        self.assertEqual(broken(self.pg), [], where)
        self.assertEqual(self.query(STALE), [], f"a stale run or attempt has committed: {where}")
        difference = sorted(set(self.expected) ^ set(dump(self.pg)))
        self.assertEqual(difference[:10], [], f"the final state differs: {where}")
        self.assertEqual(len(self.expected), len(dump(self.pg)), where)

    def phase(self):
        """What the store says was going on."""
        runs = self.query("SELECT id, state FROM sync_runs WHERE state <> 'done'")
        if not runs:
            done = self.query("SELECT count(*) FROM sync_runs")[0][0]
            return "before the run" if done == 1 else "after the run"
        run, state = runs[0]
        jobs = dict(self.query(f"SELECT state, count(*) AS n FROM sync_jobs WHERE run_id = '{run}' GROUP BY state"))
        return state if state != "suppliers" else f"suppliers, {jobs.get('done', 0)} of {sum(jobs.values())} lists done"


def rounds(default):
    """How often chance is asked; [full] says more."""
    return int(os.environ.get("SLUICE_ROUNDS", default))


