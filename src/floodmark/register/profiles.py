"""The profile of a saved leak, believed only as it was signed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from floodmark.register.custody import CustodyBroken, NamedFile
from floodmark.register.lease import lease
from floodmark.register.saved_custody import saved_record
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
    record, _ = saved_record(workspace, held)
    try:
        data = (held.folder / NAME).read_bytes()
    except OSError as error:
        raise ProfileDamaged(f"{NAME} of {slug} cannot be read: {error.strerror}") from error
    held.close()
    if NamedFile(NAME, len(data), hashlib.sha256(data).hexdigest()) not in record.outputs:
        raise CustodyBroken(f"{NAME} of {slug} is not what was signed.")
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        raise ProfileDamaged(f"{NAME} of {slug} is not JSON") from None
    return profile_from_dict(table, NAME)
