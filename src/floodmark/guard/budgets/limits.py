"""How many new identifiers somebody may ask about: at once, and in the long run.

>>> limit = Limit("account", burst=300, per_second=1 / 60)
>>> limit.applies("contacts/sync"), limit.cost, limit.capacity == 300 * limit.cost
(True, 60000000000, True)
>>> Limit("account", 20_000, 20_000 / DAY, besides=("contacts/full",)).applies("contacts/full")
False
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from floodmark.errors import UsageError

LEVELS = ("account", "address", "device", "session", "prefix", "network", "app", "cohort")
HOUR = 3600
DAY = 24 * HOUR
MOST_BURST = 10**12
MOST_PER_SECOND = 10.0**6
LONGEST = 50 * 366 * DAY  # seconds in which a spent budget must have come back
_NANOSECONDS = 10**9


class BadLimit(UsageError):
    """A limit that says nothing which could be kept."""

    slug: ClassVar[str] = "guard-limit"
    hint = "A limit has a level, a burst and a rate: level = 'account', burst = 300, per_hour = 60."


@dataclass(frozen=True, slots=True)
class Limit:
    """A leaky bucket of new identifiers, one for each actor of a level.

    Attributes:
        level: one of `LEVELS`; an `account` that is not known is counted by its address.
        burst: new identifiers that may be asked at once.
        per_second: of these come back.
        endpoints: that it is about; none for all.
        besides: endpoints that it is not about.

    Raises:
        BadLimit: the level is none, a number is not positive and finite, or what is spent would not come back in
            fifty years.
    """

    level: str
    burst: int
    per_second: float
    endpoints: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise BadLimit(f"A limit's level is one of {', '.join(LEVELS)}.")
        if (
            isinstance(self.burst, bool)
            or not isinstance(self.burst, int)
            or not 0 < self.burst <= MOST_BURST
        ):
            raise BadLimit(f"A limit's burst is a whole number from 1 to {MOST_BURST:,}.")
        if not 0 < self.per_second <= MOST_PER_SECOND:
            raise BadLimit("A limit's rate is above 0 and at most a million a second.")
        if self.burst / self.per_second > LONGEST:
            raise BadLimit("A limit whose burst comes back in more than fifty years is no limit that leaks.")

    @property
    def cost(self) -> int:
        """Nanoseconds in which one new identifier comes back, rounded up."""
        return math.ceil(_NANOSECONDS / self.per_second)

    @property
    def capacity(self) -> int:
        """Nanoseconds in which the whole burst comes back."""
        return self.burst * self.cost

    def applies(self, endpoint: str) -> bool:
        """Whether lookups at an endpoint count."""
        return endpoint not in self.besides and (not self.endpoints or endpoint in self.endpoints)


_RATES = {"per_second": 1, "per_minute": 60, "per_hour": HOUR, "per_day": DAY}


def limit_of(table: Mapping[str, object]) -> Limit:
    """A limit as a policy file has it.

    Args:
        table: `level`, `burst`, one of `per_second`, `per_minute`, `per_hour` and `per_day`, and where it is not
            about all, lists of `endpoints` or of those `besides`.

    Raises:
        BadLimit: a word is missing, unknown or of the wrong type.

    Examples:
        >>> limit_of({"level": "prefix", "burst": 2400, "per_hour": 360})
        Limit(level='prefix', burst=2400, per_second=0.1, endpoints=(), besides=())
    """
    known = {"level", "burst", "endpoints", "besides", *_RATES}
    if unknown := sorted(str(word) for word in set(table) - known):
        raise BadLimit(f"A limit has no {unknown[0][:40]!r}.")
    rates = [word for word in _RATES if word in table]
    if len(rates) != 1:
        raise BadLimit("A limit has one rate: per_second, per_minute, per_hour or per_day.")
    level, burst, rate = table.get("level"), table.get("burst"), table[rates[0]]
    if not isinstance(level, str) or not isinstance(burst, int):
        raise BadLimit("A limit has a level, which is a word, and a burst, which is a whole number.")
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        raise BadLimit("A limit's rate is a number.")
    rate = min(rate, 1e30)  # an integer of a file may be larger than any float
    return Limit(level, burst, rate / _RATES[rates[0]], _names(table, "endpoints"), _names(table, "besides"))


def _names(table: Mapping[str, object], word: str) -> tuple[str, ...]:
    names = table.get(word, ())
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name for name in names):
        raise BadLimit(f"A limit's {word} are a list of names.")
    return tuple(names)
