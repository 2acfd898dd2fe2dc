"""What protects a key at rest: nothing, a passphrase, or a command of the user's.

    >>> wrap = Bare()
    >>> sealed = wrap.seal(Secret(bytearray(b"k" * 32)), b"header", no_passphrase)
    >>> wrap.open(sealed, b"header", no_passphrase) == Secret(bytearray(b"k" * 32))
    True

A wrap seals the secret of one key. The header of the key's file, which says what the key is and how it is wrapped,
goes in as associated data where the wrap authenticates any.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any, ClassVar, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from floodmark.errors import FloodmarkError
from floodmark.register.key_command import MOST_ARGUMENTS, MOST_BYTES, KeyCommandFailed, run
from floodmark.register.key_passphrases import RFC_9106_SECOND, SALT_BYTES, Argon2
from floodmark.register.key_secrets import Secret

SECRET_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16

Ask = Callable[[], Secret]
"""Gives the passphrase in normal form, asked for only when a wrap needs it."""


class WrongPassphrase(FloodmarkError):
    """The passphrase does not open the key."""

    slug: ClassVar[str] = "wrong-passphrase"
    hint = "Try again. Without it the key is lost; import an export of it with floodmark keys import FILE --replace."


class NoPassphrase(FloodmarkError):
    """A passphrase is needed and nobody can be asked for it."""

    slug: ClassVar[str] = "no-passphrase"
    hint = "Give --passphrase-file FILE (or FLOODMARK_PASSPHRASE_FILE), or run it in a terminal."


class Wrap(Protocol):
    """One way to keep a secret."""

    @property
    def by(self) -> str:
        """Its name in a key file."""

    @property
    def lengths(self) -> range:
        """How many bytes a wrapped secret may have."""

    def fields(self) -> dict[str, Any]:
        """Its parameters as JSON values; never anything secret."""

    def seal(self, secret: Secret, header: bytes, ask: Ask) -> bytes:
        """The secret, wrapped."""

    def open(self, sealed: bytes, header: bytes, ask: Ask) -> Secret:
        """The secret again."""


@dataclass(frozen=True)
class Bare:
    """No wrap: whoever can read the file has the key. For machines that start without a person."""

    by: ClassVar[str] = "none"
    lengths: ClassVar[range] = range(SECRET_BYTES, SECRET_BYTES + 1)

    def fields(self) -> dict[str, Any]:
        """None but the name."""
        return {"by": self.by}

    def seal(self, secret: Secret, header: bytes, ask: Ask) -> bytes:
        """The secret itself."""
        return bytes(secret.reveal())

    def open(self, sealed: bytes, header: bytes, ask: Ask) -> Secret:
        """The secret itself."""
        return Secret(bytearray(sealed))


@dataclass(frozen=True)
class ByPassphrase:
    """ChaCha20-Poly1305 (RFC 8439) under a key that Argon2id derives from a passphrase.

    Attributes:
        cost: what deriving costs.
        salt: 16 random bytes, fresh for every sealing.
        nonce: 12 random bytes, fresh for every sealing.
    """

    by: ClassVar[str] = "passphrase"
    lengths: ClassVar[range] = range(SECRET_BYTES + TAG_BYTES, SECRET_BYTES + TAG_BYTES + 1)
    cost: Argon2
    salt: bytes
    nonce: bytes

    @classmethod
    def fresh(cls, cost: Argon2 = RFC_9106_SECOND, random: Callable[[int], bytes] = token_bytes) -> Self:
        """A wrap for one sealing.

        Args:
            cost: of deriving the key.
            random: gives so many random bytes.
        """
        return cls(cost, random(SALT_BYTES), random(NONCE_BYTES))

    def fields(self) -> dict[str, Any]:
        """Algorithms, cost, salt and nonce."""
        return {
            "by": self.by,
            "kdf": "argon2id",
            "iterations": self.cost.iterations,
            "lanes": self.cost.lanes,
            "memory_kib": self.cost.memory_kib,
            "salt": b64encode(self.salt).decode(),
            "cipher": "chacha20-poly1305",
            "nonce": b64encode(self.nonce).decode(),
        }

    def seal(self, secret: Secret, header: bytes, ask: Ask) -> bytes:
        """Ciphertext and tag; the header is associated data."""
        with self.cost.derive(ask(), self.salt) as key:
            return ChaCha20Poly1305(key.reveal()).encrypt(self.nonce, secret.reveal(), header)

    def open(self, sealed: bytes, header: bytes, ask: Ask) -> Secret:
        """The secret again.

        Raises:
            WrongPassphrase: it is the wrong one, or somebody altered the file and mended its checksum.
        """
        with self.cost.derive(ask(), self.salt) as key:
            secret = bytearray(SECRET_BYTES)
            try:
                ChaCha20Poly1305(key.reveal()).decrypt_into(self.nonce, sealed, header, secret)
            except InvalidTag:
                raise WrongPassphrase(
                    "The passphrase does not open the key, or somebody altered its file."
                ) from None
        return Secret(secret)


@dataclass(frozen=True)
class ByCommand:
    """Sealed by one command and opened by another.

    Attributes:
        wrap: program by its full path, and its arguments; secret on stdin, result on stdout.
        unwrap: the same, the other way round.
    """

    by: ClassVar[str] = "command"
    lengths: ClassVar[range] = range(1, MOST_BYTES + 1)
    wrap: tuple[str, ...]
    unwrap: tuple[str, ...]

    def fields(self) -> dict[str, Any]:
        """Both commands."""
        return {"by": self.by, "wrap": list(self.wrap), "unwrap": list(self.unwrap)}

    def seal(self, secret: Secret, header: bytes, ask: Ask) -> bytes:
        """What the command makes of the secret.

        Raises:
            KeyCommandFailed: it failed, leaves the secret readable, or the other command does not undo it.
        """
        sealed = bytes(run(self.wrap, secret.reveal()).reveal())
        if _shows(sealed, bytes(secret.reveal())):
            raise KeyCommandFailed(
                "The wrapping command leaves the key readable in what it gives back.",
                "Name a command that encrypts, or keep the keys bare with --wrap none.",
            )
        with run(self.unwrap, sealed) as again:
            if again != secret:
                raise KeyCommandFailed("The unwrapping command does not give back what was wrapped.")
        return sealed

    def open(self, sealed: bytes, header: bytes, ask: Ask) -> Secret:
        """What the other command makes of that."""
        return run(self.unwrap, sealed)


def read(fields: Any) -> Wrap:
    """A wrap from its JSON values.

    Raises:
        LookupError: this version knows no such wrap.
        ValueError: the values make no wrap, or ask for more than the bounds allow.
    """
    if not isinstance(fields, dict) or not isinstance(fields.get("by"), str):
        raise ValueError("a wrap is an object with a name")
    match fields["by"]:
        case Bare.by:
            return Bare()
        case ByPassphrase.by:
            if (fields.get("kdf"), fields.get("cipher")) != ("argon2id", "chacha20-poly1305"):
                raise LookupError("an algorithm that is not known")
            cost = Argon2(*(_whole(fields.get(name)) for name in ("iterations", "lanes", "memory_kib")))
            return ByPassphrase(
                cost, _binary(fields.get("salt"), SALT_BYTES), _binary(fields.get("nonce"), NONCE_BYTES)
            )
        case ByCommand.by:
            return ByCommand(_arguments(fields.get("wrap")), _arguments(fields.get("unwrap")))
    raise LookupError("a wrap that is not known")


def no_passphrase() -> Secret:
    """For wraps that need none."""
    raise AssertionError("no passphrase is needed here")


def _shows(sealed: bytes, secret: bytes) -> bool:
    """Whether a secret can be read in some bytes: as it is, or in hexadecimal digits or Base64 of any line length."""
    text = b"".join(sealed.split())
    plain = text.translate(bytes.maketrans(b"-_", b"+/"))
    # Base64 begins anew every three bytes; what lies within a longer text is compared without its two ends.
    within = [b64encode(bytes(shift) + secret)[4 if shift else 0 : -4] for shift in range(3)]
    return secret in sealed or secret.hex().encode() in text.lower() or any(part in plain for part in within)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value


def _binary(value: Any, length: int) -> bytes:
    try:
        raw = b64decode(value, validate=True) if isinstance(value, str) else b""
    except binascii.Error:
        raw = b""
    if len(raw) != length:
        raise ValueError(f"not {length} bytes in Base64")
    return raw


def _arguments(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_ARGUMENTS:
        raise ValueError("not a list of arguments")
    if not all(isinstance(part, str) and "\0" not in part for part in value) or not value[0].startswith("/"):
        raise ValueError("not a program by its full path, and arguments")
    return tuple(value)
