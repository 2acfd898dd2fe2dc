"""Lines of a log to lookups: cut, matched with endpoints, reduced, and the identifiers forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import polars as pl

from floodmark.guard.actors import PARTS, actor_columns
from floodmark.guard.logs.asked_columns import AskedRows, asked
from floodmark.guard.logs.cutting import Cutter
from floodmark.guard.logs.mapping import Mapping
from floodmark.guard.lookups import SCHEMA
from floodmark.guard.reduction import reduce
from floodmark.identifiers.digests import DigestKey

FATES = (
    "lookup",
    "other-endpoint",
    "no-identifier",
    "no-time",
    "malformed",
    "comment",
    "not-utf-8",
    "too-long",
    "blank",
)
"""What became of a line; each has one fate."""


@dataclass
class Counts:
    """What became of the lines of logs, and of the identifiers in them.

    Attributes:
        lines: by fate (`FATES`).
        identifiers: `asked` in all; `none` of their kind, which no lookup is made of.
    """

    lines: Counter[str] = field(default_factory=Counter)
    identifiers: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Count what another counted, too."""
        self.lines.update(other.lines)
        self.identifiers.update(other.identifiers)

    def pairs(self) -> tuple[tuple[str, int], ...]:
        """All counts by name, as a lookups file keeps them."""
        lines = tuple((fate, self.lines[fate]) for fate in FATES if self.lines[fate])
        return (*lines, *((f"identifiers-{name}", count) for name, count in sorted(self.identifiers.items())))


@dataclass(frozen=True)
class Parsed:
    """Some lines, parsed.

    Attributes:
        lookups: columns `SCHEMA` with `line` (UInt32) before them, of one endpoint after the other; also of those whose
            identifier is none of its kind, which are null in `identifier`, `block` and `position`.
        counts: what became of the lines.
    """

    lookups: pl.DataFrame
    counts: Counts

    def in_order(self) -> pl.DataFrame:
        """The lookups in the order of the lines."""
        if self.lookups["line"].is_sorted():
            return self.lookups
        return self.lookups.sort("line", maintain_order=True)


class Parser:
    """Parses lines of one log.

    Args:
        mapping: what to look at.
        key: the digest key.
        until: when the log ended, for times without a year, where the mapping does not say it.
        header: of a file of separated values.
    """

    def __init__(
        self, mapping: Mapping, key: DigestKey, until: datetime | None = None, header: str = ""
    ) -> None:
        clock = mapping.log.clock
        if until is not None and until < clock.until:
            mapping = replace(mapping, log=replace(mapping.log, clock=replace(clock, until=until)))
        self.mapping = mapping
        self._key = key
        self._header = header

    @cached_property
    def cutter(self) -> Cutter:
        """What cuts the lines."""
        return Cutter(self.mapping, self._header)

    def lines(self, lines: pl.Series) -> Parsed:
        """Lookups of lines.

        Args:
            lines: String, shape (n,), without nulls; none of them blank.
        """
        table, fits = self.cutter.table(lines)
        comments = 0 if fits.all() else int(lines.filter(~fits).str.starts_with("#").sum())
        return self.table(table, fits, comments)

    def rows(self, fields: pl.DataFrame) -> Parsed:
        """Lookups of rows of a table, by the names of its columns."""
        table = self.cutter.finished(fields)
        return self.table(table, pl.Series([True]).new_from_index(0, table.height))

    def table(self, table: pl.DataFrame, fits: pl.Series, comments: int = 0) -> Parsed:
        """Lookups of what was cut.

        Args:
            table: as of `Cutter.finished`.
            fits: which rows are of the format.
            comments: how many of the others say something about the log.
        """
        counts = Counts()
        counts.lines["malformed"] = table.height - int(fits.sum()) - comments
        counts.lines["comment"] = comments
        table = table.with_row_index("line").filter(fits)
        found = asked(self.mapping.endpoints, table.select(pl.exclude("line", "at", *PARTS)))
        parts = []
        counts.lines["other-endpoint"] = table.height - sum(one.rows.len() for one in found)
        for one in found:
            parts.append(self._lookups(one, table, counts))
        empty = pl.DataFrame(schema={"line": pl.UInt32, **SCHEMA})
        return Parsed(pl.concat([empty, *parts]), counts)

    def _lookups(self, one: AskedRows, table: pl.DataFrame, counts: Counts) -> pl.DataFrame:
        dated = table["at"].gather(one.rows).is_not_null()
        alone = one.texts["row"].equals(one.rows)  # each asks about one, as most do
        asking = dated | True if alone else one.rows.is_in(one.texts["row"].unique().implode())
        counts.lines["no-time"] += int((~dated).sum())
        counts.lines["no-identifier"] += int((dated & ~asking).sum())
        kept = one.rows.filter(dated & asking)
        counts.lines["lookup"] += kept.len()
        texts = one.texts
        if kept.len() < one.rows.len():
            texts = texts.join(kept.to_frame("row"), on="row", how="semi", maintain_order="left")
        reduced = reduce(one.endpoint.kind, texts["text"], self._key, one.endpoint.region)
        counts.identifiers["asked"] += texts.height
        counts.identifiers["none"] += reduced["identifier"].null_count()
        asker = table if kept.len() == table.height else table[kept]
        nobody = pl.Series([], dtype=pl.String).extend_constant(None, asker.height)
        known = {name: asker[name] for name in PARTS if name in asker.columns}
        actors = actor_columns(self._key, known or {"account": nobody})
        about = pl.concat([asker.select("line", "at"), actors], how="horizontal")
        if not alone:
            place = pl.DataFrame(
                {"row": kept, "place": pl.int_range(kept.len(), dtype=pl.UInt32, eager=True)}
            )
            about = about[
                texts.select("row").join(place, on="row", how="left", maintain_order="left")["place"]
            ]
        return (
            pl.concat([about, reduced, texts.select("hit")], how="horizontal")
            .select(
                pl.lit(one.endpoint.name).alias("endpoint"),
                pl.lit(one.endpoint.kind, pl.String).alias("kind"),
                pl.all(),
            )
            .select("line", *SCHEMA)
        )
