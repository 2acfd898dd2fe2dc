"""Making a snapshot: the sealed leaks of a workspace joined, signed and dated; its row comes last.

The rows are copied without the workspace's lock, which may take long. Under it, at the end, the leaks are looked at
again: one that was marked as sensitive, forgotten or sealed anew meanwhile is not published as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import ClassVar

from sqlalchemy import Connection

from floodmark.errors import FloodmarkError, UsageError
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.sealed.sealed_folder import SealedLeakBroken
from floodmark.exposure.snapshots import (
    Buckets,
    Predecessor,
    Snapshot,
    Source,
    open_snapshot,
    open_source,
    sign_snapshot,
    write_buckets,
)
from floodmark.exposure.snapshots.tree import PATH_BYTES
from floodmark.exposure.snapshots.write import PASSES
from floodmark.register.folders import sync_tree
from floodmark.register.key_folder import NoKeys
from floodmark.register.key_signing import SigningKey
from floodmark.register.keys import Keyring
from floodmark.register.saving import Phase, silent
from floodmark.register.sealed_leaks import SealedFolder, sealed_of
from floodmark.register.snapshot_folders import WHAT, staged
from floodmark.register.snapshot_leaks import Choice, LeftOut, LiveKey, choose, told
from floodmark.register.snapshot_rows import SnapshotRow, list_snapshots
from floodmark.register.staging import COMMIT_SECONDS
from floodmark.register.workspace import Workspace
from floodmark.register.workspace_keys import WrongKeys, signer

LIFETIME = timedelta(days=30)
LONGEST = timedelta(days=366)
ID_BYTES = 16


class SnapshotOvertaken(FloodmarkError):
    """A leak was changed while a snapshot with it was being made; nothing was kept of it."""

    slug: ClassVar[str] = "snapshot-overtaken"
    hint = "Run it again: floodmark snapshot make."


@dataclass(frozen=True)
class MadeSnapshot:
    """A snapshot that was made, its folder, and the leaks that are not in it."""

    snapshot: Snapshot
    folder: Path
    left_out: tuple[LeftOut, ...]


def make_snapshot(
    workspace: Workspace,
    keyring: Keyring,
    slugs: Iterable[str] | None = None,
    *,
    lifetime: timedelta = LIFETIME,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    random: Callable[[int], bytes] = token_bytes,
    phase: Phase = silent,
) -> MadeSnapshot:
    """Join sealed leaks of a workspace into a snapshot, and keep the newest two.

    Args:
        workspace: where they are.
        keyring: has the signing key; of the evaluation key, what its file says is enough.
        slugs: leaks, all of which have to go in; None for all that are sealed under the live key and neither
            sensitive nor retired.
        lifetime: until it expires, at most 366 days.
        clock: gives the time.
        random: gives random bytes.
        phase: shows the work.

    Raises:
        UsageError: another lifetime than can be.
        LeakNotFound, NotSealed, SensitiveLeak, RetiredLeak, WrongEpoch: a leak that was named cannot go in.
        NothingToRead: no leak can.
        SealedLeakBroken, UnreadableInput, SignedByAnother: a sealed leak is not what the workspace signed.
        SnapshotOvertaken: a leak was changed meanwhile.
        NoKeys, WrongKeys: the keys do not serve.
        WorkspaceBusy, WorkspaceUnwritable: there is no place or no space.
    """
    if not timedelta(seconds=1) <= lifetime <= LONGEST:
        raise UsageError(
            "A snapshot cannot last so long, or so short.", "Choose up to 366 days; 30 are usual."
        )
    signing, live = keyring.signing_key(), live_key(keyring)
    named = None if slugs is None else list(slugs)
    with workspace.connect() as connection:
        _check_signer(connection, signing)
        choice = choose(connection, named, live)
    held = [sealed_of(workspace, leak.slug) for leak, _ in choice.leaks]
    sources = [_source(folder, signing.public) for folder in held]
    size = BUCKETS * (sum(source.manifest.stride for source in sources) + PATH_BYTES)
    with staged(workspace, random(ID_BYTES).hex()) as staging:
        with phase("Joining", PASSES * size) as advance, staging.buckets.open("xb+") as file:
            buckets = write_buckets(file, sources, advance)
        sync_tree(staging.folder)
        patience = max(workspace.wait, COMMIT_SECONDS)
        with workspace.locked(WHAT, wait=patience) as connection:
            with connection.begin():
                _check_signer(connection, signing)
                now = _chosen_again(connection, choice, live_key(keyring))
                before = next(iter(list_snapshots(connection)), None)
            made_at = clock().astimezone(UTC).replace(microsecond=0)
            made = _snapshot(staging.id, now, sources, buckets, before, made_at, lifetime)
            envelope = sign_snapshot(made, signing)
            if open_snapshot(envelope, signing.public, made.made_at) != made:
                raise AssertionError("a snapshot is read as it was written")
            folder = staging.commit(connection, _row(made), envelope)
    for one in held:
        one.close()
    return MadeSnapshot(made, folder, choice.left_out)


def live_key(keyring: Keyring) -> LiveKey:
    """What the evaluation key's file says of it; the key stays wrapped.

    Raises:
        NoKeys: there is none.
    """
    for file in keyring.files():
        if file.epoch is not None and file.public is not None:
            return LiveKey(file.epoch, file.public.hex())
    raise NoKeys("There is no evaluation key.", "Make it with floodmark keys epoch.")


def _check_signer(connection: Connection, signing: SigningKey) -> None:
    if signer(connection) not in (None, signing.public):
        raise WrongKeys("This workspace signs with another key than the keys hold.")


def _source(found: SealedFolder, root: bytes) -> Source:
    source = open_source(found.folder, found.row.slug, root)
    if hashlib.sha256(source.manifest.to_bytes()).hexdigest() != found.row.manifest_sha256:
        raise SealedLeakBroken(f"manifest.json of {found.row.slug} is not the one that the register names.")
    return source


def _chosen_again(connection: Connection, before: Choice, live: LiveKey) -> Choice:
    """The leaks as they are now, of the same sealed leaks.

    Raises:
        SnapshotOvertaken: one of them was changed in a way that matters.
    """
    try:
        now = choose(connection, [leak.slug for leak, _ in before.leaks], live)
    except FloodmarkError as error:
        raise SnapshotOvertaken(f"Meanwhile a leak was changed: {error.message}") from error
    if [row for _, row in now.leaks] != [row for _, row in before.leaks]:
        raise SnapshotOvertaken("Meanwhile a leak was sealed again.")
    return now


def _snapshot(
    name: str,
    choice: Choice,
    sources: list[Source],
    buckets: Buckets,
    before: SnapshotRow | None,
    made_at: datetime,
    lifetime: timedelta,
) -> Snapshot:
    manifest = sources[0].manifest
    return Snapshot(
        id=name,
        number=1 if before is None else before.number + 1,
        made_at=made_at,
        expires_at=(made_at + lifetime).replace(microsecond=0),
        predecessor=None if before is None else Predecessor(before.id, before.sha256),
        epoch=manifest.epoch,
        public_key=manifest.public_key,
        leaks=tuple(
            told(leak, source.manifest, source.signature)
            for (leak, _), source in zip(choice.leaks, sources, strict=True)
        ),
        buckets=buckets,
    )


def _row(made: Snapshot) -> SnapshotRow:
    return SnapshotRow(
        id=made.id,
        number=made.number,
        sha256=made.sha256,
        epoch=made.epoch,
        leaks=tuple(leak.slug for leak in made.leaks),
        made_at=made.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        expires_at=made.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
