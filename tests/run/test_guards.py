# SPDX-License-Identifier: Apache-2.0
"""Each guard stops the damage, keeps what was there, lets it through once it is approved; and switched off, it would
have let it through."""
import sluice
from check_invariants import broken
from dump import dump


class Guards(sluice.Place):
    """Every test makes a state, damages the input, and gives what the guard has to keep."""

    def items(self, supplier="acme"):
        return self.query("""SELECT supplier_sku, current_price FROM supplier_items i JOIN suppliers s
            ON s.id = i.supplier_id WHERE s.key = ? AND gone_at IS NULL ORDER BY 1""", supplier)

    def active(self):
        return [row[0] for row in self.query("SELECT key FROM suppliers WHERE is_active ORDER BY 1")]

    def holds(self):
        return self.query("SELECT id, guard FROM sync_holds WHERE decision IS NULL AND used_at IS NULL")

    def check_guard(self, guard, option, off, state):
        """The input is damaged already. `state` () must stay while the guard is on, and change without it."""
        before, everything = state(), dump(self.store)
        held = self.sync(code=sluice.HELD)
        self.assertEqual(state(), before, f"{guard} let it through\n{held}")
        kept = [line for line in dump(self.store) if not line.startswith("reject")]
        self.assertEqual(kept, [line for line in everything if not line.startswith("reject")], "something was written")
        self.assertEqual([name for _, name in self.holds()], [guard], str(held))
        self.assertEqual(broken(self.store), [])
        self.sync("--dry-run", "--set", f"guards.{option}={off}")
        self.assertEqual(state(), before, "a dry run wrote something")
        self.sluice("sync", "--set", f"guards.{option}={off}")
        self.assertNotEqual(state(), before, f"switching {option} off did not let it through: what was tested?")

    def check_approval(self, state):
        """The guard holds; after an approval the same content passes, once."""
        before = state()
        self.sync(code=sluice.HELD)
        hold = self.holds()[0][0]
        approved = self.sluice("sync", "--approve", hold)
        self.assertEqual(approved.code, sluice.DONE, str(approved))
        self.assertNotEqual(state(), before, str(approved))
        self.assertEqual(broken(self.store), [])
        again = self.sluice("sync", "--approve", hold)
        self.assertNotEqual(again.code, sluice.DONE, f"an approval counts once\n{again}")

    def one_list(self, n=100):
        self.master("Acme", "Bolt")
        self.list("Acme", n)
        self.list("Bolt", 10)
        self.sync()

    def half_gone(self):
        self.one_list()
        self.list("Acme", 40)

    def test_a_list_that_lost_more_than_half_of_its_items_is_held(self):
        self.half_gone()
        self.check_guard("items_gone", "items_gone", 100, self.items)

    def test_an_approved_loss_of_items_goes_through_once(self):
        self.half_gone()
        self.check_approval(self.items)

    def test_prices_that_jump_are_held(self):
        self.one_list()
        self.list("Acme", 100, price=lambda i: f"{i * 10}.50" if i % 2 else f"{i}.50")
        self.check_guard("prices_jumped", "prices_jumped", 100, self.items)

    def test_a_list_full_of_bad_rows_is_held(self):
        self.one_list()
        path = self.folder / "Acme.csv"
        path.write_text(path.read_text() + "".join(f"Acme-{i},Changed,call us,\n" for i in range(200, 240))
                        + "Acme-900,New,1.00,\n")
        self.check_guard("rows_rejected", "rows_rejected", 100, self.items)

    def twenty(self, keep=20, header="Supplier,Price list,Format,Active"):
        rows = [header] + [f"S{i:02d},S.csv,csv,yes" for i in range(keep)]
        self.write("suppliers.csv", "\n".join(rows) + "\n")

    def many(self):
        self.list("S", 3)
        self.twenty()
        self.sync()

    def test_a_master_that_would_switch_off_too_many_suppliers_is_held(self):
        self.many()
        self.twenty(keep=14)
        self.check_guard("suppliers_gone", "suppliers_gone", 100, self.active)

    def test_three_suppliers_may_always_go(self):
        self.master("Acme", "Bolt", "Crane", "Drum")
        for supplier in ("Acme", "Bolt", "Crane", "Drum"):
            self.list(supplier, 3)
        self.sync()
        self.master("Acme")
        result = self.sluice("sync", "--set", "guards.suppliers_shrunk=100")
        self.assertEqual((result.code, self.active()), (sluice.DONE, ["acme"]), str(result))

    def test_a_master_that_lost_half_of_its_rows_is_held(self):
        self.many()
        self.twenty(keep=8)
        before = self.active()
        held = self.sync("--set", "guards.suppliers_gone=100", code=sluice.HELD)
        self.assertEqual(self.active(), before, str(held))
        self.assertEqual([guard for _, guard in self.holds()], ["suppliers_shrunk"])
        self.sluice("sync", "--set", "guards.suppliers_gone=100", "--set", "guards.suppliers_shrunk=100")
        self.assertEqual(len(self.active()), 8)

    def test_an_empty_master_switches_nobody_off(self):
        self.many()
        self.twenty(keep=0)
        before = self.active()
        held = self.sync("--set", "guards.suppliers_gone=100", "--set", "guards.suppliers_shrunk=100", code=sluice.HELD)
        self.assertEqual(self.active(), before, str(held))
        self.assertEqual([guard for _, guard in self.holds()], ["master_empty"])
        self.sluice("sync", "--set", "guards.suppliers_gone=100", "--set", "guards.suppliers_shrunk=100",
                    "--set", "guards.master_empty=false")
        self.assertEqual(self.active(), [])

    def test_a_master_with_another_header_is_held(self):
        self.many()
        self.twenty(header="Vendor,Link,Format,Active")
        path = self.folder / "suppliers.csv"
        path.write_text(path.read_text().replace("S00,", "Renamed,"))
        self.check_guard("master_changed", "master_changed", "false", self.active)

    def test_an_approved_master_goes_through(self):
        self.many()
        self.twenty(keep=14)
        self.check_approval(self.active)

    def test_a_row_that_is_present_but_invalid_counts_as_present(self):
        self.many()
        path = self.folder / "suppliers.csv"
        path.write_text(path.read_text().replace("S.csv,csv", "S.csv,papyrus"))
        before = self.active()
        self.sluice("sync")
        self.assertEqual(self.active(), before)


if __name__ == "__main__":
    sluice.main()
