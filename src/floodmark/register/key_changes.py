"""Making keys and wrapping them anew: all keys of a folder change together, or none does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes
from typing import ClassVar

from floodmark.errors import FloodmarkError
from floodmark.register import key_passphrases
from floodmark.register.key_evaluation import FIRST_EPOCH
from floodmark.register.key_files import PURPOSES, KeyFile, seal
from floodmark.register.key_folder import NoKeys
from floodmark.register.key_secrets import Secret, forbid_core_dumps
from floodmark.register.key_wrap import SECRET_BYTES, Wrap
from floodmark.register.keys import Asking, Passphrase, located, read

Wrapping = Callable[[], Wrap]
"""Gives a fresh wrap for every key: `Bare`, `ByPassphrase.fresh`, or one that gives a `ByCommand`."""


class KeysExist(FloodmarkError):
    """There are keys already, which nothing replaces unasked."""

    slug: ClassVar[str] = "keys-exist"
    hint = "See them with floodmark keys list; another set of keys needs another folder in FLOODMARK_KEYS."


def make(
    folder: Path | None,
    wrapping: Wrapping,
    *,
    created: str,
    passphrase: Passphrase | None = None,
    workspace: Path | None = None,
    random: Callable[[int], bytes] = token_bytes,
) -> list[KeyFile]:
    """Make one key for every purpose.

    Args:
        folder: None for `FLOODMARK_KEYS`, else the default folder; made if need be.
        wrapping: how to wrap them.
        created: now, ISO 8601 in UTC to the second.
        passphrase: asked for a new one, if the wrap needs it.
        workspace: the workspace's folder, which has to be apart; None for the default one.
        random: gives so many random bytes.

    Raises:
        KeysExist: there is a key already.
        KeysExposed, KeysMisplaced: the folder is no place for keys.
        NoPassphrase, PassphraseRefused, KeyCommandFailed: they cannot be wrapped.
        OutputFailed: the folder cannot be made or written to.
    """
    forbid_core_dumps()
    found = located(folder, workspace)
    _refuse_keys(found.purposes())
    ask = Asking(passphrase, "the new keys", key_passphrases.new)
    try:
        made = []
        for purpose in PURPOSES:
            with Secret(bytearray(random(SECRET_BYTES))) as secret:
                epoch = FIRST_EPOCH if purpose == "evaluation" else None
                made.append(seal(purpose, secret, wrapping(), created=created, ask=ask, epoch=epoch))
    finally:
        ask.wipe()
    with found.changing():
        _refuse_keys(found.purposes())
        found.put({file.purpose: file.to_bytes() for file in made})
    return made


def rewrap(
    folder: Path | None,
    wrapping: Wrapping,
    *,
    passphrase: Passphrase | None = None,
    new_passphrase: Passphrase | None = None,
    workspace: Path | None = None,
) -> list[KeyFile]:
    """Wrap all keys anew; they stay the same keys.

    Args:
        folder: None for `FLOODMARK_KEYS`, else the default folder.
        wrapping: how to wrap them from now on.
        passphrase: asked for the present one, if the keys are wrapped by one.
        new_passphrase: asked for a new one, if the new wrap needs it.
        workspace: as for `make`.

    Raises:
        NoKeys, KeysExposed, KeysMisplaced, KeyDamaged, KeyTooNew: there are no keys that may be used.
        NoPassphrase, WrongPassphrase, PassphraseRefused, KeyCommandFailed: they cannot be unwrapped or wrapped.
        OutputFailed: the folder cannot be written to; the old files stay.
    """
    forbid_core_dumps()
    found = located(folder, workspace)
    if not found.purposes():
        raise NoKeys("There are no keys yet.")
    old = Asking(passphrase)
    new = Asking(new_passphrase, "the keys from now on", key_passphrases.new)
    try:
        with found.changing():
            wrapped = []
            for purpose in found.purposes():
                file = read(found, purpose)
                with old.opened(file) as secret:
                    wrapped.append(
                        seal(purpose, secret, wrapping(), created=file.created, ask=new, epoch=file.epoch)
                    )
            found.put({file.purpose: file.to_bytes() for file in wrapped})
    finally:
        old.wipe()
        new.wipe()
    return wrapped


def _refuse_keys(purposes: list[str]) -> None:
    if purposes:
        raise KeysExist(f"The folder holds keys already: {', '.join(purposes)}.")
