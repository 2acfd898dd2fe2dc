"""What lies under watched domains and number prefixes.

A domain covers the domains below it: `mail.example.org` is under `example.org`, and `badexample.org` is not. A
prefix covers every number of any length that begins with its digits, or did before a renumbering.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.watch_index import Index, PrefixIndex, TextIndex
from floodmark.identifiers.numbering import POWERS


def domain_of(addresses: pl.Series) -> pl.Series:
    """Domains of canonical addresses."""
    return addresses.str.splitn("@", 2).struct.field("field_1")


def watched_above(domains: pl.Series, index: Index) -> pl.DataFrame:
    """Which watched domains each domain is under, itself included.

    Args:
        domains: distinct canonical domains, String.
        index: of watched domains.

    Returns:
        Columns `domain` (String) and `entry` (position in the index, Int64); one row per pair.

    Examples:
        >>> index, _ = TextIndex.of(pl.Series(["example.org"]), np.array([1]))
        >>> watched_above(pl.Series(["mail.example.org", "badexample.org"]), index)["domain"].to_list()
        ['mail.example.org']
    """
    assert isinstance(index, TextIndex)  # noqa: S101  domains are text
    names, above = domains, domains
    pairs: list[pl.DataFrame] = []
    while above.len():
        found = index.find(above)
        hit = np.flatnonzero(found >= 0)
        pairs.append(pl.DataFrame({"domain": names.gather(hit), "entry": found[hit]}))
        above = above.str.replace(r"^[^.]*\.", "")
        deep = above.str.contains(".", literal=True)
        names, above = names.filter(deep), above.filter(deep)
    return pl.concat(pairs) if pairs else pl.DataFrame(schema={"domain": pl.String, "entry": pl.Int64})


def watched_before(numbers: NDArray[np.uint64], index: Index) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which watched prefixes each number begins with, or began with before a renumbering.

    Args:
        numbers: digits of valid international numbers of today, uint64, shape (n,).
        index: of watched prefixes.

    Returns:
        Rows of `numbers` and positions in the index, both int64, one of each per pair.

    Examples:
        >>> index, _ = PrefixIndex.of(pl.Series([4420, 44], dtype=pl.UInt64), np.array([1, 2]))
        >>> rows, entries = watched_before(np.array([442079460018, 33140000000], np.uint64), index)
        >>> rows.tolist(), index.values.gather(entries).to_list()
        ([0, 0], [44, 4420])
    """
    assert isinstance(index, PrefixIndex)  # noqa: S101  prefixes are numbers
    digits = np.searchsorted(POWERS, numbers, side="right")
    lengths = np.unique(np.searchsorted(POWERS, index.values.to_numpy(), side="right"))
    rows, entries = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for length in lengths.tolist():
        long = np.flatnonzero(digits >= length)
        heads = numbers[long] // POWERS[digits[long] - length]
        found = index.find(pl.Series(heads))
        rows.append(long[found >= 0])
        entries.append(found[found >= 0])
    moved, starts, ends = index.moved
    if not len(moved):
        return np.concatenate(rows), np.concatenate(entries)
    order = np.argsort(numbers)
    first, last = (np.searchsorted(numbers, bounds, sorter=order) for bounds in (starts, ends))
    sizes = last - first
    at = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes - first, sizes)
    rows.append(order[at])
    entries.append(np.repeat(moved, sizes))
    # A number may begin with a prefix today as it did before.
    pairs = np.unique(np.concatenate(rows) * len(index) + np.concatenate(entries))
    return np.divmod(pairs, len(index))
