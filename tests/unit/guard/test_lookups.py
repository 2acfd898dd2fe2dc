"""Lookups files: what is refused of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest

from floodmark.errors import UnreadableInput
from floodmark.guard import LookupsFile, read_lookups, write_lookups
from floodmark.guard.report.reading import read_all

from . import made_up_lookups as made

ABOUT = LookupsFile("0123456789abcdef", 0, sources=(("access.log", "ab" * 32),), counts=(("lookup", 3),))
LOOKUPS = made.lookups(1, 3)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "lookups.parquet"
    about = write_lookups(path, [LOOKUPS], ABOUT)
    read, rows = read_lookups(path)
    assert (read, rows.collect().equals(LOOKUPS.sort("at", maintain_order=True))) == (about, True)


@pytest.mark.parametrize(
    "odd",
    [
        {"key_id": 5},
        {"rows": "x"},
        {"rows": -5},
        {"rows": True},
        {"synthetic": "no"},
        {"sources": [[1, 2]]},
        {"sources": 5},
        {"counts": [["lookup", "x"]]},
        {"counts": [["lookup", -1]]},
        {"counts": [[["lookup"], 1]]},
        {"more": 1},
    ],
)
def test_a_file_that_says_odd_things_of_itself_is_refused(tmp_path: Path, odd: dict[str, object]) -> None:
    path = tmp_path / "lookups.parquet"
    said = json.dumps({**asdict(ABOUT), **odd})
    LOOKUPS.write_parquet(path, metadata={"floodmark/lookups": said})
    with pytest.raises(UnreadableInput):
        read_lookups(path)


@pytest.mark.parametrize("column", ["at", "account", "endpoint", "kind", "identifier"])
def test_a_file_with_gaps_is_refused_by_who_reads_it_whole(tmp_path: Path, column: str) -> None:
    path = tmp_path / "lookups.parquet"
    gaps = LOOKUPS.with_columns(pl.when(pl.int_range(pl.len()) > 0).then(column))
    write_lookups(path, [gaps], ABOUT)
    with pytest.raises(UnreadableInput):
        read_all([path])
