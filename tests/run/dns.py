# SPDX-License-Identifier: Apache-2.0
"""A name server that answers as it is told, and a network of its own to be believed in: enter () runs the test again where
only the loopback is and /etc/resolv.conf names this server."""
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

ADDRESS = "127.0.0.53"
MARK = "SLUICE_TEST_NETWORK"
A, IN, NXDOMAIN, SERVFAIL = 1, 1, 3, 2
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def enter():
    """Returns in the new network; exits with 77 where this system allows none."""
    if os.environ.get(MARK) == "1":
        network_up()
        return
    own = ["unshare", "--mount", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    tried = shutil.which("unshare") and subprocess.run([*own, "true"], capture_output=True, check=False)
    if not tried or tried.returncode != 0 or not Path("/etc/resolv.conf").exists():
        print("skipped: no network namespace can be made here")
        sys.exit(77)
    os.environ[MARK] = "1"
    os.execvp("unshare", [*own, sys.executable, *sys.argv])


def network_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


def resolve_here(folder):
    """The resolver of this network asks our server, once, and waits a second."""
    for name, text in (("resolv.conf", f"nameserver {ADDRESS}\noptions timeout:1 attempts:1\n"),
                       ("nsswitch.conf", "hosts: files dns\n")):
        (Path(folder) / name).write_text(text)
        if Path("/etc", name).exists():
            subprocess.run(["mount", "--bind", str(Path(folder) / name), os.path.realpath(f"/etc/{name}")], check=True)


def connections_begun():
    """How many TCP connections this network has tried to open."""
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Tcp:")]
    return int(dict(zip(*lines))["ActiveOpens"])


class NameServer:
    """answers: name -> a list of addresses, a list of such lists (one a question), NXDOMAIN, SERVFAIL, or None for silence."""

    def __init__(self, answers):
        self.answers, self.asked, self.by_tcp = answers, {}, 0
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        for each in (self.udp, self.tcp):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.bind((ADDRESS, 53))
        self.tcp.listen()
        for serve in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def addresses(self, name, kind):
        answer = self.answers.get(name, NXDOMAIN)
        if kind != A or not isinstance(answer, list) or not isinstance(answer[0], list):
            return answer
        self.asked[name] = self.asked.get(name, 0) + 1
        return answer[min(self.asked[name], len(answer)) - 1]

    def reply(self, question, limit):
        """None where it keeps silent."""
        end = 12
        labels = []
        while question[end] != 0:
            labels.append(question[end + 1:end + 1 + question[end]].decode())
            end += 1 + question[end]
        kind = struct.unpack("!H", question[end + 1:end + 3])[0]
        answer = self.addresses(".".join(labels), kind)
        if answer is None:
            return None
        code = answer if isinstance(answer, int) else 0
        records = answer if kind == A and isinstance(answer, list) else []
        body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", A, IN, 0, 4) + socket.inet_aton(each) for each in records)
        cut = len(question[:end + 5]) + len(body) > limit
        head = question[:2] + struct.pack("!HHHHH", 0x8180 | (0x200 if cut else 0) | code, 1,
                                          0 if cut else len(records), 0, 0)
        return head + question[12:end + 5] + (b"" if cut else body)

    def serve_udp(self):
        while True:
            question, sender = self.udp.recvfrom(4096)
            reply = self.reply(question, 512)
            if reply is not None:
                self.udp.sendto(reply, sender)

    def serve_tcp(self):
        while True:
            connection, _ = self.tcp.accept()
            self.by_tcp += 1
            with connection, connection.makefile("rwb") as stream:
                while length := stream.read(2):
                    reply = self.reply(stream.read(struct.unpack("!H", length)[0]), 65535)
                    if reply is None:
                        break
                    stream.write(struct.pack("!H", len(reply)) + reply)
                    stream.flush()


class Listener:
    """Counts who connects to any inner address."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.bind(("0.0.0.0", 0))
        self.socket.listen(64)
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def connections(self):
        n = 0
        while True:
            try:
                self.socket.accept()[0].close()
            except BlockingIOError:
                return n
            n += 1
