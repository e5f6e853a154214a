# SPDX-License-Identifier: Apache-2.0
"""schedule show, next, pause, resume, why: as a user meets them."""
import re
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta, timezone

from sluice import CONFIG, DONE, FAILED, SOURCE, USAGE, Place, environment, main


class Schedule(Place):
    configuration = Place.configuration + "schedule: {every: 8h, timezone: Europe/Kyiv}\n"

    def synced(self):
        self.master("Acme")
        self.list("Acme", n=2)
        self.sync("-q")

    def rows(self, sql):
        with closing(sqlite3.connect(self.folder / "sluice.db")) as db:
            return db.execute(sql).fetchall()

    def tick(self, nominal, state, run_id=None, count=1):
        """A row as a scheduling process leaves it, and the account up to it."""
        with closing(sqlite3.connect(self.folder / "sluice.db")) as db, db:
            db.execute("INSERT INTO sync_ticks VALUES ('main', ?, ?, ?, ?, ?)", (nominal, state, run_id, count, nominal))
            db.execute("UPDATE sync_schedules SET accounted_at = ?, anchor_at = '2026-01-01T00:00:00.000Z'", (nominal,))

    # -- next --

    def test_next_prints_rfc_3339_times_of_any_expression_one_a_line(self):
        result = self.sluice("schedule", "next", "--cron", "0 6 * * *", "--timezone", "Europe/Kyiv", "--from",
                             "2026-03-28T00:00:00Z", "-n", "3", code=DONE)
        self.assertEqual(result.out, "2026-03-28T06:00:00+02:00\n2026-03-29T06:00:00+03:00\n2026-03-30T06:00:00+03:00\n")

    def test_next_counts_an_interval_from_midnight_of_from(self):
        result = self.sluice("schedule", "next", "--every", "7h", "--from", "2026-03-28T10:00:00.5Z", "-n", "3", code=DONE)
        self.assertEqual(result.out, "2026-03-28T14:00:00Z\n2026-03-28T21:00:00Z\n2026-03-29T04:00:00Z\n")

    def test_next_of_words_needs_no_configuration(self):
        self.write("sluice.yaml", "this: [is, no, configuration\n")
        self.sluice("schedule", "next", "--every", "1h", code=DONE)

    def test_what_makes_no_schedule_is_refused_with_64_and_says_why(self):
        cases = {("--cron", "0 0 30 2 *"): "never fires", ("--cron", "0 25 * * *"): 'hour "25"',
                 ("--cron", "* * *"): "five or six fields", ("--cron", "@reboot"): "@daily",
                 ("--every", "0s"): "duration", ("--every", "8"): "8h", ("--every", "8785h"): "8784h",
                 ("--every", "500ms"): "1s", ("--every", "1h", "--cron", "@daily"): "either",
                 ("--every", "1h", "--timezone", "CET"): "IANA", ("--every", "1h", "--timezone", "Mars/Base"): "IANA",
                 ("--every", "1h", "--from", "yesterday"): "--from", ("--every", "1h", "-n", "0"): "--limit",
                 ("--timezone", "UTC"): "--cron"}
        for words, said in cases.items():
            with self.subTest(words=words):
                result = self.sluice("schedule", "next", *words, code=USAGE)
                self.assertEqual(result.out, "")
                self.assertIn(said, result.err)

    def test_next_of_the_configured_schedule_follows_its_clock(self):
        self.synced()
        out = self.sluice("schedule", "next", "-n", "3", "--from", "2026-06-01T00:00:00Z", code=DONE).out
        self.assertEqual(out, "2026-06-01T08:00:00+03:00\n2026-06-01T16:00:00+03:00\n2026-06-02T00:00:00+03:00\n")

    def test_next_shows_when_it_will_really_run_jitter_included(self):
        self.synced()
        how = ("--set", "schedule.jitter=1h", "--json", "-n", "20")
        times = self.sluice("schedule", "next", *how, code=DONE).json()
        delays = {datetime.fromisoformat(t["scheduled_at"]) - datetime.fromisoformat(t["nominal_at"]) for t in times}
        self.assertGreater(len(delays), 10)
        self.assertTrue(all(timedelta(0) <= d < timedelta(hours=1) for d in delays), delays)
        self.assertEqual(times, self.sluice("schedule", "next", *how, code=DONE).json(), "every process says the same")

    def test_an_interval_is_counted_from_its_first_use_as_the_store_has_it(self):
        self.synced()
        every = ("--set", "schedule.every=7h")
        self.sluice("schedule", "pause", *every, code=DONE)  # its first use
        self.sluice("schedule", "resume", *every, code=DONE)
        anchor = datetime.fromisoformat(self.sluice("schedule", "show", "--json", *every).json()["anchor"])
        first = self.sluice("schedule", "next", "-n", "1", *every, code=DONE).out.strip()
        self.assertEqual(datetime.fromisoformat(first), anchor + timedelta(hours=7))

    def test_the_example_of_the_documentation_is_what_is_printed(self):
        text = (SOURCE / "docs" / "schedules.md").read_text(encoding="utf-8")
        command, expected = re.search(r"^\$ (sluice schedule next .*)\n((?:\d.*\n)+)", text, re.MULTILINE).groups()
        done = subprocess.run(command.replace("sluice", str(self.command()[0]), 1), shell=True, capture_output=True, text=True,
                              env=environment(), cwd=self.folder, check=False)
        self.assertEqual(done.stdout, expected, done.stderr)

    # -- the configuration --

    def test_an_impossible_schedule_is_refused_by_every_verb_with_line_and_column(self):
        self.write("sluice.yaml", Place.configuration + "schedule:\n  cron: 0 0 31 2 *\n")
        for verb in (["status"], ["sync"], ["config", "check"], ["schedule", "show"]):
            with self.subTest(verb=verb):
                self.assertRegex(self.sluice(*verb, code=CONFIG).err, r"sluice\.yaml:6:9: schedule\.cron: .*never fires")

    def test_hours_in_the_environment_set_the_interval_or_are_refused(self):
        def shown(hours, code):
            return self.sluice("schedule", "show", "--json", code=code, env={"SYNC_INTERVAL_HOURS": hours})
        self.assertEqual(shown("0.5", DONE).json()["definition"], "every 30m")
        self.assertEqual(shown("6", DONE).json()["definition"], "every 6h; Europe/Kyiv")
        for hours in ("0", "-1", "8785", "0.0001", "often"):
            with self.subTest(hours=hours):
                self.assertIn("SYNC_INTERVAL_HOURS", shown(hours, CONFIG).err)

    # -- show, pause, resume --

    def test_before_the_first_sync_show_counts_from_now_and_creates_nothing(self):
        before = sorted(p.name for p in self.folder.iterdir())
        shown = self.sluice("schedule", "show", "--json", code=DONE).json()
        self.assertIsNone(shown["anchor"])
        self.assertGreater(datetime.fromisoformat(shown["next_scheduled_at"]), datetime.now(timezone.utc))
        self.assertIn("sluice sync", self.sluice("schedule", "pause", code=FAILED).err)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), before)

    def test_a_pause_is_shown_with_its_reason_survives_and_leaves_a_trail(self):
        self.synced()
        self.sluice("schedule", "pause", "--reason", "stock-taking", code=DONE)
        shown = self.sluice("schedule", "show", "--json", code=DONE).json()
        self.assertEqual((shown["paused"], shown["reason"]), (True, "stock-taking"))
        self.assertEqual(shown["next_scheduled_at"], shown["next_nominal_at"])
        self.assertIn("stock-taking", self.sluice("schedule", "show", code=DONE).out)
        self.assertIn("paused", self.sluice("schedule", "next", code=DONE).err)
        self.sync("-q")  # while it is paused
        self.sluice("schedule", "resume", code=DONE)
        self.assertFalse(self.sluice("schedule", "show", "--json", code=DONE).json()["paused"])
        self.assertEqual(self.rows("SELECT what, detail FROM sync_audit ORDER BY id"),
                         [("schedule pause", "stock-taking"), ("schedule resume", None)])

    def test_resuming_what_is_not_paused_does_nothing(self):
        self.synced()
        self.sluice("schedule", "resume", code=DONE)
        self.assertEqual(self.rows("SELECT * FROM sync_audit"), [])

    # -- why --

    def why(self, time, code=DONE):
        return self.sluice("schedule", "why", time, "--json", code=code).json()

    def test_why_answers_from_the_rows_of_the_account(self):
        self.synced()
        run = self.rows("SELECT id FROM sync_runs")[0][0]
        self.sluice("schedule", "pause", "--reason", "stock-taking", code=DONE)
        self.tick("2026-02-01T06:00:00.000Z", "ran", run)
        self.tick("2026-02-01T14:00:00.000Z", "skipped", run)
        self.tick("2026-02-01T22:00:00.000Z", "missed", count=5)
        self.tick("2026-02-03T14:00:00.000Z", "paused")
        ran = self.why("2026-02-01T08:00:00+02:00")
        self.assertEqual((ran["state"], ran["run_id"], ran["run_outcome"]), ("ran", run, "success"))
        self.assertIn(f"run {run} was still at work", self.why("2026-02-01T14:00:00Z")["why"])
        self.assertIn("5 times", self.why("2026-02-02T14:00:00Z")["why"])  # one of those that share a row
        self.assertEqual(self.why("2026-02-03T14:00:00Z")["state"], "paused")

    def test_why_of_other_times_says_what_they_are(self):
        self.synced()
        self.sluice("schedule", "pause", code=DONE)
        self.tick("2026-02-01T06:00:00.000Z", "missed")
        self.sluice("schedule", "resume", code=DONE)
        self.assertEqual(self.why("2026-02-01T06:30:00Z", code=FAILED)["state"], "none")
        self.assertEqual(self.why("2026-01-30T06:00:00Z")["state"], "not_kept")
        future = self.sluice("schedule", "next", "-n", "1", code=DONE).out.strip()
        self.assertEqual(self.why(future)["state"], "due")
        self.assertIn("2026-03-01T08:00:00Z", self.sluice("schedule", "why", "tomorrow", code=USAGE).err)


if __name__ == "__main__":
    main()
