"""Evidence on every actor of past lookups."""

from __future__ import annotations

import polars as pl

from floodmark.guard.evidence.model import Model
from floodmark.guard.evidence.reference import Reference

EVIDENCE: dict[str, pl.DataType | type[pl.DataType]] = {
    "who": pl.UInt64,
    "epoch": pl.Datetime("us", "UTC"),
    "lookups": pl.UInt32,
    "new": pl.UInt32,
    "reached": pl.UInt16,
    "stratum": pl.String,
    "reference": pl.UInt32,
    "hits": pl.Float64,
    "gaps": pl.Float64,
    "rarity": pl.Float64,
    "e_20": pl.Float64,
    "e_60": pl.Float64,
    "e_180": pl.Float64,
    "e_540": pl.Float64,
    "m": pl.Float64,
    "flagged": pl.Boolean,
    "listed": pl.Boolean,
    "reachable": pl.Float64,
    "guarantee": pl.String,
}
"""Columns of evidence.

`who` is `Actor.who`; `epoch` when its epoch began (one row per actor and epoch; one epoch where the lookups span no more
than the reference); `new` its distinct identifiers; `reached` the last checkpoint (0: none); `stratum` and `reference`
(actors in it) at that checkpoint; `hits`, `gaps`, `rarity` the parts of its score there, log10; `e_K` the e-value at
each checkpoint, null where not reached; `m` their weighted sum; `flagged` whether `m >= 1 / alpha`; `listed` whether e-BH
over all actors names it; `reachable` the smallest alpha at which it could be flagged by what it reached.
"""


def evidence(
    lookups: pl.DataFrame, model: Model, reference: Reference, alpha: float = 0.01, epsilon: float = 0.0
) -> pl.DataFrame:
    """Evidence on every actor.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`; later than those of model and reference.
        model: to score by.
        reference: to compare with.
        alpha: largest probability with which an actor like those of its reference may be flagged in an epoch.
        epsilon: largest share of each stratum's reference that may be bad.

    Returns:
        Columns `EVIDENCE`, by descending `m`.
    """
    raise NotImplementedError
