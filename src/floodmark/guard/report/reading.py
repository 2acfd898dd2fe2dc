"""Several lookups files as one table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from floodmark.errors import UnreadableInput, UsageError
from floodmark.guard.lookups import LookupsFile, read_lookups

YEARS = (1970, 9999)  # what a calendar can add a stretch of time to


def read_all(paths: Sequence[Path]) -> tuple[list[LookupsFile], pl.DataFrame]:
    """What the files say of themselves, and the lookups of all in order of time.

    Raises:
        UnreadableInput: one is no lookups file, or has gaps, or holds times before 1970 or after 9998.
        UsageError: they are under different keys, so that their digests have nothing to do with one another.
    """
    read = [read_lookups(path) for path in paths]
    files = [about for about, _ in read]
    if len({about.key_id for about in files}) > 1:
        raise UsageError(
            "The lookups files are under different digest keys, and one actor has another digest in each.",
            "Replay their logs with one key, or report on each alone.",
        )
    together = pl.concat([lookups for _, lookups in read]).sort("at", maintain_order=True).collect()
    first, last = (pl.lit(datetime(year, 1, 1, tzinfo=UTC)) for year in YEARS)
    if not together["at"].is_between(first, last, closed="left").fill_null(value=False).all():
        raise UnreadableInput(
            "A lookups file holds times that no log has", "Replay the logs again: floodmark guard replay."
        )
    if together.drop("hit").null_count().sum_horizontal().item():
        raise UnreadableInput(
            "A lookups file has gaps that no replay leaves", "Replay the logs again: floodmark guard replay."
        )
    return files, together
