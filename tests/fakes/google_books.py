# SPDX-License-Identifier: Apache-2.0
"""Spreadsheets of the fake, and the answers about their cells as Google documents them (Sheets API v4)."""
import html
import re


class Tab:
    def __init__(self, title, rows, gid=0, **more):
        self.title, self.rows, self.gid = title, [list(row) for row in rows], gid
        self.hidden = more.get("hidden", False)
        self.type = more.get("type", "GRID")
        self.merges = more.get("merges", [])  # (first row, last row, first column, last column), 1-based
        self.hidden_rows = more.get("hidden_rows", [])
        self.n_rows = max(more.get("n_rows", 1000), len(self.rows))
        self.n_columns = max(more.get("n_columns", 26), max(map(len, self.rows), default=0))


class Book:
    """`shared`: with the service account; `public`: with everyone who has the link; `workbook`: an uploaded file."""

    def __init__(self, identity, tabs, title="Prices", **more):
        self.id, self.tabs, self.title = identity, tabs, title
        self.locale = more.get("locale", "en_US")
        self.shared, self.public = more.get("shared", True), more.get("public", False)
        self.published = more.get("published")
        self.workbook = more.get("workbook")
        self.version = 1

    def tab(self, gid):
        return next((tab for tab in self.tabs if str(tab.gid) == str(gid)), None)


class Refused(Exception):
    """An answer that is no success: status, JSON object or HTML text, headers."""

    def __init__(self, status, body, headers=None):
        super().__init__(f"HTTP {status}")
        self.status, self.body, self.headers = status, body, headers or {}


def error(status, name, message, reason=None):
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return Refused(status, {"error": {"code": status, "message": message, "status": name, "details": details}})


def shown(cell):
    """A cell is text, a number, True or False, or (number, text as displayed)."""
    if isinstance(cell, tuple):
        return cell[1]
    return str(cell).upper() if isinstance(cell, bool) else "" if cell is None else str(cell)


def trimmed(row):
    cells = [shown(cell) for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


# ---- Ranges: 'Title', 'Title'!1:500 ----

def range_of(book, text):
    """(tab, first row, last row) of a quoted title with or without rows; a 400 for anything else."""
    match = re.fullmatch(r"'((?:[^']|'')+)'(?:!(\d+):(\d+))?", text)
    title = match and match.group(1).replace("''", "'")
    tab = next((tab for tab in book.tabs if tab.title == title), None)
    if tab is None:
        raise error(400, "INVALID_ARGUMENT", f"Unable to parse range: {text}")
    first, last = int(match.group(2) or 1), int(match.group(3) or tab.n_rows)
    if first > tab.n_rows:
        raise error(400, "INVALID_ARGUMENT", f"Range ({text}) exceeds grid limits. Max rows: {tab.n_rows}")
    return tab, first, last


def values(book, text):
    tab, first, last = range_of(book, text)
    rows = [trimmed(row) for row in tab.rows[first - 1:last]]
    while rows and not rows[-1]:
        rows.pop()
    answer = {"range": f"'{tab.title}'!A{first}:ZZ{last}", "majorDimension": "ROWS"}
    return {**answer, "values": rows} if rows else answer


# ---- Metadata and grid data ----

def number_and_text(cell):
    if isinstance(cell, bool):
        return {"effectiveValue": {"boolValue": cell}, "formattedValue": shown(cell)}
    if isinstance(cell, (int, float)):
        return {"effectiveValue": {"numberValue": cell}, "formattedValue": str(cell)}
    if isinstance(cell, tuple):
        return {"effectiveValue": {"numberValue": cell[0]}, "formattedValue": cell[1]}
    return {"effectiveValue": {"stringValue": cell}, "formattedValue": cell} if cell else {}


def data_of(tab, first, last):
    rows = [{"values": [number_and_text(cell) for cell in row]} for row in tab.rows[first - 1:last]]
    about = [{"hiddenByUser": True} if row in tab.hidden_rows else {} for row in range(first, min(last, tab.n_rows) + 1)]
    return {**({"startRow": first - 1} if first > 1 else {}), "rowData": rows, "rowMetadata": about}


def sheet_of(tab, first=1, last=None):
    properties = {"sheetId": tab.gid, "title": tab.title, "index": 0, "sheetType": tab.type}
    if tab.type == "GRID":
        properties["gridProperties"] = {"rowCount": tab.n_rows, "columnCount": tab.n_columns}
    if tab.hidden:
        properties["hidden"] = True
    merges = [{"sheetId": tab.gid, "startRowIndex": top - 1, "endRowIndex": bottom, "startColumnIndex": left - 1,
               "endColumnIndex": right} for top, bottom, left, right in tab.merges]
    return {"properties": properties, "data": [data_of(tab, first, last or tab.n_rows)], **({"merges": merges} if merges else {})}


def spreadsheet(book, ranges):
    sheets = [sheet_of(*range_of(book, text)) for text in ranges] or [sheet_of(tab) for tab in book.tabs]
    return {"spreadsheetId": book.id, "sheets": sheets,
            "properties": {"title": book.title, "locale": book.locale, "timeZone": "Etc/GMT", "autoRecalc": "ON_CHANGE"}}


# ---- Field masks: a,b(c,d),e/f ----

def mask_of(text):
    tokens = re.findall(r"[A-Za-z*]+|[(),/.]", text)

    def names():
        tree = {}
        while tokens:
            name, inner = tokens.pop(0), True
            if tokens and tokens[0] in "/.":
                tokens.pop(0)
                head = dict.fromkeys([tokens[0]], True)
                inner = head if not tokens.pop(0) else head
            elif tokens and tokens[0] == "(":
                tokens.pop(0)
                inner = names()
                tokens.pop(0)
            tree[name] = inner
            if not tokens or tokens[0] != ",":
                break
            tokens.pop(0)
        return tree
    return names()


def masked(value, mask):
    if mask is True:
        return value
    if isinstance(value, list):
        return [masked(each, mask) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: masked(inner, mask[key]) for key, inner in value.items() if key in mask}


# ---- Public pages ----

def csv_text(tab):
    def cell(text):
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text
    return "\r\n".join(",".join(cell(shown(each)) for each in row) for row in tab.rows)


def page(title, text):
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{text}</body></html>"


def published_page(book, tabs):
    def row(number, cells):
        inner = "".join(f'<td class="s0" dir="ltr">{html.escape(shown(cell))}</td>' for cell in cells)
        return f'<tr style="height: 20px"><th id="0R{number - 1}" class="row-headers-background"><div>{number}</div></th>{inner}</tr>'
    menu = "".join(f'<li id="sheet-button-{tab.gid}"><a href="#">{html.escape(tab.title)}</a></li>' for tab in tabs)
    tables = "".join(f'<div id="{tab.gid}"><table class="waffle"><thead><tr><th></th></tr></thead><tbody>'
                     + "".join(row(i + 1, cells) for i, cells in enumerate(tab.rows)) + "</tbody></table></div>" for tab in tabs)
    return (f"<html><head><title>{html.escape(book.title)} - Google Drive</title></head><body><ul id=\"sheet-menu\">{menu}</ul>"
            f"<div id=\"sheets-viewport\">{tables}</div></body></html>")
