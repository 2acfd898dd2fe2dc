"""What lies under domains and prefixes, against plain string tests."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.under import domain_of, watched_above, watched_before
from floodmark.exposure.watch_index import PrefixIndex, TextIndex

LABELS = st.lists(st.sampled_from(["a", "b", "ab", "org"]), min_size=2, max_size=5).map(".".join)


@given(st.lists(LABELS, max_size=8, unique=True), st.lists(LABELS, max_size=20, unique=True))
def test_a_domain_covers_itself_and_what_is_below_it(watched, domains):
    index, _ = TextIndex.of(pl.Series(watched, dtype=pl.String), np.arange(len(watched)))
    found = watched_above(pl.Series(domains, dtype=pl.String), index)
    pairs = zip(found["domain"].to_list(), index.values.gather(found["entry"]).to_list(), strict=True)
    assert sorted(pairs) == sorted(
        (domain, name) for domain in domains for name in watched if f".{domain}".endswith(f".{name}")
    )


@given(
    st.lists(st.integers(1, 99_999), max_size=8, unique=True),
    st.lists(st.integers(1, 999_999) | st.integers(10**14, 10**15), max_size=20),
)
def test_a_prefix_covers_the_numbers_that_begin_with_its_digits(watched, numbers):
    index, _ = PrefixIndex.of(pl.Series(watched, dtype=pl.UInt64), np.arange(len(watched)))
    rows, entries = watched_before(np.array(numbers, np.uint64), index)
    pairs = zip(rows.tolist(), index.values.gather(entries).to_list(), strict=True)
    assert sorted(pairs) == sorted(
        (row, prefix)
        for row, number in enumerate(numbers)
        for prefix in watched
        if str(number).startswith(str(prefix))
    )


def test_the_domain_of_an_address_is_what_follows_the_at_sign():
    assert domain_of(pl.Series(["ada@example.org"])).to_list() == ["example.org"]
