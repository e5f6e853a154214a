# SPDX-License-Identifier: Apache-2.0
"""Workbooks made of rows, for tests: book (tabs) gives the bytes of an .xlsx file."""
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Cell styles: 0 General, 1 two decimals, 2 a date, 3 five digits with zeros before them.
STYLES = (f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts><cellXfs><xf/>'
          '<xf numFmtId="2"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>')


def cell(value):
    """A text, a number, (number, style), or None."""
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f"<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{escape(value)}</t></is></c>"
    number, style = value if isinstance(value, tuple) else (value, 0)
    return f'<c s="{style}"><v>{number}</v></c>'


def sheet(rows, merged=()):
    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData><mergeCells>{ranges}</mergeCells></worksheet>'


def archive(parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as into:
        for name, text in parts.items():
            into.writestr(name, text)
    return data.getvalue()


def book(tabs, hidden=(), merged=()):
    """tabs: {title: rows}; `merged` are ranges of every tab."""
    sheets, relations, parts = "", "", {}
    for i, (title, rows) in enumerate(tabs.items(), 1):
        state = ' state="hidden"' if title in hidden else ""
        sheets += f'<sheet name={quoteattr(title)} sheetId="{i}"{state} r:id="rId{i}"/>'
        relations += f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        parts[f"xl/worksheets/sheet{i}.xml"] = sheet(rows, merged)
    parts["_rels/.rels"] = (f'{HEAD}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
                            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    parts["xl/workbook.xml"] = (f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>'
                                "</workbook>")
    parts["xl/_rels/workbook.xml.rels"] = f'{HEAD}<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
    parts["xl/styles.xml"] = STYLES
    return archive(parts)
