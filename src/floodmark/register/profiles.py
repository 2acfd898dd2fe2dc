"""The profile of a saved leak, believed only as it was signed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from floodmark.register import custody
from floodmark.register.custody import CustodyBroken
from floodmark.register.lease import lease
from floodmark.register.workspace_keys import signer
from floodmark.triage.profile import Profile
from floodmark.triage.profile_file import ProfileDamaged, profile_from_dict

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

NAME = "profile.json"


def saved_profile(workspace: Workspace, slug: str) -> Profile:
    """Read a saved leak's profile.

    Raises:
        LeakNotFound: no leak of that slug is saved.
        CustodyBroken, CustodyTooNew: it is not what this workspace signed.
        ProfileTooNew: a newer version wrote it.
        ProfileDamaged: it cannot be read.
    """
    held = lease(workspace, slug)
    folder = held.folder
    with workspace.connect() as connection:
        expected = signer(connection)
    try:
        record = (folder / "custody.json").read_bytes()
        signature = (folder / "custody.json.sig").read_bytes()
        data = (folder / NAME).read_bytes()
    except OSError as error:
        raise ProfileDamaged(f"A file of {slug} cannot be read: {error.strerror}") from error
    held.close()
    if custody.verify(record, signature) != expected:
        raise CustodyBroken(f"custody.json of {slug} is signed with another key than the workspace's.")
    _, _, outputs = custody.read(record)
    found = custody.NamedFile(NAME, len(data), hashlib.sha256(data).hexdigest())
    if found not in outputs:
        raise CustodyBroken(f"{NAME} of {slug} is not what was signed.")
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        raise ProfileDamaged(f"{NAME} of {slug} is not JSON") from None
    return profile_from_dict(table, NAME)
