"""Delimiters that a sample could be written with, and how evenly each cuts its lines."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from floodmark.dumps.escapes import hide
from floodmark.dumps.protect import mask_all, patterns_for
from floodmark.dumps.quoting import Way, enclosing, joined, unescaped, ways
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
DECIMAL = re.compile(r"[-+]?(?:\d{1,4}|\d{1,3}(?:\.\d{3})+),\d{1,3}")


@dataclass(frozen=True)
class Candidate:
    """One way to cut the lines of a sample.

    Attributes:
        delimiter: text between cells; empty for one cell a line.
        quote: quoting character, or None.
        columns: the most usual number of cells.
        consistency: share of the lines that have it.
        protected: names of the patterns that keep delimiters together.
        escape: character before a quote or a delimiter that is text, or None.
    """

    delimiter: str
    quote: str | None
    columns: int
    consistency: float
    protected: tuple[str, ...] = ()
    escape: str | None = None


def candidates(
    lines: list[str],
    quote: str | bool | None = True,
    protected: tuple[str, ...] | None = None,
    escape: str | bool | None = True,
) -> list[Candidate]:
    """Ways to cut these lines, most consistent first; one cell a line is always among them.

    Args:
        lines: lines of a sample, without line ends, blank lines or preamble.
        quote: a quoting character or None when it is known; True to find out.
        protected: names of protected patterns; None for those in which a delimiter can stand.
        escape: an escaping character or None when it is known; True to find out.
    """
    lines = lines[:MAX_LINES]
    found = [
        c for d in delimiters(lines) if (c := cut_evenly(lines, d, quote, protected, escape)) is not None
    ]
    found.sort(key=lambda c: (-c.consistency, -c.columns))
    return [*found, Candidate("", None, 1, 1.0)]


def delimiters(lines: list[str]) -> list[str]:
    """Delimiters that occur in most lines; of a repeated character only the run that is always repeated."""
    most = max(1, len(lines) // 2)
    text = "\n".join(lines)
    singles = [d for d in SINGLE if sum(d in line for line in lines) >= most]
    if "," in singles and all(DECIMAL.fullmatch(line.strip()) for line in lines):
        singles.remove(",")  # every line is one number
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
    escape: str | bool | None = True,
) -> Candidate | None:
    """How evenly a delimiter cuts the lines; None where it hardly occurs. Arguments as for `candidates`."""
    names = tuple(p.name for p in patterns_for(delimiter)) if protected is None else protected
    found = ways(lines, delimiter)
    if quote is not True:
        found = [(quote or None, mark) for mark in dict.fromkeys(mark for _, mark in found)]
    if escape is not True:
        found = [(mark, escape or None) for mark in dict.fromkeys(mark for mark, _ in found)]
    tried = [one for way in found if (one := _tried(lines, delimiter, way, names)) is not None]
    # Where two ways cut as evenly, quotes that enclose whole cells tell which of them is meant.
    return max(tried, key=lambda one: (one[0].consistency, one[1]))[0] if tried else None


def _tried(
    lines: list[str], delimiter: str, way: Way, names: tuple[str, ...]
) -> tuple[Candidate, float] | None:
    """A candidate, and the share of its quoted records in which quotes enclose whole cells."""
    quote, escape = way
    texts = [text for text, _ in joined(unescaped(lines, delimiter, quote, escape), delimiter, quote)]
    counts = [_count(text, delimiter, quote) for text in mask_all(texts, delimiter, names)]
    usual = Counter(counts).most_common(2)
    columns, hits = usual[0]
    if columns < 2 and len(usual) > 1 and usual[1][1] > 0.25 * len(texts):
        columns, hits = usual[1]
    if columns < 2:
        return None
    candidate = Candidate(delimiter, quote, columns, hits / len(texts), names, escape)
    quoted = [text for text in texts if quote and quote in text]
    formed = sum(enclosing(delimiter, quote).fullmatch(text) is not None for text in quoted if quote)
    return candidate, formed / len(quoted) if quoted else 0.0


def sample_cells(text: str, candidate: Candidate) -> list[str]:
    """Cells of one record of a sample, protected delimiters left alone."""
    return cells_of([text], candidate)[0]


def cells_of(texts: list[str], candidate: Candidate) -> list[list[str]]:
    """Cells of each of some records of a sample, protected delimiters left alone."""
    d, quote = candidate.delimiter, candidate.quote
    hidden = [hide(text.encode(), candidate.escape, quote, d) for text in texts] if candidate.escape else []
    masked = mask_all([one.data.decode() for one in hidden] or texts, d, candidate.protected)
    rows = [row_of(text, d, quote) for text in masked]
    for number, text in enumerate(masked):
        if d and "\0" in text:
            rows[number] = [cell.replace("\0" * len(d), d) for cell in rows[number]]
    for number, one in enumerate(hidden):
        for pair, character in one.pairs.items():
            rows[number] = [cell.replace(pair, character) for cell in rows[number]]
    return rows


def sample_rows(lines: list[str], candidate: Candidate) -> list[list[str]]:
    """Cells of those records of a sample that a candidate cuts into its usual number."""
    texts = [text for text, _ in sample_texts(lines, candidate)]
    return [row for row in cells_of(texts, candidate) if len(row) == candidate.columns]


def sample_texts(lines: list[str], candidate: Candidate) -> list[tuple[str, int]]:
    """Records of a sample as text, each with its number of lines."""
    if candidate.quote is None:
        return [(line, 1) for line in lines]
    hidden = unescaped(lines, candidate.delimiter, candidate.quote, candidate.escape)
    texts, at = [], 0
    for _, count in joined(hidden, candidate.delimiter, candidate.quote):
        texts.append(("\n".join(lines[at : at + count]), count))
        at += count
    return texts


def _count(line: str, delimiter: str, quote: str | None) -> int:
    if quote is None or quote not in line:
        return line.count(delimiter) + 1
    return len(row_of(line, delimiter, quote))
