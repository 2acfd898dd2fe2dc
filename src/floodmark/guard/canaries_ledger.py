"""Who asked for which canaries first, and when: bounded, and kept over restarts.

>>> ledger = CanaryLedger()
>>> ledger.add(10.0, "account/00000000000000aa", [7, 7, 8]), ledger.add(99.0, "account/00000000000000aa", [7])
(2, 2)
>>> [asked.at for asked in ledger.of("account/00000000000000aa")]
[10.0, 10.0]

Nothing is ever dropped. A full ledger takes no more in: whoever is not in it is then judged by the request at hand, and
whoever is in it stays.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from floodmark.files import PRIVATE, OutputFailed
from floodmark.guard.appending import append
from floodmark.guard.keyed_json import GuardFileError, OtherKey

MOST = 200_000
"""First lookups of canaries that are kept."""
MOST_OF_ONE = 1_000
"""Of one actor."""
_LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class CanaryAsked:
    """The first lookup of a canary by an actor.

    Attributes:
        at: seconds since 1970 UTC.
        digest: of the canary.
    """

    at: float
    digest: int


class CanaryLedger:
    """First lookups of canaries, by actor.

    Args:
        descriptor: of an open file to append to; None to keep them in memory alone.

    Attributes:
        kept: first lookups in all.
        full: whether one was not taken in.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self.kept = 0
        self.full = False
        self._asked: dict[str, dict[int, float]] = {}
        self._descriptor = descriptor

    @classmethod
    def open(cls, path: Path, key_id: str) -> Self:
        """The ledger in a file, which is made where there is none, and appended to from now on.

        What a crash left half-written at the end is cut off; each line is written before the answer that it is about.
        Processes may share a file: each counts what it was asked itself, and what was there when it opened the file.

        Raises:
            GuardFileError: it is damaged, or made under another digest key.
            OutputFailed: it cannot be written.
        """
        try:
            descriptor = os.open(
                path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE
            )
        except OSError as error:
            raise OutputFailed(f"{path.name} could not be written.") from error
        found = cls(descriptor)
        try:
            with _alone(descriptor):
                end = found._load(path, key_id)
                if os.fstat(descriptor).st_size > end:
                    os.ftruncate(descriptor, end)
                if end == 0:
                    append(descriptor, json.dumps({"version": 1, "key_id": key_id}).encode() + b"\n")
        except BaseException as error:
            found.close()
            if isinstance(error, OSError):
                raise OutputFailed(f"{path.name} could not be written.") from error
            raise
        return found

    @classmethod
    def read(cls, path: Path, key_id: str) -> Self:
        """The ledger in a file as it is now, to look at.

        Raises:
            GuardFileError: it is damaged, or made under another digest key.
        """
        found = cls()
        found._load(path, key_id)
        return found

    def add(self, at: float, who: str, digests: Sequence[int]) -> int:
        """Take note of lookups of canaries.

        Args:
            at: when, seconds since 1970 UTC.
            who: as `actor_text.who_written`; of nobody nothing is kept.
            digests: of canaries, in any order and number.

        Returns:
            How many different canaries the actor has asked for, these included.

        Raises:
            OutputFailed: it could not be written.
        """
        before = self._asked.get(who, {})
        fresh = [digest for digest in dict.fromkeys(digests) if digest not in before]
        if not fresh:
            return len(before)
        count = len(before) + len(fresh)
        room = max(0, min(MOST_OF_ONE - len(before), MOST - self.kept)) if who else 0
        self.full = self.full or (bool(who) and room < len(fresh))
        if room:
            taken = fresh[:room]
            self._write(at, who, taken)
            self._asked.setdefault(who, {}).update(dict.fromkeys(taken, at))
            self.kept += len(taken)
        return count

    def count(self, who: str) -> int:
        """How many different canaries an actor has asked for."""
        return len(self._asked.get(who, ()))

    def of(self, who: str) -> list[CanaryAsked]:
        """What an actor asked for, the earliest first."""
        found = [CanaryAsked(at, digest) for digest, at in self._asked.get(who, {}).items()]
        return sorted(found, key=lambda asked: (asked.at, asked.digest))

    def __iter__(self) -> Iterator[str]:
        """Actors who asked for any."""
        return iter(self._asked)

    def close(self) -> None:
        """Close the file; what was added is written already."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, at: float, who: str, digests: Sequence[int]) -> None:
        if self._descriptor is None:
            return
        lines = "".join(json.dumps([at, who, f"{digest:016x}"]) + "\n" for digest in digests).encode()
        try:
            with _alone(self._descriptor):
                append(self._descriptor, lines)
        except OSError as error:
            raise OutputFailed("Lookups of canaries could not be written.") from error

    def _load(self, path: Path, key_id: str) -> int:
        """Take in what a file holds; the bytes of its whole lines."""
        end = 0
        try:
            with path.open("rb") as file:
                while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
                    row = json.loads(line)
                    if end == 0:
                        _check(path, row, key_id)
                    else:
                        at, who, digest = float(row[0]), str(row[1]), int(row[2], 16)
                        self._asked.setdefault(who, {}).setdefault(digest, at)
                    end += len(line)
                if len(line) == _LONGEST_LINE:
                    raise GuardFileError(f"{path.name} is damaged")
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise GuardFileError(f"{path.name} cannot be read") from error
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
            raise GuardFileError(f"{path.name} is damaged") from error
        self.kept = sum(map(len, self._asked.values()))
        return end


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """No other process writes meanwhile, or cuts off what it takes for half-written."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _check(path: Path, head: dict[str, object], key_id: str) -> None:
    if head["version"] != 1:
        raise GuardFileError(f"{path.name} was written by another version")
    if head["key_id"] != key_id:
        raise OtherKey(f"{path.name} was made under another digest key")
