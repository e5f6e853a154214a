# SPDX-License-Identifier: Apache-2.0
"""What the machine and other people's files do wrong: a clear error each, the other lists go on, nothing is lost."""
import os
import resource
import shutil
import signal
import subprocess
import unittest

import sluice
from check_invariants import broken
from dump import dump

ROOT = os.geteuid() == 0
NOBODY = 65534


class BadList(sluice.Place):
    """One list is unusable; the other arrives, and what was there of the first stays."""

    def check(self, damage, *words, code=sluice.PARTIAL, **how):
        self.master("Acme", "Bolt")
        self.list("Acme", 20)
        self.list("Bolt", 10)
        self.sync()
        before = [line for line in dump(self.store) if "'acme'" in line]
        damage()
        self.list("Bolt", 11)
        result = self.sync(code=code, **how)
        for word in words:
            self.assertIn(word, result.everything)
        self.assertIn("Acme", result.everything)
        self.assertEqual([line for line in dump(self.store) if "'acme'" in line], before, "Acme's items changed")
        self.assertEqual(self.query("SELECT count(*) FROM supplier_items")[0][0], 31, "Bolt did not arrive")
        self.assertEqual(broken(self.store), [])

    def test_a_missing_file_is_named(self):
        self.check(lambda: (self.folder / "Acme.csv").unlink(), "Acme.csv")

    def test_a_sign_in_page_is_recognised(self):
        self.check(lambda: self.write("Acme.csv", "<!DOCTYPE html><html><body>Sign in</body></html>"), "web page")

    def test_a_list_without_a_header_says_what_is_missing(self):
        self.check(lambda: self.write("Acme.csv", "a,b,c\n1,2,3\n4,5,6\n"), "header")

    def test_an_empty_file_is_not_an_empty_assortment(self):
        self.check(lambda: self.write("Acme.csv", ""))

    def test_a_folder_in_place_of_a_file_is_refused(self):
        def damage():
            (self.folder / "Acme.csv").unlink()
            (self.folder / "Acme.csv").mkdir()
        self.check(damage, "Acme.csv")

    def test_a_pipe_in_place_of_a_file_does_not_block(self):
        def damage():
            (self.folder / "Acme.csv").unlink()
            os.mkfifo(self.folder / "Acme.csv")
        self.check(damage, "Acme.csv")

    def test_a_link_that_leaves_the_folder_is_refused(self):
        def damage():
            (self.folder / "Acme.csv").unlink()
            (self.folder / "Acme.csv").symlink_to("/etc/passwd")
        self.check(damage, "Acme.csv")

    def test_a_tab_of_a_csv_file_does_not_exist(self):
        self.check(lambda: self.write("sluice.yaml", self.configuration + "suppliers: {Acme: {sheet: Prices}}\n"), "sheet")

    def test_an_unreadable_file_is_named(self):
        def damage():
            (self.folder / "Acme.csv").chmod(0)
            if ROOT:
                for path in [self.folder, *self.folder.rglob("*")]:
                    os.chown(path, NOBODY, NOBODY)
        self.check(damage, "Acme.csv", **({"user": NOBODY, "group": NOBODY, "extra_groups": []} if ROOT else {}))


class DiskFull(sluice.Place):
    """The disk fills up during a sync: exit code 74, the old state stays whole, and with room again all is well."""

    def prepare(self):
        self.master("Acme", "Bolt")
        self.list("Acme", 200)
        self.list("Bolt", 10)

    def check_recovered(self, expected_items):
        self.assertEqual(broken(self.store), [])
        self.sync()
        self.assertEqual(broken(self.store), [])
        self.assertEqual(self.query("SELECT count(*) FROM supplier_items WHERE gone_at IS NULL")[0][0], expected_items)

    def test_a_store_that_may_not_grow_keeps_its_old_state(self):
        self.prepare()
        self.sync()
        before = dump(self.store)
        self.list("Acme", 60000)
        limit = self.store.stat().st_size + 512 * 1024

        def bounded():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        # The engine's own spool of the list is bounded too: 60,000 rows are 1.5 MB.
        result = self.sluice("sync", preexec_fn=bounded)
        self.assertNotIn(result.code, (0, sluice.BUG, -signal.SIGXFSZ), str(result))
        self.assertTrue(result.err, "no word about why")
        self.assertEqual([line for line in dump(self.store) if line not in before], [], str(result))
        self.check_recovered(60010)

    @unittest.skipUnless(ROOT and shutil.which("mount"), "needs root to mount a small tmpfs")
    def test_a_full_disk_is_reported_and_survived(self):
        self.prepare()
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], capture_output=True,
                                 text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"mount is not allowed here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=False)
        self.write("sluice.yaml", self.configuration.replace("path: sluice.db", "path: disk/sluice.db"))
        self.sync()
        before = dump(disk / "sluice.db")
        self.list("Acme", 60000)
        result = self.sluice("sync")
        self.assertEqual(result.code, sluice.IO, str(result))
        self.assertRegex(result.err, "(?i)disk|space|full")
        self.assertEqual([line for line in before if line not in set(dump(disk / "sluice.db"))], [], "something was lost")
        self.assertEqual(broken(disk / "sluice.db"), [])
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        self.sync()
        self.assertEqual(broken(disk / "sluice.db"), [])
        self.assertEqual(sum(line.startswith("item") for line in dump(disk / "sluice.db")), 60010)


class BadStore(sluice.Place):
    def test_a_store_that_is_no_database_is_refused_and_left_alone(self):
        self.master("Acme")
        self.list("Acme")
        self.store.write_bytes(b"these are my holiday notes\n" * 100)
        result = self.sluice("sync")
        self.assertIn(result.code, (sluice.CONFIG, sluice.IO, sluice.DATA), str(result))
        self.assertEqual(self.store.read_bytes(), b"these are my holiday notes\n" * 100)

    def test_a_newer_store_is_refused(self):
        self.master("Acme")
        self.list("Acme")
        self.sync()
        import sqlite3
        connection = sqlite3.connect(self.store)
        with connection:
            columns = [row[1] for row in connection.execute("PRAGMA table_info(schema_version)")]
            values = connection.execute("SELECT * FROM schema_version ORDER BY 1 DESC LIMIT 1").fetchone()
            newer = [999 if name == "version" else value for name, value in zip(columns, values)]
            connection.execute(f"INSERT INTO schema_version VALUES ({','.join('?' * len(newer))})", newer)
        connection.close()
        self.sync(code=sluice.CONFIG)

    def test_a_state_file_of_junk_is_survived(self):
        self.master("Acme")
        self.list("Acme")
        self.sync()
        for path in (self.folder / "state").rglob("*"):
            if path.is_file():
                path.write_bytes(b"\x00\xff{\"half\": ")
        self.sync()
        self.assertEqual(broken(self.store), [])
        self.sluice("status", code=sluice.DONE)

    def test_losing_the_state_folder_loses_nothing(self):
        self.master("Acme")
        self.list("Acme")
        self.sync()
        before = dump(self.store)
        shutil.rmtree(self.folder / "state")
        self.sync()
        self.assertEqual(dump(self.store), before)


if __name__ == "__main__":
    sluice.main()
