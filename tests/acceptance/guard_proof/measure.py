"""What a rule let through and whom it limited.

A rule either stops an actor for good (`rules`) or grants some lookups and refuses others (budgets); both are a column
`granted` here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from floodmark.assessment.proportions import clopper_pearson
from floodmark.guard.actors import who
from floodmark.synth.traffic import Traffic

DECILES = 10


@dataclass(frozen=True)
class Share:
    """So many of so many, with the 95 % interval of Clopper and Pearson."""

    hits: int
    trials: int

    @property
    def value(self) -> float:
        return self.hits / self.trials if self.trials else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        return clopper_pearson(self.hits, self.trials) if self.trials else (0.0, 1.0)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.2%} ({low:.2%}-{high:.2%})"


@dataclass(frozen=True)
class Outcome:
    """What one rule did in one part.

    Attributes:
        limited: honest actors of whose lookups any was refused.
        lost: distinct identifiers that honest actors asked about and never got, of all that they asked about.
        scraped: columns kind, group, wanted, got, share and hours: of each scraper (a ring is one), the distinct
            identifiers it asked about, those that it got, and the hours until the first refusal (null for none).
        deciles: columns decile (1 to 10, by distinct identifiers asked about), actors, limited, lost.
    """

    limited: Share
    lost: Share
    scraped: pl.DataFrame
    deciles: pl.DataFrame

    def share_scraped(self, family: str) -> float:
        """Of a family together."""
        own = self.scraped.filter(pl.col("kind") == family)
        return float(own["got"].sum() / own["wanted"].sum())


def until(lookups: pl.DataFrame, stops: pl.DataFrame) -> pl.Series:
    """Which lookups a rule that stops actors for good grants: Boolean, shape (lookups,).

    Args:
        lookups: columns of `floodmark.guard.SCHEMA`.
        stops: columns who and stopped.
    """
    joined = lookups.select("at", who()).join(stops, on="who", how="left", maintain_order="left")
    return joined.select(granted=(pl.col("at") < pl.col("stopped")).fill_null(True))["granted"]


def outcome(made: Traffic, granted: pl.Series) -> Outcome:
    """What became of a part.

    Args:
        made: the part.
        granted: Boolean, shape (lookups,): which lookups were answered.
    """
    rows = made.lookups.select("at", "identifier", who(), granted=granted)
    rows = rows.join(made.truth.select("who", "kind", "honest", "group"), on="who", maintain_order="left")
    one = pl.when("honest").then(pl.col("who").cast(pl.String)).otherwise("group").alias("one")
    asked = rows.group_by("honest", "kind", one, "identifier").agg(pl.col("granted").any())
    each = asked.group_by("honest", "kind", "one").agg(wanted=pl.len(), got=pl.col("granted").sum())
    refused = rows.group_by(one).agg(
        limited=~pl.col("granted").all(),
        hours=(pl.col("at").filter(~pl.col("granted")).min() - pl.col("at").min()).dt.total_seconds() / 3600,
    )
    each = each.join(refused, on="one")
    honest = each.filter("honest")
    decile = (pl.col("wanted").rank("ordinal") - 1) * DECILES // pl.len() + 1
    deciles = (
        honest.group_by(decile=decile)
        .agg(
            actors=pl.len(),
            largest=pl.col("wanted").max(),
            limited=pl.col("limited").mean(),
            lost=1 - pl.col("got").sum() / pl.col("wanted").sum(),
        )
        .sort("decile")
    )
    scraped = each.filter(~pl.col("honest")).select(
        "kind", group="one", wanted="wanted", got="got", share=pl.col("got") / pl.col("wanted"), hours="hours"
    )
    return Outcome(
        Share(int(honest["limited"].sum()), honest.height),
        Share(int((honest["wanted"] - honest["got"]).sum()), int(honest["wanted"].sum())),
        scraped.sort("kind", "group"),
        deciles,
    )
