# SPDX-License-Identifier: Apache-2.0
"""The servers of the tests themselves: private, gone with whoever started them, and links that break where they are
told to."""
import signal
import subprocess
import sys
from pathlib import Path

import sluice
from redis_server import Client

WITH = sluice.SOURCE / "tests" / "servers" / "with.py"


class Servers(sluice.Place):
    def beside(self, *command, **how):
        return subprocess.Popen([sys.executable, WITH, "redis", "--", *command], text=True, stdout=subprocess.PIPE, **how)

    def test_a_command_runs_beside_a_server_and_its_exit_code_is_ours(self):
        self.redis()
        process = self.beside("sh", "-c", "echo {redis_socket}; exit 3")
        said = process.communicate()[0]
        self.assertEqual(process.returncode, 3)
        self.assertTrue(said.startswith("unix:///"), said)
        folder = Path(said[7:].split("?")[0]).parent
        sluice.poll(lambda: not folder.exists(), "the server's folder is gone")

    def test_a_server_is_gone_when_its_test_was_killed(self):
        self.redis()
        process = self.beside("sh", "-c", "echo {redis_socket}; exec sleep 1000")
        folder = Path(process.stdout.readline()[7:].split("?")[0]).parent
        pid = int((folder / "redis.pid").read_text().split()[0])
        command = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        self.assertTrue(Path(f"/proc/{pid}").exists())
        process.kill()
        process.wait()
        sluice.poll(lambda: not folder.exists() and not Path(f"/proc/{pid}").exists(), "the server is gone")
        for child in command:
            if Path(f"/proc/{child}/comm").exists() and Path(f"/proc/{child}/comm").read_text() == "sleep\n":
                sluice.os.kill(int(child), signal.SIGKILL)

    def test_a_paused_server_is_gone_too(self):
        server = self.postgres()
        other = sluice.postgres_server.postgres()
        other.pause()
        other.folder.close()
        self.assertIsNotNone(other.process.poll())
        sluice.poll(lambda: not other.folder.path.exists(), "the server's folder is gone")
        self.assertEqual(server.query("SELECT 1 AS one"), [(1,)])

    def test_a_crashed_postgresql_keeps_what_was_committed(self):
        server = self.postgres()
        server.psql("CREATE TABLE kept (text text)", "INSERT INTO kept VALUES (E'a\\tb\\n\\\\.')")
        server.restart()
        self.assertEqual(server.query("SELECT text, NULL AS nothing FROM kept"), [("a\tb\n\\.", None)])
        server.kill()
        server.start()
        self.assertEqual(server.query("SELECT count(*) FROM kept"), [(1,)])

    def test_a_link_is_cut_after_the_message_was_done_and_before_its_reply(self):
        server = self.redis()
        link = self.proxy(server.port)
        for when, kept in (("before", None), ("after", b"x")):
            server("FLUSHALL")
            link.cut_at(b"COMMIT", when)
            client = Client(("127.0.0.1", link.port))
            self.assertEqual(client("SET", "other", "y"), b"OK")
            with self.assertRaises(OSError):
                client("SET", "COMMIT", "x")
            client.close()
            self.assertEqual(link.met, 1)
            self.assertEqual((server("GET", "COMMIT"), server("GET", "other")), (kept, b"y"), when)

    def test_only_the_link_that_sends_a_mark_hangs(self):
        server = self.redis()
        link = self.proxy(server.port)
        link.cut_at(b"MARK", "hang after", skip=1, times=100)
        one, other = (Client(("127.0.0.1", link.port), seconds=2) for _ in range(2))
        self.assertEqual(one("SET", "MARK", "1"), b"OK")
        with self.assertRaises(TimeoutError):
            one("SET", "MARK", "2")
        self.assertEqual(other("GET", "mark"), None)
        self.assertEqual(server("GET", "MARK"), b"2")
        one.close()
        other.close()

    def test_a_link_hangs_and_goes_on(self):
        server = self.redis()
        link = self.proxy(server.port)
        client = Client(("127.0.0.1", link.port), seconds=0.2)
        link.hang()
        with self.assertRaises(TimeoutError):
            client("PING")
        link.go_on()
        client.socket.settimeout(10)
        client.stream = client.socket.makefile("rb")
        self.assertEqual(client.answer(), b"PONG")
        client.close()


if __name__ == "__main__":
    sluice.main()
