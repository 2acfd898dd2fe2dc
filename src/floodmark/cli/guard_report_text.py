"""A report on lookups for a terminal or a pipe, at any width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from floodmark.cli.fitting_table import FittingTable
from floodmark.guard.report.guard_report import GuardReport
from floodmark.guard.report.ranking import RankedActor
from floodmark.guard.report.words import words
from floodmark.reports.labels import column_name, plain
from floodmark.reports.numbers import count, share

MOST_ACTORS = 20
_STYLES = {"danger": "bold red", "warning": "yellow", "info": "dim"}
_WORDS = {"danger": "SERIOUS", "warning": "WARNING", "info": "NOTE"}


def render(found: GuardReport) -> RenderableType:
    """A report as something that `rich.console.Console.print` shows."""
    return Group(*_parts(found))


def _parts(found: GuardReport) -> Iterator[RenderableType]:
    said = words(found)
    if found.partly_synthetic:
        yield Text("PARTLY SYNTHETIC DATA: some of the lookups are made up.", style="bold yellow")
    elif found.synthetic:
        yield Text("SYNTHETIC DATA: nothing here describes a real person.", style="bold yellow")
    if said.findings:
        yield _bullets(
            [(_WORDS[severity], sentence, _STYLES[severity]) for severity, sentence in said.findings]
        )
    for title, sentences in (
        ("WHAT CAN BE SAID", said.can),
        ("WHAT CANNOT BE SAID", said.cannot),
        ("WHAT TO ASK NEXT", said.ask),
    ):
        yield Padding(Text(title, style="bold"), (1, 0, 0, 0))
        yield _bullets([("-", sentence, "") for sentence in sentences or ["Nothing."]])
    yield FittingTable("ACTORS", *_actors(found))
    yield FittingTable("KINDS", *_families(found))
    yield FittingTable("ENDPOINTS", *_endpoints(found))
    title = "TENTHS OF HONEST ACTORS" if found.honest_known else "TENTHS OF ALL ACTORS"
    yield FittingTable(title, *_tenths(found))


def _actors(found: GuardReport) -> tuple[str, list[list[str]]]:
    columns = ["actor", ">new"]
    columns += [">evidence"] if found.evidence else []
    columns += [">canaries"] if found.canaries else []
    columns += [">unanswered"] if found.policy else []
    columns += [">found", ">lookups", "last"]

    def row(one: RankedActor) -> list[str]:
        cells = [one.name, count(one.new)]
        cells += [f"{one.evidence.value:.3g}" if one.evidence else "-"] if found.evidence else []
        cells += [count(one.canaries or 0)] if found.canaries else []
        cells += [count(one.unanswered or 0)] if found.policy else []
        hits = share(one.hits, one.answered) if one.answered else "-"
        return [*cells, hits, count(one.lookups), f"{one.last:%Y-%m-%d}"]

    return "|".join(columns), [row(one) for one in found.actors[:MOST_ACTORS]]


def _families(found: GuardReport) -> tuple[str, list[list[str]]]:
    return "kind||>actors|>limited|>flagged|>answered|>identifiers", [
        [
            plain(one.kind, 24),
            "honest" if one.honest else "scraper",
            count(one.actors),
            "-" if one.limited is None else count(one.limited),
            "-" if one.flagged is None else count(one.flagged),
            "-" if one.answered is None else share(one.answered, one.asked),
            count(one.asked),
        ]
        for one in found.families
    ]


def _endpoints(found: GuardReport) -> tuple[str, list[list[str]]]:
    return "endpoint|>lookups|>new|>actors", [
        [column_name(one.name, 40), count(one.lookups), count(one.new), count(one.actors)]
        for one in found.endpoints
    ]


def _tenths(found: GuardReport) -> tuple[str, list[list[str]]]:
    return ">tenth|>identifiers each|>actors|>limited|>flagged", [
        [
            str(one.tenth),
            count(one.least) if one.least == one.most else f"{one.least:,} to {one.most:,}",
            count(one.actors),
            "-" if one.limited is None else count(one.limited),
            "-" if one.flagged is None else count(one.flagged),
        ]
        for one in found.tenths
    ]


def _bullets(items: Sequence[tuple[str, str, str]]) -> Table:
    """Paragraphs behind a mark, indented by the widest mark."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, text, style in items:
        grid.add_row(Text(mark, style=style), Text(plain(text, 600)))
    return grid
