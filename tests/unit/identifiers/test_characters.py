"""Characters and domains are those of Unicode 14.0, whatever the interpreter knows."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import compile_characters
import polars as pl

from floodmark.identifiers import characters, domains
from floodmark.identifiers.characters import is_assigned

EVERY = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def test_what_is_assigned_is_what_polars_knows_of_that_version() -> None:
    known = pl.Series(EVERY).str.contains(r"^[\p{Age:14.0}--\p{Noncharacter_Code_Point}]$").to_list()
    assert [is_assigned(one) for one in EVERY] == known


def test_the_table_is_what_its_compiler_makes_where_python_has_that_version() -> None:
    table = Path(characters.__file__).with_name("data") / "unassigned-14.0.tsv"
    if unicodedata.unidata_version == "14.0.0":
        assert compile_characters.table() == table.read_text("utf-8")
    assert len(table.read_text("utf-8").splitlines()) == 699


def test_a_character_after_unicode_14_has_no_direction_no_class_and_joins_nothing() -> None:
    face, garay, kawi, sign = "\U0001fae8", "\U00010d70", "\U00011f41", "\U00011f02"
    assert domains.to_ascii(f"{face}.example") == "xn--929h.example"
    assert domains.to_ascii(f"a{garay}b.example") is not None  # a letter from right to left since 16.0
    assert domains.to_ascii(f"{face}\u05d0.example") is None
    assert domains.to_ascii(f"a{face}.\u05d0") is None
    assert domains.to_ascii(f"a{kawi}\u200db.example") is None  # a virama since 15.0
    assert domains.to_ascii(f"{sign}a.example") is not None
    assert domains.to_ascii("\u05d0\U0001171e.example") is not None  # a mark until 15.0
