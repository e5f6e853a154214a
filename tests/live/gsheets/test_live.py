# SPDX-License-Identifier: Apache-2.0
"""Google itself: needs a network and GOOGLE_APPLICATION_CREDENTIALS, the key file of a service account with which the sheet
SLUICE_LIVE_SHEET (an address) is shared. Reads only."""
import json
import os
import subprocess
import sys
from pathlib import Path

BUILD = Path(os.environ.get("SLUICE_BUILD", Path(__file__).resolve().parents[3] / "build" / "dev"))
SHEET = os.environ.get("SLUICE_LIVE_SHEET")
KEY = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")


def ask(*arguments):
    done = subprocess.run([str(BUILD / "bin" / "sluice"), *arguments, SHEET], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        sys.exit(f"sluice {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def main():
    if not SHEET or not KEY or not Path(KEY).exists():
        print("skipped: needs GOOGLE_APPLICATION_CREDENTIALS and SLUICE_LIVE_SHEET, the address of a sheet that is shared with the account")
        return 77
    tabs = json.loads(ask("discover", "--json"))["tabs"]
    rows = ask("preview", "--raw", "--json").splitlines()
    if not tabs or not rows:
        sys.exit(f"{len(tabs)} tabs and {len(rows)} rows: the sheet should have some")
    print(f"{len(tabs)} tabs, {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
