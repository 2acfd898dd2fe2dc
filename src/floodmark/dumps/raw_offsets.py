"""From offsets in recoded text back to offsets in the text as found."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.measures import Measure
from floodmark.dumps.ways import Way

Offsets = NDArray[np.int64]


@dataclass(frozen=True)
class Stretch:
    """A stretch of recoded text.

    Attributes:
        start: offset of its first byte in the recoded text.
        raw_start: offset of its first byte in the text as found.
        size: bytes of recoded text.
        raw_size: bytes that they were made from.
        text: the recoded text; empty where it is as found.
        edges: int64, where in the stretch each run begins.
        raw_edges: int64, where in its bytes as found each run begins.
        ways: uint8, how each run was recoded, as a number in `known`.
        known: the ways.
        changed: int64, shape (lines, 2): first byte and end of each repaired line, within the stretch.
        reasons: uint8, the way of each repaired line.
    """

    start: int
    raw_start: int
    size: int
    raw_size: int
    text: bytes = b""
    edges: Offsets | None = None
    raw_edges: Offsets | None = None
    ways: NDArray[np.uint8] | None = None
    known: Sequence[Way] = ()
    changed: Offsets | None = None
    reasons: NDArray[np.uint8] | None = None

    @property
    def is_as_found(self) -> bool:
        """Whether nothing was recoded, so that offsets differ by a constant."""
        return not self.text

    def to_raw(self, offsets: Offsets) -> Offsets:
        """Offsets in the text as found, of offsets in the recoded text that lie in this stretch or at its end."""
        inside = offsets - self.start
        if self.edges is None or self.raw_edges is None or self.ways is None:
            return self.raw_start + np.minimum(inside, self.raw_size)
        run = np.searchsorted(self.edges, inside, side="right") - 1
        beyond = inside - self.edges[run]
        for number in np.unique(self.ways[run]).tolist():
            if (measure := self.known[number].measure) is not None:
                which = self.ways[run] == number
                beyond[which] = self._measured(measure, run[which], beyond[which])
        ends = np.append(self.raw_edges[1:], self.raw_size)
        return np.asarray(self.raw_start + np.minimum(self.raw_edges[run] + beyond, ends[run]), np.int64)

    def _measured(self, measure: Measure, run: Offsets, beyond: Offsets) -> Offsets:
        """Bytes as found of so many recoded bytes from the beginning of each of some runs; no others are looked at."""
        assert self.edges is not None  # noqa: S101  `to_raw` has seen them
        runs, which = np.unique(run, return_inverse=True)
        starts, ends = self.edges[runs], np.append(self.edges[1:], self.size)[runs]
        buffer = np.frombuffer(self.text, np.uint8)
        texts = [buffer[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        total = np.concatenate([[0], np.cumsum(measure(np.concatenate(texts)), dtype=np.int64)])
        first = (np.cumsum(ends - starts) - (ends - starts))[which]
        return np.asarray(total[first + beyond] - total[first], np.int64)


class RawOffsets:
    """The stretches of a recoded text that somebody may still ask for; not safe for several threads by itself.

    Args:
        start: offset of the first byte in both texts.
    """

    def __init__(self, start: int) -> None:
        self._stretches: deque[Stretch] = deque()
        self.end = start
        self.raw_end = start

    def add(self, stretch: Stretch) -> None:
        """Take the next stretch, which begins where the last one ended."""
        last = self._stretches[-1] if self._stretches else None
        if last is not None and last.is_as_found and stretch.is_as_found:
            self._stretches[-1] = Stretch(
                last.start, last.raw_start, last.size + stretch.size, last.raw_size + stretch.raw_size
            )
        else:
            self._stretches.append(stretch)
        self.end = stretch.start + stretch.size
        self.raw_end = stretch.raw_start + stretch.raw_size

    def forget(self, before: int) -> None:
        """Let go of what lies wholly before an offset of the recoded text."""
        while self._stretches and self._stretches[0].start + self._stretches[0].size <= before:
            self._stretches.popleft()

    def to_raw(self, offsets: Offsets) -> Offsets:
        """As `Recoder.to_raw`."""
        found = np.full(len(offsets), self.raw_end, np.int64)
        for stretch in self._stretches:
            within = (offsets >= stretch.start) & (offsets < stretch.start + stretch.size)
            if within.any():
                found[within] = stretch.to_raw(offsets[within])
        return found

    def changed(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """As `Recoder.changed`."""
        found: list[tuple[int, int, str]] = []
        for stretch in self._stretches:
            if stretch.changed is None or stretch.reasons is None or stretch.start >= end:
                continue
            lines = stretch.changed + stretch.start
            within = (lines[:, 0] < end) & (lines[:, 1] > start)
            names = [way.reason for way in stretch.known]
            for (first, stop), way in zip(
                lines[within].tolist(), stretch.reasons[within].tolist(), strict=True
            ):
                found.append((first, stop, names[way]))
        return found
