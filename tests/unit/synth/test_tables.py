"""The compiled data: numbers that the oracle calls valid, texts that hold no delimiter."""

from __future__ import annotations

import random

import numpy as np
import phonenumbers
import pytest

from floodmark.synth import TWINS, tables
from floodmark.synth.numbering import Numbering, room
from floodmark.synth.tables import country_rows, data
from floodmark.synth.twins import FACEBOOK_2021

COUNTRIES = tuple(row["country"] for row in country_rows())


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_number_range_is_what_the_oracle_says(country):
    picks = random.Random(country)
    plan = data("plans.json")["plans"][country]
    for kind, expected in (("valid", country), ("invalid", None)):
        assert plan[kind]
        for low, high in plan[kind]:
            for number in (low, high, *(picks.randint(low, high) for _ in range(5))):
                found = phonenumbers.parse(f"+{number}", None)
                valid = phonenumbers.is_valid_number(found)
                assert (phonenumbers.region_code_for_number(found) if valid else None) == expected


def test_ranges_ascend_and_do_not_overlap():
    for kind in ("valid", "invalid"):
        for plan in data("plans.json")["plans"].values():
            edges = [edge for block in plan[kind] for edge in block]
            assert edges == sorted(set(edges))


def test_numbers_ascend_with_their_ordinals_and_stay_in_their_country():
    wanted = np.full(len(COUNTRIES), 50_000)
    numbering = Numbering(COUNTRIES, wanted, 0.1, seed=5)
    for place in range(len(COUNTRIES)):
        owners = np.full(50_000, place)
        numbers = numbering.give(owners, np.arange(50_000))
        assert (np.diff(numbers) > 0).all()
        assert len(np.unique(numbering.give_invalid(owners[:5000], np.arange(5000)))) == 5000
        blocks = data("plans.json")["plans"][COUNTRIES[place]]["valid"]
        assert blocks[0][0] <= numbers[0]
        assert numbers[-1] < blocks[-1][1]


def test_no_run_of_numbers_goes_on_from_one_block_into_the_next():
    valid = room(COUNTRIES, "valid")
    assert (valid.sizes > 0).all()
    blocks = [block for country in COUNTRIES for block in data("plans.json")["plans"][country]["valid"]]
    assert (np.diff(valid.edges) == [high - low for low, high in blocks]).all()


def test_there_are_106_countries_each_with_names_and_places():
    assert len(COUNTRIES) == 106
    for table in (tables.names(COUNTRIES).first, tables.names(COUNTRIES).last, tables.cities(COUNTRIES)):
        assert (table.sizes > 0).all()
        assert table.texts[0] == ""


def test_recalled_counts_have_no_source_because_they_are_shapes_only():
    assert all(not row["facebook_source"] for row in country_rows() if row["facebook_status"] == "recall")
    assert {row["facebook_status"] for row in country_rows()} == {
        "read",
        "read-2022-only",
        "recall",
        "not-known",
    }


def test_no_text_holds_a_colon_a_line_end_or_a_placeholder():
    names = tables.names(COUNTRIES)
    for table in (names.first, names.last, names.companies, tables.cities(COUNTRIES)):
        assert not table.texts.str.contains("[:\n\r\t\0\ue000-\uefff]").any()
        assert not table.texts.str.starts_with('"').any()
        assert not (table.texts.str.strip_chars() != table.texts).any()
    for table in (names.first, names.last):
        assert not table.texts.str.contains('[,"]').any()
    for table in (names.first_ascii, names.last_ascii):
        assert table.texts[1:].str.contains("^[a-z]+$").all()


def test_romanised_names_stand_beside_their_names():
    names = tables.names(COUNTRIES)
    assert (names.first.starts == names.first_ascii.starts).all()
    assert (names.last.starts == names.last_ascii.starts).all()


@pytest.mark.parametrize("twin", TWINS.values(), ids=lambda twin: twin.name)
def test_the_last_text_column_of_a_twin_is_never_empty(twin):
    columns = {column.name: column for column in twin.columns}
    fill = columns[twin.text[-1]].fill
    assert fill == 1.0


def test_the_columns_are_those_of_the_published_formats():
    assert [column.name for column in FACEBOOK_2021.columns] == (
        "phone uid first last gender city hometown relationship work date email birthdate".split()
    )
    assert len(TWINS["facebook-2021-csv"].columns) == 17
    assert len(TWINS["facebook-2021-dz"].columns) == 11
