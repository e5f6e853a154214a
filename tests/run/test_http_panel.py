# SPDX-License-Identifier: Apache-2.0
"""The panel's files as the server hands them out, whatever the panel is."""
import gzip
import shutil

import api
import sluice

PAGE = "<!doctype html><title>Panel</title>" + "<p>words </p>" * 200
SCRIPT = "export const words = 'words';\n" * 100


class Panel(api.Api):
    roles = ("--role", "api")

    def setUp(self):
        super().setUp()
        self.write("panel/index.html", PAGE)
        self.write("panel/assets/index-4fa2c1.js", SCRIPT)
        self.write("panel/assets/font-11.woff2", b"\x00\x01\x02")
        self.write("panel/favicon.svg", "<svg/>")
        self.write("panel/.env", "SECRET=1")
        self.write("outside.txt", "not the panel's")

    def serve(self, *arguments):
        return super().serve("--set", "http.panel=panel", *arguments)

    def test_the_page_has_one_address_and_no_other(self):
        self.serve()
        for path in ("/login", "/suppliers/42", "//", "//api/v1/auth/me"):
            self.assertEqual(self.client("GET", path).status, 404, path)
        for path in ("/", "/index.html"):
            answer = self.client("GET", path)
            self.assertEqual((answer.status, answer.body.decode()), (200, PAGE), path)
            self.assertEqual(answer.headers["Cache-Control"], "no-cache")
            self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")

    def test_files_with_a_hash_in_their_name_are_kept_for_ever(self):
        self.serve()
        answer = self.client("GET", "/assets/index-4fa2c1.js")
        self.assertEqual(answer.headers["Cache-Control"], "public, max-age=31536000, immutable")
        self.assertEqual(answer.headers["Content-Type"], "text/javascript; charset=utf-8")
        self.assertEqual(self.client("GET", "/assets/index-4fa2c1.js", If_None_Match=answer.headers["ETag"]).status, 304)
        packed = self.client("GET", "/assets/index-4fa2c1.js", Accept_Encoding="gzip, br")
        self.assertEqual((packed.headers["Content-Encoding"], gzip.decompress(packed.body).decode()), ("gzip", SCRIPT))
        font = self.client("GET", "/assets/font-11.woff2", Accept_Encoding="gzip")
        self.assertEqual((font.headers["Content-Type"], font.body), ("font/woff2", b"\x00\x01\x02"))

    def test_the_page_may_load_nothing_from_elsewhere(self):
        self.serve()
        policy = self.client("GET", "/").headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            self.assertIn(rule, policy)
        for loose in ("unsafe-inline", "unsafe-eval", "*", "http:"):
            self.assertNotIn(loose, policy)

    def test_nothing_outside_the_folder_and_nothing_hidden_is_served(self):
        self.serve()
        for path in ("/../outside.txt", "/%2e%2e/outside.txt", "/assets/../../outside.txt", "/.env", "/%2eenv", "/assets/nothing.js",
                     "//etc/passwd.txt", "/assets/index-4fa2c1.js%00.txt"):
            with api.raw(self.port) as connection:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                answer = api.read_all(connection)
                self.assertNotIn(b"SECRET", answer, path)
                self.assertNotIn(b"not the panel's", answer, path)
                self.assertNotIn(b"root:", answer, path)

    def test_the_api_is_never_hidden_by_the_page(self):
        self.serve()
        for path in ("/api", "/api/", "/api/v1/nothing", "/api/v9/index.html"):
            self.assertEqual(self.client("GET", path).code, "NOT_FOUND", path)
        self.assertEqual(self.client("POST", "/login").status, 404)

    def test_a_panel_that_is_not_built_says_so(self):
        self.write("sluice.yaml", self.configuration)
        (self.folder / "bin").mkdir()  # a program beside which no panel lies
        shutil.copy(sluice.PROGRAM, self.folder / "bin")
        (self.folder / "plugins").symlink_to(sluice.BUILD / "plugins")
        self.command = lambda *words: [str(self.folder / "bin" / "sluice"), *map(str, words)]
        super().serve()
        answer = self.client("GET", "/")
        self.assertEqual(answer.status, 404)
        self.assertIn("not built", answer.body.decode())

    def test_a_named_folder_without_a_page_is_an_error(self):
        self.write("empty/readme.txt", "")
        self.assertIn("index.html", self.sluice("run", "--set", "http.panel=empty", code=sluice.CONFIG).err)


if __name__ == "__main__":
    sluice.main()
