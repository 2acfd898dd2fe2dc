"""What is asked in made-up traffic, before it becomes lookups: who, when, at which endpoint, which number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

ENDPOINTS = ("contacts/sync", "contacts/delta", "search")
SYNC, DELTA, SEARCH = range(3)
SECOND = 10**6
DAY = 86_400 * SECOND
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


@dataclass(frozen=True)
class Part:
    """Traffic of one sort of client.

    Attributes:
        seats: one row for each place from which an account asks: `account`, `app`, `address`, `device`, `session`,
            `cohort` (String, null where there is none), `kind`, `group` (String) and `honest` (Boolean).
        asks: whose `seat` is a row of these seats.
    """

    seats: pl.DataFrame
    asks: Asks


def together(parts: Iterable[Part]) -> Part:
    """Parts as one, in order of time."""
    parts = list(parts)
    shifts = np.cumsum([0, *(part.seats.height for part in parts)])
    asks = [part.asks for part in parts]
    at = np.concatenate([one.at for one in asks])
    order = np.argsort(at, kind="stable")
    seat = np.concatenate([one.seat + shift for one, shift in zip(asks, shifts[:-1], strict=True)])
    return Part(
        pl.concat([part.seats for part in parts]),
        Asks(
            seat[order],
            at[order],
            np.concatenate([one.endpoint for one in asks])[order],
            np.concatenate([one.number for one in asks])[order],
        ),
    )
