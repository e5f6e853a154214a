# SPDX-License-Identifier: Apache-2.0
"""A TCP link that a test can cut, delay, hang, or break at one message: between a COMMIT that was sent and its reply, say.
The other end may be a port of 127.0.0.1 or a Unix socket."""
import select
import socket
import threading
import time

CHUNK = 65536
# What happens to a link whose client sends a mark: it is cut before the server gets the message, or after the server has
# answered it and before the client knows; or it hangs, before that message or after it, until release ().
BEFORE, AFTER, HANG_BEFORE, HANG_AFTER = "before", "after", "hang before", "hang after"


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.seen = b""  # the end of what the client sent, in which a mark may have begun
        self.held, self.hangs, self.closed = b"", False, False
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
        if self.hangs or not self.proxy.open.is_set():  # takes nothing and answers nothing
            time.sleep(0.02)
            return not self.closed
        if self.held:
            self.server.sendall(self.held)
            self.held = b""
        ready, _, _ = select.select([self.client, self.server], [], [], 0.05)
        for end in ready:
            data = end.recv(CHUNK)
            if not data:
                return False
            if self.proxy.seconds > 0:
                time.sleep(self.proxy.seconds)
            if end is self.server:
                self.client.sendall(data)
            elif not self.send(data):
                return False
        return True

    def send(self, data):
        """Passes on what the client sent; False when the link is to be cut."""
        self.seen = (self.seen + data)[-CHUNK - 256:]
        fate = self.proxy.fate_of(self)
        if fate in (BEFORE, HANG_BEFORE):
            self.held, self.hangs = data, fate == HANG_BEFORE
            return self.hangs
        self.server.sendall(data)
        if fate in (AFTER, HANG_AFTER):
            select.select([self.server], [], [], 10)  # its reply is there: what the message asked for has been done
            self.hangs = fate == HANG_AFTER
            return self.hangs
        return True

    @property
    def server_port(self):
        """The port that the server sees this link come from."""
        return self.server.getsockname()[1]

    def close(self):
        self.closed = True
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
        self.seconds, self.mark, self.act, self.skip, self.times, self.met = 0, None, None, 0, 0, 0
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

    def fate_of(self, link):
        with self.lock:
            if self.mark is None or self.mark not in link.seen:
                return None
            link.seen = b""
            self.met += 1
            if self.met <= self.skip or self.met > self.skip + self.times:
                return None
        return self.act(link)

    def at(self, mark, act, skip=0, times=1):
        """When a client sends these bytes: act (link), before the message is passed on, says the link's fate (None: it
        goes on). The first `skip` messages with the mark are let pass, and those after the next `times`."""
        with self.lock:
            self.mark, self.act, self.skip, self.times, self.met = mark, act, skip, times, 0

    def cut_at(self, mark, when=AFTER, skip=0, times=1):
        self.at(mark, lambda link: when, skip, times)

    def cut(self):
        """All links that are there, at once."""
        for link in list(self.links):
            link.close()

    def refuse(self):
        self.refusing = True
        self.cut()

    def accept_again(self):
        self.refusing = False

    def release(self):
        """Links that hang because of a mark go on."""
        for link in list(self.links):
            link.hangs = False

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
