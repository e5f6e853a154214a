# SPDX-License-Identifier: Apache-2.0
"""examples/production: the same words, table and exit codes as on SQLite, and the same state in the end."""
import json
import re

import sluice
from check_invariants import broken
from dump import dump

EXAMPLE = sluice.SOURCE / "examples" / "production" / "sluice.yaml"


class Example(sluice.Place):
    def setUp(self):
        super().setUp()
        if not (sluice.BUILD / "plugins" / "store-pg.so").exists():
            self.skipTest("needs store-pg, which this build has not")
        self.pg, self.state = self.postgres(), self.redis()
        self.production = {"MASTER_SHEET_URL": str(self.folder / "suppliers.csv"), "DATABASE_URL": self.pg.url,
                           "REDIS_URL": self.state.url}

    def lists(self, price):
        self.master("Acme", "Bolt", ("Gone", "gone.csv", "csv", "no"), ("Wrong", "wrong.csv", "pdf", "yes"))
        self.list("Acme", 200, price=price)
        self.list("Bolt", 50)
        path = self.folder / "Acme.csv"
        path.write_text(path.read_text() + "Acme-7,Again,1.00,\n,No code,1.00,\n")
        self.age()

    def both(self, *arguments):
        """The same command on SQLite and in production."""
        ours = self.sluice(*arguments, "-c", EXAMPLE, env=self.production)
        return self.sluice(*arguments, env={"MASTER_SHEET_URL": self.production["MASTER_SHEET_URL"]}), ours

    def shape(self, text):
        """Without what may differ: times, ids."""
        text = re.sub(r"\d+\.\d\d( s)?", "N", text)
        return sorted(re.sub(r" +", " ", line) for line in re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text).splitlines())

    def test_the_words_are_those_of_sqlite(self):
        for price in (lambda i: f"{i}.50", lambda i: f"{i}.60" if i % 5 == 0 else f"{i}.50"):
            self.lists(price)
            for arguments in (["sync", "--dry-run"], ["sync", "-q"], ["sync", "-q"], ["sync", "-q", "--force"],
                              ["suppliers"], ["items", "Bolt"], ["rejects", "--csv"], ["runs", "--json"], ["holds"]):
                with self.subTest(arguments=arguments):
                    here, there = self.both(*arguments)
                    self.assertEqual(here.code, there.code, f"{here}\n{there}")
                    if arguments[0] in ("sync", "holds"):
                        self.assertEqual(self.shape(here.out), self.shape(there.out))
        self.assertEqual(dump(self.folder / "sluice.db"), dump(self.pg))
        self.assertEqual(broken(self.pg), [])

    def test_psql_and_redis_cli_see_what_is_documented(self):
        self.lists(lambda i: f"{i}.50")
        self.sluice("sync", "-c", EXAMPLE, env=self.production)
        self.assertEqual(self.pg.query("SELECT count(*) FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id"
                                       " WHERE s.name = 'Acme' AND i.gone_at IS NULL"), [(200,)])
        self.assertEqual(json.loads(self.state("GET", "sync:status"))["state"], "idle")

    def test_two_processes_share_a_lock_and_a_store(self):
        self.lists(lambda i: f"{i}.50")
        both = [self.start("sync", "-c", EXAMPLE, env=self.production) for _ in range(2)]
        said = [process.communicate(timeout=sluice.DEADLINE) for process in both]
        codes = [process.returncode for process in both]
        self.assertIn(sluice.DONE, codes, said)
        self.assertEqual(set(codes) - {sluice.DONE, sluice.TRY_LATER}, set(), said)
        self.assertNotIn(self.pg.password, str(said))
        shown = self.sluice("state", "show", "--json", "-c", EXAMPLE, env=self.production, code=sluice.DONE).json()
        self.assertIsNone(shown["lock"])
        self.assertEqual(self.query_items(), 250)

    def query_items(self):
        return self.pg.query("SELECT count(*) FROM supplier_items WHERE gone_at IS NULL")[0][0]


if __name__ == "__main__":
    sluice.main()
