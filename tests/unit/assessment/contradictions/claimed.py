"""Statements that were made up to agree or not, and how Hypothesis draws them."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import strategies as st

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Quantity, exactly
from floodmark.assessment.statements.statement import Statement

_NUMBERS = itertools.count(1)


def said(speaker: str, on: str, *assertions: Assertion, **changed: Any) -> Statement:
    """What somebody said, a newspaper unless it is told otherwise; every statement has another number."""
    values: dict[str, Any] = {
        "id": str(next(_NUMBERS)),
        "about": "acme",
        "kind": "report",
        "speaker_kind": "journalist",
        "speaker": speaker,
        "said_on": on,
        "text": "As printed.",
        "assertions": assertions,
    }
    return Statement(**values | changed)


def total(value: int, digits: int = 3, of: str = "phones", **changed: Any) -> Assertion:
    bound = changed.pop("bound", "")
    return Assertion(kind="total", quantity=Quantity(value, digits, bound), of=of, **changed)


def table(**counts: int) -> Assertion:
    rows = (CountryRow(country, exactly(count)) for country, count in counts.items())
    return Assertion(kind="countries", table=CountryTable(tuple(rows)))


quantities = st.builds(
    lambda value, bound: Quantity(value, max(1, len(str(value).rstrip("0"))), bound),
    st.sampled_from([47, 48, 50, 470, 478, 480, 487, 500, 4_800, 4_780]),
    st.sampled_from(["", "", "", "about", "at-least", "at-most"]),
)
dates = st.sampled_from(["2019", "2019-08", "2019-08-03", "2019-09", "2021", "2021-04-08", "soon", ""])
scopes = st.sampled_from(["", "", "US", "us", "outage"])
assertions = st.one_of(
    st.builds(
        Assertion,
        kind=st.just("total"),
        quantity=quantities,
        of=st.sampled_from(["phones", "rows"]),
        scope=scopes,
    ),
    st.builds(Assertion, kind=st.just("countries"), quantity=quantities),
    st.dictionaries(st.sampled_from(["US", "EG", "IT"]), st.sampled_from([47, 48, 470]), min_size=1).map(
        lambda counts: table(**counts)
    ),
    st.builds(
        Assertion, kind=st.just("amount"), quantity=quantities, currency=st.sampled_from(["", "EUR", "USD"])
    ),
    st.builds(Assertion, kind=st.sampled_from(["dated", "fixed-before", "old"]), on=dates, scope=scopes),
    st.builds(Assertion, kind=st.just("attack-by"), who=st.sampled_from(["", "A", "a ", "B"]), scope=scopes),
    st.builds(
        Assertion,
        kind=st.sampled_from(["new", "scraped", "breach", "fault", "not-ours", "public-only"]),
        scope=scopes,
    ),
    st.builds(Assertion, kind=st.just("fields"), fields=st.sampled_from([("phone",), ("first_name",), ()])),
)


@st.composite
def statements(draw: st.DrawFn, about: tuple[str, ...] = ("acme", "other"), most: int = 7) -> list[Statement]:
    """A few statements of different speakers, some of them of one speaker."""
    found = []
    for place in range(draw(st.integers(0, most))):
        who = draw(st.sampled_from(["company", "seller", "regulator", "journalist"]))
        found.append(
            Statement(
                id=str(place),
                about=draw(st.sampled_from(about)),
                kind=draw(
                    st.sampled_from(["advert", "denial", "confirmation", "report", "decision", "fine"])
                ),
                speaker_kind=who,
                speaker=draw(st.sampled_from([who, f"another {who}"])),
                said_on=draw(st.sampled_from(["2019", "2021-04", "2021-04-03", "2022-11-16", "2022-11-28"])),
                text="As printed.",
                assertions=tuple(draw(st.lists(assertions, max_size=3))),
            )
        )
    return found
