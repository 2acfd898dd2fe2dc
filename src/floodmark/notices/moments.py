"""Moments: times with an offset from UTC, as people write them and as the register keeps them.

A clock in hours needs a time of day, and a time of day needs its offset: a bare date or a local time is refused
rather than guessed.

    >>> stamp(read_moment("2026-01-31T14:05:00+01:00"))
    '2026-01-31T13:05:00Z'
    >>> span(timedelta(hours=50, minutes=20)), span(timedelta(minutes=-61))
    ('2 days 2 h', '1 h 1 min')
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from floodmark.errors import UsageError

EARLIEST_YEAR = 1970
LATEST_YEAR = 9000  # so that a period added to a moment still is one
# Narrower than `datetime.fromisoformat`, which takes any character between date and time.
_SHAPE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?P<time>[Tt ][0-9:.,+\-Zz]{1,30})?")
EXAMPLE = "2026-01-31T14:05+01:00"


class UnclearTime(UsageError):
    """A time cannot be read, has no time of day, or lacks its offset from UTC; exit code 2."""

    slug: ClassVar[str] = "unclear-time"
    hint = f"Write it with its offset from UTC, such as {EXAMPLE} or 2026-01-31T13:05Z."


def read_moment(text: str) -> datetime:
    """A moment from ISO 8601 text.

    Args:
        text: date, time of day and offset (`Z` or `+01:00`), with `T` or a space between.

    Returns:
        The moment in UTC, to the second; fractions are cut off.

    Raises:
        UnclearTime: no such moment, a bare date, no offset, or a year that cannot be meant.
    """
    shape = _SHAPE.fullmatch(text.strip())
    try:
        moment = datetime.fromisoformat(shape[0]) if shape else None
    except ValueError:
        moment = None
    if shape is None or moment is None:
        raise UnclearTime("The time cannot be read.")
    if shape["time"] is None:
        raise UnclearTime(
            "A date alone starts no clock that counts hours.",
            f"Add the time of day and the offset from UTC: {EXAMPLE}.",
        )
    if moment.tzinfo is None:
        raise UnclearTime("The time lacks its offset from UTC.")
    if not EARLIEST_YEAR < moment.year < LATEST_YEAR:
        raise UnclearTime(f"No time before {EARLIEST_YEAR + 1} or after {LATEST_YEAR - 1} can be meant.")
    return moment.astimezone(UTC).replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """A moment as the register keeps it: ISO 8601 in UTC to the second, 20 characters.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment carries its time zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def span(length: timedelta) -> str:
    """A length of time in its two largest units, cut to whole minutes, whatever its sign.

    Examples:
        >>> span(timedelta(seconds=59)), span(timedelta(days=1)), span(timedelta(hours=23, seconds=1))
        ('under a minute', '1 day', '23 h')
    """
    minutes = int(abs(length) / timedelta(minutes=1))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        parts = [f"{days} day" + "s" * (days > 1), f"{hours} h" if hours else ""]
    else:
        parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(filter(None, parts)) or "under a minute"
