"""Many lookups as a table, and the Parquet file that commands hand on to each other.

A lookups file holds no identifier, name, address or path: digests under the workspace's key alone. It is personal data
all the same, as digests are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from floodmark.errors import NothingToRead, UnreadableInput
from floodmark.files import open_atomic
from floodmark.guard.actors import PARTS

VERSION = 1
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "at": pl.Datetime("us", "UTC"),
    **dict.fromkeys(PARTS, pl.UInt64),  # digests; 0 where not known
    "endpoint": pl.String,
    "kind": pl.String,  # IdentifierKind
    "identifier": pl.UInt64,
    "block": pl.UInt64,
    "position": pl.UInt32,
    "hit": pl.Boolean,  # null where nobody says
}
"""Columns of a table of lookups, in order of `at`."""

_KEY = "floodmark/lookups"


@dataclass(frozen=True)
class LookupsFile:
    """What a lookups file says of itself.

    Attributes:
        key_id: of the digest key that all digests are under.
        rows: lookups.
        synthetic: whether they are made up.
        sources: names and SHA-256 of the logs that they come from.
        counts: what became of the lines of the logs, by fate.
        version: of the columns.
    """

    key_id: str
    rows: int
    synthetic: bool = False
    sources: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    version: int = VERSION


def write_lookups(path: Path, frames: Iterable[pl.DataFrame], about: LookupsFile) -> LookupsFile:
    """Write a lookups file, private and whole or not at all.

    Args:
        path: of the file.
        frames: of columns `SCHEMA`.
        about: what it says of itself; `rows` is counted here.
    """
    table = pl.concat([pl.DataFrame(schema=SCHEMA), *frames])
    if not table["at"].is_sorted():  # as few logs are not
        table = table.sort("at", maintain_order=True)
    about = LookupsFile(**{**asdict(about), "rows": table.height})
    with open_atomic(path, private=True) as file:
        table.write_parquet(file, metadata={_KEY: json.dumps(asdict(about))})
    return about


def read_lookups(path: Path) -> tuple[LookupsFile, pl.LazyFrame]:
    """A lookups file: what it says of itself, and its rows, in order of `at`.

    Raises:
        NothingToRead: there is no such file.
        UnreadableInput: it is none, or of another version.
    """
    if not path.exists():
        raise NothingToRead(
            "There is no such lookups file", "Check the path; floodmark guard replay writes one."
        )
    try:
        about: dict[str, Any] = json.loads(pl.read_parquet_metadata(path)[_KEY])
        for name in ("sources", "counts"):
            about[name] = tuple((of, what) for of, what in about[name])
        found = LookupsFile(**about)
        _check(found)
        scan = pl.scan_parquet(path)
        schema = dict(scan.collect_schema())
    except (KeyError, TypeError, ValueError, OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableInput(
            "This is no lookups file", "floodmark guard replay writes one, from logs."
        ) from error
    if found.version != VERSION or schema != SCHEMA:
        raise UnreadableInput(
            "This lookups file was written by another version", "Replay the logs again with this one."
        )
    return found, scan


def _check(about: LookupsFile) -> None:
    """See that what a file says of itself is of the right types."""
    texts = (
        about.key_id,
        *(text for source in about.sources for text in source),
        *(of for of, _ in about.counts),
    )
    numbers = (about.rows, *(count for _, count in about.counts))
    if not all(isinstance(text, str) for text in texts) or not isinstance(about.synthetic, bool):
        raise TypeError
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise TypeError
