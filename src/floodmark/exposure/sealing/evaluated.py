"""From inputs to journaled rows: evaluated in pieces, hidden under the leak's `seal_id`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.oprf import Scalar, evaluate_texts
from floodmark.exposure.sealed.matrix import PARTITION_BUCKETS, Partition
from floodmark.exposure.sealed.rows import LEAST_ROWS, derive
from floodmark.exposure.sealing.journal import PARTITIONS, RECORD, Journal
from floodmark.exposure.sealing.ranks import Ranks
from floodmark.exposure.sealing.stream import Inputs

PIECE = 1 << 14
TAG_BITS = np.uint64(48)
TAGS = np.uint64((1 << 48) - 1)

Evaluate = Callable[[pl.Series], NDArray[np.uint8]]
"""Outputs of many inputs, uint8, shape (n, 64): `evaluate_texts`, or a faster kernel in its place."""


@dataclass(frozen=True)
class Seal:
    """What one sealed leak is made with.

    Attributes:
        seal_id: 16 random bytes.
        cell_bytes: 2 or 4.
        numbers: field-set numbers by kind, in the order of the leak's digests.
    """

    seal_id: bytes
    cell_bytes: int
    numbers: Mapping[str, NDArray[np.uint16] | NDArray[np.uint32]]


def evaluator(private: Scalar, workers: int) -> Evaluate:
    """An `Evaluate` by libsodium, on so many threads."""
    return lambda texts: evaluate_texts(private, texts, workers=workers)


def evaluate_all(
    found: Iterable[Inputs],
    evaluate: Evaluate,
    seal: Seal,
    ranks: Ranks,
    journal: Journal,
    advance: Callable[[int], None],
) -> None:
    """Evaluate everything that comes, and journal it.

    Raises:
        OSError: the journal's disk refused.
    """
    for texts, numbers in _pieces(found):
        places = derive(evaluate(texts), seal.seal_id, seal.cell_bytes)
        records = np.empty(len(numbers), RECORD)
        records["rank"] = numbers
        records["place"] = (places.buckets.astype(np.uint64) << TAG_BITS) | places.tags
        records["cell"] = _field_sets(numbers, seal, ranks) ^ places.pads
        journal.add(records)
        advance(len(numbers))


def rows_per_bucket(journal: Journal, withheld: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many rows each bucket has, those that are withheld left out; int64, shape (65536,)."""
    counts = [np.bincount(one.buckets, minlength=PARTITION_BUCKETS) for one in partitions(journal, withheld)]
    return np.concatenate(counts)


def rows_needed(counts: NDArray[np.int64]) -> int:
    """Rows of every bucket: as many as the largest has."""
    return max(int(counts.max()), LEAST_ROWS)


def partitions(journal: Journal, withheld: NDArray[np.int64]) -> Iterator[Partition]:
    """What was journaled, by the buckets' first byte, for `write_matrix`."""
    for number in range(PARTITIONS):
        records = journal.partition(number)
        kept = records[~np.isin(records["rank"], withheld)]
        buckets = (kept["place"] >> TAG_BITS).astype(np.uint8)  # the second byte
        yield Partition(buckets, kept["place"] & TAGS, kept["cell"])


def _pieces(found: Iterable[Inputs]) -> Iterator[tuple[pl.Series, NDArray[np.int64]]]:
    """Inputs put together to pieces that are worth a call, and short enough to stop after."""
    texts, ranks, held = [], [], 0
    for inputs in found:
        texts.append(inputs.texts)
        ranks.append(inputs.ranks)
        held += len(inputs.ranks)
        if held < PIECE:
            continue
        joined, numbers = pl.concat(texts), np.concatenate(ranks)
        whole = held - held % PIECE
        for start in range(0, whole, PIECE):
            yield joined[start : start + PIECE], numbers[start : start + PIECE]
        texts, ranks, held = [joined[whole:]], [numbers[whole:]], held - whole
    if held:
        yield pl.concat(texts), np.concatenate(ranks)


def _field_sets(ranks: NDArray[np.int64], seal: Seal, all_ranks: Ranks) -> NDArray[np.uint32]:
    """Field-set number of each rank, uint32, shape (n,)."""
    found = np.empty(len(ranks), np.uint32)
    for kind, numbers in seal.numbers.items():
        places = ranks - all_ranks.first(kind)
        of_kind = (places >= 0) & (places < len(numbers))
        found[of_kind] = numbers[places[of_kind]]
    return found
