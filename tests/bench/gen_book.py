# SPDX-License-Identifier: Apache-2.0
"""gen_book.py ROWS FILE [inline]: a price list as a workbook, 8 columns a row as Excel writes them: shared strings (or
inline ones), numbers of a binary program, dates and prices by number formats."""
import random
import sys
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
COLUMNS = ("SKU", "Name", "Price", "Stock", "Weight", "Brand", "Updated", "Ratio")
BRANDS = ("Acme", "Élan", "Кабель", "North & Sons", "Big Bolt", "Kestrel", "Lumière")


def types():
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    names = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "sharedStrings": "sharedStrings",
             "styles": "styles"}
    overrides = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{part}{kind}+xml"/>'
                        for name, kind in names.items())
    return (f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>')


def relations(*targets):
    items = "".join(f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                    for i, (kind, target) in enumerate(targets, 1))
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


class Strings:
    def __init__(self):
        self.index = {}

    def __call__(self, text):
        return self.index.setdefault(text, len(self.index))

    def part(self):
        items = "".join(f"<si><t>{escaped(text)}</t></si>" for text in self.index)
        return f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(self.index)}">{items}</sst>'


def row(line, cells):
    written = []
    for letter, (kind, value) in zip("ABCDEFGH", cells):
        style = {"price": ' s="1"', "date": ' s="2"'}.get(kind, "")
        mark = ' t="s"' if kind == "text" else ""
        if kind == "text" and isinstance(value, str):
            written.append(f'<c r="{letter}{line}" t="inlineStr"><is><t>{escaped(value)}</t></is></c>')
        else:
            written.append(f'<c r="{letter}{line}"{style}{mark}><v>{value}</v></c>')
    return f'<row r="{line}" spans="1:8">{"".join(written)}</row>'


def sheet_rows(rows, strings):
    chance = random.Random(4)
    yield row(1, [("text", strings(name)) for name in COLUMNS])
    for i in range(1, rows + 1):
        price = chance.randrange(100, 500000) / 100
        yield row(i + 1, [("text", strings(f"SKU-{i:06d}")), ("text", strings(f"Thing {i % 5000} of steel, painted")),
                          ("price", repr(price)), ("number", chance.randrange(0, 900)),
                          ("number", repr(price * 1.1)), ("text", strings(chance.choice(BRANDS))),
                          ("date", 44000 + i % 900), ("number", repr(chance.random()))])


def main(rows, path, inline):
    strings = Strings()
    written = "".join(sheet_rows(rows, str if inline else strings))
    parts = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Prices" sheetId="1" '
                           'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml"),
                                                ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")),
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill>'
                         '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
                         '<cellXfs count="3"><xf/><xf numFmtId="4"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="A1:H{rows + 1}"/><sheetData>'
                                    f'{written}</sheetData></worksheet>',
        "xl/sharedStrings.xml": strings.part(),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:] == ["inline"])
