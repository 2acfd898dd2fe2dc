"""What the inferred types of held-out columns are worth: accuracy, calibration, confusion."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from floodmark.dumps.columns import infer_columns
from floodmark.dumps.confidence import calibrated

from .tables import Truth, table

BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)


@dataclass(frozen=True)
class Judged:
    """One column, what was said of it, and whether that is right."""

    truth: Truth
    headed: bool
    name: str
    said: str
    confidence: float
    hash_kind: str | None

    @property
    def right(self) -> bool:
        return self.said in self.truth.right(self.headed)

    @property
    def claimed(self) -> bool:
        return self.said != "unknown"

    @property
    def hash_right(self) -> bool:
        return self.hash_kind == self.truth.kind.hash_kind.get(self.truth.form)


def judged(part: str, tables: int, first: int = 0, rows: int = 300) -> Iterator[Judged]:
    """Types every column of many tables."""
    for seed in range(first, first + tables):
        made = table(seed, part, rows)
        if not made.truths:
            continue
        found = infer_columns(made.cells, made.names)
        for i, (truth, column) in enumerate(zip(made.truths, found, strict=True)):
            yield Judged(
                truth=truth,
                headed=made.names is not None,
                name=made.names[i] if made.names else "",
                said=column.type.label,
                confidence=calibrated(column.confidence),
                hash_kind=getattr(column, "hash_kind", None),
            )


def accuracy(columns: Iterable[Judged]) -> tuple[float, float, float]:
    """Share of columns that are right and its 95 % interval, columns of one case being alike (cluster-robust)."""
    clusters: defaultdict[str, list[bool]] = defaultdict(list)
    for column in columns:
        clusters[column.truth.case].append(column.right)
    count = sum(map(len, clusters.values()))
    share = sum(map(sum, clusters.values())) / count
    spread = sum((sum(c) - share * len(c)) ** 2 for c in clusters.values())
    half_width = 1.96 * math.sqrt(spread * len(clusters) / max(1, len(clusters) - 1)) / count
    return share, max(0.0, share - half_width), min(1.0, share + half_width)


def reliability(columns: Iterable[Judged]) -> list[tuple[float, int, float, float]]:
    """Of claims by their confidence: lower end of the bin, how many, mean confidence, share that is right."""
    rows = []
    claims = [column for column in columns if column.claimed]
    for low, high in pairwise(BINS):
        inside = [column for column in claims if low <= column.confidence < high]
        if inside:
            mean = sum(column.confidence for column in inside) / len(inside)
            rows.append((low, len(inside), mean, sum(column.right for column in inside) / len(inside)))
    return rows


def calibration_error(columns: Iterable[Judged]) -> float:
    """Expected calibration error of claims: mean distance of confidence and share right, by bin."""
    rows = reliability(columns)
    count = sum(row[1] for row in rows)
    return sum(n * abs(mean - share) for _, n, mean, share in rows) / max(1, count)


def confusion(columns: Iterable[Judged]) -> list[tuple[str, str, int]]:
    """What was taken for what, most often first: kind, type said, how often."""
    wrong = Counter((column.truth.kind.name, column.said) for column in columns if not column.right)
    return [(kind, said, count) for (kind, said), count in wrong.most_common()]
