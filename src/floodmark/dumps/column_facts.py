"""What the cells of one column look like: shares, sizes and ranges, measured on its distinct cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from floodmark.dumps.cell_properties import cheap, costly
from floodmark.dumps.column_dates import NO_DATES, DateFacts, measure_dates
from floodmark.identifiers import fold, names, places, vocabulary

MOST_DISTINCT = 4_000  # distinct cells that shares are measured on; more would change no share by over 0.02
MOSTLY = 0.8  # share of a column's cells that have to be dates for it to be a column of dates
AT_ONCE = 64  # columns that are measured together
_WORDY: tuple[vocabulary.WordSet, ...] = ("company", "school", "job", "street", "area")


@dataclass(frozen=True)
class Sample:
    """Distinct cells of a column that its shares are measured on.

    Attributes:
        cells: distinct non-empty cells without white space around them, `MOST_DISTINCT` at most.
        rows: how many cells of the column each stands for.
    """

    cells: pl.Series
    rows: pl.Series


@dataclass(frozen=True)
class Facts:
    """One column of a sample.

    Attributes:
        rows: non-empty cells.
        distinct: distinct cells.
        shares: by name of a property (`cell_properties`, words, places), the share of non-empty cells that have it.
        words: mean number of words in a cell.
        length: mean number of characters.
        widths: number of different lengths.
        low, median, high: 1 %, 50 % and 99 % points of whole numbers, None where fewer than half of the cells are.
        counted: share of steps from one distinct whole number to the next, in file order, that are equally long.
        dates: dates in the column.
        sample: distinct cells.
    """

    rows: int
    distinct: int
    shares: dict[str, float]
    words: float
    length: float
    widths: int
    low: float | None
    median: float | None
    high: float | None
    counted: float
    dates: DateFacts
    sample: Sample

    def share(self, name: str) -> float:
        """Share of non-empty cells with a property."""
        return self.shares.get(name, 0.0)

    @property
    def variety(self) -> float:
        """Distinct cells over cells."""
        return self.distinct / max(self.rows, 1)


_NOTHING = pl.Series("cell", [], pl.String), pl.Series("rows", [], pl.UInt32)
_EMPTY = Facts(0, 0, {}, 0.0, 0.0, 0, None, None, None, 0.0, NO_DATES, Sample(*_NOTHING))


def measure(columns: Sequence[pl.Series]) -> list[Facts]:
    """Facts of columns, each of which is measured by itself; together costs little more than one alone.

    Args:
        columns: text cells of a sample; empty ones and nulls count as not filled.

    Returns:
        Facts by column.
    """
    groups = (columns[start : start + AT_ONCE] for start in range(0, len(columns), AT_ONCE))
    return [facts for group in groups for facts in _measure(group)]


def _measure(columns: Sequence[pl.Series]) -> list[Facts]:
    counts = _distinct(columns)
    if counts.is_empty():
        return [_EMPTY] * len(columns)
    sizes = _sizes(counts)
    step = 1 + pl.len().over("column") // MOST_DISTINCT
    looked_at = counts.filter(pl.int_range(pl.len()).over("column") % step == 0)
    shares = _shares(looked_at)
    dated = [
        index
        for index, share in shares.items()
        if share["digit"] >= MOSTLY and share["at"] < 0.5 and share["long_number"] <= 1 - MOSTLY
    ]
    dates = measure_dates(looked_at.filter(pl.col("column").is_in(dated)))
    samples = looked_at.partition_by("column", as_dict=True, maintain_order=True, include_key=False)
    facts = [_EMPTY] * len(columns)
    for (index,), sample in samples.items():
        facts[index] = Facts(
            **sizes[index],
            shares=shares[index],
            dates=dates.get(index, NO_DATES),
            sample=Sample(sample["cell"], sample["rows"]),
        )
    return facts


def _distinct(columns: Sequence[pl.Series]) -> pl.DataFrame:
    """Distinct filled cells in file order: `column` (its index), `cell` (stripped), `rows` (how often it is there)."""
    stacked = pl.concat(
        pl.DataFrame({"cell": cells.cast(pl.String)})
        .lazy()
        .select(column=pl.lit(index, pl.UInt32), cell="cell")
        for index, cells in enumerate(columns)
    )
    filled = stacked.with_columns(pl.col("cell").str.strip_chars()).filter(pl.col("cell") != "")
    return filled.group_by("column", "cell", maintain_order=True).agg(rows=pl.len()).collect()


def _sizes(counts: pl.DataFrame) -> dict[int, dict[str, Any]]:
    """By column, its facts that are no shares."""
    cell, weight, number = pl.col("cell"), pl.col("rows"), pl.col("number")
    numbers = number.drop_nulls().repeat_by(weight.filter(number.is_not_null())).explode()
    mostly = weight.filter(number.is_not_null()).sum() >= weight.sum() / 2
    steps = number.diff().drop_nulls()
    points = {"low": 0.01, "median": 0.5, "high": 0.99}
    sizes = (
        counts.lazy()
        .with_columns(
            number=cell.cast(pl.Float64, strict=False),
            words=cell.str.count_matches(r"\S+").cast(pl.Float64),
            length=cell.str.len_chars().cast(pl.Float64),
        )
        .group_by("column")
        .agg(
            rows=weight.sum(),
            distinct=pl.len(),
            words=(pl.col("words") * weight).sum() / weight.sum(),
            length=(pl.col("length") * weight).sum() / weight.sum(),
            widths=pl.col("length").n_unique(),
            counted=steps.eq(steps.mode().min()).sum().truediv(pl.len()).fill_null(0.0),
            **{name: pl.when(mostly).then(numbers.quantile(point)) for name, point in points.items()},
        )
        .collect()
    )
    return _by_column(sizes)


def _shares(cells: pl.DataFrame) -> dict[int, dict[str, float]]:
    """By column, shares of rows that have a property; a property that no cell can have may be left out."""
    frame = cells.with_columns(**cheap())
    totals = {
        row["column"]: row["rows"] for row in cells.group_by("column").agg(pl.col("rows").sum()).to_dicts()
    }
    shares: dict[int, dict[str, float]] = {index: {} for index in totals}

    def add(flags: pl.DataFrame) -> None:
        weighed = (pl.exclude("rows", "column").fill_null(0) * pl.col("rows")).sum()
        for index, found in _by_column(flags.group_by("column").agg(weighed)).items():
            shares[index].update({name: rows / totals[index] for name, rows in found.items()})

    add(frame.drop("cell"))
    groups = costly()
    possible = frame.select(group.possible.alias(str(number)) for number, group in enumerate(groups))
    for group, asked in zip(groups, possible.get_columns(), strict=True):
        if asked.any():
            few = frame.filter(asked)
            add(few.select("column", "rows", **group.properties))
    wordy = [
        index for index, share in shares.items() if share["letter"] >= 0.5 and share.get("email", 0) <= 0.5
    ]
    if wordy:
        worded = frame.filter(pl.col("column").is_in(wordy), pl.col("letter"))
        worded = worded.select("column", "rows", "cell", folded=fold(pl.col("cell")))
        add(_sets(worded))
        add(_names(worded))
        add(worded.select("column", "rows", family_like=names.family_like(pl.col("folded"))))
        add(_places(worded))
        placed = [index for index in wordy if _may_be_places(shares[index])]
        few = worded.filter(pl.col("column").is_in(placed))
        if placed:
            add(few.select("column", "rows", place=places.country(pl.col("cell")).is_not_null()))
    return shares


def _may_be_places(share: dict[str, float]) -> bool:
    """Whether what the words of a column say leaves room for places: looking for a country in each is costly."""
    towns = max(0.0, share["town"] - 0.6 * share["named"])  # names of people are names of towns too
    coded = max(share["code2"], share["code3"]) >= 0.95
    return share["digit"] < 0.3 and (coded or share["parted"] + towns >= 0.2)


def _sets(worded: pl.DataFrame) -> pl.DataFrame:
    """Whether a cell has a word, or words, of a set."""
    spaced = pl.concat_str(pl.lit(" "), "folded", pl.lit(" "))
    return worded.select(
        "column", "rows", **{name: spaced.str.contains_any(_sought(name)) for name in _WORDY}
    )


@cache
def _sought(name: vocabulary.WordSet) -> list[str]:
    """What to look for between spaces: single words as a whole, several wherever they stand."""
    return [word if " " in word else f" {word} " for word in vocabulary.folded(name) if word]


def _names(worded: pl.DataFrame) -> pl.DataFrame:
    """Of the words of each cell, the shares that are given names, family names, either, one only."""
    words = worded.select("column", "rows", word=pl.col("folded").str.split(" "))
    words = words.with_columns(pl.col("rows") / pl.col("word").list.len()).explode("word")
    given, family = pl.col("given"), pl.col("family")
    return words.hstack(names.known(words["word"])).select(
        "column",
        "rows",
        "given",
        "family",
        named=given | family,
        given_only=given & ~family,
        family_only=family & ~given,
    )


def _places(worded: pl.DataFrame) -> pl.DataFrame:
    """Whether a whole cell is the name of a country, of any place."""
    level = places.levels(worded["folded"])
    return worded.select(
        "column",
        "rows",
        country=(level == "c").fill_null(value=False) | places.is_code(pl.col("cell")),
        town=level.is_not_null(),
    )


def _by_column(frame: pl.DataFrame) -> dict[int, dict[str, Any]]:
    return {row.pop("column"): row for row in frame.to_dicts()}
