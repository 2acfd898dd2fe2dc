"""Budgets of new identifiers, for every actor at every level.

>>> from floodmark.guard.actors import Actor
>>> from floodmark.guard.reduction import Reduced
>>> ada = Actor(account=1, prefix=2)
>>> one, two, three = (Reduced(digest, block=0, position=0) for digest in (11, 22, 33))
>>> with Budgets([Limit("account", 2, 1 / 60), Limit("prefix", 100, 1.0)]) as budgets:
...     first = budgets.take(0.0, ada, "contacts", [one, one, two, three])
...     later = budgets.take(60.0, ada, "contacts", [three, one])
>>> first.granted, first.refused, first.retry_after, [standing.used for standing in first.standings]
((0, 1, 2), (3,), 60.0, [2.0, 2.0])
>>> later.granted
(0, 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from floodmark.guard.actors import Actor
from floodmark.guard.budgets.limits import Limit
from floodmark.guard.budgets.numbered import Numbered, numbered
from floodmark.guard.budgets.plans import Plan
from floodmark.guard.budgets.state import State, copied
from floodmark.guard.budgets.taken import Standing, Taken
from floodmark.guard.reduction import Reduced
from floodmark.kernel import library
from floodmark.kernel.buckets import Count, Sizes, Tables
from floodmark.kernel.library import Kernel

MEMORY = 256 * 2**20
LAST = 4 * 10**18  # nanoseconds since 1970: in 2096
_MOST_PLANS = 1024


class Budgets:
    """Leaky buckets of new identifiers: re-asking is free, and a grant needs room at every level.

    An account that is not known is counted by its address, and all of whom neither is known as one. Other parts that
    are not known have no budget.

    Args:
        limits: at most 16.
        memory: bytes for all actors together, at least 65,536; see `Sizes.within`.
        sizes: of the tables, instead of `memory`.
        kernel: the compiled kernel; None for Python alone.

    Raises:
        BadLimit: there are more limits.
        ValueError: the memory is less.
    """

    def __init__(
        self,
        limits: Sequence[Limit],
        *,
        memory: int = MEMORY,
        sizes: Sizes | None = None,
        kernel: Kernel | None = library.kernel,
    ) -> None:
        self._begin(limits, kernel, Tables.in_memory(sizes or Sizes.within(memory)), numbered(limits))

    def _begin(
        self,
        limits: Sequence[Limit],
        kernel: Kernel | None,
        tables: Tables,
        numbers: Sequence[Numbered],
        state: State | None = None,
    ) -> None:
        self.limits = tuple(limits)
        self._kernel, self._tables, self._numbered, self._state = kernel, tables, numbers, state
        self._plans: dict[str, Plan] = {}
        self._lock = Lock()

    @classmethod
    def open(
        cls,
        folder: Path,
        limits: Sequence[Limit],
        *,
        at: float,
        memory: int = MEMORY,
        sizes: Sizes | None = None,
        kernel: Kernel | None = library.kernel,
    ) -> Self:
        """Budgets that last in a folder, over restarts and kills; processes with the same limits share them.

        Args:
            folder: made where it is missing.
            limits: as of the class; where they were others, what was spent is carried over.
            at: UNIX time.
            memory: of a state that is made; one that is there keeps its size.
            sizes: instead of `memory`.
            kernel: the compiled kernel; None for Python alone.

        Raises:
            BadLimit: there are more than 16 limits.
            BadState: what is in the folder is no state of this version and machine.
            StateInUse: another process has it open, under other limits.
            OutputFailed: the folder cannot be written to, or has too little space.
        """
        state = State(folder, limits, at=_nanoseconds(at), sizes=sizes or Sizes.within(memory))
        found = cls.__new__(cls)
        found._begin(limits, kernel, state.tables, state.limits, state)
        return found

    @classmethod
    def look(
        cls,
        folder: Path,
        limits: Sequence[Limit],
        *,
        at: float,
        kernel: Kernel | None = library.kernel,
    ) -> Self:
        """Budgets as they stand in a folder that a guard may hold; whatever is taken from them changes nothing there.

        Args:
            folder: of the state.
            limits: under which to see it.
            at: UNIX time.
            kernel: the compiled kernel; None for Python alone.

        Raises:
            NothingToRead: there is no state.
            BadLimit, BadState: as for `open`.
        """
        tables, numbers = copied(folder, limits, at=_nanoseconds(at))
        found = cls.__new__(cls)
        found._begin(limits, kernel, tables, numbers)
        return found

    def take(self, at: float, actor: Actor, endpoint: str, identifiers: Sequence[Reduced]) -> Taken:
        """Grant as many of the identifiers, in order, as there is room for at every level.

        What was granted before costs nothing, at every level for itself; what is refused is not remembered.

        Args:
            at: UNIX time; may go back, which gives nothing back.
            actor: who asks.
            endpoint: what is asked.
            identifiers: any number.

        Raises:
            ValueError, OverflowError: the time is no number, or has no end.
        """
        plan = self._plans.get(endpoint) or self._plan(endpoint)
        actors = plan.actors(actor)
        if 0 in actors:
            plan = plan.known(actors)
            actors = plan.actors(actor)
        values = [one.digest for one in identifiers]
        now = _nanoseconds(at)
        with self._lock:
            if self._state is None:
                refused, new, wait, full, ahead = plan.asking.take(now, actors, values)
            else:
                self._state.lock()
                try:
                    refused, new, wait, full, ahead = plan.asking.take(now, actors, values)
                finally:
                    self._state.unlock()
        if not refused:
            return Taken(len(values), (), new, None, plan.limits, ahead)
        places = tuple(place for place in range(len(ahead)) if full >> place & 1)
        return Taken(len(values), refused, new, wait / 1e9, plan.limits, ahead, places)

    def standing(self, at: float, actor: Actor, endpoint: str) -> tuple[Standing, ...]:
        """How much of every limit of an endpoint is spent, without asking anything; arguments as for `take`."""
        return self.take(at, actor, endpoint, ()).standings

    def counts(self) -> dict[str, int]:
        """What was counted since the budgets began, by the names of `Count` in small letters; see the reference."""
        with self._lock:
            return {count.name.lower(): int(self._tables.counts[count]) for count in Count}

    @property
    def bytes(self) -> int:
        """Of memory, and of the folder, at most."""
        return self._tables.sizes.bytes

    def flush(self) -> None:
        """Bring everything to the disk, against a power cut; a kill needs none."""
        if self._state is not None:
            self._state.flush()

    def close(self) -> None:
        """Flush, and let the folder go."""
        if self._state is not None:
            self._state.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _plan(self, endpoint: str) -> Plan:
        """The plan of an endpoint; endpoints are few, and if not, plans are made again."""
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        applying = [
            (limit, one.rule)
            for limit, one in zip(self.limits, self._numbered, strict=True)
            if limit.applies(endpoint)
        ]
        plan = self._plans[endpoint] = Plan(self._tables, applying, self._kernel)
        return plan


def _nanoseconds(at: float) -> int:
    """A UNIX time to the microsecond, which is what a float of it can tell."""
    now = int(at * 1e6 + 0.5) * 1000
    return now if 0 <= now <= LAST else min(max(now, 0), LAST)
