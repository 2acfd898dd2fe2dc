"""`floodmark guard simulate`: whom a policy would have limited, on past lookups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.guard_inputs import inputs_options, read_inputs
from floodmark.cli.interrupt import interruptible
from floodmark.cli.progress import progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from floodmark.cli.guard_inputs import Inputs
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

    known = None if truth is None else read_truth(truth)
    with progress(3, "Simulating", unit="steps") as shown, interruptible(shown) as advance:
        files, lookups = read_all(paths)
        if lookups.is_empty():
            raise NothingToRead("There is no lookup in these files", "Replay logs that hold some.")
        given = read_inputs(policy, model, files[0].key_id)
        advance(1)
        simulated = simulate(
            lookups,
            given.policy,
            canaries=given.canaries,
            allowed=given.allowed,
            learned=given.learned,
        )
        advance(1)
        found = summary(simulated, known)
        advance(1)
    synthetic = any(file.synthetic for file in files)
    if output == "json":
        about = {
            "synthetic": synthetic,
            "profile": given.policy.profile,
            "evidence": given.learned is not None,
        }
        put_json({**about, **found.to_dict()})
    else:
        put(_shown(found, given, synthetic=synthetic))


def _shown(found: Simulation, given: Inputs, *, synthetic: bool) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from floodmark.cli.fitting_table import FittingTable

    parts: list[RenderableType] = [Text(sentence) for sentence in _said(found, given)]
    if synthetic:
        parts.insert(0, Text("SYNTHETIC DATA: nothing here describes a real person.", style="bold yellow"))
    families = [
        (
            one.kind,
            "honest" if one.honest else "scraper",
            f"{one.actors:,}",
            f"{one.limited:,}",
            _share(one.answered, one.asked),
            f"{one.asked:,}",
        )
        for one in found.families
    ]
    parts.append(FittingTable("KINDS", "kind||>actors|>limited|>answered|>identifiers", families))
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
    parts.append(FittingTable(title, ">tenth|>identifiers each|>actors|>limited|>lookups unanswered", tenths))
    named = [
        (one.name, f"{one.new:,}", f"{one.answered:,}", one.why, f"{one.first:%Y-%m-%d}", one.kind)
        for one in found.named[:MOST_SHOWN]
    ]
    columns = "actor|>asked|>answered|by|first" + ("|kind" if found.families else "")
    parts.append(FittingTable("LIMITED, WHO ASKED FOR THE MOST", columns, named))
    return Group(*parts)


def _said(found: Simulation, given: Inputs) -> list[str]:
    by = ", ".join(f"{count:,} by {why}" for why, count in found.by.items())
    said = [
        given.said_of_policy(),
        f"Of {found.actors:,} actors, {found.limited:,} would not have got every answer"
        + (f" (what limited them first: {by})." if by else "."),
        f"Of {found.lookups:,} lookups, {found.refused:,} would have been refused for want of budget, "
        f"{found.challenged:,} challenged, {found.denied:,} denied, {found.coarsened:,} answered less, "
        f"{found.delayed:,} answered later; {found.allowed:,} are of actors on the allow-list.",
        "Clients did what they did without the policy: what they would have done under it, nobody knows.",
    ]
    if given.learned is None:
        said.append("Without a model there is no evidence: floodmark guard learn makes one.")
    if not found.limited:
        said.append(_of_nobody(found, given))
    return said


def _of_nobody(found: Simulation, given: Inputs) -> str:
    """What to try where a policy limits nobody."""
    most = max((one.most for one in found.tenths), default=0)
    bursts = [limit.burst for limit in given.policy.limits if limit.level == "account"]
    return (
        f"It limits nobody: who asked for the most asked for {most:,} identifiers"
        + (f", and an account may ask for {min(bursts):,} at once. " if bursts else ". ")
        + 'Try one that is stricter, such as profile = "strict" or a [[limit]] of your own, in a file for --policy.'
    )


def _share(part: int, whole: int) -> str:
    from floodmark.reports.numbers import share

    return share(part, whole) if whole else "-"
