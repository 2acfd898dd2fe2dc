"""Which limits apply to a request, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from floodmark.guard.actors import Actor
from floodmark.guard.budgets.limits import Limit
from floodmark.kernel.buckets import Asking, Rule, Rules, Tables
from floodmark.kernel.library import Kernel


class Plan:
    """The limits of one endpoint.

    Attributes:
        limits: in the order of the policy.
        actors: whose bucket each of them takes from, of an actor; 0 where nobody knows.
        asking: for all of them at once.
    """

    def __init__(self, tables: Tables, applying: Sequence[tuple[Limit, Rule]], kernel: Kernel | None) -> None:
        self._tables, self._applying, self._kernel = tables, tuple(applying), kernel
        self._parts: dict[tuple[bool, ...], Plan] = {}
        self.limits = tuple(limit for limit, _ in applying)
        self.actors = _actors_of(self.limits)
        self.asking = Asking(tables, Rules([rule for _, rule in applying]), kernel=kernel)

    def known(self, actors: Sequence[int]) -> Plan:
        """The plan for an actor of whom not all is known: without the limits of what is not.

        An account is counted even so: all of whom neither account nor address is known are one.
        """
        which = tuple(map(bool, actors))
        found = self._parts.get(which)
        if found is None:
            left = [
                (limit, rule)
                for (limit, rule), known in zip(self._applying, which, strict=True)
                if known or limit.level == "account"
            ]
            found = self._parts[which] = Plan(self._tables, left, self._kernel)
        return found


def _actors_of(limits: Sequence[Limit]) -> Callable[[Actor], tuple[int, ...]]:
    parts = ["who" if limit.level == "account" else limit.level for limit in limits]
    if not parts:
        return lambda _: ()
    if len(parts) == 1:
        only = attrgetter(parts[0])
        return lambda actor: (only(actor),)
    several: Callable[[Actor], tuple[int, ...]] = attrgetter(*parts)
    return several
