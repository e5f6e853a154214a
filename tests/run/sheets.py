# SPDX-License-Identifier: Apache-2.0
"""A place whose master and lists are sheets of the fake in tests/fakes."""
import sys

import canaries
import sluice

sys.path.insert(0, str(sluice.SOURCE / "tests" / "fakes"))
from google import API_KEY, Google  # noqa: E402  (found on the path above)
from google_books import Tab  # noqa: E402,F401

MASTER = "1TheMasterSheetOfTheTests"


def address(identity, gid=0):
    return f"https://docs.google.com/spreadsheets/d/{identity}/edit#gid={gid}"


class Sheets(sluice.Place):
    """self.google answers; `options` go to every source, `fetch` and `sections` to the configuration."""

    google_options = {}
    credentials = "credentials: key.json"
    budget = "reads_per_minute: 100000, project_reads_per_minute: 100000, burst: 1000"  # none that a test would meet
    options = ""
    fetch = ""
    sections = ""

    def setUp(self):
        super().setUp()
        self.google = self.enter(Google(**self.google_options))
        canaries.keep(API_KEY, "the API key")
        for line in self.google.key.private.splitlines()[2:-2]:
            canaries.keep(line, "the private key")
        self.configure()

    def enter(self, context):
        self.addCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    def configure(self, options=None, credentials=None, sections=None):
        base, host = self.google.base, self.google.host
        bases = ", ".join(f"{name}: '{base}'" for name in ("api_base", "drive_base", "docs_base", "download_base"))
        more = ", ".join(filter(None, (self.credentials if credentials is None else credentials, bases, self.budget,
                                       self.options if options is None else options)))
        self.write("key.json", self.google.key_file())
        self.write("sluice.yaml", f"""
master: {{plugin: gsheets, url: '{address(MASTER)}', {more}}}
store: {{plugin: store-sqlite, path: sluice.db}}
state: {{plugin: state-local, path: state}}
sources: {{google_sheets: {{plugin: gsheets, {more}}}}}
fetch: {{allow_http: ['{host}'], allow_private: ['{host}'], api_hosts: ['{host}'], retry_delay: 20ms {self.fetch}}}
{self.sections if sections is None else sections}
""")

    def master(self, *suppliers, **more):
        """Each is a name, whose list is the sheet 1ListOfNAME…, or a whole row."""
        rows = [["Supplier", "Price list", "Format", "Active"]]
        rows += [[s, address(self.id_of(s)), "google_sheets", "yes"] if isinstance(s, str) else list(s) for s in suppliers]
        self.google.put(MASTER, rows, **more)

    @staticmethod
    def id_of(name):
        return f"1ListOf{name}".ljust(30, "x")

    def list(self, name, rows=None, n=5, **more):
        """A clean list of n items, or the rows given."""
        rows = rows or [["SKU", "Name", "Price"]] + [[f"{name}-{i}", f"Thing {i}", f"{i}.50"] for i in range(1, n + 1)]
        return self.google.put(self.id_of(name), None if "tabs" in more else rows, title=f"{name}'s prices", **more)

    def items(self):
        return self.query("SELECT s.name, i.supplier_sku, i.current_price FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id "
                          "WHERE i.gone_at IS NULL ORDER BY 1, 2")

    def reads(self):
        """Requests that Google counts."""
        return self.google.asked("^/v4/")
