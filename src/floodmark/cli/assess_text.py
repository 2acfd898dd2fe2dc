"""The assessment of an advert for a terminal or a pipe; no meaning hangs on colour or on Unicode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.report.advert_comparison import Finding
from floodmark.assessment.report.advert_words import AdvertWords, Claim, words
from floodmark.assessment.report.assertion_words import number
from floodmark.assessment.report.known_words import title
from floodmark.assessment.report.row_words import chances, known_figure, name, result
from floodmark.reports.labels import plain
from floodmark.triage.report.text import heading, table

LONGEST = 2_000
MARKS = {
    "agrees": ("AGREES", "bold"),
    "differs": ("DIFFERS", "bold yellow"),
    "disagree": ("DISAGREE", "bold yellow"),
    "contradicts": ("AGAINST", "bold yellow"),
    "supports": ("FOR", "bold"),
    "flag": ("FLAG", "yellow"),
    "cannot-tell": ("UNCLEAR", "dim"),
    "note": ("NOTE", "dim"),
}
STATES = {"evidence for it": "bold", "evidence against it": "bold yellow"}


def render(found: AdvertAssessment) -> RenderableType:
    """An assessment as something that `rich.console.Console.print` shows."""
    said = words(found)
    return Group(*_sections(said), *_tables(found))


def _sections(said: AdvertWords) -> Iterator[RenderableType]:
    if said.synthetic:
        yield Text(plain(said.synthetic, LONGEST), style="bold yellow")
    yield Text(plain(said.headline, LONGEST), style="bold")
    yield heading("WHAT WAS ASSESSED")
    yield _bullets([("-", line, "") for line in said.assessed])
    if said.remarks:
        yield heading("WHAT WAS NOT CLEAR IN IT")
        yield _bullets([("WARNING", line, "yellow") for line in said.remarks])
    yield heading("WHAT WAS FOUND")
    yield _bullets([_finding(one) for one in said.findings] or [("-", "Nothing could be tested.", "")])
    if said.claims:
        yield heading("WHAT THE ADVERT SAYS, AND WHAT CAME OF IT")
        yield _bullets([_claim(one) for one in said.claims])
    for title_, lines in (
        ("WHAT THIS DOES NOT SHOW", said.not_shown),
        ("WHAT NO ADVERT CAN TELL", said.cannot_tell),
        ("WHAT WOULD SETTLE IT", said.settle),
        ("HOW SURE THIS IS", said.certainty),
    ):
        yield heading(title_)
        yield _bullets([("-", line, "") for line in lines])


def _finding(one: Finding) -> tuple[str, str, str]:
    mark, style = MARKS[one.mark]
    sources = f" [{'; '.join(plain(source, 200) for source in one.sources)}]" if one.sources else ""
    return mark, " ".join(filter(None, (one.words, one.power))) + sources, style


def _claim(one: Claim) -> tuple[str, str, str]:
    credibility = f"Credibility on the Admiralty scale: {one.credibility}."
    return (
        one.state.upper(),
        f"“{plain(one.words, 300)}”. {one.why} {credibility}",
        STATES.get(one.state, "dim"),
    )


def _tables(found: AdvertAssessment) -> Iterator[RenderableType]:
    for match in found.shown:
        yield from table(
            f"FIGURE BY FIGURE, BESIDE {title(match.known)}",
            "of|>advert|>known|result|source of the known figure",
            [
                (
                    name(row),
                    number(row.said),
                    known_figure(row, match),
                    result(row),
                    plain(row.source, 200) or match.known.id,
                )
                for row in match.rows
            ],
        )
        yield from table(
            "CHANCE OF SUCH AGREEMENT, BY WHAT IS TAKEN FOR GRANTED", "if|chance", chances(match)
        )
    yield heading("KNOWN TABLES THAT IT WAS COMPARED WITH")
    yield _bullets([("-", _known(found, one), "") for one in found.leaks] or [("-", "None.", "")])
    if found.statistics:
        yield heading("STATISTICS OF COUNTRIES THAT IT WAS COMPARED WITH")
        yield _bullets([("-", _known(found, one), "") for one in found.statistics])


def _known(found: AdvertAssessment, one: KnownTable) -> str:
    source = found.sources.get(one.id)
    by = ", " if one.statistic else ", from "
    return f"{one.id}: {title(one)}{f'{by}{source}' if source else ''}"


def _bullets(items: Sequence[tuple[str, str, str]]) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, text, style in items:
        grid.add_row(Text(mark, style=style), Text(plain(text, LONGEST)))
    return grid
