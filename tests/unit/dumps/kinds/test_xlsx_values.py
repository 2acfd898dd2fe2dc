from __future__ import annotations

import datetime
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import Overrides
from floodmark.dumps.kinds.xlsx_formats import format_of, formats
from floodmark.dumps.kinds.xlsx_values import plain_numbers

from .test_xlsx import rows_of
from .workbooks import sheet_xml, styles_xml, workbook


def shown(value: object, code: str | int, since_1904: bool = False) -> str:
    styles = styles_xml(["General", code])
    value = f'<c r="B1" s="1"><v>{value}</v></c>'
    ((_, text),) = rows_of(
        workbook({"S": sheet_xml([["x", value]], [0, 1])}, styles=styles, since_1904=since_1904)
    )
    return text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (44289, "dd/mm/yyyy", "2021-04-03"),
        (44289, 14, "2021-04-03"),
        (44289, "[$-409]mmmm d, yyyy;@", "2021-04-03"),
        (44289.424444444441, "dd.mm.yyyy", "2021-04-03 10:11:12"),
        (44289.424444444441, "yyyy-mm-dd hh:mm", "2021-04-03 10:11:12"),
        (44289.424444444441, 22, "2021-04-03 10:11:12"),
        (0.424444444444444, "h:mm AM/PM", "10:11:12"),
        (1.5, "[h]:mm", "36:00:00"),
        (0.5, "mm:ss.0", "12:00:00"),
        (1, 14, "1900-01-01"),
        (59, 14, "1900-02-28"),
        (61, 14, "1900-03-01"),
        (2958465, 14, "9999-12-31"),
        (2958466, 14, "2958466"),
        (-1, 14, "-1"),
        (1234, "00000", "01234"),
        (447700900123, '"+"0', "+447700900123"),
        (447700900123, "+0", "+447700900123"),
        (1234.5, "#,##0.00", "1234.5"),
        (0.25, "0%", "0.25"),
        (44289, '0 "days"', "44289"),
        (44289, "@", "44289"),
        (44289, '"dd/mm"', "44289"),
        (44289, "no such code [", "44289"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value: object, code: str | int, text: str) -> None:
    assert shown(value, code) == text


def test_a_number_with_an_exponent_is_written_out() -> None:
    assert shown("4.47700900123E11", 0) == "447700900123"
    assert shown("4.47700900123E+11", 0) == "447700900123"
    assert shown("12345678901234567890", 0) == "12345678901234567890"
    assert shown("1.2345678901234567E+19", 0) == "12345678901234600000"
    assert shown("0.1", 0) == "0.1"
    assert shown("0.30000000000000004", 0) == "0.3"
    assert shown("NaN", 0) == "NaN"
    assert shown("no number", 0) == "no number"


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_every_integer_that_a_double_holds_is_read_as_typed(number: int) -> None:
    written = pl.Series([str(number), f"{number}.0", f"{float(number):.16E}"])
    assert plain_numbers(written).to_list() == [str(number)] * 3


@given(st.decimals(-(10**9), 10**9, places=4))
def test_every_decimal_of_few_digits_is_read_as_typed(number: object) -> None:
    (text,) = plain_numbers(pl.Series([repr(float(str(number)))])).to_list()
    assert float(text) == float(str(number))
    assert "e" not in text.lower() or abs(float(text)) < 1e-4


@settings(max_examples=10)
@given(st.lists(st.dates(datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)), min_size=5, max_size=60))
def test_every_day_is_read_as_that_day(days: list[datetime.date]) -> None:
    rows = [["x", f'<c s="1"><v>{(day - datetime.date(1899, 12, 30)).days}</v></c>'] for day in days]
    data = workbook({"S": sheet_xml(rows)}, styles=styles_xml(["General", "d.m.yy"]))
    assert rows_of(data, Overrides(header=False)) == [("x", day.isoformat()) for day in days]


@given(st.text(max_size=60))
def test_no_format_code_is_too_odd_to_be_read(code: str) -> None:
    assert format_of(code).shows in {"number", "date", "time", "moment"}


def test_formats_of_other_elements_are_no_styles_of_cells() -> None:
    xml = (
        b'<styleSheet><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="1"/></cellXfs>'
        b'<x><xf numFmtId="14"/></x></styleSheet>'
    )
    assert [form.shows for form in formats(io.BytesIO(xml).read)] == ["number"]
