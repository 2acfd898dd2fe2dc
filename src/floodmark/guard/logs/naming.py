"""Names behind digests: the logs are read again, by whoever has them, for the few actors that somebody must act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from floodmark.guard.actors import actor_columns
from floodmark.identifiers.digests import DigestKey

MOST = 1_000  # names that are told of one actor: a network has millions of addresses
_OF_ADDRESS = ("address", "prefix", "network")


@dataclass
class Named:
    """What a log calls an actor.

    Attributes:
        lines: by name, how many lines have it; of at most `MOST` names.
        more: lines with further names.
        first: when it was first seen; None where no line says.
        last: when it was last seen.
    """

    lines: Counter[str] = field(default_factory=Counter)
    more: int = 0
    first: datetime | None = None
    last: datetime | None = None


class Names:
    """Looks for names.

    Args:
        wanted: parts of actors and their digests.
        key: the digest key.

    Attributes:
        found: by part and digest.
    """

    def __init__(self, wanted: Iterable[tuple[str, int]], key: DigestKey) -> None:
        self.found: Mapping[tuple[str, int], Named] = {one: Named() for one in wanted}
        self._key = key

    def look(self, table: pl.DataFrame) -> None:
        """Look through some lines: `Cutter.finished`."""
        for part in dict.fromkeys(part for part, _ in self.found):
            sources = [
                one for one in ((part, "address") if part in _OF_ADDRESS else (part,)) if one in table.columns
            ]
            for source in dict.fromkeys(sources):
                self._look(table, part, source)

    def _look(self, table: pl.DataFrame, part: str, source: str) -> None:
        """Look for one part of actors in one column."""
        seen = (
            table.filter(pl.col(source).is_not_null())
            .group_by(pl.col(source).alias("text"), maintain_order=True)
            .agg(pl.len().alias("lines"), pl.col("at").min().alias("first"), pl.col("at").max().alias("last"))
        )
        wanted = pl.Series([digest for of, digest in self.found if of == part], dtype=pl.UInt64)
        digests = actor_columns(self._key, {source: seen["text"]})[part].alias("digest")
        matching = seen.with_columns(digests).filter(pl.col("digest").is_in(wanted.implode()))
        for text, lines, first, last, digest in matching.iter_rows():
            named = self.found[part, digest]
            if text in named.lines or len(named.lines) < MOST:
                named.lines[text] += lines
            else:
                named.more += lines
            times = [time for time in (named.first, first) if time is not None]
            named.first = min(times, default=None)
            named.last = max((time for time in (named.last, last) if time is not None), default=None)
