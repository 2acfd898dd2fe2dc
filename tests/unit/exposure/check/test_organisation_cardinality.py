"""Counts that may be handed on: none is of 1 to 4 people, and none such can be worked out."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from floodmark.exposure.check.organisation_cardinality import (
    at_least,
    coarse,
    csv_of,
    shown,
    table_of,
)

from .office import Office, numbers
from .published import EMAIL, PHONE

SCHEMA = json.loads(files("floodmark.exposure.check").joinpath("organisation.schema.json").read_text())

COUNTS = st.lists(st.integers(1, 20), max_size=12).map(
    lambda counts: [((f"type-{at}",), count) for at, count in enumerate(sorted(counts, reverse=True))]
)


@given(COUNTS)
def test_no_count_is_below_five_and_none_is_lost(counts):
    shown = coarse(counts)
    total = sum(count for _, count in counts)
    assert all(count >= 5 for _, count in shown)
    assert sum(count for _, count in shown) == (total if total >= 5 else 0)
    assert sum(types is None for types, _ in shown) <= 1


@given(COUNTS)
def test_what_is_told_apart_is_exact(counts):
    assert {one for one in coarse(counts) if one[0] is not None} <= set(counts)


@given(COUNTS)
def test_what_is_counted_together_is_never_one_field_set_that_few_have(counts):
    """A single one with fewer than five would be known by subtraction from the total."""
    hidden = [count for types, count in counts if types not in {types for types, _ in coarse(counts)}]
    assert not hidden or sum(hidden) >= 5 or sum(count for _, count in counts) < 5


@pytest.fixture
def office(tmp_path, published) -> Office:
    return Office(tmp_path, published)


def test_a_table_for_others_has_no_small_count(office):
    checked = office.write(PHONE, EMAIL, *numbers(8, first=100)).check()
    exact, told = table_of(checked, exact=True), table_of(checked, exact=False)
    assert [leak["identifiers"] for leak in exact["leaks"]] == [10, 9]
    assert exact["leaks"][0]["field_sets"][1:] == [
        {"field_types": ["phone", "full_name", "birth_date"], "identifiers": 1},
        {"field_types": ["email", "password"], "identifiers": 1},
    ]
    assert told["leaks"][0]["field_sets"] == [{"field_types": None, "identifiers": 10}]
    assert (told["identifiers_found"], "rows_found" in told) == (">=10", False)


def test_few_are_few_and_nobody_is_nobody(office):
    told = table_of(office.write(PHONE, "x@example.org").check(), exact=False)
    assert (told["identifiers_found"], told["found"]) == (">=1", True)
    assert [(leak["identifiers"], leak["field_sets"]) for leak in told["leaks"]] == [("<5", []), ("<5", [])]
    office.progress.unlink()
    nobody = table_of(office.write("x@example.org").check(), exact=False)
    assert (nobody["identifiers_found"], nobody["found"]) == (0, False)


def test_no_total_says_how_many_are_in_one_leak_alone(office):
    """Eight are in both and one is in the first alone: of 9 in all, 9 - 8 would be somebody."""
    office.write(EMAIL, *numbers(8, first=100), *numbers(8, first=100))
    checked = office.check()
    told = table_of(checked, exact=False)
    assert (checked.identifiers_found, checked.rows_found) == (9, 17)
    assert [leak["identifiers"] for leak in told["leaks"]] == [9, 8]
    assert told["identifiers_found"] == ">=9" and "rows_found" not in told


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=2))
def test_totals_tell_nothing_that_the_leaks_counts_do_not(overlaps):
    """Two files with the same shown counts for each leak have the same total, whoever is in several of them."""
    one, other = ((only + both, both + last) for only, both, last in overlaps)
    if [shown(count) for count in one] == [shown(count) for count in other]:
        assert at_least(one) == at_least(other)


def test_a_total_of_one_leak_is_its_own_count():
    assert [at_least([count, 0]) for count in (0, 1, 4, 5, 70)] == [0, "<5", "<5", 5, 70]


def test_counts_as_csv_say_which_leak_is_synthetic(office):
    checked = office.write(EMAIL, *numbers(8, first=100), *numbers(3, first=900)).check()
    rows = list(csv.reader(io.StringIO(csv_of(checked).decode())))
    assert rows == [
        ["leak", "field_types", "identifiers", "synthetic"],
        ["first", "", "9", "synthetic"],
        ["first", "*", "9", "synthetic"],
        ["second", "", "8", "synthetic"],
        ["second", "phone", "8", "synthetic"],
    ]


@pytest.mark.parametrize("contacts", [["x@example.org", "none"], [PHONE], [EMAIL, *numbers(20, first=95)]])
@pytest.mark.parametrize("exact", [True, False])
def test_counts_for_programs_follow_their_schema(office, contacts, exact):
    Draft202012Validator(SCHEMA).validate(table_of(office.write(*contacts).check(), exact=exact))


def test_the_schema_is_one_and_allows_nothing_else(office):
    Draft202012Validator.check_schema(SCHEMA)
    table = table_of(office.write(PHONE).check(), exact=True)
    assert not Draft202012Validator(SCHEMA).is_valid(table | {"rows": "2"})
    assert not Draft202012Validator(SCHEMA).is_valid(table | {"more": 1})
    assert not Draft202012Validator(SCHEMA).is_valid(table | {"identifiers_found": ">=1"})
    assert not Draft202012Validator(SCHEMA).is_valid(table | {"exact": False})
