"""Dates in ten orders and ten languages, and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from babel.dates import format_date

from .kinds import KINDS, kind
from .people import Making

BIRTH = kind("birth_date", "birth_date", weight=4)
BIRTH_PARTS = kind("birth_date, in part", "birth_date", "birth_date unknown", weight=0.6)
TIMES = "registered_at active_at last_seen_at"
REGISTERED = kind("registered_at", "registered_at", TIMES, weight=1.5)
ACTIVE = kind("active_at", "active_at", TIMES)
SEEN = kind("last_seen_at", "last_seen_at", TIMES)
CLOCK = kind("time of day", "unknown", weight=0.4)

ORDERS = {
    "dmy/": "%d/%m/%Y",
    "dmy-": "%d-%m-%Y",
    "dmy.": "%d.%m.%Y",
    "mdy/": "%m/%d/%Y",
    "mdy-": "%m-%d-%Y",
    "ymd-": "%Y-%m-%d",
    "ymd/": "%Y/%m/%d",
    "ymd.": "%Y.%m.%d",
    "ymd": "%Y%m%d",
    "dmy": "%d%m%Y",
    "d-Mon-y": "%d-%b-%Y",
    "Mon d, y": "%b %d, %Y",
    "dmy, short year": "%d/%m/%y",
    "mdy, short year": "%m/%d/%y",
    "ydm": "%Y-%d-%m",
    "ISO with midnight": "%Y-%m-%dT00:00:00",
    "SQL with midnight": "%Y-%m-%d 00:00:00",
    "mdy with midnight": "%m/%d/%Y 12:00:00 AM",
}


def _born(m: Making, form: str) -> list[str]:
    return [p.born.strftime(form) for p in m.people]


for order, pattern in ORDERS.items():
    BIRTH.forms[order] = lambda m, f=pattern: _born(m, f)  # type: ignore[misc]
BIRTH.forms |= {
    "long in the language": lambda m: [format_date(p.born, "long", locale=m.language) for p in m.people],
    "medium in the language": lambda m: [format_date(p.born, "medium", locale=m.language) for p in m.people],
    "full in the language": lambda m: [format_date(p.born, "full", locale=m.language) for p in m.people],
    "unpadded": lambda m: [f"{p.born.month}/{p.born.day}/{p.born.year}" for p in m.people],
    "zeros for none": lambda m: [
        "0000-00-00" if m.rng.random() < 0.3 else p.born.isoformat() for p in m.people
    ],
    "unix": lambda m: [str((p.born - date(1970, 1, 1)).days * 86400) for p in m.people],
}
BIRTH_PARTS.forms |= {
    "year": lambda m: [str(p.born.year) for p in m.people],
    "month and day": lambda m: _born(m, "%m/%d"),
    "day and month in the language": lambda m: [
        format_date(p.born, "d MMMM", locale=m.language) for p in m.people
    ],
    "year and month": lambda m: _born(m, "%Y-%m"),
}

WHEN = {
    "SQL": "%Y-%m-%d %H:%M:%S",
    "ISO Z": "%Y-%m-%dT%H:%M:%SZ",
    "ISO micro": "%Y-%m-%dT%H:%M:%S.%f",
    "ISO zone": "%Y-%m-%dT%H:%M:%S+00:00",
    "dmy. hm": "%d.%m.%Y %H:%M",
    "dmy/ hms": "%d/%m/%Y %H:%M:%S",
    "mdy AM": "%m/%d/%Y %I:%M:%S %p",
    "RFC 2822": "%a, %d %b %Y %H:%M:%S +0000",
    "ctime": "%a %b %d %H:%M:%S %Y",
    "compact": "%Y%m%d%H%M%S",
    "day only": "%Y-%m-%d",
    "ymd/ hm": "%Y/%m/%d %H:%M",
    "log": "%d/%b/%Y:%H:%M:%S +0000",
    "zone name": "%Y-%m-%d %H:%M:%S UTC",
}


def _moments(m: Making) -> list[datetime]:
    start = datetime(2008, 3, 1, tzinfo=UTC) + timedelta(days=m.rng.randrange(4000))
    return [start + timedelta(seconds=m.rng.random() ** 0.7 * 86400 * 900) for _ in m.people]


for name in ("registered_at", "active_at", "last_seen_at"):
    forms = KINDS[name].forms
    for order, pattern in WHEN.items():
        forms[order] = lambda m, f=pattern: [t.strftime(f) for t in _moments(m)]  # type: ignore[misc]
    forms["unix seconds"] = lambda m: [str(int(t.timestamp())) for t in _moments(m)]
    forms["unix milliseconds"] = lambda m: [str(int(t.timestamp() * 1000)) for t in _moments(m)]
    forms["unix with fraction"] = lambda m: [f"{t.timestamp():.3f}" for t in _moments(m)]
    forms["long in the language"] = lambda m: [format_date(t, "long", locale=m.language) for t in _moments(m)]

CLOCK.forms |= {
    "hm": lambda m: [t.strftime("%H:%M") for t in _moments(m)],
    "hms": lambda m: [t.strftime("%H:%M:%S") for t in _moments(m)],
    "AM": lambda m: [t.strftime("%I:%M %p") for t in _moments(m)],
    "duration": lambda m: [f"{m.rng.randrange(300)}:{m.rng.randrange(60):02}" for _ in m.people],
}
