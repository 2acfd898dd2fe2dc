"""What is asked in made-up traffic, before it becomes lookups: who, when, at which endpoint, which number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

ENDPOINTS = ("contacts/full", "contacts/delta", "search", "account/recover")
FULL, DELTA, SEARCH, RECOVER = range(4)
BATCH = 500  # identifiers in one request


@dataclass(frozen=True)
class Asks:
    """Identifiers asked, one a row.

    Attributes:
        seat: int64, shape (n,): row of the table of seats, which says from where who asked.
        at: int64, shape (n,): microseconds since the traffic began.
        endpoint: int8, shape (n,): index into `ENDPOINTS`.
        number: int64, shape (n,): the phone number.
    """

    seat: NDArray[np.int64]
    at: NDArray[np.int64]
    endpoint: NDArray[np.int8]
    number: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.number)

    def where(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Asks:
        """The rows that a mask or indices name."""
        return Asks(self.seat[rows], self.at[rows], self.endpoint[rows], self.number[rows])


@dataclass(frozen=True)
class Part:
    """Traffic of one sort of client.

    Attributes:
        seats: columns `floodmark.synth.traffic.seats.SEATS`; an account that asks from several places has several.
        asks: whose `seat` is a row of these seats.
    """

    seats: pl.DataFrame
    asks: Asks


def joined(asks: Sequence[Asks]) -> Asks:
    """Asks one after the other."""
    return Asks(
        np.concatenate([one.seat for one in asks]),
        np.concatenate([one.at for one in asks]),
        np.concatenate([one.endpoint for one in asks]),
        np.concatenate([one.number for one in asks]),
    )


def together(parts: Sequence[Part], end: int) -> Part:
    """Parts as one, in order of time, without what would be asked at `end` or later."""
    shifts = np.cumsum([0, *(part.seats.height for part in parts)])
    asks = joined(
        [
            replace(part.asks, seat=part.asks.seat + shift)
            for part, shift in zip(parts, shifts[:-1], strict=True)
        ]
    )
    order = np.argsort(asks.at, kind="stable")
    kept = order[: np.searchsorted(asks.at[order], end)]
    return Part(pl.concat([part.seats for part in parts]), asks.where(kept))
