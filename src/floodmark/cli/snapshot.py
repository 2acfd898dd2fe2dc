"""`floodmark snapshot`: the signed, dated set of sealed leaks that checks are answered from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.interrupt import interruptible
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import Advance, progress
from floodmark.cli.snapshot_places import opened, root_key_option
from floodmark.cli.stdout import put_json
from floodmark.errors import FloodmarkError, UsageError

if TYPE_CHECKING:
    from floodmark.register.snapshot_leaks import LeftOut
    from floodmark.register.snapshot_rows import SnapshotRow

MAKE_EPILOG = """\b
Examples:
  floodmark snapshot make
  floodmark snapshot make facebook-2021 forum-2026 --expires-in 14d
  floodmark publish www/ --irrevocable
"""
VERIFY_EPILOG = """\b
Examples:
  floodmark snapshot verify
  floodmark snapshot verify www/
  floodmark snapshot verify received/ --root-key 3b6a27bc...

\b
Exit codes: 0 all is as it was signed; 1 it is not, and stderr says what and where; 10 it is, and it has expired or
was made in the future, so that clients refuse it.
"""
OUT_OF_TIME = 10
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_output = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


class Lifetime(click.ParamType[timedelta]):
    """A length of time such as `36h`, `30d` or `8w`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The length.

        Raises:
            UsageError: it is none.
        """
        found = re.fullmatch(r"([0-9]{1,4})([hdw])", str(value))
        if not found:
            raise UsageError("That is no length of time.", "Write hours, days or weeks: 36h, 30d, 8w.")
        return int(found[1]) * _UNITS[found[2]]


@click.group()
def command() -> None:
    """Make, verify and list snapshots: signed, dated, expiring sets of sealed leaks."""


@command.command("make", epilog=MAKE_EPILOG)
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "--expires-in",
    "lifetime",
    type=Lifetime(),
    default="30d",
    show_default=True,
    metavar="TIME",
    help="How long clients accept it: hours, days or weeks (36h, 30d, 8w), at most 366 days.",
)
@passphrase_option
@_output
def make_command(
    slugs: tuple[str, ...], lifetime: timedelta, passphrase_file: Path | None, output: str
) -> None:
    """Join sealed leaks into a new snapshot, signed with the workspace's key.

    Without SLUG all leaks that are sealed under the live epoch's key go in, and those that cannot are named. A SLUG
    that cannot go in is an error. Leaks that are marked as sensitive never enter a snapshot. The newest two are kept.
    """
    from floodmark.cli.keys import keyring
    from floodmark.cli.snapshot_text import snapshot_values, told
    from floodmark.cli.workspaces import workspace
    from floodmark.register.snapshots import make_snapshot

    with workspace() as place, keyring(passphrase_file) as keys:
        made = make_snapshot(place, keys, slugs or None, lifetime=lifetime, phase=_phase)
    for one in made.left_out:
        click.echo(f"Left out: {one.why.message}", err=True)
    if output == "json":
        left_out = [_left_out_values(one) for one in made.left_out]
        put_json(snapshot_values(made.snapshot) | {"folder": str(made.folder), "left_out": left_out})
    else:
        click.echo(told(made.snapshot))
        click.echo(
            f"In {made.folder}\nNext: floodmark snapshot verify, floodmark check, floodmark publish DIR"
        )


@command.command("verify", epilog=VERIFY_EPILOG)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@root_key_option
@_output
def verify_command(folder: Path | None, root_key: bytes | None, output: str) -> None:
    """Read a snapshot through: its signature and form, every manifest, every row, every path.

    DIR has v1/ in it, as publish wrote it. Without DIR, the newest snapshot of the workspace is read.
    """
    from floodmark.cli.snapshot_text import snapshot_values, told
    from floodmark.exposure.snapshots import broken, verify_buckets

    with opened(folder, root_key) as found, _phase("Reading", found.snapshot.buckets_bytes) as advance:
        faults = verify_buckets(found.directory, found.snapshot, advance)
    late = _out_of_time(found.snapshot)
    if output == "json":
        values = snapshot_values(found.snapshot) | {"root_key": found.root_key.hex()}
        listed = [{"file": "buckets.bin", **asdict(fault)} for fault in faults]
        put_json(values | {"faults": listed, "out_of_time": None if late is None else late.slug})
    elif not faults:
        click.echo(told(found.snapshot))
        click.echo(f"Signed by {found.root_key.hex()}. Every bucket is as it was signed.")
    if faults:
        raise broken(faults)
    if late is not None:
        click.echo(f"{late.message} Clients refuse it.", err=True)
        raise click.exceptions.Exit(OUT_OF_TIME)


@command.command("list")
@_output
def list_command(output: str) -> None:
    """List the snapshots that are kept, the newest first."""
    from floodmark.cli.workspaces import workspace
    from floodmark.register.snapshot_folders import snapshots_of
    from floodmark.register.snapshot_leaks import synthetic_among

    with workspace() as place:
        rows = snapshots_of(place)
        synthetic = synthetic_among(place, [row for row, _ in rows])
    if output == "json":
        put_json([_row_values(row, folder, row.id in synthetic) for row, folder in rows])
    else:
        click.echo(_listed([row for row, _ in rows], synthetic))


@contextmanager
def _phase(name: str, total: int) -> Iterator[Advance]:
    with progress(total, name) as shown, interruptible(shown) as advance:
        yield advance


def _out_of_time(snapshot: Any) -> FloodmarkError | None:
    from floodmark.exposure.snapshots import check_time

    try:
        check_time(snapshot, datetime.now(UTC))
    except FloodmarkError as error:
        return error
    return None


def _left_out_values(one: LeftOut) -> dict[str, str]:
    return {"slug": one.slug, "reason": one.reason, "message": one.why.message}


def _row_values(row: SnapshotRow, folder: Path, synthetic: bool) -> dict[str, Any]:
    return asdict(row) | {"leaks": list(row.leaks), "synthetic": synthetic, "folder": str(folder)}


def _listed(rows: Sequence[SnapshotRow], synthetic: set[str]) -> str:
    if not rows:
        return "No snapshot was made here yet. Make one with: floodmark snapshot make"
    return "\n".join(
        f"{row.number:>4}  {row.id}  made {row.made_at}  expires {row.expires_at}  epoch {row.epoch}  "
        f"{', '.join(row.leaks)}{'  SYNTHETIC' if row.id in synthetic else ''}"
        for row in rows
    )
