"""Custody of a leak of the workspace: what was signed, held against the row that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floodmark.register import custody
from floodmark.register.custody import CustodyBroken, NamedFile, Record
from floodmark.register.lease import Lease
from floodmark.register.workspace_keys import signer

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace


def saved_record(workspace: Workspace, lease: Lease) -> tuple[Record, bytes]:
    """The custody record of a leak, and the key that signed it.

    A record that is sound in itself can be another leak's, or that of an earlier save; so its slug, its time and its
    arrays have to be those of the row.

    Raises:
        CustodyBroken, CustodyTooNew: it is not what this workspace signed, or not of this leak as it is.
        UnreadableInput: it cannot be read.
    """
    path = lease.folder / "custody.json"
    data = custody.read_bounded(path)
    public = custody.verify(data, custody.read_bounded(path.with_name("custody.json.sig")))
    with workspace.connect() as connection:
        expected = signer(connection)
    leak = lease.leak
    if public != expected:
        raise CustodyBroken(f"custody.json of {leak.slug} is signed with another key than the workspace's.")
    found = custody.read(data)
    arrays = {NamedFile(f"digests/{a.name}.npy", a.bytes, a.sha256) for a in lease.arrays}
    named = {item for item in found.outputs if item.name != "profile.json"}
    if (found.slug, found.saved_at) != (leak.slug, leak.saved_at) or named != arrays:
        raise CustodyBroken(f"custody.json of {leak.slug} is of another leak, or of another save of it.")
    return found, public
