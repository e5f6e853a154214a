# SPDX-License-Identifier: Apache-2.0
"""Redis as state backend: the keys that others read, and everything that may stand in them or become of the server."""
import json
import re
import resource
import signal
import socket
import threading
import time
from pathlib import Path

import canaries
import sluice
from check_invariants import broken
from gate import Gate
from redis_server import Refused

LEASE = 30000  # ms, the default
PASSWORD, ESCAPED = canaries.secret("redis"), canaries.escaped("redis")


class WithRedis(sluice.Place):
    def configure(self, url, more=""):
        self.write("sluice.yaml", f"""
master: {{plugin: csv-stub, url: suppliers.csv}}
store: {{plugin: sqlite, path: sluice.db}}
state: {{plugin: redis, url: "{url}"{more}}}
""")

    def setUp(self):
        super().setUp()
        self.server = self.redis()
        self.configure(self.server.url)
        self.master("Acme", "Bolt")
        self.list("Acme")
        self.list("Bolt")

    def items(self):
        return self.query("SELECT count(*) FROM supplier_items WHERE gone_at IS NULL")[0][0]

    def held_sync(self, *arguments):
        """A sync that has the lock and waits for one list; and the gate that lets it go on."""
        gate = Gate(self.folder)
        self.addCleanup(gate.close)
        self.master("Acme", ("Gated", gate.url("Gated.csv"), "csv", "yes"))
        self.list("Gated")
        gate.hold()
        process = self.start("sync", *gate.settings, *arguments)
        sluice.poll(lambda: gate.waiting > 0 or process.poll() is not None, "the sync is at work")
        if process.poll() is not None:
            self.fail(process.stderr.read() + self.sluice("suppliers", "--json").out)
        return process, gate

    def finish(self, process, gate, code=0):
        gate.let()
        out, err = process.communicate(timeout=sluice.DEADLINE)
        self.assertEqual(process.returncode, code, out + err)
        self.assertEqual(broken(self.store), [])
        return out + err


class Keys(WithRedis):
    def test_a_finished_sync_leaves_the_keys_of_the_contract_and_no_lock(self):
        self.sync()
        keys = sorted(key.decode() for key in self.server("KEYS", "*"))
        self.assertEqual(keys, ["sync:detail", "sync:last_run", "sync:progress", "sync:status", "sync:wake"])
        self.assertEqual(json.loads(self.server("GET", "sync:status")),
                         {"state": "idle", "task_id": None, "started_at": None, "progress_current": 0, "progress_total": 0})
        self.assertEqual(json.loads(self.server("GET", "sync:progress")), {"current": 0, "total": 0})
        self.assertRegex(self.server("GET", "sync:last_run").decode(), r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")

    def test_a_sync_at_work_shows_its_run_and_progress(self):
        process, gate = self.held_sync()
        run = self.query("SELECT id FROM sync_runs WHERE state <> 'done'")[0][0]
        self.assertEqual(self.server("GET", "sync:lock").decode(), run)
        self.assertIn(f"pid {process.pid}", self.server("GET", "sync:lock:holder").decode())
        for key in ("sync:lock", "sync:lock:holder"):
            self.assertTrue(0 < self.server("PTTL", key) <= LEASE, key)
        sluice.poll(lambda: json.loads(self.server("GET", "sync:progress") or "{}") == {"current": 1, "total": 2},
                    "one of two suppliers is done")
        status = json.loads(self.server("GET", "sync:status"))
        self.assertEqual(sorted(status), ["progress_current", "progress_total", "started_at", "state", "task_id"])
        self.assertEqual((status["state"], status["task_id"]), ("processing_suppliers", run))
        self.assertRegex(status["started_at"], r"^20\d\d-\d\d-\d\dT.*Z$")
        shown = self.sluice("state", "show", "--json", code=sluice.DONE).json()
        self.assertEqual((shown["lock"]["run_id"], shown["progress"]["current"], shown["progress"]["total"]), (run, 1, 2))
        text = self.sluice("state", "show", code=sluice.DONE).out
        self.assertIn(run, text)
        self.assertIn("1 of 2 suppliers done", text)
        self.finish(process, gate)

    def test_the_lock_is_renewed_while_the_sync_works(self):
        process, gate = self.held_sync("--set", "sync.lease=1s")
        until = time.monotonic() + 2
        while time.monotonic() < until:
            self.assertGreater(self.server("PTTL", "sync:lock"), 0, "the lock ended while its run was alive")
            time.sleep(0.02)
        self.finish(process, gate)

    def test_the_prefix_and_the_database_are_chosen(self):
        self.configure(self.server.location(3), ', prefix: "shop:"')
        self.sync()
        self.assertEqual(self.server("KEYS", "*"), [])
        client = self.server.client()
        client("SELECT", 3)
        self.assertIn(b"shop:status", client("KEYS", "*"))
        client.close()

    def test_a_unix_socket_will_do(self):
        self.configure(self.server.socket_url)
        self.assertEqual(self.sync().err.count("warning"), 0)
        self.assertIn(b"sync:status", self.server("KEYS", "*"))

    def test_a_host_may_have_a_name(self):
        self.configure(f"redis://localhost:{self.server.port}")
        self.sluice("state", "show", code=sluice.DONE)
        self.configure("redis://no..name")
        self.assertIn("cannot be reached", self.sluice("state", "show", code=sluice.UNAVAILABLE).err)

    def test_a_dry_run_leaves_no_key(self):
        self.sync("--dry-run")
        self.assertEqual(self.server("KEYS", "*"), [])

    def test_a_second_sync_is_told_who_is_at_work(self):
        process, gate = self.held_sync()
        second = self.sluice("sync", code=sluice.TRY_LATER)
        self.assertIn(self.server("GET", "sync:lock").decode(), second.err)
        self.finish(process, gate)


class Unlock(WithRedis):
    def test_nobody_has_it(self):
        self.assertEqual(self.sluice("state", "unlock", code=sluice.DONE).out, "Nobody has the lock.\n")
        self.assertIn("free", self.sluice("state", "show", code=sluice.DONE).out)

    def test_a_holder_that_may_live_keeps_it_without_force(self):
        process, gate = self.held_sync()
        run = self.server("GET", "sync:lock").decode()
        refused = self.sluice("state", "unlock", code=sluice.TRY_LATER)
        self.assertIn(run, refused.err)
        self.assertIn("--force", refused.err)
        self.assertEqual(self.server("GET", "sync:lock").decode(), run)
        taken = self.sluice("state", "unlock", "--force", code=sluice.DONE)
        self.assertIn(run, taken.out)
        self.assertIsNone(self.server("GET", "sync:lock"))
        self.sluice("sync", code=sluice.TRY_LATER)  # the store still knows better
        self.finish(process, gate)
        self.assertEqual(self.items(), 40)

    def test_what_is_no_run_is_shown_and_left_alone(self):
        self.server("SET", "sync:lock", "not \x1b[31m a run")
        self.assertNotIn("\x1b", self.sluice("state", "show", code=sluice.DONE).out)
        self.sluice("state", "unlock", "--force", code=sluice.TRY_LATER)
        self.assertEqual(self.server("GET", "sync:lock"), b"not \x1b[31m a run")

    def test_a_dead_holder_of_the_embedded_backend_needs_no_force(self):
        self.write("sluice.yaml", self.configuration)
        process, gate = self.held_sync()
        process.kill()
        process.wait()
        self.assertIn("which is gone", self.sluice("state", "show", code=sluice.DONE).out)
        self.sluice("state", "unlock", code=sluice.DONE)
        self.assertIn("free", self.sluice("state", "show", code=sluice.DONE).out)
        gate.let()

    def test_a_living_holder_of_the_embedded_backend_keeps_it(self):
        self.write("sluice.yaml", self.configuration)
        process, gate = self.held_sync()
        self.assertIn("process", self.sluice("state", "unlock", "--force", code=sluice.TRY_LATER).err)
        self.finish(process, gate)


class Foreign(WithRedis):
    """What others put under our keys."""

    KEYS = ("lock", "lock:holder", "status", "progress", "last_run", "detail")

    def test_a_key_of_another_type_is_left_alone_and_the_sync_goes_on(self):
        for key in self.KEYS:
            with self.subTest(key=key):
                self.server("FLUSHALL")
                self.server("RPUSH", f"sync:{key}", "theirs")
                result = self.sync()
                self.assertEqual(self.server("LRANGE", f"sync:{key}", 0, -1), [b"theirs"])
                if key != "lock:holder":
                    self.assertIn(f"sync:{key}", result.err)
                    self.assertIn("not Sluice's", result.err)
                shown = self.sluice("state", "show")
                self.assertIn(shown.code, (sluice.DONE, sluice.CONFIG), str(shown))
                self.sluice("status")
        self.assertEqual(self.items(), 40)

    def test_junk_is_survived(self):
        for value in ("", "junk", '{"state":', '{"state": 7}', "[" * 4000, '{"state": "idle", "progress_current": -1}',
                      '{"epoch":9999999999999999999999}', '{"epoch":1e400}', "\x00\xff\xfe", "99999999999999999999"):
            with self.subTest(value=value[:40]):
                self.server("FLUSHALL")
                for key in self.KEYS:
                    self.server("SET", f"sync:{key}", value.encode("latin-1"))
                self.sluice("state", "show", code=sluice.DONE)
                self.sluice("status", code=sluice.DONE) if self.store.exists() else None
                self.sync()
                self.assertEqual(json.loads(self.server("GET", "sync:status"))["state"], "idle")
        self.assertEqual(self.items(), 40)

    def test_a_huge_value_is_not_read(self):
        self.sync()
        self.sluice("state", "show", code=sluice.DONE)
        before = most_memory()
        for key in self.KEYS:
            self.server("SETRANGE", f"sync:{key}", 64 << 20, "end")
        self.sluice("state", "show", code=sluice.DONE)
        self.sync()
        self.assertLess(most_memory() - before, 32 << 20)

    def test_an_epoch_from_another_store_does_not_silence_the_run_that_has_the_lock(self):
        self.server("SET", "sync:detail", '{"epoch":4000000,"waiting_for":null}')
        process, gate = self.held_sync()
        sluice.poll(lambda: b"processing" in (self.server("GET", "sync:status") or b""), "the run shows its progress")
        self.finish(process, gate)
        self.assertEqual(json.loads(self.server("GET", "sync:status"))["state"], "idle")

    def test_nothing_that_stands_in_redis_is_configuration(self):
        for key in ("config", "store", "master", "sources", "sync.workers", "url"):
            self.server("SET", f"sync:{key}", "postgresql://elsewhere/")
        before = self.sluice("config", "show").out
        self.server("FLUSHALL")
        self.assertEqual(before, self.sluice("config", "show").out)


def connected(port):
    """Whether anyone here has a connection to that port."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return any(row[2].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


def most_memory():
    """Bytes: the most that any command of this test has had in memory."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10


class Logins(WithRedis):
    RIGHTS = re.search(r"^ACL SETUSER sluice on >PASSWORD (.*)$",
                       (sluice.SOURCE / "plugins/state-redis/README.md").read_text(), re.M).group(1).split()

    def setUp(self):
        super().setUp()
        self.server("ACL", "SETUSER", "sluice", "reset", "on", f">{PASSWORD}", *self.RIGHTS)
        self.addCleanup(self.server, "ACL", "DELUSER", "sluice")

    def test_the_rights_of_the_readme_are_enough(self):
        self.configure(self.server.location(login=f"sluice:{ESCAPED}@"))
        result = self.sync("-v")
        self.assertNotIn("warning", result.err)
        process, gate = self.held_sync()
        self.assertIsNotNone(self.server("GET", "sync:lock"))
        self.sluice("state", "show", code=sluice.DONE)
        self.finish(process, gate)
        log = self.server("ACL", "LOG")
        self.assertEqual(log, [], "Redis refused something")

    def test_a_wrong_password_is_said_without_it(self):
        self.configure(self.server.location(login=f"sluice:{ESCAPED}x@"))
        shown = self.sluice("state", "show", code=sluice.PERMISSION)
        self.assertIn("password", shown.err)
        self.assertIn("password", self.sync().err)
        self.server("ACL", "LOG", "RESET")

    def test_missing_rights_are_said(self):
        self.server("ACL", "SETUSER", "sluice", "-eval")
        self.configure(self.server.location(login=f"sluice:{ESCAPED}@"))
        self.assertIn("too few rights", self.sluice("state", "show", code=sluice.PERMISSION).err)
        self.server("ACL", "LOG", "RESET")

    def test_a_password_that_nobody_asked_for_is_an_error(self):
        self.configure(self.server.location(login=f":{ESCAPED}@"))
        self.sluice("state", "show", code=sluice.PERMISSION)

    def test_a_missing_password_is_asked_for(self):
        self.server("CONFIG", "SET", "requirepass", "x")
        client = self.server.client()
        client("AUTH", "x")
        try:
            self.assertIn("wants a password", self.sluice("state", "show", code=sluice.PERMISSION).err)
        finally:
            client("CONFIG", "SET", "requirepass", "")
            client.close()

    def test_urls_that_are_none_are_refused_without_being_shown(self):
        for url, why in ((f"rediss://:{ESCAPED}@host", "TLS"), (f"http://:{ESCAPED}@host", "redis://"), (ESCAPED, "redis://"),
                         (f"redis://{ESCAPED}@host", "has no password"), (f"redis://:{ESCAPED}@host:0", "port"),
                         (f"redis://:{ESCAPED}@host:99999", "port"), (f"redis://:{ESCAPED}@host/x", "database"),
                         (f"redis://:{ESCAPED}@", "names no host"), (f"redis://:{ESCAPED}%@host", "escape"),
                         (f"redis://:{ESCAPED}@[::1", "names no host"), (f"redis://:{ESCAPED}@host/1?tls=yes", "number"),
                         (f"unix://:{ESCAPED}@relative.sock", "'/'"), ("unix:///tmp/x?db=many", "number")):
            with self.subTest(url=url):
                self.configure(url)
                result = self.sluice("state", "show", code=sluice.CONFIG)
                self.assertIn(why, result.err)


class Broken(WithRedis):
    """What becomes of the server."""

    def test_without_redis_the_sync_is_done_and_says_so(self):
        self.server.stop()
        result = self.sync()
        self.assertIn("cannot be reached", result.err)
        self.assertEqual(self.items(), 40)
        self.assertEqual(self.sluice("state", "show").code, sluice.UNAVAILABLE)
        self.assertEqual(self.sluice("status", "--json").json()["items"], 40)

    def test_a_redis_that_hangs_costs_its_time_out_and_no_more(self):
        self.server.pause()
        shown = self.sluice("state", "show", "--set", "state.timeout=300ms", code=sluice.UNAVAILABLE)
        self.assertIn("does not answer within 300 ms", shown.err)
        result = self.sync("--set", "state.timeout=300ms")
        self.assertLess(result.seconds, 15, str(result))
        self.assertIn("does not answer", result.err)
        self.assertEqual(self.items(), 40)

    def test_ctrl_c_does_not_wait_for_a_redis_that_hangs(self):
        self.server.pause()
        process = self.start("sync", "--set", "state.timeout=300s")
        sluice.poll(lambda: connected(self.server.port) or process.poll() is not None, "it has spoken to Redis")
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=sluice.DEADLINE)
        self.assertLess(time.monotonic() - started, 5)

    def test_a_redis_that_restarts_gets_the_lock_again(self):
        process, gate = self.held_sync("--set", "sync.lease=2s")
        run = self.server("GET", "sync:lock")
        self.server.kill()
        self.server.start()
        sluice.poll(lambda: self.server("GET", "sync:lock") == run, "the lock is taken again")
        self.finish(process, gate)
        self.assertIsNone(self.server("GET", "sync:lock"))

    def test_a_redis_that_forgets_everything_gets_the_lock_again(self):
        process, gate = self.held_sync("--set", "sync.lease=2s")
        run = self.server("GET", "sync:lock")
        self.server("FLUSHALL")
        sluice.poll(lambda: self.server("GET", "sync:lock") == run, "the lock is taken again")
        self.finish(process, gate)

    def test_killed_clients_come_back_without_a_word(self):
        process, gate = self.held_sync("--set", "sync.lease=1s")
        run = self.server("GET", "sync:lock")
        for _ in range(5):
            self.server("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            self.server("DEL", "sync:lock")
            sluice.poll(lambda: self.server("GET", "sync:lock") == run, "the lock is taken again")
        self.assertNotIn("redis", self.finish(process, gate))

    def test_a_replica_and_a_full_redis_are_named(self):
        self.server("REPLICAOF", "127.0.0.1", "1")
        try:
            self.assertIn("read-only replica", self.sync().err)
        finally:
            self.server("REPLICAOF", "NO", "ONE")
        self.server("CONFIG", "SET", "maxmemory", "1")
        try:
            self.assertIn("maxmemory", self.sync().err)
        finally:
            self.server("CONFIG", "SET", "maxmemory", "0")
        self.assertEqual(self.items(), 40)


class Impostor:
    """A server that answers whatever it is asked with these bytes, as often as it can, and may then close."""

    def __init__(self, answer, close=False, flood=False):
        self.answer, self.close_after, self.flood = answer, close, flood
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            while client.recv(65536):
                client.sendall(self.answer)
                while self.flood:
                    client.sendall(self.answer)
                if self.close_after:
                    break
        except OSError:
            pass
        client.close()


class Impostors(WithRedis):
    def shown(self, *arguments, **how):
        impostor = Impostor(*arguments, **how)
        self.addCleanup(impostor.listener.close)
        self.configure(f"redis://127.0.0.1:{impostor.port}")
        sync = self.sync("--set", "state.timeout=150ms")
        self.assertLess(sync.seconds, 30, str(sync))
        return self.sluice("state", "show", "--set", "state.timeout=150ms")

    def test_states_of_a_redis_are_one_sentence_each(self):
        for answer, code, why in ((b"-LOADING Redis is loading the dataset in memory\r\n", sluice.UNAVAILABLE, "still loading"),
                                  (b"-MISCONF stop-writes-on-bgsave-error\r\n", sluice.UNAVAILABLE, "cannot save to its disk"),
                                  (b"-BUSY running a script\r\n", sluice.UNAVAILABLE, "someone's script"),
                                  (b"-MOVED 1 127.0.0.1:1\r\n", sluice.CONFIG, "cluster"),
                                  (b"-ERR max number of clients reached\r\n", sluice.UNAVAILABLE, "max number of clients"),
                                  (b"-ERR \x1b[31m red\r\n", sluice.UNAVAILABLE, "red")):
            with self.subTest(answer=answer):
                shown = self.shown(answer)
                self.assertEqual(shown.code, code, str(shown))
                self.assertIn(why, shown.err)
                self.assertNotIn("\x1b", shown.err)
                self.assertEqual(len(shown.err.strip().splitlines()), 1, shown.err)

    def test_a_server_that_is_no_redis_is_said_to_be_none(self):
        for answer, how in ((b"HTTP/1.1 400 Bad Request\r\n\r\n", {}), (b"\x00\x01\x02\x03", {}), (b"", {"close": True}),
                            (b"$99999999999\r\n", {}), (b"*-7\r\n", {}), (b":12\r\n", {}),
                            (b"*1\r\n:1\r\n", {}), (b"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", {}),
                            (b"$1000000000\r\n" + b"x" * 65536, {"flood": True}), (b"*0\r\n", {}), (b"$-1\r\n", {})):
            with self.subTest(answer=answer[:40]):
                shown = self.shown(answer, **how)
                self.assertEqual(shown.code, sluice.UNAVAILABLE, str(shown))


if __name__ == "__main__":
    sluice.main()
