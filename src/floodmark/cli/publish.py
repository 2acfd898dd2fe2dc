"""`floodmark publish`: a snapshot as files that any web server with byte ranges can host."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.cli.snapshot_places import opened, root_key_option
from floodmark.cli.stdout import put_json
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.cli.snapshot_places import OpenSnapshot
    from floodmark.exposure.snapshots import Published

EPILOG = """\b
Examples:
  floodmark publish www/
  floodmark publish www/ --irrevocable
  floodmark publish www/ --snapshot received/ --root-key 3b6a27bc... --irrevocable

\b
The first only tells what would be published.
"""


class Irrevocable(UsageError):
    """Publishing cannot be taken back, and nobody said that this is meant; exit code 2."""

    slug = "irrevocable"


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR", type=OutputPath())
@click.option(
    "--snapshot",
    "source",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the snapshot. Default: the newest of the workspace.",
)
@click.option("--irrevocable", cls=ByHand, is_flag=True, help="Publish: this cannot be taken back.")
@root_key_option
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
def command(
    folder: Path, source: Path | None, irrevocable: bool, root_key: bytes | None, output: str
) -> None:
    """Write a snapshot to DIR as files that any web server with byte ranges can host.

    The snapshot is verified first, every byte of it, and refused when it has expired. Its buckets are written
    before the file that names them, by renaming, so that clients never see half of it; buckets of the snapshot
    before stay, those of older ones are removed. Run it again after every snapshot make.
    """
    from floodmark.cli.snapshot_text import told
    from floodmark.exposure.snapshots import check_buckets, check_time, publish

    with opened(source, root_key, to_publish=True) as found:
        if found.directory.path.resolve() == folder.resolve():
            raise UsageError(
                "The snapshot lies in that folder already.", "Name another folder to publish to."
            )
        check_time(found.snapshot, datetime.now(UTC))
        click.echo(told(found.snapshot), err=True)
        if not irrevocable:
            raise _refused()
        size = found.snapshot.buckets_bytes
        with progress(size, "Verifying") as shown, interruptible(shown) as advance:
            check_buckets(found.directory, found.snapshot, advance)
        with progress(size, "Writing") as shown, interruptible(shown) as advance:
            done = publish(found.directory, found.envelope, found.root_key, folder, advance)
    if output == "json":
        put_json(_values(found, folder, done))
    else:
        click.echo(f"Published snapshot {found.snapshot.number} to {folder}.")


def _refused() -> Irrevocable:
    return Irrevocable(
        "Publishing cannot be taken back: whoever downloads these files keeps them. If the evaluation key is ever "
        "stolen, whoever has it and the files can try every phone number there is and learn who is in these leaks "
        "and with which kinds of data; neither a new epoch nor removing the files changes that.",
        "If that is meant, run it again with --irrevocable.",
    )


def _values(found: OpenSnapshot, folder: Path, done: Published) -> dict[str, Any]:
    from floodmark.cli.snapshot_text import snapshot_values

    values = snapshot_values(found.snapshot) | {"root_key": found.root_key.hex(), "folder": str(folder)}
    return values | {"kept": list(done.kept), "removed": list(done.removed)}
