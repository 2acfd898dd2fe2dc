"""The guard's files and the digest key, for every command of the guard that needs them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from floodmark.guard.folder import GuardFolder
    from floodmark.identifiers.digests import DigestKey
    from floodmark.register.workspace import Workspace


def guard_folder(place: Workspace) -> GuardFolder:
    """The folder of the guard's files in a workspace; it need not exist."""
    from floodmark.guard.folder import GuardFolder

    return GuardFolder(place.folder / "guard")


def digest_key(place: Workspace, passphrase_file: Path | None) -> DigestKey:
    """The digest key, which the workspace is tied to, if to any.

    Raises:
        NoKeys, KeysExposed, KeysMisplaced, WrongKeys: there is no key that may be used.
    """
    from floodmark.cli.keys import keyring
    from floodmark.register.workspace_keys import check

    with keyring(passphrase_file) as keys:
        key = keys.digest_key()
    with place.connect() as connection:
        check(connection, key.id)
    return key
