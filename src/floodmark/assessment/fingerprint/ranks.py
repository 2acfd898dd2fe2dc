"""Whether two tables have their countries in the same order of size: shown beside the fingerprint, never part of it.

Tables of anything that people have are in the order of populations, so the same order says little, and how little
hangs on how far unrelated tables differ. The chances come from simulation with a seed, and are never below one in
`DRAWS` + 1.

>>> rows = [match_row(exactly(10**6 - 10**4 * place), exactly(10**6 - 10**4 * place)) for place in range(20)]
>>> found = rank_agreement([replace(row, country=str(place)) for place, row in enumerate(rows)])
>>> found.countries, found.tau, found.first, found.tau_chance[0.25]
(20, 1.0, 12, 0.0005)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from floodmark.assessment.fingerprint.match import SIGMAS
from floodmark.assessment.fingerprint.rows import RowMatch, exactly, match_row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["RankAgreement", "exactly", "match_row", "rank_agreement", "replace"]

DRAWS = 1999
MOST = 60  # the greatest countries of the known table, of which pairs are counted
FIRST = 12


@dataclass(frozen=True)
class RankAgreement:
    """Two orders of the same countries.

    Attributes:
        countries: how many were ordered.
        tau: Kendall's: 1 the same order, 0 none, -1 the opposite; of the pairs that differ in both tables.
        first: how many of the greatest, up to 12, are in the same places.
        tau_chance: of a tau this great, in tables that are the known one times noise exp(N(0, sigma²)), by sigma.
        first_chance: of so many first ones, likewise.
    """

    countries: int
    tau: float
    first: int
    tau_chance: dict[float, float]
    first_chance: dict[float, float]


def rank_agreement(rows: Sequence[RowMatch], *, seed: int = 1) -> RankAgreement | None:
    """Compare the orders of two tables.

    Args:
        rows: of `Match.rows`; those without a country, and zeros, are left out.
        seed: of the simulation.

    Returns:
        None for fewer than three countries.
    """
    import numpy as np

    usable = [row for row in rows if row.country and row.said.value and row.known.value]
    usable = sorted(usable, key=lambda row: -row.known.value)[:MOST]
    if len(usable) < 3:  # two can only be in the one order or in the other
        return None
    known = np.array([row.known.value for row in usable], np.float64)
    said = np.array([[row.said.value for row in usable]], np.float64)
    steps = np.array([row.said.step for row in usable], np.float64)
    noise = np.random.default_rng(seed).standard_normal((DRAWS, len(usable)))
    tau, first = _tau(said, known), _first(said)
    tau_chance, first_chance = {}, {}
    for sigma in SIGMAS:
        drawn = (
            np.round(known * np.exp(sigma * noise) / steps) * steps
        )  # as round as the advert, so with its ties
        tau_chance[sigma] = _share(_tau(drawn, known) >= tau - 1e-9)
        first_chance[sigma] = _share(_first(drawn) >= first)
    return RankAgreement(len(usable), round(float(tau[0]), 6), int(first[0]), tau_chance, first_chance)


def _tau(tables: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kendall's tau of each row of `tables`, shape (draws, n), with `known`, shape (n,), in descending order."""
    import numpy as np

    one, other = np.triu_indices(len(known), 1)
    apart = known[one] > known[other]
    one, other = one[apart], other[apart]
    signs = np.sign(tables[:, one] - tables[:, other])
    pairs = np.maximum(1, np.abs(signs).sum(axis=1))
    return np.asarray(signs.sum(axis=1) / pairs)


def _first(tables: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of the first columns are in descending order, with nothing greater behind them."""
    import numpy as np

    greatest_from_here = np.maximum.accumulate(tables[:, ::-1], axis=1)[:, ::-1]
    in_place = tables[:, :FIRST] >= greatest_from_here[:, :FIRST]
    return np.asarray(np.cumprod(in_place, axis=1).sum(axis=1))


def _share(hits: NDArray[np.bool_]) -> float:
    """With the table itself counted as one of the draws, so that it is never zero."""
    return float((hits.sum() + 1) / (DRAWS + 1))
