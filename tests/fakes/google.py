# SPDX-License-Identifier: Apache-2.0
"""A small stand-in for the Google endpoints that a reader of sheets talks to, on 127.0.0.1. It answers what Google
documents (Sheets API v4, Drive API v3, OAuth 2.0 for service accounts, public exports) and 501 to everything else, so
that a request of our own invention fails a test."""
import collections
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import google_books as books
from google_books import Refused, error
from google_key import EMAIL, Key, claims_fault

API_KEY = "AIzaFakeKeyOfTheTests"
SCOPE = "https://www.googleapis.com/auth/"
NO_SHEET = books.page("Page Not Found", "Sorry, unable to open the file at this time.")
SIGN_IN = books.page("Google Sheets: Sign-in", "<form>Email or phone</form>")


class Fault:
    """What happens to the next `times` requests whose path matches, after `skip` of them."""

    def __init__(self, match, times=1, skip=0, status=None, cut=None, delay=0, headers=None, reason=None, body=None):
        self.match, self.times, self.skip, self.status, self.body = re.compile(match), times, skip, status, body
        self.cut, self.delay, self.headers, self.reason = cut, delay, headers or {}, reason


class Google:
    """`with Google () as google`: google.base is its address, google.log what it was asked."""

    key = None

    def __init__(self, quota=None, window=60.0, token_seconds=3599, clock_ahead=0.0):
        """`quota`: reads in any `window` seconds before it answers 429; `clock_ahead`: of its Date."""
        Google.key = Google.key or Key()
        self.quota, self.window, self.token_seconds, self.clock_ahead = quota, window, token_seconds, clock_ahead
        self.books, self.tokens, self.faults, self.log = {}, {}, [], []
        self.changes = []  # ids, in the order of their changes; a page token is a position in it
        self.reads = collections.deque()
        self.before = None  # called with each path before it is answered
        self.lock = threading.RLock()
        handler = type("Handler", (Handler,), {"google": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.host = f"127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    # ---- What a test sets and asks ----

    def put(self, identity, rows=None, tabs=None, **more):
        """A spreadsheet, new or changed."""
        with self.lock:
            book = books.Book(identity, tabs or [books.Tab("Sheet1", rows)], **more)
            book.version = self.books[identity].version + 1 if identity in self.books else 1
            self.books[identity] = book
            self.changes.append(identity)
        return book

    def fault(self, match, **how):
        self.faults.append(Fault(match, **how))

    def revoke(self):
        self.tokens.clear()

    def key_file(self, **changes):
        return self.key.file(f"{self.base}/token", **changes)

    def asked(self, pattern="."):
        """Paths of the requests so far that match."""
        return [path for path, _ in self.log if re.search(pattern, path)]

    def statuses(self, pattern="."):
        return [status for path, status in self.log if re.search(pattern, path)]

    # ---- Who asks ----

    def token(self, form):
        if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            raise Refused(400, {"error": "unsupported_grant_type"})
        claims = self.key.signed(form.get("assertion", ""))
        fault = (("invalid_grant", "Invalid JWT Signature.") if claims is None
                 else claims_fault(claims, f"{self.base}/token", time.time() + self.clock_ahead))
        if fault:
            raise Refused(400, {"error": fault[0], "error_description": fault[1]})
        token = f"ya29.fake-{len(self.tokens)}-{time.monotonic_ns()}"
        self.tokens[token] = (time.time() + self.token_seconds, claims["scope"].split())
        return {"access_token": token, "expires_in": self.token_seconds, "token_type": "Bearer"}

    def identify(self, headers, *scopes):
        """'account' or 'key'; 401 and 403 as Google has them."""
        if headers.get("X-Goog-Api-Key") == API_KEY:
            return "key"
        if headers.get("X-Goog-Api-Key"):
            raise error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "API_KEY_INVALID")
        token = headers.get("Authorization", "")
        if not token:
            raise error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity).")
        ends, granted = self.tokens.get(token.removeprefix("Bearer "), (0, []))
        if ends <= time.time():
            raise error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if not set(granted) & {SCOPE + scope for scope in scopes}:
            raise error(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
        return "account"

    def book(self, identity, who):
        book = self.books.get(identity)
        if book is None:
            raise error(404, "NOT_FOUND", "Requested entity was not found.")
        if not book.public and not (who == "account" and book.shared):
            raise error(403, "PERMISSION_DENIED", "The caller does not have permission")
        return book

    def count_read(self):
        now = time.monotonic()
        while self.reads and self.reads[0] <= now - self.window:
            self.reads.popleft()
        if self.quota is not None and len(self.reads) >= self.quota:
            raise error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests' and limit 'Read requests "
                        "per minute per user'.", "RATE_LIMIT_EXCEEDED")
        self.reads.append(now)

    # ---- Answers ----

    def sheets(self, path, query, headers):
        self.count_read()
        who = self.identify(headers, "spreadsheets.readonly")
        match = re.fullmatch(r"/v4/spreadsheets/([\w-]+)(?:/values/(.+))?", path)
        if match is None or set(query) - {"fields", "ranges", "includeGridData", "prettyPrint", "majorDimension", "valueRenderOption"}:
            raise Refused(501, {"error": "not documented"})
        book = self.book(match.group(1), who)
        if book.workbook is not None:
            raise error(400, "FAILED_PRECONDITION", "This operation is not supported for this document")
        if match.group(2):
            return books.values(book, match.group(2))
        answer = books.spreadsheet(book, query.get("ranges", []))
        if "fields" in query:
            return books.masked(answer, books.mask_of(query["fields"][0]))
        if query.get("includeGridData") != ["true"]:
            for sheet in answer["sheets"]:
                del sheet["data"]
        return answer

    def drive(self, path, query, headers):
        if path == "/drive/v3/changes/startPageToken":
            self.identify(headers, "drive.metadata.readonly", "drive.readonly")
            return {"kind": "drive#startPageToken", "startPageToken": str(len(self.changes) + 1)}
        if path == "/drive/v3/changes":
            self.identify(headers, "drive.metadata.readonly", "drive.readonly")
            since = int(query["pageToken"][0]) - 1
            size = int(query.get("pageSize", ["100"])[0])
            named = self.changes[since:since + size]
            after = {"nextPageToken": str(since + size + 1)} if since + size < len(self.changes) else {
                "newStartPageToken": str(len(self.changes) + 1)}
            return {**after, "changes": [{"fileId": each} for each in named]}
        if path == "/drive/v3/files":
            self.identify(headers, "drive.metadata.readonly", "drive.readonly")
            return {"files": [{"id": book.id} for book in self.books.values() if book.shared]}
        return self.drive_file(path, query, headers)

    def drive_file(self, path, query, headers):
        match = re.fullmatch(r"/drive/v3/files/([\w-]+)", path)
        if match is None:
            raise Refused(501, {"error": "not documented"})
        media = query.get("alt") == ["media"]
        who = self.identify(headers, "drive.readonly", *([] if media else ["drive.metadata.readonly"]))
        book = self.book(match.group(1), who)
        if media and book.workbook is None:
            raise error(403, "PERMISSION_DENIED", "Only files with binary content can be downloaded. Use Export with Docs Editors "
                        "files.", "fileNotDownloadable")
        if media:
            raise Refused(200, book.workbook, {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
        kind = "application/vnd.google-apps.spreadsheet" if book.workbook is None else (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        answer = {"id": book.id, "name": book.title, "version": str(book.version), "mimeType": kind}
        return books.masked(answer, books.mask_of(query.get("fields", ["id,name,mimeType"])[0]))

    def docs(self, path, query):
        match = re.fullmatch(r"/spreadsheets/d/(e/)?([\w-]+)/(export|pub|pubhtml)", path)
        if match is None:
            raise Refused(501, {"error": "not documented"})
        published, identity, action = match.groups()
        book = self.books.get(identity) if not published else next(
            (each for each in self.books.values() if each.published == identity), None)
        if book is None:
            raise Refused(404, NO_SHEET)
        if not book.public and not published:
            raise Refused(302, "", {"Location": f"{self.base}/signin"})
        tab = book.tab(query["gid"][0]) if "gid" in query else book.tabs[0]
        if tab is None:
            raise Refused(400, NO_SHEET)
        if action == "pubhtml":
            raise Refused(200, books.published_page(book, [tab] if "gid" in query else [t for t in book.tabs if not t.hidden]))
        if (query.get("format") or query.get("output")) != ["csv"]:
            raise Refused(501, {"error": "not documented"})
        raise Refused(200, books.csv_text(tab), {"Content-Type": "text/csv; charset=utf-8"})

    def answer(self, method, path, query, form, headers):
        if path == "/signin":
            raise Refused(200, SIGN_IN)
        if method == "POST" and path == "/token":
            return self.token(form)
        if method == "GET" and path.startswith("/v4/"):
            return self.sheets(path, query, headers)
        if method == "GET" and path.startswith("/drive/v3/"):
            return self.drive(path, query, headers)
        if method == "GET" and path.startswith("/spreadsheets/"):
            return self.docs(path, query)
        if method == "GET" and path == "/uc":
            book = self.books.get(query.get("id", [""])[0])
            if book is None or not book.public or book.workbook is None:
                raise Refused(404, NO_SHEET)
            raise Refused(200, book.workbook, {"Content-Type": "application/octet-stream"})
        raise Refused(501, {"error": "not documented"})

    def fault_of(self, path):
        for fault in self.faults:
            if fault.times == 0 or not fault.match.search(path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            return fault
        return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits for an acknowledgement of its head
    google = None

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string((timestamp or time.time()) + self.google.clock_ahead)

    def serve(self):
        google = self.google
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        query = collections.defaultdict(list)
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            query[name].append(value)
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()))
        if google.before is not None:
            google.before(path)
        with google.lock:
            fault = google.fault_of(path)
            status, body, headers = 200, None, {}
            try:
                if fault is not None and fault.status is not None:
                    raise error(fault.status, "RESOURCE_EXHAUSTED" if fault.status == 429 else "INTERNAL", "Injected.", fault.reason)
                body = google.answer(self.command, path, dict(query), form, self.headers)
                if fault is not None and fault.body is not None:
                    body = fault.body
            except Refused as refused:
                status, body, headers = refused.status, refused.body, refused.headers
            google.log.append((self.path, status))
        self.send(status, body, {**headers, **(fault.headers if fault else {})}, fault)

    def send(self, status, body, headers, fault):
        kind = "application/json; charset=UTF-8" if isinstance(body, dict) else "text/html; charset=utf-8"
        data = body if isinstance(body, bytes) else (json.dumps(body, ensure_ascii=False) if isinstance(body, dict) else body).encode()
        if fault is not None and fault.delay:
            time.sleep(fault.delay)
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if fault is not None and fault.cut is not None:
            self.wfile.write(data[:fault.cut])
            self.close_connection = True
            return
        self.wfile.write(data)

    do_GET = do_POST = serve
