"""Epochs of the evaluation key: the first where there is none, and each next one.

One epoch lives at a time, and its key replaces the former one's. What was sealed in the former epoch can then no longer
be checked; what was published and downloaded stays as it is, so a new epoch protects nothing that is out already.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes
from typing import ClassVar

from floodmark.errors import FloodmarkError, LimitExceeded
from floodmark.register.key_changes import KeysExist
from floodmark.register.key_evaluation import FIRST_EPOCH, LAST_EPOCH
from floodmark.register.key_files import KeyFile, seal
from floodmark.register.key_folder import KeyFolder, NoKeys
from floodmark.register.key_secrets import Secret, forbid_core_dumps
from floodmark.register.key_wrap import SECRET_BYTES, ByPassphrase
from floodmark.register.keys import Asking, Passphrase, located, read

PURPOSE = "evaluation"


class EpochChanged(FloodmarkError):
    """The evaluation key was made or replaced by another command meanwhile; this one changed nothing."""

    slug: ClassVar[str] = "epoch-changed"
    hint = "See what is there now with floodmark keys list."


def first_epoch(
    folder: Path | None,
    *,
    created: str,
    passphrase: Passphrase | None = None,
    workspace: Path | None = None,
    random: Callable[[int], bytes] = token_bytes,
) -> KeyFile:
    """Make the evaluation key of epoch 1 in a folder of keys that has none, wrapped as the others are.

    Where they are wrapped in several ways, as the digest key is, which is worth as much to a thief.

    Args:
        folder: None for `FLOODMARK_KEYS`, else the default folder.
        created: now, ISO 8601 in UTC to the second.
        passphrase: asked for the present one, if the keys are wrapped by one.
        workspace: the workspace's folder, which has to be apart; None for the default one.
        random: gives so many random bytes.

    Raises:
        KeysExist: there is an evaluation key.
        NoKeys, KeysExposed, KeysMisplaced, KeyDamaged, KeyTooNew: there are no keys that may be used.
        NoPassphrase, WrongPassphrase, PassphraseRefused, KeyCommandFailed: keys cannot be unwrapped or wrapped.
        EpochChanged: another command was faster.
        OutputFailed: the folder cannot be written to.
    """
    forbid_core_dumps()
    found = located(folder, workspace)
    purposes = found.purposes()
    if not purposes:
        raise NoKeys("There are no keys yet.")
    if PURPOSE in purposes:
        raise KeysExist(
            "There is an evaluation key already.",
            "See it with floodmark keys list; floodmark keys epoch --next replaces it by the next epoch's.",
        )
    made = _made(read(found, purposes[0]), FIRST_EPOCH, created, passphrase, random)
    with found.changing():
        if PURPOSE in found.purposes():
            raise EpochChanged("An evaluation key was made meanwhile.")
        _put(found, made)
    return made


def next_epoch(
    folder: Path | None,
    former: KeyFile,
    *,
    created: str,
    passphrase: Passphrase | None = None,
    workspace: Path | None = None,
    random: Callable[[int], bytes] = token_bytes,
) -> KeyFile:
    """Replace the evaluation key by a fresh one of the next epoch, wrapped in the same way.

    Args:
        folder: None for `FLOODMARK_KEYS`, else the default folder.
        former: the file of the key that is to go, as `present` gives it; it is opened once more, so that the next key
            comes under a passphrase that somebody knows.
        created: now, ISO 8601 in UTC to the second.
        passphrase: asked for the present one, if the key is wrapped by one.
        workspace: as for `first_epoch`.
        random: gives so many random bytes.

    Raises:
        NoKeys, KeysExposed, KeysMisplaced, KeyDamaged, KeyTooNew: there is no evaluation key that may be used.
        NoPassphrase, WrongPassphrase, PassphraseRefused, KeyCommandFailed: keys cannot be unwrapped or wrapped.
        EpochChanged: the key in the folder is another one than `former`.
        LimitExceeded: no epoch follows.
        OutputFailed: the folder cannot be written to; the former key stays.
    """
    forbid_core_dumps()
    found = located(folder, workspace)
    if former.epoch is None or former.epoch >= LAST_EPOCH:
        raise LimitExceeded("No epoch follows.", "Make keys anew in another folder.")
    made = _made(former, former.epoch + 1, created, passphrase, random)
    with found.changing():
        if read(found, PURPOSE) != former:
            raise EpochChanged("The evaluation key was replaced or wrapped anew meanwhile.")
        _put(found, made)
    return made


def present(folder: Path | None, workspace: Path | None = None) -> KeyFile:
    """The file of the evaluation key; it is not unwrapped.

    Raises:
        NoKeys, KeysExposed, KeysMisplaced, KeyDamaged, KeyTooNew: there is none that may be used.
    """
    return read(located(folder, workspace), PURPOSE)


def _made(
    like: KeyFile, epoch: int, created: str, passphrase: Passphrase | None, random: Callable[[int], bytes]
) -> KeyFile:
    """A fresh key, wrapped as another is, under the passphrase that opens that one."""
    ask = Asking(passphrase)
    try:
        ask.opened(like).wipe()
        wrap = ByPassphrase.fresh(like.wrap.cost) if isinstance(like.wrap, ByPassphrase) else like.wrap
        with Secret(bytearray(random(SECRET_BYTES))) as secret:
            return seal(PURPOSE, secret, wrap, created=created, ask=ask, epoch=epoch)
    finally:
        ask.wipe()


def _put(folder: KeyFolder, file: KeyFile) -> None:
    folder.put({PURPOSE: file.to_bytes()})
