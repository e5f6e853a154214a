# SPDX-License-Identifier: Apache-2.0
"""config check, show, schema; -c, --set and the environment; how a wrong configuration is reported."""
from sluice import CONFIG, DONE, Place, main


class Config(Place):
    def test_a_right_configuration_is_said_to_be_right(self):
        self.assertEqual(self.sluice("config", "check", code=DONE).out, "The configuration is right.\n")
        self.assertEqual(self.sluice("config", "check", "--json", code=DONE).json(), {"errors": 0})

    def test_every_error_is_reported_with_its_place_and_the_nearest_key(self):
        self.write("sluice.yaml", "stroe: {}\nsync:\n  workres: 3\n  workers: many\n")
        result = self.sluice("config", "check", code=CONFIG)
        self.assertRegex(result.err, r"sluice\.yaml:1:1: .*store")
        self.assertRegex(result.err, r"sluice\.yaml:3:3: .*workers")
        self.assertRegex(result.err, r"sluice\.yaml:4:\d+: ")
        self.assertIn("^\n", result.err)

    def test_a_wrong_configuration_stops_every_verb(self):
        self.write("sluice.yaml", self.configuration + "sync: {wokers: 3}\n")
        for verb in (["sync"], ["status"], ["suppliers"], ["check"], ["preview", "sluice.yaml"], ["config", "show"]):
            with self.subTest(verb=verb):
                self.assertIn("did you mean \"workers\"?", self.sluice(*verb, code=CONFIG).err)

    def test_numbers_out_of_range_are_told_with_their_place(self):
        self.write("sluice.yaml", self.configuration + "guards: {items_gone: 101}\n")
        self.assertRegex(self.sluice("config", "check", code=CONFIG).err, r"sluice\.yaml:\d+:\d+: .*0 to 100")

    def test_what_the_api_cannot_work_with_is_told_with_its_place(self):
        for line, told in (("http: {listen: nowhere}", "host:port"), ("http: {threads: 99}", "1 to 64"),
                           ("http: {trusted_proxies: [localhost]}", "no address"), ("http: {cors_origins: ['*']}", "no origin"),
                           ("users: {anna: {password_hash: x}}", "yescrypt")):
            self.write("sluice.yaml", self.configuration + line + "\n")
            self.assertRegex(self.sluice("config", "check", code=CONFIG).err, rf"sluice\.yaml:\d+:\d+: .*{told}", line)

    def test_a_named_file_that_is_not_there_is_an_error(self):
        self.assertIn("nope.yaml", self.sluice("status", "-c", "nope.yaml", code=CONFIG).err)

    def test_without_any_file_the_defaults_hold(self):
        (self.folder / "sluice.yaml").unlink()
        shown = self.sluice("config", "show", code=DONE).out
        self.assertIn("plugin: store-sqlite", shown)
        self.assertIn("plugin: state-local", shown)

    def test_set_wins_over_environment_and_environment_over_file(self):
        self.write("sluice.yaml", self.configuration + "sync: {workers: 2}\n")

        def workers(*words, **env):
            out = self.sluice("config", "show", "--origin", *words, env=env, code=DONE).out
            return next(line for line in out.splitlines() if line.strip().startswith("workers:"))

        self.assertIn("workers: 2  # sluice.yaml:", workers())
        self.assertIn("workers: 3  # environment SLUICE__SYNC__WORKERS", workers(SLUICE__SYNC__WORKERS="3"))
        self.assertIn("workers: 5  # --set", workers("--set", "sync.workers=5", SLUICE__SYNC__WORKERS="3"))

    def test_the_master_sheet_may_come_from_the_environment(self):
        self.write("sluice.yaml", "store: {plugin: store-sqlite, path: sluice.db}\n")
        self.master("Acme")
        self.list("Acme")
        self.sync(env={"MASTER_SHEET_URL": "suppliers.csv"})

    def test_a_master_sheet_that_nobody_names_is_an_error_with_what_to_do(self):
        self.write("sluice.yaml", "store: {plugin: store-sqlite, path: sluice.db}\n")
        self.assertIn("master.url", self.sync(code=CONFIG).err)

    def test_the_schema_describes_every_section(self):
        schema = self.sluice("config", "schema", code=DONE).json()
        self.assertLessEqual({"master", "store", "state", "sources", "suppliers", "ingest", "guards", "sync", "fetch",
                              "log"}, set(schema["properties"]))

    def test_stores_and_states_may_be_named_without_their_kind(self):
        self.write("sluice.yaml", "master: {plugin: csv-stub, url: suppliers.csv}\nstore: {plugin: sqlite, path: a.db}\n"
                                  "state: {plugin: local, path: state}\n")
        self.sluice("config", "check", code=DONE)

    def test_a_plugin_that_is_not_installed_is_named(self):
        result = self.sluice("status", "--set", "store.plugin=store-oracle", code=CONFIG)
        self.assertIn("store-oracle", result.err)

    def test_a_supplier_written_twice_is_an_error(self):
        self.write("sluice.yaml", self.configuration + "suppliers: {Acme: {currency: EUR}, ACME: {currency: USD}}\n")
        self.assertIn("twice", self.sluice("status", code=CONFIG).err)


main()
