"""A statement: what somebody said of a leak or an incident, with who, when and the source."""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryTable


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A statement as somebody records it.

    Dates are what is known of a day: `2021`, `2021-04` or `2021-04-03`.

    Attributes:
        kind: one of `kinds.KINDS`.
        speaker_kind: one of `kinds.SPEAKER_KINDS`.
        speaker: who said it: a body, a role or the name of a seller's account.
        said_on: when it was said.
        text: what was said, in the words of whoever records it or quoted.
        source_url: a page that bears it out; empty where there is none.
        source: where else it can be found, in words; empty where the link is enough.
        learnt_on: when it became known, where that was later, as with a memo that came out.
        offer: what an advert does with the data, one of `kinds.OFFERS`, or empty.
        sample: rows of the sample that came with it; None where there was none.
        drawn: who drew the sample, one of `kinds.DRAWN`; empty where there was none.
        assertions: what of it can be tested.
    """

    kind: str
    speaker_kind: str
    speaker: str
    said_on: str
    text: str
    source_url: str = ""
    source: str = ""
    learnt_on: str | None = None
    offer: str = ""
    sample: int | None = None
    drawn: str = ""
    assertions: tuple[Assertion, ...] = ()

    @property
    def table(self) -> CountryTable | None:
        """The table of countries, if an assertion has one."""
        return next((one.table for one in self.assertions if one.table is not None), None)


@dataclass(frozen=True, kw_only=True)
class Statement(Saying):
    """A statement that is kept: in the register, or in the reference set that comes with the program.

    Attributes:
        id: its number in the register, or `SLUG/NAME` in the reference set, as `facebook-2021/memo`.
        about: slug of the leak or of the incident.
        recorded_at: ISO 8601, UTC; empty in the reference set.
        checked_on: when whoever recorded it read the source; empty where it is cited and was not opened.
    """

    id: str
    about: str
    recorded_at: str = ""
    checked_on: str = ""

    @property
    def is_reference(self) -> bool:
        """Whether it comes with the program."""
        return "/" in self.id


@dataclass(frozen=True)
class Incident:
    """What statements are about, be there a dump or not: a name that is safe in links, and one for people."""

    slug: str
    title: str
