# SPDX-License-Identifier: Apache-2.0
"""Verbs, options, help and usage errors."""
import re

from sluice import DONE, USAGE, Place, main

VERBS = ["sync", "status", "suppliers", "runs", "items", "rejects", "holds", "holds approve", "holds discard",
         "state show", "state unlock", "preview", "check", "db status", "db migrate", "db check", "config check",
         "config show", "config schema", "plugin list", "plugin info", "version", "help"]


class Usage(Place):
    def test_help_names_every_verb_and_every_exit_code(self):
        out = self.sluice("help", code=DONE).out
        for verb in VERBS:
            self.assertRegex(out, rf"(?m)^  {verb} ")
        for code in (0, 1, 2, 3, 64, 65, 69, 70, 74, 75, 77, 78, 130):
            self.assertRegex(out, rf"(?m)^ +{code}  ")

    def test_no_words_at_all_is_a_request_for_help(self):
        self.assertEqual(self.sluice(code=DONE).out, self.sluice("help", code=DONE).out)
        self.assertEqual(self.sluice("--help", code=DONE).out, self.sluice("help", code=DONE).out)

    def test_every_verb_explains_itself(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                if verb != "help":
                    self.assertIn(f"Usage: sluice {verb}", self.sluice(*verb.split(), "--help", code=DONE).out)
                self.assertIn(f"Usage: sluice {verb}", self.sluice("help", *verb.split(), code=DONE).out)

    def test_every_verb_has_a_manual_page_with_its_options(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                page = self.sluice("help", "--man", *verb.split(), code=DONE).out
                self.assertTrue(page.startswith(f'.TH "sluice-{verb.replace(" ", "-")}" 1\n'), page[:80])
                self.assertIn(".SH EXIT STATUS", page)

    def test_a_misspelled_verb_is_guessed(self):
        result = self.sluice("synk", code=USAGE)
        self.assertIn("did you mean `sync`?", result.err)
        self.assertEqual(result.out, "")

    def test_a_misspelled_option_is_guessed(self):
        self.assertIn("did you mean --dry-run?", self.sluice("sync", "--dryrun", code=USAGE).err)

    def test_wrong_command_lines_say_what_is_wanted(self):
        for words, expected in [
            (["items"], "wants SUPPLIER"),
            (["status", "now"], "takes no arguments"),
            (["config"], "wants a second word"),
            (["config", "shwo"], "no verb `config shwo`"),
            (["sync", "--approve"], "--approve wants a value"),
            (["sync", "--force=1"], "--force takes no value"),
            (["status", "-x"], "no option -x"),
            (["runs", "-n", "many"], "--limit wants a number"),
            (["runs", "-n", "0"], "--limit wants a number"),
            (["sync", "--dry-run", "--approve", "x"], "--dry-run writes nothing"),
            (["help", "nothing"], "no verb `nothing`"),
        ]:
            with self.subTest(words=words):
                self.assertIn(expected, self.sluice(*words, code=USAGE).err)

    def test_options_of_every_verb_may_stand_before_it_and_anywhere_after_it(self):
        self.write("other.yaml", self.configuration)
        for words in (["-c", "other.yaml", "config", "check"], ["config", "check", "-c", "other.yaml"],
                      ["--config=other.yaml", "config", "check", "--json"]):
            with self.subTest(words=words):
                self.sluice(*words, code=DONE)

    def test_two_dashes_end_the_options(self):
        self.assertIn("no supplier '--json'",
                      self.after_a_sync().sluice("items", "--", "--json").err)

    def after_a_sync(self):
        self.master("Acme")
        self.list("Acme")
        self.sync()
        return self

    def test_version_is_told_to_people_and_to_programs(self):
        text = self.sluice("version", code=DONE).out
        told = self.sluice("version", "--json", code=DONE).json()
        self.assertEqual(set(told), {"version", "abi", "compiler", "build"})
        self.assertTrue(text.startswith(f"sluice {told['version']}, plugin ABI {told['abi']}\n"), text)
        self.assertEqual(self.sluice("--version", code=DONE).out, text)
        self.assertTrue(re.fullmatch(r"\d+\.\d+\.\d+", told["version"]))


main()
