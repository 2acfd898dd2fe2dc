"""The server's own key for signing in: apart from the register, so that a copy of that alone gives nothing to guess at.

    >>> key = SignInKey(bytes(32))
    >>> sealed = key.seal("ada", b"a secret of RFC 6238", nonce=bytes(12))
    >>> key.unseal("ada", sealed)
    b'a secret of RFC 6238'
    >>> key
    SignInKey(…)

It stands unwrapped in `sign-in.json` of the keys folder, mode 0600, since a server has to start without a person (ADR
18). It is in no export: who loses it makes every analyst a new password and a new secret.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from floodmark.errors import FloodmarkError
from floodmark.register.key_folder import NoKeys
from floodmark.register.key_secrets import forbid_core_dumps
from floodmark.register.keys import located

FORMAT = "floodmark/sign-in-key/1"
PURPOSE = "sign-in"
SECRET_BYTES = 32
NONCE_BYTES = 12


class SignInKeyDamaged(FloodmarkError):
    """The key for signing in cannot be read, or is not the one that analysts were added under."""

    slug: ClassVar[str] = "sign-in-key-damaged"
    hint = "Put sign-in.json back into the keys folder, or give every analyst new secrets: floodmark analysts reset."


class SignInKey:
    """The key; neither printed, copied nor pickled.

    Args:
        secret: 32 random bytes.
    """

    __slots__ = ("_pepper", "_seal", "_stamp")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError("a key has 32 bytes")
        self._seal = ChaCha20Poly1305(_derived(secret, "seal"))
        self._pepper = _derived(secret, "password")
        self._stamp = _derived(secret, "stamp")

    def seal(self, name: str, secret: bytes, *, nonce: bytes) -> str:
        """What the register keeps of an analyst's secret.

        Args:
            name: of the analyst, to whom the result is bound.
            secret: of RFC 6238.
            nonce: 12 random bytes, used once.
        """
        return b64encode(nonce + self._seal.encrypt(nonce, secret, _bound(name))).decode()

    def unseal(self, name: str, sealed: str) -> bytes:
        """The secret of an analyst.

        Raises:
            SignInKeyDamaged: it was sealed under another key, or for somebody else.
        """
        try:
            raw = b64decode(sealed, validate=True)
            return self._seal.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(name))
        except (ValueError, InvalidTag):
            raise SignInKeyDamaged(
                "An analyst's secret does not open with this key for signing in."
            ) from None

    def peppered(self, password: bytes | memoryview) -> bytes:
        """A password mixed with the key, 32 bytes: what is hashed in its place."""
        return hmac.digest(self._pepper, password, "sha256")

    def stamp(self, purpose: str, *parts: str) -> str:
        """64 hexadecimal digits that only this key gives, for what a browser keeps for us."""
        return hmac.digest(self._stamp, json.dumps((purpose, *parts)).encode(), "sha256").hex()

    def __repr__(self) -> str:
        return "SignInKey(…)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a key for signing in is neither copied nor pickled")


def load(folder: Path | None = None, *, workspace: Path | None = None) -> SignInKey:
    """The key in a folder of keys.

    Args:
        folder: None for `FLOODMARK_KEYS`, else the default folder.
        workspace: the workspace's folder, which has to be apart; None for the default one.

    Raises:
        NoKeys: there is none.
        KeysExposed, KeysMisplaced: others can read it, or it lies in the workspace.
        SignInKeyDamaged: the file is no such key.
    """
    forbid_core_dumps()
    raw = located(folder, workspace).read(PURPOSE)
    if raw is None:
        raise NoKeys("There is no key for signing in.", "Add an analyst with floodmark analysts add NAME.")
    return _parsed(raw)


def load_or_make(
    folder: Path | None = None,
    *,
    workspace: Path | None = None,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> SignInKey:
    """As `load`, and makes the key where there is none.

    Raises:
        KeysExposed, KeysMisplaced, SignInKeyDamaged: as for `load`.
        OutputFailed: the folder cannot be written to.
    """
    forbid_core_dumps()
    place = located(folder, workspace)
    with place.changing():
        raw = place.read(PURPOSE)
        if raw is None:
            raw = _written(random(SECRET_BYTES))
            place.put({PURPOSE: raw})
    return _parsed(raw)


def _written(secret: bytes) -> bytes:
    return (json.dumps({"format": FORMAT, "secret": b64encode(secret).decode()}, indent=2) + "\n").encode()


def _parsed(raw: bytes) -> SignInKey:
    try:
        secret = b64decode(json.loads(raw)["secret"], validate=True)
    except (ValueError, LookupError, TypeError, RecursionError):
        secret = b""
    if len(secret) != SECRET_BYTES or _written(secret) != raw:
        raise SignInKeyDamaged("The file of the key for signing in is damaged.")
    return SignInKey(secret)


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, f"{FORMAT}/{purpose}".encode(), "sha256")


def _bound(name: str) -> bytes:
    return f"floodmark/totp/1\0{name}".encode()
