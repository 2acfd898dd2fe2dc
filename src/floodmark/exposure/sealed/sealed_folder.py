"""The files of a sealed leak, opened with suspicion: ordinary files of the right size, signed by the right key."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError, UnreadableInput
from floodmark.exposure.sealed.manifest import (
    CONTEXT,
    Manifest,
    ManifestBroken,
    ProtocolRefused,
    parse_manifest,
)
from floodmark.signatures import read_signature, signed

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
ROWS = "rows.npy"
LARGEST_MANIFEST = 64 << 20
LARGEST_SIGNATURE = 4096
# A link is not followed, and a pipe not waited for.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class SealedLeakBroken(FloodmarkError):
    """A file of a sealed leak is not what was signed."""

    slug: ClassVar[str] = "sealed-leak-broken"
    hint = "Get the folder again from whoever sealed the leak, or seal it again; do not rely on this one."


class SignedByAnother(FloodmarkError):
    """A sealed leak has a sound signature, by another key than was expected."""

    slug: ClassVar[str] = "signed-by-another"
    hint = "Compare the key with the signer's by another way than the one the files came; it is --root-key if theirs."


def read_manifest(folder: Path, root: bytes | None) -> tuple[Manifest, bytes]:
    """The manifest of a sealed leak, and the public key that signed it.

    Args:
        folder: of the sealed leak.
        root: the key that has to have signed, 32 bytes; None where it is not known.

    Raises:
        UnreadableInput: a file is missing, or no ordinary one.
        SealedLeakBroken: the manifest is not what was signed, or the signature is none.
        SignedByAnother: another key signed it.
        ManifestBroken, ProtocolRefused: it was signed as it is, and is no manifest of protocol 1.
    """
    data = read_small(folder / MANIFEST, LARGEST_MANIFEST)
    signature = read_signature(read_small(folder / SIGNATURE, LARGEST_SIGNATURE))
    if signature is None:
        raise SealedLeakBroken(f"{SIGNATURE} is damaged: it holds no signature.")
    if not signed(CONTEXT + data, signature):
        raise SealedLeakBroken(f"{MANIFEST} and {SIGNATURE} do not fit: one of them was altered.")
    if root is not None and signature.public != root:
        raise SignedByAnother(f"{SIGNATURE} is sound, but by another key than expected.")
    try:
        return parse_manifest(data), signature.public
    except (ManifestBroken, ProtocolRefused) as error:
        raise type(error)(f"{MANIFEST}: {error.message}") from error


def read_small(path: Path, most: int) -> bytes:
    """All bytes of an ordinary file.

    Raises:
        UnreadableInput: it is missing, no ordinary file, or cannot be read.
        SealedLeakBroken: it is larger than `most`.
    """
    with open_ordinary(path) as file:
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise unreadable(path, error) from error
    if len(data) > most:
        raise SealedLeakBroken(f"{path.name} is larger than any such file.")
    return data


def open_ordinary(path: Path) -> io.BufferedReader:
    """An ordinary file, opened for reading; a link or a pipe is none.

    Raises:
        UnreadableInput: it is missing, no ordinary file, or cannot be opened.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableInput(f"{path.name} is no ordinary file.")
    return os.fdopen(descriptor, "rb")


def unreadable(path: Path, error: OSError) -> UnreadableInput:
    """What to raise when the system refused a file."""
    if path.is_symlink():
        return UnreadableInput(f"{path.name} is a link, and none is followed.")
    reason = os.strerror(error.errno) if error.errno else "unknown reason"
    return UnreadableInput(f"{path.name} cannot be read: {reason}.")
