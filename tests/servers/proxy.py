# SPDX-License-Identifier: Apache-2.0
"""A TCP link that a test can cut, delay, hang, or cut at one message: between a COMMIT that was sent and its reply, say.
The other end may be a port of 127.0.0.1 or a Unix socket."""
import select
import socket
import threading
import time

CHUNK = 65536
BEFORE, AFTER = "before", "after"


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.seen = b""  # the end of what the client sent, in which a mark may have begun
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        try:
            while self.pass_on():
                pass
        except OSError:
            pass
        finally:
            self.close()

    def pass_on(self):
        if not self.proxy.open.is_set():  # hangs: takes nothing and answers nothing
            self.proxy.open.wait(0.05)
            return True
        ready, _, _ = select.select([self.client, self.server], [], [], 0.05)
        for end in ready:
            data = end.recv(CHUNK)
            if not data:
                return False
            if self.proxy.seconds > 0:
                time.sleep(self.proxy.seconds)
            if end is self.client and self.reached(data):
                return False
            (self.server if end is self.client else self.client).sendall(data)
        return True

    def reached(self, data):
        """Whether the mark is in what the client sent; then the link is cut, and the server has or has not got it."""
        self.seen = (self.seen + data)[-CHUNK - 256:]
        when = self.proxy.take(self.seen)
        if when == AFTER:
            self.server.sendall(data)
            select.select([self.server], [], [], 10)  # its reply is there: what the message asked for has been done
        return when is not None

    def close(self):
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
        self.proxy.links.discard(self)


class Proxy:
    def __init__(self, target):
        """target: (host, port) or the path of a Unix socket."""
        self.target, self.links, self.lock = target, set(), threading.Lock()
        self.seconds, self.mark, self.when, self.times, self.cuts = 0, None, None, 0, 0
        self.open, self.refusing = threading.Event(), False
        self.open.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
                if self.refusing:
                    raise ConnectionRefusedError
                server.connect(self.target)
            except OSError:
                server.close()
                client.close()
                continue
            self.links.add(Link(self, client, server))

    def take(self, sent):
        """BEFORE or AFTER when the mark was sent and is still to be cut at, else None."""
        with self.lock:
            if self.mark is None or self.mark not in sent:
                return None
            self.times -= 1
            self.cuts += 1
            when = self.when
            if self.times == 0:
                self.mark = None
            return when

    def cut_at(self, mark, when=AFTER, times=1):
        """Cuts a link whose client sends these bytes, before or after the server has got them and answered."""
        with self.lock:
            self.mark, self.when, self.times = mark, when, times

    def cut(self):
        """All links that are there, at once."""
        for link in list(self.links):
            link.close()

    def refuse(self):
        self.refusing = True
        self.cut()

    def accept_again(self):
        self.refusing = False

    def hang(self):
        self.open.clear()

    def go_on(self):
        self.open.set()

    def delay(self, seconds):
        """For every message in both directions."""
        self.seconds = seconds

    def close(self):
        self.listener.close()
        self.go_on()
        self.cut()
