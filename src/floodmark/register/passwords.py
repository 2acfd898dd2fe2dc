"""Passwords of analysts: what may be one, and what is kept of it (Argon2id, RFC 9106).

    >>> from argon2.profiles import CHEAPEST
    >>> key = SignInKey(bytes(32))
    >>> kept = hashed(new_password(b"correct horse battery"), key, cost=CHEAPEST)
    >>> fits(kept, normal(b"correct horse battery"), key), fits(kept, normal(b"correct horse"), key)
    (True, False)
    >>> outdated(kept)
    True

The cost is the second recommended one of RFC 9106, as for the keys: 64 MiB and three passes, above what OWASP asks
for. What is hashed is mixed with the server's key first, so that hashes alone cannot be guessed at.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import ClassVar

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from floodmark.errors import FloodmarkError, LimitExceeded
from floodmark.register import key_passphrases
from floodmark.register.key_passphrases import PassphraseRefused, normal
from floodmark.register.key_secrets import Secret
from floodmark.register.sign_in_key import SignInKey

__all__ = ["COST", "PasswordRefused", "fits", "hashed", "new_password", "normal", "outdated"]

COST = RFC_9106_LOW_MEMORY
_NO_MEMORY = "There is not enough memory to hash a password."


class PasswordRefused(FloodmarkError):
    """A password is too short, too long, or holds characters that cannot be relied on."""

    slug: ClassVar[str] = "password-refused"
    hint = "Use twelve characters or more; five or six random words are easy to type and hard to guess."


class TooLittleMemory(LimitExceeded):
    """To hash a password takes memory that is not there."""

    slug: ClassVar[str] = "too-little-memory"
    hint = "End other programs, or raise this one's limit on memory."


def new_password(typed: bytes) -> Secret:
    """A password in normal form, fit to be used from now on; the rule is that of passphrases for keys.

    Raises:
        PasswordRefused: it breaks the rule.
    """
    try:
        return key_passphrases.new(typed)
    except PassphraseRefused as refused:
        reason = refused.message.replace("passphrase", "password")
    raise PasswordRefused(reason)


def hashed(
    password: Secret,
    key: SignInKey,
    *,
    cost: Parameters = COST,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """What is kept of a password, in Argon2's own notation.

    Raises:
        TooLittleMemory: there is not as much as it takes.
    """
    try:
        hasher = PasswordHasher.from_parameters(cost)
        return hasher.hash(key.peppered(password.reveal()), salt=random(cost.salt_len))
    except HashingError:
        raise TooLittleMemory(_NO_MEMORY) from None


def fits(kept: str, password: Secret, key: SignInKey) -> bool:
    """Whether a password is the one that this was kept of; takes as long either way.

    Raises:
        TooLittleMemory: there is not as much as it takes.
    """
    try:
        return PasswordHasher().verify(kept, key.peppered(password.reveal()))
    except (VerifyMismatchError, InvalidHashError):
        return False
    except VerificationError:
        raise TooLittleMemory(_NO_MEMORY) from None


def outdated(kept: str, cost: Parameters = COST) -> bool:
    """Whether it was made at another cost than new ones are."""
    return PasswordHasher.from_parameters(cost).check_needs_rehash(kept)
