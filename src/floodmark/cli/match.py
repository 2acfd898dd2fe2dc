"""`floodmark match`: which of your customers, domains or number prefixes are in a leak."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.deadlines import say_clocks
from floodmark.cli.interrupt import interruptible
from floodmark.cli.opening_options import opening_of, password_option
from floodmark.cli.outputs import OutputPath
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress
from floodmark.errors import NothingToRead, UsageError
from floodmark.files import real

if TYPE_CHECKING:
    from floodmark.cli.match_sealing import Sealing
    from floodmark.exposure import Matched, WatchList

EPILOG = """\b
Examples:
  floodmark match dump.txt --watch customers.csv
  floodmark match forum-2026 --watch customers.xlsx.csv --column E-Mail --column Mobile=phone --region DE
  floodmark match dump.txt --watch domains.txt --to age1... --out found.csv.age
  floodmark match dump.txt --hand-over constituents.csv --out handed-over/
  floodmark match part1.csv.gz part2.csv.gz --watch domains.txt -o json

\b
An entry is an e-mail address, a phone number, a domain (example.org covers mail.example.org) or a number prefix
(+4420*); profile ids and user names by their heading or kind: --column 3=profile_id.

\b
Exit codes: 0 nothing found, 10 something found, 11 nothing found, and a file could not be read through
or most cells of a kind in it are no valid identifiers: "not found" proves less.
"""
FOUND, NOT_ALL_READ = 10, 11
_FILES = {"watch_file": "--watch", "hand_over": "--hand-over", "out": "--out", "csv_file": "--csv"}


@click.command(epilog=EPILOG)
@click.argument("targets", nargs=-1, required=True, metavar="SLUG|DUMP...")
@click.option(
    "--watch", "watch_file", type=click.Path(path_type=Path), metavar="FILE", help="Whom to look for."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME|NUMBER[=KIND]",
    help="Column of the watch file, and what it holds; repeatable. Default: those that hold identifiers.",
)
@click.option(
    "--watch-encoding", metavar="NAME", help="Encoding of the watch file, such as cp1252. Default: found out."
)
@click.option("--region", metavar="CC", help="Country of phone numbers without a country code, such as GB.")
@click.option(
    "--grammar", type=click.Path(path_type=Path), metavar="FILE", help="Read the dumps by this grammar file."
)
@password_option
@click.option(
    "--to",
    "keys",
    multiple=True,
    cls=ByHand,
    metavar="AGE1...",
    help="Seal what was found, one by one, to this age key; repeatable.",
)
@click.option(
    "--hand-over",
    "hand_over",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV of recipient,key,domains,prefixes: seal to each what is theirs.",
)
@click.option(
    "--out",
    type=OutputPath(),
    metavar="PATH",
    help="Where to: with --to a file, with --hand-over a folder.",
)
@click.option(
    "--csv",
    "csv_file",
    type=OutputPath(),
    metavar="FILE",
    help="Write the counts as a CSV file, without any identifier.",
)
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads.")
@passphrase_option
def command(targets: tuple[str, ...], **given: Any) -> None:
    """Say which of your customers, domains or number prefixes are in a leak.

    SLUG is a leak that was saved, looked up by digests; DUMP is a file or folder, read once. Everything stays on
    this machine. Counts go to stdout, never an identifier: what was found one by one goes to a file that is sealed
    to an age key (--to, --hand-over).
    """
    from floodmark.cli.match_report import table_of, values_of, watch_words
    from floodmark.cli.match_sealing import check_file
    from floodmark.cli.match_text import render
    from floodmark.cli.reading_options import region_code
    from floodmark.cli.stdout import put, put_json
    from floodmark.files import write_atomic
    from floodmark.reports.csv_tables import text_of

    _refuse_streams(given)
    region = region_code(given["region"])
    sealing = _sealing(given)
    inputs = [*map(Path, targets), *(given[name] for name in ("watch_file", "hand_over") if given[name])]
    sealing.check(inputs)
    if given["csv_file"]:
        check_file(given["csv_file"], [*inputs, *([sealing.out] if sealing.out else [])])
    slug = _slug(targets)
    watch = _watch(given, sealing, region)
    if given["watch_file"]:
        for sentence in watch_words(watch, given["watch_file"].name):
            click.echo(sentence, err=True)
    matched = _of_leak(slug, watch, given) if slug else _of_dumps(targets, watch, region, given)
    sealed, handed_over = sealing.write(matched)
    if given["csv_file"]:
        write_atomic(given["csv_file"], text_of(table_of(matched)).encode())
    if given["output"] == "json":
        put_json(values_of(matched, handed_over, sealed))
    else:
        put(render(matched, handed_over))
    if slug:
        say_clocks([slug], datetime.now(UTC))
    if matched.found:
        raise click.exceptions.Exit(FOUND)
    if matched.unread.proves_less:
        raise click.exceptions.Exit(NOT_ALL_READ)


def _sealing(given: dict[str, Any]) -> Sealing:
    """Who is sent what; keys and hand-over list are checked here, before anything is read."""
    from floodmark.cli.match_sealing import Sealing
    from floodmark.exposure import read_hand_over, recipient

    if not given["watch_file"] and not given["hand_over"]:
        raise UsageError(
            "There is nothing to look for", "Name a watch file with --watch, or use --hand-over."
        )
    if given["columns"] and not given["watch_file"]:
        raise UsageError("--column is about the watch file, and there is none", "Name one with --watch.")
    recipients = tuple(recipient(key, "--to") for key in given["keys"])
    constituents = tuple(read_hand_over(given["hand_over"])) if given["hand_over"] else ()
    return Sealing(recipients, constituents, given["out"])


def _watch(given: dict[str, Any], sealing: Sealing, region: str | None) -> WatchList:
    from floodmark.exposure import WatchList, Wish, read_watch_list, watching

    watch = WatchList({})
    if given["watch_file"]:
        wishes = [Wish.parse(text) for text in given["columns"]]
        path: Path = given["watch_file"]
        size = path.stat().st_size if path.is_file() else None
        with progress(size, "Reading the watch list") as shown, interruptible(shown) as advance:
            watch = read_watch_list(
                path, wishes, region=region, encoding=given["watch_encoding"], advance=advance
            )
    return watching(watch, list(sealing.constituents))


def _refuse_streams(given: dict[str, Any]) -> None:
    """See that no file is named `-`.

    Raises:
        UsageError: one is.
    """
    for name, option in _FILES.items():
        if str(given[name]) == "-":
            raise UsageError(
                f"{option} names a file, and - is none",
                "A list is read and a sealed file is made under a name: stdin is not read, and stdout has the counts.",
            )


def _slug(targets: Sequence[str]) -> str | None:
    """The saved leak that is meant; None where files are.

    Raises:
        UsageError: it could be either, or a leak is one of several targets.
        NothingToRead: a file is not there; that is said before any is read.
    """
    from floodmark.register.slugs import SLUG
    from floodmark.reports.labels import plain

    missing = [target for target in targets if target != "-" and not Path(target).exists()]
    slugs = [target for target in missing if SLUG.fullmatch(target)]
    if len(targets) == 1 and slugs:
        return targets[0]
    saved = [slug for slug in slugs if _is_saved(slug)]
    if files := [target for target in missing if target not in saved]:
        raise NothingToRead(
            f"No such file: {plain(Path(files[0]).name)}",
            "Check the path and the spelling; nothing was read.",
        )
    if saved:
        raise UsageError(
            f"{saved[0]} is a saved leak, and there are other targets", "Match one saved leak at a time."
        )
    if len(targets) == 1 and SLUG.fullmatch(targets[0]) and _is_saved(targets[0]):
        raise UsageError(
            "This is the name of a saved leak and of a file here",
            f"Write ./{targets[0]} for the file, or change folder for the leak.",
        )
    return None


def _is_saved(slug: str) -> bool:
    from floodmark.cli.workspaces import workspace
    from floodmark.register.leaks import list_leaks

    with workspace() as place, place.connect() as connection:
        return any(leak.slug == slug for leak in list_leaks(connection))


def _of_leak(slug: str, watch: WatchList, given: dict[str, Any]) -> Matched:
    from floodmark.cli.keys import keyring
    from floodmark.cli.workspaces import workspace
    from floodmark.exposure import lookups, match_leak
    from floodmark.register.arrays import leak_arrays
    from floodmark.register.workspace_keys import check

    if given["grammar"]:
        raise UsageError("A grammar file is for dumps, and this is a saved leak", "Leave --grammar out.")
    with workspace() as place:
        leak = leak_arrays(place, slug)
        with keyring(given["passphrase_file"]) as keys:
            key = keys.digest_key()
        with place.connect() as connection:
            check(connection, key.id)
        with progress(8 * lookups(watch), "Looking up") as shown, interruptible(shown) as advance:
            return match_leak(
                leak, watch, key, synthetic=leak.leak.synthetic, advance=lambda done: advance(8 * done)
            )


def _of_dumps(targets: Sequence[str], watch: WatchList, region: str | None, given: dict[str, Any]) -> Matched:
    from floodmark.exposure import DumpOptions, match_dumps
    from floodmark.triage.inputs import inputs

    files = inputs(Path(target) for target in targets)
    first = Path(targets[0])
    name = first.name or real(first).name
    target = name if len(targets) == 1 else f"{name} and {len(targets) - 1} more"
    options = DumpOptions(
        region, given["grammar"], given["workers"], opening=opening_of(given["password_file"])
    )
    with progress(sum(file.size for file in files), "Reading") as shown, interruptible(shown) as advance:
        named = [(file.label, file.path) for file in files]
        return match_dumps(named, watch, options, target=target, advance=advance)
