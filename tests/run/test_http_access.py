# SPDX-License-Identifier: Apache-2.0
"""Who may do what: every route with every kind of token, signing in, limits, origins."""
import json
import subprocess
import time

import api
import canaries
import sluice
from api import ADMIN, token

PASSWORD, OTHER, WRONG = map(canaries.secret, ("anna", "vera", "nobody"))
ID = "01a21399-e7d5-769b-82b5-3f0000bf50ac"
DOCUMENT = json.loads((sluice.SOURCE / "core" / "http" / "openapi.json").read_text())
# Answers that mean that access was granted; what the route then says of an unknown id or an empty body is not asked here.
GRANTED = {200, 202, 204, 400, 404, 409, 415}
PUBLIC, VIEWER, ADMIN_ONLY = "public", "viewer", "admin"

REFUSED_TOKENS = {
    "none at all": None,
    "expired": token(exp=int(time.time()) - 1),
    "expires now": token(exp=int(time.time())),
    "another key": token(key="another key that has 32 bytes too"),
    "alg none": token(algorithm="none", header={"alg": "none", "typ": "JWT"}),
    "alg None": token(algorithm="none", header={"alg": "None", "typ": "JWT"}),
    "alg none with our signature": token(header={"alg": "none", "typ": "JWT"}),
    "alg swapped to HS512": token(algorithm="HS512"),
    "alg swapped in the header alone": token(header={"alg": "HS384", "typ": "JWT"}),
    "alg RS256": token(header={"alg": "RS256", "typ": "JWT"}),
    "kid that is a path": token(key="", header={"alg": "HS256", "typ": "JWT", "kid": "../../../dev/null"}),
    "jku": token(key="x" * 32, header={"alg": "HS256", "typ": "JWT", "jku": "http://127.0.0.1:9/keys"}),
    "another issuer": token(iss="another"),
    "no issuer": token(iss=None),
    "no subject": token(sub=None),
    "empty subject": token(sub=""),
    "long subject": token(sub="a" * 129),
    "no role": token(role=None),
    "no expiry": token(exp=None),
    "expiry as text": token(exp=str(int(time.time()) + 3600)),
    "expiry as fraction": token(exp=time.time() + 3600.5),
    "expiry below zero": token(exp=-1),
    "expiry of 2^63": token(exp=2 ** 63),
    "not before tomorrow": token(nbf=int(time.time()) + 86400),
    "empty signature": token().rsplit(".", 1)[0] + ".",
    "two parts": token().rsplit(".", 1)[0],
    "four parts": token() + ".AAAA",
    "padding": token() + "=",
    "a blank before": " " + token(),
    "a megabyte": "A" * 12000,
    "nothing": "",
}


def operations():
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path.replace("{id}", ID), operation


class Routes(api.Api):
    roles = ("--role", "api")

    def test_every_route_grants_what_its_role_says_to_every_kind_of_token(self):
        self.serve()
        wrong = []
        for method, path, operation in operations():
            role = operation["x-sluice-role"]
            for name, bearer in REFUSED_TOKENS.items():
                status = self.client(method, path, bearer=bearer).status
                if (status == 401) != (role != PUBLIC):
                    wrong.append(f"{method} {path}, {name}: {status}")
            for who, grants in (("viewer", (VIEWER,)), ("admin", (VIEWER, ADMIN_ONLY)), ("procurement", ()), ("Admin", ())):
                status = self.client(method, path, bearer=token(who, sub=f"{who}-{method}-{path}"[:120])).status
                expected = GRANTED if role == PUBLIC or role in grants else {403}
                if role != PUBLIC and status not in expected and status != 429:
                    wrong.append(f"{method} {path}, {who}: {status}, expected one of {sorted(expected)}")
        self.assertEqual(wrong, [])

    def test_a_method_or_path_that_is_not_in_the_table_is_refused(self):
        self.serve()
        for method, path, status in (("DELETE", ADMIN + "/status", 405), ("PUT", ADMIN + "/sync", 405), ("GET", ADMIN + "/sync", 405),
                                     ("GET", ADMIN + "/nothing", 404), ("GET", "/api/v2/status", 404), ("GET", "/api", 404),
                                     ("GET", ADMIN + "/../ingestion/status", 404), ("GET", "//api/v1/auth/me", 404),
                                     ("GET", ADMIN + "/STATUS", 404), ("GET", ADMIN + "/status/", 404)):
            answer = self.client(method, path, bearer=token())
            self.assertEqual(answer.status, status, f"{method} {path}: {answer}")

    def test_a_path_with_escapes_is_the_same_path(self):
        self.serve()
        self.assertEqual(self.client("GET", ADMIN + "/%73tatus").status, 401)
        self.assertEqual(self.client("GET", ADMIN + "/%73tatus", bearer=token()).status, 200)
        self.assertEqual(self.client("GET", ADMIN + "%2fstatus").status, 401)

    def test_an_error_is_the_one_envelope_with_the_id_of_the_request(self):
        self.serve()
        answer = self.client("GET", ADMIN + "/status")
        error = answer.json()["error"]
        self.assertEqual(set(error), {"code", "message", "request_id"})
        self.assertEqual(error["request_id"], answer.headers["X-Request-Id"])
        self.assertEqual(answer.headers["WWW-Authenticate"], 'Bearer realm="sluice"')
        again = self.client("GET", ADMIN + "/status").json()["error"]
        self.assertNotEqual(error["request_id"], again["request_id"])

    def test_every_answer_protects_its_reader(self):
        self.serve()
        for path in ("/healthz", "/openapi.json", ADMIN + "/status", ADMIN + "/runs", "/nothing", "/api/nothing"):
            headers = self.client("GET", path, bearer=token()).headers
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"], path)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff", path)
            self.assertEqual(headers["X-Frame-Options"], "DENY", path)

    def test_a_token_ends_while_its_connection_stays(self):
        self.serve()
        short = token(exp=int(time.time()) + 2)
        self.assertEqual(self.client("GET", "/api/v1/auth/me", bearer=short).status, 200)
        sluice.poll(lambda: self.client("GET", "/api/v1/auth/me", bearer=short).status == 401, "the token expires", 30)


class Keys(api.Api):
    configuration = api.CONFIGURATION.replace(f', jwt_secret: "{api.SECRET}"', "")
    roles = ("--role", "api")

    def test_without_a_configured_key_one_is_made_for_the_owner_alone(self):
        self.serve()
        secret = self.folder / "sluice.secret"
        self.assertEqual(secret.stat().st_mode & 0o777, 0o600)
        made = self.sluice("token", "create", "--role", "viewer", code=0).out.strip()
        me = self.client("GET", "/api/v1/auth/me", bearer=made).json()
        self.assertEqual(me["role"], "viewer")
        for place in (self.log(), self.sluice("config", "show").everything):
            self.assertNotIn(secret.read_text().strip(), place)

    def test_a_key_that_others_can_read_is_refused(self):
        self.write("sluice.secret", "x" * 64).chmod(0o644)
        self.assertIn("chmod 600", self.sluice("run", "--role", "api", code=sluice.CONFIG).err)

    def test_a_short_key_is_refused_and_not_shown(self):
        result = self.sluice("run", "--set", "http.jwt_secret=only-a-few-bytes", code=sluice.CONFIG)
        self.assertIn("32", result.err)
        self.assertNotIn("only-a-few-bytes", result.everything)

    def test_a_token_lasts_as_long_as_it_was_asked_for(self):
        made = self.sluice("token", "create", "--role", "admin", "--ttl", "90m", "--json", code=0).json()
        left = time.mktime(time.strptime(made["expires_at"], "%Y-%m-%dT%H:%M:%SZ")) - time.mktime(time.gmtime())
        self.assertAlmostEqual(left, 5400, delta=60)
        self.sluice("token", "create", "--role", "owner", code=sluice.USAGE)
        self.assertIn("--ttl", self.sluice("token", "create", "--role", "admin", "--ttl", "0s", code=sluice.CONFIG).err)


class Link(api.Api):
    roles = ("--role", "api")

    def link(self):
        return self.daemon.stdout.readline().split()[-1]

    def test_the_first_visitor_by_the_link_is_admin_and_the_second_is_nobody(self):
        self.serve()
        address, code = self.link().split("/#/login?code=")
        self.assertEqual(address, f"http://127.0.0.1:{self.port}")
        session = self.client("POST", "/api/v1/auth/link", body={"code": code}).json()
        self.assertEqual(session["user"]["role"], "admin")
        self.assertEqual(self.client("GET", ADMIN + "/status", bearer=session["token"]).status, 200)
        again = self.client("POST", "/api/v1/auth/link", body={"code": code})
        self.assertEqual((again.status, again.code), (401, "UNAUTHORIZED"))
        self.assertNotIn(code, self.log())

    def test_there_is_no_link_where_there_are_users(self):
        hashed = subprocess.run([str(sluice.PROGRAM), "user", "hash"], input=PASSWORD + "\n", capture_output=True, text=True,
                                check=True).stdout.strip()
        self.write("sluice.yaml", self.configuration + f"users: {{anna: {{role: admin, password_hash: '{hashed}'}}}}\n")
        self.serve()
        self.end()
        self.assertEqual(self.daemon.stdout.read(), "")


class Users(api.Api):
    """A daemon with an administrator and a viewer to sign in as."""
    roles = ("--role", "api")

    def setUp(self):
        super().setUp()
        users = ""
        for name, role, password in (("anna", "admin", PASSWORD), ("вера", "viewer", OTHER)):
            hashed = subprocess.run([str(sluice.PROGRAM), "user", "hash"], input=password + "\n", capture_output=True,
                                    text=True, check=True).stdout.strip()
            users += f"  {name}: {{role: {role}, password_hash: '{hashed}'}}\n"
        self.write("sluice.yaml", self.configuration + "users:\n" + users)
        self.serve()

    def login(self, username, password, **how):
        return self.client("POST", "/api/v1/auth/login", body={"username": username, "password": password}, **how)


class Login(Users):
    def test_a_user_gets_a_token_of_their_role(self):
        session = self.login("вера", OTHER).json()
        self.assertEqual(session["user"], {"id": "вера", "username": "вера", "role": "viewer"})
        self.assertEqual(self.client("GET", ADMIN + "/status", bearer=session["token"]).status, 200)
        self.assertEqual(self.client("POST", ADMIN + "/sync", bearer=session["token"]).status, 403)
        me = self.client("GET", "/api/v1/auth/me", bearer=session["token"]).json()
        self.assertEqual(me, {**session["user"], "expires_at": session["expires_at"]})

    def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(self):
        answers = [self.login("anna", WRONG), self.login("nobody", PASSWORD), self.login("Anna", PASSWORD)]
        for answer in answers:
            self.assertEqual((answer.status, answer.code), (401, "UNAUTHORIZED"))
        self.assertEqual(len({answer.json()["error"]["message"] for answer in answers}), 1)

    def test_who_tries_too_often_has_to_wait(self):
        codes = [self.login("anna", WRONG).status for _ in range(12)]
        self.assertEqual(codes[:10], [401] * 10)
        last = self.login("anna", PASSWORD)
        self.assertEqual((last.status, last.code), (429, "RATE_LIMIT_EXCEEDED"))
        self.assertEqual((last.headers["X-RateLimit-Limit"], last.headers["X-RateLimit-Remaining"]), ("10", "0"))
        self.assertGreaterEqual(int(last.headers["Retry-After"]), 1)
        elsewhere = api.Client(self.port, origin="127.0.0.9")
        self.addCleanup(elsewhere.close)
        self.assertEqual(elsewhere("POST", "/api/v1/auth/login", body={"username": "anna", "password": PASSWORD}).status, 200)

    def test_what_is_no_name_and_password_is_refused(self):
        for body in ({}, {"username": "anna"}, {"password": "x"}, {"username": 1, "password": "x"}, [], "x",
                     {"username": "anna", "password": "x", "role": "admin"}, {"username": "a" * 129, "password": "x"},
                     {"username": "anna\u0000", "password": PASSWORD}):
            origin = api.Client(self.port, origin=f"127.0.1.{len(str(body)) % 200 + 1}")
            self.addCleanup(origin.close)
            answer = origin("POST", "/api/v1/auth/login", body=body)
            self.assertEqual((answer.status, answer.code), (400, "VALIDATION_ERROR"), f"{body}: {answer}")

    def test_signing_in_is_in_the_audit_trail(self):
        self.login("anna", WRONG)
        self.login("anna", PASSWORD)
        rows = self.get(ADMIN + "/audit").json()["items"]
        self.assertEqual([(row["who"], row["what"], row["from"]) for row in rows],
                         [("anna", "login", "127.0.0.1"), ("anna", "login_failed", "127.0.0.1")])


class Proxied(Users):
    configuration = api.CONFIGURATION.replace("http: {", 'http: {trusted_proxies: ["127.0.0.1", "10.0.0.0/8"], ')

    def test_who_tries_too_often_through_a_proxy_has_to_wait_alone(self):
        def through(*addresses, password=WRONG):
            return self.login("anna", password, X_Forwarded_For=", ".join(addresses)).status
        made_up = (f"198.51.100.{i}" for i in range(12))
        self.assertEqual([through(next(made_up), "192.0.2.7") for _ in range(11)], [401] * 10 + [429])
        self.assertEqual(through("192.0.2.7", "10.1.2.3"), 429, "behind two proxies")
        self.assertEqual(through("192.0.2.8", password=PASSWORD), 200)
        rows = self.get(ADMIN + "/audit").json()["items"]
        self.assertEqual({(row["what"], row["from"]) for row in rows}, {("login", "192.0.2.8"), ("login_failed", "192.0.2.7")})

    def test_nobody_else_can_tell_whose_request_it_is(self):
        stranger = api.Client(self.port, origin="127.0.0.9")
        self.addCleanup(stranger.close)
        stranger("POST", "/api/v1/auth/login", body={"username": "anna", "password": PASSWORD}, X_Forwarded_For="192.0.2.7")
        self.assertEqual([row["from"] for row in self.get(ADMIN + "/audit").json()["items"]], ["127.0.0.9"])

    def test_what_is_no_address_is_refused(self):
        for name in ("localhost", "10.0.0.0/33", "10.0.0.0/", "*", "", "::1/129"):
            said = self.sluice("run", "--set", f"http.trusted_proxies=[\"{name}\"]", code=sluice.CONFIG)
            self.assertIn("http.trusted_proxies", said.err)


class Origins(api.Api):
    configuration = api.CONFIGURATION.replace("http: {", 'http: {cors_origins: ["https://panel.example"], ')
    roles = ("--role", "api")

    def test_only_configured_origins_may_read(self):
        self.serve()
        for path in (ADMIN + "/status", ADMIN + "/runs", "/nothing"):
            friend = self.client("GET", path, bearer=token(), Origin="https://panel.example")
            self.assertEqual(friend.headers["Access-Control-Allow-Origin"], "https://panel.example", path)
            for stranger in ("https://panel.example.evil", "http://panel.example", "null"):
                headers = self.client("GET", path, bearer=token(), Origin=stranger).headers
                self.assertIsNone(headers["Access-Control-Allow-Origin"], f"{path} from {stranger}")
        asked = self.client("OPTIONS", ADMIN + "/sync", Origin="https://panel.example", Access_Control_Request_Method="POST")
        self.assertEqual((asked.status, asked.headers["Access-Control-Allow-Origin"]), (204, "https://panel.example"))
        self.assertIn("Authorization", asked.headers["Access-Control-Allow-Headers"])

    def test_an_origin_is_a_scheme_a_host_and_a_port(self):
        for origin in ("*", "panel.example", "https://panel.example/", "https://*.example"):
            self.sluice("run", "--set", f"http.cors_origins={origin}", code=sluice.CONFIG)


if __name__ == "__main__":
    sluice.main()
