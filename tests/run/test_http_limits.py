# SPDX-License-Identifier: Apache-2.0
"""What a request may cost: sizes at their border, slow and idle clients, too many of them, and bytes that are no HTTP."""
import contextlib
import os
import selectors
import shutil
import socket
import subprocess
import threading
import time
import unittest

import api
import sluice
from api import ADMIN, raw, read_all, token

SLOW = int(os.environ.get("SLUICE_SLOW", "100"))  # connections; 1,000 in the full proof
PER_ADDRESS = 50
ATTACKS = {  # of slowhttptest
    "heads": ("-H", "-u", "/"),
    "bodies": ("-B", "-f", "application/json", "-u", "/api/v1/auth/login"),
    "reads": ("-X", "-k", "4", "-w", "64", "-y", "256", "-z", "32", "-u", "/openapi.json"),
}


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


class Limits(api.Api):
    roles = ("--role", "api")

    def setUp(self):
        super().setUp()
        self.serve()

    def sent(self, *lines, body=b""):
        """The status of a request of these lines, None when the server just ends the connection."""
        with raw(self.port) as connection:
            with contextlib.suppress(OSError):
                connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body)
            return status_of(read_all(connection))

    def test_a_request_line_of_4_KiB_is_the_longest(self):
        for n, expected in ((4079, 404), (4080, 404), (4081, 414)):
            self.assertEqual(self.sent("GET /" + "a" * (n - 1) + " HTTP/1.1", "Host: x"), expected, f"an address of {n} bytes")
        self.assertIn(self.sent("GET /" + "a" * 100000 + " HTTP/1.1", "Host: x"), (414, None))

    def test_64_headers_are_the_most(self):
        for n, expected in ((63, 200), (64, 200), (65, 431)):
            more = [f"X-{i}: y" for i in range(n - 2)]  # beside Host and Connection
            self.assertEqual(self.sent("GET /healthz HTTP/1.1", "Host: x", *more), expected, f"{n} headers")

    def test_16_KiB_of_headers_are_the_most(self):
        used = len("Host: x\r\n") + len("Connection: close\r\n") + len("X: \r\n")
        for n, expected in ((16383, 200), (16384, 200), (16385, 431)):
            self.assertEqual(self.sent("GET /healthz HTTP/1.1", "Host: x", "X: " + "y" * (n - used)), expected, f"{n} bytes")
        self.assertIn(self.sent("GET /healthz HTTP/1.1", "Host: x", "X: " + "y" * 1000000), (431, None))

    def test_a_body_of_64_KiB_is_the_largest(self):
        for n, expected in ((65535, 404), (65536, 404), (65537, 413)):
            body = b'{"suppliers": ["Nobody"]}' + b" " * (n - 25)
            answer = self.sent(f"POST {ADMIN}/sync HTTP/1.1", "Host: x", f"Authorization: Bearer {token(sub=str(n))}",
                               "Content-Type: application/json", f"Content-Length: {n}", body=body)
            self.assertEqual(answer, expected, f"{n} bytes")

    def test_a_body_whose_end_has_two_readings_is_refused(self):
        good = (f"POST {ADMIN}/sync HTTP/1.1", "Host: x", f"Authorization: Bearer {token()}", "Content-Type: application/json")
        for lines in (("Transfer-Encoding: chunked",), ("Content-Length: 2", "Transfer-Encoding: chunked"),
                      ("Content-Length: 2", "Content-Length: 3"), ("Content-Length: +2",), ("Content-Length: 2, 2",),
                      ("Content-Length: 0x2",), ("Content-Length: -1",), ("Transfer-Encoding: identity, chunked",)):
            self.assertIn(self.sent(*good, *lines, body=b"{}"), (400, 413, None), lines)
        self.assertIn(self.sent(*good, "Content-Type: text/plain", "Content-Length: 2", body=b"{}"), (400, None))
        self.assertEqual(self.sent(good[0], good[1], good[2], "Content-Type: text/plain", "Content-Length: 2", body=b"{}"), 415)

    def test_what_is_no_http_ends_its_connection_and_harms_no_other(self):
        for junk in (b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 4096,
                     b"GET / HTTP/1.1\r\nHost: x\r\n Folded: y\r\n\r\n", b"GET / HTTP/1.1\r\nNo colon\r\n\r\n", os.urandom(4096)):
            with raw(self.port) as connection:
                connection.sendall(junk)
                connection.shutdown(socket.SHUT_WR)
                self.assertNotEqual(status_of(read_all(connection)), 500, junk[:40])
        self.assertEqual(self.client("GET", "/healthz").status, 200)

    def test_one_address_has_64_connections(self):
        with contextlib.ExitStack() as stack:
            held = [stack.enter_context(raw(self.port, "127.0.0.7")) for _ in range(64)]
            for connection in held:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(status_of(connection.recv(65536)), 200)
            with raw(self.port, "127.0.0.7") as one_more:
                with contextlib.suppress(OSError):
                    one_more.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(read_all(one_more), b"")
            self.assertEqual(self.client("GET", "/healthz").status, 200)

    def test_a_head_that_does_not_come_to_its_end_is_cut(self):
        started = time.monotonic()
        with raw(self.port) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\n")
            ended = threading.Event()

            def trickle():
                with contextlib.suppress(OSError):
                    while not ended.wait(0.2):
                        connection.sendall(b"X: y\r\n")
            thread = threading.Thread(target=trickle)
            thread.start()
            self.assertEqual(read_all(connection), b"")
            ended.set()
            thread.join()
        self.assertGreater(time.monotonic() - started, 4)

    def test_a_body_that_does_not_come_to_its_end_is_cut(self):
        with raw(self.port) as connection:
            connection.sendall((f"POST {ADMIN}/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n"
                                "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{").encode())
            self.assertEqual(read_all(connection), b"")

    def test_slow_clients_do_not_keep_others_waiting(self):
        """Slow heads and slow bodies from many addresses, a byte each second; meanwhile everybody else is served."""
        head = b"GET " + ADMIN.encode() + b"/status HTTP/1.1\r\nHost: x\r\n"
        body = (f"POST {ADMIN}/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n"
                "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n").encode()
        with contextlib.ExitStack() as stack:
            slow = []
            for i in range(SLOW):
                connection = stack.enter_context(raw(self.port, f"127.0.4.{i // PER_ADDRESS + 1}"))
                connection.sendall(body if i % 2 else head)
                slow.append(connection)
            times, until = [], time.monotonic() + 3
            while time.monotonic() < until:
                for connection in slow:
                    with contextlib.suppress(OSError):
                        connection.send(b" " if connection is slow[1] else b"X")
                for _ in range(50):
                    started = time.monotonic()
                    self.get(ADMIN + "/status")
                    times.append(time.monotonic() - started)
            times.sort()
            print(f"{len(times)} requests beside {SLOW} slow ones: median {times[len(times) // 2] * 1000:.2f} ms, "
                  f"99 % below {times[len(times) * 99 // 100] * 1000:.2f} ms")
            left = selectors.DefaultSelector()
            for connection in slow:
                left.register(connection, selectors.EVENT_READ)
            ended, until = 0, time.monotonic() + 60
            while ended < len(slow) and time.monotonic() < until:
                for key, _ in left.select(1):
                    with contextlib.suppress(OSError):
                        if key.fileobj.recv(65536):
                            continue
                    left.unregister(key.fileobj)
                    ended += 1
            self.assertEqual(ended, len(slow), "slow connections that the server ended")

    @unittest.skipUnless(shutil.which("slowhttptest"), "needs slowhttptest, which is not installed")
    def test_slowhttptest_keeps_nobody_waiting(self):
        """It binds no source address: here the limit of one peer stops it, above the deadlines stop clients of twenty."""
        others = api.Client(self.port, origin="127.0.0.8")
        self.addCleanup(others.close)
        for name, (*how, path) in ATTACKS.items():
            command = ["slowhttptest", "-c", str(SLOW), "-r", str(SLOW), "-i", "1", "-l", "15", *how, f"http://127.0.0.1:{self.port}{path}"]
            attack = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.addCleanup(attack.kill)
            served = 0
            while attack.poll() is None:
                answer = others("GET", ADMIN + "/status", bearer=token())
                self.assertEqual(answer.status, 200, f"beside slow {name}: {answer}")
                served += 1
            said = attack.communicate()[0]
            self.assertEqual(attack.returncode, 0, said[-2000:])
            self.assertGreater(served, 0, f"beside slow {name}")

        def alone():
            return "sluice_http_connections 1\n" in others("GET", "/metrics", bearer=token()).body.decode()
        sluice.poll(alone, "every other connection has ended")


if __name__ == "__main__":
    sluice.main()
