"""Numbers of before a renumbering, read as what they have become."""

import polars as pl
import pytest

from floodmark.identifiers import phones
from floodmark.identifiers.phones_renumbered import renumberings


def test_an_old_mexican_mobile_is_the_number_without_the_1():
    found = phones.current(pl.Series(["+5215512345678", "+525512345678", "5215512345678", "+52155", ""]))
    assert found["number"].to_list()[:3] == [525512345678] * 3
    assert found["valid"].fill_null(False).to_list() == [True, True, True, False, False]
    assert [phones.REGIONS[i] for i in found["region"].to_list()[:3]] == ["MX"] * 3
    assert phones.resolve(pl.Series(["+5215512345678"]))["valid"].to_list() == [False]


def test_numbers_that_are_valid_as_they_stand_stay_as_they_are():
    cells = pl.Series([f"+{number}" for number in _valid_numbers()])
    assert phones.current(cells).equals(phones.resolve(cells))


def test_what_is_no_number_stays_no_number():
    cells = pl.Series(["hello", None, "+0", "+999999999999", "12"])
    assert phones.current(cells).equals(phones.resolve(cells))


@pytest.mark.parametrize("one", renumberings()[::9], ids=lambda one: one.old)
def test_every_renumbered_range_has_the_canonical_form_of_its_numbers(one):
    free = one.digits - len(one.old)
    olds = [f"+{one.old}{n * 10**free // 97:0{free}d}" for n in range(97)] if free else [f"+{one.old}"]
    found = phones.current(pl.Series(olds))
    news = pl.DataFrame({"old": olds}).select(phones.canonical("old")).to_series().to_list()
    for number, valid, new in zip(found["number"], found["valid"], news, strict=True):
        if valid:
            assert f"+{number}" == new


def _valid_numbers():
    resolved = phones.resolve(pl.Series([f"+{n}" for n in range(447400000000, 447400003000, 7)]))
    return resolved.filter(pl.col("valid"))["number"].to_list()
