"""Scores of actors at checkpoints.

`g = hits · gaps · rarity`: each the mean over its alternatives, and 1, of a likelihood ratio or a product of bets. A
score need not be calibrated, as it is only ever compared with scores of other actors by the same model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.guard.evidence.askings import Askings, folds
from floodmark.guard.evidence.gaps import nearest_earlier
from floodmark.guard.evidence.rarity import FOLDS

if TYPE_CHECKING:
    from floodmark.guard.evidence.model import Model

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """New identifiers of actors as arrays of shape (n,), those of one actor together and in order.

    Attributes:
        identifier: digests, uint64.
        group: a number for each actor and block.
        position: in the block.
        size: of the block.
        known: 1 where it is known whether it was a hit, else 0.
        hit: 1 where it was one, else 0.
        fold: of the actor's cluster, uint64.
    """

    identifier: NDArray[np.uint64]
    group: Whole
    position: Whole
    size: Whole
    known: Whole
    hit: Whole
    fold: NDArray[np.uint64]


def rows_of(asked: Askings) -> Rows:
    """Askings as arrays."""
    rows = asked.rows
    group = rows.select(pl.struct("actor", "block").rank("dense").cast(pl.Int64)).to_series()
    return Rows(
        rows["identifier"].to_numpy(),
        group.to_numpy(),
        rows["position"].cast(pl.Int64).to_numpy(),
        rows["size"].cast(pl.Int64).to_numpy(),
        rows["hit"].is_not_null().cast(pl.Int64).to_numpy(),
        rows["hit"].fill_null(False).cast(pl.Int64).to_numpy(),
        folds(asked.actors["cluster"].to_numpy(), FOLDS)[rows["actor"].to_numpy()],
    )


def reached(asked: Askings, checkpoints: tuple[int, ...]) -> pl.DataFrame:
    """One row per actor and checkpoint that it reached, without scores.

    Args:
        asked: new identifiers.
        checkpoints: ascending.

    Returns:
        In order of `actor` (row number) and `checkpoint`: `last` and `begin` (its rows in `asked.rows`), `took`
        (seconds since its first lookup), `cluster`, `account`, `app`, `cohort`.
    """
    numbers = asked.rows["actor"].to_numpy()
    found = (
        asked.rows.select("actor", "n", "at")
        .with_row_index("last")
        .filter(pl.col("n").is_in(checkpoints))
        .join(asked.actors.with_row_index("actor"), on="actor", how="left", maintain_order="left")
    )
    return found.select(
        "actor",
        pl.col("n").cast(pl.UInt16).alias("checkpoint"),
        pl.col("last").cast(pl.Int64),
        pl.Series("begin", np.searchsorted(numbers, found["actor"].to_numpy()), pl.Int64),
        (pl.col("at") - pl.col("first")).dt.total_microseconds().truediv(1e6).alias("took"),
        *("cluster", "account", "app", "cohort"),
    )


def scored(asked: Askings, model: Model) -> pl.DataFrame:
    """One row per actor and checkpoint that it reached, as `reached`, with `stratum` and natural logarithms of scores.

    Args:
        asked: new identifiers.
        model: to score by.

    Returns:
        Columns of `reached`, `stratum`, `hits`, `gaps`, `rarity` and `score`, their sum.
    """
    found = reached(asked, model.checkpoints)
    hits, gaps, rarity = log_parts(model, rows_of(asked), found["begin"].to_numpy(), found["last"].to_numpy())
    parts = {"hits": hits, "gaps": gaps, "rarity": rarity, "score": hits + gaps + rarity}
    return found.with_columns(
        model.strata.of(found), **{name: pl.Series(part) for name, part in parts.items()}
    )


def log_parts(model: Model, rows: Rows, begin: Whole, last: Whole) -> tuple[Floats, Floats, Floats]:
    """Logarithms of the parts of scores: hits, gaps and rarity.

    Args:
        model: to score by.
        rows: new identifiers.
        begin: first row of each actor that is scored, shape (m,).
        last: row of the checkpoint, shape (m,).

    Returns:
        Three of shape (m,).
    """
    hits = model.hits.log_factor(between(rows.hit, begin, last), between(rows.known, begin, last))
    distances, earlier = nearest_earlier(rows.group, rows.position)
    gaps = model.gaps.log_factors(distances, earlier, rows.size)
    rarity = model.rarity.log_factors(rows.identifier, rows.fold)
    return hits, _mean_of_products(gaps, begin, last), _mean_of_products(rarity, begin, last)


def between(values: Whole, begin: Whole, last: Whole) -> Whole:
    """Sums of `values` from row `begin` to row `last`, both counted."""
    sums = np.concatenate((np.zeros(1, values.dtype), np.cumsum(values)))
    return np.asarray(sums[last + 1] - sums[begin])


def _mean_of_products(log_factors: Floats, begin: Whole, last: Whole) -> Floats:
    """Logarithms of the mean, over alternatives and 1, of products from row `begin` to row `last`."""
    sums = np.zeros((len(log_factors), log_factors.shape[1] + 1))
    np.cumsum(log_factors, axis=1, out=sums[:, 1:])
    products = np.vstack((sums[:, last + 1] - sums[:, begin], np.zeros(len(last))))
    return np.asarray(np.logaddexp.reduce(products, axis=0) - np.log(len(products)))
