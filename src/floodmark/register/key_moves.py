"""Taking keys out of their folder and into another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure import recipient
from floodmark.register import key_exports, key_passphrases
from floodmark.register.key_changes import Wrapping
from floodmark.register.key_exports import ExportSealed
from floodmark.register.key_files import PURPOSES, KeyDamaged, KeyFile, KeyTooNew, seal
from floodmark.register.key_folder import KeyFolder, NoKeys
from floodmark.register.key_secrets import forbid_core_dumps
from floodmark.register.key_wrap import Bare, ByPassphrase
from floodmark.register.keys import Asking, Passphrase, located, read


class KeyInTheWay(FloodmarkError):
    """The folder holds a different key for the same purpose, and was not told to replace it."""

    slug: ClassVar[str] = "key-in-the-way"
    hint = (
        "Digests made with the old key can never be compared with others again, what it signed is signed by a "
        "stranger, and what was sealed with it can no longer be checked. Export it first, then add --replace; or "
        "name another folder in FLOODMARK_KEYS."
    )


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        taken: keys that are in the folder since, as they lie there.
        replaced: purposes for which a different key was there before.
        known: purposes for which the same key was there and was left as it is.
        missing: purposes for which the folder holds no key even now.
    """

    taken: list[KeyFile]
    replaced: list[str]
    known: list[str]
    missing: list[str]


def export(
    folder: Path | None,
    *,
    purposes: Sequence[str] = (),
    recipients: Sequence[str] = (),
    passphrase: Passphrase | None = None,
    new_passphrase: Passphrase | None = None,
    anew: bool = False,
    workspace: Path | None = None,
) -> bytes:
    """Keys in one closed file; without recipients, under a passphrase.

    Args:
        folder: None for `FLOODMARK_KEYS`, else the default folder.
        purposes: which keys; none for all.
        recipients: age recipients to seal to.
        passphrase: asked for the present one, if a key that is unwrapped is wrapped by one.
        new_passphrase: asked for one that closes the export.
        anew: close also those keys with a new passphrase that have one already; they keep theirs otherwise.
        workspace: the workspace's folder, which has to be apart; None for the default one.

    Raises:
        NoKeys, KeysExposed, KeysMisplaced, KeyDamaged, KeyTooNew: there are no keys that may be used.
        NoPassphrase, WrongPassphrase, PassphraseRefused, KeyCommandFailed: they cannot be unwrapped or wrapped.
        BadRecipient: a recipient is none.
    """
    forbid_core_dumps()
    known = [recipient(text) for text in recipients]
    found = located(folder, workspace)
    chosen = list(dict.fromkeys(purposes)) or found.purposes()
    if not chosen:
        raise NoKeys("There are no keys yet.")
    old, new = Asking(passphrase), Asking(new_passphrase, "the export", key_passphrases.new)
    try:
        if known:
            bare = [_again(read(found, purpose), Bare, old, new) for purpose in chosen]
            return key_exports.sealed(key_exports.bundled(bare), known)
        closed = []
        for purpose in chosen:
            file = read(found, purpose)
            keep = isinstance(file.wrap, ByPassphrase) and not anew
            closed.append(file if keep else _again(file, ByPassphrase.fresh, old, new))
        return key_exports.bundled(closed)
    finally:
        old.wipe()
        new.wipe()


def take(
    raw: bytes,
    folder: Path | None,
    *,
    wrapping: Wrapping | None = None,
    identities: bytes | None = None,
    passphrase: Passphrase | None = None,
    new_passphrase: Passphrase | None = None,
    replace: bool = False,
    workspace: Path | None = None,
) -> Imported:
    """Put the keys of an export into a folder, all or none. Each is opened first, so that no unusable key gets in.

    Args:
        raw: the export.
        folder: None for `FLOODMARK_KEYS`, else the default folder; made if need be.
        wrapping: how to wrap them; None to leave them under the export's passphrase, or, for a sealed export, to put
            them under a new one.
        identities: content of an age identity file, for a sealed export.
        passphrase: asked for the export's.
        new_passphrase: asked for a new one, if the wrap needs it.
        replace: whether a different key may be replaced, and the same one be written anew.
        workspace: the workspace's folder, which has to be apart; None for the default one.

    Raises:
        KeyInTheWay: there is a different key, and `replace` is not given.
        ExportSealed: the export is sealed, and no identity opens it.
        KeyDamaged, KeyTooNew: the export, or a key that is in the folder, cannot be read.
        KeysExposed, KeysMisplaced: the folder is no place for keys.
        NoPassphrase, WrongPassphrase, PassphraseRefused, KeyCommandFailed: keys cannot be unwrapped or wrapped.
        OutputFailed: the folder cannot be made or written to.
    """
    forbid_core_dumps()
    found = located(folder, workspace)
    files = _files(raw, identities)
    _place(found, files, replace)
    old, new = (
        Asking(passphrase, "the export"),
        Asking(new_passphrase, "the keys from now on", key_passphrases.new),
    )
    try:
        if wrapping is None and key_exports.is_sealed(raw):
            wrapping = ByPassphrase.fresh
        if wrapping is None:
            for file in files:
                old.opened(file).wipe()
            ready = files
        else:
            ready = [_again(file, wrapping, old, new) for file in files]
    finally:
        old.wipe()
        new.wipe()
    with found.changing():
        done = _place(found, ready, replace)
        if done.taken:
            found.put({file.purpose: file.to_bytes() for file in done.taken})
    return done


def _files(raw: bytes, identities: bytes | None) -> list[KeyFile]:
    if not key_exports.is_sealed(raw):
        return key_exports.unbundled(raw)
    if identities is None:
        raise ExportSealed("The export is sealed to an age recipient.")
    return key_exports.unbundled(key_exports.unsealed(raw, identities), bare=True)


def _again(file: KeyFile, wrapping: Wrapping, old: Asking, new: Asking) -> KeyFile:
    """The same key in another wrap."""
    with old.opened(file) as secret:
        return seal(file.purpose, secret, wrapping(), created=file.created, ask=new, epoch=file.epoch)


def _place(folder: KeyFolder, files: Sequence[KeyFile], replace: bool) -> Imported:
    """Which of these keys are to be written, beside those that are there."""
    there = {purpose: _id(folder, purpose, replace) for purpose in folder.purposes()}
    different = [file.purpose for file in files if there.get(file.purpose, file.id) != file.id]
    if different and not replace:
        raise KeyInTheWay(f"The folder holds a different {different[0]} key.")
    same = [] if replace else [file.purpose for file in files if file.purpose in there]
    missing = [name for name in PURPOSES if name not in {*there, *(file.purpose for file in files)}]
    return Imported([file for file in files if file.purpose not in same], different, same, missing)


def _id(folder: KeyFolder, purpose: str, replace: bool) -> str:
    """Name of the key that is there; of a file that cannot be read and is to be replaced, none."""
    try:
        return read(folder, purpose).id
    except (KeyDamaged, KeyTooNew):
        if replace:
            return ""
        raise
