"""Inference of delimited text: how it is cut, and why other ways to cut it lost."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from floodmark.dumps.candidates import Candidate, candidates, cut_evenly, sample_cells
from floodmark.dumps.columns import infer_header
from floodmark.dumps.combo_grammar import combo_grammar
from floodmark.dumps.cut_scores import MAX_COLUMNS, scores
from floodmark.dumps.grammar import Alternative, Column, Grammar
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.plan import Plan
from floodmark.dumps.protect import patterns_for, usual_times
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_cells import cells_of_sample
from floodmark.dumps.sample_lines import comments_of, stated_separator
from floodmark.dumps.sample_records import sample_records
from floodmark.dumps.short_rows import leaves_out
from floodmark.dumps.table_edges import find_edges
from floodmark.dumps.table_top import stands_out
from floodmark.dumps.typing_columns import Inferred, typed
from floodmark.errors import LimitExceeded, NothingToRead, UsageError
from floodmark.identifiers import FieldType

COMPARED = 4
EVEN = 0.9


def delimited_grammar(sample: Sample, newline: str, lines: list[str], given: Overrides) -> Inferred:
    """The grammar of a sample as delimited text."""
    separator = stated_separator(lines) if given.delimiter is None and given.preamble is None else None
    if separator:
        given = replace(given, delimiter=separator)
    top = given.preamble
    if top is None:
        top = (1 + comments_of(lines[1:])) if separator else comments_of(lines)
    body = [line for line in lines[top:] if line.strip()]
    if not body:
        raise NothingToRead("There is nothing after the preamble", "State the number of preamble lines.")
    if (listed := combo_grammar(sample, newline, lines[:top], lines[top:], given)) is not None:
        return listed
    best, others = _choose(body, given)
    if best.columns > MAX_COLUMNS:
        raise LimitExceeded(
            f"A line has {best.columns:,} cells; more than {MAX_COLUMNS:,} columns are not read"
        )
    best = _as_wide_as_header(best, body, given)
    edges = find_edges(lines, top, best, given, sample.complete)
    body = [line for line in lines[edges.preamble :] if line.strip()]
    grammar = Grammar(
        record="delimited",
        container=sample.container,
        encoding=sample.encoding.name,
        bom=sample.encoding.bom,
        delimiter=best.delimiter,
        quote=best.quote,
        newline=newline,
        header=False,
        preamble=edges.preamble,
        protected=tuple(p.name for p in patterns_for(best.delimiter))
        if given.protected is None
        else given.protected,
        columns=tuple(Column(i, f"c{i}", FieldType.UNKNOWN, 0.0) for i in range(best.columns)),
        confidence=_confidence(best, others),
        alternatives=tuple(others),
        escape=best.escape,
    )
    plan = Plan.of(grammar, asides=edges.asides, pads=edges.pads)
    header = True if edges.names is not None else given.header
    first = sample_cells(body[0], best) if body else []
    cells = cells_of_sample(plan, sample, body[1:] if header else body)
    if header is None:
        header = len(first) == best.columns and _named(first, cells.slice(1))
        cells = cells.slice(1) if header else cells
    names = (edges.names or first)[: best.columns] if header else None
    names = names + [""] * (best.columns - len(names)) if names is not None else None
    inferred = typed(replace(grammar, header=header), cells, names, given)
    hide = "timestamp" in grammar.protected and len(grammar.delimiter.encode()) == 1 and grammar.quote is None
    return replace(inferred, asides=edges.asides, pads=edges.pads, times=usual_times(body) if hide else ())


def _named(first: list[str], rest: pl.DataFrame) -> bool:
    """Whether the first record names the columns, by the words in it or by how it is written."""
    return infer_header(first, rest) or stands_out(first, rest)


def _choose(body: list[str], given: Overrides) -> tuple[Candidate, list[Alternative]]:
    """The best way to cut, and why the others lost."""
    quote: str | bool | None = True if given.quote is None else (given.quote or None)
    escape: str | bool | None = True if given.escape is None else (given.escape or None)
    if given.delimiter is not None:
        cut = cut_evenly(body, given.delimiter, quote, given.protected, escape) if given.delimiter else None
        return _with_columns(cut or Candidate(given.delimiter, None, 1, 1.0), body, given), []
    found = candidates(body, quote, given.protected, escape)
    even = [c for c in found if c.consistency >= 0.5 * found[0].consistency]
    rivalled = found[0].columns > 1 and found[0].consistency >= EVEN
    compared = [*even[:COMPARED], found[-1]]
    scored = sorted(zip(scores(compared, body, rivalled), compared, strict=True), key=lambda pair: -pair[0])
    best_points, best = scored[0]
    if given.columns:
        matching = [c for _, c in scored if c.columns == len(given.columns)]
        best = _with_columns(matching[0] if matching else best, body, given)
    others = [
        Alternative(c.delimiter, c.columns, round(points / (points + best_points + 1e-9), 3), _why(c, best))
        for points, c in scored
        if c is not best and c != scored[0][1]
    ]
    return best, others[:4]


def _as_wide_as_header(best: Candidate, body: list[str], given: Overrides) -> Candidate:
    """The candidate with as many columns as the header names, where most lines leave out their last cells."""
    if given.columns or given.header is False or best.columns < 2:
        return best
    records = sample_records(body[:200], best)
    header = records[0]
    wider = len(header.cells) > best.columns and len(header.cells) == max(len(r.cells) for r in records)
    if wider and leaves_out(records, header, len(header.cells)):
        return replace(best, columns=len(header.cells))
    return best


def _with_columns(candidate: Candidate, body: list[str], given: Overrides) -> Candidate:
    """The candidate with as many columns as were stated.

    Raises:
        UsageError: no line of the sample has so many cells.
    """
    wanted = len(given.columns) if given.columns else candidate.columns
    if wanted == candidate.columns:
        return candidate
    lines = body[:600]
    masked = any(len(sample_cells(line, candidate)) == wanted for line in lines)
    plainly = any(candidate.delimiter and line.count(candidate.delimiter) + 1 == wanted for line in lines)
    over_lines = candidate.quote is not None and any(candidate.quote in line for line in lines)
    if not (masked or plainly or over_lines):
        raise UsageError(
            f"{wanted:,} columns were stated, but lines have {candidate.columns:,} cells",
            "Name as many columns as the lines have, or state the delimiter too.",
        )
    return replace(candidate, columns=wanted)


def _why(lost: Candidate, best: Candidate) -> str:
    if lost.consistency < best.consistency - 0.02:
        return f"only {lost.consistency:.0%} of the sample's lines have {lost.columns} cells"
    return "its cells look less like the fields of a person"


def _confidence(best: Candidate, others: list[Alternative]) -> float:
    rival = max((other.confidence for other in others), default=0.0)
    return round(min(0.999, best.consistency * (1 - max(0.0, rival - 0.25))), 3)
