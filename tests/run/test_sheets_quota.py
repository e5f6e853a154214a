# SPDX-License-Identifier: Apache-2.0
"""Google's quota, with its minute shortened: it is kept, waited for, shared, said, and nobody's failure."""
import json

import sheets
import sluice
from google_key import EMAIL

WINDOW, QUOTA = 2.0, 60  # seconds for a minute; reads in it
# The same rate with the default burst, less a tenth: on a busy machine a request may reach Google a little late.
PER_MINUTE = int((QUOTA * 0.9 - 4) / WINDOW * 60) + 4


class Quota(sheets.Sheets):
    google_options = {"quota": QUOTA, "window": WINDOW}
    budget = f"reads_per_minute: {PER_MINUTE}, project_reads_per_minute: {PER_MINUTE}, drive_hints: false"

    def many(self, n):
        names = [f"S{i:03}" for i in range(n)]
        self.master(*names)
        for name in names:
            self.list(name, n=2)

    def test_two_hundred_suppliers_meet_no_429_and_the_wait_is_said(self):
        self.many(200)
        result = self.sync()
        self.assertEqual(self.google.statuses().count(429), 0)
        self.assertEqual(len(self.reads()), 402)
        self.assertGreater(result.seconds, (402 - 4) / (QUOTA / WINDOW) * 0.9)  # the quota's own time
        self.assertIn("waiting for quota until ", result.err)
        self.assertEqual(len(self.items()), 400)

    def test_status_says_until_when_a_run_waits(self):
        self.budget = "drive_hints: false"  # Google's own minute
        self.configure()
        self.many(3)
        process = self.start("sync")
        shown = []

        def waits():
            status = self.sluice("status", "--json").json()
            shown.append(status["waiting"])
            return shown[-1] is not None or process.poll() is not None
        sluice.poll(waits, "the status says that the run waits for quota")
        self.assertIsNotNone(shown[-1], "the run ended and no status said that it waits")
        self.assertEqual(shown[-1]["for"], "quota")
        self.assertRegex(shown[-1]["until"], r"^20\d\d-.*Z$")
        self.assertEqual(process.wait(sluice.DEADLINE), 0)

    def test_the_budget_is_counted_where_all_processes_count(self):
        self.many(3)
        self.sync()
        buckets = json.loads((self.folder / "state" / "buckets").read_text(encoding="utf-8"))
        self.assertEqual(sorted(buckets), ["sheets:project:sluice-fake", f"sheets:user:{EMAIL}"])

    def test_without_the_budget_a_429_is_waited_for_and_fails_nobody(self):
        self.configure()
        text = (self.folder / "sluice.yaml").read_text(encoding="utf-8")
        self.write("sluice.yaml", text.replace(str(PER_MINUTE), "100000"))
        self.google.quota = 10
        self.many(30)
        self.sync()
        self.assertGreater(self.google.statuses().count(429), 0)
        self.assertEqual(len(self.items()), 60)
        errors = self.query("SELECT count(*) FROM parsing_logs WHERE error_type NOT IN ('SUCCESS')")
        self.assertEqual(errors, [(0,)])

    def test_a_state_backend_that_is_down_leaves_the_budget_to_the_process(self):
        self.write("state", "a file where the folder should be")
        self.many(40)
        result = self.sluice("sync")
        self.assertIn(result.code, (sluice.DONE,), str(result))
        self.assertEqual(self.google.statuses().count(429), 0)
        self.assertIn("budgets are counted in this process alone", result.err)


if __name__ == "__main__":
    sluice.main()
