# SPDX-License-Identifier: Apache-2.0
"""Real answers against openapi.json, and against the schemas of the system that Sluice replaced (shared/corpus)."""
import copy
import json
import unittest

import api
import sluice
from api import ADMIN, token

try:
    import jsonschema
except ImportError:
    jsonschema = None

DOCUMENT = json.loads((sluice.SOURCE / "core" / "http" / "openapi.json").read_text())


def closed(schema):
    """The same schema, which also refuses what it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {name: closed(value) for name, value in schema.items()}
    if "properties" in schema and isinstance(schema["properties"], dict) and "type" in schema:
        schema.setdefault("additionalProperties", False)
    return schema


def faults(instance, schema, root):
    """What is wrong with it, a line each."""
    whole = {**closed(copy.deepcopy(schema)), "components": closed(copy.deepcopy(root.get("components", {}))),
             "definitions": root.get("definitions", {})}
    validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(instance)]


@unittest.skipIf(jsonschema is None, "needs python3-jsonschema: apt-get install python3-jsonschema")
class Contract(api.Api):
    def setUp(self):
        super().setUp()
        self.master("Acme", "Bolt", ("Crane", "gone.csv", "csv", "yes"), ("Dowel", "Dowel.csv", "csv", "no"), ("Elm", "elm.pdf", "pdf", "yes"))
        self.list("Acme")
        self.write("Bolt.csv", "SKU,Name,Price\nB-1,Bolt,1\nB-2,Bolt,free\n,Bolt,2\n")
        self.write("sluice.yaml", self.configuration + "guards: {rows_rejected: 100}\n")

    def lived_in(self):
        """A store with a bit of everything: rejects, failures, price changes, a hold, a pause, an audit trail."""
        self.serve()
        self.synced()
        self.list("Acme", price=lambda i: f"{i}.75")
        self.synced()
        self.list("Acme", 3)
        self.synced()
        self.post(ADMIN + "/schedule/pause", {"reason": "stock-taking"})
        self.until(lambda status: status["schedule"]["paused"] and status["holds"] == 1, "the pause is shown")

    def ids(self):
        hold = self.get(ADMIN + "/holds").json()["items"][0]
        return {"runs": self.status()["last_run"]["id"], "suppliers": self.suppliers()["Acme"]["id"], "holds": hold["id"]}

    def test_what_is_read_is_as_it_is_documented(self):
        self.lived_in()
        ids, wrong, empty = self.ids(), [], []
        for path, methods in DOCUMENT["paths"].items():
            content = methods.get("get", {"responses": {"200": {"content": {}}}})["responses"]["200"]["content"]
            if "application/json" not in content or path == "/openapi.json":
                continue
            kind = path.removeprefix(ADMIN + "/").split("/")[0]
            answer = self.get(path.replace("{id}", ids.get(kind, ""))).json()
            wrong += [f"{path}: {fault}" for fault in faults(answer, content["application/json"]["schema"], DOCUMENT)]
            empty += [path] if answer.get("items") == [] else []
        self.assertEqual(wrong, [])
        self.assertEqual(empty, [], "nothing of these was looked at")

    def test_what_is_done_answers_as_it_is_documented(self):
        self.lived_in()
        ids, wrong = self.ids(), []
        bodies = {"/sync": {}, "/schedule/pause": {"reason": "again"}}
        for path in ("/schedule/pause", "/schedule/resume", "/holds/{id}/discard", "/suppliers/{id}/sync", "/runs/{id}/cancel", "/sync"):
            if path == "/runs/{id}/cancel":
                run = (self.status()["run_id"] or ids["runs"])
                answer = self.client("POST", f"{ADMIN}/runs/{run}/cancel", bearer=token(sub=path))
            else:
                answer = self.client("POST", ADMIN + path.replace("{id}", ids.get(path.split("/")[1], "")), body=bodies.get(path), bearer=token(sub=path))
            responses = DOCUMENT["paths"][ADMIN + path]["post"]["responses"]
            self.assertIn(str(answer.status), responses, f"{path}: {answer}")
            response = responses[str(answer.status)]
            if "$ref" in response:
                response = DOCUMENT["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
            wrong += [f"{path}: {fault}" for fault in faults(answer.json(), response["content"]["application/json"]["schema"], DOCUMENT)]
        self.assertEqual(wrong, [])

    def test_the_document_is_served(self):
        self.serve("--role", "api")
        answer = self.client("GET", "/openapi.json", Accept_Encoding="identity")
        self.assertEqual(answer.json(), DOCUMENT)
        self.assertEqual(self.client("GET", "/openapi.json", If_None_Match=answer.headers["ETag"]).status, 304)

    @sluice.needs_shared("corpus/original")
    def test_the_contract_of_the_replaced_system_holds(self):
        """But for the named deviation: our 503 is STORE_UNAVAILABLE, theirs REDIS_UNAVAILABLE."""
        contract = json.loads((sluice.SHARED / "corpus" / "original" / "admin-ingestion-api.json").read_text())

        def check(endpoint, answer):
            schema = contract["endpoints"][endpoint]["responses"][str(answer.status)]["schema"]
            whole = {**schema, "definitions": contract["definitions"]}
            validator = jsonschema.Draft7Validator(whole, format_checker=jsonschema.FormatChecker())
            found = [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(answer.json())]
            self.assertEqual(found, [], f"{endpoint} {answer.status}")

        sync, status = f"POST {ADMIN}/sync", f"GET {ADMIN}/status"
        self.serve()
        check(status, self.client("GET", ADMIN + "/status", bearer=token()))
        check(sync, self.client("POST", ADMIN + "/sync"))
        check(sync, self.client("POST", ADMIN + "/sync", bearer=token("viewer")))
        check(sync, self.post(ADMIN + "/sync", status=202))
        self.until(lambda found: found["run_id"] is None and found["last_run"] is not None, "the run ends")
        check(status, self.get(ADMIN + "/status?log_limit=100"))
        check(status, self.client("GET", ADMIN + "/status"))
        check(status, self.client("GET", ADMIN + "/status", bearer=token("procurement")))
        answers = [self.client("POST", ADMIN + "/sync", bearer=token()) for _ in range(12)]
        self.assertEqual({answer.status for answer in answers} - {202, 409, 429}, set())
        for answer in answers:
            check(sync, answer)
        self.assertEqual(answers[-1].status, 429)
        self.end()
        self.serve("--role", "api")
        self.client("POST", ADMIN + "/sync", bearer=token(sub="bob"))
        busy = self.client("POST", ADMIN + "/sync", bearer=token(sub="eve"))
        self.assertIn(busy.status, (409, 429))
        check(sync, busy)


if __name__ == "__main__":
    sluice.main()
