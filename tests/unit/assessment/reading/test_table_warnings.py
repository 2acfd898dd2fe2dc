"""What does not fit in a table is said, and nothing is guessed in silence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from floodmark.assessment.reading.table_errors import (
    LooksLikeDump,
    NoCountryTable,
    TooLargeTable,
    UnclearColumns,
)
from floodmark.assessment.reading.tables import ReadTable, read_table
from floodmark.assessment.statements.country_table import Price
from floodmark.assessment.statements.quantity import Quantity
from floodmark.errors import FloodmarkError

ADVERT = """WhatsApp database 2022
84 countries
1. Egypt - 44,823,547
2. Italy - 35,677,323
3. USA - 32,315,282 - $7,000
4. Saudi Arabia 28.8M
5. UK: 11.5M $2500
Africa 14M
Russia ~10M
Total: 487M
contact the seller
"""


def _read(text: str, **columns: str) -> ReadTable:
    return read_table(text.encode(), **columns)  # type: ignore[arg-type]


def _slugs(text: str) -> list[str]:
    return [one.slug for one in _read(text).warnings]


def test_an_advert_is_read_with_its_total_its_prices_and_what_it_says_of_countries() -> None:
    read = _read(ADVERT)
    assert list(read.table.counts) == ["EG", "IT", "US", "SA", "GB", "RU"]
    assert read.table.prices["US"] == Price(Quantity(7000, 1), "USD")
    assert read.total == Quantity(487_000_000, 3)
    assert read.countries == Quantity(84, 2)
    assert [one.slug for one in read.warnings] == ["region", "sum", "countries"]


def test_a_region_is_never_taken_for_a_country_and_africa_is_asked_for() -> None:
    read = _read(ADVERT)
    assert "ZA" not in read.table.counts
    assert "may mean South Africa" in read.warnings[0].words


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("Malta: -5", "negative"),
        ("Malta: 0", "zero"),
        ("Malta: 1.5", "fraction"),
        ("Malta: 999,999,999,999", "absurd"),
        ("Malta: 1.234M", "unclear-number"),
        ("Malta: 12*", "footnote"),
        ("Malta: n/a", "no-count"),
        ("Malta", "no-count"),
        ("Malta: 12 %", "no-count"),
        ("Malta: 12 - 13", "further-numbers"),
        ("Atlantis: 12", "unknown-country"),
        ("Congo: 12", "unclear-country"),
        ("Europe: 12", "region"),
        ("Others: 12", "others"),
        ("Egypt: 6", "twice-different"),
        ("Egypt: 5", "twice"),
        ("Total: 500", "sum"),
        ("Total: 100 countries", "countries"),
    ],
)
def test_a_line_that_is_not_clear_is_warned_of_by_its_number(line: str, slug: str) -> None:
    read = _read(f"Egypt: 5\nItaly: 7\n{line}\n")
    assert slug in [one.slug for one in read.warnings]
    assert {"EG", "IT"} <= {*read.table.counts}


def test_two_totals_that_differ_are_both_left_out_and_two_that_agree_are_one() -> None:
    assert _slugs("Egypt: 5\nItaly: 7\nTotal: 12\nTotal: 13") == ["two-totals"]
    assert _read("Egypt: 5\nItaly: 7\nTotal: 12\nSum: 12").total == Quantity(12, 2)


def test_rows_left_out_may_make_up_the_total() -> None:
    assert _slugs("Egypt: 5\nItaly: 7\nOthers: 8\nTotal: 20") == ["others"]


def test_a_last_row_without_a_name_that_is_the_sum_is_the_total_and_said() -> None:
    read = _read("Country;Count\nEgypt;5\nItaly;7\n;12\n")
    assert read.total == Quantity(12, 2)
    assert any("read as the total" in one for one in read.understood)
    assert _slugs("Country;Count\nEgypt;5\nItaly;7\n;11\n") == ["no-country"]


def test_a_name_of_two_countries_is_left_out_though_the_other_has_a_line_of_its_own() -> None:
    for text, left in (
        ("Korea: 5\nNorth Korea: 7", ["KP"]),
        ("South Korea 5,000\nKorea 6,000", ["KR"]),
        ("🇪🇬 Italy 5,000\nItaly 6,000", ["IT"]),
        ("Georgia (USA) 5,000\nUSA 6,000", ["US"]),
    ):
        read = _read(text)
        assert list(read.table.counts) == left
        assert [one.slug for one in read.warnings] == ["unclear-country"]


def test_a_name_and_a_code_that_name_two_countries_are_left_out() -> None:
    read = _read("country,iso,count\nEgypt,EG,5\nItaly,IT,6\nMalta,GR,7\nCongo,CD,8\n")
    assert list(read.table.counts) == ["EG", "IT", "CD"]
    assert [one.slug for one in read.warnings] == ["unclear-country"]


def test_a_number_with_two_readings_is_decided_by_other_cells_and_said() -> None:
    read = _read("Egypt: 44.8M\nMalta: 1.234M")
    assert read.table.counts["MT"] == Quantity(1_234_000, 4)
    assert any("decimal mark" in one for one in read.understood)
    other = _read("Egypt: 44,8M\nMalta: 1.234M")
    assert other.table.counts["MT"].value == 1_234_000_000


def test_headings_in_millions_are_read_as_such_and_said() -> None:
    read = _read("Land;Anzahl (Mio.);Anteil\nÄgypten;44,8;9,2 %\nItalien;10;7 %\n")
    assert read.table.counts == {"EG": Quantity(44_800_000, 3), "IT": Quantity(10_000_000, 2)}
    assert any("units of 1,000,000" in one for one in read.understood)
    assert [one.slug for one in read.warnings] == ["percent"]


def test_of_two_columns_of_counts_none_is_guessed_and_one_can_be_named() -> None:
    text = "country,then,now\nEgypt,5,6\nItaly,7,8\n"
    with pytest.raises(UnclearColumns) as refused:
        _read(text)
    assert "2 (then), 3 (now)" in (refused.value.hint or "")
    assert _read(text, count_column="now").table.counts["EG"].value == 6
    assert _read(text, count_column="2").table.counts["EG"].value == 5
    with pytest.raises(UnclearColumns):
        _read(text, count_column="later")


def test_prices_take_the_currency_of_their_heading_or_the_one_that_is_given() -> None:
    assert _read("country,count,price (EUR)\nEgypt,5,700\nItaly,6,800\n").table.prices["EG"].currency == "EUR"
    assert (
        _read("country,count,price\nEgypt,5,700\nItaly,6,800\n", currency="USD").table.prices["IT"].currency
        == "USD"
    )
    assert _slugs("country,count,price\nEgypt,5,700\nItaly,6,800\n") == ["no-currency", "no-currency"]


def test_a_table_of_prices_alone_is_read() -> None:
    assert {
        code: price.amount.value
        for code, price in _read("USA - $7,000\nUK - $2,500\nGermany - $2,000").table.prices.items()
    } == {
        "US": 7000,
        "GB": 2500,
        "DE": 2000,
    }


@pytest.mark.parametrize(
    "text", ["", " \n\t", "hello world", "Egypt", "{}", "[]", "<table></table>", "\x00\x01"]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(NoCountryTable):
        _read(text)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(TooLargeTable):
        _read("Egypt: 5\n" * 5_001)
    with pytest.raises(TooLargeTable):
        read_table(b"x" * 1_000_001)


def test_the_reference_page_lists_every_kind_of_warning() -> None:
    root = Path(__file__).parents[4]
    page = (root / "docs/reference/country-tables.md").read_text("utf-8")
    listed = {
        slug
        for row in re.findall(r"^\| (`[a-z`, -]+`) \|", page, re.MULTILINE)
        for slug in re.findall(r"[a-z-]+", row)
    }
    folder = root / "src/floodmark/assessment/reading"
    code = "".join(
        (folder / f"{name}.py").read_text("utf-8")
        for name in ("assembly", "entry_numbers", "table_checks", "tables")
    )
    raised = {*re.findall(r"(?:warned\.add|TableWarning)\(\s*\"([a-z-]+)\"", code)}
    raised |= {
        *re.findall(r"return \(?\"([a-z-]+)\",", code),
        "further-numbers",
        "region",
        "others",
        "percent",
        "no-number",
    }
    assert raised <= listed


PHONES = [f"+44 7700 900{at:03d}" for at in range(30)]
DUMPS = {
    "numbers": "\n".join(PHONES),
    "numbers and countries": "\n".join(f"{phone},United Kingdom" for phone in PHONES),
    "addresses": "\n".join(f"user{at}@example.org;Egypt" for at in range(30)),
    "national numbers": "\n".join(f"07700900{at:03d}\tGB" for at in range(30)),
    "bare numbers": "\n".join(f"447700900{at:03d};GB" for at in range(30)),
    "short numbers": "\n".join(f"7700{at:03d};GB" for at in range(60)),
    "names": "\n".join(f"Example{chr(65 + at % 26)};Person;GB;{at}" for at in range(60)),
}


@pytest.mark.parametrize("text", DUMPS.values(), ids=DUMPS)
def test_rows_of_people_are_refused_and_nothing_of_them_is_quoted(text: str) -> None:
    with pytest.raises(LooksLikeDump) as refused:
        _read(text)
    said = f"{refused.value.message} {refused.value.hint}"
    assert "floodmark triage" in said
    assert not any(part in said for part in ("7700", "user", "example", "Person"))


def test_no_warning_or_error_quotes_a_count_or_a_name_that_may_be_an_identifier() -> None:
    text = "Egypt: 5\nItaly: 7\n0770090012x: 31415926\nEgypt: 27182818\nTotal: 16180339\nAustrlia: 11235813"
    read = _read(text)
    words = " ".join(one.words for one in read.warnings)
    assert not any(
        number in words
        for number in ("31415926", "31,415,926", "27182818", "27,182,818", "16,180,339", "0770")
    )
    assert "Austrlia" in words


def test_a_label_that_is_near_no_country_may_be_a_name_and_is_not_quoted() -> None:
    warned = _read("Egypt 5\nItaly 6\njohn smith 7").warnings
    assert [one.words for one in warned] == ["Line 3 names no country that is known."]


def test_a_kind_of_warning_that_comes_again_and_again_is_counted() -> None:
    read = _read("Egypt: 5\nItaly: 7\n" + "\n".join(f"Nowhere{chr(97 + at)}: 5" for at in range(26)))
    assert len([one for one in read.warnings if one.line]) == 20
    assert "6 more warnings" in read.warnings[-1].words


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("Égypte;44\nCôte d’Ivoire;5\n", "cp1252", "cp1252"),
        ("Египет;44\nРоссия;5\n", "cp1251", "cp1251"),
        ("Egypt\t44\nItaly\t5\n", "utf-16", "UTF-16"),
        ("Egypt\t44\nItaly\t5\n", "utf-16-le", "UTF-16-LE"),
        ("Egypt\t44\nItaly\t5\n", "utf-16-be", "UTF-16-BE"),
        ("Egypt\t44\nItaly\t5\n", "utf-32", "UTF-32"),
    ],
)
def test_another_encoding_than_utf_8_is_read_and_said(text: str, encoding: str, said: str) -> None:
    read = read_table(text.encode(encoding))
    assert len(read.table.rows) == 2
    assert any(said in one for one in read.understood)


HOSTILE = {
    "one line": "a" * 900_000,
    "digits": "1" * 900_000,
    "commas": "," * 900_000,
    "bars": "|\n" * 4_900,
    "quotes": '"a,' * 300_000,
    "comments of HTML": "<td>" + "<!--" * 200_000,
    "tags that never close": "<table>" + "<a b='" * 150_000,
    "cells": "<td>" * 200_000,
    "spans": "<tr>" + "<td colspan=999>1" * 40_000,
    "brackets of JSON": "[" * 900_000,
    "objects of JSON": '{"a":' * 180_000,
    "large numbers": '{"Egypt":' + "9" * 900_000 + ',"Italy":-1e999999999}',
    "constants": '{"Egypt": NaN, "Italy": Infinity}',
    "marks": "e" + "\u0301" * 400_000,
    "ligatures": "\ufdfa" * 300_000,
    "flags": "\U0001f1ea" * 200_000,
    "text": ("lorem ipsum dolor sit amet 12 consectetur 5 adipiscing elit " * 3 + "\n") * 4_999,
    "labels": "\n".join(f"Nowhere{chr(97 + at % 26)}{chr(97 + at // 26 % 26)} - {at}" for at in range(4_999)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_refused_without_a_count(text: str) -> None:
    try:
        counts = _read(text).table.counts
    except FloodmarkError:
        return
    assert not counts


def test_marks_that_turn_the_direction_are_passed_over() -> None:
    assert (
        _read("\u202eEgypt\u202c\t\u206644,823,547\u2069\n\u200fItaly\t5\n").table.counts["EG"].value
        == 44_823_547
    )


def test_na_is_namibia_among_codes_and_nothing_among_names() -> None:
    assert list(_read("EG;5\nNA;6\nIT;7\n").table.counts) == ["EG", "NA", "IT"]
    assert _slugs("country;count\nEgypt;5\nItaly;6\nNA;7\n") == ["no-country"]


def test_the_prose_of_an_advert_is_passed_over_and_its_list_is_read() -> None:
    read = _read(
        "I will be selling numbers\n487 million users from 84 countries including:\nUS: 32 million users ($7000)\n"
        "UK: 11 million users ($2500)\nエジプト：４５M\n"
    )
    assert {code: one.value for code, one in read.table.counts.items()} == {
        "US": 32_000_000,
        "GB": 11_000_000,
        "EG": 45_000_000,
    }
    assert (read.of, read.table.prices["GB"].amount.value) == ("users", 2500)
    assert _read("USA | 32M | 7k$\nUK | 11.5M | 2.5k$\n").table.prices["GB"].amount.value == 2500


def test_formulas_and_scripts_are_text_and_nothing_else() -> None:
    read = _read("country,count\nEgypt,5\nItaly,6\n=HYPERLINK(A1),7\nMalta,=1+1\nPeru,@SUM(1)\n")
    assert read.table.counts == {"EG": Quantity(5, 1), "IT": Quantity(6, 1)}
    page = "<table><tr><td>Egypt<script>alert(1)</script><td>5<tr><td>Italy<td>6<!-- 7 --></table>"
    assert {code: one.value for code, one in _read(page).table.counts.items()} == {"EG": 5, "IT": 6}
