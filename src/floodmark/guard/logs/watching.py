"""Logs that are followed, parsed as they grow; and how far they were read, kept over restarts.

A position is written after the lines before it were decided on. So a kill makes a few lines be read twice, and none be
left out: to ask again for the same identifiers costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import polars as pl

from floodmark.guard import keyed_json
from floodmark.guard.keyed_json import GuardFileError
from floodmark.guard.logs.blocks import block_of
from floodmark.guard.logs.follow import Followed, Position, path_name
from floodmark.guard.logs.mapping import Mapping
from floodmark.guard.logs.parsing import Counts, Parser
from floodmark.guard.logs.times import SKEW
from floodmark.identifiers.digests import DigestKey

POSITIONS = "positions.json"


class Watched:
    """Logs that are followed.

    Args:
        paths: of the logs.
        mapping: what to look at; `until` is the time of the look, for lines without a year.
        key: the digest key.
        folder: where positions are kept.
        from_start: whether logs that were never read are read from their beginning.

    Attributes:
        counts: what became of the lines.
        logs: that are followed.

    Raises:
        GuardFileError: the positions cannot be read, or are of another key.
        UnreadableInput: a log is no file that can be read.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        mapping: Mapping,
        key: DigestKey,
        folder: Path,
        *,
        from_start: bool = False,
    ) -> None:
        self.counts = Counts()
        self._mapping = mapping
        self._key = key
        self._file = folder / POSITIONS
        self._positions = {one.name: one for one in _read(self._file, key)}
        self.logs = [
            Followed(path, key, self._positions.get(path_name(path, key)), from_start=from_start)
            for path in paths
        ]

    def look(self, now: datetime) -> Iterator[pl.DataFrame]:
        """What is new: `Parsed.in_order` of a few megabytes of each log; nothing where nothing is.

        Args:
            now: for times without a year.
        """
        for log in self.logs:
            before = log.too_long
            data = log.read()
            self.counts.lines["too-long"] += log.too_long - before
            if not data:
                continue
            header = self._header(log)
            block = block_of(data.removeprefix(header.encode() + b"\n") if header else data)
            self.counts.lines.update(block.fates)
            parsed = Parser(self._mapping, self._key, now, header).lines(block.lines)
            self.counts.add(parsed.counts)
            yield _not_ahead(parsed.in_order(), now)

    def save(self) -> None:
        """Keep how far the logs were read.

        Raises:
            OutputFailed: it cannot be written.
        """
        for log in self.logs:
            if (position := log.position()) is not None:
                self._positions[position.name] = position
        entries = [asdict(one) for one in self._positions.values()]
        keyed_json.write(self._file, "positions", self._key.id, entries)

    def close(self) -> None:
        """Close the logs."""
        for log in self.logs:
            log.close()

    def _header(self, log: Followed) -> str:
        return log.header() if self._mapping.log.format == "csv" else ""


def _not_ahead(lookups: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Lookups, none dated days ahead: budgets do not go back, and one such would hold everybody up until then."""
    ahead = pl.col("at") > now + SKEW
    return lookups.with_columns(
        pl.when(ahead).then(pl.lit(now).cast(lookups.schema["at"])).otherwise("at").alias("at")
    )


def _read(path: Path, key: DigestKey) -> list[Position]:
    try:
        return [Position(**entry) for entry in keyed_json.read(path, "positions", key.id)]
    except TypeError as error:
        raise GuardFileError(f"{path.name} is damaged") from error
