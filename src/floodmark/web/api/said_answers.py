"""What was said of a leak, as the JSON API answers it: statements, what tests make of them, and what disagrees."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from floodmark.assessment import timeline_values
from floodmark.assessment.timeline import Entry, Timeline
from floodmark.web.api.answers import Answer, Moment, PartialDate, Slug

Count = Annotated[int, Field(ge=0)]
Iso3166 = Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["EG"])]
Iso4217 = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
Digits = Annotated[int, Field(ge=1, description="Significant digits that were said.")]
Bound = Annotated[Literal["about", "at-least", "at-most"] | None, Field(description="null: as it is.")]


class Quantity(Answer):
    """A number as somebody said it."""

    value: Count
    digits: Digits
    bound: Bound = None


class Price(Quantity):
    """Money that is asked, in whole units."""

    currency: Iso4217


class CountryRow(Answer):
    """One line of a table that was printed."""

    country: Iso3166
    count: Quantity | None = None
    price: Price | None = None
    source: str = Field(default="", description="Where this line was read; empty: where the whole was.")


class Evidence(Answer):
    """One test's result. It rests on what was said and published, not on the data."""

    test: str = Field(examples=["fingerprint", "sums"])
    effect: Literal["supports", "contradicts", "flags", "unremarkable", "cannot-tell"]
    words: str
    power: str = Field(description="What the test could have seen, and what not.")
    numbers: dict[str, Any]
    sources: list[str] = Field(description="Statements and links that it rests on.")


class Assertion(Answer):
    """One testable thing that a statement claims: parts that are null or empty it has not."""

    kind: str = Field(examples=["total", "new", "fixed-before"])
    words: str = Field(description="In English.")
    quantity: Quantity | None = None
    of: str = Field(default="", description="What a total counts.")
    currency: str = ""
    on: str = Field(default="", description="A day, a month or a year.")
    who: str = ""
    fields: list[str] = Field(default=[], description="Labels of kinds of data.")
    table: list[CountryRow] = Field(default=[], description="As it was printed.")
    scope: str = Field(default="", description="What part it is about; empty: the whole.")
    quote: str = Field(default="", description="The words that say it.")
    state: Literal["supported", "contradicted", "untestable", "untested"]
    evidence: list[Evidence]


class Statement(Answer):
    """What somebody said of a leak. Recorded, which does not make it true."""

    id: Annotated[str, Field(pattern=r"^[1-9][0-9]*$")]
    number: Annotated[int, Field(ge=1, description="Its place among all, in the order of saying.")]
    about: Slug
    kind: str = Field(examples=["advert", "denial", "fine"])
    speaker_kind: str = Field(examples=["seller", "company", "regulator"])
    speaker: str
    said_on: PartialDate
    learnt_on: PartialDate | None = Field(description="When it became known, where that was later.")
    text: str
    source_url: str = Field(description="http or https; empty where the source is in words alone.")
    source: str
    offer: str = Field(description="What an advert does with the data: sold, resold or free; else empty.")
    sample: Count | None = Field(description="Rows of the sample that came with it.")
    drawn: str = Field(description="Who drew the sample; empty where there was none.")
    recorded_at: Moment
    assertions: list[Assertion]


class SaidWords(Answer):
    """Who gives an answer, in which words."""

    statement: str = Field(description="Its id.")
    words: str


class Side(Answer):
    """One answer, and all who give it."""

    words: str
    said: Annotated[list[SaidWords], Field(min_length=1)]


class Contradiction(Answer):
    """Statements of which not all can be true, or several claims of one attack; it does not say who is wrong."""

    thing: str = Field(examples=["total", "cause"])
    scope: str
    how: list[Literal["disagree", "changed", "within", "claimed"]]
    words: str
    sides: Annotated[list[Side], Field(min_length=2)]
    pairs: list[tuple[int, int]] = Field(description="Places of sides that cannot both be true, from 0.")
    between: list[Side] = Field(description="What fits several sides, such as a rounding.")
    changed: list[str] = Field(description="Speakers who said more than one of these.")


class Statements(Answer):
    """Statements of one leak, in the order in which they were made, and what disagrees in them."""

    slug: Slug
    statements: list[Statement]
    contradictions: list[Contradiction]


def answered(timeline: Timeline) -> Statements:
    """The answer for a leak."""
    return Statements(
        slug=timeline.incident.slug,
        statements=[_statement(one) for one in timeline.entries],
        contradictions=[
            Contradiction.model_validate(timeline_values.against(one)) for one in timeline.contradictions
        ],
    )


def _statement(one: Entry) -> Statement:
    said = {name: getattr(one.statement, name) for name in Statement.model_fields if name not in _MADE}
    tested = [timeline_values.tested(each) for each in one.tested]
    return Statement.model_validate({**said, "number": one.number, "assertions": tested})


_MADE = {"number", "assertions"}
