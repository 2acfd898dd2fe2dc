"""Evidence on every actor of past lookups."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from floodmark.guard.evidence.askings import Askings, askings, begin, chunks, seconds
from floodmark.guard.evidence.conformal import e_bh, weigh
from floodmark.guard.evidence.model import CHECKPOINTS, Model
from floodmark.guard.evidence.reference import Reference
from floodmark.guard.evidence.scores import scored

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
    **{f"e_{checkpoint}": pl.Float64 for checkpoint in CHECKPOINTS},
    "m": pl.Float64,
    "flagged": pl.Boolean,
    "listed": pl.Boolean,
    "reachable": pl.Float64,
    "guarantee": pl.String,
}
"""Columns of evidence.

`who` is `Actor.who`; `epoch` when its epoch began (one row per actor and epoch; one epoch where the lookups span no
more than the reference); `new` its distinct identifiers; `reached` the last checkpoint (0: none); `stratum` and
`reference` (actors in it) at that checkpoint, empty and 0 without one; `hits`, `gaps`, `rarity` the parts of its score
there, log10; `e_K` the e-value at each checkpoint, null where not reached; `m` their weighted sum; `flagged` whether
`m >= 1 / alpha`; `listed` whether e-BH over all actors that reached a checkpoint names it; `reachable` the smallest
alpha at which it could be flagged by what it reached; `guarantee` what a flag means, a sentence.
"""
PARTS = ("hits", "gaps", "rarity")


def evidence(
    lookups: pl.DataFrame,
    model: Model,
    reference: Reference,
    alpha: float = 0.01,
    epsilon: float = 0.0,
    *,
    false_discoveries: float = 0.1,
) -> pl.DataFrame:
    """Evidence on every actor.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`; later than those of model and reference.
        model: to score by.
        reference: to compare with.
        alpha: largest probability with which an actor like those of its reference may be flagged in an epoch.
        epsilon: largest share of each stratum's reference that may be bad.
        false_discoveries: largest share of those listed that are like the reference, on average.

    Returns:
        Columns `EVIDENCE`, by descending `m`.
    """
    epoch = None if seconds(lookups) <= reference.epoch else reference.epoch
    start = begin(lookups)
    table = pl.concat(
        _weighed(
            askings(chunk, last=model.checkpoints[-1], cluster=model.cluster, epoch=epoch, start=start),
            model,
            reference,
            epsilon,
        )
        for chunk in chunks(lookups)
    )
    tested = table["reached"].to_numpy() > 0
    listed = np.zeros(table.height, bool)
    listed[tested] = e_bh(table["m"].to_numpy()[tested], false_discoveries)
    return (
        table.with_columns(
            flagged=pl.col("m") >= 1.0 / alpha,
            listed=pl.Series(listed),
            guarantee=_words(reference, alpha, epsilon),
        )
        .select(pl.col(name).cast(kind) for name, kind in EVIDENCE.items())
        .sort("m", "who", descending=[True, False])
    )


def _weighed(asked: Askings, model: Model, reference: Reference, epsilon: float) -> pl.DataFrame:
    """One row per actor and epoch, in the form of `EVIDENCE` but for what depends on the others and on alpha."""
    found = with_e_values(scored(asked, model), model, reference, epsilon)
    length = timedelta(seconds=reference.epoch)
    return (
        asked.actors.select("who", "epoch", "lookups", "new")
        .with_row_index("actor")
        .join(_per_actor(found, model, epsilon), on="actor", how="left", maintain_order="left")
        .with_columns(
            pl.col("m", "reached", "reference").fill_null(0),
            pl.col("stratum").fill_null(""),
            pl.col("reachable").fill_null(1.0),
            epoch=pl.lit(asked.start, pl.Datetime("us", "UTC")) + pl.col("epoch") * pl.lit(length),
        )
    )


def with_e_values(found: pl.DataFrame, model: Model, reference: Reference, epsilon: float) -> pl.DataFrame:
    """Scores with their e-values `e` and the sizes `reference` of what they were compared with, row by row."""
    e_values = np.ones(found.height)
    sizes = np.zeros(found.height, np.int64)
    groups = found.with_row_index("index").group_by("stratum", "checkpoint").agg("index")
    scores = found["score"].to_numpy()
    for name, checkpoint, index in groups.iter_rows():
        others = reference.at(name, checkpoint)
        e_values[index] = weigh(scores[index], others, epsilon)
        sizes[index] = len(others)
    return found.with_columns(e=pl.Series(e_values), reference=pl.Series(sizes))


def guarantee(stratum: str, size: int, epoch: float, alpha: float, epsilon: float) -> str:
    """What a flag means, as a sentence."""
    return (
        f"Of actors exchangeable with these {size} reference actors ({stratum}), at most a share of {alpha:g} is "
        f"flagged in {_days(epoch)}, averaged over reference draws, if at most {epsilon:.0%} of the reference is bad."
    )


def _per_actor(found: pl.DataFrame, model: Model, epsilon: float) -> pl.DataFrame:
    weights = dict(zip(model.checkpoints, model.weights, strict=True))
    weight = pl.col("checkpoint").replace_strict(weights, return_dtype=pl.Float64)
    most = ((1.0 - epsilon) * (pl.col("reference") + 1) * weight).sum()
    return found.group_by("actor").agg(
        pl.col("checkpoint").last().alias("reached"),
        pl.col("stratum", "reference").last(),
        (pl.col(PARTS).last() / np.log(10.0)),
        *(
            pl.col("e").filter(pl.col("checkpoint") == checkpoint).first().alias(f"e_{checkpoint}")
            for checkpoint in model.checkpoints
        ),
        (pl.col("e") * weight).sum().alias("m"),
        pl.min_horizontal(pl.lit(1.0), 1.0 / most).alias("reachable"),
    )


def _words(reference: Reference, alpha: float, epsilon: float) -> pl.Expr:
    said = (
        guarantee("%", 0, reference.epoch, alpha, epsilon)
        .replace("these 0 ", "these {} ")
        .replace("(%)", "({})")
    )
    words = pl.format(said, pl.col("reference"), pl.col("stratum"))
    return pl.when(pl.col("reached") > 0).then(words).otherwise(pl.lit(""))


def _days(seconds: float) -> str:
    return f"{seconds / 86_400:.0f} days" if seconds >= 172_800 else f"{seconds / 3600:.0f} hours"
