"""What a budget says to one request of one or more identifiers."""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.guard.budgets.limits import Limit

_SECOND = 1e9


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of one limit is spent.

    Attributes:
        limit: which.
        used: new identifiers that count at this moment; it falls by `limit.per_second`. It may be above the burst
            after the clock was put back.
        empty_in: seconds until nothing is spent any more.
        retry_after: seconds until one more new identifier has room; 0.0 where it has.
    """

    limit: Limit
    used: float
    empty_in: float
    retry_after: float

    @property
    def level(self) -> str:
        """Of which part of the actor: `account`, `prefix`, …."""
        return self.limit.level

    @property
    def burst(self) -> int:
        """New identifiers that may be asked at once."""
        return self.limit.burst

    @classmethod
    def of(cls, limit: Limit, ahead: int) -> Standing:
        """The standing of a bucket that is empty in so many nanoseconds.

        Examples:
            >>> Standing.of(Limit("account", 300, 1 / 60), 299 * 60 * 10**9).retry_after
            0.0
        """
        over = max(0, ahead + limit.cost - limit.capacity)
        return cls(limit, ahead / limit.cost, ahead / _SECOND, over / _SECOND)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was granted of one request.

    Attributes:
        count: identifiers that were asked.
        refused: positions, ascending, of those that had no room at some level; the others are granted.
        new: of those granted, how many cost something at any level.
        retry_after: seconds after which the first of the refused has room, if nobody else spends it; None where
            nothing was refused.
        limits: that applied, in the order of the policy.
        ahead: for each of them, in how many nanoseconds its bucket is empty, after this request.
        full: of them, those (as positions in `limits`) that refused something.
    """

    count: int
    refused: tuple[int, ...] = ()
    new: int = 0
    retry_after: float | None = None
    limits: tuple[Limit, ...] = ()
    ahead: tuple[int, ...] = ()
    full: tuple[int, ...] = ()

    @property
    def granted(self) -> tuple[int, ...]:
        """Positions, ascending, of the identifiers that may be answered."""
        refused = set(self.refused)
        return tuple(place for place in range(self.count) if place not in refused)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How much of every limit that applied is spent, after this request."""
        return tuple(Standing.of(limit, ahead) for limit, ahead in zip(self.limits, self.ahead, strict=True))
