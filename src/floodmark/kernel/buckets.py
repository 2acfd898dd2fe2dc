"""Leaky buckets of what is new: of values that actors ask about, grant as many as every rule has room for.

>>> tables = Tables.in_memory(Sizes.within(1 << 16))
>>> rules = Rules([Rule(cost=10, capacity=20, salt=1, number=0)])
>>> take(tables, rules, 0, [7], [100, 100, 101, 102])
Answer(refused=(3,), new=2, wait=10, full=1, ahead=(20,))
>>> take(tables, rules, 10, [7], [102, 100])
Answer(refused=(), new=1, wait=0, full=0, ahead=(20,))

A value that an actor was granted before is known and costs nothing. The others are granted in order, while there is
room in the bucket of every rule that they are new at; what is refused changes nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple

import numpy as np

from floodmark.kernel import library, plain_buckets
from floodmark.kernel.bucket_tables import MOST_RULES, RULE, Count, Rule, Sizes, Tables
from floodmark.kernel.library import Kernel

__all__ = ["MOST_RULES", "Answer", "Asking", "Count", "Rule", "Rules", "Sizes", "Tables", "take"]

_ROOM = 64  # values that there is room for at first
_FOUND_AT = 8 * (5 + MOST_RULES)  # where the kernel puts what it found, behind what it was given
_REQUEST_BYTES = _FOUND_AT + 8 * (4 + MOST_RULES)


class Answer(NamedTuple):
    """What became of one request.

    Attributes:
        refused: positions, ascending.
        new: how many of the granted cost anything.
        wait: nanoseconds until the first of the refused has room; 0 where none was.
        full: a bit for each rule that refused something.
        ahead: for each rule, nanoseconds until its bucket is empty.
    """

    refused: tuple[int, ...]
    new: int
    wait: int
    full: int
    ahead: tuple[int, ...]


class Rules:
    """Rules as the kernel takes them.

    Args:
        rules: at most 16.

    Raises:
        ValueError: there are more, or one has a number that is none.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        if len(rules) > MOST_RULES or not all(0 <= rule.number < MOST_RULES for rule in rules):
            raise ValueError(f"there are at most {MOST_RULES} rules")
        self.rules = tuple(rules)
        rows = [(rule.cost, rule.capacity, rule.salt, rule.number) for rule in rules]
        self._table = np.array(rows, RULE)
        self.address = self._table.ctypes.data


class Asking:
    """Requests by one set of rules to the same tables, one call at a time.

    Args:
        tables: which requests change.
        rules: to keep.
        kernel: the compiled kernel; None for Python alone.
    """

    def __init__(self, tables: Tables, rules: Rules, *, kernel: Kernel | None = library.kernel) -> None:
        self._tables, self._rules, self._kernel = tables, rules, kernel
        count = len(rules.rules)
        self._given = Struct(f"@qQQPP{count}Q")
        self._found = Struct(f"@QQQq{count}q")
        self._request = array("Q", bytes(_REQUEST_BYTES))
        self._make_room(_ROOM)

    def take(self, now: int, actors: Sequence[int], values: Sequence[int]) -> Answer:
        """Grant as many values, in order, as every rule has room for.

        Args:
            now: nanoseconds since 1970, not negative; may go back, which gives nothing back.
            actors: for each rule, whose bucket it is: 64 bits.
            values: 64 bits each.
        """
        if self._kernel is None:
            return Answer(*plain_buckets.take(self._tables, self._rules.rules, now, actors, values))
        count = len(values)
        if count == 1:
            self._values[0] = values[0]
        else:
            if count > len(self._values):
                self._make_room(count)
            self._values[:count] = array("Q", values)
        self._given.pack_into(self._request, 0, now, len(actors), count, *self._addresses, *actors)
        self._kernel.functions.fm_take(self._tables.address, self._rules.address, self._request_address)
        many, new, full, wait, *ahead = self._found.unpack_from(self._request, _FOUND_AT)
        refused: tuple[int, ...] = ()
        if many:
            refused = tuple(place for place, no in enumerate(self._refused[:count]) if no)
        return Answer(refused, new, wait, full, tuple(ahead))

    def _make_room(self, values: int) -> None:
        self._values = array("Q", bytes(8 * values))
        self._refused = array("B", bytes(values))
        self._addresses = (self._values.buffer_info()[0], self._refused.buffer_info()[0])
        self._request_address = self._request.buffer_info()[0]


def take(tables: Tables, rules: Rules, now: int, actors: Sequence[int], values: Sequence[int]) -> Answer:
    """One request, as by `Asking.take`."""
    return Asking(tables, rules).take(now, actors, values)
