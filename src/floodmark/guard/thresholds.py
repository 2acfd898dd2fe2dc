"""From which value on which action is taken.

>>> steps = Thresholds.of({"deny": 3.0, "delay": 1.0})
>>> [str(steps.action(value)) for value in (0.5, 1.0, 2.9, 3.0)]
['allow', 'delay', 'delay', 'deny']
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import polars as pl

from floodmark.guard.decision import Action


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Actions by the value from which each is taken.

    Attributes:
        steps: (value, action), both ascending; none takes no action ever.
    """

    steps: tuple[tuple[float, Action], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Self:
        """Thresholds by the name of their action.

        Raises:
            ValueError: an action is unknown, or a stricter one is taken earlier than a milder one.
        """
        known = {str(action): action for action in Action if action is not Action.ALLOW}
        for name in values:
            if name not in known:
                raise ValueError(f"the actions are {', '.join(known)}, and not {name[:40]!r}")
        steps = sorted(((value, known[name]) for name, value in values.items()), key=lambda step: step[1])
        if any(later[0] < earlier[0] for earlier, later in pairwise(steps)):
            raise ValueError("a stricter action is not taken before a milder one")
        return cls(tuple(steps))

    def action(self, value: float) -> Action:
        """The strictest action whose value is reached."""
        found = Action.ALLOW
        for at, action in self.steps:
            if value >= at:
                found = action
        return found

    def expression(self, value: pl.Expr) -> pl.Expr:
        """`action` of a column, as UInt8."""
        found = pl.lit(int(Action.ALLOW), pl.UInt8)
        for at, action in self.steps:
            found = pl.when(value >= at).then(pl.lit(int(action), pl.UInt8)).otherwise(found)
        return found

    @property
    def lowest(self) -> float:
        """The value from which anything is done; infinite where nothing ever is."""
        return self.steps[0][0] if self.steps else math.inf
