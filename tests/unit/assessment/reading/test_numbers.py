"""Numbers as anybody writes them."""

from __future__ import annotations

import pytest
from babel import Locale, numbers
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.reading.numbers import Ambiguous, read_quantity
from floodmark.assessment.statements.quantity import Quantity, exactly

LOCALES = sorted(locale_identifiers())
# Languages with a letter or a word for a number for which others, or English, have another.
DIFFERENT = frozenset("bew id jv kab la lij lld sw to tr vec".split())
SAID = {
    "44,823,547": (44_823_547, 8),
    "44.823.547": (44_823_547, 8),
    "44 823 547": (44_823_547, 8),
    "44\u202f823\u202f547": (44_823_547, 8),
    "44\u00a0823\u00a0547": (44_823_547, 8),
    "44\u2009823\u2009547": (44_823_547, 8),
    "44'823'547": (44_823_547, 8),
    "44’823’547": (44_823_547, 8),
    "4,48,23,547": (44_823_547, 8),
    "4482,3547": (44_823_547, 8),
    "44_823_547": (44_823_547, 8),
    "٤٤٬٨٢٣٬٥٤٧": (44_823_547, 8),
    "۴۴٬۸۲۳٬۵۴۷": (44_823_547, 8),
    "४४,८२३,५४७": (44_823_547, 8),
    "৪৪,৮২৩,৫৪৭": (44_823_547, 8),
    "４４，８２３，５４７": (44_823_547, 8),
    "44.8M": (44_800_000, 3),
    "44,8 Mio.": (44_800_000, 3),
    "44.80 million": (44_800_000, 4),
    "1.2bn": (1_200_000_000, 2),
    "1,2 Mrd": (1_200_000_000, 2),
    "44 million": (44_000_000, 2),
    "44 millions": (44_000_000, 2),
    "44 milhões": (44_000_000, 2),
    "44 mil millones": (44_000_000_000, 2),
    "44 млн": (44_000_000, 2),
    "44 миллиона": (44_000_000, 2),
    "٤٤ مليون": (44_000_000, 2),
    "44 میلیون": (44_000_000, 2),
    "44 milyon": (44_000_000, 2),
    "44 juta": (44_000_000, 2),
    "4482万": (44_820_000, 4),
    "4482만": (44_820_000, 4),
    "1.2億": (120_000_000, 2),
    "1億2000万": (120_000_000, 5),
    "4.5 crore": (45_000_000, 2),
    "45 lakh": (4_500_000, 2),
    "1 crore 20 lakh": (12_000_000, 3),
    "45 लाख": (4_500_000, 2),
    "500k": (500_000, 3),
    "0.5M": (500_000, 1),
    "2,000,000": (2_000_000, 1),
    "10M": (10_000_000, 2),
    "0": (0, 1),
    "44.823.547*": (44_823_547, 8),
    "44,823,547 [2]": (44_823_547, 8),
    "44,823,547²": (44_823_547, 8),
    "1.234": (1_234, 4),
    "44,823": (44_823, 5),
    "7": (7, 1),
    "\u200f44,823\u200e": (44_823, 5),
}


@pytest.mark.parametrize("text", SAID)
def test_a_number_is_read_with_the_digits_that_were_said(text: str) -> None:
    assert read_quantity(text) == Quantity(*SAID[text])


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("~10M", 10_000_000, "about"),
        ("≈ 10M", 10_000_000, "about"),
        (">6M", 6_000_000, "at-least"),
        ("6M+", 6_000_000, "at-least"),
        ("over 6 million", 6_000_000, "at-least"),
        ("more than 6 million", 6_000_000, "at-least"),
        ("mehr als 6 Mio.", 6_000_000, "at-least"),
        ("plus de 6 millions", 6_000_000, "at-least"),
        ("أكثر من 6 مليون", 6_000_000, "at-least"),
        ("up to 5M", 5_000_000, "at-most"),
        ("≤5M", 5_000_000, "at-most"),
        ("bis zu 5 Mio", 5_000_000, "at-most"),
        ("nearly 500M", 500_000_000, "about"),
        ("etwa 500.000", 500_000, "about"),
        ("約4482万", 44_820_000, "about"),
    ],
)
def test_a_bound_that_was_said_is_kept(text: str, value: int, bound: str) -> None:
    found = read_quantity(text)
    assert isinstance(found, Quantity)
    assert (found.value, found.bound) == (value, bound)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Egypt",
        "-5",
        "−5",
        "50 %",
        "1.5",
        "1,234.5",
        "007",
        "2021-04-08",
        "04.08.2021",
        "12:30",
        "1.2.3",
        "10.0.0.1",
        "+447700900123",
        "44 823547",
        "44,82,35,47",
        "10M - 12M",
        "44M apples",
        "1e9",
        "0x10",
        "½",
        "9" * 30,
        "1234567890123456789",
        ">",
        "=44",
        "=1+1",
        "44\n45",
        "4" * 10_000,
        "1 " * 10_000,
    ],
)
def test_what_is_no_count_is_none(text: str) -> None:
    assert read_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.234M", (1_234_000, 1_234_000_000)),
        ("1,234 million", (1_234_000, 1_234_000_000)),
        ("44 mil", (44_000, 44_000_000)),
    ],
)
def test_of_two_readings_neither_is_guessed(text: str, values: tuple[int, ...]) -> None:
    found = read_quantity(text)
    assert isinstance(found, Ambiguous)
    assert tuple(one.value for one in found.readings) == values


@given(st.integers(0, 10**15), st.sampled_from(LOCALES))
def test_a_count_written_in_any_language_of_cldr_is_read_again(value: int, locale: str) -> None:
    found = read_quantity(numbers.format_decimal(value, locale=locale, numbering_system="default"))
    assert found is not None
    assert isinstance(found, Quantity)
    assert found.value == value


def test_a_compact_number_of_any_language_is_read_right_or_not_at_all() -> None:
    read = written = 0
    for locale in map(Locale.parse, LOCALES):
        for width in ("long", "short"):
            for value in (5_000, 44_000, 2_000_000, 44_000_000, 1_000_000_000, 44_000_000_000):
                if width not in locale.compact_decimal_formats or locale.language in DIFFERENT:
                    continue
                found = read_quantity(numbers.format_compact_decimal(value, format_type=width, locale=locale))
                written += 1
                if isinstance(found, Quantity):
                    read += 1
                    assert abs(found.value - value) <= found.step / 2, (locale.language, width, value)
    assert read > 0.8 * written


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "'", "\u202f", "٬"]))
def test_any_grouping_reads_as_the_number_itself(value: int, mark: str) -> None:
    found = read_quantity(f"{value:,}".replace(",", mark))
    assert isinstance(found, Quantity)
    assert found.value == value
    assert found.agrees(exactly(value))


@given(st.text(max_size=200))
def test_any_text_is_read_or_is_none_and_never_fails(text: str) -> None:
    found = read_quantity(text)
    assert found is None or isinstance(found, Quantity | Ambiguous)


@given(st.text(alphabet="0123456789.,' ٫٬Mk+~>-%", max_size=60))
def test_what_looks_like_a_number_is_never_read_below_zero_or_beyond_the_limit(text: str) -> None:
    found = read_quantity(text)
    for one in found.readings if isinstance(found, Ambiguous) else [found] if found else []:
        assert 0 <= one.value <= 10**15
        assert 1 <= one.digits <= len(str(one.value))
