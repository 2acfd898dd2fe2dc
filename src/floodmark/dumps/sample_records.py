"""Records of a sample under one way to cut it, each with the lines that it came from."""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.dumps.candidates import Candidate, cells_of, sample_texts


@dataclass(frozen=True)
class SampleRecord:
    """One record of a sample.

    Attributes:
        line: number of its first line.
        lines: how many lines it has.
        cells: its cells; one empty cell for a blank line.
    """

    line: int
    lines: int
    cells: list[str]

    @property
    def filled(self) -> list[str]:
        """Its cells with something in them, without blanks around."""
        return [cell.strip() for cell in self.cells if cell.strip()]


def sample_records(lines: list[str], candidate: Candidate) -> list[SampleRecord]:
    """Records of these lines.

    Args:
        lines: lines of the sample, blank ones too.
        candidate: the way to cut.
    """
    records: list[SampleRecord] = []
    at = 0
    texts = sample_texts(lines, candidate)
    rows = cells_of([text for text, _ in texts], candidate)
    for (_, count), cells in zip(texts, rows, strict=True):
        records.append(SampleRecord(at, count, cells))
        at += count
    return records
