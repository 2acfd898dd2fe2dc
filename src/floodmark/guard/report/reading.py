"""Several lookups files as one table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from floodmark.errors import UsageError
from floodmark.guard.lookups import LookupsFile, read_lookups


def read_all(paths: Sequence[Path]) -> tuple[list[LookupsFile], pl.DataFrame]:
    """What the files say of themselves, and the lookups of all in order of time.

    Raises:
        UnreadableInput: one is no lookups file.
        UsageError: they are under different keys, so that their digests have nothing to do with one another.
    """
    read = [read_lookups(path) for path in paths]
    files = [about for about, _ in read]
    if len({about.key_id for about in files}) > 1:
        raise UsageError(
            "The lookups files are under different digest keys, and one actor has another digest in each.",
            "Replay their logs with one key, or report on each alone.",
        )
    together = pl.concat([lookups for _, lookups in read])
    return files, together.sort("at", maintain_order=True).collect()
