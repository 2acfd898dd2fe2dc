"""An overlap for a terminal or a pipe, at any width from 80 columns; no meaning hangs on colour or on Unicode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from floodmark.assessment.overlap import KindOverlap, Overlap
from floodmark.assessment.report import sentences
from floodmark.reports.labels import field_name, plain, values_name
from floodmark.reports.numbers import count, rate, share
from floodmark.triage.report.text import heading, table

MOST_FINDINGS = 10
MOST_PATTERNS = 20
MOST_PAIRS = 20
MOST_FIELDS = 10
BAR = 16


def render(overlap: Overlap) -> RenderableType:
    """An overlap as something that `rich.console.Console.print` shows."""
    parts: list[RenderableType] = []
    if note := sentences.synthetic_note(overlap):
        parts.append(Text(note, style="bold yellow"))
    found = [f"{shared} {meaning}" for _, shared, meaning in sentences.findings(overlap)]
    more = [f"{len(found) - MOST_FINDINGS} more pairs below."] if len(found) > MOST_FINDINGS else []
    parts.append(heading("WHAT THE LEAKS SHARE"))
    parts.append(_bullets([*found[:MOST_FINDINGS], *more] or ["No two of them share an identifier."]))
    parts.append(heading("WHAT TO KNOW OF IT"))
    parts.append(_bullets([*sentences.notes(overlap)]))
    made_up = set(overlap.synthetic)
    for kind in overlap.kinds:
        parts += _kind(kind, made_up)
    return Group(*parts)


def _kind(kind: KindOverlap, made_up: set[str]) -> Iterator[RenderableType]:
    name = values_name(kind.kind)
    number = {leak.slug: str(place) for place, leak in enumerate(kind.leaks, 1)}
    sizes = [
        (
            number[leak.slug],
            plain(leak.slug) + (" (synthetic)" if leak.slug in made_up else ""),
            count(leak.identifiers),
        )
        for leak in kind.leaks
    ]
    yield from table(
        f"{name.upper()} OF EACH LEAK",
        f">no.|leak|>distinct {name}",
        [*sizes, ("", "any of them", count(kind.union))],
    )
    if not kind.pairs:
        return
    yield from _patterns(kind, number)
    yield from _pairs(kind, number)


def _patterns(kind: KindOverlap, number: dict[str, str]) -> Iterator[RenderableType]:
    """An UpSet of letters: a row for each combination, x for a leak that it lies in."""
    most = max((one.identifiers for one in kind.patterns), default=1)
    shown = [
        (
            *("x" if slug in one.leaks else "." for slug in kind.patterns_of),
            count(one.identifiers),
            share(one.identifiers, kind.union),
            "#" * max(1, round(BAR * one.identifiers / most)),
        )
        for one in kind.patterns[:MOST_PATTERNS]
    ]
    left_out = kind.patterns[MOST_PATTERNS:]
    columns = "|".join(number[slug] for slug in kind.patterns_of)
    yield from table(
        f"{values_name(kind.kind).upper()} IN EXACTLY THESE LEAKS", f"{columns}|>distinct|>share|", shown
    )
    if left_out:
        yield Text(f"{len(left_out)} more patterns hold {count(sum(one.identifiers for one in left_out))}.")


def _pairs(kind: KindOverlap, number: dict[str, str]) -> Iterator[RenderableType]:
    name = values_name(kind.kind)
    pairs = sorted(kind.pairs, key=lambda pair: -pair.shared)[:MOST_PAIRS]
    yield from table(
        f"PAIRS BY SHARED {name.upper()}",
        ">first|>second|>shared|>of the first|>of the second|>of either",
        [
            (
                *(number[pair.a], number[pair.b], count(pair.shared)),
                *(rate(pair.share_of_a), rate(pair.share_of_b), rate(pair.jaccard)),
            )
            for pair in pairs
        ],
    )
    if len(kind.pairs) > MOST_PAIRS:
        yield Text(f"{len(kind.pairs) - MOST_PAIRS} more pairs are in -o json, --html and --csv.")
    yield from table(
        f"DO THEY SAY THE SAME OF SHARED {name.upper()}?",
        ">first|>second|value|>in both|>equal|>share (95 %)|>by chance|reading",
        [
            (
                *(number[pair.a], number[pair.b], field_name(one.value), count(one.both), count(one.equal)),
                f"{rate(one.share)} ({rate(one.judgement.low)} to {rate(one.judgement.high)})"
                if one.both
                else "-",
                *(rate(one.chance), sentences.READINGS[one.judgement.reading]),
            )
            for pair in pairs
            if pair.shared
            for one in pair.agreement
        ],
    )
    yield from table(
        f"FIELDS OF SHARED {name.upper()}, THOSE THAT DIFFER MOST FIRST",
        ">first|>second|field|>only in the first|>only in the second|>in both",
        [
            (
                number[pair.a],
                number[pair.b],
                field_name(one.type),
                count(one.only_a),
                count(one.only_b),
                count(one.both),
            )
            for pair in pairs
            for one in pair.fields[:MOST_FIELDS]
            if one.only_a or one.only_b
        ],
    )


def _bullets(lines: Sequence[str]) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(Text("-"), Text(plain(line, 1000)))
    return grid
