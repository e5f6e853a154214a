# SPDX-License-Identifier: Apache-2.0
"""peer_openpyxl.py FILE: reads the first tab of a workbook in openpyxl's read-only mode; its time as one JSON line."""
import json
import sys
import time

try:
    from openpyxl import load_workbook
except ImportError:
    sys.exit(64)


def main(path):
    started = time.monotonic()
    rows = cells = 0
    for row in load_workbook(path, read_only=True, data_only=True).active.iter_rows(values_only=True):
        rows += 1
        cells += sum(value is not None for value in row)
    print(json.dumps({"seconds": time.monotonic() - started, "rows": rows, "cells": cells}))


if __name__ == "__main__":
    main(sys.argv[1])
