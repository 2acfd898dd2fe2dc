"""The signed envelope in which a snapshot travels, and what of it a client refuses (protocol 1, section 5)."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import ClassVar

from floodmark.errors import FloodmarkError, LimitExceeded
from floodmark.exposure.sealed.manifest import CONTEXT as MANIFEST_CONTEXT
from floodmark.exposure.sealed.manifest import ProtocolRefused
from floodmark.exposure.snapshots.parse import parse_snapshot
from floodmark.exposure.snapshots.snapshot import CONTEXT, Snapshot, SnapshotBroken
from floodmark.signatures import Signature, Signer, signed

FORMAT = "floodmark/signed/1"
LARGEST = 64 << 20
_HEAD = b'{"format":"floodmark/signed/1","snapshot":'
_TAIL = re.compile(rb',"public_key":"([0-9a-f]{64})","signature":"([0-9a-f]{128})"\}\n')
_TAIL_BYTES = len(b',"public_key":"","signature":""}\n') + 64 + 128
_STATED = re.compile(rb'\s*\{\s*"format"\s*:\s*"([^"]{1,64})"')
AHEAD = timedelta(days=1)  # that the clock of whoever made a snapshot may be


class WrongRootKey(FloodmarkError):
    """A snapshot is signed with another key than the root key of the settings."""

    slug: ClassVar[str] = "wrong-root-key"
    hint = "Ask whoever publishes the snapshot for their root key, by a way that you trust, and compare."


class SnapshotExpired(FloodmarkError):
    """A snapshot is older than its maker said that it may be used."""

    slug: ClassVar[str] = "snapshot-expired"
    hint = "Get a newer one from whoever publishes it: what was retired or added since is not in this one."


class SnapshotFromTheFuture(FloodmarkError):
    """A snapshot says that it was made more than a day from now."""

    slug: ClassVar[str] = "snapshot-from-the-future"
    hint = "Check this machine's clock; if it is right, do not rely on this snapshot."


class WrongEpoch(FloodmarkError):
    """A sealed leak is of another epoch, or was sealed under another key, than the rest."""

    slug: ClassVar[str] = "wrong-epoch"
    hint = "Nothing would be found in it. Get the snapshot again from whoever publishes it."


def sign_snapshot(snapshot: Snapshot, root: Signer) -> bytes:
    """The envelope of a snapshot.

    Args:
        snapshot: what to sign.
        root: the root key.
    """
    text = snapshot.to_text()
    return _envelope(text, root.public, root.sign(CONTEXT + text.encode()))


def open_snapshot(envelope: bytes, root: bytes, now: datetime) -> Snapshot:
    """The snapshot in an envelope, after everything that a client has to see to before it asks anything.

    Args:
        envelope: as `v1/snapshot` has it.
        root: the public root key of the client's own settings, 32 bytes.
        now: with time zone.

    Raises:
        FloodmarkError: as `read_snapshot` and `check_time`.
    """
    found = read_snapshot(envelope, root)
    check_time(found, now)
    return found


def read_snapshot(envelope: bytes, root: bytes) -> Snapshot:
    """The snapshot in an envelope, whether it has expired or not.

    Raises:
        LimitExceeded: the envelope has over 64 MiB.
        SnapshotBroken: it, or what is in it, has another form than protocol 1 gives it, or is not what was signed.
        WrongRootKey: somebody else signed it.
        ProtocolRefused: a format, suite, mode or canon is another.
        ManifestBroken: a manifest has another form.
        WrongEpoch: a manifest has another epoch or key than the snapshot.
    """
    if len(envelope) > LARGEST:
        raise LimitExceeded(
            "v1/snapshot is larger than 64 MiB.",
            "No snapshot of this protocol is; refuse it.",
        )
    text, signature = _parsed(envelope)
    if signature.public != root:
        raise WrongRootKey("v1/snapshot is signed with another key than the root key.")
    if not signed(CONTEXT + text.encode(), signature):
        raise SnapshotBroken("v1/snapshot is not what was signed: its signature does not fit.")
    found = parse_snapshot(text)
    for leak in found.leaks:
        manifest = leak.manifest
        if not signed(MANIFEST_CONTEXT + manifest.to_bytes(), Signature(root, leak.signature)):
            raise SnapshotBroken(f"The manifest of {leak.slug} in v1/snapshot is not what was signed.")
        if (manifest.epoch, manifest.public_key) != (found.epoch, found.public_key):
            raise WrongEpoch(f"The manifest of {leak.slug} has another epoch or key than the snapshot.")
    return found


def check_time(snapshot: Snapshot, now: datetime) -> None:
    """Refuse a snapshot out of its time.

    Raises:
        SnapshotExpired: `expires_at` has come.
        SnapshotFromTheFuture: it was made more than a day from now.
    """
    if now >= snapshot.expires_at:
        raise SnapshotExpired(f"The snapshot expired at {snapshot.expires_at:%Y-%m-%dT%H:%M:%SZ}.")
    if snapshot.made_at - now > AHEAD:
        raise SnapshotFromTheFuture(
            f"The snapshot says that it was made at {snapshot.made_at:%Y-%m-%dT%H:%M:%SZ}."
        )


def _parsed(envelope: bytes) -> tuple[str, Signature]:
    """The text and its signature, cut out at their places, since nobody has vouched for what is there yet.

    Lists of nothing, 64 MiB of them, take gigabytes as JSON; here nothing but a string is read as such.
    """
    stated = _STATED.match(envelope)
    if stated and stated[1] != FORMAT.encode():
        raise ProtocolRefused("v1/snapshot has another format than protocol 1.")
    tail = _TAIL.fullmatch(envelope[-_TAIL_BYTES:])
    quoted = envelope[len(_HEAD) : -_TAIL_BYTES]
    if tail and envelope.startswith(_HEAD) and quoted.startswith(b'"'):
        with suppress(ValueError):
            text = str(json.loads(quoted))
            found = Signature(bytes.fromhex(tail[1].decode()), bytes.fromhex(tail[2].decode()))
            if text.isascii() and _envelope(text, found.public, found.value) == envelope:
                return text, found
    raise SnapshotBroken("v1/snapshot has not the form of protocol 1.")


def _envelope(text: str, public: bytes, signature: bytes) -> bytes:
    table = {"format": FORMAT, "snapshot": text, "public_key": public.hex(), "signature": signature.hex()}
    return (json.dumps(table, separators=(",", ":")) + "\n").encode()
