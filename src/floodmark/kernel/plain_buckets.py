"""Leaky buckets in Python alone: what `kernel.buckets` does where the kernel was not compiled, to the last bit.

A bucket is one time: when it has leaked empty (the generic cell rate algorithm of ITU-T I.371). One more value is let
in if the bucket is then empty no later than its capacity from now. So a clock that goes back gives nothing back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from floodmark.kernel.bucket_tables import MOST_RULES, WAYS, Count, Rule, Tables

_ALL = (1 << 64) - 1
_NUMBER = MOST_RULES - 1
_AGE = 255
_LATEST = 6 * 10**18  # later than any rule allows


def mixed(x: int) -> int:
    """The finaliser of splitmix64: one to one, so that two values under one key never fall together."""
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    x = (x ^ x >> 27) * 0x94D049BB133111EB & _ALL
    return x ^ x >> 31


def take(
    tables: Tables, rules: Sequence[Rule], now: int, actors: Sequence[int], values: Sequence[int]
) -> tuple[tuple[int, ...], int, int, int, tuple[int, ...]]:
    """As `buckets.take`: positions refused, how many were new, the wait, the rules that refused, times ahead."""
    buckets = [_Bucket(tables, rule, actor) for rule, actor in zip(rules, actors, strict=True)]
    bits = {bucket: 1 << number for number, bucket in enumerate(buckets)}
    refused: list[int] = []
    new = full = wait = 0
    for place, value in enumerate(values):
        age = _age(tables)
        asked = [(bucket, mixed(value ^ bucket.owner)) for bucket in buckets]
        asked = [(bucket, hashed) for bucket, hashed in asked if not _holds(tables, hashed, age)]
        over = [(bucket, excess) for bucket, _ in asked if (excess := bucket.over(now)) > 0]
        if over:
            wait = wait if refused else max(excess for _, excess in over)
            refused.append(place)
            for bucket, _ in over:
                full |= bits[bucket]
            continue
        new += bool(asked)
        for bucket, _ in asked:
            bucket.charge(now, {other.held for other in buckets})
        for _, hashed in asked:
            _remember(tables, hashed)
    _count(tables, Count.GRANTED_NEW, new)
    _count(tables, Count.REFUSED, len(refused))
    _count(tables, Count.ASKED, len(values))
    if values:
        tables.counts[Count.LATEST] = max(now, int(tables.counts[Count.LATEST]))
    ahead = tuple(max(bucket.empty_at - now, 0) for bucket in buckets)
    return tuple(refused), new, wait, full, ahead


class _Bucket:
    """The bucket of one actor at one rule, during one request."""

    def __init__(self, tables: Tables, rule: Rule, actor: int) -> None:
        self._tables, self._rule = tables, rule
        self.owner = mixed(actor ^ rule.salt)
        self._key = (self.owner & ~_NUMBER | rule.number) or _NUMBER + 1
        self.held = self._place()
        if self.held is None:
            empty_at = min(int(tables.floors[at]) for at in _floors(tables, self._key))
        else:
            empty_at = int(tables.empty_at[self.held])
        self.empty_at = min(empty_at, _LATEST)

    def over(self, now: int) -> int:
        """By how many nanoseconds one more value would be too much."""
        return max(self.empty_at, now) - now + self._rule.cost - self._rule.capacity

    def charge(self, now: int, taken: set[int | None]) -> None:
        """Let one more value in; `taken` are places that must not be given to this bucket."""
        self.empty_at = max(self.empty_at, now) + self._rule.cost
        if self.held is None:
            self.held = _claim(self._tables, self._key, now, taken)
        self._tables.empty_at[self.held] = self.empty_at
        self._tables.keys[self.held] = self._key

    def _place(self) -> int | None:
        for group in _groups(self._tables, self._key):
            places = range(group * WAYS, group * WAYS + WAYS)
            found = [place for place in places if int(self._tables.keys[place]) == self._key]
            if found:
                return found[0]
        return None


def _groups(tables: Tables, key: int) -> tuple[int, int]:
    mask = tables.sizes.bucket_groups - 1
    first = key >> 4 & mask
    return first, first ^ (key >> 34 & mask | 1)


def _floors(tables: Tables, key: int) -> list[tuple[int, int, int]]:
    mask = tables.sizes.floors - 1
    return [(key & _NUMBER, row, mixed(key + row + 1 & _ALL) & mask) for row in (0, 1)]


def _claim(tables: Tables, key: int, now: int, taken: set[int | None]) -> int:
    """A place for a bucket that has none; whose it was leaves its time in the floors."""
    for count in (1, 2):
        places = [
            place
            for group in _groups(tables, key)[:count]
            for place in range(group * WAYS, group * WAYS + WAYS)
            if place not in taken
        ]
        free = [place for place in places if not tables.keys[place]]
        if free:
            _count(tables, Count.BUCKETS, 1)
            return free[0]
    place = min(places, key=lambda place: int(tables.empty_at[place]))
    before, empty_at = int(tables.keys[place]), tables.empty_at[place]
    for floor in _floors(tables, before):
        tables.floors[floor] = max(tables.floors[floor], empty_at)
    _count(tables, Count.FOLDED if empty_at > now else Count.FORGOTTEN_EMPTY, 1)
    tables.keys[place] = 0
    return place


def _age(tables: Tables) -> int:
    return 1 + (int(tables.counts[Count.REMEMBERED]) >> tables.sizes.age_shift) % _AGE


def _known_groups(tables: Tables, hashed: int) -> tuple[int, int]:
    mask = tables.sizes.known_groups - 1
    return hashed & mask, hashed & mask ^ (mixed(hashed >> 8) & mask & ~_AGE)


def _holds(tables: Tables, hashed: int, age: int) -> bool:
    for group in _known_groups(tables, hashed):
        entries = tables.known[group * WAYS : group * WAYS + WAYS].tolist()
        for way, entry in enumerate(entries):
            if entry and entry >> 8 == hashed >> 8:
                tables.known[group * WAYS + way] = hashed & ~_AGE | age
                return True
    return False


def _remember(tables: Tables, hashed: int) -> None:
    """Put a hash where one of its groups is emptier, or in the place of the eldest of both."""
    age = _age(tables)
    groups = _known_groups(tables, hashed)
    free = [
        [place for place in range(group * WAYS, group * WAYS + WAYS) if not tables.known[place]]
        for group in groups
    ]
    emptier = free[len(free[1]) > len(free[0])]
    if emptier:
        to = emptier[0]
    else:
        places = [place for group in groups for place in range(group * WAYS, group * WAYS + WAYS)]
        to = max(places, key=lambda place: (age + _AGE - (int(tables.known[place]) & _AGE)) % _AGE)
        _count(tables, Count.FORGOTTEN, 1)
    tables.known[to] = hashed & ~_AGE | age
    _count(tables, Count.REMEMBERED, 1)


def _count(tables: Tables, what: Count, by: int) -> None:
    tables.counts[what] += np.uint64(by)
