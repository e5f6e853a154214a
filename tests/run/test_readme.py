# SPDX-License-Identifier: Apache-2.0
"""What the README shows works as it says."""
import re
import subprocess
import textwrap

import sluice

README = (sluice.SOURCE / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


class Readme(sluice.Place):
    @staticmethod
    def hashed():
        return subprocess.run([str(sluice.PROGRAM), "user", "hash"], input="correct horse\n", capture_output=True, text=True,
                              check=True).stdout.strip()

    def setUp(self):
        super().setUp()
        self.write("sluice.yaml", blocks("yaml")[0])
        master, acme = blocks("csv")
        self.write("suppliers.csv", master)
        self.write("acme.csv", acme)

    def test_the_configuration_is_valid(self):
        self.sluice("config", "check", code=0)

    def test_the_example_syncs_and_explains_its_bad_row(self):
        result = self.sluice("sync")
        self.assertEqual(result.code, 0, str(result))
        self.assertEqual(self.query("SELECT supplier_sku, current_price, currency FROM supplier_items LIMIT 2"),
                         [("A-1", "12.5000", "EUR"), ("A-3", "8.9000", "EUR")])
        rejects = self.sluice("rejects", code=0).out
        self.assertIn("acme.csv:3", rejects)
        self.assertIn("on request", rejects)

    def test_the_configurations_of_the_documents_are_valid(self):
        plain = self.configuration
        for document in sorted((sluice.SOURCE / "docs").glob("*.md")):
            for shown in re.findall(r"^ *```yaml\n(.*?)^ *```", document.read_text(encoding="utf-8"), re.M | re.S):
                self.write("sluice.yaml", plain + re.sub(r'"\$[^"]*"', f'"{self.hashed()}"', textwrap.dedent(shown)))
                self.sluice("config", "check", code=0)

    def test_what_the_production_example_leaves_out_is_valid(self):
        example = (sluice.SOURCE / "examples" / "production" / "sluice.yaml").read_text(encoding="utf-8")
        self.write("sluice.yaml", re.sub(r"^#(?! )|^#(?=  )", "", example, flags=re.M).replace("/etc/sluice", str(self.folder)))
        for name, secret in {"webhook": "https://hooks.example", "jwt_secret": "k" * 32, "anna.hash": self.hashed()}.items():
            self.write(name, secret)
            (self.folder / name).chmod(0o600)
        elsewhere = {"MASTER_SHEET_URL": "https://intranet.example/suppliers.csv", "DATABASE_URL": "postgresql://db.example/sluice",
                     "REDIS_URL": "redis://cache.example"}
        self.sluice("config", "check", env=elsewhere, code=0)

    def test_every_verb_it_names_exists(self):
        for verb in sorted(set(re.findall(r"^sluice ((?:config|plugin|schedule|state|db|user|token|notify) \w+|[a-z]+) ", README, re.M))):
            self.assertEqual(self.sluice("help", *verb.split()).code, 0, verb)

    def test_every_file_it_names_exists(self):
        for path in re.findall(r"`((?:core|plugins|formats|docs|scripts|tests|examples)/[\w./-]*)`", README):
            self.assertTrue((sluice.SOURCE / path).exists(), path)

    def test_contributing_and_the_documents_name_only_files_that_exist(self):
        for document in [sluice.SOURCE / "CONTRIBUTING.md", *(sluice.SOURCE / "docs").glob("*.md")]:
            text = document.read_text(encoding="utf-8")
            for path in re.findall(r"`((?:core|plugins|formats|docs|scripts|tests|examples)/[\w./-]*)`", text):
                if "ROOM" not in path and not path.startswith("plugins/yours"):
                    self.assertTrue((sluice.SOURCE / path).exists(), f"{document.name}: {path}")


if __name__ == "__main__":
    sluice.main()
