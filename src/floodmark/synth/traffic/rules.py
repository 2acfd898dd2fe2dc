"""Detectors as a scraper sees them that has read their source: what is answered, and how much one may ask unnoticed.

>>> DistinctCount(capacity=300, per_second=1 / 60).paces
((300, 1440.0),)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.guard.actors import who

SECONDS_A_DAY = 86_400.0
Answered = NDArray[np.bool_]


class Rule(Protocol):
    """A detector that somebody enumerates under."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def looks(self) -> bool:
        """Whether it matters which identifiers are asked for, and not only how many."""

    @property
    def paces(self) -> tuple[tuple[int, float], ...]:
        """Identifiers at once, and a day after that, that an account may hope to get; several to choose from."""

    @property
    def evidence(self) -> Rule:
        """What of it looks at the identifiers, without what only counts them."""

    def answered(self, lookups: pl.DataFrame) -> Answered:
        """Whether each lookup is answered.

        Args:
            lookups: columns `floodmark.guard.SCHEMA`, in order of `at`.

        Returns:
            bool, shape (n,).
        """


@dataclass(frozen=True)
class DistinctCount:
    """A leaky bucket of distinct identifiers; whoever makes it run over is never answered again.

    This is a scenario of CrowdSec's form: `type: leaky`, `distinct`, `capacity`, `leakspeed`.

    Attributes:
        capacity: identifiers for which there is room.
        per_second: of these leak out.
    """

    capacity: int = 300
    per_second: float = 1 / 60

    name = "distinct-count"
    looks = False

    @property
    def paces(self) -> tuple[tuple[int, float], ...]:
        """The whole bucket, and then what leaks."""
        return ((self.capacity, self.per_second * SECONDS_A_DAY),)

    @property
    def evidence(self) -> DistinctCount:
        """It only counts."""
        return self

    def answered(self, lookups: pl.DataFrame) -> Answered:
        """Everything before the lookup that makes the bucket run over."""
        seconds = pl.col("at").dt.timestamp("us") / 1e6
        first = pl.struct("who", "identifier").is_first_distinct()
        table = lookups.select(who(), "identifier", seconds=seconds).with_columns(first=first)
        # The level after the i-th new identifier is i - r t_i - min over j <= i of (j - 1 - r t_j), as in a queue.
        drift = pl.col("first").cum_sum().over("who") - self.per_second * pl.col("seconds")
        lowest = pl.when("first").then(drift - 1).cum_min().over("who")
        over = (drift - lowest > self.capacity + 1e-6) & pl.col("first")
        return table.select(over.cast(pl.UInt8).cum_max().over("who") == 0).to_series().to_numpy()
