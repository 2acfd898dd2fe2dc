"""`floodmark save`: triage leaked files and keep what was learnt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.deadlines import say_clocks
from floodmark.cli.interrupt import interruptible
from floodmark.cli.progress import Advance, progress
from floodmark.cli.reading_options import options_of, reading_options
from floodmark.cli.saving_options import saving_options
from floodmark.cli.stdout import put_json
from floodmark.errors import UsageError
from floodmark.triage import Options

if TYPE_CHECKING:
    from floodmark.register.saving import Saved

EPILOG = """\b
Examples:
  floodmark keys init
  floodmark save forum-2026 dump.txt --title "A forum, 2026" --acquired-from "CERT-XX hand-over"
  floodmark save forum-2026 part1.csv.gz part2.csv.gz --replace
  floodmark leak show forum-2026

\b
The dump itself is not kept: counts, keyed digests and the signed custody record are. Needs keys (floodmark keys
init); the workspace is FLOODMARK_HOME.
"""


@click.command(epilog=EPILOG)
@click.argument("slug")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@saving_options
@reading_options
def command(slug: str, paths: tuple[Path, ...], **given: Any) -> None:
    """Triage leaked files and keep what was learnt as the leak SLUG.

    Kept are the profile, a 64-bit keyed digest of every distinct identifier with the kinds of data that its rows
    hold, and the custody record, signed. A kill at any point leaves the workspace as it was.
    """
    if Path(slug).exists():
        raise UsageError(
            "The first argument is the name to save as, and there is a file of that name.",
            "Write floodmark save SLUG PATH..., and another slug if this one is meant.",
        )
    done = saved(slug, paths, options_of(given), given)
    if given["output"] == "json":
        put_json(_table(done))
    else:
        click.echo(_words(done))
    if any(file.problem for file in done.profile.files):
        raise click.exceptions.Exit(10)


def saved(slug: str, paths: Iterable[Path], options: Options, given: dict[str, Any]) -> Saved:
    """Save a leak, with progress, under the keys and in the workspace of this user."""
    from floodmark.cli.keys import keyring
    from floodmark.cli.workspaces import workspace
    from floodmark.register.free_text import visible
    from floodmark.register.saving import save

    @contextmanager
    def phase(name: str, total: int) -> Iterator[Advance]:
        with progress(total, name) as shown, interruptible(shown) as advance:
            yield advance

    with workspace() as place, keyring(given["passphrase_file"]) as keys:
        asked = {"title": given["title"], "replace_leak": given["replace"]}
        done = save(place, keys, slug, paths, options, **asked, phase=phase)
    for file in done.profile.files:
        if file.problem is not None:
            click.echo(f"Not read to its end: {visible(file.label)}: {file.problem['message']}", err=True)
    say_clocks([slug], datetime.now(UTC))
    return done


def _table(done: Saved) -> dict[str, Any]:
    leak = done.leak
    return {
        "slug": leak.slug,
        "title": leak.title,
        "rows": leak.rows,
        "identifiers": dict(leak.identifiers),
        "field_types": list(leak.field_types),
        "synthetic": leak.synthetic,
        "saved_at": leak.saved_at,
        "digest_key_id": leak.digest_key_id,
    }


def _words(done: Saved) -> str:
    leak = done.leak
    counts = ", ".join(f"{count:,} distinct {kind} digests" for kind, count in leak.identifiers.items())
    marked = "Synthetic. " if leak.synthetic else ""
    return (
        f"{marked}Saved {leak.slug}: {leak.rows:,} rows, {counts or 'no identifiers'}.\n"
        f"Next: floodmark leak show {leak.slug}, floodmark overlap, floodmark match {leak.slug} --watch FILE"
    )
