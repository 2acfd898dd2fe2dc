"""The world's numbering plans as ranges of integers, compiled ahead of time by `tools/compile_numbering.py`.

A typed number is an integer: the digits after a plus as they are, a national form with a 1 in front so that its
leading zeros survive. Integers fall into ranges; each range has an outcome (region, kind, whether it is a number,
why it is not valid) and a constant that leads from the integer to the E.164 number. One look-up is one search.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from floodmark.errors import UsageError

Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint16]

_DATA = resources.files("floodmark.identifiers") / "data"
_LOADING = threading.Lock()
_HEADER: dict[str, Any] = json.loads((_DATA / "numbering_plan.json").read_text(encoding="utf-8"))

METADATA_VERSION: str = _HEADER["metadata_version"]
REGIONS: tuple[str, ...] = tuple(_HEADER["regions"])
KINDS: tuple[str, ...] = tuple(_HEADER["kinds"])
REASONS: tuple[str, ...] = tuple(_HEADER["reasons"])
CALLING_CODES: tuple[int, ...] = tuple(_HEADER["calling_codes"])
TYPED, SIGNIFICANT = _HEADER["tables"][:2]
MOST_DIGITS = 19
MOST_NATIONAL_DIGITS = 18
POWERS: Keys = np.array([10**exponent for exponent in range(20)], np.uint64)

# Rows worked on at a time, so that the intermediate arrays stay in the processor's cache.
_CHUNK = 1 << 14
_MANTISSA_BITS, _EXPONENT_BIAS = 52, 1023
# Integers below 2**16 and above 2**54 share the first and the last bucket: few telephone numbers are there.
_FEWEST_BITS, _MOST_BITS = 16, 54


@dataclass(frozen=True)
class Outcomes:
    """What an outcome code stands for; every array is indexed by the code.

    Attributes:
        again: 0 when the outcome is final, else the number, plus 1, of the table to look the result up in.
        number: whether it is a number at all.
        region: index into `REGIONS`, dtype uint16.
        kind: index into `KINDS`, dtype uint8.
        reason: index into `REASONS`, dtype uint8.
        valid: whether the number is assigned to a kind, in libphonenumber's sense.
    """

    again: npt.NDArray[np.uint8]
    number: npt.NDArray[np.bool_]
    region: npt.NDArray[np.uint16]
    kind: npt.NDArray[np.uint8]
    reason: npt.NDArray[np.uint8]
    valid: npt.NDArray[np.bool_]

    def code(self, reason: str) -> int:
        """The code of the outcome that is no number for this reason."""
        return int(
            np.flatnonzero((self.again == 0) & ~self.number & (self.reason == REASONS.index(reason)))[0]
        )


@dataclass(frozen=True)
class Table:
    """Disjoint ranges that cover all unsigned 64-bit integers.

    The search starts from a bucket of integers with the same exponent and first mantissa bits as a float, which
    is monotonic: a bucket knows the range that it starts in, and most buckets hold one start of a range at most.

    Attributes:
        starts: first integer of each range, ascending from 0.
        codes: outcome code of each range.
        shifts: constant of each range, to be added modulo 2**64.
        first: for each bucket the range that it starts in.
        bits: how many bits of the mantissa tell buckets apart.
    """

    starts: Keys
    codes: Codes
    shifts: Keys
    first: npt.NDArray[np.int32]
    bits: int

    @classmethod
    def build(cls, starts: Keys, codes: Codes, shifts: Keys) -> Table:
        """A table with buckets to suit the number of ranges."""
        bits = min(16, max(4, len(starts).bit_length()))
        buckets = np.append(_bucket(starts, bits), _buckets(bits))
        first = np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(buckets))
        first = np.insert(first, 0, 0)
        return cls(starts, codes, shifts, first, bits)

    def find(self, keys: Keys) -> npt.NDArray[np.int32]:
        """Number of the range of each key: bisection between the ends of its bucket, all keys at once."""
        bucket = _bucket(keys, self.bits)
        found, last = self.first[bucket], self.first[bucket + 1]
        rows = np.flatnonzero(found < last)
        low, high, wanted = found[rows], last[rows], keys[rows]
        while len(rows):
            middle = (low + high + 1) >> 1
            above = wanted >= self.starts[middle]
            low, high = np.where(above, middle, low), np.where(above, high, middle - 1)
            found[rows] = low
            more = low < high
            rows, low, high, wanted = rows[more], low[more], high[more], wanted[more]
        return found


def _bucket(keys: Keys, bits: int) -> npt.NDArray[np.int64]:
    buckets = keys.astype(np.float64).view(np.int64) >> (_MANTISSA_BITS - bits)
    buckets -= (_EXPONENT_BIAS + _FEWEST_BITS) << bits
    return np.clip(buckets, 0, _buckets(bits) - 1, out=buckets)


def _buckets(bits: int) -> int:
    return (_MOST_BITS - _FEWEST_BITS) << bits


def _arrays() -> dict[str, npt.NDArray[Any]]:
    # One thread at a time: NumPy parses a header with `ast`, which in Python 3.11 fails at times where two threads do.
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> dict[str, npt.NDArray[Any]]:
    with resources.as_file(_DATA / "numbering_plan.npz") as path, np.load(path) as stored:
        return {name: stored[name] for name in stored.files}


@cache
def outcomes() -> Outcomes:
    """The outcomes that codes stand for."""
    again, number, region, kind, reason = _arrays()["outcomes"].T
    return Outcomes(
        again.astype(np.uint8),
        number.astype(np.bool_),
        region.astype(np.uint16),
        kind.astype(np.uint8),
        reason.astype(np.uint8),
        kind != KINDS.index("unknown"),
    )


@cache
def table(name: str) -> Table:
    """The ranges for numbers typed after a plus (`TYPED`), for E.164 (`SIGNIFICANT`) or typed in a region.

    Raises:
        UsageError: there is no such region.
    """
    if name not in _HEADER["tables"]:
        raise UsageError("The default region is not known.", "Give an ISO 3166-1 alpha-2 code, such as GB.")
    arrays = _arrays()
    at = _HEADER["tables"].index(name)
    part = slice(int(arrays["bounds"][at]), int(arrays["bounds"][at + 1]))
    shifts = arrays["shifts"][arrays["shift_codes"][part]]
    return Table.build(arrays["starts"][part], arrays["codes"][part], shifts)


def look_up(name: str, keys: Keys) -> tuple[Keys, Codes]:
    """E.164 number and outcome code of each key.

    Args:
        name: the table to start in; outcomes that lead to another table are followed.
        keys: any shape `(n,)`, dtype uint64.

    Returns:
        Numbers (meaningful where the outcome is a number) and outcome codes, both `(n,)`.
    """
    numbers = keys.copy()
    codes = np.empty(len(keys), np.uint16)
    ranges, again = table(name), outcomes().again
    for start in range(0, len(keys), _CHUNK):
        part = slice(start, start + _CHUNK)
        found = ranges.find(keys[part])
        codes[part] = ranges.codes[found]
        more = np.flatnonzero(again[codes[part]])
        if len(more):
            numbers[part][more] += ranges.shifts[found[more]]
    _follow(numbers, codes)
    return numbers, codes


def _follow(numbers: Keys, codes: Codes) -> None:
    again = outcomes().again[codes]
    for step, name in ((1, TYPED), (2, SIGNIFICANT)):
        rows = np.flatnonzero(again == step)
        if len(rows):
            numbers[rows], codes[rows] = look_up(name, numbers[rows])
