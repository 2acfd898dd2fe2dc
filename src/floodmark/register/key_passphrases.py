r"""Passphrases: one form for what a person types, and the key that is derived from it.

    >>> normal("cafe\u0301 au lait".encode()) == normal("caf\u00e9 au lait".encode())
    True

A passphrase is text, UTF-8, in Unicode's normal form C, since one keyboard sends é as one character and another as
two. Nothing else is folded: case, spaces and compatibility characters all count.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from floodmark.errors import FloodmarkError, LimitExceeded
from floodmark.register.key_secrets import Secret

LEAST_CHARACTERS = 12
MOST_BYTES = 1024
KEY_BYTES = 32
SALT_BYTES = 16


class PassphraseRefused(FloodmarkError):
    """A passphrase is too short, too long, or holds characters that cannot be relied on."""

    slug: ClassVar[str] = "passphrase-refused"
    hint = "Use twelve characters or more; five or six random words are easy to type and hard to guess."


@dataclass(frozen=True)
class Argon2:
    """Cost of deriving a key from a passphrase (Argon2id, RFC 9106).

    Attributes:
        iterations: passes over the memory, 1 to 16.
        lanes: 1 to 16.
        memory_kib: memory in KiB, 8 for each lane at least and 1 GiB at most.

    Raises:
        ValueError: a cost outside these bounds; a hostile file could ask for any.
    """

    iterations: int
    lanes: int
    memory_kib: int

    MOST_ITERATIONS: ClassVar[int] = 16
    MOST_LANES: ClassVar[int] = 16
    MOST_MEMORY_KIB: ClassVar[int] = 1 << 20

    def __post_init__(self) -> None:
        if not (
            1 <= self.iterations <= self.MOST_ITERATIONS
            and 1 <= self.lanes <= self.MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= self.MOST_MEMORY_KIB
        ):
            raise ValueError("the cost of Argon2id is out of bounds")

    def derive(self, passphrase: Secret, salt: bytes) -> Secret:
        """A key of 32 bytes.

        Args:
            passphrase: in normal form.
            salt: 16 random bytes.

        Raises:
            LimitExceeded: there is not so much memory.
        """
        key = bytearray(KEY_BYTES)
        argon2 = Argon2id(
            salt=salt,
            length=KEY_BYTES,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        )
        try:
            argon2.derive_into(passphrase.reveal(), key)  # type: ignore[arg-type]  # any buffer will do
        except MemoryError:
            raise LimitExceeded(
                f"To unwrap the key takes {self.memory_kib // 1024:,} MiB of memory, and there is less.",
                "End other programs, or raise this one's limit on memory.",
            ) from None
        return Secret(key)


RFC_9106_SECOND = Argon2(iterations=3, lanes=4, memory_kib=64 * 1024)  # RFC 9106, section 4


def normal(passphrase: bytes) -> Secret:
    """A passphrase in normal form.

    Args:
        passphrase: UTF-8.

    Raises:
        PassphraseRefused: it is empty, longer than 1,024 bytes or not UTF-8.
    """
    text = _text(passphrase)
    if text is None:
        raise PassphraseRefused("The passphrase is not text in UTF-8.")
    form = bytearray(unicodedata.normalize("NFC", text), "utf-8")
    if not 0 < len(form) <= MOST_BYTES:
        raise PassphraseRefused(f"A passphrase has 1 to {MOST_BYTES:,} bytes.")
    return Secret(form)


def new(passphrase: bytes) -> Secret:
    """A passphrase in normal form, fit to wrap keys from now on.

    Raises:
        PassphraseRefused: as for `normal`, or it is shorter than 12 characters, or holds control characters or
            characters that this version of Unicode does not know, whose normal form could change with the next.
    """
    form = normal(passphrase)
    text = str(form.reveal(), "utf-8")
    if len(text) < LEAST_CHARACTERS:
        raise PassphraseRefused(f"A new passphrase has {LEAST_CHARACTERS} characters or more.")
    if any(unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"} for character in text):
        raise PassphraseRefused(
            "The passphrase holds control characters, or characters that Unicode has not assigned.",
            "Use letters, digits, punctuation and spaces of any script.",
        )
    return form


def _text(passphrase: bytes) -> str | None:
    """The text, or None; an error of the codec would carry the bytes along."""
    try:
        return passphrase.decode("utf-8")
    except UnicodeDecodeError:
        return None
