# SPDX-License-Identifier: Apache-2.0
"""Canary secrets in the configuration, the environment and the addresses never come out again: not in any verb's output,
not in the store, not in the state folder, neither plain nor encoded."""
import base64
import os
import urllib.parse

import sluice

CANARY = "cAnArY/7+f3=9!x"
FORMS = {CANARY, urllib.parse.quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode()}
PASSWORD = urllib.parse.quote(CANARY, safe="")
VERBS = (["sync"], ["sync", "--json"], ["sync", "-v"], ["sync", "--dry-run"], ["sync", "--force"], ["status"], ["status", "--json"],
         ["suppliers"], ["suppliers", "--json"], ["runs", "--json"], ["rejects", "--json"], ["holds", "--json"],
         ["items", "Acme", "--json"], ["check"], ["check", "--json"], ["config", "show"], ["config", "show", "--origin"],
         ["config", "check"], ["preview", "Acme"], ["preview", "Secretive"])


class Secrets(sluice.Place):
    def test_no_output_and_no_file_holds_a_secret(self):
        self.master("Acme", ("Secretive", f"http://user:{PASSWORD}@127.0.0.1:9/list.csv?token={PASSWORD}#{PASSWORD}", "csv", "yes"))
        self.list("Acme", 5)
        environment = {"JWT_SECRET": CANARY, "DATABASE_URL": f"postgresql://sluice:{PASSWORD}@db.example/sluice",
                       "REDIS_URL": f"redis://:{PASSWORD}@cache.example:6379"}
        kept = {"suppliers.csv"}
        for verb in VERBS:
            result = self.sluice(*verb, env=environment)
            self.assertNotEqual(result.code, sluice.BUG, str(result))
            for form in FORMS:
                self.assertNotIn(form, result.everything, f"sluice {' '.join(verb)}")
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in kept:
                content = path.read_bytes()
                for form in FORMS:
                    if form.encode() in content and not path.name.startswith("sluice.db"):
                        self.fail(f"{path.name} holds the secret as {form}")

    def test_the_log_and_the_rejects_of_the_store_hold_no_secret(self):
        self.master("Acme", ("Secretive", f"http://user:{PASSWORD}@127.0.0.1:9/l.csv?token={PASSWORD}", "csv", "yes"))
        self.list("Acme", 5)
        self.sluice("sync")
        for table in ("parsing_logs", "sync_jobs", "sync_runs", "sync_holds", "sync_audit"):
            for row in self.query(f"SELECT * FROM {table}"):
                for form in FORMS:
                    self.assertNotIn(form, " ".join(map(str, row)), table)

    def test_a_secret_file_that_others_can_read_is_refused(self):
        secret = self.write("secret", CANARY)
        os.chmod(secret, 0o644)
        self.write("sluice.yaml", self.configuration + "http: {jwt_secret: \"${file:secret}\"}\n")
        result = self.sluice("config", "show")
        for form in FORMS:
            self.assertNotIn(form, result.everything)


if __name__ == "__main__":
    sluice.main()
