"""What an assessment compares, what it leaves out, and what it concludes."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from floodmark.assessment.advert import RESULTS, assess
from floodmark.assessment.advert_reading import Remark, pasted
from floodmark.assessment.advert_values import values
from floodmark.assessment.fingerprint.statistics import statistics_tables
from floodmark.assessment.population import POPULATION_SOURCE, population
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import Price, exactly
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement

from .adverts import COUNTS, OTHER, assessed, known, made

SCHEMA = Draft202012Validator(
    json.loads(files("floodmark.assessment").joinpath("advert.schema.json").read_text())
)


def test_figures_of_a_known_table_are_found():
    found = assessed()
    assert found.result == "repeats"
    assert [one.known.id for one in found.found] == ["old-leak/list"]
    assert found.likelihood is not None
    assert found.likelihood.word == "almost certain"


def test_figures_of_no_known_table_are_not_found_and_get_no_word_of_likelihood():
    found = assessed(tables=[known(OTHER)])
    assert found.result == "not-found"
    assert found.likelihood is None


def test_one_figure_alone_cannot_tell():
    assert assessed(made({"EG": COUNTS["EG"]})).result == "cannot-tell"


@pytest.mark.parametrize("tables", [[], [known({"JP": 428_625, "NO": 475_809})]])
def test_without_a_figure_in_common_nothing_is_compared(tables):
    assert assessed(tables=tables).result == "nothing-known"


def test_an_advert_without_figures_is_said_to_have_none():
    assert assessed(made({}, Assertion(kind="new"))).result == "no-numbers"


def test_tables_of_the_leak_that_the_advert_is_about_are_left_out():
    found = assessed(made(about="old-leak"), [known(), known(slug="older-leak")])
    assert [one.id for one in found.left_out] == ["old-leak/list"]
    assert [one.id for one in found.known] == ["older-leak/list"]


def test_a_recorded_advert_is_not_compared_with_itself():
    from floodmark.assessment.advert_reading import Advert

    said = made().statement
    recorded = Statement(
        id="7", about="", kind="advert", speaker_kind="seller", speaker="a seller", said_on="2022-11-16",
        text="For sale.", assertions=said.assertions,
    )  # fmt: skip
    itself = known()
    found = assess(Advert(statement=recorded), [type(itself)(**{**itself.__dict__, "id": "7", "about": ""})])
    assert found.matches == ()
    assert [one.id for one in found.left_out] == ["7"]


def test_every_match_that_was_found_is_shown_and_else_the_closest():
    both = assessed(tables=[known(), known(slug="a-copy"), known(OTHER, slug="another")])
    assert {one.known.about for one in both.shown} == {"old-leak", "a-copy"}
    none = assessed(tables=[known(OTHER), known({"EG": 5, "US": 7, "FR": 9, "MY": 1}, slug="another")])
    assert len(none.shown) == 1


def test_a_total_alone_is_compared_and_tells_nothing():
    found = assessed(made({}, total=Quantity(487_000_000, 3)), [known(total=Quantity(533_000_000, 3))])
    assert found.result == "cannot-tell"
    assert found.shown == ()


@pytest.mark.parametrize(
    ("id_", "checked_on", "source"),
    [
        ("old-leak/list", "2026-01-02", "a newspaper; https://example.org/list"),
        ("old-leak/list", "", "a newspaper; https://example.org/list (cited, not opened)"),
        ("12", "", "a newspaper; https://example.org/list"),
    ],
)
def test_where_a_known_table_was_read_is_told_and_whether_it_was(id_, checked_on, source):
    said = Statement(
        id=id_, about="old-leak", kind="report", speaker_kind="journalist", speaker="a newspaper",
        said_on="2019-04-03", text="A table.", source="a newspaper", source_url="https://example.org/list",
        checked_on=checked_on,
    )  # fmt: skip
    table = known()
    found = assessed(tables=[type(table)(**{**table.__dict__, "id": id_})], statements=[said])
    assert found.sources == {id_: source}


def test_prices_and_orders_stand_beside_the_match():
    price = Price(exactly(7000), "USD")
    found = assessed(made(prices={"US": price}), [known(prices={"US": price})])
    assert found.orders["old-leak/list"].tau == 1
    assert [one.is_same for one in found.prices["old-leak/list"]] == [True]


def test_what_others_say_of_the_same_is_held_against_it():
    other = Statement(
        id="3", about="new-leak", kind="report", speaker_kind="journalist", speaker="a newspaper",
        said_on="2022-11-24", text="478 million.",
        assertions=(Assertion(kind="total", quantity=Quantity(478_000_000, 3)),),
    )  # fmt: skip
    said = made(total=Quantity(487_000_000, 3), about="new-leak")
    assert [one.thing for one in assessed(said, statements=[other]).contradictions] == ["total"]
    assert assessed(made(total=Quantity(487_000_000, 3)), statements=[other]).contradictions == ()


def test_an_assessment_hangs_on_nothing_but_what_it_is_given():
    assert values(assessed()) == values(assessed())


QUANTITIES = st.builds(
    lambda value, digits, bound: Quantity(value, min(digits, len(str(value))), bound),
    st.integers(0, 10**15),
    st.integers(1, 16),
    st.sampled_from(["", "about", "at-least", "at-most"]),
)
COUNTRIES = st.sampled_from(["EG", "US", "FR", "MY", "GB", "SG", "ID", "AQ", "XK"])


@settings(deadline=None, max_examples=60)
@given(
    counts=st.dictionaries(COUNTRIES, QUANTITIES, max_size=9),
    total=st.none() | QUANTITIES,
    tables=st.lists(st.dictionaries(COUNTRIES, st.integers(0, 10**12), min_size=1, max_size=9), max_size=3),
    said_on=st.sampled_from(["", "2018", "2022-11", "2022-11-16"]),
    sample=st.none() | st.integers(1, 10**9),
    drawn=st.sampled_from(["ours", "researcher", "seller", "unknown"]),
)
def test_whatever_is_said_the_json_is_of_its_schema(counts, total, tables, said_on, sample, drawn):
    said = made(
        counts, total=total, said_on=said_on, sample=sample, drawn=drawn if sample else "",
        understood=["Read as lines."], remarks=[Remark(slug="a", words="A line is not clear.", line=3)],
    )  # fmt: skip
    found = assessed(said, [known(one, slug=f"leak-{place}") for place, one in enumerate(tables)])
    assert found.result in RESULTS
    written = json.loads(json.dumps(values(found)))
    SCHEMA.validate(written)
    assert written["words"]["cannot_tell"]


FOLLOWING = {country: round(count * 0.07) for country, count in population().items() if count > 10**6}


def test_figures_that_follow_a_statistic_are_said_to_and_are_of_no_leak():
    found = assess(made(FOLLOWING), [known(OTHER), *statistics_tables()])
    assert found.result == "statistic"
    assert [one.known.id for one in found.found] == ["statistic:population"]
    assert [one.id for one in found.leaks] == ["old-leak/list"]
    assert found.sources["statistic:population"] == POPULATION_SOURCE
    SCHEMA.validate(json.loads(json.dumps(values(found))))


def test_a_leak_that_has_the_figures_comes_before_the_statistic_that_both_follow():
    found = assess(made(FOLLOWING), [known(FOLLOWING), *statistics_tables()])
    assert found.result == "repeats"
    assert [one.known.id for one in found.found] == ["old-leak/list", "statistic:population"]


def test_a_statistic_alone_is_no_known_table_to_have_been_compared_with():
    found = assess(made(), statistics_tables())
    assert found.result == "nothing-known"
    assert (found.leaks, found.shown) == ((), ())


def test_an_advert_of_a_total_alone_needs_no_file():
    said = pasted([Assertion(kind="total", quantity=Quantity(533_000_000, 3))])
    found = assess(said, [known(total=Quantity(533_000_000, 3))])
    assert found.result == "cannot-tell"
    written = values(found)
    SCHEMA.validate(json.loads(json.dumps(written)))
    assert (written["advert"]["id"], written["advert"]["file"]) == (None, None)


def test_a_scaled_figure_keeps_the_known_one_as_it_was_read():
    written = values(assessed(made({country: 3 * count for country, count in COUNTS.items()})))
    (match,) = written["matches"]
    assert (match["alignment"], match["factor"]) == ("scaled", 3.0)
    assert {row["country"]: row["original"]["value"] for row in match["rows"]}.items() <= COUNTS.items()
    assert all(row["original"] is None for row in values(assessed())["matches"][0]["rows"])
