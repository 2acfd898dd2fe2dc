"""A number that is a price, a year, a rank, a code or another country's is left out or warned of, never a count."""

from __future__ import annotations

import pytest

from floodmark.assessment.reading.assertions import UnreadableAssertion, read_assertion
from floodmark.assessment.reading.cut import propose
from floodmark.assessment.reading.table_errors import (
    LooksLikeDump,
    NoCountryTable,
    TooLargeTable,
    UnclearColumns,
)
from floodmark.assessment.reading.tables import ReadTable, read_table


def _read(text: str, **columns: str) -> ReadTable:
    return read_table(text.encode(), **columns)  # type: ignore[arg-type]


def _counts(text: str) -> dict[str, int]:
    return {code: one.value for code, one in _read(text).table.counts.items()}


READ = {
    "Egypt 1億2000万\nItaly 4482万3547": {"EG": 120_000_000, "IT": 44_823_547},
    "Egypt 44M 1500$\nItaly 35M 1200$": {"EG": 44_000_000, "IT": 35_000_000},
    "Egypt 2022: 44,823,547\nItaly 2022: 35,677,323": {"EG": 44_823_547, "IT": 35_677_323},
    "Egypt (20): 44,823,547\nItaly (39): 35,677,323": {"EG": 44_823_547, "IT": 35_677_323},
    "Egypt +20 44,823,547\nItaly +39 35,677,323": {"EG": 44_823_547, "IT": 35_677_323},
    "Egypt 1 5,000\nItaly 2 6,000": {"EG": 5_000, "IT": 6_000},
    "44,823,547\nEgypt\n35,677,323\nItaly\n": {"EG": 44_823_547, "IT": 35_677_323},
    "Country,Records (thousands)\nEgypt,44823\nItaly,35677": {"EG": 44_823_000, "IT": 35_677_000},
    "Country;Records, thousand\nEgypt;44823\nItaly;35677": {"EG": 44_823_000, "IT": 35_677_000},
    "Country,Records 000s\nEgypt,44823\nItaly,35677": {"EG": 44_823_000, "IT": 35_677_000},
    "Country  Records (thousands)\nEgypt  44823\nItaly  35677": {"EG": 44_823_000, "IT": 35_677_000},
    "Country,Records (M)\nEgypt,44.8M\nItaly,35.6": {"EG": 44_800_000, "IT": 35_600_000},
    "487M records\nEgypt\n44M\nItaly\n35M": {"EG": 44_000_000, "IT": 35_000_000},
    "Korea, South: 5000\nCongo, Democratic Republic of the: 8000": {"KR": 5_000, "CD": 8_000},
    "S. Sudan 5000\nSudan 6000": {"SS": 5_000, "SD": 6_000},
    "Sudan (South) 5000\nSudan 6000": {"SS": 5_000, "SD": 6_000},
    "Guinea (Papua New) 5000\nGuinea 6000": {"PG": 5_000, "GN": 6_000},
}


@pytest.mark.parametrize("text", READ)
def test_a_count_beside_other_numbers_is_read_where_it_is_clear_and_nothing_is_warned_of(text: str) -> None:
    assert _counts(text) == READ[text]
    assert not _read(text).warnings


REFUSED = {
    "Egypt 44M - 1500\nItaly 35M - 1200": "none is clearly the count",
    "Egypt: 44M 1500\nItaly: 35M 1200": "none is clearly the count",
    "Egypt 1500 44823547\nItaly 1200 35677323": "none is clearly the count",
    "Egypt 6 million 500 euro\nItaly 5 million 400 euro": "no count of Egypt that can be read",
    "Egypt 44 823 547 100$\nItaly 35 677 323 120$": "no count of Egypt that can be read",
    "Country,Price\nEgypt,1500\nItaly,1200": "names no currency",
    "Country   Price\nEgypt    1500\nItaly    1200": "names no currency",
    "Country,Rank\nEgypt,1\nItaly,2": "no count of Egypt that can be read",
    "Country,Percent\nEgypt,15\nItaly,12": "have shares, which are not read",
    "Country,Year\nEgypt,2019\nItaly,2020": "no count of Egypt that can be read",
    "Country  Year\nEgypt  2019\nItaly  2020": "under a heading of years",
    "Land;Anzahl (Tsd.)\nEgypt;44.823\nItaly;35.677": "two ways",
    "Country,Records (millions)\nEgypt,44.823\nItaly,35.677": "two ways",
    "country,iso,count\nEgypt,IT,5\nItaly,FR,6\nMalta,GR,7\n": "Egypt or Italy",
    "Country,State,Records\nUSA,Georgia,5000\nUSA,Texas,6000\nEgypt,Cairo,777": "a part of a country",
    "44M\nEgypt\nItaly\n35M": "not clear which belong together",
}


@pytest.mark.parametrize("text", REFUSED)
def test_numbers_that_are_not_clearly_counts_are_refused_with_the_reason(text: str) -> None:
    with pytest.raises(NoCountryTable) as refused:
        _read(text)
    assert REFUSED[text] in refused.value.message


WARNED = {
    "Egypt 2019\nItaly 2020": "no-counts",
    "Egypt #1\nItaly #2": "no-counts",
    "Egypt 20\nItaly 39\nFrance 33": "no-counts",
    "Figures in thousands\nEgypt 44823\nItaly 35677": "passed-over",
    "Best prices\nEgypt 44823\nItaly 35677": "passed-over",
    "Egypt 5,000\nItaly (10,000)\nFrance 7": "unclear-number",
    "Egypt -5,000\nItaly 10,000\nFrance 7": "negative",
    "Ireland (North) 5000\nIreland 6000": "unclear-country",
    "Georgia (US state) 5000\nItaly 600": "unclear-country",
    "Cyprus (North) 5000\nItaly 700": "unclear-country",
    "<table><tr><td>Egypt<td>44823547<sup>2</sup><tr><td>Italy<td>35677323</table>": "footnote",
}


@pytest.mark.parametrize("text", WARNED)
def test_what_may_be_no_count_or_another_country_is_warned_of(text: str) -> None:
    assert [one.slug for one in _read(text).warnings] == [WARNED[text]]


def test_a_unit_above_a_table_is_read_and_one_in_a_caption_too() -> None:
    counts = {"EG": 44_823_000, "IT": 35_677_000}
    assert _counts("Figures in thousands\nCountry,Records\nEgypt,44823\nItaly,35677") == counts
    rows = "<tr><th>Country<th>Records<tr><td>Egypt<td>44823<tr><td>Italy<td>35677"
    assert _counts(f"<table><caption>Figures in thousands</caption>{rows}</table>") == counts
    assert _counts("We have millions of records\nEgypt 44823\nItaly 35677") == {"EG": 44_823, "IT": 35_677}


def test_america_beside_other_parts_of_the_world_is_no_country() -> None:
    assert _counts("Africa 5000\nAmerica 6000\nAsia 7000\nEgypt 5") == {"EG": 5}
    assert _counts("America 6000\nEgypt 5") == {"US": 6_000, "EG": 5}


def test_numbers_under_a_heading_of_prices_are_prices() -> None:
    read = _read("Prices (USD)\nEgypt 1500\nItaly 1200")
    assert not read.table.counts
    assert {code: one.amount.value for code, one in read.table.prices.items()} == {"EG": 1500, "IT": 1200}


@pytest.mark.parametrize(
    "line",
    ["Total of 11 records.", "Total von 11", "Total de 11 registros", "Total di 11", "In total 11 records"],
)
def test_a_total_in_words_is_read_as_the_total(line: str) -> None:
    read = _read(f"Egypt 5\nItaly 6\n{line}")
    assert read.total is not None
    assert read.total.value == 11


@pytest.mark.parametrize(
    ("text", "encoding", "countries"),
    [
        ("Ülke;Sayı\nMısır;5\nİtalya;6\nTürkiye;7\n", "cp1254", ["EG", "IT", "TR"]),
        ("Země;Počet\nItálie;6\nNěmecko;7\nŠpanělsko;8\n", "cp1250", ["IT", "DE", "ES"]),
        ("Χώρα;Αριθμός\nΑίγυπτος;5\nΓερμανία;7\n", "cp1253", ["EG", "DE"]),
        ("מצרים;5\nאיטליה;6\n", "cp1255", ["EG", "IT"]),
        ("Египет;5\nИталия;6\n", "koi8-r", ["EG", "IT"]),
        ("Египет;5\nИталия;6\n", "cp1251", ["EG", "IT"]),
        ("مصر;5\nإيطاليا;6\n", "cp1256", ["EG", "IT"]),
        ("埃及;5\n意大利;6\n", "gb18030", ["EG", "IT"]),
        ("エジプト;5\nイタリア;6\n", "cp932", ["EG", "IT"]),
    ],
)
def test_a_text_of_before_unicode_is_read_in_its_own_encoding(
    text: str, encoding: str, countries: list[str]
) -> None:
    read = read_table(text.encode(encoding))
    assert list(read.table.counts) == countries
    assert any(f"read as {encoding}" in one for one in read.understood)


def test_an_encoding_that_is_not_the_only_one_is_warned_of() -> None:
    read = read_table("Габон;5\nItaly;6\n".encode("koi8-r"))
    assert "encoding" in [one.slug for one in read.warnings]


DUMPS = {
    "a column of phones": "country,phone\nEgypt,201551234501\nItaly,391551234502",
    "a column of short ones": "country,mobile\nEgypt,1551234501\nItaly,1551234502",
    "JSON on a line": '{"Egypt":"201551234501","Italy":"391551234502","Spain":"391551234503"}',
    "JSON of phones": '["201551234501","391551234502","391551234503"]',
    "ten digits": "Egypt 2015512345\nItaly 3915512346\nSpain 3415512347",
    "nine digits": "Egypt,201551234\nItaly,391551234\nSpain,341551234",
}


@pytest.mark.parametrize("text", DUMPS.values(), ids=DUMPS)
def test_telephone_numbers_are_no_counts_and_are_not_quoted(text: str) -> None:
    with pytest.raises(LooksLikeDump) as refused:
        _read(text)
    assert "1551" not in f"{refused.value.message} {refused.value.hint}"


def test_counts_of_phones_are_no_phones() -> None:
    assert _counts("country,phones\nEgypt,44823547\nItaly,35677323") == {"EG": 44_823_547, "IT": 35_677_323}


@pytest.mark.parametrize("value", ["4915123456789", "999,999,999,999,999", "14155550123"])
def test_a_typed_total_that_is_a_telephone_number_or_absurd_is_refused(value: str) -> None:
    with pytest.raises(UnreadableAssertion) as refused:
        read_assertion(f"total={value} phones")
    assert value not in refused.value.message


def test_objects_of_json_side_by_side_are_columns_and_two_tables_are_refused() -> None:
    prices, counts = '{"Egypt":1500,"Italy":1200}', '{"Egypt":50000,"Italy":60000}'
    read = _read(f'{{"price":{prices},"count":{counts}}}', currency="USD")
    assert {code: one.value for code, one in read.table.counts.items()} == {"EG": 50_000, "IT": 60_000}
    assert read.table.prices["EG"].amount.value == 1500
    assert not _read(f'{{"price":{prices}}}', currency="USD").table.counts
    with pytest.raises(UnclearColumns) as refused:
        _read(f'{{"phones":{counts},"emails":{counts}}}')
    assert "2 (phones), 3 (emails)" in (refused.value.hint or "")
    rows = '[{"country":"Egypt","count":5},{"country":"Italy","count":6}]'
    for text in (f'{{"then":{rows},"now":{rows}}}', f'{{"then":{counts},"now":{rows}}}'):
        with pytest.raises(UnclearColumns):
            _read(text)


def test_json_may_have_a_document_a_line() -> None:
    assert _counts('{"country":"Egypt","count":5}\n{"country":"Italy","count":6}') == {"EG": 5, "IT": 6}


def test_lines_that_gave_nothing_are_listed() -> None:
    understood = _read("Hello\nEgypt 5\nItaly 6\nseven and 8 of those are here to be found").understood
    assert any("lines 1 and 4" in one for one in understood)


def test_ranks_of_tables_side_by_side_are_no_counts() -> None:
    counts = {"EG": 44_823_547, "IT": 35_677_323, "FR": 5_000, "ES": 6_000, "MT": 7, "PE": 8}
    rows = [
        ("1", "Egypt", "44,823,547", "2", "Italy", "35,677,323"),
        ("3", "France", "5,000", "4", "Spain", "6,000"),
        ("5", "Malta", "7", "6", "Peru", "8"),
    ]
    assert _counts("\n".join("\t".join(row) for row in rows)) == counts
    assert (
        _counts(
            "1 Egypt 44,823,547   2 Italy 35,677,323\n3 France 5,000   4 Spain 6,000\n5 Malta 7   6 Peru 8"
        )
        == counts
    )


def test_counts_that_may_all_be_decimals_are_warned_of() -> None:
    assert [one.slug for one in _read("Egypt 44.823\nItaly 35.677").warnings] == ["decimal-mark"]
    assert not _read("Egypt 44.823.547\nItaly 35.677").warnings


def test_a_number_that_a_spreadsheet_keeps_as_text_is_read() -> None:
    assert _counts('Egypt,="44823547"\nItaly,="35677323"') == {"EG": 44_823_547, "IT": 35_677_323}


def test_lines_of_very_many_cells_are_too_large() -> None:
    line = ", ".join(["Nigeria:5"] * 99)
    with pytest.raises(TooLargeTable):
        _read("\n".join([line] * 300))


@pytest.mark.parametrize(
    "sentence",
    [
        "It has 5 thousand million users.",
        "9 of 10 users are affected.",
        "9 out of 10 users are affected.",
        "It affects 44 million or 45 million users.",
        "At least 50-60 million users were hit.",
        "50 to 60 million users were hit.",
        "One in 3 users was hit.",
    ],
)
def test_of_a_number_beside_another_nothing_is_proposed(sentence: str) -> None:
    assert not propose(sentence)
