"""Numbers under a prefix, against asking for each number whether it is valid."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.number_ranges import NumbersUnder
from floodmark.identifiers import phones


@pytest.mark.parametrize("prefix", [442070313, 35312345, 4930123456, 12025550, 37060012])
def test_they_are_the_valid_ones_and_all_of_them(prefix):
    wanted = []
    for free in range(7):
        numbers = np.arange(prefix * 10**free, (prefix + 1) * 10**free, dtype=np.uint64)
        typed = pl.select(pl.concat_str(pl.lit("+"), pl.Series(numbers).cast(pl.String))).to_series()
        found = phones.resolve(typed)
        good = found["valid"].fill_null(False).to_numpy() & (
            found["number"].fill_null(0).to_numpy() == numbers
        )
        wanted += numbers[good].tolist()
    under = NumbersUnder.of(prefix)
    made = [
        number
        for block in under.blocks(size=997)
        for number in block.tolist()
        if number < (prefix + 1) * 10**6
    ]
    assert made == wanted


def test_blocks_have_the_size_asked_for_and_add_up():
    under = NumbersUnder.of(4420703)
    sizes = [len(block) for block in under.blocks(size=1000)]
    assert sum(sizes) == under.count
    assert set(sizes[:-1]) <= {1000}


def test_a_prefix_without_numbers_has_none():
    assert NumbersUnder.of(999).count == 0
    assert list(NumbersUnder.of(999).blocks()) == []
