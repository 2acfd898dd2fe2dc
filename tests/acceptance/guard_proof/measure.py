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
        honest: columns kind, wanted and got (distinct identifiers that an actor asked about, and those that it was told
            of) and limited (whether any lookup was refused): of each honest actor.
        scraped: columns kind, group, wanted, got, share and hours (until the first refusal; null for none): of each
            scraper; all accounts of a ring are one.
    """

    honest: pl.DataFrame
    scraped: pl.DataFrame

    @property
    def limited(self) -> Share:
        """Honest actors of whose lookups any was refused."""
        return Share(int(self.honest["limited"].sum()), self.honest.height)

    @property
    def lost(self) -> float:
        """Share of what honest actors asked about that they were never told."""
        return 1 - float(self.honest["got"].sum() / self.honest["wanted"].sum())

    @property
    def deciles(self) -> pl.DataFrame:
        """Columns decile (1 to 10, by identifiers asked about), actors, largest, limited and lost (shares)."""
        decile = (pl.col("wanted").rank("ordinal") - 1) * DECILES // pl.len() + 1
        each = self.honest.group_by(decile=decile).agg(
            actors=pl.len(),
            largest=pl.col("wanted").max(),
            limited=pl.col("limited").mean(),
            lost=1 - pl.col("got").sum() / pl.col("wanted").sum(),
        )
        return each.sort("decile")

    def limited_of(self, kind: str) -> float:
        """Share of the honest actors of one sort who were limited."""
        own = self.honest.filter(pl.col("kind") == kind)
        return float(own["limited"].sum() / own.height) if own.height else float("nan")

    def share_scraped(self, *families: str) -> float:
        """Of what scrapers of these families asked about, the share that they got, each family counting the same."""
        each = self.scraped.filter(pl.col("kind").is_in(families)).group_by("kind")
        share = each.agg(pl.col("got").sum() / pl.col("wanted").sum())["got"].mean()
        return float("nan") if share is None else float(share)  # type: ignore[arg-type]


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
    scraped = each.filter(~pl.col("honest"))
    return Outcome(
        each.filter("honest").select("kind", "wanted", "got", "limited"),
        scraped.select(
            "kind", "wanted", "got", "hours", group="one", share=pl.col("got") / pl.col("wanted")
        ).sort("kind", "group"),
    )
