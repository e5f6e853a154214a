# SPDX-License-Identifier: Apache-2.0
"""An HTTP server for price lists that a test can hold at the gate: so a sync is at work for as long as the test needs,
without a pause that somebody had to guess."""
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gate:
    def __init__(self, folder):
        self.folder, self.open, self.waiting, self.to_hold = folder, threading.Event(), 0, 0
        self.open.set()
        self.lock = threading.Lock()
        gate = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                gate.serve(self)

            def log_message(self, *_):
                pass
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, request):
        path = self.folder / request.path.lstrip("/")
        body = path.read_bytes() if path.is_file() else b""  # as it is now, however long it waits
        with self.lock:
            held = self.to_hold > 0
            self.to_hold -= held
            self.waiting += held
        if held:
            self.open.wait(300)
            self.waiting -= 1
        try:
            request.send_response(200 if path.is_file() else 404)
            request.send_header("Content-Type", "text/csv")
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            pass  # the sync that asked was killed

    @property
    def settings(self):
        """What a command line needs so that this server may be read."""
        here = f"127.0.0.1:{self.server.server_port}"
        return ["--set", f"fetch.allow_http={here}", "--set", f"fetch.allow_private={here}"]

    def url(self, name):
        return f"http://127.0.0.1:{self.server.server_port}/{name}"

    def hold(self, n=1000):
        """The next n requests wait."""
        self.open.clear()
        self.to_hold = n

    def let(self):
        """Nobody waits any more."""
        self.to_hold = 0
        self.open.set()

    def close(self):
        self.let()
        self.server.shutdown()
        self.server.server_close()
