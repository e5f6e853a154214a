# SPDX-License-Identifier: Apache-2.0
"""with_google.py COMMAND…: runs a command while the fake serves one shared sheet; {base}, {host}, {key} and {sheet} in
its words are the fake's address, its host, a key file and the sheet's address."""
import subprocess
import sys
import tempfile
from pathlib import Path

from google import Google

ROWS = [["SKU", "Name", "Price"]] + [[f"A-{i}", f"Thing {i} \"quoted\"", f"{i}.50"] for i in range(1, 300)]


def main():
    with Google() as google, tempfile.TemporaryDirectory(prefix="sluice-test.") as folder:
        google.put("1FakeSheetOfTheConformanceSuite", ROWS)
        key = Path(folder) / "key.json"
        key.write_text(google.key_file(), encoding="utf-8")
        words = {"base": google.base, "host": google.host, "key": str(key),
                 "sheet": "https://docs.google.com/spreadsheets/d/1FakeSheetOfTheConformanceSuite/edit#gid=0"}
        command = sys.argv[1:]
        for name, value in words.items():
            command = [word.replace("{" + name + "}", value) for word in command]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
