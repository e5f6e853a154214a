# SPDX-License-Identifier: Apache-2.0
"""A dry run shows what would happen and leaves nothing: no store, no lock, not a byte."""
import sluice


class DryRun(sluice.Place):
    def snapshot(self):
        """Every file but SQLite's own bookkeeping of readers (-shm, an empty -wal)."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.rglob("*"))
                if path.is_file() and not path.name.endswith("-shm")
                and not (path.name.endswith("-wal") and path.stat().st_size == 0)}

    def prepare(self):
        self.master("Acme", "Bolt")
        self.list("Acme", 30)
        self.list("Bolt", 10)

    def test_on_an_empty_place_it_leaves_nothing_behind(self):
        self.prepare()
        before = self.snapshot()
        result = self.sync("--dry-run")
        self.assertEqual(self.snapshot(), before, str(result))

    def test_it_tells_what_would_be_inserted(self):
        self.prepare()
        suppliers = {s["supplier"]: s for s in self.sync("--dry-run", "--json").json()["suppliers"]}
        self.assertEqual((suppliers["Acme"]["inserted"], suppliers["Bolt"]["inserted"]), (30, 10))

    def test_beside_a_full_store_it_compares_and_writes_nothing(self):
        self.prepare()
        self.sync()
        self.list("Acme", 25, price=lambda i: "9.99" if i == 1 else f"{i}.50")
        before = self.snapshot()
        result = self.sync("--dry-run", "--json")
        acme = next(s for s in result.json()["suppliers"] if s["supplier"] == "Acme")
        self.assertEqual((acme["updated"], acme["gone"], acme["unchanged"]), (1, 5, 24), str(result))
        self.assertEqual(self.snapshot(), before, str(result))


if __name__ == "__main__":
    sluice.main()
