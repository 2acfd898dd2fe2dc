"""`floodmark guard name`: read logs again for the names behind the digests of actors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.guard_log_options import mapping_of, mapping_options
from floodmark.cli.interrupt import interruptible
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.guard.logs.naming import Named

EPILOG = """\b
Examples:
  floodmark guard name access.log --mapping api.toml account/1a2b3c4d5e6f7081
  floodmark guard name access.log.*.gz --mapping api.toml address/00c0ffee00c0ffee prefix/1234567812345678 -o json

\b
Exit codes: 0 all have a name in these logs, 10 some have none, or a log could not be read to its end.
"""
MISSING = 10


@click.command(epilog=EPILOG)
@click.argument("given_names", nargs=-1, required=True, metavar="LOG... ACTOR...")
@mapping_options
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@passphrase_option
def command(given_names: tuple[str, ...], output: str, **given: Any) -> None:
    """Read logs again for the names of a few actors, for whoever has to act on them.

    Reports and decisions name actors by digests alone. ACTOR is one of those, such as account/1a2b3c4d5e6f7081; names,
    addresses and devices are looked for in the logs and go to stdout, and nowhere else. Copy no more of them than
    the case needs.
    """
    from floodmark.cli.guard_places import digest_key
    from floodmark.cli.workspaces import workspace
    from floodmark.guard.actor_text import read_actor
    from floodmark.guard.logs import Replay
    from floodmark.guard.logs.naming import Names

    actors, paths = _apart(given_names)
    mapping = mapping_of(given)
    with workspace() as place:
        key = digest_key(place, given["passphrase_file"])
    names = Names([read_actor(text, lambda: key) for text in actors], key)
    replay = Replay(mapping, key)
    total = sum(path.stat().st_size for path in paths if path.is_file())
    with progress(total, "Reading") as shown, interruptible(shown) as advance:
        for path in paths:
            for table in replay.tables(path, advance):
                names.look(table)
    for label, problem in replay.problems:
        click.echo(f"Not read to its end: {label}: {problem.message}", err=True)
    _put(names.found, output)
    if replay.problems or not all(named.lines for named in names.found.values()):
        raise click.exceptions.Exit(MISSING)


def _apart(given: tuple[str, ...]) -> tuple[list[str], list[Path]]:
    """Actors and logs; what begins as an actor does and is no file is one.

    Raises:
        UsageError: there are none of one of them.
    """
    from floodmark.guard.actors import PARTS

    actors = [
        text
        for text in given
        if text.startswith(tuple(f"{part}/" for part in PARTS)) and not Path(text).exists()
    ]
    paths = [Path(text) for text in given if text not in actors]
    if not actors or not paths:
        raise UsageError(
            "Logs and actors are needed", "Write floodmark guard name LOG... --mapping FILE account/…."
        )
    return actors, paths


def _put(found: Any, output: str) -> None:
    from floodmark.cli.stdout import put_json
    from floodmark.guard.actor_text import written
    from floodmark.reports.labels import plain

    if output == "json":
        put_json(
            [{"actor": written(part, digest), **_table(named)} for (part, digest), named in found.items()]
        )
        return
    for (part, digest), named in found.items():
        when = f", {named.first:%Y-%m-%d %H:%M} to {named.last:%Y-%m-%d %H:%M} UTC" if named.first else ""
        click.echo(f"{written(part, digest)}: {_count(named)}{when}")
        for name, lines in named.lines.most_common():
            click.echo(f"  {plain(name, 200)}  ({lines:,} lines)")


def _count(named: Named) -> str:
    if not named.lines:
        return "in no line of these logs"
    more = f", and {named.more:,} lines with further names" if named.more else ""
    return f"{len(named.lines):,} {'name' if len(named.lines) == 1 else 'names'}{more}"


def _table(named: Named) -> dict[str, Any]:
    return {
        "names": [{"name": name, "lines": lines} for name, lines in named.lines.most_common()],
        "lines_with_further_names": named.more,
        "first": named.first.isoformat() if named.first else None,
        "last": named.last.isoformat() if named.last else None,
    }
