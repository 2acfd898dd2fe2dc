"""Every kind of record beside delimited text of the same rows, and beside the obvious tool for it.

Run: `python benchmarks/kinds.py [--rows N] [--rounds N] [--folder DIR] [--only KIND ...]`. One table of made-up people
is written in every kind. Reading is to columns of text, all tables, every byte accounted for; the peers make columns
too, except those that only count lines, and account for nothing. Each contender is a process of its own and they take
turns; the table shows medians: seconds passed, seconds of the processor (of all threads), peak memory. Then come the
ratios of the processor's time to that of delimited text and to that of the peers; the last line is the largest ratio to
delimited text. Peers that are not installed are left out (`pip install duckdb python-calamine openpyxl`).
"""

import argparse
import importlib.util
import json
import multiprocessing
import random
import shutil
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from turns import floodmark, python, shell, turns, used

HEADER = ["id", "first_name", "last_name", "email", "phone", "city", "birth_date", "registered_at"]
FIRST = "Ada Bob Carla Dmitri Elif Farid Gül Hannah Ivan José Karim Léa Maria Nour Olga Pavel".split()
LAST = "Ahmed Brown Çelik Díaz Evans Fischer García Haddad Ivanova Jansen Kaya López Müller Novak".split()
CITY = "Ankara Berlin Cairo Dublin Essen Florence Granada Hamburg Izmir Jakarta Kyiv Lisbon".split()


def people(rows):
    """Rows of made-up people."""
    draw = random.Random(7)
    for number in range(rows):
        first, last = draw.choice(FIRST), draw.choice(LAST)
        yield [
            str(100_000_000 + number),
            first,
            last,
            f"{first}.{last}{number}@mail.example".lower(),
            f"4477009{draw.randrange(10**5):05}",
            draw.choice(CITY),
            f"19{draw.randrange(50, 99)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
            f"2021-04-{draw.randrange(1, 31):02} {draw.randrange(24):02}:{draw.randrange(60):02}:00",
        ]


def quoted(cell):
    return "'" + cell.replace("'", "''") + "'"


def sql_insert(table):
    top = "CREATE TABLE `people` (" + ", ".join(f"`{name}` varchar(80)" for name in HEADER) + ");\n"
    values = ["(" + ",".join(map(quoted, row)) + ")" for row in table]
    groups = (values[at : at + 1000] for at in range(0, len(values), 1000))
    return top + "".join(f"INSERT INTO `people` VALUES {','.join(group)};\n" for group in groups)


def sql_copy(table):
    lines = "".join("\t".join(row) + "\n" for row in table)
    return f"COPY public.people ({', '.join(HEADER)}) FROM stdin;\n{lines}\\.\n"


def fixed(table):
    widths = [max(len(row[i]) for row in [HEADER, *table]) for i in range(len(HEADER))]

    def line(row):
        return " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"

    rule = "-+-".join("-" * width for width in widths) + "\n"
    return " " + line(HEADER) + "-" + rule + "".join(" " + line(row) for row in table)


def xml(table):
    rows = (
        "  <person>"
        + "".join(f"<{n}>{escape(c)}</{n}>" for n, c in zip(HEADER, row, strict=True))
        + "</person>\n"
        for row in table
    )
    return '<?xml version="1.0"?>\n<people>\n' + "".join(rows) + "</people>\n"


def blocks(table):
    return "".join("".join(f"{n}: {c}\n" for n, c in zip(HEADER, row, strict=True)) + "\n" for row in table)


def dicts(table):
    return [dict(zip(HEADER, row, strict=True)) for row in table]


def nested(table):
    return [
        {
            "id": row[0],
            "name": dict(zip(HEADER[1:3], row[1:3], strict=True)),
            "contact": dict(zip(HEADER[3:5], row[3:5], strict=True)),
            "at": dict(zip(HEADER[5:], row[5:], strict=True)),
        }
        for row in table
    ]


TEXTS = {
    "delimited": lambda table: "".join(",".join(row) + "\n" for row in [HEADER, *table]),
    "combo": lambda table: "".join(f"{row[3]}:{row[1]}{row[0]}\n" for row in table),
    "jsonl": lambda table: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in dicts(table)),
    "json": lambda table: json.dumps(dicts(table), ensure_ascii=False),
    "json-nested": lambda table: json.dumps({"data": nested(table)}, indent=1, ensure_ascii=False),
    "sql-insert": sql_insert,
    "sql-copy": sql_copy,
    "blocks": blocks,
    "xml": xml,
    "fixed": fixed,
}


def write_xlsx(table, path):
    """A workbook with shared texts, as spreadsheet programs write them."""
    texts = {}

    def cell(row, column, text):
        where = f'<c r="{chr(65 + column)}{row}"'
        if text.isdigit():
            return f"{where}><v>{text}</v></c>"
        return f'{where} t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'

    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    content = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    packed = "application/vnd.openxmlformats-package.relationships+xml"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml",
            f'{content}<Default Extension="rels" ContentType="{packed}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}worksheet+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}sharedStrings+xml"/></Types>',
        )
        file.writestr("_rels/.rels", _links(links, kinds, ("officeDocument", "xl/workbook.xml")))
        file.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{kinds}"><sheets><sheet name="People" sheetId="1" r:id="r0"/></sheets>'
            "</workbook>",
        )
        parts = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")]
        file.writestr("xl/_rels/workbook.xml.rels", _links(links, kinds, *parts))
        with file.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f"<worksheet {main}><sheetData>".encode())
            for number, row in enumerate([HEADER, *table], 1):
                cells = "".join(cell(number, i, text) for i, text in enumerate(row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        file.writestr("xl/sharedStrings.xml", f"<sst {main}>{shared}</sst>")


def _links(top, kinds, *targets):
    links = (
        f'<Relationship Id="r{i}" Type="{kinds}/{kind}" Target="{to}"/>'
        for i, (kind, to) in enumerate(targets)
    )
    return f"{top}{''.join(links)}</Relationships>"


def path_of(folder, kind):
    """Where the file of a kind is."""
    return folder / f"{kind}.{kind if kind in {'xlsx', 'parquet'} else 'txt'}"


def write(folder, rows, only):
    """Write a file of each kind."""
    table = list(people(rows))
    for kind, form in TEXTS.items():
        if kind in only:
            path_of(folder, kind).write_text(form(table), "utf-8")
    if "xlsx" in only:
        write_xlsx(table, path_of(folder, "xlsx"))
    if "parquet" in only:
        source = folder / "parquet.csv"
        source.write_text(TEXTS["delimited"](table), "utf-8")
        used(python(TO_PARQUET, source, path_of(folder, "parquet")))


TO_PARQUET = """
import sys, polars
polars.read_csv(sys.argv[1], infer_schema=False).write_parquet(sys.argv[2])
"""
DUCKDB = """
import sys, duckdb
print(duckdb.sql(f"select count(columns(*)) from {sys.argv[2]}('{sys.argv[1]}')").fetchall()[0][0])
"""
ETREE = """
import sys
from xml.etree.ElementTree import iterparse
rows = 0
for _, element in iterparse(sys.argv[1]):
    if element.tag == "person":
        rows += len({child.tag: child.text for child in element}) > 0
        element.clear()
print(rows)
"""
CALAMINE = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
print(sum(1 for name in book.sheet_names for _ in book.get_sheet_by_name(name).iter_rows()))
"""
OPENPYXL = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
print(sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True)))
"""
JSON = "import sys, json; print(len(json.load(open(sys.argv[1]))))"
POLARS = """
import sys, polars
print(polars.read_parquet(sys.argv[1]).select(polars.all().cast(polars.String)).height)
"""
PSQL = "import sys; print(sum(len(line.rstrip('\\n').split('\\t')) > 1 for line in open(sys.argv[1])))"
SQLITE = "sqlite3 :memory: \".read '{}'\" 'select count(*) from people'"


def peers(kind, path):
    """Commands of the obvious tools for a kind, by name."""
    found = {"wc -l": (shell(f"wc -l < '{path}'"), None)} if kind not in {"xlsx", "parquet", "json"} else {}
    table = {
        "delimited": {"duckdb": (python(DUCKDB, path, "read_csv"), "duckdb")},
        "combo": {"duckdb": (python(DUCKDB, path, "read_csv"), "duckdb")},
        "jsonl": {"duckdb": (python(DUCKDB, path, "read_json"), "duckdb")},
        "json": {"duckdb": (python(DUCKDB, path, "read_json"), "duckdb"), "json": (python(JSON, path), None)},
        "json-nested": {"json": (python(JSON, path), None)},
        "sql-insert": {"sqlite3": (shell(SQLITE.format(path)), None)} if shutil.which("sqlite3") else {},
        "sql-copy": {"split": (python(PSQL, path), None)},
        "xml": {"etree": (python(ETREE, path), None)},
        "xlsx": {
            "calamine": (python(CALAMINE, path), "python_calamine"),
            "openpyxl": (python(OPENPYXL, path), "openpyxl"),
        },
        "parquet": {
            "polars": (python(POLARS, path), "polars"),
            "duckdb": (python(DUCKDB, path, "read_parquet"), "duckdb"),
        },
    }
    found |= table.get(kind, {})
    return {
        name: run for name, (run, needs) in found.items() if needs is None or importlib.util.find_spec(needs)
    }


def main(rows, rounds, folder, only):
    # Written by a process of its own: a child's peak memory counts that of who started it.
    writer = multiprocessing.get_context("fork").Process(target=write, args=(folder, rows, only))
    writer.start()
    writer.join()
    paths = {kind: path_of(folder, kind) for kind in only}
    contenders = {}
    for kind, path in paths.items():
        contenders[kind, "floodmark"] = floodmark(path)
        contenders |= {(kind, name): command for name, command in peers(kind, path).items()}
    medians = turns(contenders, rounds)
    print(f"{rows:,} rows of {len(HEADER)} columns, medians of {rounds} rounds")
    print(f"{'kind':12} {'MB':>6}  {'reader':10} {'s':>7} {'cpu s':>7} {'MiB':>6}  counted")
    for (kind, name), run in medians.items():
        size = paths[kind].stat().st_size / 1e6
        said = f"{run.wall:7.2f} {run.busy:7.2f} {run.peak >> 20:6}  {run.printed.splitlines()[-1]}"
        print(f"{kind:12} {size:6.1f}  {name:10} {said}")
    print("\nprocessor's time of floodmark, as a multiple of")
    ratios = {}
    for kind in paths:
        mine = medians[kind, "floodmark"].busy
        if "delimited" in paths:
            ratios[kind] = mine / medians["delimited", "floodmark"].busy
        beside = (
            f"{name} {mine / max(run.busy, 0.001):.2f}"
            for (k, name), run in medians.items()
            if k == kind and name != "floodmark"
        )
        print(f"{kind:12} delimited {ratios.get(kind, float('nan')):.2f}  {'  '.join(beside)}")
    if ratios:
        slowest = max(ratios, key=ratios.__getitem__)
        print(f"ratio of the slowest kind ({slowest}) to delimited text: {ratios[slowest]:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="+", default=[*TEXTS, "xlsx", "parquet"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="floodmark-") as made:
        main(asked.rows, asked.rounds, asked.folder or Path(made), asked.only)
