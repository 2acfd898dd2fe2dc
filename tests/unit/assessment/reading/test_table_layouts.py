"""Every layout reads back what was written, in the numbers and names of any language."""

from __future__ import annotations

import json

import pytest
from babel import Locale, numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.assessment.reading.countries import read_country
from floodmark.assessment.reading.tables import ReadTable, read_table

from .renderings import LAYOUTS

LOCALES = (
    "ar ar_EG bn cs da de de_AT de_CH el en en_IN es es_MX et fa fi fr fr_CH he hi hu id it ja ko lt lv ms nb nl pl "
    "pt pt_PT ro ru sk sl sr sv sw ta th tr uk ur vi zh zh_Hant"
).split()
COUNTRIES = sorted(
    code
    for code in Locale("en").territories
    if len(code) == 2 and read_country(code) == code and code not in ("CD", "CG", "KP")
)


def _printed(counts: dict[str, int], locale: str) -> list[tuple[str, str]]:
    names = Locale.parse(locale).territories
    return [
        (
            names.get(code, code) if read_country(names.get(code, code)) == code else code,
            numbers.format_decimal(count, locale=locale, numbering_system="default"),
        )
        for code, count in counts.items()
    ]


def _counts(read: ReadTable) -> dict[str, int]:
    return {code: one.value for code, one in read.table.counts.items()}


# Small counts may look like ranks, years or calling codes, and counts with one point like decimals.
ODD = {"no-counts", "decimal-mark"}
TABLES = st.dictionaries(st.sampled_from(COUNTRIES), st.integers(1, 900_000_000), min_size=2, max_size=12)


@settings(max_examples=400)
@given(
    TABLES,
    st.sampled_from(LOCALES),
    st.sampled_from(sorted(LAYOUTS)),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_written_in_any_layout_and_language_is_read_again(
    counts: dict[str, int], locale: str, layout: str, encoding: str
) -> None:
    read = read_table(LAYOUTS[layout](_printed(counts, locale)).encode(encoding))
    assert _counts(read) == counts
    assert {one.slug for one in read.warnings} <= ODD


@settings(max_examples=150)
@given(TABLES, st.sampled_from(LOCALES), st.sampled_from(sorted(set(LAYOUTS) - {"side by side"})))
def test_a_total_that_fits_is_read_as_the_total_and_is_no_row(
    counts: dict[str, int], locale: str, layout: str
) -> None:
    total = sum(counts.values())
    printed = [
        *_printed(counts, locale),
        ("Total", numbers.format_decimal(total, locale=locale, numbering_system="default")),
    ]
    read = read_table(LAYOUTS[layout](printed).encode())
    assert read.total is not None
    assert (read.total.value, _counts(read)) == (total, counts)
    assert {one.slug for one in read.warnings} <= ODD


@settings(max_examples=60)
@given(TABLES, st.integers(1, 10**6), st.sampled_from(sorted(set(LAYOUTS) - {"side by side"})))
def test_a_total_that_does_not_fit_is_warned_of_with_the_difference(
    counts: dict[str, int], off: int, layout: str
) -> None:
    printed = [*_printed(counts, "en"), ("Total", f"{sum(counts.values()) + off:,}")]
    read = read_table(LAYOUTS[layout](printed).encode())
    slugs = [one.slug for one in read.warnings if one.slug not in ODD]
    if not slugs:
        # Numbers with zeros at their ends may be rounded, and then the rows may add up to the total.
        assert read.total is not None
        assert read.total.step + sum(one.step for one in read.table.counts.values()) > off
    else:
        assert slugs == ["sum"]
        assert any(f"{off:,}" in one.words for one in read.warnings if one.slug == "sum")


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_counts_in_millions_are_read_in_every_layout(layout: str) -> None:
    read = read_table(
        LAYOUTS[layout](
            [("Egypt", "44.8M"), ("Italy", "35.7 million"), ("Russia", "~10M"), ("India", ">6M")]
        ).encode()
    )
    assert _counts(read) == {"EG": 44_800_000, "IT": 35_700_000, "RU": 10_000_000, "IN": 6_000_000}
    assert [one.bound for one in read.table.counts.values()] == ["", "", "about", "at-least"]


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"JSON object"}))
def test_a_country_twice_is_warned_of_in_every_layout(layout: str) -> None:
    read = read_table(
        LAYOUTS[layout]([("Egypt", "44,823,547"), ("Italy", "35,677,323"), ("Egypt", "44,823,548")]).encode()
    )
    assert _counts(read) == {"EG": 44_823_547, "IT": 35_677_323}
    assert [one.slug for one in read.warnings] == ["twice-different"]


def test_a_name_that_stands_twice_in_a_json_object_is_warned_of() -> None:
    read = read_table(b'{"Egypt": 5, "Italy": 6, "Egypt": 7}')
    assert _counts(read) == {"EG": 5, "IT": 6}
    assert [one.slug for one in read.warnings] == ["twice-different"]


def test_a_number_of_json_has_the_point_as_decimal_mark() -> None:
    read = read_table(json.dumps({"Egypt": 1.234, "Italy": 5.0, "Malta": 7}).encode())
    assert _counts(read) == {"IT": 5, "MT": 7}
    assert [one.slug for one in read.warnings] == ["fraction"]
