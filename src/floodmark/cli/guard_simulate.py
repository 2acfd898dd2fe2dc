"""`floodmark guard simulate`: whom a policy would have limited, on past lookups."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.guard_inputs import inputs_options, read_inputs
from floodmark.cli.progress import progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from floodmark.guard.simulate_summary import Simulation

EPILOG = """\b
Examples:
  floodmark guard simulate lookups.parquet --policy policy.toml
  floodmark guard simulate lookups.parquet --policy policy.toml --model model
  floodmark guard simulate traffic.parquet --policy policy.toml --truth traffic.truth.parquet
  floodmark guard simulate lookups.parquet -o json > simulated.json
"""
MOST_SHOWN = 20


@click.command(epilog=EPILOG)
@click.argument(
    "paths", nargs=-1, required=True, metavar="LOOKUPS...", type=click.Path(path_type=Path, dir_okay=False)
)
@inputs_options
@click.option(
    "--truth",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Who is honest and who scrapes, as floodmark synth traffic writes it.",
)
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
def command(
    paths: tuple[Path, ...], policy: Path | None, model: Path | None, truth: Path | None, output: str
) -> None:
    """Try a policy on past lookups, and see whom it would have limited.

    Every lookup counts as a request of its own, challenges as not passed; whoever is on the workspace's allow-list now
    counts as having been on it all the time. Without --truth nobody knows who is honest:
    the tenths are then of all actors, and who asked for the most is not for that a scraper.
    """
    from floodmark.cli.stdout import put, put_json
    from floodmark.errors import NothingToRead
    from floodmark.guard.report.families import read_truth
    from floodmark.guard.report.reading import read_all
    from floodmark.guard.simulate import simulate
    from floodmark.guard.simulate_summary import summary

    files, lookups = read_all(paths)
    if lookups.is_empty():
        raise NothingToRead("There is no lookup in these files", "Replay logs that hold some.")
    given = read_inputs(policy, model, files[0].key_id)
    known = None if truth is None else read_truth(truth)
    allowed = given.allowed.backdated(datetime.now(UTC).timestamp())
    with progress(None, "Simulating") as advance:
        simulated = simulate(
            lookups, given.policy, canaries=given.canaries, allowed=allowed, learned=given.learned
        )
        advance(1)
    found = summary(simulated, known)
    synthetic = any(file.synthetic for file in files)
    if output == "json":
        about = {
            "synthetic": synthetic,
            "profile": given.policy.profile,
            "evidence": given.learned is not None,
        }
        put_json({**about, **found.to_dict()})
    else:
        put(_shown(found, synthetic=synthetic, evidence=given.learned is not None))


def _shown(found: Simulation, *, synthetic: bool, evidence: bool) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from floodmark.triage.report.text import table

    parts: list[RenderableType] = [Text(sentence) for sentence in _said(found, evidence=evidence)]
    if synthetic:
        parts.insert(0, Text("SYNTHETIC DATA: nothing here describes a real person.", style="bold yellow"))
    families = [
        (
            one.kind,
            "honest" if one.honest else "scraper",
            f"{one.actors:,}",
            f"{one.limited:,}",
            f"{one.asked:,}",
            _share(one.answered, one.asked),
        )
        for one in found.families
    ]
    parts += table("KINDS", "kind||>actors|>limited|>identifiers|>answered", families)
    tenths = [
        (
            str(one.tenth),
            f"{one.least:,}" if one.least == one.most else f"{one.least:,} to {one.most:,}",
            f"{one.actors:,}",
            f"{one.limited:,}",
            _share(one.unanswered, one.lookups),
        )
        for one in found.tenths
    ]
    title = "TENTHS OF HONEST ACTORS" if found.honest_known else "TENTHS OF ALL ACTORS"
    parts += table(title, ">tenth|>identifiers each|>actors|>limited|>lookups unanswered", tenths)
    named = [
        (one.name, f"{one.first:%Y-%m-%d}", one.why, f"{one.new:,}", f"{one.answered:,}", one.kind)
        for one in found.named[:MOST_SHOWN]
    ]
    columns = "actor|first|by|>asked|>answered" + ("|kind" if found.families else "")
    width = columns.count("|") + 1
    parts += table("LIMITED, WHO ASKED FOR THE MOST", columns, [row[:width] for row in named])
    return Group(*parts)


def _said(found: Simulation, *, evidence: bool) -> list[str]:
    by = ", ".join(f"{count:,} by {why}" for why, count in found.by.items())
    said = [
        f"Of {found.actors:,} actors, {found.limited:,} would not have got every answer"
        + (f": {by} first." if by else "."),
        f"Of {found.lookups:,} lookups, {found.refused:,} would have been refused for want of budget, "
        f"{found.challenged:,} challenged, {found.denied:,} denied, {found.coarsened:,} answered less, "
        f"{found.delayed:,} answered later; {found.allowed:,} are of actors on the allow-list.",
        "Clients did what they did without the policy: what they would have done under it, nobody knows.",
    ]
    if not evidence:
        said.append("Without a model there is no evidence: floodmark guard learn makes one.")
    return said


def _share(part: int, whole: int) -> str:
    from floodmark.reports.numbers import share

    return share(part, whole) if whole else "-"
