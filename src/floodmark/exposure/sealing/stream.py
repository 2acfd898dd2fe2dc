"""The dumps of a leak once more: every identifier that is not evaluated yet, once, with its rank."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps import Batch, Dump, Table, identify
from floodmark.errors import FloodmarkError
from floodmark.exposure.sealing.ranks import DumpDiffers, Ranks
from floodmark.identifiers import digests
from floodmark.identifiers.digests import DigestKey


@dataclass(frozen=True)
class Inputs:
    """Identifiers to evaluate.

    Attributes:
        texts: `kind ":" canonical`, String, shape (n,).
        ranks: of each, int64, shape (n,).
    """

    texts: pl.Series
    ranks: NDArray[np.int64]


def inputs_of(
    dump: Dump,
    ranks: Ranks,
    kinds: Sequence[str],
    key: DigestKey,
    *,
    region: str | None,
    workers: int,
) -> Generator[Inputs, None, FloodmarkError | None]:
    """Stream one dump.

    Args:
        dump: ready to be read.
        ranks: says what is still to be evaluated.
        kinds: of identifiers that are sealed.
        key: the digest key.
        region: country of phone numbers written without country code.
        workers: threads.

    Returns:
        Why reading stopped before the end, if it did.

    Raises:
        DumpDiffers: the dump holds what the leak does not.
    """
    problem: FloodmarkError | None = None
    claimed: dict[tuple[int, str], list[Inputs]] = {}

    def work(batch: Batch, table: Table) -> tuple[int, str]:
        claimed[batch.start, batch.table] = [
            found
            for column in table.grammar.columns
            if (kind := column.type.identifier_kind) is not None and kind in kinds
            for found in _new(kind, batch.frame.to_series(column.index), ranks, key, region)
        ]
        return batch.start, batch.table

    try:
        with closing(dump.map(work, workers)) as done:
            for one in done:
                yield from claimed.pop(one)
    except DumpDiffers:
        raise
    except FloodmarkError as error:
        problem = error
    # Batches that were under way when reading failed.
    for found in claimed.values():
        yield from found
    return problem


def _new(kind: str, cells: pl.Series, ranks: Ranks, key: DigestKey, region: str | None) -> Iterator[Inputs]:
    """What a column of a batch has that nobody has claimed."""
    for canonical, _ in identify(kind, cells, region).canonical:
        if not canonical.len():
            continue
        found = digests.of(kind, canonical, key)
        at, claimed = ranks.claim(kind, found)
        if len(at):
            yield Inputs(texts_of(kind, canonical.gather(at)), claimed)


def texts_of(kind: str, canonical: pl.Series) -> pl.Series:
    """Inputs of the evaluation (protocol 1, section 1), copied, so that the batch can go.

    >>> texts_of("phone", pl.Series([447700900123], dtype=pl.UInt64)).to_list()
    ['phone:+447700900123']
    """
    prefix = "phone:+" if kind == "phone" else f"{kind}:"
    return pl.select(pl.concat_str(pl.lit(prefix), pl.lit(canonical).cast(pl.String))).to_series()
