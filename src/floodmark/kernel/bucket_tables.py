"""Tables of fixed size for leaky buckets, and what is asked of them: `c/kernel.h` has the same structures.

>>> tables = Tables.in_memory(Sizes.within(1 << 16))
>>> tables.sizes, tables.sizes.bytes
(Sizes(bucket_groups=128, floors=32, known_groups=512), 57416)

All is in 64-bit words, in the machine's byte order:

- counts, 9 words;
- buckets, 8 in a group: their keys (0 for none), then the times when they have leaked empty, in nanoseconds. The last
  four bits of a key say of which rule it is;
- floors: for each of 16 rules two rows of times. A bucket that loses its place to another raises one floor in each row
  to its time, and starts at the lower of the two when it comes back: never earlier than it was;
- known pairs of an actor and a value, 8 in a group: 56 bits of a hash, whose last 8 follow from where it lies, and how
  old it is.
"""

from __future__ import annotations

import ctypes
import mmap
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

WAYS = 8
MOST_RULES = 16
_WORD = 8
_AGES = 5  # an age is a 32nd of the places for known pairs


class Count(IntEnum):
    """What the counts count, since the tables were made."""

    ASKED = 0
    GRANTED_NEW = 1  # values granted that were new at some rule
    REFUSED = 2
    BUCKETS = 3  # places for buckets that are taken
    FORGOTTEN_EMPTY = 4  # buckets that lost their place when they were empty
    FOLDED = 5  # and those that were not
    REMEMBERED = 6  # known pairs that were put in
    FORGOTTEN = 7  # and those that lost their place
    LATEST = 8  # the latest time that was asked at, nanoseconds since 1970


@dataclass(frozen=True)
class Sizes:
    """How large the tables are; powers of two.

    Attributes:
        bucket_groups: of eight buckets each; at least two.
        floors: in each row of each rule.
        known_groups: of eight known pairs each.
    """

    bucket_groups: int
    floors: int
    known_groups: int

    def __post_init__(self) -> None:
        for number in (self.bucket_groups, self.floors, self.known_groups):
            if number < 1 or number & (number - 1):
                raise ValueError("sizes are powers of two")
        if self.bucket_groups < 2:
            raise ValueError("a bucket has two groups that it may lie in")

    @classmethod
    def within(cls, memory: int) -> Self:
        """The largest that take a half for known pairs, a quarter for buckets and an eighth for floors.

        Args:
            memory: bytes, at least 65,536.

        Raises:
            ValueError: it is less.
        """
        if memory < 1 << 16:
            raise ValueError("tables take at least 65,536 bytes")
        whole = 1 << memory.bit_length() - 1
        return cls(
            bucket_groups=whole // 4 // (2 * _WORD * WAYS),
            floors=whole // 8 // (2 * _WORD * MOST_RULES),
            known_groups=whole // 2 // (_WORD * WAYS),
        )

    @property
    def words(self) -> tuple[int, int, int, int, int]:
        """Words of counts, keys, times, floors and known pairs."""
        buckets = self.bucket_groups * WAYS
        return len(Count), buckets, buckets, MOST_RULES * 2 * self.floors, self.known_groups * WAYS

    @property
    def bytes(self) -> int:
        """Of all tables."""
        return sum(self.words) * _WORD

    @property
    def age_shift(self) -> int:
        """An age lasts for 2 to the power of this many known pairs that are put in."""
        return max(0, (self.known_groups * WAYS).bit_length() - 1 - _AGES)


class _Header(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_void_p) for name in ("counts", "keys", "empty_at", "floors", "known")),
        *((name, ctypes.c_uint64) for name in ("bucket_mask", "floor_mask", "known_mask", "age_shift")),
    ]


class Tables:
    """Tables that lie in a buffer, from its first byte on.

    Attributes:
        sizes: of the tables.
        counts: uint64, shape (9,); see `Count`.
        keys: uint64, shape (bucket_groups * 8,).
        empty_at: int64, of the same shape.
        floors: int64, shape (16, 2, floors).
        known: uint64, shape (known_groups * 8,).
        address: of the structure that the kernel takes.
    """

    def __init__(self, buffer: mmap.mmap | memoryview, sizes: Sizes) -> None:
        words = np.frombuffer(buffer, np.uint64, sum(sizes.words))
        parts = np.split(words, np.cumsum(sizes.words)[:-1])
        self.sizes = sizes
        self.counts: NDArray[np.uint64] = parts[0]
        self.keys: NDArray[np.uint64] = parts[1]
        self.empty_at: NDArray[np.int64] = parts[2].view(np.int64)
        self.floors: NDArray[np.int64] = parts[3].view(np.int64).reshape(MOST_RULES, 2, sizes.floors)
        self.known: NDArray[np.uint64] = parts[4]
        self._header = _Header(
            *(part.ctypes.data for part in parts),
            *(sizes.bucket_groups - 1, sizes.floors - 1, sizes.known_groups - 1, sizes.age_shift),
        )
        self.address = ctypes.addressof(self._header)

    @classmethod
    def in_memory(cls, sizes: Sizes) -> Self:
        """Empty tables in memory that the system gives as it is touched."""
        return cls(mmap.mmap(-1, sizes.bytes), sizes)


@dataclass(frozen=True)
class Rule:
    """What a bucket of one kind holds.

    Attributes:
        cost: nanoseconds in which one value leaks.
        capacity: nanoseconds in which a full bucket leaks empty.
        salt: 64 bits that no other rule has.
        number: from 0 to 15, of the rule in these tables.
    """

    cost: int
    capacity: int
    salt: int
    number: int


RULE = np.dtype([("cost", "i8"), ("capacity", "i8"), ("salt", "u8"), ("number", "u8")])
