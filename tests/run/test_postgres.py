# SPDX-License-Identifier: Apache-2.0
"""The store on PostgreSQL as a user meets it: the same words as on SQLite, its own verbs, and what it says when the
server, the database or the role is not as it should be."""
import canaries
import sluice
from sluice import CONFIG, PERMISSION, UNAVAILABLE


class Pg(sluice.Place):
    settings = {}

    def setUp(self):
        super().setUp()
        self.server = self.postgres(**self.settings)
        self.at(self.server.url)

    def at(self, url, more=""):
        self.write("sluice.yaml", "master: {plugin: csv-stub, url: suppliers.csv}\n"
                                  f"store: {{plugin: pg, url: \"{url}\"{more}}}\n"
                                  "state: {plugin: state-local, path: state}\n")

    def one(self, sql):
        return self.server.query(sql)[0][0]

    def refused(self, code, *words, verb=("db", "check")):
        """One line that says what to do."""
        result = self.sluice(*verb)
        self.assertEqual(result.code, code, str(result))
        for word in words:
            self.assertIn(word, result.err)
        self.assertEqual(result.err.count("\n"), 1, str(result))


class Syncing(Pg):
    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt")
        self.list("Acme", 200)
        self.list("Bolt", 50)

    def test_the_first_sync_makes_the_tables_and_the_second_writes_no_item(self):
        self.sync()
        self.assertEqual(self.one("SELECT count(*) FROM supplier_items"), 250)
        self.assertEqual(self.one("SELECT count(*) FROM price_history"), 250)
        versions = "SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY id) FROM supplier_items"
        before = self.one(versions)
        self.sync("--force")
        self.assertEqual(self.one(versions), before)

    def test_only_what_changed_is_written(self):
        self.sync()
        self.list("Acme", 199, price=lambda i: "7.77" if i == 5 else f"{i}.50")
        self.sync()
        self.assertEqual(self.server.query("SELECT supplier_sku, current_price::text, gone_at IS NOT NULL"
                                           " FROM supplier_items WHERE updated_at > created_at ORDER BY 1"),
                         [("Acme-200", "200.5000", True), ("Acme-5", "7.7700", False)])
        self.assertEqual(self.one("SELECT count(*) FROM price_history"), 251)

    def test_what_people_wrote_and_added_stays(self):
        self.sync()
        self.server.psql("UPDATE suppliers SET contact_email = 'someone@example.com', metadata = '{\"a\": 1}'",
                         "ALTER TABLE supplier_items ADD COLUMN shelf text",
                         "UPDATE supplier_items SET product_id = '018f0000-0000-7000-8000-000000000000', shelf = 's'")
        self.list("Acme", 200, price=lambda i: f"{i}.99")
        self.sync("--force")
        self.assertEqual(self.server.query("SELECT DISTINCT contact_email, metadata FROM suppliers"),
                         [("someone@example.com", {"a": 1})])
        self.assertEqual(self.server.query("SELECT DISTINCT product_id::text, shelf FROM supplier_items"),
                         [("018f0000-0000-7000-8000-000000000000", "s")])

    def test_a_full_read_finds_what_a_hand_changed(self):
        self.sync()
        self.server.psql("UPDATE supplier_items SET current_price = 1 WHERE supplier_sku = 'Acme-7'")
        self.sync("--force")
        self.assertEqual(self.one("SELECT current_price::text FROM supplier_items WHERE supplier_sku = 'Acme-7'"),
                         "7.5000")

    def test_another_way_of_hashing_makes_no_row_look_changed(self):
        self.sync()
        self.server.psql("UPDATE supplier_items SET row_hash = gen_random_uuid()")
        (self.folder / "Acme.csv").write_text((self.folder / "Acme.csv").read_text() + "\n")
        self.sync()
        rows = self.sluice("runs", "--json", code=0).json()
        self.assertEqual(rows[0]["changed"], 0, rows[0])
        self.assertEqual(self.one("SELECT count(*) FROM supplier_items WHERE updated_at > created_at"), 0)
        self.assertEqual(self.one("SELECT count(*) FROM price_history"), 250)

    def test_a_dry_run_leaves_nothing_not_even_a_number_of_a_sequence(self):
        self.sync()
        rows = self.folder / "Acme.csv"
        rows.write_text(rows.read_text() + "Acme-201,New,1.00,\n,No code,1.00,\n")
        state = ("SELECT (SELECT last_value FROM parsing_logs_id_seq), (SELECT count(*) FROM sync_runs),"
                 " (SELECT count(*) FROM supplier_items), (SELECT sum(n_tup_ins) FROM pg_stat_user_tables)")
        before = self.server.query(state)[0][:3]
        self.sync("--dry-run")
        self.assertEqual(self.server.query(state)[0][:3], before)

    def test_a_list_beyond_its_memory_is_compared_in_the_database(self):
        for more in (", compare_memory: 1MiB", ", compare_memory: 0B"):
            self.at(self.postgres().url, more)
            self.list("Acme", 12000)
            self.sync()
            self.list("Acme", 11999, price=lambda i: "7.77" if i == 5 else f"{i}.50")
            result = self.sync("--json")
            self.assertEqual(self.one("SELECT count(*) FROM supplier_items WHERE gone_at IS NOT NULL"), 1, str(result))
            self.assertEqual(self.one("SELECT count(*) FROM supplier_items WHERE updated_at > created_at"), 2)

    def test_a_duplicate_in_a_first_list_ends_as_the_last_row_says(self):
        rows = self.folder / "Bolt.csv"
        rows.write_text(rows.read_text() + "Bolt-1,Once more,9.00,\nBolt-2,Twice,8.00,\nBolt-2,Thrice,7.00,\n")
        self.sync()
        self.assertEqual(self.server.query("SELECT i.supplier_sku, i.name, h.price::text FROM supplier_items AS i"
                                           " JOIN price_history AS h ON h.item_id = i.id"
                                           " WHERE i.supplier_sku IN ('Bolt-1', 'Bolt-2') ORDER BY 1"),
                         [("Bolt-1", "Once more", "9.0000"), ("Bolt-2", "Thrice", "7.0000")])

    def test_the_driver_in_a_url_of_another_program_is_ignored(self):
        self.at(self.server.url.replace("postgresql://", "postgresql+asyncpg://"))
        self.sync()
        self.assertEqual(self.one("SELECT count(*) FROM supplier_items"), 250)

    def test_the_tables_may_stand_in_a_schema_of_their_own(self):
        self.at(self.server.url, ", schema: Price Lists")
        self.sync()
        self.assertEqual(self.one('SELECT count(*) FROM "Price Lists".supplier_items'), 250)
        self.assertEqual(self.one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 0)


class Verbs(Pg):
    def test_migrate_makes_the_tables_once(self):
        self.assertIn("no tables yet", self.sluice("db", "status", code=0).out)
        self.assertIn("migration", self.sluice("db", "migrate", code=0).out)
        self.assertIn("nothing to do", self.sluice("db", "migrate", code=0).out)
        status = self.sluice("db", "status", "--json", code=0).json()
        self.assertEqual(status["version"], status["latest"])
        self.assertIn("can be read and written", self.sluice("db", "check", code=0).out)

    def test_of_programs_that_migrate_at_once_one_does_it(self):
        processes = [self.start("db", "migrate") for _ in range(6)]
        ends = [process.communicate() + (process.returncode,) for process in processes]
        self.assertEqual([end[2] for end in ends], [0] * 6, ends)
        self.assertEqual(sum("brought to" in end[0] for end in ends), 1, ends)

    def test_tables_of_a_newer_program_are_refused(self):
        self.sluice("db", "migrate", code=0)
        self.server.psql("INSERT INTO schema_version VALUES (99, now())")
        self.refused(CONFIG, "newer Sluice", "upgrade", verb=("db", "migrate"))

    def test_tables_of_somebody_else_are_left_alone(self):
        self.server.psql("CREATE TABLE suppliers (x int)")
        self.refused(CONFIG, "suppliers", "store.schema", verb=("db", "migrate"))
        self.assertEqual(self.one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 1)


class Trouble(Pg):
    def test_a_wrong_password(self):
        self.at(self.server.location(password=canaries.escaped("no password")))
        self.refused(PERMISSION, "password", "store.url")
        self.assertNotIn("canary", self.sluice("db", "status").everything)

    def test_a_missing_database(self):
        self.at(self.server.location(database="nowhere"))
        self.refused(CONFIG, "nowhere", "does not exist")

    def test_what_is_no_address(self):
        for url in ("postgresql://canary:pass word@:x/", "canary"):
            self.at(url)
            self.refused(CONFIG, "store.url")
            self.assertNotIn("canary", self.sluice("db", "status").everything)

    def test_missing_rights(self):
        self.server.psql(f"CREATE ROLE guest LOGIN PASSWORD '{canaries.secret('guest')}'")
        self.addCleanup(self.server.psql, "DROP ROLE guest")
        self.at(self.server.location(user="guest", password=canaries.escaped("guest")))
        self.refused(PERMISSION, "permission denied", "guest", verb=("db", "migrate"))

    def test_a_read_only_server(self):
        self.at(self.server.url + "?options=-cdefault_transaction_read_only%3Don")
        self.refused(CONFIG, "read-only", verb=("db", "migrate"))

    def test_a_dead_server(self):
        self.server.stop()
        self.refused(UNAVAILABLE, "cannot be reached", verb=("db", "status"))

    def test_a_server_that_accepts_and_never_answers(self):
        self.at(self.server.url, ", connect_timeout: 300ms")
        self.server.pause()
        self.refused(UNAVAILABLE, "does not answer", verb=("db", "status"))

    def test_a_lock_that_somebody_holds(self):
        self.sluice("db", "migrate", code=0)
        self.at(self.server.url, ", lock_timeout: 200ms")
        holder = self.server.hold("LOCK TABLE sync_audit")
        self.addCleanup(holder)
        self.refused(UNAVAILABLE, "lock", verb=("db", "check"))


class FewConnections(Pg):
    settings = {"max_connections": 5, "superuser_reserved_connections": 0}

    def test_too_many_connections(self):
        for _ in range(5):
            self.addCleanup(self.server.hold("SELECT 1"))
        self.refused(UNAVAILABLE, "no connection left")


if __name__ == "__main__":
    sluice.main()
