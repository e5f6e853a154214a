# SPDX-License-Identifier: Apache-2.0
"""`sluice run`: it does what it is asked for, shares runs with its like, and ends, reloads or is killed without a loss."""
import signal

import sluice
from check_invariants import broken
from daemon import LEASE, Daemon
from dump import dump

class Asked(Daemon):
    def test_a_trigger_is_done_by_the_daemon_and_waited_for(self):
        process = self.daemon()
        done = self.sluice("trigger", "--wait", "--json", code=sluice.DONE)
        self.assertEqual(done.json()["status"], "success")
        self.assertEqual(self.items(), 40)
        self.assertEqual(self.end(process), 0, self.log())
        self.assertEqual(broken(self.store), [])

    def test_a_second_trigger_names_the_run_that_is_queued(self):
        first = self.sluice("trigger", code=sluice.DONE).out.split()[0]
        self.assertIn(first, self.sluice("trigger", code=sluice.TRY_LATER).err)

    def test_a_trigger_may_name_suppliers(self):
        self.sluice("trigger", "ACME", code=sluice.DONE)
        self.sluice("run", "--once", code=sluice.DONE)
        self.assertEqual(self.items(), 20)

    def test_once_does_what_is_due_and_ends_with_the_runs_code(self):
        self.write("Bolt.csv", "no header at all\n")
        self.sluice("trigger", code=sluice.DONE)
        self.sluice("run", "--once", code=sluice.PARTIAL)
        self.sluice("run", "--once", code=sluice.DONE)
        self.assertEqual(self.query("SELECT count(*) FROM sync_runs"), [(1,)])

    def test_a_queued_run_can_be_cancelled(self):
        run = self.sluice("trigger", code=sluice.DONE).out.split()[0]
        self.sluice("cancel", code=sluice.DONE)
        self.sluice("run", "--once", code=sluice.INTERRUPTED)
        self.assertEqual(self.query("SELECT outcome FROM sync_runs WHERE id = ?", run), [("cancelled",)])
        self.sluice("cancel", code=sluice.CONFIG)


class Signals(Daemon):
    def test_hup_takes_a_new_configuration_into_force(self):
        process = self.daemon()
        self.write("more.csv", "Supplier,Price list,Format,Active\nCrane,Crane.csv,csv,yes\n")
        self.list("Crane")
        self.write("sluice.yaml", self.configuration.replace("suppliers.csv", "more.csv"))
        process.send_signal(signal.SIGHUP)
        sluice.poll(lambda: self.log().count("at work") == 2, "the daemon is at work again")
        self.sluice("trigger", "--wait", code=sluice.DONE)
        self.assertEqual(self.query("SELECT name FROM suppliers"), [("Crane",)])
        self.assertEqual(self.end(process), 0, self.log())

    def test_hup_keeps_the_former_configuration_when_the_new_one_is_wrong_and_says_why(self):
        process = self.daemon()
        self.write("sluice.yaml", self.configuration + "shedule: {every: 8h}\n")
        process.send_signal(signal.SIGHUP)
        sluice.poll(lambda: "stays in force" in self.log(), "the daemon keeps its configuration")
        self.assertIn('sluice.yaml:5:1: there is no section "shedule"', self.log())
        self.write("sluice.yaml", self.configuration)
        self.sluice("trigger", "--wait", code=sluice.DONE)
        self.assertEqual(self.end(process), 0, self.log())

    def test_a_wrong_configuration_does_not_start(self):
        for wrong in ("schedule: {cron: 0 0 30 2 *}", "daemon: {drain: 0s}", "notify: {on: [everything]}"):
            with self.subTest(wrong):
                self.write("sluice.yaml", self.configuration + wrong + "\n")
                self.assertIn("sluice.yaml:5:", self.sluice("run", "--once", code=sluice.CONFIG).err)

    def test_pipe_is_ignored_and_a_storm_of_hups_is_survived(self):
        process = self.daemon()
        for _ in range(200):
            process.send_signal(signal.SIGPIPE)
            process.send_signal(signal.SIGHUP)
        self.sluice("trigger", "--wait", code=sluice.DONE)
        self.assertEqual(self.end(process), 0, self.log())


class Leaving(Daemon):
    """A list that never ends keeps a worker busy."""

    mock = sluice.BUILD / "tests" / "mocks" / "source-mock.so"

    def setUp(self):
        super().setUp()
        self.write("sluice.yaml", self.configuration + f"sources: {{csv: {{plugin: csv-stub}}, "
                   f"google_sheets: {{plugin: {self.mock}, rows: 500}}}}\ndaemon: {{drain: 2s}}\n")
        self.master("Acme", ("Bolt", "mock:bolt", "google_sheets", "yes"))

    def hanging(self):
        process = self.daemon("--set", "sources.google_sheets.hang_at=300")
        run = self.sluice("trigger", code=sluice.DONE).out.split()[0]
        sluice.poll(lambda: self.query("SELECT state FROM sync_jobs WHERE run_id = ? AND state = 'running'", run) and
                    self.query("SELECT state FROM sync_jobs WHERE run_id = ? AND state = 'done'", run),
                    "one list is done, the other one hangs")
        return process, run

    def test_a_stop_gives_a_list_back_that_does_not_end_and_the_next_process_goes_on_at_once(self):
        process, run = self.hanging()
        self.assertEqual(self.end(process), 0, self.log())
        self.assertEqual(self.query("SELECT state, attempt, deaths FROM sync_jobs WHERE state <> 'done'"),
                         [("waiting", 2, 0)], self.log())
        again = self.sluice("run", "--once", *LEASE, code=sluice.DONE)
        self.assertIn("taken over", again.err)
        self.assertEqual(self.query("SELECT id, outcome FROM sync_runs"), [(run, "success")])
        self.assertEqual(self.items(), 520)
        self.assertEqual(broken(self.store), [])

    def test_a_second_stop_ends_the_process_at_once(self):
        process, _ = self.hanging()
        process.send_signal(signal.SIGTERM)
        sluice.poll(lambda: "asked to stop" in self.log(), "the first stop is noticed")
        self.assertEqual(self.end(process, within=5), 130)

    def test_a_process_that_is_killed_is_taken_over_within_the_lease(self):
        process, run = self.hanging()
        self.end(process, signal.SIGKILL)
        again = self.sluice("run", "--once", *LEASE)
        while not self.query("SELECT outcome FROM sync_runs WHERE outcome IS NOT NULL"):
            again = self.sluice("run", "--once", *LEASE)
        self.assertEqual(self.query("SELECT id, outcome FROM sync_runs"), [(run, "success")], again.err)
        self.assertEqual(self.items(), 520)

    def test_a_list_that_kills_its_process_again_and_again_is_parked(self):
        self.sluice("trigger", code=sluice.DONE)
        deaths = 0
        while self.sluice("run", "--once", *LEASE, "--set", "sources.google_sheets.kill_at=300").code < 0:
            deaths += 1
            self.assertLess(deaths, 20, "it is tried without end")
        self.assertEqual(deaths, 4, "once beside others, three times alone")
        self.assertEqual(self.query("SELECT outcome FROM sync_runs"), [("partial",)])
        self.assertEqual(self.query("SELECT error_type FROM sync_jobs WHERE outcome = 'failed'"), [("parked",)])
        self.assertEqual(self.items(), 20)


class Shared(Daemon):
    def test_two_daemons_share_a_run_and_come_to_what_one_does(self):
        names = [f"Supplier {i}" for i in range(12)]
        self.master(*names)
        for name in names:
            self.list(name, 400)
        self.sync()
        expected = dump(self.store)
        for leftover in self.folder.glob("sluice.db*"):
            leftover.unlink()
        daemons = [self.daemon("--workers", "2"), self.daemon("--workers", "2")]
        sluice.poll(lambda: self.log().count("at work") == 2, "both are at work")
        self.sluice("trigger", "--wait", code=sluice.DONE)
        self.assertEqual([self.end(process) for process in daemons], [0, 0], self.log())
        self.assertEqual(sorted(set(expected) ^ set(dump(self.store)))[:10], [])
        self.assertEqual(self.query("SELECT count(*), max(attempt) FROM sync_jobs"), [(12, 1)])
        self.assertEqual(broken(self.store), [])


if __name__ == "__main__":
    sluice.main()
