"""What the options of `floodmark case` take: a moment, a time zone, and a note that may come from stdin."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from floodmark.errors import UsageError
from floodmark.notices import read_moment

MOST_BYTES = 64 * 1024


def moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """Option callback: a time with its offset from UTC, or the word `now`, as a moment in UTC.

    Raises:
        UnclearTime: it is neither.
    """
    if value is None:
        return None
    return datetime.now(UTC).replace(microsecond=0) if value.strip() == "now" else read_moment(value)


def zone(context: click.Context, parameter: click.Parameter, value: str) -> tzinfo:
    """Option callback: a time zone by its name in the IANA database; `UTC` needs no database.

    Raises:
        UsageError: no such zone.
    """
    if value.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            "No time zone of this name is known here.", "Use a name such as Europe/Brussels, or UTC."
        ) from None


def note_text(given: str) -> str:
    """The text of a note: what was given, or stdin for a hyphen.

    Raises:
        UsageError: stdin is longer than any note, or is not UTF-8.
    """
    if given != "-":
        return given
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise UsageError("The note on stdin is too long.", "A note has 10,000 characters at most.")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UsageError("The note on stdin is not UTF-8.", "Convert it, for example with iconv.") from None
