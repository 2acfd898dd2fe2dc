"""When the records of a saved leak were made or changed: against the day on which a door was shut or data published.

The times are those of records and accounts (registered, active, last seen), not birth dates. What is dated after a day
was collected after it, if nobody altered it; that nothing is dated after it shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.profile_view import ProfileView
from floodmark.assessment.statements.assertion import Assertion
from floodmark.reports.labels import field_name
from floodmark.reports.partial_dates import days, in_words

TIMES = ("registered_at", "active_at", "last_seen_at")
FEWEST = 10
SMALLEST_SHARE = 0.00001
"""Fewer rows after the day, or a smaller share, may be mistakes of whoever wrote the file."""
_POWER = (
    "Dates are taken as they stand: a clock may be wrong and a file altered. That nothing is dated after a day does not"
    " show that it was collected before."
)
_EVENTS = {
    "fixed-before": "when the door is said to have been shut",
    "old": "when it is said to have been published",
}


@dataclass(frozen=True)
class Period:
    """Rows of one month; of one year where months were not kept or cannot be told from days."""

    name: str
    rows: int

    @property
    def first(self) -> date:
        """Its first day."""
        return days(self.name)[0]


@dataclass(frozen=True)
class Times:
    """Times of one type; placeholders, and dates after the day on which the file was read, are left out.

    Attributes:
        kind: the field type.
        periods: rows by month or year, of every file.
        latest: the latest day; the latest month or year where no day of it can be believed.
    """

    kind: str
    periods: tuple[Period, ...]
    latest: str

    @property
    def rows(self) -> int:
        """Rows with a credible date."""
        return sum(one.rows for one in self.periods)

    def after(self, day: date) -> int:
        """Rows that are certainly later: of the months that begin after the day."""
        return sum(one.rows for one in self.periods if one.first > day)


def after(assertion: Assertion, profile: ProfileView) -> Iterator[Evidence]:
    """Records that are later than the day of `fixed-before` or `old`: one result for each type of times."""
    if not assertion.on:
        return
    day = in_words(assertion.on)
    for found in times(profile):
        late = found.after(days(assertion.on)[1])
        effect, what = _result(found, late, assertion.on)
        words = (
            f"Of {found.rows:,} rows of the saved leak that have a date in {field_name(found.kind)}, {what} {day},"
            f" {_EVENTS[assertion.kind]}; the latest is of {in_words(found.latest)}."
        )
        numbers = {"type": found.kind, "rows": found.rows, "after": late, "latest": found.latest}
        yield profile.evidence(effect, words, _POWER, numbers)


def _result(found: Times, late: int, on: str) -> tuple[str, str]:
    """What rows that are later do, and in words how many there are."""
    first, last = days(on)
    if late >= max(FEWEST, SMALLEST_SHARE * found.rows):
        return "contradicts", f"at least {late:,} are later than"
    if late:
        return "flags", f"no more than {late:,} are certainly later than"
    latest = days(found.latest)[0]
    if latest > last:
        return "flags", "an unknown number are later than"
    if latest >= first:
        return "flags", "the latest are of the same time as"
    return "unremarkable", "none is later than"


def times(profile: ProfileView) -> Iterator[Times]:
    """The times of each type in all files, where there is a credible one."""
    read_on = profile.profile["custody"]["finished_at"][:10]
    for kind in TIMES:
        columns = [
            (place, column)
            for place, column in enumerate(profile.profile.get("dates", ()))
            if column["type"] == kind and column["latest"]
        ]
        found = [one for column in columns for one in _periods(profile, *column)]
        periods = [one for one in found if one.rows and one.first <= date.fromisoformat(read_on)]
        if periods:
            believed = [column["latest"] for _, column in columns if column["latest"] <= read_on]
            latest = max([*believed, max(periods, key=lambda one: one.first).name])
            yield Times(kind, tuple(periods), latest)


def _periods(profile: ProfileView, place: int, column: Mapping[str, Any]) -> Iterator[Period]:
    """By month where a saved leak's statistics have them, else by year."""
    statistics = profile.profile.get("statistics")
    if statistics is not None and not column["ambiguous"]:
        for year, month, rows in statistics["dates"][place]["months"]:
            yield Period(f"{year:04}-{month:02}", rows)
        return
    for number, found in enumerate(column["years"]):
        rows = profile.count(found["rows"], f"/dates/{place}/years/{number}/rows")
        yield Period(f"{found['year']:04}", rows.low)
