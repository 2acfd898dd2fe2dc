"""`floodmark guard replay`: past logs to a lookups file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.guard_log_options import logs_argument, mapping_of, mapping_options
from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress
from floodmark.errors import NothingToRead, UsageError
from floodmark.files import real

if TYPE_CHECKING:
    from floodmark.guard import LookupsFile
    from floodmark.guard.logs import Replay

EPILOG = """\b
Examples:
  floodmark guard replay access.log access.log.1 access.log.*.gz --mapping api.toml -o lookups.parquet
  floodmark guard replay /var/log/auth.log --mapping sshd -o ssh.parquet
  floodmark guard replay auth-2025.log.gz --mapping sshd --until 2025-12-31 -o ssh.parquet
  floodmark guard replay export.parquet --mapping export.toml -o lookups.parquet --summary json

\b
Exit codes: 0 done, 3 no line asks about an identifier, 10 done, and a file could not be read to its end.
"""
PARTLY_READ = 10
WORDS = {
    "lookup": "asking about identifiers",
    "other-endpoint": "asking something else",
    "no-identifier": "without an identifier where it should be",
    "no-time": "without a time that can be read",
    "malformed": "of another format",
    "comment": "of comment",
    "not-utf-8": "not in UTF-8",
    "too-long": "longer than 1 MiB",
    "blank": "blank",
}


@click.command(epilog=EPILOG)
@logs_argument
@mapping_options
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=OutputPath(),
    metavar="FILE",
    help="The lookups file to write.",
)
@click.option(
    "--summary",
    type=click.Choice(["human", "json"]),
    default="human",
    show_default=True,
    help="Form of stdout.",
)
@passphrase_option
def command(paths: tuple[Path, ...], out: Path, **given: Any) -> None:
    """Read past logs and write who asked about how many identifiers, without the identifiers.

    LOG is an access log, JSON lines, sshd's log, a table, or what an expression of your own cuts; also compressed. The
    mapping says which part of a request is the identifier. What is written are digests under the workspace's key: it
    has no identifier, name, address or path in it, and is personal data all the same.
    """
    from floodmark.cli.guard_places import digest_key
    from floodmark.cli.workspaces import workspace
    from floodmark.guard import LookupsFile, write_lookups
    from floodmark.guard.logs import Replay

    _check_out(out, paths)
    mapping = mapping_of(given)
    with workspace() as place:
        key = digest_key(place, given["passphrase_file"])
    replay = Replay(mapping, key)
    frames = []
    total = sum(path.stat().st_size for path in paths if path.is_file())
    with progress(total, "Reading") as shown, interruptible(shown) as advance:
        for path in paths:
            frames += list(replay.read(path, advance))
    for label, problem in replay.problems:
        click.echo(f"Not read to its end: {label}: {problem.message}", err=True)
    if not any(frame.height for frame in frames):
        _say_lines(replay)
        if none := replay.counts.identifiers["none"]:
            raise NothingToRead(
                f"Lines ask about {none:,} texts, and none of these is an identifier of its kind",
                "Check `identifier` and `kind` of the mapping; national phone numbers need a `region`, such as GB.",
            )
        raise NothingToRead(
            "No line asks about an identifier, as the mapping has it",
            "Compare the mapping with a line of the log: docs/reference/guard-mapping.md.",
        )
    sources = tuple((source.label, source.sha256 or "") for source in replay.sources)
    about = LookupsFile(key.id, 0, replay.synthetic, sources, replay.counts.pairs())
    written = write_lookups(out, frames, about)
    _put(replay, written, out, given["summary"])
    if replay.problems:
        raise click.exceptions.Exit(PARTLY_READ)


def _check_out(out: Path, paths: tuple[Path, ...]) -> None:
    """Refuse before the work what would destroy a log."""
    if real(out) in {real(path) for path in paths}:
        raise UsageError(f"{out.name} is an input", "Name a file of its own for the lookups.")


def _put(replay: Replay, written: LookupsFile, out: Path, form: str) -> None:
    from floodmark.cli.stdout import put_json

    if form == "json":
        put_json(
            {
                "lookups": written.rows,
                "synthetic": written.synthetic,
                "key_id": written.key_id,
                "lines": {fate: replay.counts.lines[fate] for fate in WORDS},
                "identifiers": {name: replay.counts.identifiers[name] for name in ("asked", "none")},
                "sources": [{"name": name, "sha256": sha256} for name, sha256 in written.sources],
                "not_read": [{"name": name, "problem": problem.slug} for name, problem in replay.problems],
            }
        )
        return
    _say_lines(replay)
    none = replay.counts.identifiers["none"]
    marked = "Synthetic. " if written.synthetic else ""
    click.echo(
        f"{marked}{written.rows:,} lookups written, {none:,} left out that are no identifier of their kind."
    )
    for name, sha256 in written.sources:
        click.echo(f"  {sha256[:16]}…  {name}")
    click.echo(f"Next: floodmark guard report {out.name}, floodmark guard learn {out.name}")


def _say_lines(replay: Replay) -> None:
    """What became of the lines."""
    lines = replay.counts.lines
    width = len(f"{lines.total():,}")
    click.echo(f"{lines.total():,} lines, of which")
    for fate, words in WORDS.items():
        if lines[fate]:
            click.echo(f"  {lines[fate]:>{width},} {words}")
