"""What is kept of actors that are not followed any more: the evidence against them, which nothing makes less.

>>> book = Ledger(most=2)
>>> for who, m in ((1, 0.5), (2, 80.0), (3, 0.25)):
...     book.put(who, Entry(0, 20, m, 100.0, ""))
>>> book.get(2, 0).m, book.get(1, 0).m >= 0.5, book.get(3, 0).m >= 0.25
(80.0, True, True)
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from floodmark.errors import UnreadableInput
from floodmark.files import OutputFailed, write_atomic
from floodmark.guard.appending import append

MOST = 500_000
_ROWS, _WIDTH = 4, 2**18
LAST_EPOCH = 2**32 - 1
_MAGIC = b"floodmark-ledger"
_EPOCH = struct.Struct("<d")
_HEAD = len(_MAGIC) + _EPOCH.size
_RECORD = struct.Struct("<QIHHdd")  # who, epoch, checkpoint, length of the stratum, m, most; then the stratum
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)


class Entry(NamedTuple):
    """Evidence against one actor in one epoch.

    Attributes:
        epoch: number of the epoch.
        reached: the last checkpoint.
        m: weighted sum of e-values.
        most: the largest that `m` could have been.
        stratum: at the last checkpoint.
    """

    epoch: int
    reached: int
    m: float
    most: float
    stratum: str


NOTHING = Entry(0, 0, 0.0, 0.0, "")


@dataclass
class Floors:
    """Evidence of actors beyond the bound: a table of fixed size in which it is never too low.

    An actor finds here at least what it left, and rarely what another left, if that shares all its slots.
    """

    epoch: int = 0

    def __post_init__(self) -> None:
        self._table = np.zeros((_ROWS, _WIDTH), np.float32)

    def put(self, who: int, m: float) -> None:
        """Raise the floor of an actor."""
        places = _places(who)
        self._table[range(_ROWS), places] = np.maximum(
            self._table[range(_ROWS), places], np.nextafter(np.float32(m), np.float32(np.inf))
        )

    def get(self, who: int) -> float:
        """The floor of an actor."""
        return float(self._table[range(_ROWS), _places(who)].min())


class Ledger:
    """Evidence by actor; at most `most` entries, and floors for those with the least when there are more.

    Args:
        path: of a file that every entry is written to before `put` returns; None for none.
        epoch: seconds of an epoch. Evidence of epochs of another length ends with them: it was of another reference.
        most: entries that are kept one by one.

    Raises:
        UnreadableInput: the file is no ledger.
    """

    def __init__(self, path: Path | None = None, *, epoch: float = 0.0, most: int = MOST) -> None:
        self._entries: dict[int, Entry] = {}
        self._floors: Floors | None = None
        self._most = most
        self._file: int | None = None
        self._written = 0
        if path is not None:
            self._path = path
            self._load(path, epoch)
            self._rewrite()

    @classmethod
    def read(cls, path: Path, *, epoch: float = 0.0) -> Self:
        """The ledger in a file as it is now, to look at; the file stays as it is.

        Raises:
            UnreadableInput: the file is no ledger.
        """
        found = cls()
        found._load(path, epoch)
        return found

    def get(self, who: int, epoch: int) -> Entry:
        """What there is against an actor in an epoch."""
        entry = self._entries.get(who)
        if entry is not None and entry.epoch >= epoch:
            return entry
        if self._floors is not None and self._floors.epoch >= epoch and (m := self._floors.get(who)):
            return Entry(epoch, 0, m, 0.0, "")
        return NOTHING

    def put(self, who: int, entry: Entry) -> None:
        """Write down what there is against an actor.

        Raises:
            OutputFailed: the file cannot be written; what is in memory holds all the same.
        """
        self._entries[who] = entry
        if len(self._entries) > self._most:
            self._shrink(entry.epoch)
        if self._file is None:
            return
        try:
            append(self._file, _packed(who, entry))
        except OSError as error:
            raise OutputFailed("The ledger of evidence cannot be written") from error
        self._written += 1
        if self._written > 2 * self._most:
            self._rewrite()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _shrink(self, epoch: int) -> None:
        """Forget earlier epochs; if that is too little, keep the half with the most evidence one by one."""
        self._entries = {who: entry for who, entry in self._entries.items() if entry.epoch >= epoch}
        if len(self._entries) <= self._most // 2:
            return
        if self._floors is None or self._floors.epoch < epoch:
            self._floors = Floors(epoch)
        ranked = sorted(self._entries.items(), key=lambda item: item[1].m, reverse=True)
        for who, entry in ranked[self._most // 2 :]:
            self._floors.put(who, entry.m)
        self._entries = dict(ranked[: self._most // 2])

    def _load(self, path: Path, epoch: float) -> None:
        """Take in what a file holds; of all epochs while there is room, as one that is still to come hides none."""
        self._head = head = _MAGIC + _EPOCH.pack(epoch)
        try:
            held = path.read_bytes()
        except FileNotFoundError:
            held = head
        except OSError as error:
            raise UnreadableInput("The ledger of evidence cannot be read") from error
        if len(held) < _HEAD or not held.startswith(_MAGIC):
            raise UnreadableInput(
                "This is no ledger of evidence", "Remove it; what it says of actors is lost then."
            )
        self._entries = dict(_unpacked(held)) if held.startswith(head) else {}
        if len(self._entries) > self._most:
            self._shrink(max(entry.epoch for entry in self._entries.values()))

    def _rewrite(self) -> None:
        """Write the file anew, with one record an actor."""
        packed = b"".join(_packed(who, entry) for who, entry in self._entries.items())
        write_atomic(self._path, self._head + packed, private=True)
        self.close()
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        self._written = 0


def _packed(who: int, entry: Entry) -> bytes:
    stratum = entry.stratum.encode()
    return _RECORD.pack(who, entry.epoch, entry.reached, len(stratum), entry.m, entry.most) + stratum


def _unpacked(held: bytes) -> list[tuple[int, Entry]]:
    """Entries of a file, the latest of each actor last; a record that was cut by a kill is left out."""
    found = []
    at = _HEAD
    while at + _RECORD.size <= len(held):
        who, epoch, reached, length, m, most = _RECORD.unpack_from(held, at)
        at += _RECORD.size + length
        if at > len(held):
            break
        stratum = held[at - length : at].decode(errors="replace")
        found.append((who, Entry(epoch, reached, m, most, stratum)))
    return found


def _places(who: int) -> list[int]:
    return [(who * odd & 0xFFFF_FFFF_FFFF_FFFF) >> 46 for odd in _ODD]
