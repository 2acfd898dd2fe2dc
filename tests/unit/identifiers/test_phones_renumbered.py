"""Canonical phone numbers: the pinned renumberings of canon 1."""

import itertools
import json
from pathlib import Path

import phonenumbers
import polars as pl
import pytest

from floodmark.identifiers import phones
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


def test_every_line_names_its_date_and_source():
    assert all(one.since and len(one.source) > 20 for one in renumberings())


def test_what_is_not_e164_has_no_canonical_form():
    assert (
        canonical(
            [None, "", "447911123456", "+44 7911 123456", "+0447911123456", "+1234567890123456", "hello"]
        )
        == [None] * 7
    )
