r"""What whoever keeps the register says of a leak: its title, dates, sources and flags, checked before they are kept.

>>> cleaned({"title": "  Made\tup ", "domain": "Bücher.Example", "breach_date": "2019-08-31"}, date(2026, 1, 31))
{'title': 'Made up', 'domain': 'xn--bcher-kva.example', 'breach_date': '2019-08-31'}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from sqlalchemy import Connection, update

from floodmark.errors import UsageError
from floodmark.register.free_text import HoldsIdentifier, UnfitText, clean
from floodmark.register.identifier_search import FEWEST_DIGITS, identifier_in
from floodmark.register.leaks import Leak, get_leak
from floodmark.register.tables import leaks

LONGEST_TITLE = 200
LONGEST_LINE = 500
LONGEST_URL = 2000
_NOT_IN_LINKS = re.compile(
    r"[ \"<>\\^`{|}]"
)  # RFC 3986 has them escaped; browsers take a backslash for a slash
_LONG_NUMBER = re.compile(
    rf"(?<![^.])(?:[0-9]-?){{{FEWEST_DIGITS},}}(?![^.])"
)  # a label of a domain, all digits
FLAGS = (
    "verified",
    "fabricated",
    "sensitive",
    "retired",
    "spam_list",
    "malware",
    "stealer_log",
    "subscription_free",
)


class UnfitDate(UsageError):
    """A date of a leak is none, in the future, or before another that it cannot precede; exit code 2."""

    slug = "unfit-date"
    hint = "Write year, month and day as 2026-01-31; an empty text takes the date away."


class UnfitSource(UsageError):
    """A domain or a link of a leak cannot be one; exit code 2."""

    slug = "unfit-source"
    hint = "A domain is such as example.org, a link such as https://example.org/notice; an empty text takes it away."


def edit_leak(connection: Connection, slug: str, changes: Mapping[str, Any], now: datetime) -> Leak:
    """Change what is said of a leak; what was counted in it cannot be changed.

    Args:
        connection: of a transaction that writes.
        slug: the leak's.
        changes: by attribute of `Leak`, as `cleaned` takes them.
        now: with time zone.

    Returns:
        The leak as it is now.

    Raises:
        LeakNotFound: there is none of this slug.
        UnfitText, HoldsIdentifier, UnfitDate, UnfitSource: of a change.
    """
    now = now.astimezone(UTC)
    leak = get_leak(connection, slug)
    values = cleaned(changes, now.date())
    breach = values.get("breach_date", leak.breach_date)
    published = values.get("published_date", leak.published_date)
    if breach and published and breach > published:
        raise UnfitDate("A leak cannot be published before the breach.", "Give both dates to change both.")
    values["modified_at"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    connection.execute(update(leaks).where(leaks.c.slug == slug).values(values))
    return get_leak(connection, slug)


def cleaned(changes: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What was said of a leak, as the register keeps it.

    Args:
        changes: by attribute of `Leak`: texts (`title`, `domain`, `description`, `attribution`, `disclosure_url`),
            dates as text (`breach_date`, `published_date`) and flags; an empty text takes away what was there.
        today: no date may lie more than a day after it (time zones).

    Raises:
        UnfitText, HoldsIdentifier, UnfitDate, UnfitSource: one cannot be kept; the message names it.
        KeyError: there is no such attribute, or it is not for anybody to say.
    """
    return {name: _clean(name, value, today) for name, value in changes.items()}


def _clean(name: str, value: Any, today: date) -> Any:
    if name in FLAGS:
        return bool(value)
    return _TEXTS[name](str(value), today)


def _title(text: str, _: date) -> str:
    return clean(text, "The title", LONGEST_TITLE, lines=False)


def _description(text: str, _: date) -> str:
    return clean(text, "The description") if text.strip() else ""


def _attribution(text: str, _: date) -> str:
    return clean(text, "The attribution", LONGEST_LINE, lines=False) if text.strip() else ""


def _domain(text: str, _: date) -> str:
    from floodmark.identifiers.domains import to_ascii

    if not text.strip():
        return ""
    found = to_ascii(text.strip().rstrip("."))
    if found is None or "." not in found or len(found) > 253:
        raise UnfitSource("That is no domain.")
    if _LONG_NUMBER.search(found):
        raise HoldsIdentifier("The domain seems to hold a phone number or another long number.")
    return found


def clean_link(text: str) -> str:
    """A link to a page, as it is, unless its path, query or fragment holds an identifier, however it is escaped.

    Raises:
        UnfitSource: it is no http or https link.
        UnfitText: it is too long.
        HoldsIdentifier: it seems to hold an identifier.
    """
    text = text.strip()
    if not text:
        return ""
    if len(text) > LONGEST_URL:
        raise UnfitText(f"The link is longer than {LONGEST_URL:,} characters.", "Shorten it.")
    try:
        parts = urlsplit(text)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in text
    except ValueError:
        named = False
    if not named or not text.isprintable() or _NOT_IN_LINKS.search(text):
        raise UnfitSource("That is no link to a page.")
    within = " ".join((unquote(parts.path), unquote_plus(parts.query), unquote(parts.fragment)))
    if (kind := identifier_in(within)) is not None or _LONG_NUMBER.search(parts.hostname or ""):
        raise HoldsIdentifier(
            f"The link seems to hold {kind or 'a long number'}.",
            "Link a page whose address has no such number, or leave the link out.",
        )
    return text


def _url(text: str, _: date) -> str:
    return clean_link(text)


def _date(text: str, today: date) -> str | None:
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UnfitDate("That is no day of the calendar.") from None
    if day.isoformat() != text:
        raise UnfitDate("That is no day of the calendar.")
    if day > today + timedelta(days=1):
        raise UnfitDate("The date lies in the future.")
    return text


_TEXTS = {
    "title": _title,
    "domain": _domain,
    "description": _description,
    "attribution": _attribution,
    "disclosure_url": _url,
    "breach_date": _date,
    "published_date": _date,
}
