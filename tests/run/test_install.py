# SPDX-License-Identifier: Apache-2.0
"""What `cmake --install` puts in place works without the build: the program finds its plugins and syncs."""
import subprocess

import sluice


class Install(sluice.Place):
    def installed(self, *arguments):
        program = self.folder / "prefix" / "bin" / "sluice"
        return subprocess.run([str(program), *arguments], cwd=self.folder, env=sluice.environment(), text=True,
                              capture_output=True, timeout=sluice.DEADLINE, check=False)

    def test_an_installed_sluice_finds_its_plugins_and_syncs(self):
        subprocess.run(["cmake", "--install", str(sluice.BUILD), "--prefix", str(self.folder / "prefix")], check=True,
                       capture_output=True)
        plugins = self.installed("plugin", "list")
        for name in ("csv-stub", "store-sqlite", "state-local"):
            self.assertIn(name, plugins.stdout, plugins.stderr)
        self.master("Acme")
        self.list("Acme")
        done = self.installed("sync")
        self.assertEqual(done.returncode, sluice.DONE, done.stdout + done.stderr)


if __name__ == "__main__":
    sluice.main()
