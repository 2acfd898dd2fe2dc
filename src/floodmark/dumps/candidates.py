"""Delimiters that a sample could be written with, and how evenly each cuts its lines."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from floodmark.dumps.protect import mask, patterns_for
from floodmark.dumps.raw_cells import row_of

SINGLE = (
    ",",
    ";",
    "\t",
    "|",
    ":",
    "^",
    "~",
    "\x01",
    "\x1f",
    "\x02",
    "\x1e",
    "¦",
    "§",
    "¬",
    "#",
    "&",
    "!",
    " ",
)
RUNS = re.compile(r"[^\w\s\"'@.+()\\/]{2,8}|\t{2,8}| [^\w\s\"'@.+()\\/]{1,4} ")
MAX_LINES = 600


@dataclass(frozen=True)
class Candidate:
    """One way to cut the lines of a sample.

    Attributes:
        delimiter: text between cells; empty for one cell a line.
        quote: quoting character, or None.
        columns: the most usual number of cells.
        consistency: share of the lines that have it.
        protected: names of the patterns that keep delimiters together.
    """

    delimiter: str
    quote: str | None
    columns: int
    consistency: float
    protected: tuple[str, ...] = ()


def candidates(
    lines: list[str], quote: str | bool | None = True, protected: tuple[str, ...] | None = None
) -> list[Candidate]:
    """Ways to cut these lines, most consistent first; one cell a line is always among them.

    Args:
        lines: lines of a sample, without line ends, blank lines or preamble.
        quote: a quoting character or None when it is known; True to find out.
        protected: names of protected patterns; None for those in which a delimiter can stand.
    """
    lines = lines[:MAX_LINES]
    found = [c for d in delimiters(lines) if (c := cut_evenly(lines, d, quote, protected)) is not None]
    found.sort(key=lambda c: (-c.consistency, -c.columns))
    return [*found, Candidate("", None, 1, 1.0)]


def delimiters(lines: list[str]) -> list[str]:
    """Delimiters that occur in most lines; of a repeated character only the run that is always repeated."""
    most = max(1, len(lines) // 2)
    text = "\n".join(lines)
    singles = [d for d in SINGLE if sum(d in line for line in lines) >= most]
    grown = [_grown(d, text) for d in singles]
    runs = Counter(run for line in lines for run in set(RUNS.findall(line)))
    longer = [run for run, count in runs.most_common(12) if count >= most]
    return list(dict.fromkeys([*grown, *longer]))


def _grown(delimiter: str, text: str) -> str:
    """`||` where every `|` is doubled, `, ` where every comma is followed by a blank, else the delimiter."""
    if delimiter == " ":
        return delimiter
    escaped = re.escape(delimiter)
    lengths = [len(run) for run in re.findall(f"(?:{escaped})+", text)]
    times = math.gcd(*lengths) if lengths else 1
    unit = delimiter * max(1, times)
    total = text.count(unit)
    if total and text.count(f" {unit} ") == total:
        return f" {unit} "
    if total and delimiter != "\t" and text.count(f"{unit} ") == total:
        return f"{unit} "
    return unit


def cut_evenly(
    lines: list[str],
    delimiter: str,
    quote: str | bool | None = True,
    protected: tuple[str, ...] | None = None,
) -> Candidate | None:
    """How evenly a delimiter cuts the lines; None where it hardly occurs. Arguments as for `candidates`."""
    chosen = quoting(lines, delimiter) if quote is True else (quote or None)
    names = tuple(p.name for p in patterns_for(delimiter)) if protected is None else protected
    counts = [_count(mask(line, delimiter, names), delimiter, chosen) for line in lines]
    usual = Counter(counts).most_common(2)
    columns, hits = usual[0]
    if columns < 2 and len(usual) > 1 and usual[1][1] > 0.25 * len(lines):
        columns, hits = usual[1]
    if columns < 2:
        return None
    return Candidate(delimiter, chosen, columns, hits / len(lines), names)


def quoting(lines: list[str], delimiter: str) -> str | None:
    """Whether double quotes enclose cells.

    Commas, semicolons and tabs come from programs that quote, so there quoting is assumed unless the sample
    contradicts it; elsewhere it must be seen around cells that need it or around most cells.
    """
    text = "\n".join(lines)
    if '"' not in text:
        return '"' if delimiter.strip(" ") in {",", ";"} or delimiter == "\t" else None
    escaped = re.escape(delimiter)
    opened = len(re.findall(rf'(?:^|{escaped})"', text, re.MULTILINE))
    closed = len(re.findall(rf'"(?={escaped}|$)', text, re.MULTILINE))
    around = min(opened, closed)
    marks = text.count('"') - text.count('""')
    return '"' if around * 2 >= 0.5 * marks and around > 0 else None


def sample_cells(line: str, candidate: Candidate) -> list[str]:
    """Cells of one line of a sample, protected delimiters left alone."""
    d = candidate.delimiter
    masked = mask(line, d, candidate.protected)
    return [cell.replace("\0" * len(d), d) if d else cell for cell in row_of(masked, d, candidate.quote)]


def sample_rows(lines: list[str], candidate: Candidate) -> list[list[str]]:
    """Cells of those lines of a sample that a candidate cuts into its usual number."""
    rows = (sample_cells(line, candidate) for line in lines)
    return [row for row in rows if len(row) == candidate.columns]


def _count(line: str, delimiter: str, quote: str | None) -> int:
    if quote is None or quote not in line:
        return line.count(delimiter) + 1
    return len(row_of(line, delimiter, quote))
