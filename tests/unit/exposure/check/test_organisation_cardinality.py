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

from floodmark.exposure.check.organisation_cardinality import coarse, csv_of, table_of

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
    assert told["identifiers_found"] == 10


def test_few_are_few_and_nobody_is_nobody(office):
    told = table_of(office.write(PHONE, "x@example.org").check(), exact=False)
    assert (told["identifiers_found"], told["rows_found"], told["found"]) == ("<5", "<5", True)
    assert [(leak["identifiers"], leak["field_sets"]) for leak in told["leaks"]] == [("<5", []), ("<5", [])]
    office.progress.unlink()
    nobody = table_of(office.write("x@example.org").check(), exact=False)
    assert (nobody["identifiers_found"], nobody["found"]) == (0, False)


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
