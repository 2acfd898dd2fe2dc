"""Where the table of a sample begins and ends: preamble, header, rows that are no records, and notes below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.dumps.asides import Asides
from floodmark.dumps.candidates import Candidate, sample_cells
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample_lines import COMMENT, MOST_LINES
from floodmark.dumps.sample_records import SampleRecord, sample_records
from floodmark.dumps.short_rows import leaves_out
from floodmark.dumps.table_end import below, subtotals
from floodmark.dumps.table_top import find_top, is_rule

FIRST_LINES = 400
LAST_LINES = 60
NAMED_COMMENT = re.compile(r"#\w")


@dataclass(frozen=True)
class Edges:
    """What surrounds the records of a sample.

    Attributes:
        preamble: lines before the header or the first record, without empty ones right above it.
        names: what the header says, as many as columns; None without a header, or where nothing was decided.
        asides: lines among and below the records that are none.
        pads: whether empty cells at the end of a line are left out.
    """

    preamble: int
    names: list[str] | None
    asides: Asides
    pads: bool = False


def find_edges(lines: list[str], top: int, best: Candidate, given: Overrides, complete: bool) -> Edges:
    """Where the table begins and ends.

    Args:
        lines: lines of the sample, blank ones too.
        top: lines at the top that are comments or blank, or that were stated to be the preamble.
        best: how lines are cut.
        given: what the caller states.
        complete: whether the sample is the whole text.
    """
    if given.preamble is None and _names_in_comment(lines, top, best):
        top -= 1
    records = sample_records(lines[top : top + FIRST_LINES], best)
    found = find_top(records, best.columns) if given.header is not False else None
    header = found.header if found else None
    if header and given.preamble is not None and header != next(r for r in records if r.filled):
        header = None
    preamble, names, asides = top, None, list[tuple[str, str]]()
    if found and header:
        line = top + header.line
        preamble = next((i + 1 for i in range(line - 1, top - 1, -1) if lines[i]), top)
        names = _widened(header, records, best.columns)
        asides = [(lines[top + line], reason) for line, reason in found.others]
        asides.append((lines[line], "repeated-header"))
        asides += [(text, "header") for text in lines[line + 1 : line + header.lines]]
    elif given.preamble is None and best.columns > 2:
        preamble += _stray_top(lines[top:], best)
    asides += [(line, "rule") for line in lines[preamble : preamble + 3] if _rule(line, best)]
    if complete and len(lines) < MOST_LINES:
        last = lines[max(top, len(lines) - LAST_LINES) :]
        notes = below(records, sample_records(last, best), best.columns)
        asides += [(last[line], "footer") for line in notes]
        asides += [(lines[top + line], "subtotal") for line in subtotals(records, best.columns) if notes]
    if best.columns > 1 and best.delimiter.strip(" "):
        asides.append((best.delimiter * (best.columns - 1), "blank"))
    known = {line.encode(): reason for line, reason in reversed(asides)}
    comments = [mark[0] for line in lines[:preamble] if (mark := COMMENT.match(line))]
    all_asides = Asides(tuple(known.items()), _comment(comments, lines[preamble:]))
    pads = header is not None and leaves_out(records, header, best.columns)
    return Edges(preamble, names, all_asides, pads)


def _names_in_comment(lines: list[str], top: int, best: Candidate) -> bool:
    """Whether the last comment is the header, its mark part of the first name: `#CHROM`."""
    if not 0 < top < len(lines) or not NAMED_COMMENT.match(lines[top - 1]) or best.delimiter in {"", " "}:
        return False
    return len(sample_cells(lines[top - 1], best)) == best.columns


def _comment(comments: list[str], body: Sequence[str]) -> bytes:
    """How comments among the records begin: as those at the top, where few lines of the sample do."""
    for mark in dict.fromkeys(comments):
        alike = sum(line.startswith(mark) for line in body)
        if alike <= len(body) / 3:
            return mark.encode()
    return b""


def _widened(header: SampleRecord, records: list[SampleRecord], width: int) -> list[str]:
    """Names of all columns, where the header may lack the first (row numbers) or the last (an empty column)."""
    if len(header.cells) == width:
        return header.cells
    rows = [r.cells for r in records if len(r.cells) == width]
    return [*header.cells, ""] if all(row[-1] == "" for row in rows) else ["", *header.cells]


def _stray_top(lines: list[str], best: Candidate) -> int:
    """Lines of a title or note at the top: without any delimiter, where the table's lines have several."""
    return next((i for i, line in enumerate(lines[:50]) if line.strip() and best.delimiter in line), 0)


def _rule(line: str, best: Candidate) -> bool:
    return is_rule(SampleRecord(0, 1, sample_cells(line, best)))
