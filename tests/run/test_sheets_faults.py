# SPDX-License-Identifier: Apache-2.0
"""What goes wrong between us and Google, through the fake: each is one clear sentence, costs one supplier at most."""
import json

import canaries
import sheets
import sluice
from google_key import EMAIL
from sheets import address


class Refusals(sheets.Sheets):
    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt")
        self.list("Bolt")

    def fails(self, *words, code=sluice.PARTIAL, **how):
        """Acme alone fails, with these words."""
        result = self.sync(code=code, **how)
        for word in words:
            self.assertIn(word, result.everything)
        return result

    def test_a_sheet_that_is_not_shared_says_with_which_address_to_share_it(self):
        self.list("Acme", shared=False)
        self.fails("is not shared with this program", EMAIL)
        self.assertEqual(len(self.items()), 5)

    def test_a_share_that_was_revoked_keeps_the_former_items(self):
        self.list("Acme")
        self.sync()
        self.list("Acme", shared=False)
        self.fails("share it with " + EMAIL)
        self.assertEqual(len(self.items()), 10)

    def test_a_deleted_sheet_says_so_and_is_asked_for_once(self):
        self.fails("there is no https://docs.google.com/spreadsheets/d/" + self.id_of("Acme"), "deleted")
        self.assertEqual(len(self.google.asked(f"^/v4/spreadsheets/{self.id_of('Acme')}")), 1)

    def test_a_permanent_error_is_never_asked_for_again_in_its_run(self):
        self.list("Acme", shared=False)
        self.sync(code=sluice.PARTIAL)
        self.assertEqual(self.google.statuses(f"^/v4/spreadsheets/{self.id_of('Acme')}"), [403])

    def test_without_credentials_a_private_sheet_is_no_list_but_asks_to_sign_in(self):
        self.configure(credentials="")
        self.master("Acme", "Bolt", public=True)
        self.list("Acme", shared=True)
        self.list("Bolt", public=True)
        self.fails("asks to sign in", "everyone who has the link", "'credentials'")

    def test_a_revoked_token_is_replaced_once(self):
        self.configure(sections="sync: {workers: 1}")
        self.list("Acme")
        self.google.before = lambda path: self.google.revoke() if path.endswith(self.id_of("Bolt")) and len(self.google.asked("^/token")) == 1 else None
        self.sync()
        self.assertEqual(len(self.google.asked("^/token")), 2)

    def test_a_token_is_renewed_before_it_ends(self):
        self.google.token_seconds = 1
        self.configure(sections="sync: {workers: 1}")
        self.list("Acme")
        self.google.fault("/values/", delay=1.2)
        self.sync()
        self.assertNotIn(401, self.google.statuses())
        self.assertGreater(len(self.google.asked("^/token")), 1)

    def test_the_api_that_is_not_enabled_is_named(self):
        self.list("Acme")
        self.google.fault(self.id_of("Acme"), times=-1, status=403, reason="SERVICE_DISABLED")
        self.fails("enable it in the Google Cloud console")

    def test_a_token_of_the_wrong_scope_is_told_from_a_missing_share(self):
        self.list("Acme")
        self.google.fault(self.id_of("Acme"), times=-1, status=403, reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT")
        self.fails("lacks the scope")

    def test_an_answer_that_is_no_json_changes_nothing(self):
        self.list("Acme")
        self.sync()
        self.list("Acme", n=9)
        self.google.fault(f"{self.id_of('Acme')}/values", times=-1, body="<html>Sorry...</html>")
        self.fails("no JSON of cells")
        self.assertEqual(len(self.items()), 10)

    def test_server_errors_and_cut_bodies_pass(self):
        self.list("Acme")
        self.google.fault("/values/", status=500)
        self.google.fault("/values/", cut=20)
        self.google.fault("^/token", status=503)
        self.sync()
        self.assertEqual(len(self.items()), 10)


class Credentials(sheets.Sheets):
    def setUp(self):
        super().setUp()
        self.master("Acme")
        self.list("Acme")

    def fails(self, *words):
        result = self.sluice("sync")
        self.assertNotEqual(result.code, 0)
        for word in words:
            self.assertIn(word, result.everything)
        self.assertNotIn("PRIVATE", result.everything)

    def test_a_missing_key_file_says_which(self):
        (self.folder / "key.json").unlink()
        self.fails("key.json", "No such file")

    def test_a_key_file_that_is_no_json(self):
        self.write("key.json", "hello")
        self.fails("it is no JSON")

    def test_the_key_of_a_user_is_refused(self):
        self.write("key.json", json.dumps({"type": "authorized_user", "client_id": "x", "refresh_token": canaries.secret("refresh_token")}))
        self.fails("'authorized_user'", "not the key of a service account")

    def test_a_key_file_without_a_key(self):
        self.write("key.json", json.dumps({"type": "service_account", "client_email": EMAIL}))
        self.fails("private_key is missing")

    def test_a_key_that_is_damaged(self):
        file = json.loads(self.google.key_file())
        file["private_key"] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
        self.write("key.json", json.dumps(file))
        self.fails("cannot be used")

    def test_a_key_that_google_knows_no_more(self):
        self.write("key.json", self.google.key_file(private_key_id="0" * 40))
        self.fails("does not accept the key of " + EMAIL)

    def test_an_account_that_was_deleted(self):
        self.write("key.json", self.google.key_file(client_email="gone@example.com"))
        self.fails("no service account gone@example.com")

    def test_a_wrong_api_key(self):
        self.configure(credentials=f"api_key: '{canaries.secret('api_key')}'")
        result = self.sluice("sync")
        self.assertIn("does not accept the API key", result.everything)

    def test_a_clock_that_is_wrong_is_recognised(self):
        self.google.clock_ahead = 7200
        self.fails("clock is", "seconds behind Google's", "set it right")

    def test_credentials_go_to_no_host_that_is_not_named(self):
        text = (self.folder / "sluice.yaml").read_text(encoding="utf-8")
        self.write("sluice.yaml", text.replace(f"api_hosts: ['{self.google.host}']", "api_hosts: [sheets.googleapis.com]"))
        self.fails("fetch.api_hosts")

    def test_a_sheet_that_is_not_on_the_list_is_not_read(self):
        self.configure(options=f"allow_ids: [{sheets.MASTER}]")
        result = self.sync(code=sluice.FAILED)
        self.assertIn("'allow_ids'", result.everything)
        self.assertEqual(self.google.asked(self.id_of("Acme")), [])


if __name__ == "__main__":
    sluice.main()
