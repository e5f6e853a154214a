# SPDX-License-Identifier: Apache-2.0
"""Secrets in the configuration, the environment and the addresses never come out of any verb; and the search at the end of
every test (canaries.py), which sees to that, would find one."""
import base64
import os
import sqlite3
import urllib.parse

import canaries
import sluice
from canaries import escaped, secret

VERBS = (["sync"], ["sync", "--json"], ["sync", "-v"], ["sync", "--dry-run"], ["sync", "--force"], ["status"], ["status", "--json"],
         ["suppliers"], ["suppliers", "--json"], ["runs", "--json"], ["rejects", "--json"], ["holds", "--json"],
         ["items", "Acme", "--json"], ["check"], ["check", "--json"], ["config", "show"], ["config", "show", "--origin"],
         ["config", "check"], ["preview", "Acme"], ["preview", "Secretive"])


class Secrets(sluice.Place):
    def test_no_output_and_no_file_holds_a_secret(self):
        self.master("Acme", ("Secretive", f"http://user:{escaped('userinfo')}@127.0.0.1:9/list.csv?token={escaped('query')}#{escaped('fragment')}",
                             "csv", "yes"))
        self.list("Acme", 5)
        environment = {"JWT_SECRET": secret("jwt_secret"), "DATABASE_URL": f"postgresql://sluice:{escaped('database')}@db.example/sluice",
                       "REDIS_URL": f"redis://:{escaped('cache')}@cache.example:6379"}
        for with_servers in (environment, {"JWT_SECRET": environment["JWT_SECRET"]}):
            for verb in VERBS:
                result = self.sluice(*verb, env=with_servers)
                self.assertNotEqual(result.code, sluice.BUG, str(result))
        self.assertEqual(len(self.query("SELECT * FROM suppliers")), 2)

    def test_a_secret_file_that_others_can_read_is_refused(self):
        os.chmod(self.write("secret", secret("file")), 0o644)
        self.write("sluice.yaml", self.configuration + "http: {jwt_secret: \"${file:secret}\"}\n")
        self.sluice("config", "show", code=sluice.CONFIG)


class Search(sluice.Place):
    """What the search finds, and what it lets pass."""

    def finds(self, search, *what):
        with self.assertRaisesRegex(AssertionError, " holds " + canaries.MARK):
            search(*what)

    def test_a_secret_is_found_in_the_open_in_a_url_and_in_base64(self):
        planted = secret("anything")
        for before in ("", "a", "ab", "abc"):
            text = f"{before}{planted} and more".encode()
            for content in (text, urllib.parse.quote(text).encode(), base64.b64encode(text), base64.urlsafe_b64encode(text)):
                self.finds(canaries.search, "this", content)
        canaries.search("this", b"nothing " + planted[1:].encode())

    def test_a_secret_in_what_a_program_wrote_fails_the_test(self):
        path = self.folder / "state" / "holder"
        path.parent.mkdir()
        path.write_text(secret("anything"))
        self.finds(canaries.search_folder, self.folder, self.planted)
        path.unlink()
        self.write("sluice.yaml", self.configuration + f"http: {{jwt_secret: '{secret('key')}'}}\n")
        canaries.search_folder(self.folder, self.planted)
        with self.assertRaisesRegex(AssertionError, "holds a token"):
            canaries.search("the log", self.sluice("token", "create", "--role", "admin", code=0).out)

    def test_a_secret_in_a_table_is_found_but_for_the_address_of_a_list(self):
        self.master(("Secretive", f"http://127.0.0.1:9/list.csv?token={escaped('query')}", "csv", "yes"))
        self.sluice("sync")
        self.assertIn(canaries.MARK, self.query("SELECT source_url FROM suppliers")[0][0])
        canaries.search_folder(self.folder, self.planted)
        for statement in ("UPDATE suppliers SET notes = ?", "UPDATE suppliers SET notes = ? || NULL"):
            connection = sqlite3.connect(self.store)
            with connection:
                connection.execute(statement, (secret("anything"),))
            connection.close()
            if "NULL" not in statement:
                self.finds(canaries.search_folder, self.folder, self.planted)

    def test_a_secret_in_postgresql_is_found(self):
        database = self.postgres()
        database.psql(f"CREATE TABLE suppliers AS SELECT '{secret('address')}' AS source_url, '' AS notes")
        canaries.search_postgres(database)
        database.psql(f"UPDATE suppliers SET notes = '{secret('anything')}'")
        self.finds(canaries.search_postgres, database)
        database.psql("DROP TABLE suppliers")

    def test_a_secret_in_redis_is_found(self):
        server = self.redis()
        for command in (("SET", "a"), ("HSET", "b", "field"), ("RPUSH", "c"), ("SADD", "d"), ("ZADD", "e", 1)):
            server(*command, secret("anything"))
            self.finds(canaries.search_redis, server)
            server("FLUSHALL")


if __name__ == "__main__":
    sluice.main()
