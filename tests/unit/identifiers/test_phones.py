"""What a cell says of a phone number, form by form."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.identifiers import phones

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "phones-parse.json").read_text(encoding="utf-8")
)
LONDON = {"e164": "+442070313000", "region": "GB", "kind": "fixed_line", "valid": True, "reason": None}


def parse(values, region=None, dtype=None):
    frame = pl.DataFrame({"phone": pl.Series(values, dtype=dtype)})
    return frame.select(phones.parse("phone", region)).to_series().to_list()


def test_an_exponent_in_digits_of_a_later_unicode_is_no_number() -> None:
    (found,) = parse(["447031300012e\U0001e4f5"], None, pl.String)
    assert found["reason"] == "not_a_number"


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_a_cell_reads_as_its_vector_says(vector):
    (found,) = parse([vector["cell"]], vector["region"], pl.String)
    expected = vector["parsed"]
    assert (found is None) == (expected is None)
    if expected is not None:
        assert {key: found[key] for key in expected} == expected


def test_integers_and_whole_floats_read_like_text():
    assert parse([442070313000]) == parse([442070313000], dtype=pl.UInt64) == [LONDON]
    assert parse([442070313000.0]) == [LONDON]
    assert parse([2070313000.0, 2070313000], "GB", pl.Float64) == [LONDON, LONDON]


def test_what_a_float_cannot_hold_has_a_reason():
    reasons = [
        one and one["reason"] for one in parse([2.0**60, 447911.5, -447911123456.0, None, float("nan")])
    ]
    assert reasons == ["lost_digits", "not_a_number", "not_a_number", None, None]


def test_negative_integers_are_not_numbers_and_null_stays_null():
    found = parse([-442070313000, None], dtype=pl.Int64)
    assert found[0]["reason"] == "not_a_number"
    assert found[1] is None


def test_a_column_of_nulls_is_null():
    assert parse([None, None], dtype=pl.Null) == [None, None]
    assert parse([], dtype=pl.String) == []


def test_parse_works_lazily_with_a_known_type():
    frame = pl.LazyFrame({"phone": ["+442070313000"]}).select(phones.parse(pl.col("phone")))
    assert frame.collect_schema()["phone"] == phones.PARSED
    assert frame.collect(engine="streaming").item() == LONDON


def test_an_unknown_region_is_a_usage_error():
    for call in (phones.parse, phones.shape):
        with pytest.raises(UsageError):
            call("phone", "XX")
    with pytest.raises(UsageError):
        phones.resolve(pl.Series(["1"]), "001")


def test_resolve_gives_integers_and_indices():
    found = phones.resolve(
        pl.Series(["442070313000", "+39 06 698 12345", "hello", None, "020 7031 3000"]), "GB"
    )
    assert found.schema == {"number": pl.UInt64, "region": pl.UInt16, "kind": pl.UInt8, "valid": pl.Boolean}
    assert found["number"].to_list() == [442070313000, 390669812345, None, None, 442070313000]
    assert [phones.REGIONS[at] for at in found["region"]] == ["GB", "VA", "ZZ", "ZZ", "GB"]
    assert [phones.KINDS[at] for at in found["kind"]] == [
        "fixed_line",
        "fixed_line",
        "unknown",
        "unknown",
        "fixed_line",
    ]
    assert found["valid"].to_list() == [True, True, False, False, True]


def test_a_national_form_wins_over_the_same_digits_read_as_international():
    assert parse(["2070313000"], "GB")[0]["region"] == "GB"
    assert parse(["491711234567"], "GB")[0] == parse(["491711234567"])[0]
    assert parse(["00491711234567"], "US")[0]["region"] == "DE"


def test_a_shape_shows_the_calling_code_and_one_digit():
    frame = pl.DataFrame({"phone": ["+44 7911 123456", "+12025550123", "hello", None, "+39 06 698 12345"]})
    assert frame.select(phones.shape("phone")).to_series().to_list() == [
        "+44 7▮▮▮ ▮▮▮▮▮▮",
        "+1 2▮▮▮ ▮▮▮▮▮▮",
        None,
        None,
        "+39 0▮▮▮ ▮▮▮▮▮▮",
    ]


@given(
    st.lists(st.text(alphabet=st.characters(), max_size=40), max_size=8),
    st.sampled_from([None, "GB", "US", "AR", "IT"]),
)
@settings(max_examples=100, deadline=None)
def test_any_text_reads_without_an_error(cells, region):
    found = parse(cells, region, pl.String)
    assert len(found) == len(cells)
    for one in found:
        assert one is None or one["valid"] == (one["kind"] != "unknown" and one["reason"] is None)


@given(
    st.lists(st.text(alphabet="0123456789+-()./ eE,;x=:٣۴९８", max_size=24), max_size=8),
    st.sampled_from([None, "GB", "BR"]),
)
@settings(max_examples=200, deadline=None)
def test_a_valid_number_reads_as_itself(cells, region):
    valid = [one for one in parse(cells, region, pl.String) if one is not None and one["valid"]]
    again = [one["e164"] for one in valid]
    assert parse(again, region, pl.String) == valid
    assert parse(again, None, pl.String) == valid
    assert parse([int(text) for text in again], None, pl.UInt64) == valid


@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-(2**63), 2**63 - 1).map(float)), max_size=8))
@settings(max_examples=50, deadline=None)
def test_any_float_reads_without_an_error(values):
    assert len(parse(values, "MX", pl.Float64)) == len(values)
