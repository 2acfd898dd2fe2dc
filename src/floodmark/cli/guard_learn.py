"""`floodmark guard learn`: what is ordinary, and a reference to compare actors with, from past lookups."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress
from floodmark.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    import polars as pl

    from floodmark.guard.evidence import Learned
    from floodmark.guard.lookups import LookupsFile
    from floodmark.identifiers.digests import DigestKey

EPILOG = """\b
Examples:
  floodmark guard learn lookups.parquet
  floodmark guard learn january.parquet february.parquet -o winter.model
  floodmark guard learn lookups.parquet --one-per prefix --alpha 0.001 --summary json
  floodmark guard learn lookups.parquet --trained-until 2026-02-01
  floodmark guard learn lookups.parquet --without account/1a2b3c4d5e6f7081 --without-file scrapers.txt

\b
Exit codes: 0 done, 10 done, and the reference is too small for --alpha.
"""
TOO_SMALL = 10
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="LOOKUPS...", type=_FILE)
@click.option(
    "-o",
    "--output",
    "out",
    type=OutputPath(),
    metavar="FILE",
    help="Where to. Default: the workspace's model.",
)
@click.option(
    "--one-per",
    type=click.Choice(["network", "prefix", "address", "account"]),
    default="network",
    show_default=True,
    help="Whoever shares one counts once, as one may be behind all of it.",
)
@click.option(
    "--trained-until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    metavar="DATE",
    help="Train on what is before, and take the reference from then on (UTC). Default: after a third of the time.",
)
@click.option(
    "--without",
    "names",
    multiple=True,
    metavar="ACTOR",
    help="Leave out an actor that is known to be bad: account/1a2b3c4d5e6f7081, or account:NAME; repeatable.",
)
@click.option(
    "--without-file", type=_FILE, metavar="FILE", help="Leave out those in a file, an ACTOR a line."
)
@click.option(
    "--alpha",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    default=0.01,
    show_default=True,
    help="Warn where actors could not be flagged at this.",
)
@click.option(
    "--epsilon",
    type=click.FloatRange(0.0, 1.0, max_open=True),
    default=0.01,
    show_default=True,
    help="Share of the reference that may be bad, as the policy will have it.",
)
@click.option(
    "--summary",
    type=click.Choice(["human", "json"]),
    default="human",
    show_default=True,
    help="Form of stdout.",
)
@passphrase_option
def command(paths: tuple[Path, ...], out: Path | None, **given: Any) -> None:
    """Learn what ordinary actors do, for the evidence that guard report and the running guard show.

    LOOKUPS are files of guard replay, all under one digest key, of a time in which few of the actors were bad. A third
    of the networks, in the first third of the time, are trained on; the others, from then on, are the reference. A
    scraper that is in it flags nobody wrongly, but hides others like it: leave out whoever is known to be one, by
    something else than this evidence, such as a canary. To leave out who looks worst makes more false flags than
    promised.
    """
    from floodmark.cli.stdout import put_json
    from floodmark.guard.evidence import without, write_model
    from floodmark.guard.report.reading import read_all

    if math.isnan(given["alpha"]) or math.isnan(given["epsilon"]):
        raise UsageError("α and ε are numbers between 0 and 1", "Write such as --alpha 0.01.")
    until = given["trained_until"]
    with progress(4, "Learning", unit="steps") as shown, interruptible(shown) as advance:
        files, lookups = read_all(paths)
        kept = without(lookups, _known_bad(given, files[0].key_id))
        advance(1)
        learned = _learned(
            files, kept, given["one_per"], until.replace(tzinfo=UTC) if until else None, advance
        )
        write_model(out if out is not None else _place(), learned)
        advance(1)
    found = summary(learned, given["alpha"], given["epsilon"]) | {"left_out": lookups.height - kept.height}
    if given["summary"] == "json":
        put_json(found)
    else:
        _say(found)
        click.echo(
            "Written. Next: floodmark guard simulate LOOKUPS --model FILE, on lookups that it was not learnt from."
            if out is not None
            else "Kept as the workspace's model, which guard simulate, report and serve take. Try it on other lookups.",
            err=True,
        )
    if found["flagged_from"] is None:
        raise click.exceptions.Exit(TOO_SMALL)


def _known_bad(given: dict[str, Any], key_id: str) -> list[tuple[str, int]]:
    """Parts and digests of the actors that are to be left out.

    Raises:
        ActorError: a line names none.
        UnreadableInput: the file cannot be read.
        UsageError: a name would be hashed under another key than that of the lookups.
    """
    from floodmark.cli.guard_places import digest_key
    from floodmark.cli.workspaces import workspace
    from floodmark.guard.actor_text import read_actor

    @cache
    def key() -> DigestKey:
        with workspace() as place:
            found = digest_key(place, given["passphrase_file"])
        if found.id != key_id:
            raise UsageError("The lookups are under another digest key", "Name actors by their digests.")
        return found

    names = list(given["names"])
    if given["without_file"] is not None:
        try:
            lines = given["without_file"].read_text().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableInput("The file of actors to leave out cannot be read") from error
        names += [line.strip() for line in lines if line.strip()]
    return [read_actor(name, key) for name in names]


def _learned(
    files: list[LookupsFile], lookups: pl.DataFrame, cluster: str, until: datetime | None, advance: Any
) -> Learned:
    from floodmark.guard.evidence import Learned, reference, split, train

    training, others = split(lookups, cluster=cluster, until=until)
    model = train(training, cluster=cluster)
    advance(1)
    compared = reference(others, model)
    advance(1)
    return Learned(model, compared, files[0].key_id, any(about.synthetic for about in files))


def _place() -> Path:
    """The model of the workspace, its folder made."""
    from floodmark.cli.guard_places import guard_folder
    from floodmark.cli.workspaces import workspace

    with workspace() as place:
        return guard_folder(place).made().model


def summary(learned: Learned, alpha: float, epsilon: float) -> dict[str, Any]:
    """What was learnt, and what alpha it is enough for."""
    model, reference = learned.model, learned.reference
    reachable = reference.reachable(model, epsilon)
    enough = [checkpoint for checkpoint, reached in reachable if reached <= alpha]
    return {
        "synthetic": learned.synthetic,
        "key_id": learned.key_id,
        "trained_on": model.actors,
        "reference": {"actors": reference.actors, "clusters": reference.clusters, "one_per": model.cluster},
        "epoch_days": reference.epoch / 86_400,
        "alpha": alpha,
        "epsilon": epsilon,
        "hits": "known" if model.hits.others else "unknown",
        "strata": reference.table(model, epsilon).to_dicts(),
        "reachable": [{"identifiers": checkpoint, "alpha": reached} for checkpoint, reached in reachable],
        "flagged_from": enough[0] if enough else None,
    }


def _say(found: dict[str, Any]) -> None:
    from rich.console import Group
    from rich.text import Text

    from floodmark.cli.fitting_table import FittingTable
    from floodmark.cli.stdout import put

    clusters = found["reference"]
    lines = [
        "Learnt from synthetic lookups." if found["synthetic"] else "",
        f"Trained on {found['trained_on']:,} actors. Reference: {clusters['actors']:,} others, of whom one of each "
        f"{clusters['one_per']} counts: {clusters['clusters']:,}. An epoch is {found['epoch_days']:.1f} days.",
        f"Left out: {found['left_out']:,} lookups of actors known to be bad." if found["left_out"] else "",
        "" if found["hits"] == "known" else "Nobody says what was a hit: hits are no evidence.",
    ]
    rows = [
        (row["stratum"], f"{row['checkpoint']:,}", f"{row['actors']:,}", f"{row['reachable']:.2g}")
        for row in found["strata"]
    ]
    together = ", ".join(f"{one['alpha']:.2g} after {one['identifiers']:,}" for one in found["reachable"])
    put(
        Group(
            *(Text(line) for line in lines if line),
            FittingTable(
                "WITH WHOM ACTORS ARE COMPARED",
                "stratum|>identifiers|>reference actors|>α by these alone",
                rows,
            ),
            Text(f"Smallest α at which an actor can be flagged, all its checkpoints together: {together}."),
        )
    )
    if warning := _warning(found):
        click.echo(warning, err=True)


def _warning(found: dict[str, Any]) -> str:
    """What is to be known of a reference that is too small to flag everybody at once; empty where it is not."""
    first, last = found["reachable"][0], found["reachable"][-1]
    if found["flagged_from"] == first["identifiers"]:
        return ""
    if found["flagged_from"] is not None:
        return (
            f"The reference is small: at α = {found['alpha']:g} an actor may be flagged only after "
            f"{found['flagged_from']:,} identifiers; after {first['identifiers']:,}, at {first['alpha']:.2g} at best."
        )
    return (
        f"The reference is too small for α = {found['alpha']:g}: it reaches {last['alpha']:.2g} at best. "
        "Learn from a longer time or more clients, or count by a narrower part (--one-per)."
    )
