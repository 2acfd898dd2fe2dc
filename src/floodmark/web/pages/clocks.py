"""Moments and lengths of time as pages print them, in UTC.

>>> from floodmark.web.texts import texts
>>> when = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
>>> moment(texts("en"), when), moment(texts("de"), when)
('31 Jan 2026, 13:05', '31.01.2026, 13:05')
>>> length(texts("en"), timedelta(hours=50, minutes=20)), length(texts("de"), timedelta(minutes=-61))
('2 days, 2 hrs', '1 Std., 1 Min.')
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.units import format_unit

from floodmark.notices import read_moment
from floodmark.web.texts import Texts

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def moment(words: Texts, when: datetime | str) -> str:
    """Day and time of day.

    Args:
        words: of the language.
        when: with time zone, or as the register has it.
    """
    at = (read_moment(when) if isinstance(when, str) else when).astimezone(UTC)
    day = format_date(at, "medium", locale=words.locale)
    return f"{day}, {format_time(at, 'short', locale=words.locale)}"


def length(words: Texts, span: timedelta) -> str:
    """A length of time in its two largest units, cut to whole minutes, whatever its sign."""
    left, parts = int(abs(span.total_seconds())), []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        parts.append((unit, count))
    first = next((at for at, (_, count) in enumerate(parts) if count), len(parts) - 1)
    shown = [one for one in parts[first : first + 2] if one[1]] or parts[-1:]
    units = [format_unit(count, f"duration-{unit}", "short", locale=words.locale) for unit, count in shown]
    return format_list(units, "unit-short", locale=words.locale)
