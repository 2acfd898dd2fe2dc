"""What the evidence says of actors, and how much of the chance of a false flag was given out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from floodmark.guard.evidence import Learned

FALSE_DISCOVERIES = 0.1
"""Of those that e-BH names, the share that is like the reference, on average at most."""
PROMISE = (
    "An actor exchangeable with the reference actors of its stratum is flagged within an epoch with probability at "
    "most α = {alpha:g}, averaged over draws of the reference, if at most a share ε = {epsilon:g} of the reference is "
    "bad."
)


@dataclass(frozen=True)
class ActorEvidence:
    """The evidence on one actor, in that epoch in which there is most.

    Attributes:
        value: the weighted e-value M: from 1/α on it is a flag.
        reached: checkpoint that the actor came to, in distinct identifiers; 0 for none.
        flagged: M is at least 1/α.
        together: e-BH over all actors names it.
        stratum: of reference actors that it is compared with.
        reference: how many these are.
        reachable: the smallest α at which it could be flagged by what it reached.
        hits: part of the score from hits and misses, log10; None where no checkpoint was reached.
        gaps: part from neighbouring identifiers, log10.
        rarity: part from identifiers that few ask about, log10.
    """

    value: float
    reached: int
    flagged: bool
    together: bool
    stratum: str
    reference: int
    reachable: float
    hits: float | None
    gaps: float | None
    rarity: float | None


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint, over all actors and epochs.

    Attributes:
        identifiers: distinct ones after which an actor comes to it.
        weight: of it in M.
        alpha: the part of α that an actor spends at it.
        actors: that came to it.
    """

    identifiers: int
    weight: float
    alpha: float
    actors: int


@dataclass(frozen=True)
class Stratum:
    """Reference actors of one kind, and who was compared with them.

    Attributes:
        name: of the stratum.
        reached: the checkpoint.
        reference: actors in the reference.
        reachable: smallest α at which an actor can be flagged that came so far.
        actors: that came so far and no further.
        flagged: of these.
    """

    name: str
    reached: int
    reference: int
    reachable: float
    actors: int
    flagged: int


@dataclass(frozen=True)
class EvidenceUse:
    """What the evidence says of all actors.

    Attributes:
        alpha: chance of a false flag that is promised, of each actor and epoch.
        epsilon: share of the reference that may be bad.
        promise: what is promised, as a sentence.
        epochs: in which the lookups lie.
        actors: that came to a checkpoint and were compared.
        flagged: of these.
        together: of these, by e-BH over all actors.
        false_discoveries: share of those named together that is like the reference, on average at most.
        false_flags: that would be expected at most, if all of them were like their reference.
        trained: actors that the scores were learnt from.
        referees: actors in the reference.
        checkpoints: in order.
        strata: by name and checkpoint.
    """

    alpha: float
    epsilon: float
    promise: str
    epochs: int
    actors: int
    flagged: int
    together: int
    false_discoveries: float
    false_flags: float
    trained: int
    referees: int
    checkpoints: tuple[Checkpoint, ...]
    strata: tuple[Stratum, ...]


def evidence_use(found: pl.DataFrame, learned: Learned, alpha: float, epsilon: float) -> EvidenceUse:
    """What the evidence says of all actors.

    Args:
        found: of columns `EVIDENCE`.
        learned: model and reference that it was made with.
        alpha: that it was made with.
        epsilon: that it was made with.
    """
    compared = found.filter(pl.col("reached") > 0)
    model = learned.model
    return EvidenceUse(
        alpha=alpha,
        epsilon=epsilon,
        promise=PROMISE.format(alpha=alpha, epsilon=epsilon),
        epochs=found["epoch"].n_unique(),
        actors=compared["who"].n_unique(),
        flagged=compared.filter("flagged")["who"].n_unique(),
        together=compared.filter("listed")["who"].n_unique(),
        false_discoveries=FALSE_DISCOVERIES,
        false_flags=alpha * compared.height,
        trained=model.actors,
        referees=learned.reference.actors,
        checkpoints=tuple(
            Checkpoint(k, weight, alpha * weight, compared.filter(pl.col("reached") >= k)["who"].n_unique())
            for k, weight in zip(model.checkpoints, model.weights, strict=True)
        ),
        strata=_strata(compared),
    )


def of_actors(found: pl.DataFrame) -> pl.DataFrame:
    """One row an actor: the epoch with most evidence on it.

    Args:
        found: of columns `EVIDENCE`.

    Returns:
        `who`; `flagged`, in any epoch; `m`; and `evidence`, a Struct of `EVIDENCE` in that epoch, with `flagged` and
        `listed` true where they are in any.
    """
    ever = [pl.col(name).any().over("who") for name in ("flagged", "listed")]
    most = found.with_columns(ever).sort("m", descending=True, nulls_last=True).unique("who", keep="first")
    return most.select("who", "flagged", "m", evidence=pl.struct(pl.all()))


def actor_evidence(row: dict[str, Any]) -> ActorEvidence:
    """The evidence in a row of `EVIDENCE`."""
    return ActorEvidence(
        value=row["m"],
        reached=row["reached"],
        flagged=row["flagged"],
        together=row["listed"],
        stratum=row["stratum"],
        reference=row["reference"],
        reachable=row["reachable"],
        hits=row["hits"],
        gaps=row["gaps"],
        rarity=row["rarity"],
    )


def _strata(compared: pl.DataFrame) -> tuple[Stratum, ...]:
    counted = (
        compared.group_by(name="stratum", reached="reached")
        .agg(
            reference=pl.col("reference").max(),
            reachable=pl.col("reachable").min(),
            actors=pl.len(),
            flagged=pl.col("flagged").sum(),
        )
        .sort("name", "reached")
    )
    return tuple(Stratum(**row) for row in counted.iter_rows(named=True))
