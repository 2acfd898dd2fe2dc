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

    first: date
    last: date
    rows: int


@dataclass(frozen=True)
class TimeColumn:
    """One column of times; placeholders, and dates after the day on which the file was read, are left out."""

    kind: str
    periods: tuple[Period, ...]
    latest: date

    @property
    def rows(self) -> int:
        """Rows with a credible date."""
        return sum(one.rows for one in self.periods)

    def after(self, day: date) -> int:
        """Rows that are certainly later: of the months that begin after the day."""
        return sum(one.rows for one in self.periods if one.first > day)


def after(assertion: Assertion, profile: ProfileView) -> Iterator[Evidence]:
    """Records that are later than the day of `fixed-before` or `old`: one result for each column of times."""
    if not assertion.on:
        return
    first, last = days(assertion.on)
    for column in time_columns(profile):
        late = column.after(last)
        effect, found = "unremarkable", "none is later than"
        if late >= max(FEWEST, SMALLEST_SHARE * column.rows):
            effect, found = "contradicts", f"at least {late:,} are later than"
        elif late:
            effect, found = "flags", f"no more than {late:,} are certainly later than"
        elif column.latest > last:
            effect, found = "flags", "an unknown number are later than"
        elif column.latest > first:
            effect, found = "flags", "the latest are of the same time as"
        words = (
            f"Of {column.rows:,} rows of the saved leak that have a date in {field_name(column.kind)}, {found}"
            f" {in_words(assertion.on)}, {_EVENTS[assertion.kind]}; the latest is of"
            f" {in_words(column.latest.isoformat())}."
        )
        numbers = {
            "type": column.kind,
            "rows": column.rows,
            "after": late,
            "latest": column.latest.isoformat(),
        }
        yield profile.evidence(effect, words, _POWER, numbers)


def time_columns(profile: ProfileView) -> Iterator[TimeColumn]:
    """The columns of times of a profile that have a credible date."""
    read_on = date.fromisoformat(profile.profile["custody"]["finished_at"][:10])
    for place, column in enumerate(profile.profile.get("dates", ())):
        if column["type"] not in TIMES or not column["latest"]:
            continue
        found = [one for one in _periods(profile, place, column) if one.first <= read_on]
        if found:
            latest = min(date.fromisoformat(column["latest"]), max(one.last for one in found), read_on)
            yield TimeColumn(column["type"], tuple(found), latest)


def _periods(profile: ProfileView, place: int, column: Mapping[str, Any]) -> Iterator[Period]:
    """By month where a saved leak's statistics have them, else by year."""
    statistics = profile.profile.get("statistics")
    if statistics is not None and not column["ambiguous"]:
        for year, month, rows in statistics["dates"][place]["months"]:
            yield Period(*days(f"{year:04}-{month:02}"), rows)
        return
    for number, found in enumerate(column["years"]):
        rows = profile.count(found["rows"], f"/dates/{place}/years/{number}/rows")
        yield Period(*days(f"{found['year']:04}"), rows.low)
