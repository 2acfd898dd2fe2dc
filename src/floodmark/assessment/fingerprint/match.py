"""What a comparison with one known table found."""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.rows import DIFFERS, RowMatch

FLOOR = 1e-6
"""Nothing smaller is ever said: errors of the sources are likelier than that."""
CONCLUSIONS = ("found", "found-if", "partly", "not-found", "cannot-tell")


@dataclass(frozen=True, kw_only=True)
class Match:
    """An advert beside one known table.

    Attributes:
        known: the table.
        alignment: `country`; how rows were paired.
        rows: that both have, in the advert's order; the total, if both have one, is the last.
        left_out: rows of the known table that rest on reports of the advert itself and were not compared.
        log10_p: common logarithm of the chance, before the floor; not to be quoted.
        sensitivity: the same under the second null, by sigma; not to be quoted below the floor.
        conclusion: one of `CONCLUSIONS`.
    """

    known: KnownTable
    alignment: str
    rows: tuple[RowMatch, ...]
    left_out: int
    log10_p: float
    sensitivity: dict[float, float]
    conclusion: str

    @property
    def p(self) -> float:
        """The chance as it may be said, never below `FLOOR`."""
        return max(FLOOR, float(10.0 ** max(self.log10_p, -300)))

    @property
    def at_floor(self) -> bool:
        """Whether it has to be said as "below one in a million"."""
        return self.log10_p <= -6

    @property
    def matching(self) -> tuple[RowMatch, ...]:
        """Rows that match."""
        return tuple(row for row in self.rows if row.how != DIFFERS)

    @property
    def differing(self) -> tuple[RowMatch, ...]:
        """Rows that do not; to be shown as prominently."""
        return tuple(row for row in self.rows if row.how == DIFFERS)
