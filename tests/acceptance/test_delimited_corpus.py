"""Delimited files of the open world come out right without being told their dialect (`tests/corpus/delimited`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from floodmark import dumps
from floodmark.dumps.accounting import Accounting
from floodmark.dumps.grammar import Grammar

CORPUS = Path(__file__).parents[1] / "corpus" / "delimited"
TRUTHS: dict[str, dict[str, Any]] = {
    path.name.removesuffix(".truth.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(CORPUS.glob("*.truth.json"))
}
# What is known not to come out: an entry that comes out right after all should be taken away.
WRONG = {
    "footer-end-mark.csv": {"rows", "cells"},  # a record of its own kind at either end
    "late-exponents.dat": {"cells"},  # as many blanks between cells as align them
}
MORE_TABLES = [name for name, truth in TRUTHS.items() if "tables" in truth]


@cache
def reading(name: str) -> tuple[Grammar, Accounting, list[list[list[str]]]]:
    """Grammar, accounting, and the records of each table."""
    dump = dumps.read(CORPUS / name)
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for frame in dump.batches():
        rows = [[cell or "" for cell in row] for row in frame.iter_rows()]
        tables.setdefault(tuple(frame.columns), []).extend(rows)
    return dump.grammar, dump.accounting, list(tables.values())


def trimmed(row: list[str], padded: bool) -> list[str]:
    """A record without the empty cells at its end; without blanks around cells too, where they only align them."""
    row = [cell.strip(" ") for cell in row] if padded else row
    end = len(row)
    while end > 1 and row[end - 1] == "":
        end -= 1
    return row[:end]


def right(name: str) -> set[str]:
    """What came out right: dialect, rows, cells."""
    truth, (grammar, _, tables) = TRUTHS[name], reading(name)
    rows = tables[0] if tables else []
    found = set()
    same = grammar.delimiter.strip(" ") == truth["delimiter"].strip(" ")
    for part in ("quote", "escape"):
        same &= truth[part] is None or getattr(grammar, part) == truth[part]
    if same:
        found.add("dialect")
    if len(rows) == truth["rows"]:
        found.add("rows")
    ends = [rows[0], rows[-1]] if rows else [[""], [""]]
    padded, wanted = truth.get("padded", False), [truth["first"], truth["last"]]
    if [trimmed(row, padded) for row in ends] == [trimmed(row, padded) for row in wanted]:
        found.add("cells")
    return found


def test_every_file_has_its_truth() -> None:
    files = {path.name for path in CORPUS.iterdir() if not path.name.endswith(".truth.json")} - {"README.md"}
    assert files == set(TRUTHS)
    assert len(TRUTHS) >= 60


@pytest.mark.parametrize("name", TRUTHS)
def test_dialect_rows_and_cells_are_those_written_down(name: str) -> None:
    assert {"dialect", "rows", "cells"} - right(name) <= WRONG.get(name, set())


@pytest.mark.parametrize("name", [name for name in TRUTHS if name not in WRONG])
def test_the_header_is_found_and_names_the_columns(name: str) -> None:
    grammar, truth = reading(name)[0], TRUTHS[name]
    assert grammar.header == truth["header"]
    if not truth["names"]:
        return
    shown = ["".join(c for c in wanted.strip() if c.isprintable()) for wanted in truth["names"]]
    for found, wanted in zip(grammar.names, shown, strict=False):
        # Names that come twice are numbered, and columns without a name are called by their place.
        assert found == wanted or found.startswith(wanted or "column_")


@pytest.mark.parametrize("name", TRUTHS)
def test_every_byte_of_the_text_has_one_fate(name: str) -> None:
    accounting = reading(name)[1]
    assert accounting.total_bytes == (CORPUS / name).stat().st_size


@pytest.mark.parametrize("name", MORE_TABLES)
def test_the_tables_below_the_first_come_out_too(name: str) -> None:
    tables = reading(name)[2]
    wanted = TRUTHS[name]["tables"]
    assert [[rows[0], rows[-1], len(rows)] for rows in tables[1:]] == [
        [table["first"], table["last"], table["rows"]] for table in wanted
    ]
