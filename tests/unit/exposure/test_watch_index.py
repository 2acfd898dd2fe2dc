"""Looking entries up: exact, whatever the hashes do."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.watch_index import NumberIndex, TextIndex

TEXTS = st.lists(st.text("abc@.", max_size=4), max_size=40)
NUMBERS = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=40)


def check(index, repeats, entries, wanted):
    first = {}
    for line, entry in enumerate(entries, 1):
        first.setdefault(entry, line)
    assert (len(index), repeats) == (len(first), len(entries) - len(first))
    assert dict(zip(index.values.to_list(), index.lines.tolist(), strict=True)) == first
    found = index.find(wanted)
    assert [index.values[int(at)] if at >= 0 else None for at in found] == [
        value if value in first else None for value in wanted.to_list()
    ]


@given(TEXTS, TEXTS)
def test_texts_are_found_with_the_first_line_that_has_them(entries, wanted):
    index, repeats = TextIndex.of(pl.Series(entries, dtype=pl.String), np.arange(1, len(entries) + 1))
    check(index, repeats, entries, pl.Series(wanted, dtype=pl.String))


@given(NUMBERS, NUMBERS)
def test_numbers_are_found_with_the_first_line_that_has_them(entries, wanted):
    index, repeats = NumberIndex.of(pl.Series(entries, dtype=pl.UInt64), np.arange(1, len(entries) + 1))
    check(index, repeats, entries, pl.Series(wanted, dtype=pl.UInt64))


def test_a_text_with_the_hash_of_an_entry_is_not_taken_for_it():
    index, _ = TextIndex.of(pl.Series(["ada@example.org"]), np.array([1]))
    other = pl.Series(["bob@example.org"])
    forged = TextIndex(index.values, index.lines, other.hash(index.seed).to_numpy(), index.seed)
    assert forged.find(other).tolist() == [-1]
