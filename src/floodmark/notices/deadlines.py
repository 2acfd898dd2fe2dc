"""Deadlines: when each duty of a case is due, and how it stands at a given moment.

The clock starts when somebody became aware. All times are arguments.

    >>> aware = datetime(2026, 1, 30, 12, 0, tzinfo=UTC)
    >>> for one in deadlines(aware, now=aware + timedelta(hours=25))[:3]:
    ...     print(one.duty.slug, one.words())
    nis2-early-warning overdue by 1 h
    nis2-notification due in 1 day 23 h
    gdpr-authority due in 1 day 23 h
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from floodmark.notices.duties import DUTIES, Duty
from floodmark.notices.moments import span, stamp

REST_DAYS = {5: "Saturday", 6: "Sunday"}  # by datetime.weekday


class State(StrEnum):
    """How a deadline stands, most pressing first."""

    OVERDUE = "overdue"
    RUNNING = "running"
    UNTIMED = "untimed"
    MET_LATE = "met-late"
    MET = "met"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Deadline:
    """One duty of one case at one moment.

    Attributes:
        duty: what is due.
        state: how it stands.
        due: latest time, in UTC; None where the article sets no period.
        met_at: when it was met, in UTC; None when it was not.
        margin: time left, or by how much it was met in time; negative when late; None without a period.
        provisional: whether the period counts from another deadline, since what starts it has not happened yet.
        rest_day: `Saturday` or `Sunday` where a period in months ends on one, else None.
    """

    duty: Duty
    state: State
    due: datetime | None = None
    met_at: datetime | None = None
    margin: timedelta | None = None
    provisional: bool = False
    rest_day: str | None = None

    @property
    def open(self) -> bool:
        """Whether a clock runs or has run out: due or overdue."""
        return self.state in (State.OVERDUE, State.RUNNING)

    def words(self) -> str:
        """How it stands, in words: `due in 3 h 20 min`, `overdue by 2 days`, `met late by 5 min`."""
        length = span(self.margin) if self.margin is not None else ""
        return {
            State.OVERDUE: f"overdue by {length}",
            State.RUNNING: f"due in {length}",
            State.UNTIMED: "due without undue delay",
            State.MET_LATE: f"met late by {length}",
            State.MET: "met",
            State.EXEMPT: "does not apply",
        }[self.state]

    def to_dict(self) -> dict[str, Any]:
        """JSON values; times in UTC, lengths in whole seconds."""
        return {
            "duty": self.duty.slug,
            "title": self.duty.title,
            "binds": self.duty.binds,
            "state": self.state.value,
            "words": self.words(),
            "due_at": stamp(self.due) if self.due else None,
            "seconds_left": int(self.margin.total_seconds())
            if self.open and self.margin is not None
            else None,
            "met_at": stamp(self.met_at) if self.met_at else None,
            "provisional": self.provisional,
            "ends_on": self.rest_day,
            "source": self.duty.source,
            "rule": self.duty.rule,
        }


def deadlines(
    aware: datetime,
    now: datetime,
    met: Mapping[str, datetime] | None = None,
    exempt: Collection[str] = (),
    zone: tzinfo = UTC,
) -> list[Deadline]:
    """Every duty with its deadline, most pressing first.

    Args:
        aware: when somebody became aware, with time zone.
        now: moment at which the deadlines are looked at, with time zone.
        met: by slug of a duty, when it was met, with time zone; what lies after `now` has not happened yet.
        exempt: slugs of duties that do not bind.
        zone: whose calendar a period in months is counted in.

    Raises:
        ValueError: a time has no time zone.
    """
    met = met or {}
    if any(moment.tzinfo is None for moment in (aware, now, *met.values())):
        raise ValueError("a moment carries its time zone")
    met = {slug: at for slug, at in met.items() if at <= now}
    due: dict[str, datetime] = {}
    found = []
    for duty in DUTIES:  # one that starts another's period comes before it
        start = aware if duty.after is None else met.get(duty.after, due[duty.after])
        if duty.timed:
            due[duty.slug] = _end(duty, start, zone)
        provisional = duty.after is not None and duty.after not in met
        found.append(
            _standing(
                duty, due.get(duty.slug), now, met.get(duty.slug), duty.slug in exempt, provisional, zone
            )
        )
    return sorted(found, key=urgency)


def urgency(deadline: Deadline) -> tuple[int, datetime]:
    """Key by which the most pressing deadline sorts first, over the deadlines of several cases too."""
    return list(State).index(deadline.state), deadline.due or datetime.max.replace(tzinfo=UTC)


def months_later(moment: datetime, months: int) -> datetime:
    """The same date and time of day some months later, or the last day of that month where it has no such date.

    Examples:
        >>> months_later(datetime(2026, 1, 31, 9, 30), 1)
        datetime.datetime(2026, 2, 28, 9, 30)
    """
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _end(duty: Duty, start: datetime, zone: tzinfo) -> datetime:
    hours = start.astimezone(UTC) + timedelta(hours=duty.hours)
    return months_later(hours.astimezone(zone), duty.months).astimezone(UTC)


def _standing(
    duty: Duty,
    due: datetime | None,
    now: datetime,
    met_at: datetime | None,
    exempt: bool,
    provisional: bool,
    zone: tzinfo,
) -> Deadline:
    if exempt:
        return Deadline(duty, State.EXEMPT)
    if met_at is not None:
        margin = due - met_at if due else None
        state = State.MET_LATE if margin is not None and margin < timedelta(0) else State.MET
    else:
        margin = due - now if due else None
        state = (
            State.UNTIMED if margin is None else State.RUNNING if margin >= timedelta(0) else State.OVERDUE
        )
    rest_day = REST_DAYS.get(due.astimezone(zone).weekday()) if due and duty.months else None
    return Deadline(
        duty,
        state,
        due,
        met_at.astimezone(UTC) if met_at else None,
        margin,
        provisional and met_at is None,
        rest_day,
    )
