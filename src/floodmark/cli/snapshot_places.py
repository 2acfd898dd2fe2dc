"""Snapshots as people name them: the newest of the workspace, or a folder from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.public_keys import PublicKey
from floodmark.cli.workspaces import workspace
from floodmark.errors import NothingToRead, UsageError

if TYPE_CHECKING:
    from floodmark.exposure.snapshots import Snapshot, SnapshotDirectory
    from floodmark.register.workspace import Workspace

root_key_option: Callable[[Any], Any] = click.option(
    "--root-key",
    type=PublicKey(),
    cls=ByHand,
    metavar="HEX",
    help="Key that has to have signed. Default: the workspace's.",
)


@dataclass(frozen=True)
class OpenSnapshot:
    """A snapshot whose signature was seen to; its time and its buckets were not.

    Attributes:
        directory: where it is read.
        envelope: as it was signed.
        snapshot: what it says.
        root_key: that signed it, 32 bytes.
    """

    directory: SnapshotDirectory
    envelope: bytes
    snapshot: Snapshot
    root_key: bytes


@contextmanager
def opened(
    folder: Path | None, root_key: bytes | None, *, to_publish: bool = False
) -> Iterator[OpenSnapshot]:
    """A snapshot, which nobody removes meanwhile.

    Args:
        folder: a snapshot directory; None for the newest of the workspace.
        root_key: that has to have signed; None for the workspace's.
        to_publish: whether it has to be fit to publish by what the workspace knows now.

    Raises:
        NothingToRead: there is no snapshot.
        UsageError: no key is known that has to have signed.
        SnapshotOutdated: it is not fit to publish any more.
        FloodmarkError: it is not what the key signed.
    """
    from floodmark.exposure.snapshots import SnapshotDirectory, read_snapshot
    from floodmark.register.snapshot_folders import kept_while_read, latest_snapshot
    from floodmark.register.snapshot_leaks import check_still_fit
    from floodmark.register.snapshot_rows import check_known

    here = workspace()
    found = folder or latest_snapshot(here)
    if found is None:
        raise NothingToRead(
            "There is no snapshot in this workspace.",
            "Make one with floodmark snapshot make, or name a folder that has one.",
        )
    with kept_while_read(found):
        directory = SnapshotDirectory(found)
        envelope = directory.envelope()
        root_key = root_key or signing_root(here)
        snapshot = read_snapshot(envelope, root_key)
        with here.connect() as connection:
            check_known(connection, snapshot)
            if to_publish:
                check_still_fit(connection, snapshot)
        yield OpenSnapshot(directory, envelope, snapshot, root_key)


def signing_root(here: Workspace) -> bytes:
    """The public key with which a workspace signs.

    Raises:
        UsageError: it has not signed anything yet.
    """
    from floodmark.register.workspace_keys import signer

    with here.connect() as connection:
        found = signer(connection)
    if found is None:
        raise UsageError(
            "Whose signature the snapshot has to have is not known.",
            "Give the publisher's root key with --root-key, from a place that you trust.",
        )
    return found
