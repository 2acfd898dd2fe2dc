"""Statements of every kind, made up by Hypothesis: fit to be recorded, with words in many scripts."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Price
from floodmark.assessment.statements.fit import MOST
from floodmark.assessment.statements.kinds import (
    ASSERTION_KINDS,
    COUNTED,
    DRAWN,
    KINDS,
    OFFERS,
    SPEAKER_KINDS,
)
from floodmark.assessment.statements.quantity import BOUNDS, Quantity
from floodmark.assessment.statements.statement import Saying
from floodmark.assessment.statements.values import LARGEST

COUNTRIES = ("EG", "IT", "US", "SA", "DE", "NG", "IN", "BR")
LABELS = ("phone", "email", "first_name", "birth_date")
LETTERS = "aäzßéЖяשあ中ि-‘ "


def words(longest: int = 30) -> st.SearchStrategy[str]:
    """Text as the register keeps it: in NFC, one line, without outer white space."""
    return st.text(LETTERS, max_size=longest).map(lambda text: " ".join(["A", *text.split()]))


@st.composite
def quantities(draw: st.DrawFn, least: int = 0, most: int = 2_000_000_000) -> Quantity:
    value = draw(st.integers(least, most) | st.sampled_from([least, 1, 10, most, 487_000_000]))
    digits = draw(st.integers(1, min(10, len(str(value)))))
    return Quantity(value, digits, draw(st.sampled_from(BOUNDS)))


@st.composite
def tables(draw: st.DrawFn) -> CountryTable:
    rows = []
    for country in draw(st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=8, unique=True)):
        price = draw(st.none() | st.builds(Price, quantities(most=LARGEST), st.sampled_from(["USD", "EUR"])))
        count = draw(quantities() if price is None else st.none() | quantities())
        rows.append(CountryRow(country, count, price, draw(st.just("") | words(10))))
    return CountryTable(tuple(rows))


def partial_dates() -> st.SearchStrategy[str]:
    days = st.dates(date(1990, 1, 1), date(2025, 12, 31))
    return st.builds(lambda day, length: str(day)[:length], days, st.sampled_from([4, 7, 10]))


@st.composite
def assertions(draw: st.DrawFn) -> Assertion:
    kind = draw(st.sampled_from(ASSERTION_KINDS))
    parts: dict[str, object] = {"scope": draw(st.just("") | words(10)), "quote": draw(st.just("") | words())}
    if kind in ("total", "countries"):
        parts["quantity"] = draw(quantities(least=1, most=MOST))
    if kind == "amount":
        parts["quantity"] = draw(quantities(most=LARGEST))
    if kind == "total":
        parts["of"] = draw(st.sampled_from(COUNTED))
    if kind == "amount":
        parts["currency"] = draw(st.sampled_from(["USD", "EUR"]))
    if kind == "countries":
        parts["table"] = draw(st.none() | tables())
    if kind == "fields":
        parts["fields"] = tuple(draw(st.lists(st.sampled_from(LABELS), min_size=1, unique=True)))
    if kind == "attack-by":
        parts["who"] = draw(words())
    if kind in ("fixed-before", "dated") or (kind == "old" and draw(st.booleans())):
        parts["on"] = draw(partial_dates())
    return Assertion(kind=kind, **parts)  # type: ignore[arg-type]


@st.composite
def sayings(draw: st.DrawFn) -> Saying:
    kind = draw(st.sampled_from(KINDS))
    sample = draw(st.none() | st.integers(1, MOST))
    return Saying(
        kind=kind,
        speaker_kind=draw(st.sampled_from(SPEAKER_KINDS)),
        speaker=draw(words()),
        said_on=draw(partial_dates()),
        text=draw(words()),
        source_url=draw(st.sampled_from(["", "https://example.org/a?b=c#d"])),
        source=draw(words()),
        learnt_on=draw(st.none() | st.just("2025-12-31")),
        offer=draw(st.sampled_from(["", *OFFERS])) if kind == "advert" else "",
        sample=sample,
        drawn="" if sample is None else draw(st.sampled_from(DRAWN)),
        assertions=tuple(draw(st.lists(assertions(), max_size=6))),
    )
