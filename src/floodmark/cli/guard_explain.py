"""`floodmark guard explain`: what is known of one actor, and why it is limited or not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.guard_inputs import inputs_options, read_inputs
from floodmark.cli.guard_places import digest_key, guard_folder
from floodmark.cli.interrupt import interruptible
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress
from floodmark.cli.workspaces import workspace
from floodmark.errors import NothingToRead, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from floodmark.guard.explain import Explained
    from floodmark.guard.folder import GuardFolder
    from floodmark.identifiers.digests import DigestKey

EPILOG = """\b
Examples:
  floodmark guard explain account/1a2b3c4d5e6f7081 --lookups lookups.parquet
  floodmark guard explain address:203.0.113.7 --lookups lookups.parquet --policy policy.toml --model model
  floodmark guard explain account/1a2b3c4d5e6f7081 -o json
"""
_file = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=EPILOG)
@click.argument("actor")
@click.option(
    "--lookups", type=_file, multiple=True, metavar="FILE", help="Past lookups, of all actors; repeatable."
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Folder of a guard that runs. Default, without --lookups: the workspace's.",
)
@inputs_options
@passphrase_option
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
def command(
    actor: str,
    lookups: tuple[Path, ...],
    state: Path | None,
    policy: Path | None,
    model: Path | None,
    passphrase_file: Path | None,
    output: str,
) -> None:
    """Say what is known of an ACTOR: budgets, evidence, canaries, and what a policy makes of them.

    An ACTOR is a part with its digest, as reports write it (account/1a2b3c4d5e6f7081), or with a name, which is hashed
    at once: account:NAME, address:203.0.113.7, prefix:203.0.113.7, and so on. With --lookups, of the past, as of the
    last lookup; whoever is on the allow-list now counts as having been on it all the time. Without, of a guard that
    runs, as of now.
    """
    from floodmark.cli.stdout import put, put_json
    from floodmark.guard.actor_text import read_actor

    if lookups and state is not None:
        raise UsageError("One place at a time", "Give --lookups FILE or --state FOLDER.")

    def key() -> DigestKey:
        with workspace() as place:
            return digest_key(place, passphrase_file)

    part, digest = read_actor(actor, key)
    if lookups:
        hashed_under = key().id if ":" in actor else None
        found, synthetic = _of_lookups(part, digest, lookups, policy, model, hashed_under)
    else:
        folder = _folder(state)
        found, synthetic = _of_state(part, digest, folder, policy, model, key()), False
    if output == "json":
        put_json({"synthetic": synthetic, **found.to_dict()})
    else:
        put(_shown(found, synthetic=synthetic))


def _of_lookups(
    part: str,
    digest: int,
    paths: tuple[Path, ...],
    policy: Path | None,
    model: Path | None,
    hashed_under: str | None,
) -> tuple[Explained, bool]:
    from floodmark.guard.explain_lookups import explain
    from floodmark.guard.report.reading import read_all

    with progress(2, "Explaining", unit="steps") as shown, interruptible(shown) as advance:
        files, lookups = read_all(paths)
        if hashed_under not in (None, files[0].key_id):
            raise UsageError("The lookups are under another digest key", "Name the actor by its digest.")
        given = read_inputs(policy, model, files[0].key_id)
        advance(1)
        found = explain(
            part,
            digest,
            lookups,
            given.policy,
            canaries=given.canaries,
            allowed=given.allowed,
            learned=given.learned,
        )
        advance(1)
    if found is None:
        raise NothingToRead(
            "This actor made no lookup in these files",
            "Copy it from floodmark guard report or guard simulate on the same files.",
        )
    return found, any(file.synthetic for file in files)


def _folder(state: Path | None) -> GuardFolder:
    """The folder of a guard that runs, or ran.

    Raises:
        NothingToRead: there is no state in it.
    """
    from floodmark.guard.folder import GuardFolder

    if state is None:
        with workspace() as place:
            folder = guard_folder(place)
    else:
        folder = GuardFolder(state)
    if not folder.state.is_dir():
        raise NothingToRead(
            "There is no state of a guard here",
            "Run one (floodmark guard serve), or give --lookups FILE for past lookups.",
        )
    return folder


def _of_state(
    part: str, digest: int, folder: GuardFolder, policy: Path | None, model: Path | None, key: DigestKey
) -> Explained:
    from floodmark.guard.explain_state import explain_state

    chosen = policy or (folder.policy if folder.policy.exists() else None)
    given = read_inputs(chosen, model or (folder.model if folder.model.exists() else None), key.id)
    now = datetime.now(UTC).timestamp()
    return explain_state(part, digest, folder, given.policy, key.id, at=now, learned=given.learned)


def _shown(found: Explained, *, synthetic: bool) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from floodmark.cli.fitting_table import FittingTable
    from floodmark.guard.explain import moment, words
    from floodmark.reports.labels import column_name
    from floodmark.reports.numbers import share

    parts: list[RenderableType] = [
        Text(f"{found.actor} at {moment(found.at)}", style="bold"),
        *(Text(f"- {sentence}") for sentence in words(found)),
    ]
    if synthetic:
        parts.insert(0, Text("SYNTHETIC DATA: nothing here describes a real person.", style="bold yellow"))
    if (seen := found.seen) is not None:
        existed = share(seen.hits, seen.answered) if seen.answered else ""
        parts.append(
            Text(
                f"- Lookups: {seen.lookups:,}, of {seen.identifiers:,} identifiers; blocks: {seen.blocks:,}"
                + (f"; existed: {existed}" if existed else "")
                + f"; from {moment(seen.first)} to {moment(seen.last)}."
            )
        )
        asked_at = [(column_name(name, 40), f"{count:,}") for name, count in seen.endpoints]
        parts.append(FittingTable("ENDPOINTS", "endpoint|>lookups", asked_at))
    budgets = [
        (
            one.level + (f", {', '.join(one.endpoints)}" if one.endpoints else ""),
            f"{one.used:,.0f}",
            f"{one.burst:,}",
            "-" if one.peak is None else f"{one.peak:,.0f}",
            "-" if one.refused is None else f"{one.refused:,}",
            f"{one.per_hour:,.0f}" if one.per_hour >= 10 else f"{one.per_hour:.2g}",
            moment(found.at + one.empty_in)[:16] if one.used else "-",
        )
        for one in found.budgets
    ]
    parts.append(
        FittingTable("BUDGETS", "level|>used|>at once|>most used|>refused|>an hour|refilled", budgets)
    )
    evidence = [
        (
            "-" if one.epoch is None else moment(one.epoch)[:10],
            f"{one.m:,.4g}",
            f"{one.reached:,}",
            f"{one.reachable:.2g}",
            f"{one.reference:,}",
            one.stratum or "-",
            ", ".join(f"{name} {value:+.1f}" for name, value in one.parts) or "-",
        )
        for one in found.evidence
    ]
    parts.append(
        FittingTable("EVIDENCE", "epoch|>M|>at|>reachable α|>reference|stratum|~parts (log10)", evidence)
    )
    asked = [(name, moment(at)) for name, at in found.canaries.lookups[:20]]
    parts.append(FittingTable("CANARIES", "set|first asked", asked))
    return Group(*parts)
