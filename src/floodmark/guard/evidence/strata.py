"""Strata: which actors are compared with which.

An actor's stratum at a checkpoint depends on nothing later than the checkpoint: by what it is known and which app it
uses (kind of client), how fast it got there (all have the same number of identifiers there, so pace is what is left of
size), and whether its account was made since training (age).

Which strata there are is settled by training alone: a group of actors is divided by the next of these only where every
part has enough clusters of its own; small parts are put together, and if they are too few still, with the smallest of
the others. So no actor can hide in a stratum that is too small to flag anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

ALL = "all actors"
PACES = ((3600.0, "within an hour"), (86_400.0, "within a day"))
SLOW = "over days"
SMALLEST = 400  # clusters of training for a stratum of its own; 1 / (alpha w) for alpha = 0.01 and w = 1/4
MOST_COHORTS = 10_000  # the largest; accounts of others count as new
_OTHERS = "others"
_MANY = 3  # parts that a name lists at most


@dataclass(frozen=True)
class Strata:
    """How actors are divided.

    Attributes:
        parts: names of strata, by `LEVEL CHECKPOINT:STRATUM|VALUE` of what was divided.
        others: names of strata for any other value, by `LEVEL CHECKPOINT:STRATUM`.
        cohorts: digests of cohorts that training saw; accounts of others are new.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    cohorts: frozenset[int] = frozenset()

    def of(self, scored: pl.DataFrame) -> pl.Series:
        """The stratum of each row.

        Args:
            scored: columns `checkpoint`, `took` (seconds), `account`, `app`, `cohort`.

        Returns:
            String, shape (n,).
        """
        table = scored.select("checkpoint", *values(self.cohorts), stratum=pl.lit(ALL))
        for name in LEVELS:
            table = table.with_columns(stratum=_next(name, self.parts, self.others))
        return table["stratum"]

    def names(self, checkpoint: int) -> list[str]:
        """All strata of a checkpoint."""
        mark = f" {checkpoint}:"
        divided = {label.partition(mark)[2] for label in self.others if mark in label}
        made = {name for label, name in (*self.parts.items(), *self.others.items()) if mark in label}
        return sorted((made | {ALL}) - divided)

    def of_one(self, checkpoint: int, took: float, account: int, app: int, cohort: int) -> str:
        """The stratum of one actor, as `of` has it."""
        pace = next((name for seconds, name in PACES if took <= seconds), SLOW)
        age = "age unknown" if not cohort else "made before" if cohort in self.cohorts else "made since"
        client = "account" if account else "address"
        stratum = ALL
        for name, value in zip(LEVELS, (client, pace, age, _app(app)), strict=True):
            label = f"{name} {checkpoint}:{stratum}"
            stratum = self.parts.get(f"{label}|{value}") or self.others.get(label) or stratum
        return stratum


LEVELS = ("client", "pace", "age", "app")


def values(cohorts: Iterable[int]) -> list[pl.Expr]:
    """Columns `LEVELS` of a row, as for `Strata.of`."""
    client = pl.when(pl.col("account") > 0).then(pl.lit("account")).otherwise(pl.lit("address"))
    pace: pl.Expr = pl.lit(SLOW)
    for seconds, name in reversed(PACES):
        pace = pl.when(pl.col("took") <= seconds).then(pl.lit(name)).otherwise(pace)
    old = pl.col("cohort").is_in(list(cohorts))
    age = (
        pl.when(pl.col("cohort") == 0)
        .then(pl.lit("age unknown"))
        .when(old)
        .then(pl.lit("made before"))
        .otherwise(pl.lit("made since"))
    )
    app = pl.col("app").map_batches(_apps, return_dtype=pl.String)
    return [part.alias(name) for part, name in zip((client, pace, age, app), LEVELS, strict=True)]


def settle(reached: pl.DataFrame, smallest: int = SMALLEST) -> Strata:
    """Divide actors as far as there are enough.

    Args:
        reached: training's actors, as for `Strata.of`, and `cluster`.
        smallest: clusters that a stratum has at least, unless it is that of all actors.
    """
    known = (
        reached.filter(pl.col("cohort") > 0)["cohort"].value_counts().sort("count", "cohort", descending=True)
    )
    cohorts = frozenset(known["cohort"].head(MOST_COHORTS).to_list())
    table = reached.select("checkpoint", "cluster", *values(cohorts), stratum=pl.lit(ALL))
    parts: dict[str, str] = {}
    others: dict[str, str] = {}
    for name in LEVELS:
        for (checkpoint, stratum), group in table.group_by("checkpoint", "stratum", maintain_order=True):
            divided = _divide(group.select(pl.col(name).alias("value"), "cluster"), smallest)
            if len(divided) < 2:
                continue
            label = f"{name} {checkpoint}:{stratum}"
            for words, held in divided:
                named = words if stratum == ALL else f"{stratum}, {words}"
                parts |= {f"{label}|{value}": named for value in held}
                others[label] = named  # the last: that of the small ones, or the smallest
        table = table.with_columns(stratum=_next(name, parts, others))
    return Strata(parts, others, cohorts)


def _divide(group: pl.DataFrame, smallest: int) -> list[tuple[str, list[str]]]:
    """Parts of a group, each with its name and the values in it; the one for whatever else comes is the last."""
    counted = (
        group.group_by("value")
        .agg(pl.col("cluster").n_unique().alias("size"))
        .sort("size", "value", descending=True)
    )
    large = counted.filter(pl.col("size") >= smallest)["value"].to_list()
    small = counted.filter(pl.col("size") < smallest)["value"].to_list()
    held = [[value] for value in large]
    together = group.filter(pl.col("value").is_in(small))["cluster"].n_unique()
    if small and together < smallest and held:
        held[-1] += small
    elif small:
        held.append(small)
    return [(" or ".join(sorted(some)) if len(some) <= _MANY else _OTHERS, some) for some in held]


def _next(name: str, parts: Mapping[str, str], others: Mapping[str, str]) -> pl.Expr:
    """The stratum after dividing by one more level."""
    label = pl.concat_str(pl.lit(f"{name} "), "checkpoint", pl.lit(":"), "stratum")
    part = pl.concat_str(label, pl.lit("|"), name)
    known = (
        part.replace_strict(parts, default=None, return_dtype=pl.String) if parts else pl.lit(None, pl.String)
    )
    other = (
        label.replace_strict(others, default=None, return_dtype=pl.String)
        if others
        else pl.lit(None, pl.String)
    )
    return pl.coalesce(known, other, "stratum")


def _apps(apps: pl.Series) -> pl.Series:
    distinct = apps.unique()
    names = pl.Series([_app(app) for app in distinct.to_list()], dtype=pl.String)
    return apps.replace_strict(distinct, names, return_dtype=pl.String) if apps.len() else names


def _app(app: int) -> str:
    return f"app/{app:016x}" if app else "app unknown"
