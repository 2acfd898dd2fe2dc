"""Who is never limited, why, and until when.

>>> allowed = AllowList((Allowance("prefix", 7, "Call centre", 0.0, 60.0),))
>>> actor = Actor(account=5, prefix=7)
>>> allowed.of(actor, 59.0).reason, allowed.of(actor, 60.0), allowed.of(Actor(account=7), 0.0)
('Call centre', None, None)

Whoever is allowed spends no budget either, not even that of a network that others share. Evidence and canaries are
kept on them as on all, so that a report shows what an allowance lets through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from floodmark.errors import UsageError
from floodmark.guard import keyed_json
from floodmark.guard.actors import PARTS, Actor
from floodmark.guard.keyed_json import GuardFileError
from floodmark.reports.labels import plain

LONGEST = 366 * 86_400.0
"""Seconds for which an allowance holds at most; after that somebody looks at it again."""
MOST = 100_000
_REASON = 200
_WHAT = "allowed"
_DIGEST = re.compile(r"[0-9a-f]{16}")
_LAST = 253_402_300_799.0  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class Allowance:
    """One part of an actor that is never limited.

    Attributes:
        part: of the actor.
        digest: of that part.
        reason: why, in a few words, without names or identifiers.
        since: from when, seconds since 1970 UTC.
        until: when it ends, likewise.
    """

    part: str
    digest: int
    reason: str
    since: float
    until: float


class AllowList:
    """All allowances, at most one for each part and digest.

    Args:
        entries: of which the last of one part and digest holds.
    """

    def __init__(self, entries: Iterable[Allowance] = ()) -> None:
        self._by = {(entry.part, entry.digest): entry for entry in entries}
        self._parts = tuple(part for part in PARTS if any(part == key[0] for key in self._by))

    def of(self, actor: Actor, at: float) -> Allowance | None:
        """The allowance of an actor that holds at a time, that of its account first; None for none."""
        for part in self._parts:
            found = self._by.get((part, getattr(actor, part)))
            if found is not None and found.since <= at < found.until:
                return found
        return None

    def backdated(self, at: float) -> AllowList:
        """The list as if whoever is on it at a time had always been: to see what an allowance does to the past."""
        return AllowList(
            replace(entry, since=-math.inf) if entry.since <= at < entry.until else entry
            for entry in self.entries
        )

    @property
    def entries(self) -> list[Allowance]:
        """All, those that end first in front."""
        return sorted(self._by.values(), key=lambda entry: (entry.until, entry.part, entry.digest))

    def with_one(self, part: str, digest: int, reason: str, since: float, until: float) -> AllowList:
        """The list with one more, which takes the place of one of the same part and digest.

        Raises:
            UsageError: there is no reason, it would end before it starts or hold too long, or there are too many.
        """
        said = plain(reason, _REASON)
        if not said:
            raise UsageError("An allowance needs a reason", "Say why in a few words, without naming anyone.")
        if not since < until <= since + LONGEST:
            raise UsageError("An allowance holds for a day to a year", "Extend it when it ends.")
        if len(self._by) >= MOST and (part, digest) not in self._by:
            raise UsageError(f"There are {MOST:,} allowances already", "Remove what has ended.")
        return AllowList([*self._by.values(), Allowance(part, digest, said, since, until)])

    def without(self, part: str, digest: int) -> AllowList:
        """The list without one.

        Raises:
            UsageError: it is not on the list.
        """
        if (part, digest) not in self._by:
            raise UsageError("This actor is not on the list", "See floodmark guard allow list.")
        return AllowList(entry for key, entry in self._by.items() if key != (part, digest))

    @classmethod
    def read(cls, path: Path, key_id: str) -> Self:
        """The list in a file; an empty one where there is none.

        Raises:
            GuardFileError: it is damaged, or made under another digest key.
        """
        entries = keyed_json.read(path, _WHAT, key_id)
        try:
            return cls(_read(entry) for entry in entries)
        except (KeyError, TypeError, ValueError) as error:
            raise GuardFileError(f"{path.name} is damaged") from error

    def write(self, path: Path, key_id: str) -> None:
        """Write the list, private.

        Raises:
            OutputFailed: it cannot be written.
        """
        rows = [{**asdict(entry), "digest": f"{entry.digest:016x}"} for entry in self.entries]
        keyed_json.write(path, _WHAT, key_id, rows)


def _read(entry: dict[str, object]) -> Allowance:
    part, digest, reason = entry["part"], entry["digest"], entry["reason"]
    since, until = (float(str(entry[name])) for name in ("since", "until"))
    if part not in PARTS or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise ValueError
    if not 0 <= since < until <= min(since + LONGEST, _LAST):
        raise ValueError
    number = int(digest, 16)
    if number == 0:
        raise ValueError
    return Allowance(str(part), number, plain(str(reason), _REASON), since, until)
