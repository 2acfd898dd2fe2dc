"""`floodmark guard canaries`: identifiers that nobody holds, so that only who lists identifiers asks for them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from floodmark.cli.guard_places import digest_key, guard_folder
from floodmark.cli.interrupt import interruptible
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress
from floodmark.cli.stdout import put, put_json
from floodmark.cli.workspaces import workspace
from floodmark.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from floodmark.guard.canaries import CanarySet
    from floodmark.identifiers import IdentifierKind
    from floodmark.identifiers.digests import DigestKey
    from floodmark.register.workspace import Workspace

EPILOG = """\b
Examples:
  floodmark guard canaries make spring --kind phone --range +447400 --held customers.txt
  floodmark guard canaries make ids --kind profile_id --range 100000000-100999999 --count 50 --held ids.txt
  floodmark guard canaries make names --kind username --from plausible.txt --held names.txt --asked lookups.parquet
  floodmark guard canaries list
  floodmark guard canaries show spring
  floodmark guard canaries forget spring
"""
KINDS = ("phone", "email", "profile_id", "username")
_output = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)
_file = click.Path(path_type=Path, dir_okay=False)


@click.group(epilog=EPILOG)
def command() -> None:
    """Make, list and forget canaries: identifiers valid in form that nobody holds.

    They are drawn under the digest key, so that whoever lacks it cannot tell which they are, and only their digests are
    kept. A client that lists a range asks for them in passing; an ordinary one asks for an identifier that nobody holds
    by a mistyped or an old entry of an address book, and hits one of the few canaries among those hardly ever.
    """


@command.command("make")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="Kind of identifier.")
@click.option(
    "--range", "text", metavar="RANGE", help="Draw from +447400, 1000000-1999999, ann* or ann*@example.org."
)
@click.option("--from", "listed", type=_file, metavar="FILE", help="Draw from a list instead, one a line.")
@click.option("--count", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many.")
@click.option(
    "--held",
    "held",
    type=_file,
    multiple=True,
    metavar="FILE",
    help="Held by somebody, one a line; repeatable.",
)
@click.option(
    "--asked",
    type=_file,
    multiple=True,
    metavar="LOOKUPS",
    help="Leave out what was asked before; repeatable.",
)
@click.option("--unchecked", is_flag=True, help="Make them with nothing to check against.")
@click.option("--region", metavar="CC", help="Country of phone numbers without a country code, such as GB.")
@passphrase_option
@_output
def make_command(name: str, **given: Any) -> None:
    """Draw canaries, and keep them as the set NAME.

    They are checked against the leaks of the workspace and files of --held, such as a list of all customers: none of
    those becomes a canary. Do not give them to anybody later: canaries show lists them on a terminal.
    """
    from floodmark.cli.reading_options import region_code
    from floodmark.guard.canaries import Canaries
    from floodmark.guard.canaries_ranges import Range

    if (given["text"] is None) == (given["listed"] is None):
        raise UsageError("Canaries are drawn from one place", "Give --range RANGE or --from FILE.")
    kind = cast("IdentifierKind", given["kind"])
    where = None if given["text"] is None else Range.read(kind, given["text"])
    region = region_code(given["region"])
    with workspace() as place:
        key = digest_key(place, given["passphrase_file"])
        file = guard_folder(place).canaries
        Canaries.read(file, key.id)
        held = _held(place, kind, key, region, given)
        drawn = _drawn(name, kind, where, key, held, region, given)
        with place.writing("Keep the canaries"):
            guard_folder(place).made()
            sets = Canaries.read(file, key.id).with_one(drawn)
            sets.write(file, key.id)
    _show([drawn], given["output"])


@command.command("list")
@passphrase_option
@_output
def list_command(passphrase_file: Path | None, output: str) -> None:
    """List the sets of canaries: from where, how many, checked against how many, and since when."""
    from floodmark.guard.canaries import Canaries

    with workspace() as place:
        key = digest_key(place, passphrase_file)
        _show(Canaries.read(guard_folder(place).canaries, key.id).sets, output)


@command.command("show")
@click.argument("name")
@passphrase_option
def show_command(name: str, passphrase_file: Path | None) -> None:
    """Show the canaries of a set on a terminal, so that they can be reserved and are never given to anybody.

    They are drawn again under the key, which takes seconds. A set that came from a list has nothing to draw from again.
    """
    from floodmark.cli.hazmat import NotATerminal
    from floodmark.guard.canaries import Canaries
    from floodmark.guard.canaries_making import drawn_again

    if sys.stdout is None or not sys.stdout.isatty():
        raise NotATerminal("Canaries are shown on a terminal only, and stdout is none")
    with workspace() as place:
        key = digest_key(place, passphrase_file)
        sets = Canaries.read(guard_folder(place).canaries, key.id).sets
    one = next((one for one in sets if one.name == name), None)
    if one is None:
        raise UsageError("There are no canaries of this name", "See floodmark guard canaries list.")
    if not one.range:
        raise UsageError("These canaries came from a list", "That list has them; they cannot be drawn again.")
    for text in drawn_again(one, key):
        click.echo(text)


@command.command("forget")
@click.argument("name")
@passphrase_option
@_output
def forget_command(name: str, passphrase_file: Path | None, output: str) -> None:
    """Forget a set: a lookup of one of them says nothing from now on."""
    from floodmark.guard.canaries import Canaries

    with workspace() as place:
        key = digest_key(place, passphrase_file)
        with place.writing("Forget the canaries"):
            file = guard_folder(place).canaries
            sets = Canaries.read(file, key.id).without(name)
            sets.write(file, key.id)
    _show(sets.sets, output)


def _held(
    place: Workspace, kind: IdentifierKind, key: DigestKey, region: str | None, given: dict[str, Any]
) -> list[NDArray[np.uint64]]:
    """Digests that are no canaries: of leaks, of files, and of what was asked before."""
    from floodmark.guard.canaries_held import asked_before, in_file

    found = _of_leaks(place, kind, key)
    size = sum(path.stat().st_size for path in given["held"] if path.is_file())
    unread: list[int] = []
    with progress(size, "Reading") as bar, interruptible(bar) as advance:
        found += [in_file(path, kind, key, region, advance, unread.append) for path in given["held"]]
    if unread:
        click.echo(_not_checked(sum(unread), kind, region), err=True)
    if not found and not given["unchecked"]:
        raise UsageError(
            "There is nothing to check against: these canaries may be held by somebody",
            "Give --held FILE with one identifier a line, or --unchecked.",
        )
    return found + asked_before(given["asked"], kind, key.id)


def _not_checked(lines: int, kind: IdentifierKind, region: str | None) -> str:
    what = kind.replace("_", " ")
    said = f"{lines:,} {'line is' if lines == 1 else 'lines are'} no {what}, and what they say may become a canary."
    return said + (
        " Numbers without a country code need --region." if kind == "phone" and region is None else ""
    )


def _of_leaks(place: Workspace, kind: IdentifierKind, key: DigestKey) -> list[NDArray[np.uint64]]:
    from floodmark.register.arrays import leak_arrays
    from floodmark.register.leaks import list_leaks

    with place.connect() as connection:
        slugs = [leak.slug for leak in list_leaks(connection) if leak.digest_key_id == key.id]
    opened = [leak_arrays(place, slug) for slug in slugs]
    return [arrays.digests(kind) for arrays in opened if kind in arrays.kinds]


def _drawn(
    name: str,
    kind: IdentifierKind,
    where: Any,
    key: DigestKey,
    held: list[NDArray[np.uint64]],
    region: str | None,
    given: dict[str, Any],
) -> CanarySet:
    import polars as pl

    from floodmark.guard.canaries_held import lines
    from floodmark.guard.canaries_making import make, make_from_list

    made = datetime.now(UTC).timestamp()
    if where is not None:
        return make(name, where, given["count"], key, held=held, made=made)
    texts = pl.concat([pl.Series("text", [], dtype=pl.String), *lines(given["listed"])])
    return make_from_list(name, kind, texts, given["count"], key, held=held, made=made, region=region)


def _show(sets: Any, output: str) -> None:
    if output == "json":
        put_json({"canaries": [_row(one) for one in sets]})
        return
    from rich.text import Text

    from floodmark.cli.fitting_table import FittingTable

    cells = [
        (
            one.name,
            f"{len(one.digests):,}",
            _row(one)["made"][:10],
            one.kind.replace("_", " "),
            one.range or "a list",
            f"{one.unheld:,}",
            f"{one.checked:,}",
        )
        for one in sets
    ]
    columns = "name|>canaries|made|kind|~range|>free, about|>checked against"
    shown = FittingTable("CANARIES", columns, cells)
    put(shown if cells else Text("There are no canaries."))


def _row(one: CanarySet) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "range": one.range or None,
        "canaries": len(one.digests),
        "valid": one.valid,
        "free": one.unheld,
        "checked_against": one.checked,
        "made": datetime.fromtimestamp(one.made, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
