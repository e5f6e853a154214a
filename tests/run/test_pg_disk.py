# SPDX-License-Identifier: Apache-2.0
"""The disk of the PostgreSQL server is full: Sluice's tables stand in a tablespace on a small tmpfs. The run says so, what
was stored before is still there, and once there is room again the next sync ends as if nothing had happened."""
import os
import shutil
import subprocess
import unittest

import sluice
from check_invariants import broken
from dump import dump


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "needs root to mount a small tmpfs")
class FullDisk(sluice.Place):
    def setUp(self):
        super().setUp()
        self.pg = self.postgres()
        self.disk = self.pg.folder.path / "disk"
        self.disk.mkdir()
        self.mount("size=4m")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)], check=False)
        owner = self.pg.data.stat()
        os.chown(self.disk, owner.st_uid, owner.st_gid)
        self.pg.psql(f"CREATE TABLESPACE small LOCATION '{self.disk}'",
                     f"ALTER DATABASE {self.pg.database} SET default_tablespace = small")
        self.addCleanup(self.pg.psql, "ALTER TABLE ALL IN TABLESPACE small SET TABLESPACE pg_default",
                        "ALTER INDEX ALL IN TABLESPACE small SET TABLESPACE pg_default",
                        f"ALTER DATABASE {self.pg.database} RESET default_tablespace", "DROP TABLESPACE small")
        self.write("sluice.yaml", "master: {plugin: csv-stub, url: suppliers.csv}\n"
                                  f"store: {{plugin: pg, url: \"{self.pg.url}\"}}\n"
                                  "state: {plugin: state-local, path: state}\n")
        self.master("Acme", "Bolt")
        self.list("Acme", 10)
        self.list("Bolt", 10)
        self.sync()
        self.before = dump(self.pg)

    def mount(self, options):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.disk)], capture_output=True,
                                 text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"mount is not allowed here: {mounted.stderr.strip()}")

    def test_it_is_reported_and_survived(self):
        self.list("Acme", 60000)
        self.age()
        result = self.sluice("sync")
        self.assertEqual(result.code, sluice.IO, str(result))
        self.assertRegex(result.err, "disk is full; free some space and run again")
        after = set(dump(self.pg))
        self.assertEqual([line for line in self.before if line not in after], [], "something was lost")
        self.assertEqual(broken(self.pg), [])
        subprocess.run(["mount", "-o", "remount,size=64m", str(self.disk)], check=True)
        self.sync()
        self.assertEqual(broken(self.pg), [])
        self.assertEqual(sum(line.startswith("item") for line in dump(self.pg)), 60010)


if __name__ == "__main__":
    sluice.main()
