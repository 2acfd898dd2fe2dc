"""Delimited files of the open world: ours beside DuckDB's sniffer, CleverCSV, Polars and Python's csv, file by file.

Every reader is given nothing but the file, and asked for text cells. Three things are compared with the truth that
stands beside each file (`tests/corpus/delimited/README.md`): the dialect (delimiter, and quote and escape where the
file needs them), the number of records, and the cells of the first and the last record. `DRC`: dialect, rows, cells.

Run: `python benchmarks/delimited_corpus.py [--folder DIR] [--only NAME ...]`. Peers that are not installed are left out
(`pip install duckdb clevercsv`). The last line is the ratio of our score to the best peer's.
"""

import argparse
import csv
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "delimited"


@dataclass
class Reading:
    """What a reader made of a file: dialect, and records as lists of text cells."""

    delimiter: str
    quote: str | None
    escape: str | None
    rows: list


def floodmark(path):
    from floodmark import dumps

    dump = dumps.read(path)
    first = dump.grammar.names  # of several tables the first; the truth of the others is for the tests
    frames = (frame for frame in dump.batches() if frame.columns == first)
    rows = [[cell or "" for cell in row] for frame in frames for row in frame.iter_rows()]
    return Reading(dump.grammar.delimiter, dump.grammar.quote, getattr(dump.grammar, "escape", None), rows)


def duckdb(path, options=""):
    import duckdb

    link = duckdb.connect()
    dialect = link.execute(
        f"select Delimiter, Quote, Escape from sniff_csv('{path}', all_varchar=true{options})"
    ).fetchone()
    rows = link.execute(f"select * from read_csv('{path}', all_varchar=true{options})").fetchall()
    return Reading(
        *(None if part == "\0" else part for part in dialect), [[cell or "" for cell in row] for row in rows]
    )


def duckdb_lenient(path):
    return duckdb(path, ", strict_mode=false, null_padding=true, ignore_errors=true")


def clevercsv(path):
    import clevercsv
    import clevercsv.encoding

    text = path.read_bytes().decode(clevercsv.encoding.get_encoding(str(path), try_cchardet=False))
    dialect = clevercsv.Sniffer().sniff(text)
    rows = list(clevercsv.reader(io.StringIO(text, newline=""), dialect))
    header = clevercsv.Sniffer().has_header(text)
    return Reading(
        dialect.delimiter,
        dialect.quotechar or None,
        dialect.escapechar or None,
        [r for r in rows if r][header:],
    )


def polars(path):
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    return Reading(",", '"', None, [[cell or "" for cell in row] for row in frame.iter_rows()])


def python_csv(path):
    text = path.read_bytes().decode("utf-8-sig")
    dialect = csv.Sniffer().sniff(text)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if row]
    return Reading(
        dialect.delimiter, dialect.quotechar, dialect.escapechar, rows[csv.Sniffer().has_header(text) :]
    )


READERS = {
    "floodmark": floodmark,
    "duckdb": duckdb,
    "duckdb-lenient": duckdb_lenient,
    "clevercsv": clevercsv,
    "polars": polars,
    "python-csv": python_csv,
}


def judged(reading, truth):
    """Whether dialect, rows and cells are as they should be.

    Blanks beside the delimiter may be counted to it or not, as long as the cells come out right; and a last column
    that is empty in every record may be there or not.
    """
    same = (reading.delimiter or "").strip(" ") == truth["delimiter"].strip(" ")
    same |= truth["columns"] == 1 and all(len(row) == 1 for row in reading.rows)
    for part in ("quote", "escape"):
        if truth[part] is not None:
            # With doubled quotes, a reader may call the quote itself its escape.
            same &= getattr(reading, part) == truth[part]
    rows = len(reading.rows) == truth["rows"]
    if not truth["rows"]:
        return same, rows, rows
    ends = [reading.rows[0], reading.rows[-1]] if reading.rows else []
    wanted = [truth["first"], truth["last"]]
    padded = truth.get("padded", False)
    return same, rows, [trimmed(row, padded) for row in ends] == [trimmed(row, padded) for row in wanted]


def trimmed(row, padded):
    """A record without the empty cells at its end; without blanks around cells too, where they only align them."""
    row = [cell.strip(" ") for cell in row] if padded else list(row)
    end = len(row)
    while end > 1 and row[end - 1] == "":
        end -= 1
    return row[:end]


def attempt(name, path, truth):
    try:
        return judged(READERS[name](path), truth)
    except ImportError:
        raise
    except Exception:  # a peer that gives up on a file has nothing right
        return False, False, False


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=CORPUS)
    parser.add_argument("--only", nargs="*", help="names of files")
    given = parser.parse_args()
    names = []
    for name in READERS:
        try:
            __import__({"python-csv": "csv", "duckdb-lenient": "duckdb"}.get(name, name))
            names.append(name)
        except ImportError:
            sys.stderr.write(f"{name} is not installed\n")
    print(f"{'file':32}" + "".join(f"{name:>16}" for name in names))
    totals = {name: [0, 0, 0, 0] for name in names}
    files = sorted(given.folder.glob("*.truth.json"))
    files = [f for f in files if not given.only or f.name.removesuffix(".truth.json") in given.only]
    for file in files:
        truth = json.loads(file.read_text("utf-8"))
        path = file.with_name(file.name.removesuffix(".truth.json"))
        marks = {}
        for name in names:
            right = attempt(name, path, truth)
            marks[name] = "".join(letter if ok else "." for letter, ok in zip("DRC", right, strict=True))
            for i, ok in enumerate((*right, all(right))):
                totals[name][i] += ok
        print(f"{path.name:32}" + "".join(f"{marks[name]:>16}" for name in names))
    for i, what in enumerate(("dialect", "rows", "cells", "all three")):
        print(f"{what + ' right of ' + str(len(files)):32}" + "".join(f"{totals[n][i]:>16}" for n in names))
    best = max((totals[name][3] for name in names if name != "floodmark"), default=0)
    print(f"ratio, files read rightly, ours to the best peer's: {totals['floodmark'][3] / max(1, best):.2f}")


if __name__ == "__main__":
    main()
