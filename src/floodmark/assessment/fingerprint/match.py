"""What a comparison with one known table found."""

from __future__ import annotations

from dataclasses import dataclass, field

from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.rows import RowMatch

FLOOR = 1e-6
"""Nothing smaller is ever said: errors of the sources are likelier than that."""
LOG10_FLOOR = -6.0
SIGMAS = (0.05, 0.1, 0.25, 0.5, 1.0)
CLOSE, APART = 0.05, 0.25
"""By how much a country differs, in natural logarithms, between tables of one platform, and between unrelated ones."""
LEAST_ROWS = 3
"""Fewer numbers that agree can be one mistake of one reporter."""
LEAST_SHARE = 0.25
"""Of the advert's rows with a count, that have to agree before it is called a table."""
CONCLUSIONS = ("found", "found-if", "partly", "not-found", "cannot-tell")


@dataclass(frozen=True, kw_only=True)
class Match:
    """An advert beside one known table.

    Attributes:
        known: the table, without rows that were left out.
        order: `before` where the known table is dated before the advert, `after`, or empty where that is not known.
        alignment: how rows were paired: `country`; `moved` where the same numbers stand under other countries;
            `scaled` where they are the same up to `factor`.
        factor: by which the known numbers were multiplied.
        rows: that both have, in the advert's order; the total, if both have one, is the last.
        left_out: countries whose known row rests on reports of the advert, or on texts of a later year, alone; not
            compared.
        later: those of them whose row rests on texts of a later year.
        only_said: countries that the advert alone has.
        only_known: countries that the known table alone has.
        advert_rows: rows with a count that the advert has, compared or not.
        tests: by how much the chance was multiplied: known tables times pairings.
        log10_p: common logarithm of the chance if all but the two leading digits are random; not to be quoted.
        sensitivity: the same where countries differ by sigma, by sigma; not to be quoted below the floor.
        least_sigma: sigma from which on the chance is at the floor; None where it is for no sigma up to 1.
        telling: rows of both that have digits enough to tell something; those too round for it are not among them.
        needed: of the telling rows, how many that match in full, whichever they be, would be enough for `found` or
            `found-if`, or for `partly` where they are less than a quarter of the advert; None where all would not.
        conclusion: `found`; `found-if` unrelated tables differ by a quarter or more a country; `partly`: the agreement
            is as unlikely as for one of the two, but it is of some numbers and not of the table; `not-found`;
            `cannot-tell`: the advert says too little.
    """

    known: KnownTable
    order: str = ""
    alignment: str = "country"
    factor: float = 1.0
    rows: tuple[RowMatch, ...]
    left_out: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    only_said: tuple[str, ...] = ()
    only_known: tuple[str, ...] = ()
    advert_rows: int = 0
    tests: int = 1
    log10_p: float
    sensitivity: dict[float, float] = field(default_factory=dict)
    least_sigma: float | None = None
    telling: int = 0
    needed: int | None = None
    conclusion: str

    @property
    def p(self) -> float:
        """The chance as it may be said, never below `FLOOR`."""
        return max(FLOOR, float(10.0**self.log10_p))

    @property
    def at_floor(self) -> bool:
        """Whether it has to be said as "below one in a million"."""
        return self.log10_p <= LOG10_FLOOR

    @property
    def matching(self) -> tuple[RowMatch, ...]:
        """Rows that match, those that are not scored among them."""
        return tuple(row for row in self.rows if row.matches)

    @property
    def differing(self) -> tuple[RowMatch, ...]:
        """Rows that do not; to be shown as prominently."""
        return tuple(row for row in self.rows if not row.matches)

    @property
    def share(self) -> float:
        """Of the advert's rows with a count, the part that agrees: what could not be compared does not."""
        agreeing = sum(bool(row.country) for row in self.matching)
        return agreeing / self.advert_rows if self.advert_rows else 0.0

    @property
    def sources(self) -> int:
        """How many texts the matching known rows were read in; 0 where they have no sources of their own."""
        return len({row.source for row in self.matching if row.source})
