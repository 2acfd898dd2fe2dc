"""Sealed leaks as people name them: a leak of the workspace, or a folder from anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from floodmark.cli.workspaces import workspace

if TYPE_CHECKING:
    from floodmark.exposure.sealed.sealed_leak import SealedLeak
    from floodmark.register.sealed_leaks import SealedFolder


@contextmanager
def opened(place: str, root_key: bytes | None) -> Iterator[tuple[SealedLeak, bool]]:
    """A sealed leak, open, and whether it is known whose signature it bears.

    What looks like a path is one; a folder that is named like a slug never hides a leak.

    Args:
        place: a slug, or the path of a folder.
        root_key: that has to have signed; None for the workspace's, where there is one.

    Raises:
        LeakNotFound, NotSealed: the workspace has no such sealed leak.
        SealedLeakBroken: a file is not what was signed, or another's than the register names.
        SignedByAnother: another key signed it.
        FloodmarkError: a file cannot be read, or is none of protocol 1.
    """
    from floodmark.exposure.sealed.sealed_leak import SealedLeak
    from floodmark.register.leaks import LeakNotFound
    from floodmark.register.sealed_leaks import sealed_of
    from floodmark.register.slugs import SLUG
    from floodmark.register.workspace_keys import signer

    here = workspace()
    if root_key is None:
        with here.connect() as connection:
            root_key = signer(connection)
    if not SLUG.fullmatch(place):
        with closing(SealedLeak.open(Path(place), root=root_key)) as leak:
            yield leak, root_key is not None
        return
    try:
        held = sealed_of(here, place)
    except LeakNotFound as error:
        if Path(place).is_dir():
            raise LeakNotFound(error.message, f"Write ./{place} for the folder of that name.") from error
        raise
    with closing(SealedLeak.open(held.folder, root=root_key)) as leak:
        _check_row(leak, held)
        yield leak, root_key is not None


def _check_row(leak: SealedLeak, held: SealedFolder) -> None:
    """See that the manifest is the one that the register names: one that is sound in itself can be another's.

    Raises:
        SealedLeakBroken: it is not.
    """
    from floodmark.exposure.sealed.sealed_folder import MANIFEST, SealedLeakBroken

    found = hashlib.sha256(leak.manifest.to_bytes()).hexdigest()
    if (leak.manifest.slug, found) != (held.row.slug, held.row.manifest_sha256):
        raise SealedLeakBroken(f"{MANIFEST} of {held.row.slug} is of another leak, or of another seal of it.")
