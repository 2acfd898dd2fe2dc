"""Canonical phone numbers: the pinned renumberings of canon 1."""

import hashlib
import itertools
import json
from pathlib import Path

import numpy as np
import phonenumbers
import polars as pl
import pytest

from floodmark.identifiers import numbering, phones
from floodmark.identifiers.phones_renumbered import renumberings

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "phones-canonical.json").read_text(encoding="utf-8")
)


def canonical(cells):
    frame = pl.DataFrame({"phone": pl.Series(cells, dtype=pl.String)})
    return frame.select(phones.canonical("phone")).to_series().to_list()


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_a_number_has_the_canonical_form_of_its_vector(vector):
    assert canonical([vector["e164"]]) == [vector["canonical"]]


def test_no_number_is_met_by_two_lines_and_canonical_forms_stay_as_they_are():
    old = ["+" + one.old + "3" * (one.digits - len(one.old)) for one in renumberings()]
    new = canonical(old)
    assert new == ["+" + one.new + "3" * (one.digits - len(one.old)) for one in renumberings()]
    assert canonical(new) == new
    edges = sorted(
        (int(one.old) * 10**free, (int(one.old) + 1) * 10**free)
        for one in renumberings()
        for free in [one.digits - len(one.old)]
    )
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(edges))


def test_no_line_touches_a_number_that_is_valid_now():
    for one in renumberings():
        for tail in ("0123456789", "2345678901", "3456789012", "7654321098", "9999999999"):
            number = phonenumbers.parse("+" + one.old + tail[: one.digits - len(one.old)])
            assert not phonenumbers.is_valid_number(number)


def valid_share(start: int, end: int) -> float:
    """Share of the integers from `start` up to `end` that the compiled plan assigns to a kind."""
    table, outcomes = numbering.table(numbering.SIGNIFICANT), numbering.outcomes()
    assert not outcomes.again[table.codes].any()
    bounds = np.array([start, end - 1], np.uint64)
    first, last = np.searchsorted(table.starts, bounds, side="right") - 1
    edges = [start, *map(int, table.starts[first + 1 : last + 1]), end]
    valid = outcomes.valid[table.codes[first : last + 1]]
    return float(np.diff(edges)[valid].sum() / (end - start))


@pytest.mark.parametrize("one", renumberings(), ids=lambda one: one.old)
def test_no_number_of_a_line_is_valid_now_and_what_it_became_is(one):
    free = one.digits - len(one.old)
    assert valid_share(int(one.old) * 10**free, (int(one.old) + 1) * 10**free) == 0
    assert valid_share(int(one.new) * 10**free, (int(one.new) + 1) * 10**free) > 0.05


def test_the_table_is_that_of_canon_1():
    """A failure here is not mended here: another table is another canon, with another number."""
    lines = "".join(f"{one.old},{one.digits},{one.new}\n" for one in renumberings())
    assert len(renumberings()) == 302
    assert (
        hashlib.sha256(lines.encode()).hexdigest()
        == "82c9e5fbb419b3845ea4d3d7a2cd6fd4da760b0de4ccf7aa0d1ca6b1fe37fb52"
    )


def test_every_line_names_its_date_and_source():
    assert all(one.since and len(one.source) > 20 for one in renumberings())


def test_what_is_not_e164_has_no_canonical_form():
    assert (
        canonical(
            [None, "", "447911123456", "+44 7911 123456", "+0447911123456", "+1234567890123456", "hello"]
        )
        == [None] * 7
    )
