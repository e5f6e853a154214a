# SPDX-License-Identifier: Apache-2.0
"""Names that do not resolve, resolve late, to too much, or to an inner address the second time."""
import tempfile

import dns
import sluice
from sluice import CONFIG, UNAVAILABLE

PUBLIC = "93.184.216.34"  # nothing of this network leads there
FEW_SECONDS = 20


class Dns(sluice.Place):
    @classmethod
    def setUpClass(cls):
        cls.settings = tempfile.TemporaryDirectory(prefix="sluice-dns.")
        cls.addClassCleanup(cls.settings.cleanup)
        dns.resolve_here(cls.settings.name)
        many = [f"127.{i // 250}.0.{i % 250 + 1}" for i in range(1000)]
        cls.server = dns.NameServer({"nowhere.test": dns.NXDOMAIN, "broken.test": dns.SERVFAIL, "silent.test": None,
                                     "inner.test": ["127.0.0.1"], "mixed.test": [PUBLIC, "127.0.0.1"],
                                     "rebinding.test": [[PUBLIC], ["127.0.0.1"]], "many.test": many})
        cls.listener = dns.Listener()

    def fetch(self, host, *arguments, code, port=None):
        here = f"{host}:{port or self.listener.port}"
        result = self.sluice("preview", "--raw", f"http://{here}/list.csv", "--set", f"fetch.allow_http={here}",
                             "--set", "fetch.retry_delay=10ms", "--set", "fetch.timeout=3s", *arguments, code=code)
        self.assertLess(result.seconds, FEW_SECONDS, result)
        self.assertIn(host, result.err)
        return result

    def test_a_name_that_is_not_known_says_so(self):
        self.assertIn("no address is known for that host", self.fetch("nowhere.test", code=UNAVAILABLE).err)

    def test_a_name_server_that_fails_says_so(self):
        self.assertIn("no address is known for that host", self.fetch("broken.test", code=UNAVAILABLE).err)

    def test_a_name_server_that_keeps_silent_is_left_in_time(self):
        self.fetch("silent.test", code=UNAVAILABLE)

    def test_a_name_of_an_inner_address_is_not_connected_to(self):
        self.assertIn("its address 127.0.0.1 is not on the public Internet", self.fetch("inner.test", code=CONFIG).err)
        self.assertEqual(self.listener.connections(), 0)

    def test_an_inner_address_among_others_is_not_connected_to(self):
        self.fetch("mixed.test", code=CONFIG)
        self.assertEqual(self.listener.connections(), 0)

    def test_a_name_that_turns_inward_between_two_attempts_is_not_connected_to(self):
        result = self.sluice("preview", "--raw", f"http://rebinding.test:{self.listener.port}/list.csv", "--set",
                             f"fetch.allow_http=rebinding.test:{self.listener.port}", "--set",
                             "fetch.retry_delay=10ms", "--set", "fetch.timeout=3s")
        self.assertIn(result.code, (CONFIG, UNAVAILABLE), result)
        self.assertEqual(self.listener.connections(), 0, result)

    def test_the_listener_would_notice(self):
        self.fetch("inner.test", "--set", f"fetch.allow_private=inner.test:{self.listener.port}", code=UNAVAILABLE)
        self.assertGreater(self.listener.connections(), 0)

    def test_of_a_thousand_addresses_four_are_tried(self):
        before = dns.connections_begun() - self.server.by_tcp
        self.fetch("many.test", "--set", "fetch.allow_private=many.test:9", "--set", "fetch.attempts=1",
                   code=UNAVAILABLE, port=9)
        tried = dns.connections_begun() - self.server.by_tcp - before
        self.assertGreater(tried, 0)
        self.assertLessEqual(tried, 4)


if __name__ == "__main__":
    dns.enter()
    sluice.main()
