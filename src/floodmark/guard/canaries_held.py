"""Identifiers that cannot be canaries: those that somebody holds, and those that somebody asked about before.

A person's old address book has numbers that nobody holds any more; those that were asked about before are best left
out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import NothingToRead, UnreadableInput
from floodmark.guard.lookups import read_lookups
from floodmark.guard.reduction import reduce
from floodmark.identifiers import IdentifierKind
from floodmark.identifiers.digests import DigestKey

_PIECE = 1 << 22
_LONGEST = 1024  # bytes of an identifier's line; no identifier is longer


def in_file(
    path: Path,
    kind: IdentifierKind,
    key: DigestKey,
    region: str | None = None,
    advance: Callable[[int], None] = lambda _: None,
    left_out: Callable[[int], None] = lambda _: None,
) -> NDArray[np.uint64]:
    """Digests of the identifiers in a text file, one a line.

    Args:
        path: of the file, in UTF-8; lines that are no identifier of the kind are left out.
        kind: of identifier.
        key: the digest key.
        region: where national phone numbers were typed.
        advance: told the bytes that were read.
        left_out: told how many lines were left out, empty ones apart: somebody may hold what they say.

    Returns:
        uint64, ascending and distinct.

    Raises:
        NothingToRead: there is no such file, or no identifier in it.
        UnreadableInput: it cannot be read.
    """
    found = []
    for texts in lines(path, advance):
        digests = reduce(kind, texts, key, region)["identifier"]
        if unread := int((digests.is_null() & (texts.str.strip_chars() != "")).sum()):
            left_out(unread)
        found.append(digests.drop_nulls().to_numpy())
    distinct = np.unique(np.concatenate([np.empty(0, np.uint64), *found]))
    if not len(distinct):
        raise NothingToRead(f"{path.name} has no identifier of the kind {kind}", "Write one a line.")
    return distinct


def lines(path: Path, advance: Callable[[int], None] = lambda _: None) -> Iterable[pl.Series]:
    """Lines of a text file as columns of String; bytes that are not UTF-8 are replaced, long lines left out.

    Raises:
        NothingToRead: there is no such file.
        UnreadableInput: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            rest, skipping = b"", False
            while piece := file.read(_PIECE):
                advance(len(piece))
                *whole, rest = (rest + piece).split(b"\n")
                if skipping and whole:
                    whole, skipping = whole[1:], False
                if len(rest) > _LONGEST:
                    rest, skipping = b"", True
                yield _texts(whole)
            if not skipping:
                yield _texts([rest])
    except FileNotFoundError as error:
        raise NothingToRead(f"No such file: {path.name[:60]}") from error
    except OSError as error:
        raise UnreadableInput(f"{path.name[:60]} cannot be read") from error


def asked_before(paths: Iterable[Path], kind: IdentifierKind, key_id: str) -> list[NDArray[np.uint64]]:
    """Digests that lookups files have.

    Args:
        paths: of lookups files.
        kind: of identifier.
        key_id: of the digest key.

    Returns:
        For each file, uint64, ascending and distinct.

    Raises:
        UnreadableInput: one is no lookups file, or was made under another digest key.
    """
    found = []
    for path in paths:
        about, rows = read_lookups(path)
        if about.key_id != key_id:
            raise UnreadableInput(
                f"{path.name[:60]} was made under another digest key",
                "Replay the logs under this workspace's.",
            )
        digests = rows.filter(pl.col("kind") == kind).select(pl.col("identifier").unique().sort()).collect()
        found.append(digests.to_series().to_numpy())
    return found


def _texts(whole: list[bytes]) -> pl.Series:
    kept = [line.decode(errors="replace") for line in whole if len(line) <= _LONGEST]
    return pl.Series("text", kept, dtype=pl.String)
