# SPDX-License-Identifier: Apache-2.0
"""A private Redis, and the few lines of its protocol that a test needs to look into it."""
import shutil
import signal
import socket

from server import Folder, Missing, Server


class Refused(Exception):
    """Redis answered with an error; the text is its own."""


class Client:
    """One connection; what it returns is bytes, int, None or a list of these."""

    def __init__(self, address, seconds=10):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(seconds)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.stream = self.socket.makefile("rb")

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        return self.answer()

    def answer(self):
        line = self.stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("Redis closed the connection")
        kind, text = line[:1], line[1:-2]
        if kind == b"-":
            raise Refused(text.decode())
        if kind == b":":
            return int(text)
        if kind == b"$":
            return None if text == b"-1" else self.stream.read(int(text) + 2)[:-2]
        if kind == b"*":
            return None if text == b"-1" else [self.answer() for _ in range(int(text))]
        return text

    def close(self):
        self.stream.close()
        self.socket.close()


class Redis(Server):
    name, stop_signal = "redis", signal.SIGKILL

    def __init__(self, folder, **settings):
        super().__init__(folder)
        self.settings = {"save": "", "appendonly": "no", "appendfsync": "always", **settings}
        self.socket = str(folder.path / "redis.sock")

    def command(self):
        given = {**self.settings, "bind": "127.0.0.1", "port": self.port, "unixsocket": self.socket, "unixsocketperm": 777,
                 "dir": self.folder.path, "daemonize": "no", "enable-debug-command": "local"}
        return ["redis-server", *(word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", value))]

    def answers(self):
        try:
            client = Client(("127.0.0.1", self.port), seconds=1)
            try:
                return client("PING") in (b"PONG", None)
            except Refused as refused:
                return not str(refused).startswith("LOADING")
            finally:
                client.close()
        except OSError:
            return False

    def __call__(self, *words):
        """Sends one command over a connection of its own."""
        client = Client(self.socket)
        try:
            return client(*words)
        finally:
            client.close()

    def client(self):
        return Client(self.socket)

    def location(self, database=0, *, port=None, login=""):
        return f"redis://{login}127.0.0.1:{port or self.port}/{database}"

    @property
    def url(self):
        return self.location()

    @property
    def socket_url(self):
        return f"unix://{self.socket}?db=0"


def redis(**settings):
    """One in a folder of its own, started."""
    if shutil.which("redis-server") is None:
        raise Missing("needs Redis, which is not installed: apt-get install redis-server")
    folder = Folder()
    try:
        server = Redis(folder, **settings)
        server.start()
        return server
    except BaseException:
        folder.close()
        raise
