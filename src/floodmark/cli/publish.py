"""`floodmark publish`: a snapshot as files that any web server with byte ranges can host."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.cli.snapshot_places import opened, root_key_option, signing_root
from floodmark.cli.stdout import put_json
from floodmark.errors import UsageError
from floodmark.files import real

if TYPE_CHECKING:
    from floodmark.cli.snapshot_places import OpenSnapshot
    from floodmark.exposure.snapshots import Published

EPILOG = """\b
Examples:
  floodmark publish www/
  floodmark publish www/ --irrevocable
  floodmark publish www/ --snapshot received/ --root-key 3b6a27bc... --irrevocable
  floodmark publish www/ --withdraw

\b
The first only tells what would be published.
"""
REACH = (
    "This removes the files from that folder, so that nobody can ask there. It takes nothing back: copies that others "
    "have answer until they expire, and for whoever has the evaluation key for good; caches and mirrors between keep "
    "theirs until you purge them."
)


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
@click.option("--withdraw", cls=ByHand, is_flag=True, help="Remove from DIR what was published there.")
@click.option("--yes", cls=ByHand, is_flag=True, help="Do not ask before withdrawing.")
@root_key_option
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
def command(
    folder: Path,
    source: Path | None,
    irrevocable: bool,
    withdraw: bool,
    yes: bool,
    root_key: bytes | None,
    output: str,
) -> None:
    """Write a snapshot to DIR as files that any web server with byte ranges can host.

    The snapshot is verified first, every byte of it, and refused when it has expired. Its buckets are written
    before the file that names them, by renaming, so that clients never see half of it; buckets of the snapshot
    before stay, those of older ones are removed. Files can be read by everybody, whatever the umask. Run it again
    after every snapshot make.

    --withdraw takes DIR's snapshot down, and the buckets of those before it: no check is answered from there then.
    What others have downloaded stays theirs.
    """
    if str(folder) == "-":
        raise UsageError("A snapshot is published to a folder, not to standard output.", "Name a folder.")
    if withdraw:
        if irrevocable or source is not None:
            raise UsageError(
                "--withdraw removes what is published; --snapshot and --irrevocable publish.",
                "Give one or the other.",
            )
        _withdraw(folder, root_key, yes, output)
    else:
        _publish(folder, source, irrevocable, root_key, output)


def _publish(
    folder: Path, source: Path | None, irrevocable: bool, root_key: bytes | None, output: str
) -> None:
    from floodmark.cli.snapshot_text import told
    from floodmark.exposure.snapshots import check_buckets, check_time, closed, publish

    with opened(source, root_key, to_publish=True) as found:
        if real(found.directory.path) == real(folder):
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
    if shut := closed(folder):
        click.echo(_closed_words(folder, shut), err=True)


def _withdraw(folder: Path, root_key: bytes | None, yes: bool, output: str) -> None:
    from floodmark.cli.workspaces import workspace
    from floodmark.exposure.snapshots import standing, withdraw

    root = root_key or signing_root(workspace())
    found = standing(folder, root)
    leaks = ", ".join(leak.slug for leak in found.leaks)
    click.echo(f"Snapshot {found.number} ({found.id}) is published in {folder}: {leaks}.\n{REACH}", err=True)
    if not yes:
        _ask(folder)
    done = withdraw(folder, root)
    if output == "json":
        gone = {"id": done.snapshot.id, "number": done.snapshot.number, "removed": list(done.removed)}
        put_json(gone | {"folder": str(folder)})
    else:
        click.echo(f"Withdrew snapshot {done.snapshot.number} from {folder}.")


def _ask(folder: Path) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here, and checks that ask there will fail.",
            f"Say so with: floodmark publish {folder} --withdraw --yes",
        )
    click.confirm("Take it down?", abort=True, err=True)


def _closed_words(folder: Path, shut: tuple[str, ...]) -> str:
    """A warning that a web server may not get at what was published."""
    names = ", ".join(str(folder / name) for name in shut)
    return (
        f"Warning: others may not read {names}, so a web server that runs as another user answers nothing from "
        "there. It was so before, and was left so: chmod o+x folders, and o+r files, if that is not meant."
    )


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
