#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the price lists of this example: lists/ as they are today, yesterday/ as they were (only those that changed).

They are checked in because half of them are in encodings that editors spoil; a test compares them with what this
program writes. Companies, goods and prices are invented. Each function below is one supplier's habit."""
import random
import sys
from pathlib import Path

TODAY, YESTERDAY = "today", "yesterday"


def csv(rows, delimiter=",", end="\n"):
    def cell(text):
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in delimiter + '"\r\n') else text
    return "".join(delimiter.join(cell(str(c)) for c in row) + end for row in rows)


def grouped(cents, thousands, decimal):
    return f"{cents // 100:,}".replace(",", thousands) + decimal + f"{cents % 100:02d}"


def moved(day, seed, cents, share=0.15):
    """Yesterday's price: a few percent off for some rows."""
    r = random.Random(seed)
    if day == YESTERDAY and r.random() < share:
        return max(1, round(cents * r.uniform(0.93, 1.07)))
    return cents


def nordkabel(day):
    """Germany: semicolons, decimal comma, a point between thousands, the euro sign behind the price."""
    r = random.Random("nordkabel")
    rows = [["Artikelnummer", "Bezeichnung", "Preis", "Querschnitt", "Länge"]]
    for kind, base in (("NYM-J", 62), ("NYY-J", 95), ("H07RN-F", 140), ("YSLY-JZ", 110), ("J-Y(ST)Y", 45)):
        for cores in (3, 5, 7):
            for area in ("1,5", "2,5", "4", "6"):
                cents = int(base * cores * float(area.replace(",", ".")) * r.uniform(0.9, 1.1))
                sku = f"NK-{kind.replace('(', '').replace(')', '')}-{cores}G{area.replace(',', '')}"
                length = r.choice(("50 m", "100 m", "500 m"))
                factor = int(length.split()[0]) // 10
                price = moved(day, sku, cents * factor)
                rows.append([sku, f"Mantelleitung {kind} {cores}x{area} mm², grau", grouped(price, ".", ",") + " €",
                             area + " mm²", length])
    if day == YESTERDAY:
        del rows[-3:]  # three articles are new today
    return csv(rows, ";", "\r\n").encode()


def elektron(day):
    """Russia, windows-1251: a letterhead above the header, sections between the rows, a total below."""
    r = random.Random("elektron")
    rows = [["ООО «Электрон-Снаб»"], ["Прайс-лист на 24.11.2026" if day == TODAY else "Прайс-лист на 23.11.2026"], [],
            ["Артикул", "Наименование", "Ед. изм.", "Цена, руб.", "Остаток"]]
    count = 0
    for section, goods in (("Автоматические выключатели", ("Автомат ВА47-29", (6, 10, 16, 25, 32, 40))),
                           ("Розетки", ("Розетка с заземлением IP44", (1, 2, 3, 4))),
                           ("Светильники", ("Светильник светодиодный ДВО", (18, 24, 36, 48, 72))),
                           ("Щиты распределительные", ("Щит ЩРН", (12, 24, 36, 48, 54)))):
        rows.append([section])
        for poles in ("1П", "2П", "3П"):
            for size in goods[1]:
                count += 1
                sku = f"ЭС-{count:04d}"
                cents = moved(day, sku, r.randint(9000, 450000))
                price = "по запросу" if count in (17, 41) else grouped(cents, " ", ",")
                rows.append([sku, f"{goods[0]}-{size} {poles}", "шт.", price, str(r.randint(0, 900))])
    rows += [[], ["Итого позиций:", str(count)], ["Цены с НДС 20 %. Отгрузка со склада в день оплаты."]]
    return csv(rows, ";", "\r\n").encode("cp1251")


def pumpworks(day):
    """Excel's "Unicode text": UTF-16 with a byte order mark, tabs, dollars with thousands commas."""
    r = random.Random("pumpworks")
    rows = [["Part Number", "Description", "Unit Price", "Flow (gpm)", "Weight (lb)"]]
    for series in ("CX", "CY", "SUB", "DIA", "GEAR"):
        for flow in (5, 10, 20, 40, 80, 160):
            sku = f"{series}{flow:03d}"
            cents = moved(day, sku, int(flow * r.uniform(900, 2500)) + 9900)
            rows.append([sku, f'Pump {series}-{flow}, 1 1/2" NPT', "$" + grouped(cents, ",", "."), str(flow),
                         f"{r.uniform(4, 220):.1f}"])
    return ("\ufeff" + csv(rows, "\t", "\r\n")).encode("utf-16-le")


def big_bolt(day):
    """The long one: 1,500 rows, commas and inches inside quotes, notes over two lines, some SKUs twice, leading zeros."""
    r = random.Random("big-bolt")
    rows = [["SKU", "Product name", "Price (USD)", "Material", "Finish", "Pack", "Notes"]]
    for number in range(1, 1501):
        metric = r.random() < 0.6
        size = f"M{r.choice((3, 4, 5, 6, 8, 10, 12, 16, 20))}x{r.randrange(10, 160, 5)}" if metric else \
            f'{r.choice(("1/4", "5/16", "3/8", "1/2"))}"-{r.choice((13, 16, 20))} x {r.randint(1, 6)}"'
        kind = r.choice(("Hex bolt", "Socket head screw", "Carriage bolt", "Set screw", "Flange nut", "Washer, flat"))
        material = r.choice(("Steel 8.8", "Steel 10.9", "Stainless A2", "Stainless A4", "Brass"))
        cents = moved(day, number, r.randint(4, 9900))
        note = r.choice(("", "", "", "Sold by the box", "Ships from Ghent,\nallow two days", 'Was "HB" series'))
        rows.append([f"{number:06d}", f"{kind} {size}", grouped(cents, "", "."), material,
                     r.choice(("zinc", "plain", "black", "HDG")), r.choice(("10", "50", "100", "500")), note])
    if day == TODAY:
        rows += [["000077", "Hex bolt, corrected entry", "1.95", "Steel 8.8", "zinc", "50", ""],
                 ["000420", "Washer, flat, corrected entry", "0.15", "Brass", "plain", "500", ""]]
        del rows[900:912]  # gone since yesterday
    return csv(rows).encode()


def lumiere(day):
    """France: a byte order mark, Excel's sep= line, narrow no-break spaces between thousands, a recommended price column
    that must not be taken for the price."""
    r = random.Random("lumiere")
    rows = [["Référence", "Désignation", "Prix conseillé", "Prix net HT", "Culot", "Couleur"]]
    for bulb in ("LED E27", "LED E14", "LED GU10", "Filament E27", "Tube T8", "Projecteur"):
        for watt in (4, 7, 9, 12, 18, 30, 50):
            sku = f"LF{len(rows):05d}"
            cents = moved(day, sku, watt * r.randint(35, 140) * (40 if bulb == "Projecteur" else 1))
            retail = round(cents * 1.8)
            rows.append([sku, f"{bulb} {watt} W", grouped(retail, "\u202f", ",") + " €",
                         grouped(cents, "\u202f", ",") + " €", bulb.split()[-1],
                         r.choice(("2700 K", "4000 K", "6500 K", ""))])
    return ("\ufeffsep=;\r\n" + csv(rows, ";", "\r\n")).encode()


def hansen(day):
    """The list that is held: today's export stopped after 60 of 240 rows. Nothing in the file itself is wrong."""
    r = random.Random("hansen")
    rows = [["Item no.", "Item", "Price", "Brand", "EAN"]]
    for number in range(240):
        tool = r.choice(("Cordless drill", "Impact driver", "Angle grinder", "Jigsaw", "Torque wrench", "Spirit level"))
        rows.append([f"HT-{1000 + number}", f"{tool} {r.choice('ABCDE')}{r.randint(10, 99)}", f"{r.randint(900, 48900) / 100:.2f}",
                     r.choice(("Brix", "Torvald", "Kjær", "Holm")), f"57{r.randint(10**10, 10**11 - 1)}"])
    return csv(rows if day == YESTERDAY else rows[:61]).encode()


def kestrel(day):
    """Rows that explain themselves: each bad one is wrong in its own way, and no good one is lost to it."""
    r = random.Random("kestrel")
    rows = [["Product code", "Product", "Price", "Currency", "Size"]]
    for number in range(60):
        item = r.choice(("Nitrile gloves", "Safety helmet", "Ear defenders", "Hi-vis vest", "Goggles", "Knee pads"))
        rows.append([f"KS{number:03d}", item, f"{moved(day, number, r.randint(150, 8900)) / 100:.2f}", "GBP",
                     r.choice(("S", "M", "L", "XL"))])
    bad = [["", "Gloves without a code", "3.20", "GBP", "M"],
           ["KS901", "", "4.10", "GBP", "L"],
           ["KS902", "Respirator without a price", "", "GBP", "M"],
           ["KS903", "Harness, price on request", "call us", "GBP", "L"],
           ["4.00638E+12", "A barcode that a spreadsheet ruined", "7.50", "GBP", "M"],
           ["KS904", "Boots from a broken formula", "#REF!", "GBP", "9"],
           ["KS905", "A refund, it seems", "-12.00", "GBP", ""],
           ["KS906", "One digit too many", "99999999999.99", "GBP", ""]]
    for position, row in enumerate(bad):
        rows.insert(5 + 7 * position, row)
    rows.insert(20, [])
    return csv(rows).encode()


def cloud(_day):
    """The supplier that fails: the link answers with a sign-in page instead of a list."""
    return b"""<!DOCTYPE html>
<html lang="en">
<head><title>Sign in</title></head>
<body>
<h1>Sign in to continue to Cloud Fasteners</h1>
<form method="post"><input name="user"><input name="password" type="password"><button>Sign in</button></form>
</body>
</html>
"""


def garden(day):
    """The same name in two columns, prices with four decimals, white space and no-break spaces everywhere."""
    r = random.Random("garden")
    rows = [["  Article ", "Title\u00a0", "Net price", "Pack", "Pack", "Origin"]]
    for number in range(40):
        seed = r.choice(("Tomato", "Basil", "Carrot", "Sunflower", "Clover", "Lettuce"))
        price = moved(day, number, r.randint(40, 990))
        rows.append([f" GH{number:04d} ", f"{seed}\u00a0seeds, organic", f"{price / 100:.2f}{r.randint(0, 99):02d}",
                     r.choice(("10 g", "25 g")), r.choice(("box", "bag")), r.choice(("NL", "IT", "ES", "NA"))])
    return csv(rows, "|").encode()


SUPPLIERS = """Supplier,Price list,Format,Active,Notes
Nordkabel GmbH,lists/nordkabel.csv,csv,yes,"Cables, Hamburg"
ООО «Электрон-Снаб»,lists/elektron.csv,CSV,да,Прайс каждое утро
Pumpworks Ltd,lists/pumpworks.txt,csv,yes,Saved from Excel as Unicode text
Big Bolt Supply,lists/big-bolt.csv,csv,yes,The long list
Lumière & Fils,lists/lumiere.csv,csv,yes,
Hansen Tools ApS,lists/hansen.csv,csv,yes,Watch this one
Kestrel Safety,lists/kestrel.csv,csv,yes,Typed by hand
Green Hill Garden,lists/garden.csv,csv,yes,
Cloud Fasteners,lists/cloud.csv,csv,yes,Asks for a sign-in since last week
Old Mill Hardware,lists/old-mill.csv,csv,no,Closed in spring
Catalogue Press,lists/catalogue.pdf,pdf,yes,Only prints
pumpworks ltd,lists/pumpworks-old.txt,csv,yes,The same company again
Tin & Copper,,csv,yes,Promised a link
"""

LISTS = {"nordkabel.csv": nordkabel, "elektron.csv": elektron, "pumpworks.txt": pumpworks, "big-bolt.csv": big_bolt,
         "lumiere.csv": lumiere, "hansen.csv": hansen, "kestrel.csv": kestrel, "cloud.csv": cloud, "garden.csv": garden}


def main(folder):
    for name in ("lists", "yesterday"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "suppliers.csv").write_text(SUPPLIERS, encoding="utf-8")
    for name, write in LISTS.items():
        today, yesterday = write(TODAY), write(YESTERDAY)
        (folder / "lists" / name).write_bytes(today)
        if yesterday != today:
            (folder / "yesterday" / name).write_bytes(yesterday)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
