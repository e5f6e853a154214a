# SPDX-License-Identifier: Apache-2.0
"""A place with a daemon that serves the API, tokens of every kind for it, and a client that counts on nothing."""
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import re
import signal
import socket
import time

import canaries
import sluice

SECRET = canaries.secret("key of the tokens")
ADMIN = "/api/v1/admin/ingestion"
CONFIGURATION = sluice.CONFIGURATION + f"""
http: {{listen: "127.0.0.1:0", jwt_secret: "{SECRET}"}}
sync: {{lease: 2s}}
"""


def part(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(role="admin", *, key=SECRET, algorithm="HS256", header=None, **claims):
    """A token; claims override what a good one has, None leaves one out."""
    full = {"sub": "anna", "role": role, "iss": "sluice", "exp": int(time.time()) + 3600, **claims}
    head = part(json.dumps(header or {"alg": algorithm, "typ": "JWT"}).encode())
    body = part(json.dumps({name: value for name, value in full.items() if value is not None}).encode())
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(algorithm)
    signature = part(hmac.new(key.encode(), f"{head}.{body}".encode(), digest).digest()) if digest else ""
    return f"{head}.{body}.{signature}"


class Answer:
    def __init__(self, answer, body):
        self.status, self.headers, self.body = answer.status, answer.headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json()["error"]["code"]

    def __str__(self):
        return f"{self.status}\n{self.headers}{self.body[:2000]!r}"


class Client:
    """One connection, kept; a new one when the server ended it. `origin` is an address of 127/8 to come from."""

    def __init__(self, port, origin=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30,
                                                     source_address=(origin, 0) if origin else None)

    def __call__(self, method, path, *, body=None, bearer=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            self.connection.request(method, path, body=body, headers=headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            raise
        canaries.search(f"the answer to {method} {path}", str(answer.headers).encode() + content, tokens="/auth/" not in path)
        return Answer(answer, content)

    def close(self):
        self.connection.close()


class Api(sluice.Place):
    configuration = CONFIGURATION
    roles = ()  # arguments of `sluice run`

    def serve(self, *arguments):
        """Starts a daemon and waits until it serves; self.port."""
        with open(self.folder / "daemon.log", "wb") as log:
            self.daemon = self.start("run", *self.roles, *arguments, stderr=log)
        sluice.poll(lambda: self.address() or self.daemon.poll() is not None, "the daemon serves")
        self.assertIsNone(self.daemon.poll(), self.log())
        self.port = int(self.address().rsplit(":", 1)[1])
        self.client = Client(self.port)
        self.addCleanup(self.client.close)
        return self.daemon

    def log(self):
        return (self.folder / "daemon.log").read_text()

    def address(self):
        found = re.findall(r"the API and the panel are at http://(\S+)", self.log())
        return found[-1] if found else None

    def end(self, number=signal.SIGTERM, within=20):
        self.client.close()
        self.daemon.send_signal(number)
        return self.daemon.wait(within)

    def get(self, path, status=200, role="admin", **how):
        answer = self.client("GET", path, bearer=token(role), **how)
        self.assertEqual(answer.status, status, f"GET {path}: {answer}")
        return answer

    def post(self, path, body=None, status=200, role="admin", **how):
        answer = self.client("POST", path, body=body, bearer=token(role), **how)
        self.assertEqual(answer.status, status, f"POST {path} {body}: {answer}\n{self.log()[-2000:]}")
        return answer

    def status(self):
        return self.get(ADMIN + "/status").json()

    def until(self, condition, what):
        """Polls the status until condition (status) is true, and returns it."""
        found = {}

        def holds():
            found.update(self.status())
            return condition(found)
        sluice.poll(holds, what)
        return found

    def synced(self, body=None):
        """Triggers a run and waits for its end; the status that shows it."""
        run = self.post(ADMIN + "/sync", body, status=202).json()["task_id"]
        return self.until(lambda status: (status["last_run"] or {}).get("id") == run, f"run {run} ends")

    def suppliers(self):
        return {each["name"]: each for each in self.status()["suppliers"]}


@contextlib.contextmanager
def raw(port, origin=None):
    """A socket to the server, for what no client would send."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30,
                                          source_address=(origin, 0) if origin else None)
    with connection:
        yield connection


def read_all(connection):
    """Everything until the server ends the connection."""
    pieces = []
    with contextlib.suppress(ConnectionResetError):
        piece = connection.recv(65536)
        while piece:
            pieces.append(piece)
            piece = connection.recv(65536)
    return b"".join(pieces)
