"""Lines that are no records wherever they stand: the header come again, units, rules, totals, notes below the table.

Inference knows them by their bytes (the sample shows them) or by how they begin (comments), so that a reader can set
them aside without asking what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.chunks import Lines


@dataclass(frozen=True)
class Asides:
    """What a reader skips among the records.

    Attributes:
        lines: whole lines without their line ends, each with the reason for which it is skipped.
        comment: how lines that are comments begin; empty where none do.
    """

    lines: tuple[tuple[bytes, str], ...] = ()
    comment: bytes = b""

    def found(self, data: bytes, lines: Lines) -> list[tuple[NDArray[np.int64], str]]:
        """Numbers of the lines of a chunk that are skipped, by reason.

        Args:
            data: whole lines.
            lines: their table.
        """
        buffer = np.frombuffer(data, np.uint8)
        lengths = lines.ends - lines.starts
        marks = [(text, reason, lengths == len(text)) for text, reason in self.lines]
        if self.comment:
            marks.append((self.comment, "comment", lengths >= len(self.comment)))
        found = ((_equal(buffer, lines.starts, text, like), reason) for text, reason, like in marks)
        return [(places, reason) for places, reason in found if len(places)]


NO_ASIDES = Asides()


def _equal(
    buffer: NDArray[np.uint8], starts: NDArray[np.int64], text: bytes, like: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Which of the lines `like` begin with a text: compared byte by byte, fewer lines each time."""
    places = np.flatnonzero(like)
    # The last bytes differ sooner than the first: lines of one file tend to begin alike.
    for at in range(len(text) - 1, -1, -1):
        if not len(places):
            break
        places = places[buffer[starts[places] + at] == text[at]]
    return places
